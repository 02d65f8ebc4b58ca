"""Each function returns its axis and draws what it was given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from replica.figures import authors_software


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def test_influence_is_white_where_there_is_none(ax):
    strength = np.array([[4.0, 0.0], [1.0, 4.0]])
    assert authors_software.influence(strength, "a network", ax) is ax
    shown = ax.collections[0].get_array().reshape(2, 2)
    assert np.ma.getmaskarray(shown).tolist() == [[False, True], [False, False]]
    assert shown[1, 0] == 0.5  # the square root of a quarter
    assert ax.yaxis_inverted()
    assert ax.get_title() == "a network"


def test_by_gate_draws_every_value_and_each_mean_beside_them(ax):
    values = {"input": [1.0, 3.0], "forget": [2.0], "cell": [0.0], "output": [5.0]}
    means = {name: (np.mean(v), np.mean(v) - 1, np.mean(v) + 1) for name, v in values.items()}
    assert authors_software.by_gate(values, means, ax) is ax
    clouds = [sorted(line.get_ydata()) for line in ax.lines if line.get_alpha()]
    assert clouds == [[1.0, 3.0], [2.0], [0.0], [5.0]]
    assert [c.get_segments()[0][:, 1].tolist() for c in ax.collections] == [[1, 3], [1, 3], [-1, 1], [4, 6]]


def test_stopping_marks_the_look_that_is_kept_and_each_end(ax):
    assert authors_software.stopping([3.0, 1.0, 2.0], 10, 1, {"early": 20, "late": 30}, ax) is ax
    assert ax.lines[0].get_xdata().tolist() == [0, 10, 20]
    assert (ax.lines[1].get_xdata(), ax.lines[1].get_ydata()) == ([10], [1.0])
    assert [line.get_xdata()[0] for line in ax.lines[2:]] == [20, 30]
