"""Size and smoothness of predictions: hand values, and the stretched frames themselves as the oracle."""

from dataclasses import replace

import numpy as np
import pytest
from made_up import AlternatingStore

from replica.conventions import LOSSES
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.experiments.size_and_smoothness import controls, rescaled, roughness, smoother
from replica.experiments.systems import CORPORA
from replica.metrics import Moments, moments, pool
from replica.runs import Result


def ccc(run, dimension, partition):
    """The same for every system."""
    return 0.3


def test_roughness_by_hand():
    """Alternating: differences 1, -1, 1 of variance 8 / 9, traces of variance 1 / 4. A line has none."""
    store = AlternatingStore(ccc)
    run = {loss: sec5_3.systems("simulated", "desk")[loss](CORPORA["simulated"](0)[0], "arousal", 0) for loss in LOSSES}
    assert roughness(store.load(run["mae"]), "arousal") == pytest.approx(np.sqrt(32 / 9))
    assert roughness(store.load(run["tube0.05"]), "arousal") == pytest.approx(0.0, abs=1e-12)
    # 0, 1, 1, 2: differences of variance 2 / 9, traces of variance 1 / 2.
    assert roughness(store.load(run["mse"]), "arousal") == pytest.approx(2 / 3)


def test_rescaled_is_the_stretched_prediction_scored():
    """From moments alone the same as from the frames: the factor and the mean that is kept are those of dev."""
    rng = np.random.default_rng(0)
    gold = {p: rng.normal(0.1, 0.3, (2, 50)) for p in ("dev", "test")}
    prediction = {p: 0.2 + 0.4 * x + rng.normal(0, 0.05, x.shape) for p, x in gold.items()}
    rows = {p: {"arousal": {f"{p}{k}": moments(gold[p][k], prediction[p][k]) for k in (0, 1)}} for p in ("dev", "test")}
    result = Result(sec5_3.runs("simulated")[0], rows, {}, {}, {})
    factor, mean = gold["dev"].std() / prediction["dev"].std(), prediction["dev"].mean()
    assert factor > 1.5
    stretched = mean + factor * (prediction["test"] - mean)
    expected = moments(gold["test"].ravel(), stretched.ravel())
    np.testing.assert_allclose(pool(rescaled(result, "arousal")).as_row(), expected.as_row(), rtol=1e-9)
    on_dev = pool(rescaled(result, "arousal", "dev"))
    assert on_dev.var_prediction == pytest.approx(on_dev.var_gold)


def test_a_constant_prediction_is_not_stretched():
    rows = {p: {"arousal": {"a": Moments(10, 0.3, 0.5, 1.0, 0.0, 0.0)}} for p in ("dev", "test")}
    result = Result(sec5_3.runs("simulated")[0], rows, {}, {}, {})
    assert rescaled(result, "arousal") == [rows["test"]["arousal"]["a"]]


def test_controls_are_means_over_seeds():
    """With -ccc the prediction has a quarter of the gold standard's variance, and so half of its deviation."""

    class Narrow(AlternatingStore):
        def load(self, run):
            result = super().load(run)
            if getattr(run, "loss", "") != "-ccc":
                return result
            covariance = 0.2 + 0.1 * run.seed
            of = {"a": Moments(10, 0.3, 0.3, 1.0, 0.25, covariance)}
            return replace(result, moments={p: {d: of for d in run.dimensions} for p in ("dev", "test")})

    shown = controls(sec5_3.recorded(Narrow(ccc), "simulated", "desk", (0, 1)))
    row = shown.loc[("valence", "-ccc")]
    assert row["test CCC"] == pytest.approx(2 * 0.25 / 1.25)
    assert row["rescaled"] == pytest.approx(2 * 0.25 / 2 * 2)
    assert shown.loc[("arousal", "mse"), "rescaled"] == pytest.approx(shown.loc[("arousal", "mse"), "test CCC"])
    assert shown.loc[("arousal", "mae"), "roughness"] == pytest.approx(np.sqrt(32 / 9))


def test_smoother_is_the_ratio_less_one():
    shown = sec5_3.recorded(AlternatingStore(ccc), "simulated", "desk", (0, 1))
    np.testing.assert_allclose(smoother(shown, "tube0.05", "mae"), [-1.0] * 3, rtol=1e-12)
    ratio = (2 / 3) / np.sqrt(32 / 9)
    np.testing.assert_allclose(smoother(shown, "mse", "mae"), [ratio - 1] * 3, rtol=1e-12)
