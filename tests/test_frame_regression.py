import warnings

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.svm import SVR

from replica import corpora, frame_regression
from replica.conventions import LOSSES
from replica.corpora.recording import Corpus, CorpusKey, Recording
from replica.frame_regression import COSTS, PENALTIES, TUBE, fit_svr, with_context
from replica.inputs import prepare
from replica.runs import RidgeRun, SvrRun


def test_context_by_hand():
    x = np.array([[[1.0], [2.0], [6.0], [3.0]]])
    expected = [[1, 1, 1], [2, 1.5, 1.5], [6, 4, 3], [3, 4.5, 11 / 3]]
    np.testing.assert_allclose(with_context(x, [2, 3])[0], expected)


def test_without_context_the_frames_stay_alone():
    x = np.random.default_rng(3).normal(size=(2, 5, 3)).astype("float32")
    alone = with_context(x, [])
    np.testing.assert_array_equal(alone, x)
    assert alone.dtype == with_context(x, [2]).dtype == np.float64  # both are fitted in one precision


def test_window_longer_than_the_recording():
    x = np.random.default_rng(0).normal(size=(2, 5, 3))
    expected = np.cumsum(x, axis=1) / np.arange(1, 6)[:, None]
    np.testing.assert_allclose(with_context(x, [100])[..., 3:], expected, rtol=1e-12)


def test_context_is_causal():
    x = np.random.default_rng(1).normal(size=(1, 9, 2))
    changed = x.copy()
    changed[:, 6] += 1
    same = with_context(x, [3]) == with_context(changed, [3])
    assert same[:, :6].all()
    assert not same[:, 6].any()


def slope(frames, cost):
    """Of an SVR through x = -1 with y = -0.5 and x = 1 with y = 0.5, each in half of the frames."""
    x = np.tile([[-1.0], [1.0]], (frames // 2, 1))
    return fit_svr(x, 0.5 * x, cost).estimators_[0].coef_.item()


def test_svr_by_hand():
    """Half the square of w plus frames * C * max(0, 0.5 - w - 0.05): w is frames * C, and never above 0.45."""
    assert slope(20, 0.01) == pytest.approx(0.2, abs=1e-3)
    assert slope(100, 0.01) == pytest.approx(0.45, abs=1e-3)


def objective(w, b, x, y, cost):
    return 0.5 * np.sum(w**2) + cost * np.sum(np.maximum(0, abs(y - x @ w - b) - TUBE))


def test_svr_is_as_good_as_the_exact_one():
    """LIBSVM leaves the intercept free; with an intercept of 0.4, a full penalty on it would tell."""
    rng = np.random.default_rng(4)
    x = rng.normal(size=(400, 5))
    y = 0.4 + x @ [0.2, -0.1, 0.05, 0.0, 0.1] + 0.2 * rng.standard_t(3, size=400)
    for cost in (3e-4, 1e-3, 1e-2):
        ours = fit_svr(x, y[:, None], cost).estimators_[0]
        exact = SVR(kernel="linear", C=cost, epsilon=0.05, tol=1e-6).fit(x, y)
        best = objective(exact.coef_[0], exact.intercept_[0], x, y, cost)
        # The small penalty on the intercept costs up to 0.15 % here, a full one 0.8 % to 50 %.
        assert objective(ours.coef_, ours.intercept_.item(), x, y, cost) == pytest.approx(best, rel=4e-3)


def test_svr_has_the_tube_of_the_papers_loss():
    assert f"tube{TUBE}" in LOSSES


def test_each_dimension_has_an_svr_of_its_own():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(300, 4)), rng.normal(size=(300, 2))
    both = fit_svr(x, y, 1e-3).predict(x)
    for k in range(2):
        np.testing.assert_array_equal(both[:, k], fit_svr(x, y[:, [k]], 1e-3).predict(x)[:, 0])


def test_a_constant_gold_standard_is_met_within_the_tube():
    x = np.zeros((500, 3))
    prediction = fit_svr(x, np.full((500, 1), 0.7), 1e-2).predict(x)
    assert abs(prediction - 0.7).max() <= TUBE + 1e-3


@pytest.fixture(scope="module")
def simulated():
    return corpora.load("simulated", size="mini")


def run(kind, dimensions=("arousal",), **changes):
    return kind(corpora.key("simulated", size="mini"), ("voice", "face"), dimensions, "desk", "speaker", **changes)


@pytest.mark.parametrize(("context", "windows"), [((), []), ((2.0, 8.0, 32.0), [10, 40, 160])], ids=str)
@pytest.mark.parametrize(
    ("kind", "name", "grid", "fit"),
    [
        (RidgeRun, "penalty", PENALTIES, lambda x, y, penalty: Ridge(alpha=penalty).fit(x, y)),
        (SvrRun, "C", COSTS, fit_svr),
    ],
    ids=["ridge", "svr"],
)
def test_the_best_on_dev_is_kept_and_predictions_are_its(simulated, kind, name, grid, fit, context, windows):
    declared = run(kind, ("arousal", "valence"), context_seconds=context)
    result = frame_regression.execute(declared, simulated)
    data = prepare(declared, simulated)
    rows = {p: with_context(data[p].features, windows) for p in data}
    x, y = rows["train"].reshape(-1, rows["train"].shape[-1]), data["train"].gold.reshape(-1, 2)
    predictions = {
        value: {p: np.stack([model.predict(r) for r in rows[p]]) for p in ("dev", "test")}
        for value, model in ((value, fit(x, y, value)) for value in grid)
    }
    errors = [np.mean((predictions[value]["dev"] - data["dev"].gold) ** 2) for value in grid]
    np.testing.assert_allclose(result.history["dev_mse"], errors, rtol=1e-6)
    assert result.history[name] == grid[np.argmin(errors)]
    for partition in ("dev", "test"):
        kept = np.stack(list(result.predictions[partition].values()))
        np.testing.assert_allclose(kept, predictions[result.history[name]][partition], atol=2.5e-4)  # steps of 1/2048


def test_svr_is_the_same_each_time(simulated):
    first, second = (frame_regression.execute(run(SvrRun), simulated) for _ in range(2))
    assert (first.moments, first.history) == (second.moments, second.history)


def test_history_names_each_c_that_did_not_converge(simulated, monkeypatch):
    assert frame_regression.execute(run(SvrRun), simulated).history["unconverged"] == []
    monkeypatch.setattr(frame_regression, "MOST_ITERATIONS", 8)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        unconverged = frame_regression.execute(run(SvrRun), simulated).history["unconverged"]
    assert told == []
    assert COSTS[-1] in unconverged
    assert COSTS[0] not in unconverged
    assert "unconverged" not in frame_regression.execute(run(RidgeRun), simulated).history


@pytest.mark.parametrize("kind", [RidgeRun, SvrRun])
def test_finds_a_linear_mean_of_the_past(kind):
    """The gold standard is the mean of a feature over the last two seconds: without context it cannot be found."""
    rng = np.random.default_rng(2)
    key = CorpusKey("toy", "v")
    recordings = []
    for name, partition in (("t", "train"), ("u", "train"), ("d", "dev"), ("e", "test")):
        x = np.repeat(rng.normal(size=(600, 1)), 5, axis=0)  # constant over the five frames that desk scale averages
        gold = np.repeat(with_context(x[None, ::5], [10])[0, :, 1:], 5, axis=0).repeat(2, axis=1) / 2
        recordings.append(
            Recording(name, partition, {"x": x.astype("float32")}, np.clip(gold, -1, 1).astype("float32"))
        )
    corpus = Corpus(key, tuple(recordings), "", "", "")

    def test_ccc(context_seconds):
        declared = kind(key, ("x",), ("valence",), "desk", "train", context_seconds)
        return frame_regression.execute(declared, corpus).pooled("test", "valence").ccc

    assert test_ccc((2.0,)) > 0.95
    assert test_ccc((0.4,)) < 0.6
    assert test_ccc(()) < test_ccc((0.4,))
