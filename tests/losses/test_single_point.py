from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from replica import losses
from replica.conventions import LOSSES, SINGLE_POINT_LOSSES
from replica.losses import mae, mse, tube

FIXTURE = np.load(Path(__file__).parents[1] / "data" / "theanets.npz", allow_pickle=False)
IN_FIXTURE = {"mse": "mse", "mae": "mae", "tube0.05": "tube005"}


@pytest.fixture
def sequences():
    """Gold and prediction, (batch 3, time 8, 1) float64; no error is 0 or at the edge of the tube."""
    rng = np.random.default_rng(0)
    gold = rng.uniform(-1, 1, (3, 8, 1))
    return gold, gold + rng.choice([-1, 1], gold.shape) * rng.choice([0.02, 0.04, 0.2, 0.5], gold.shape)


def value_and_gradient(loss, gold, prediction, **options):
    prediction = tf.constant(prediction)
    with tf.GradientTape() as tape:
        tape.watch(prediction)
        total = tf.reduce_mean(loss(tf.constant(gold), prediction, **options))
    return total.numpy(), tape.gradient(total, prediction).numpy()


# Hand values


def test_hand_values():
    # Errors 0.02, -0.1, 0.3 and 0, 0.5, -0.5.
    gold = np.zeros((2, 3, 1))
    prediction = np.array([[0.02, -0.1, 0.3], [0.0, 0.5, -0.5]])[..., None]
    np.testing.assert_allclose(mse(gold, prediction), [0.1004 / 3, 0.5 / 3])
    np.testing.assert_allclose(mae(gold, prediction), [0.42 / 3, 1.0 / 3])
    np.testing.assert_allclose(tube(gold, prediction), [0.3 / 3, 0.9 / 3])
    np.testing.assert_allclose(tube(gold, prediction, width=0.2), [0.1 / 3, 0.6 / 3])
    np.testing.assert_allclose(mse(gold, prediction, pooled=True), [0.6004 / 6] * 2)


# Independent oracles


def test_agrees_with_numpy(sequences):
    error = np.abs(sequences[0] - sequences[1])
    np.testing.assert_allclose(mse(*sequences), (error**2).mean(axis=(1, 2)), rtol=1e-12)
    np.testing.assert_allclose(mae(*sequences), error.mean(axis=(1, 2)), rtol=1e-12)
    beyond = np.where(error < 0.05, 0.0, error - 0.05)
    np.testing.assert_allclose(tube(*sequences), beyond.mean(axis=(1, 2)), rtol=1e-12)
    np.testing.assert_allclose(tube(*sequences, pooled=True), [beyond.mean()] * 3, rtol=1e-12)


@pytest.mark.parametrize("pooled", [False, True])
@pytest.mark.parametrize("name", SINGLE_POINT_LOSSES)
def test_value_and_gradient_agree_with_theanets(name, pooled):
    gold, prediction, expected = (
        np.swapaxes(FIXTURE[f"D/{key}"], 0, 1) for key in ("y", "yhat", f"grad_yhat/{IN_FIXTURE[name]}")
    )
    value, gradient = value_and_gradient(losses.get(name), gold, prediction, pooled=pooled)
    assert value == pytest.approx(float(FIXTURE[f"D/loss/{IN_FIXTURE[name]}"]), rel=1e-12)
    np.testing.assert_allclose(gradient, expected, rtol=1e-12, atol=1e-15)


# Gradient


@pytest.mark.parametrize("name", SINGLE_POINT_LOSSES)
def test_gradient_agrees_with_central_differences(name, sequences):
    gold, prediction = sequences
    loss = losses.get(name)
    _, gradient = value_and_gradient(loss, gold, prediction)
    for place in np.ndindex(prediction.shape):
        step = np.zeros_like(prediction)
        step[place] = 1e-6
        slope = np.mean(loss(gold, prediction + step)) - np.mean(loss(gold, prediction - step))
        assert gradient[place] == pytest.approx(slope / 2e-6, abs=1e-8)


@pytest.mark.reliability("constants")
def test_inside_the_tube_there_is_no_gradient_and_at_no_error_none_either():
    gold = np.zeros((1, 4, 1))
    _, gradient = value_and_gradient(tube, gold, np.array([0.04, -0.04, 0.06, -0.06]).reshape(1, 4, 1))
    np.testing.assert_allclose(gradient.ravel(), [0.0, 0.0, 0.25, -0.25])
    for name in SINGLE_POINT_LOSSES:
        np.testing.assert_array_equal(value_and_gradient(losses.get(name), gold, gold)[1], 0.0)


# Relations


@pytest.mark.parametrize("name", SINGLE_POINT_LOSSES)
def test_a_common_shift_and_time_reversal_change_nothing(name, sequences):
    gold, prediction = sequences
    loss = losses.get(name)
    np.testing.assert_allclose(loss(gold + 0.3, prediction + 0.3), loss(gold, prediction), rtol=1e-9)
    np.testing.assert_allclose(loss(gold[:, ::-1], prediction[:, ::-1]), loss(gold, prediction), rtol=1e-12)


def test_a_tube_without_width_is_mae(sequences):
    np.testing.assert_allclose(tube(*sequences, width=0.0), mae(*sequences), rtol=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_a_sequence_does_not_see_the_others_unless_pooled(name, sequences):
    gold, prediction = sequences
    loss = losses.get(name)
    alone = [np.array(loss(gold[i : i + 1], prediction[i : i + 1]))[0] for i in range(3)]
    np.testing.assert_allclose(loss(gold, prediction), alone, rtol=1e-12)
    # Pooled is the loss of the sequences laid end to end, which have one length.
    end_to_end = loss(gold.reshape(1, 24, 1), prediction.reshape(1, 24, 1))
    np.testing.assert_allclose(loss(gold, prediction, pooled=True), np.repeat(end_to_end, 3), rtol=1e-12)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_compiled_with_xla_and_with_unknown_sizes(dtype, sequences):
    gold, prediction = (s.astype(dtype) for s in sequences)
    runs = [(losses.get(name), pooled) for name in LOSSES for pooled in (False, True)]

    def all_losses(gold, prediction):
        with tf.GradientTape() as tape:
            tape.watch(prediction)
            values = tf.stack([loss(gold, prediction, pooled=pooled) for loss, pooled in runs])
        return values, tape.gradient(values, prediction)

    expected = all_losses(tf.constant(gold), tf.constant(prediction))
    unknown = tf.TensorSpec((None, None, 1), dtype)
    tolerance = {"float32": 1e-5, "float64": 1e-12}[dtype]  # of values and gradients of the order 0.1 to 1
    for options in ({"jit_compile": True}, {"input_signature": [unknown, unknown]}):
        found = tf.function(all_losses, **options)(gold, prediction)
        for one, other in zip(found, expected, strict=True):
            assert one.dtype == dtype
            np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)


def test_names_are_those_of_the_papers_columns():
    functions = [losses.get(name) for name in LOSSES]
    assert functions[0] is mse
    assert functions[1] is mae
    assert functions[3:] == [losses.negative_ccc, losses.mse_minus_cov, losses.mse_over_cc_plus_one]


@pytest.mark.parametrize(("name", "width"), [("tube0.05", 0.05), ("tube0.1", 0.1), ("tube0", 0.0), ("tube1", 1.0)])
def test_the_name_of_a_tube_holds_its_width(name, width, sequences):
    np.testing.assert_array_equal(losses.get(name)(*sequences), tube(*sequences, width=width))


# Degenerate input


@pytest.mark.reliability("constants")
def test_one_frame():
    np.testing.assert_allclose(mse(np.zeros((2, 1, 1)), np.ones((2, 1, 1))), [1.0, 1.0])


# Error messages


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize(
    "shapes", [((2, 5, 1), (2, 6, 1)), ((2, 5, 2), (2, 5, 2)), ((2, 5), (2, 5)), ((5, 1), (2, 5, 1))]
)
def test_shapes_are_checked(name, shapes):
    with pytest.raises(ValueError, match="give arousal and valence one loss each"):
        losses.get(name)(*(np.zeros(shape) for shape in shapes))


@pytest.mark.parametrize("width", [-0.1, np.nan, np.inf])
def test_the_width_is_checked(width):
    with pytest.raises(ValueError, match=r"Pass a width such as 0\.05"):
        tube(np.zeros((1, 2, 1)), np.zeros((1, 2, 1)), width=width)


@pytest.mark.parametrize("name", ["ccc", "", "tube", "tube-1", "tube0.05x", "MSE"])
def test_an_unknown_name_lists_the_names(name):
    with pytest.raises(ValueError, match=r"Choose one of mse, mae, tube0\.05, -ccc, mse-cov, mse/\(cc\+1\)"):
        losses.get(name)


@pytest.mark.parametrize("name", LOSSES)
def test_a_compiled_model_is_saved_and_loaded_with_its_loss(tmp_path, name):
    rng = np.random.default_rng(0)
    x, gold = rng.normal(size=(3, 5, 2)), rng.uniform(-1, 1, (3, 5, 1))
    model = keras.Sequential([keras.Input((5, 2)), keras.layers.Dense(1)])
    model.compile("sgd", losses.get(name))
    model.fit(x, gold, verbose=0)
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert again.loss is losses.get(name)
    assert again.evaluate(x, gold, verbose=0) == model.evaluate(x, gold, verbose=0)
