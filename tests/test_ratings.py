"""How fast ratings change: known autocorrelations, and people with several recordings."""

import numpy as np
import pandas as pd
import pytest

from replica import corpora, ratings
from replica.corpora import studyforrest


def test_decorrelation_by_hand():
    """1, 0, 0, 0 less its mean is 3, -1, -1, -1 quarters: lag 1 has (-3 + 1 + 1) / 12 = -1/12 of the variance."""
    expected = 0.04 * (1 - np.exp(-1)) / (1 + 1 / 12)
    assert ratings.decorrelation_seconds([1, 0, 0, 0]) == pytest.approx(expected, abs=1e-12)


def test_decorrelation_of_direct_sums():
    x = np.cumsum(np.random.default_rng(0).standard_normal(400))
    centred = x - x.mean()
    correlation = [np.dot(centred[: 400 - k], centred[k:]) / np.dot(centred, centred) for k in range(400)]
    after = next(k for k, r in enumerate(correlation) if r < np.exp(-1))
    frames = np.interp(-np.exp(-1), [-correlation[after - 1], -correlation[after]], [after - 1, after])
    assert ratings.decorrelation_seconds(x, 0.2) == pytest.approx(0.2 * frames, abs=1e-9)


def test_decorrelation_of_a_slow_decay():
    """An autoregression of time constant 4 s has autocorrelation exp(-t / 4 s)."""
    rng = np.random.default_rng(1)
    x = np.zeros(200_000)
    for k, noise in enumerate(rng.standard_normal(len(x) - 1)):
        x[k + 1] = np.exp(-0.04 / 4) * x[k] + noise
    assert ratings.decorrelation_seconds(x) == pytest.approx(4.0, rel=0.15)  # 8000 s are 2000 time constants


def test_shift_and_scale_change_nothing():
    x = np.random.default_rng(2).standard_normal(100).cumsum()
    assert ratings.decorrelation_seconds(3 - 7 * x) == pytest.approx(ratings.decorrelation_seconds(x), rel=1e-9)


def test_a_constant_trace_has_none():
    assert np.isnan(ratings.decorrelation_seconds(np.full(10, 0.3)))


def test_difference_is_over_recordings_and_its_interval_over_people():
    """Ann has differences 1 and 3, Bob 8: the mean is 4; redrawn, it is at least Ann's 2 and at most Bob's 8."""
    rows = pd.DataFrame({"arousal": [1.0, 1.0, 2.0], "valence": [2.0, 4.0, 10.0]})
    assert ratings.decorrelation_difference(rows, ["ann", "ann", "bob"]) == pytest.approx((4.0, 2.0, 8.0))


def test_a_recording_that_does_not_move_is_left_out():
    rows = pd.DataFrame({"arousal": [1.0, np.nan], "valence": [2.5, 4.0]})
    assert ratings.decorrelation_difference(rows, ["ann", "bob"]) == pytest.approx((1.5, 1.5, 1.5))


def test_every_recording_is_measured():
    corpus = corpora.load("simulated", seed=0, size="mini")
    rows = ratings.measure(corpus)
    assert list(rows.index) == [recording.name for recording in corpus.recordings]
    first = corpus.recordings[0].gold
    assert list(rows.iloc[0]) == [ratings.decorrelation_seconds(first[:, k]) for k in range(2)]


def test_what_is_recorded_is_of_the_pinned_corpus():
    rows = ratings.measured("studyforrest")
    assert len(rows) == 19
    assert set(rows["digest"]) == {studyforrest.DIGESTS[0][:16]}


def test_a_corpus_that_was_not_measured():
    with pytest.raises(FileNotFoundError, match="has no row of 'recola'. Measure that corpus"):
        ratings.measured("recola")
