"""A corpus without features to speak of: the predictions of the members are told, so that every fusion is known."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from replica import fused
from replica.corpora.recording import Corpus, CorpusKey, Recording
from replica.metrics import moments, pool
from replica.runs import FusedRun, Result, Run

KEY = CorpusKey("toy", "v")
A = Run(KEY, ("x",), ("valence",), "paper", layer_sizes=(2,), loss="mse", seed=0)
B = Run(KEY, ("x",), ("valence",), "paper", layer_sizes=(2,), loss="mse", seed=1)
NAMES = {"train": ["t"], "dev": ["d2", "d1", "d3"], "test": ["e1", "e2"]}  # dev out of order: the last by name is d3


def corpus(names=NAMES, speakers=()):
    rng = np.random.default_rng(0)
    recordings = [
        Recording(
            name,
            p,
            {"x": rng.normal(size=(30, 1)).astype("float32")},
            rng.uniform(-1, 1, (30, 2)).astype("float32"),
            speaker=dict(speakers).get(name, ""),
        )
        for p in names
        for name in names[p]
    ]
    return Corpus(KEY, tuple(recordings), "", "", "")


def member(run, seed):
    rng = np.random.default_rng(seed)
    told = {p: {name: rng.normal(size=(30, 1)).astype("float16") for name in NAMES[p]} for p in ("dev", "test")}
    return Result(run, {}, {}, told, {})


MEMBERS = [member(A, 1), member(B, 2)]


def rows(partition, names):
    return np.concatenate([np.hstack([m.predictions[partition][name] for m in MEMBERS]) for name in names]).astype(
        float
    )


def gold(names):
    of = {r.name: r.gold[:, 1] for r in corpus().recordings}
    return np.concatenate([of[name] for name in names]).astype(float)


def fitted(names):
    return LinearRegression().fit(rows("dev", names), gold(names))


def test_dev_dev_leaves_the_last_recording_out():
    result = fused.execute(FusedRun((A, B), "dev_dev"), corpus(), MEMBERS)
    expected = fitted(["d1", "d2"])
    np.testing.assert_allclose(result.history["weights"], expected.coef_, rtol=1e-6)
    assert result.history["learned_on"] == ["d1", "d2"]
    for partition in ("dev", "test"):
        for name in NAMES[partition]:
            prediction = expected.predict(rows(partition, [name]))
            np.testing.assert_allclose(result.predictions[partition][name][:, 0], prediction, atol=2e-3)  # float16
            assert result.moments[partition]["valence"][name].ccc == pytest.approx(
                moments(gold([name]), prediction).ccc, abs=1e-6
            )


def test_other_recordings_never_score_what_they_saw():
    result = fused.execute(FusedRun((A, B), "other_recordings"), corpus(), MEMBERS)
    for name, others in (("d1", ["d2", "d3"]), ("d2", ["d1", "d3"]), ("d3", ["d1", "d2"])):
        prediction = fitted(others).predict(rows("dev", [name]))
        np.testing.assert_allclose(result.predictions["dev"][name][:, 0], prediction, atol=2e-3)
    np.testing.assert_allclose(result.history["weights"], fitted(["d1", "d2", "d3"]).coef_, rtol=1e-6)
    assert result.history["learned_on"] == ["d1", "d2", "d3"]


def test_other_recordings_are_of_other_speakers():
    by_speaker = corpus(speakers={"d1": "P", "d3": "P"}.items())
    result = fused.execute(FusedRun((A, B), "other_recordings"), by_speaker, MEMBERS)
    for name, others in (("d1", ["d2"]), ("d2", ["d1", "d3"]), ("d3", ["d2"])):
        prediction = fitted(others).predict(rows("dev", [name]))
        np.testing.assert_allclose(result.predictions["dev"][name][:, 0], prediction, atol=2e-3)


def test_two_recordings_of_one_speaker_cannot_be_split():
    of_one = corpus(NAMES | {"dev": ["d1", "d2"]}, speakers={"d1": "P", "d2": "P"}.items())
    with pytest.raises(ValueError, match="Take a corpus with two dev speakers at least"):
        fused.execute(FusedRun((A, B), "dev_dev"), of_one, MEMBERS)


def test_a_diverged_member_is_told():
    diverged = Result(B, {}, {}, MEMBERS[1].predictions, {"stopped": "diverged"})
    assert fused.execute(FusedRun((A, B), "dev_dev"), corpus(), [MEMBERS[0], diverged]).history["stopped"] == "diverged"
    assert "stopped" not in fused.execute(FusedRun((A, B), "dev_dev"), corpus(), MEMBERS).history


def test_noise_gains_on_its_own_recordings_only():
    """The members know nothing. In sample, a regression always finds something; out of sample it does not."""
    in_sample = fused.execute(FusedRun((A, B), "dev_dev"), corpus(), MEMBERS).moments["dev"]["valence"]
    honest = fused.execute(FusedRun((A, B), "other_recordings"), corpus(), MEMBERS).moments["dev"]["valence"]
    assert pool([in_sample["d1"], in_sample["d2"]]).ccc > 0
    assert pool(list(honest.values())).ccc < pool([in_sample["d1"], in_sample["d2"]]).ccc


def test_one_dev_recording_cannot_be_split():
    with pytest.raises(ValueError, match="Take a corpus with two dev speakers at least"):
        fused.execute(FusedRun((A, B), "dev_dev"), corpus(NAMES | {"dev": ["d1"]}), MEMBERS)
