"""Each function returns its axis and draws what it was given."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from replica.figures import COLOURS, loss_comparison
from replica.statistics import Interval


@pytest.fixture
def ax():
    fig, ax = plt.subplots()
    yield ax
    plt.close(fig)


def drawn(ax, marker):
    """Points of each line with this marker, and its colour."""
    lines = [line for line in ax.lines if line.get_marker() == marker]
    return [np.column_stack(line.get_data()).tolist() for line in lines], [line.get_color() for line in lines]


def segments(ax):
    """Ends of every interval, in the order drawn."""
    return [c.get_segments()[0].tolist() for c in ax.collections if hasattr(c, "get_segments")]


SYSTEMS = ["mse", "-ccc", "ridge"]
TABLE = pd.DataFrame(
    [[0.1, 0.4, 0.2], [0.2, 0.5, 0.3], [0.3, 0.9, -0.2], [0.2, 0.6, 0.1]], ["a", "b", "c", "mean"], SYSTEMS
)
INTERVALS = {
    "mse": Interval(0.21, 0.11, 0.31),
    "-ccc": Interval(0.61, 0.41, 0.71),
    "ridge": Interval(0.11, -0.1, 0.25),
}
CHANCE = pd.Series([0.05, 0.07, -0.03], SYSTEMS)
PAPER = pd.Series({"mse": 0.483, "-ccc": 0.520, "mse-cov": 0.533})


def test_loss_table_has_a_column_for_each_system(ax):
    assert loss_comparison.loss_table(TABLE, INTERVALS, CHANCE, PAPER, ax) is ax
    assert [text.get_text() for text in ax.get_xticklabels()] == SYSTEMS
    assert list(ax.get_xticks()) == [0, 1, 2]
    assert ax.get_ylabel() == "CCC"
    colours = [COLOURS[name] for name in SYSTEMS]

    rotations, coloured = drawn(ax, ".")
    np.testing.assert_array_equal(np.array(rotations)[:, :, 1], TABLE.iloc[:3].T)  # the mean is no rotation
    np.testing.assert_allclose(np.mean(rotations, axis=1)[:, 0], [0, 1, 2], atol=1e-12)
    assert coloured == colours

    assert drawn(ax, "o") == ([[[0, 0.21]], [[1, 0.61]], [[2, 0.11]]], colours)
    assert segments(ax) == [[[x, i.low], [x, i.high]] for x, i in enumerate(INTERVALS.values())]


def test_chance_below_0_has_no_bar(ax):
    loss_comparison.loss_table(TABLE, INTERVALS, CHANCE, PAPER, ax)
    assert [bar.get_height() for bar in ax.patches] == [0.05, 0.07, 0.0]
    assert [bar.get_y() for bar in ax.patches] == [0, 0, 0]


def test_the_papers_value_stands_beside_the_losses_that_it_prints(ax):
    loss_comparison.loss_table(TABLE, INTERVALS, CHANCE, PAPER, ax)
    assert drawn(ax, "D")[0] == [[[0.3, 0.483]], [[1.3, 0.520]]]


def test_without_the_paper_and_with_one_rotation(ax):
    one = TABLE.loc[["b", "mean"]]
    assert loss_comparison.loss_table(one, INTERVALS, CHANCE, None, ax) is ax
    assert drawn(ax, "D")[0] == []
    assert drawn(ax, ".")[0] == [[[0, 0.2]], [[1, 0.5]], [[2, 0.3]]]


def test_effects(ax):
    table = pd.DataFrame({"estimate": [0.05, -0.01], "low": [0.01, -0.04], "high": [0.08, 0.03]}, ["5.3c", "5.3a"])
    assert loss_comparison.effects(table, {"5.3a": 0.02, "5.3c": 0.03}, ax) is ax
    assert drawn(ax, "o")[0] == [[[0.05, 0]], [[-0.01, 1]]]
    bands = [c.get_paths()[0].get_extents() for c in ax.collections if not hasattr(c, "get_segments")]
    assert [(band.x0, band.x1) for band in bands] == [(0, 0.03), (0, 0.02)]
    np.testing.assert_allclose([(band.y0, band.y1) for band in bands], [(-0.4, 0.4), (0.6, 1.4)])
    assert segments(ax) == [[[0.01, 0], [0.08, 0]], [[-0.04, 1], [0.03, 1]]]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["5.3c", "5.3a"]
    assert ax.yaxis_inverted()  # the first is on top


def test_learning_curve_marks_the_weights_that_were_kept(ax):
    history = {"train_loss": [5.0, 4.0, 3.0, 2.5, 2.0], "dev_loss": [6.0, 4.5, 4.7], "looked_every": 2, "best_epoch": 2}
    assert loss_comparison.learning_curve(history, ax) is ax
    train, dev, kept = ax.lines
    np.testing.assert_array_equal(train.get_data(), [[0, 1, 2, 3, 4], history["train_loss"]])
    np.testing.assert_array_equal(dev.get_data(), [[0, 2, 4], history["dev_loss"]])
    np.testing.assert_array_equal(kept.get_data(), [[2], [4.5]])
    assert kept.get_markerfacecolor() == "none"
    assert {text.get_text(): text.xy for text in ax.texts} == {"train": (4, 2.0), "dev": (4, 4.7)}


SECONDS = np.array([2.0, 2.2, 2.4])


def test_traces(ax):
    predictions = {"mse": SECONDS / 10, "-ccc": -SECONDS / 10}
    assert loss_comparison.traces(SECONDS, SECONDS / 5, predictions, "arousal", ax) is ax
    np.testing.assert_array_equal([line.get_xdata() for line in ax.lines], [SECONDS] * 3)
    np.testing.assert_array_equal([line.get_ydata() for line in ax.lines], [SECONDS / 5, *predictions.values()])
    assert [line.get_color() for line in ax.lines][0] == "black"
    assert len({line.get_color() for line in ax.lines}) == 3
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["gold standard", "mse", "-ccc"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_xlim()) == ("time (s)", "arousal", (2.0, 2.4))


def test_traces_of_three_predictions_are_refused(ax):
    with pytest.raises(ValueError, match="shorter"):
        loss_comparison.traces(SECONDS, SECONDS, dict.fromkeys(("a", "b", "c"), SECONDS), "arousal", ax)


def test_leads_on_mse_dev_hollow_test_filled():
    losses = ["mse", "-ccc"]
    dev, test, paper = (pd.Series(values, losses) for values in ([0.2, 0.3], [0.1, 0.05], [0.4, 0.43]))
    _, ax = plt.subplots()
    assert loss_comparison.leads(dev, test, paper, ax) is ax
    marks = [line for line in ax.lines if line.get_marker() == "o"]
    heights = {
        (line.get_markerfacecolor() == "none", round(line.get_xdata()[0])): line.get_ydata()[0] for line in marks
    }
    assert heights == pytest.approx({(True, 0): 0.0, (True, 1): 0.1, (False, 0): 0.0, (False, 1): -0.05})
    diamonds = [line.get_ydata()[0] for line in ax.lines if line.get_marker() == "D"]
    assert diamonds == pytest.approx([0.0, 0.03])
    plt.close()
