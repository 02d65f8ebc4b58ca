import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from replica.figures import dataset
from replica.metrics import ccc


@pytest.fixture
def ax():
    figure, axis = plt.subplots()
    yield axis
    plt.close(figure)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_traces_draw_each_rater_and_the_gold_standard_last(ax, rng):
    annotations, gold = rng.uniform(-1, 1, (6, 26)), rng.uniform(-1, 1, 26)
    assert dataset.traces(annotations, gold, ax) is ax
    *raters, last = ax.lines
    np.testing.assert_array_equal([line.get_ydata() for line in raters], annotations)
    np.testing.assert_array_equal(last.get_ydata(), gold)
    assert last.get_color() == "black" and last.get_xdata()[-1] == pytest.approx(1.0)  # 25 frames of 40 ms


def test_levels_draw_raters_plain_mean_and_gold(ax, rng):
    means, weights, gold = rng.uniform(-1, 1, (3, 6)), rng.uniform(0, 1, (3, 6)), rng.uniform(-1, 1, 3)
    assert dataset.levels(means, weights, gold, ["a", "b", "c"], ax) is ax
    raters, plain, levels = ax.collections
    np.testing.assert_allclose(raters.get_offsets()[:, 0], means.ravel())
    np.testing.assert_allclose(plain.get_offsets()[:, 0], means.mean(axis=1))
    np.testing.assert_allclose(levels.get_offsets()[:, 0], gold)
    np.testing.assert_array_equal(np.argsort(raters.get_sizes()), np.argsort(weights.ravel()))


def test_a_rater_of_weight_0_is_still_seen(ax):
    dataset.levels([[0.1, 0.3]], [[0.0, 0.0]], [0.2], ["a"], ax)
    assert ax.collections[0].get_sizes().min() > 0


@pytest.mark.parametrize("draw", [dataset.ccc_against_scale, dataset.ccc_against_offset])
def test_ccc_touches_the_correlation_once_and_never_exceeds_it(draw, ax):
    assert draw(ax) is ax
    curves = [line for line in ax.lines if len(line.get_xdata()) > 2]
    for line, correlation in zip(curves, dataset.CORRELATIONS, strict=True):
        assert correlation - 1e-3 < line.get_ydata().max() <= correlation + 1e-12


def test_the_curves_are_the_ccc_of_sequences(ax, rng):
    gold = rng.standard_normal(500)
    gold = (gold - gold.mean()) / gold.std()
    dataset.ccc_against_offset(ax)
    curve = ax.lines[0]  # CC = 1: the gold standard itself, moved
    for at in (0, 120, 300):
        assert curve.get_ydata()[at] == pytest.approx(ccc(gold, gold + curve.get_xdata()[at]), abs=1e-9)
    dataset.ccc_against_scale(ax.figure.add_subplot())
    curve = ax.figure.axes[1].lines[0]
    for at in (0, 120, 299):
        assert curve.get_ydata()[at] == pytest.approx(ccc(gold, gold * curve.get_xdata()[at]), abs=1e-9)


def test_poolings_draw_recordings_mean_and_pooled(ax, rng):
    per_recording, pooled = rng.uniform(0, 1, (2, 9)), rng.uniform(0, 1, 2)
    assert dataset.poolings(per_recording, pooled, ["one", "two"], ax) is ax
    dots, diamonds = ax.lines
    np.testing.assert_array_equal(dots.get_ydata(), per_recording.ravel())
    np.testing.assert_array_equal(diamonds.get_ydata(), pooled)
    bars = ax.collections[0].get_segments()
    np.testing.assert_allclose([bar[0][1] for bar in bars], per_recording.mean(axis=1))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["one", "two"]


def test_orders_by_both_metrics_stand_on_one_line_a_cohort():
    index = pd.MultiIndex.from_tuples(
        [("film", d, place) for d in ("arousal", "valence") for place in ("rotation 0", "rotation 1")]
        + [("people", d, "people") for d in ("arousal", "valence")]
    )
    kept = pd.DataFrame({"CCC": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], "CC": [-0.1, 0.3, 0.2, 0.5, 0.4, 0.7]}, index=index)
    left, right = dataset.orders(kept, plt.figure()).axes
    assert [label.get_text() for label in left.get_yticklabels()] == ["film, rotation 0", "film, rotation 1", "people"]
    of = {line.get_marker(): line.get_xydata().tolist() for line in right.lines if line.get_marker() in "os"}
    assert of == {"s": [[0.2, 0], [0.5, 1], [0.7, 2]], "o": [[0.3, 0], [0.4, 1], [0.6, 2]]}
    assert left.get_xlabel() == "rank correlation, arousal"
    plt.close()
