"""The worked example was computed by hand and by downhill 0.2; the fixture is five updates that theanets made."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from replica.optimizers import DownhillRMSprop

THEANETS = np.load(Path(__file__).parent / "data" / "theanets.npz", allow_pickle=False)


@pytest.mark.parametrize(
    ("start", "expected"),
    [(1.0, [0.99911385, 0.998086134, 0.996918740]), (-0.002, [-0.001137, -3.23230001e-4, 3.27341376e-4])],
)
def test_parabola_by_hand(start, expected):
    theta, optimizer = keras.Variable(start, dtype="float64"), DownhillRMSprop()
    steps = []
    for _ in expected:
        optimizer.apply([theta.value + 0], [theta])  # the gradient of theta^2 / 2
        steps.append(float(theta.value))
    np.testing.assert_allclose(steps, expected, rtol=0, atol=5e-7)  # the digits that the example was noted with


@pytest.fixture
def float64():
    """Keras keeps the learning rate in its default precision; in float32 that alone is 3e-8 of every step."""
    keras.config.set_floatx("float64")
    yield
    keras.config.set_floatx("float32")


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize("rate", ["1e-4", "1e-2"])
@pytest.mark.parametrize("name", ["hid1.xh", "out.b"])
def test_updates_of_theanets(rate, name):
    """Gradients recovered from the recorded running mean drive ours; parameters and states must follow theirs."""
    keep = 2 ** (-1 / 14)
    theta = keras.Variable(THEANETS[f"A/init/{name}"], dtype="float64")
    optimizer = DownhillRMSprop(learning_rate=float(rate))
    mean = np.zeros_like(THEANETS[f"A/init/{name}"])
    for step in range(1, 6):
        recorded = f"A/lr{rate}/step{step}"
        gradient = (THEANETS[f"{recorded}/state/{name}_g1_ewma"] - keep * mean) / (1 - keep)
        mean = THEANETS[f"{recorded}/state/{name}_g1_ewma"]
        optimizer.apply([tf.constant(gradient)], [theta])
        np.testing.assert_allclose(theta.numpy(), THEANETS[f"{recorded}/param/{name}"], rtol=1e-9, atol=1e-12)


def test_plain_momentum_takes_no_second_step():
    theta, optimizer = keras.Variable(1.0, dtype="float64"), DownhillRMSprop(nesterov=False)
    optimizer.apply([tf.constant(1.0, "float64")], [theta])
    delta = 1e-4 / np.sqrt(0.0483048470 - 0.0483048470**2 + 1e-8)
    assert float(theta.value) == pytest.approx(1 - delta, abs=1e-9)


def test_constant_gradient_stays_finite_in_float32():
    """The variance of a constant gradient rounds below zero in float32; without the cut-off, NaN by update 400."""
    theta, optimizer = keras.Variable(np.zeros(64, "float32")), DownhillRMSprop()
    gradient = tf.constant(np.linspace(0.3, 90, 64, dtype="float32"))

    @tf.function
    def update():
        optimizer.apply([gradient], [theta])

    optimizer.build([theta])
    for _ in range(600):
        update()
    assert np.isfinite(theta.numpy()).all()


def test_config_round_trip():
    clone = DownhillRMSprop.from_config(DownhillRMSprop(momentum=0.5, nesterov=False).get_config())
    assert (clone.momentum, clone.nesterov) == (0.5, False)


def test_momentum_out_of_range():
    with pytest.raises(ValueError, match=r"momentum lies in \[0, 1\)"):
        DownhillRMSprop(momentum=1.0)
