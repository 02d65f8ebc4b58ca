from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from replica import losses, metrics
from replica.conventions import OVERALL_LOSSES
from replica.losses import covariance, mse, mse_minus_cov, mse_over_cc_plus_one, negative_ccc

FIXTURE = np.load(Path(__file__).parents[1] / "data" / "theanets.npz", allow_pickle=False)
IN_FIXTURE = {"-ccc": "negccc", "mse-cov": "mse-cov", "mse/(cc+1)": "mse_over_cc1"}
OPTIMAL_SCALES = np.linspace(0.05, 2.0, 3901)  # steps of 0.0005


@pytest.fixture
def sequences():
    """Gold and prediction, (batch 3, time 20, 1) float64, correlated, each with its own level."""
    rng = np.random.default_rng(0)
    gold = rng.normal(0, 0.2, (3, 20, 1)) + rng.normal(0, 0.1, (3, 1, 1))
    return gold, 0.5 * gold + rng.normal(0.1, 0.1, (3, 20, 1))


def value_and_gradient(loss, gold, prediction, **options):
    prediction = tf.constant(prediction)
    with tf.GradientTape() as tape:
        tape.watch(prediction)
        total = tf.reduce_mean(loss(tf.constant(gold), prediction, **options))
    return total.numpy(), tape.gradient(total, prediction).numpy()


def expected_by_metrics(name, gold, prediction):
    """One sequence's loss from the metrics, which are NumPy and tested against other packages."""
    m = metrics.moments(gold.ravel(), prediction.ravel())
    mean_square_error = metrics.rmse(gold.ravel(), prediction.ravel()) ** 2
    return {
        "-ccc": -m.ccc,
        "mse-cov": mean_square_error - m.covariance,
        "mse/(cc+1)": mean_square_error / (m.pearson_cc + 1),
    }[name]


# Hand values


def test_hand_values():
    # gold 1 2 3, prediction 2 2 5: variances 2/3 and 2, covariance 1, means 2 and 3, squared errors 1 0 4.
    gold, prediction = np.array([1.0, 2.0, 3.0]).reshape(1, 3, 1), np.array([2.0, 2.0, 5.0]).reshape(1, 3, 1)
    np.testing.assert_allclose(covariance(gold, prediction), [1.0])
    np.testing.assert_allclose(negative_ccc(gold, prediction), [-2 / (2 / 3 + 2 + 1)])
    np.testing.assert_allclose(mse_minus_cov(gold, prediction), [5 / 3 - 1])
    np.testing.assert_allclose(mse_over_cc_plus_one(gold, prediction), [5 / 3 / (1 / np.sqrt(4 / 3) + 1)])


# Independent oracles


@pytest.mark.parametrize("name", OVERALL_LOSSES)
def test_agrees_with_the_metrics(name, sequences):
    loss = losses.get(name)
    expected = [expected_by_metrics(name, *pair) for pair in zip(*sequences, strict=True)]
    np.testing.assert_allclose(loss(*sequences), expected, rtol=1e-12)
    np.testing.assert_allclose(loss(*sequences, pooled=True), [expected_by_metrics(name, *sequences)] * 3, rtol=1e-12)


@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize("name", OVERALL_LOSSES)
def test_value_and_gradient_agree_with_theanets(name, pooled):
    key = f"{IN_FIXTURE[name]}_{'pooled' if pooled else 'perseq'}"
    gold, prediction, expected = (
        np.swapaxes(FIXTURE[f"D/{array}"], 0, 1) for array in ("y", "yhat", f"grad_yhat/{key}")
    )
    value, gradient = value_and_gradient(losses.get(name), gold, prediction, pooled=pooled)
    assert value == pytest.approx(float(FIXTURE[f"D/loss/{key}"]), rel=1e-12)
    np.testing.assert_allclose(gradient, expected, rtol=1e-12, atol=1e-15)


# Gradient


def test_covariance_gradient_is_equation_6(sequences):
    gold, prediction = (tf.constant(s) for s in sequences)
    with tf.GradientTape() as tape:
        tape.watch(prediction)
        total = tf.reduce_sum(covariance(gold, prediction))
    expected = (gold - tf.reduce_mean(gold, axis=1, keepdims=True)) / gold.shape[1]
    np.testing.assert_allclose(tape.gradient(total, prediction), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize("name", OVERALL_LOSSES)
def test_gradient_agrees_with_central_differences(name, pooled, sequences):
    gold, prediction = sequences
    loss = losses.get(name)
    _, gradient = value_and_gradient(loss, gold, prediction, pooled=pooled)
    for place in np.ndindex(prediction.shape):
        step = np.zeros_like(prediction)
        step[place] = 1e-5
        up, down = (np.mean(loss(gold, prediction + sign * step, pooled=pooled)) for sign in (1, -1))
        assert gradient[place] == pytest.approx((up - down) / 2e-5, abs=1e-8)


# Relations


@pytest.mark.parametrize(
    ("loss", "optimum"), [(mse, "rho sigma"), (mse_minus_cov, "1.5 rho sigma"), (negative_ccc, "sigma")]
)
@pytest.mark.parametrize("rho", [0.3, 0.8])
def test_the_best_deviation_of_a_correlated_signal(loss, optimum, rho):
    # Gold and signal with mean 0, deviation sigma and 1, and correlation rho, all exact.
    rng = np.random.default_rng(1)
    basis, _ = np.linalg.qr(np.column_stack([np.ones(50), rng.normal(size=(50, 2))]))
    sigma, signal = 0.2, basis[:, 1] * np.sqrt(50)
    gold = sigma * (rho * signal + np.sqrt(1 - rho**2) * basis[:, 2] * np.sqrt(50))
    every_scale = OPTIMAL_SCALES[:, None, None] * sigma * signal[None, :, None]
    values = np.array(loss(np.broadcast_to(gold[None, :, None], every_scale.shape), every_scale))
    expected = {"rho sigma": rho, "1.5 rho sigma": 1.5 * rho, "sigma": 1.0}[optimum]
    assert OPTIMAL_SCALES[values.argmin()] == pytest.approx(expected, abs=5e-4)  # one step


@pytest.mark.parametrize("name", OVERALL_LOSSES)
def test_a_common_shift_and_time_reversal_change_nothing(name, sequences):
    gold, prediction = sequences
    loss = losses.get(name)
    np.testing.assert_allclose(loss(gold + 0.3, prediction + 0.3), loss(gold, prediction), rtol=1e-9)
    np.testing.assert_allclose(loss(gold[:, ::-1], prediction[:, ::-1]), loss(gold, prediction), rtol=1e-12)


@pytest.mark.parametrize(("name", "degree"), [("-ccc", 0), ("mse-cov", 2), ("mse/(cc+1)", 2)])
def test_a_common_scale_carries_over(name, degree, sequences):
    gold, prediction = sequences
    loss = losses.get(name)
    np.testing.assert_allclose(loss(3 * gold, 3 * prediction), 3**degree * np.array(loss(gold, prediction)), rtol=1e-12)


def test_covariance_does_not_see_a_shift_of_the_prediction_and_the_losses_do(sequences):
    gold, prediction = sequences
    np.testing.assert_allclose(covariance(gold, prediction + 0.5), covariance(gold, prediction), rtol=1e-9)
    for name in OVERALL_LOSSES:
        assert (np.array(losses.get(name)(gold, prediction + 0.5)) > np.array(losses.get(name)(gold, prediction))).all()


def test_pooled_sees_levels_that_a_sequence_alone_cannot():
    # Each sequence anticorrelated, at levels that the prediction meets.
    gold = np.array([[-1.1, -0.9], [0.9, 1.1]])[..., None]
    prediction = gold[:, ::-1]
    np.testing.assert_allclose(negative_ccc(gold, prediction), [1.0, 1.0])
    np.testing.assert_allclose(negative_ccc(gold, prediction, pooled=True), [-0.99 / 1.01] * 2)


# Degenerate input


@pytest.mark.reliability("constants")
@pytest.mark.parametrize(("dtype", "jit_compile"), [("float32", False), ("float32", True), ("float64", False)])
@pytest.mark.parametrize("pooled", [False, True])
def test_a_constant_prediction_scores_0_with_a_modest_gradient(pooled, dtype, jit_compile, sequences):
    gold = sequences[0].astype(dtype)

    @tf.function(jit_compile=jit_compile)
    def values_and_gradients(prediction):
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(prediction)
            values = [losses.get(name)(gold, prediction, pooled=pooled) for name in OVERALL_LOSSES]
        return values, [tape.gradient(value, prediction) for value in values]

    for level in (0.0, 0.1, -1 / 3):
        flat = tf.fill(gold.shape, tf.constant(level, dtype))
        values, gradients = values_and_gradients(flat)
        mean_square_error = mse(gold, flat, pooled=pooled)
        for value, expected in zip(values, (0.0, mean_square_error, mean_square_error), strict=True):
            np.testing.assert_allclose(value, expected, rtol=1e-6, atol=1e-12)
        # A loss of these sequences has a slope of a few tens at most; rounding noise would give 1e6 and more.
        assert np.abs(gradients).max() < 100.0


@pytest.mark.reliability("constants")
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize("name", OVERALL_LOSSES)
def test_constant_gold_equal_constants_and_one_frame_are_finite(name, pooled, dtype, sequences):
    varying = sequences[1].astype(dtype)
    flat = np.full_like(varying, 0.1)
    for gold, prediction in ((flat, varying), (flat, flat), (flat[:, :1], flat[:, :1])):
        value, gradient = value_and_gradient(losses.get(name), gold, prediction, pooled=pooled)
        assert np.isfinite(value)
        assert np.isfinite(gradient).all()
        if prediction is not varying:
            assert value == 0.0


@pytest.mark.reliability("constants")
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("scale", [-1.0, -0.01, -100.0])
def test_full_anticorrelation_is_finite_and_positive(scale, dtype, sequences):
    gold = sequences[0].astype(dtype)
    prediction = (scale * gold).astype(dtype)
    value, gradient = value_and_gradient(mse_over_cc_plus_one, gold, prediction)
    assert 1e3 < value < np.inf
    assert np.isfinite(gradient).all()


def test_mse_over_cc_plus_one_grows_without_the_floor_down_to_it(sequences):
    # As printed until cc + 1 = 1e-6.
    gold = sequences[0][:1]
    noise = np.random.default_rng(2).normal(size=gold.shape)
    for size in (1e-1, 1e-2, 1e-3):
        prediction = -gold + size * noise
        expected = expected_by_metrics("mse/(cc+1)", gold, prediction)
        np.testing.assert_allclose(mse_over_cc_plus_one(gold, prediction), [expected], rtol=1e-9)


@pytest.mark.reliability("not_finite")
@pytest.mark.parametrize("name", OVERALL_LOSSES)
def test_nan_is_not_hidden(name, sequences):
    gold, prediction = sequences
    prediction[1, 3] = np.nan
    np.testing.assert_array_equal(np.isnan(losses.get(name)(gold, prediction)), [False, True, False])


# Error message


def test_shapes_are_checked():
    with pytest.raises(ValueError, match="give arousal and valence one loss each"):
        covariance(np.zeros((2, 5, 2)), np.zeros((2, 5, 2)))
