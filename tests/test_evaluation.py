import numpy as np
import pytest
from scipy import stats

from replica.corpora.recording import CorpusKey
from replica.evaluation import SHIFTS, chance_band, evaluate, shifted_ccc, valleys_and_peaks
from replica.fixed_point import STEP, on_grid
from replica.inputs import Sequences
from replica.metrics import ccc, ccc_pooled, pool
from replica.runs import Run

RUN = Run(CorpusKey("toy", "v"), ("a",), ("arousal", "valence"), "paper", layer_sizes=(2,), loss="mse", seed=0)


@pytest.fixture
def scored():
    rng = np.random.default_rng(0)
    sequences = {
        p: Sequences(tuple(f"{p}_{k}" for k in range(n)), np.zeros((n, 63, 1)), rng.normal(size=(n, 63, 2)))
        for p, n in (("train", 1), ("dev", 2), ("test", 3))
    }
    predictions = {p: s.gold + rng.normal(size=s.gold.shape) for p, s in sequences.items()}
    return sequences, predictions, evaluate(RUN, sequences, predictions, {"epochs": 3})


def test_moments_pool_to_the_metric_of_all_frames(scored):
    sequences, predictions, result = scored
    for k, dimension in enumerate(RUN.dimensions):
        pooled = pool(list(result.moments["test"][dimension].values())).ccc
        expected = ccc_pooled(list(sequences["test"].gold[..., k]), list(predictions["test"][..., k]))
        assert pooled == pytest.approx(expected, abs=1e-12)


def test_every_recording_of_every_partition_is_scored(scored):
    _, _, result = scored
    assert {p: list(result.moments[p]["valence"]) for p in result.moments} == {
        "train": ["train_0"],
        "dev": ["dev_0", "dev_1"],
        "test": ["test_0", "test_1", "test_2"],
    }


def test_predictions_are_kept_on_the_grid(scored):
    _, predictions, result = scored
    assert sorted(result.predictions) == ["dev", "test", "train"]
    for p in predictions:
        kept = np.stack(list(result.predictions[p].values()))
        np.testing.assert_allclose(kept, predictions[p], atol=STEP / 2)
        np.testing.assert_array_equal(kept, on_grid(kept))  # as they will be read back


def test_no_gold_standard_is_kept(scored):
    """Of the gold standard only moments may stay: what is kept frame by frame must not depend on it."""
    sequences, predictions, result = scored
    other = {p: Sequences(s.names, s.features, -s.gold) for p, s in sequences.items()}
    again = evaluate(RUN, other, predictions, {})
    for name, kept in result.predictions["test"].items():
        np.testing.assert_array_equal(again.predictions["test"][name], kept)


def test_chance_band_by_hand():
    """Of 1, 2, 3: mean 2, deviation 1, and 4.303 is the tabulated 97.5 % point of Student's t with 2 degrees."""
    half = 4.302653 * np.sqrt(1 + 1 / 3)
    np.testing.assert_allclose(chance_band(np.array([1.0, 2.0, 3.0]), 0.95), (2 - half, 2 + half), rtol=1e-6)


def test_of_constant_lags_the_band_is_a_point():
    assert chance_band(np.zeros(20)) == (0, 0)


def test_one_more_draw_lies_in_the_band_as_often_as_it_says():
    draws = np.random.default_rng(0).normal(3, 2, size=(20_000, 21))
    bands = np.array([chance_band(row[:20], 0.9) for row in draws])
    inside = np.sum((draws[:, 20] > bands[:, 0]) & (draws[:, 20] < bands[:, 1]))
    assert stats.binomtest(int(inside), len(draws), 0.9).pvalue > 0.001


def test_shifts_by_hand():
    """Of 42 frames shifted by 2, 4, ... 40, a sawtooth of period 2 is again itself, and its opposite never."""
    gold = np.tile([0.0, 1.0], 21)
    assert shifted_ccc(gold, gold) == pytest.approx([1.0] * SHIFTS)
    ramp = np.arange(42.0)
    square = ramp**2
    by_hand = [ccc(np.concatenate([ramp[-lag:], ramp[:-lag]]), square) for lag in range(2, 42, 2)]
    assert shifted_ccc(ramp, square) == pytest.approx(by_hand)


def test_shifted_labels_score_nothing_by_chance():
    rng = np.random.default_rng(1)
    gold = rng.normal(size=20000)
    assert np.abs(shifted_ccc(gold, gold + 0.1 * rng.normal(size=20000))).max() < 0.05


def test_valleys_and_peaks_by_hand():
    """Of 21 frames 0, 1, ..., 20 the lowest tenth are 0, 1, 2 and the highest 18, 19, 20."""
    gold = np.arange(21.0)
    off = np.where(gold < 3, [1.0], np.where(gold > 17, 2.0, 100.0))
    assert valleys_and_peaks(gold[::-1], (gold + off)[::-1]) == [3, 1.0, 3, 4.0]


def test_frames_that_share_the_value_at_the_edge_all_belong_to_it():
    gold = np.array([0.0] * 6 + [1.0] * 4)
    assert valleys_and_peaks(gold, gold + 0.5) == [6, 0.25, 4, 0.25]
