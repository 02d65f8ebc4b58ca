"""The figure returns its axis and draws what it was given."""

import math

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from replica.figures import COLOURS, partitions


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def test_each_system_falls_over_the_partitions_that_it_is_scored_on(ax):
    rows = {"as printed": (0.9, 0.8, 0.7), "fused again": (0.6, 0.5, 0.1), "ridge": (math.nan, 0.3, 0.4)}
    ccc = pd.DataFrame.from_dict(rows, orient="index", columns=["train", "dev", "test"])[["test", "train", "dev"]]
    assert partitions.fall(ccc, ax) is ax
    drawn = {line.get_label(): line.get_xydata().tolist() for line in ax.lines[:3]}
    assert drawn == {
        "as printed": [[0, 0.9], [1, 0.8], [2, 0.7]],
        "fused again": [[0, 0.6], [1, 0.5], [2, 0.1]],
        "ridge": [[1, 0.3], [2, 0.4]],
    }
    assert [label.get_text() for label in ax.get_xticklabels()] == ["train", "dev", "test"]
    printed, ours, ridge = (line.get_color() for line in ax.lines[:3])
    assert ridge == COLOURS["ridge"]
    assert ours not in (printed, ridge)


def test_a_panel_for_each_dimension_with_its_own_systems():
    ccc = {d: pd.DataFrame([[0.6, 0.5, 0.1]], [name], ["train", "dev", "test"])
           for d, name in (("arousal", "fused again"), ("valence", "concatenation"))}  # fmt: skip
    figure = partitions.panels(ccc, plt.figure())
    told = {ax.get_title(): [text.get_text() for text in ax.get_legend().get_texts()] for ax in figure.axes}
    assert told == {"arousal": ["fused again"], "valence": ["concatenation"]}
    plt.close(figure)
