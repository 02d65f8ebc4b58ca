"""The figure returns its axis and draws what it was given."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from replica.figures import assumptions


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def test_each_flip_has_a_bar_for_each_target(ax):
    index = pd.MultiIndex.from_product([["batch = single", "stopping = fifty"], ["arousal", "valence"]])
    rows = [(0.1, 0.0, 0.2), (0.2, 0.1, 0.3), (-0.1, -0.2, 0.0), (0.0, -0.1, 0.1)]
    table = pd.DataFrame(rows, index, ["estimate", "low", "high"])
    assert assumptions.moved(table, 0.02, ax) is ax
    drawn = {tuple(c.get_segments()[0][:, 0]): c.get_segments()[0][0, 1] for c in ax.collections}
    assert drawn == {(0.0, 0.2): -0.12, (0.1, 0.3): 0.12, (-0.2, 0.0): 0.88, (-0.1, 0.1): 1.12}
    assert [label.get_text() for label in ax.get_yticklabels()] == ["batch = single", "stopping = fifty"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["arousal", "valence"]
    band = ax.patches[0]
    assert (band.get_x(), band.get_x() + band.get_width()) == (-0.02, 0.02)
