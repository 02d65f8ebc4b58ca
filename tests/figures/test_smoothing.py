"""Each function returns its axis and draws what it was given."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from replica.figures import smoothing

X = np.array([0.01, 0.1, 1.0])
BOTH = {"forward": [1.0, 3.0, 2.0], "backward": [6.0, 5.0, 4.0]}


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def drawn(lines):
    return [list(line.get_ydata()) for line in lines]


def test_weights(ax):
    assert smoothing.weights(X, {0.1: [1.0, 0.6, 0.1]}, ax) is ax
    assert drawn(ax.lines) == [[1.0, 0.6, 0.1]]
    assert (ax.texts[0].get_text(), ax.texts[0].xy) == ("$\\alpha$ = 0.1", (0.1, 0.6))


def test_smoothed_sequence(ax):
    assert smoothing.smoothed_sequence(X, [7, 8, 9], [4, 5, 6], BOTH, ax) is ax
    assert drawn(ax.lines) == [[4, 5, 6], [7, 8, 9], *BOTH.values()]
    assert ax.lines[1].get_color() == "black"
    assert [line.get_color() for line in ax.lines[2:]] == list(smoothing.DIRECTION_COLOURS.values())


def test_the_best_alpha_gets_a_dot(ax):
    assert smoothing.score_by_alpha(X, BOTH, ax) is ax
    assert [line.get_xydata().tolist() for line in ax.lines if line.get_marker() == "o"] == [[[0.1, 3]], [[0.01, 6]]]
    assert ax.get_xscale() == "log"


def test_score_by_lag(ax):
    assert smoothing.score_by_lag(X, {"raw": [0, 0, 0], **BOTH}, ax) is ax
    assert drawn(ax.lines) == [[0, 0, 0], *BOTH.values()]
    assert [(text.get_text(), text.xy[1]) for text in ax.texts] == [("raw", 0), ("forward", 2), ("backward", 4)]
