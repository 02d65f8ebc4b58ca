"""How fast ratings change: known autocorrelations, and people with several recordings."""

import numpy as np
import pandas as pd
import pytest

from replica import corpora, ratings
from replica.corpora import ceap360vr, studyforrest
from replica.corpora.recording import Corpus, CorpusKey, Recording
from replica.metrics import ccc_pooled


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
    assert ratings.difference(rows, ["ann", "ann", "bob"]) == pytest.approx((4.0, 2.0, 8.0))


def test_a_recording_that_does_not_move_is_left_out():
    rows = pd.DataFrame({"arousal": [1.0, np.nan], "valence": [2.5, 4.0]})
    assert ratings.difference(rows, ["ann", "bob"]) == pytest.approx((1.5, 1.5, 1.5))


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


# --- how far raters agree


def judged(*raters):
    """Three recordings alike, each rater's arousal in four frames; valence is arousal seen backwards, halved."""
    annotations = np.array([[rater, np.array(rater[::-1]) / 2] for rater in raters], np.float32).transpose(0, 2, 1)
    recordings = [
        Recording(
            name=partition,
            partition=partition,
            features={"x": np.zeros((4, 1), np.float32)},
            gold=np.zeros((4, 2), np.float32),
            annotations=annotations,
        )
        for partition in ("train", "dev", "test")
    ]
    return Corpus(CorpusKey("made_up", "1"), tuple(recordings), "", "", "")


def test_agreement_by_hand():
    """Two steps at frame 2 have CC 1; a step and a pulse 0, 1, 0, 0 have covariance -1/8, deviations 1/2, sqrt(3)/4."""
    step, pulse = [0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 0.0]
    expected = (1 - 2 / np.sqrt(3)) / 3  # -1/8 / (1/2 sqrt(3)/4) = -1/sqrt(3), twice among three pairs
    table = ratings.agreement(judged(step, step, pulse))
    assert table.loc["test"].tolist() == pytest.approx([expected, expected], abs=1e-6)


def test_raters_who_do_not_move_are_in_no_pair():
    step, still = [0.0, 0.0, 1.0, 1.0], [0.3, 0.3, 0.3, 0.3]
    assert ratings.agreement(judged(step, still, step)).loc["test"].tolist() == pytest.approx([1, 1])
    assert ratings.agreement(judged(step, still)).isna().all(axis=None)


def test_one_rater_agrees_with_nobody():
    with pytest.raises(FileNotFoundError, match="Received the recording 'train' with 1. Put the raters' files"):
        ratings.agreement(judged([0.0, 0.0, 1.0, 1.0]))


def test_how_raters_agree_is_recorded_of_the_pinned_corpus():
    rows = ratings.agreed("studyforrest")
    assert list(rows["recording"]) == list(ratings.measured("studyforrest")["recording"])
    assert set(rows["digest"]) == {studyforrest.DIGESTS[0][:16]}


# --- what others foretell

RATED = {
    "ann-V1": ("train", [0.0, 0.2, 0.4]),
    "bob-V1": ("train", [0.2, 0.4, 0.0]),
    "ann-V2": ("train", [0.5, 0.5, 0.2]),
    "cat-V1": ("test", [0.3, 0.1, 0.2]),
    "cat-V2": ("test", [0.4, 0.6, 0.1]),
    "dan-V1": ("test", [0.9, 0.8, 0.7]),
    "eve-V1": ("dev", [-1.0, 1.0, 0.0]),
}


def rated():
    recordings = [
        Recording(
            name=name,
            speaker=name[:3],
            partition=partition,
            features={"x": np.zeros((3, 1), np.float32)},
            gold=np.array([arousal, arousal[::-1]], np.float32).T,
            source="here",
        )
        for name, (partition, arousal) in RATED.items()
    ]
    return Corpus(CorpusKey("made_up", "1"), tuple(recordings), "", "", "")


def test_others_foretell_by_the_mean_of_train_of_the_same_stimulus():
    rows = ratings.of_others(rated())
    assert list(zip(rows["dimension"], rows["person"], strict=True)) == [
        (d, person) for d in ("arousal", "valence") for person in ("cat", "dan")
    ]
    of_video = {"V1": [0.1, 0.3, 0.2], "V2": [0.5, 0.5, 0.2]}
    tests = {name: gold for name, (partition, gold) in RATED.items() if partition == "test"}
    expected = ccc_pooled(list(tests.values()), [of_video[name[-2:]] for name in tests])
    assert ratings.foretold_ccc(rows, "arousal").estimate == pytest.approx(expected, abs=1e-6)  # ratings are float32
    assert ratings.foretold_ccc(rows, "valence").estimate == pytest.approx(expected, abs=1e-6)  # in reversed order


def test_the_interval_is_over_people():
    """Redrawn, two people are both the one, both the other, or as they are."""
    rows = ratings.of_others(rated())
    alone = [ratings.foretold_ccc(rows[rows["person"] == person], "arousal").estimate for person in ("cat", "dan")]
    interval = ratings.foretold_ccc(rows, "arousal")
    assert (interval.low, interval.high) == pytest.approx((min(alone), max(alone)))


def test_what_others_foretell_is_recorded_of_the_pinned_corpus():
    rows = ratings.foretold("ceap360vr")
    assert len(rows) == 2 * 8
    assert set(rows["digest"]) == {ceap360vr.DIGESTS[0][:16]}
    assert set(rows["n"]) == {8 * 1500}
