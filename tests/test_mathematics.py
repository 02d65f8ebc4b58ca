"""The quantities of the mathematical claims: all are there, and each notices what would make its claim false."""

import numpy as np
import pytest
import tensorflow as tf

from replica import claims, losses, mathematics, metrics


def verdict(claim, seed=0):
    return claims.judge_exact(claim, mathematics.QUANTITIES[claim](seed))


def test_every_claim_of_mathematics_and_no_other():
    table = claims.read().set_index("id")
    assert set(mathematics.QUANTITIES) == set(table.index[table["kind"] == "mathematics"])


@pytest.mark.parametrize("claim", mathematics.QUANTITIES)
@pytest.mark.parametrize("seed", [0, 1])
def test_all_hold_whatever_the_seed(claim, seed):
    assert verdict(claim, seed) == "holds"


def test_weights_of_the_past_by_hand():
    """Of 100 frames the oldest starts the sum, 0.9 ** 99; the second weighs 0.1 * 0.9 ** 98, a ninth of it."""
    assert mathematics.least_weight_of_the_past(0) == pytest.approx(0.1 * 0.9**98, rel=1e-9)


def test_doubling_costs_all_that_the_covariance_was():
    assert mathematics.fall_without_a_distance(0) == pytest.approx(1.0, rel=1e-9)


def test_roughness_of_white_noise_follows_its_formula():
    alpha = np.array(mathematics.GRID)
    np.testing.assert_allclose(mathematics.roughness_by_alpha(0), 2 * alpha**2 / (2 - alpha), rtol=0.05)


def test_gradients_of_mse_by_hand():
    gold, prediction = np.array([0.0, 0.5]), np.array([0.1, 0.1])
    np.testing.assert_allclose(mathematics.gradients(gold, prediction, "mse"), [0.1, -0.4], rtol=1e-12)


def test_frames_seen_by_a_layer_of_known_reach():
    """A running sum sees the past and the frame itself."""
    seen = mathematics.frames_seen(lambda x: tf.cumsum(x, axis=1), 0)
    np.testing.assert_array_equal(seen, np.tri(20, dtype=bool))


def test_faults_are_noticed(monkeypatch):
    with monkeypatch.context() as m:  # a CCC without its offset
        m.setattr(metrics, "ccc", lambda x, y: 2 * np.cov(x, y, bias=True)[0, 1] / (x.var() + y.var()))
        assert verdict("3a") == "does not hold"
    with monkeypatch.context() as m:  # a tube that counts what is inside
        m.setattr(losses, "get", lambda name: losses.mae)
        assert [verdict(claim) for claim in ("4.4a", "4.4b")] == ["does not hold"] * 2
    with monkeypatch.context() as m:  # a covariance that takes the prediction's square, and no mean off
        m.setattr(losses, "covariance", lambda y, x: tf.reduce_mean(y * x**2, axis=(1, 2)))
        assert [verdict(claim) for claim in ("4.4d", "4.4e", "4.4f")] == ["does not hold"] * 3
    with monkeypatch.context() as m:  # a loss without a distance
        m.setattr(losses, "negative_ccc", lambda y, x: -losses.covariance(y, x))
        assert verdict("4.4i") == "does not hold"
