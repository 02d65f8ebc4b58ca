"""Each function returns its axis and draws what it was given."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from replica.figures import COLOURS, forensics
from replica.forensics import Range


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def segments(ax):
    """Ends of every interval, in the order drawn."""
    return [c.get_segments()[0].tolist() for c in ax.collections if hasattr(c, "get_segments")]


def test_gold_deviations_are_ranges_and_those_that_bind_are_black(ax):
    rows = pd.DataFrame({"low": [0.1, 0.15], "high": [0.3, 0.2]}, index=["T2 eda", "T6 LSTM"])
    assert forensics.gold_deviations(rows, Range(0.15, 0.25), ax) is ax
    assert segments(ax) == [[[0.1, 0], [0.3, 0]], [[0.15, 1], [0.2, 1]]]
    assert [tuple(c.get_color()[0][:3]) == (0, 0, 0) for c in ax.collections] == [False, True]
    assert [text.get_text() for text in ax.texts] == ["T2 eda", "T6 LSTM"]
    band = ax.patches[0]
    assert (band.get_x(), band.get_x() + band.get_width()) == (0.15, 0.25)


def test_widths_are_shares_and_the_paper_stands_at_its_own(ax):
    of = {"pooled": np.full(10, 0.001), "mean over recordings": np.linspace(0.001, 0.002, 10)}
    assert forensics.widths(of, 0.0015, ax) is ax
    assert sum(bar.get_height() for bar in ax.containers[0]) == pytest.approx(1)
    assert ax.lines[0].get_xdata()[0] == 0.0015


def test_ratios_are_drawn_in_the_colour_of_their_loss(ax):
    rows = pd.DataFrame(
        {
            "cc_low": [0.7, 0.5],
            "cc_high": [0.8, 0.5],
            "low": [1.1, 0.4],
            "high": [1.3, 0.6],
            "loss": ["mse", "not stated"],
        }
    )
    assert forensics.ratios(rows, ax) is ax
    np.testing.assert_allclose(segments(ax), [[[0.75, 1.1], [0.75, 1.3]], [[0.5, 0.4], [0.5, 0.6]]])
    marks = [line for line in ax.lines if line.get_marker() == "D"]
    assert [line.get_markeredgecolor() for line in marks] == [COLOURS["mse"], "0.35"]
    slopes = [np.ptp(line.get_ydata()) for line in ax.lines if line not in marks]
    assert slopes == [1.0, 0.0, 1.5]


def test_the_signature_passes_through_its_formula_and_the_box_is_the_row(ax):
    assert forensics.regression_signature(Range(0.86, 0.87), Range(0.85, 0.86), "row", ax) is ax
    cc, ccc = ax.lines[0].get_data()
    np.testing.assert_allclose(ccc, 2 * cc**2 / (1 + cc**2))
    box = ax.patches[0]
    np.testing.assert_allclose([*box.get_xy(), box.get_width(), box.get_height()], [0.86, 0.85, 0.01, 0.01])
