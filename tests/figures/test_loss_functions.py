"""Each function returns its axis and draws what it was given."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from replica.figures import COLOURS, loss_functions


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


X = np.linspace(0, 2, 5)


def points(line):
    return np.column_stack(line.get_data())


def test_labelled_curves(ax):
    curves = {"mse, mae": X**2, "-cov": -X}
    assert loss_functions.labelled_curves(X, curves, ax) is ax
    np.testing.assert_array_equal([line.get_ydata() for line in ax.lines], [X**2, -X])
    assert [text.get_text() for text in ax.texts] == ["mse, mae", "-cov"]
    assert ax.lines[0].get_color() == COLOURS["mse"]
    assert ax.lines[1].get_color() not in COLOURS.values()


def test_a_label_stands_where_it_is_asked_to(ax):
    loss_functions.labelled_curves(X, {"mse": 2 * X, "mae": X}, ax, {"mse": (0.75, "above")})
    assert [text.xy for text in ax.texts] == [(0.75, 1.5), (2.0, 2.0)]
    assert [text.get_ha() for text in ax.texts] == ["right", "left"]


def test_only_a_minimum_inside_the_range_gets_a_dot(ax):
    assert loss_functions.along_scale(X, {"-ccc": (X - 1) ** 2 - 1, "-cov": -X}, ax) is ax
    dots = [points(line) for line in ax.lines if line.get_marker() == "o"]
    np.testing.assert_array_equal(dots, [[[1.0, -1.0]]])


def test_numerical_optima(ax):
    assert loss_functions.numerical_optima(X, {"mse": X, "mae": X}, ax) is ax
    large, small = ax.lines
    np.testing.assert_array_equal(points(large), np.column_stack([X, X]))
    assert large.get_markersize() > small.get_markersize()


def test_printed_rows(ax):
    row = {"cc": 0.8, "ratio": 0.9, "low": 0.85, "high": 0.95}
    rows = pd.DataFrame([{**row, "loss": "mse"}, {**row, "loss": "not stated"}])
    assert loss_functions.printed_rows(rows, ax) is ax
    mse, unstated = ax.lines
    assert [bar.get_segments()[0].tolist() for bar in ax.collections] == [[[0.8, 0.85], [0.8, 0.95]]] * 2
    assert list(mse.get_ydata()) == list(unstated.get_ydata()) == [0.9]
    assert mse.get_markerfacecolor() == "white"
    assert mse.get_markeredgecolor() == COLOURS["mse"] != unstated.get_markeredgecolor()


def test_sequence(ax):
    assert loss_functions.sequence(X, X + 1, X + 2, ax) is ax
    gold, prediction = ax.lines
    assert gold.get_color() == "black" != prediction.get_color()
    np.testing.assert_array_equal([gold.get_ydata(), prediction.get_ydata()], [X + 1, X + 2])


def test_gradient(ax):
    assert loss_functions.gradient(X, X - 1, ax, "mse-cov") is ax
    np.testing.assert_array_equal(ax.lines[-1].get_ydata(), X - 1)
    assert (ax.lines[-1].get_color(), ax.texts[0].get_text()) == (COLOURS["mse-cov"], "mse-cov")
