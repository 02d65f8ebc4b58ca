import numpy as np
import pytest
from sklearn.linear_model import Ridge

from replica import corpora, ridge
from replica.corpora.recording import Corpus, CorpusKey, Recording
from replica.metrics import pool
from replica.runs import RidgeRun


def test_context_by_hand():
    x = np.array([[[1.0], [2.0], [6.0], [3.0]]])
    expected = [[1, 1, 1], [2, 1.5, 1.5], [6, 4, 3], [3, 4.5, 11 / 3]]
    np.testing.assert_allclose(ridge.with_context(x, [2, 3])[0], expected)


def test_window_longer_than_the_recording():
    x = np.random.default_rng(0).normal(size=(2, 5, 3))
    expected = np.cumsum(x, axis=1) / np.arange(1, 6)[:, None]
    np.testing.assert_allclose(ridge.with_context(x, [100])[..., 3:], expected, rtol=1e-12)


def test_context_is_causal():
    x = np.random.default_rng(1).normal(size=(1, 9, 2))
    changed = x.copy()
    changed[:, 6] += 1
    same = ridge.with_context(x, [3]) == ridge.with_context(changed, [3])
    assert same[:, :6].all()
    assert not same[:, 6].any()


@pytest.fixture(scope="module")
def simulated():
    return corpora.load("simulated", size="mini")


def run(dimension="arousal"):
    return RidgeRun(corpora.key("simulated", size="mini"), ("voice", "face"), (dimension,), "desk", "speaker")


def test_penalty_is_the_best_on_dev_and_predictions_are_its(simulated):
    result = ridge.execute(run(), simulated)
    errors = result.history["dev_mse"]
    penalty = result.history["penalty"]
    assert errors[ridge.PENALTIES.index(penalty)] == min(errors)
    from replica.inputs import prepare

    data = prepare(run(), simulated)
    rows = {p: ridge.with_context(data[p].features, [10, 40, 160]) for p in ("train", "test")}
    width = rows["train"].shape[-1]
    model = Ridge(alpha=penalty).fit(rows["train"].reshape(-1, width), data["train"].gold.reshape(-1))
    expected = model.predict(rows["test"].reshape(-1, width)).reshape(rows["test"].shape[:2])
    kept = np.stack(list(result.predictions["test"].values()))[..., 0]
    np.testing.assert_allclose(kept, expected, rtol=1e-3, atol=1e-4)  # kept as float16


def test_finds_a_linear_mean_of_the_past():
    """The gold standard is the mean of a feature over the last two seconds: without context it cannot be found."""
    rng = np.random.default_rng(2)
    key = CorpusKey("toy", "v")
    recordings = []
    for name, partition in (("t", "train"), ("u", "train"), ("d", "dev"), ("e", "test")):
        x = np.repeat(rng.normal(size=(600, 1)), 5, axis=0)  # constant over the five frames that desk scale averages
        gold = np.repeat(ridge.with_context(x[None, ::5], [10])[0, :, 1:], 5, axis=0).repeat(2, axis=1) / 2
        recordings.append(
            Recording(name, partition, {"x": x.astype("float32")}, np.clip(gold, -1, 1).astype("float32"))
        )
    corpus = Corpus(key, tuple(recordings), "", "", "")

    def test_ccc(context_seconds):
        declared = RidgeRun(key, ("x",), ("valence",), "desk", "train", context_seconds)
        return pool(list(ridge.execute(declared, corpus).moments["test"]["valence"].values())).ccc

    assert test_ccc((2.0,)) > 0.95
    assert test_ccc((0.4,)) < 0.6
