"""The readable cell is checked against equation 2 in NumPy; the hoisted layer against the cell."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replica.layers import PeepholeLSTM, PeepholeLSTMCell

GATES = ("previous", "current", "none")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def random_weights(rng, width, units):
    return [rng.normal(scale=0.7, size=s) for s in ((width, 4 * units), (units, 4 * units), (4 * units,), (3, units))]


def equation_2(x, weights, output_gate_sees):
    """The paper's equation, one frame after the other; x is (batch, time, channel)."""
    kernel, recurrent, bias, (w_i, w_f, w_o) = weights
    h = c = np.zeros((len(x), len(recurrent)))
    outputs = []
    for t in range(x.shape[1]):
        z_i, z_f, z_c, z_o = np.split(x[:, t] @ kernel + h @ recurrent + bias, 4, axis=1)
        i, f = sigmoid(z_i + w_i * c), sigmoid(z_f + w_f * c)
        c_before, c = c, f * c + i * np.tanh(z_c)
        o = sigmoid(z_o + w_o * {"previous": c_before, "current": c, "none": 0 * c}[output_gate_sees])
        h = o * np.tanh(c)
        outputs.append(h)
    return np.stack(outputs, axis=1)


def layer_with(weights, **options):
    layer = PeepholeLSTM(weights[1].shape[0], dtype="float64", **options)
    layer.build((None, None, len(weights[0])))
    layer.set_weights(weights)
    return layer


def cell_as_layer(weights, go_backwards=False, **options):
    cell = PeepholeLSTMCell(weights[1].shape[0], dtype="float64", **options)
    layer = keras.layers.RNN(cell, return_sequences=True, go_backwards=go_backwards, dtype="float64")
    layer.build((None, None, len(weights[0])))
    layer.set_weights(weights)
    return layer


def gradients(layer, x, upstream, compiled):
    @tf.function(jit_compile=compiled)
    def compute(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(layer(x) * upstream)
        return tape.gradient(total, [x, *(w.value for w in layer.trainable_variables)])

    return [g.numpy() for g in compute(tf.constant(x))]


@pytest.mark.parametrize("see", GATES)
@pytest.mark.parametrize("make", [layer_with, cell_as_layer], ids=["layer", "cell"])
def test_forward_is_equation_2(make, see):
    rng = np.random.default_rng(0)
    weights, x = random_weights(rng, 7, 5), rng.normal(size=(3, 11, 7))
    np.testing.assert_allclose(
        make(weights, output_gate_sees=see)(x), equation_2(x, weights, see), rtol=1e-12, atol=1e-14
    )


@pytest.mark.parametrize("see", GATES)
@pytest.mark.parametrize(("batch", "time", "width", "units"), [(3, 11, 7, 5), (1, 1, 1, 1), (2, 1, 3, 4), (1, 9, 2, 3)])
def test_hand_written_gradient_is_the_cells(see, batch, time, width, units):
    rng = np.random.default_rng(1)
    weights = random_weights(rng, width, units)
    x, upstream = rng.normal(size=(batch, time, width)), rng.normal(size=(batch, time, units))
    ours = gradients(layer_with(weights, output_gate_sees=see), x, upstream, compiled=True)
    automatic = gradients(cell_as_layer(weights, output_gate_sees=see), x, upstream, compiled=False)
    for hand, auto in zip(ours, automatic, strict=True):
        np.testing.assert_allclose(hand, auto, rtol=1e-10, atol=1e-13)


@st.composite
def cases(draw):
    """Shapes and weights of every size, T = 1 and B = 1 among them; large peepholes, so that states matter."""
    batch, time, width, units = (draw(st.integers(1, most)) for most in (3, 6, 4, 5))
    options = {"output_gate_sees": draw(st.sampled_from(GATES)), "go_backwards": draw(st.booleans())}
    return batch, time, width, units, options, draw(st.integers(0, 2**32 - 1)), draw(st.sampled_from([0.1, 0.7, 3.0]))


@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_layer_and_cell_are_one_function(case):
    """Forward and every gradient; Keras' own loop runs the cell, and TensorFlow's own gradient goes through it."""
    batch, time, width, units, options, seed, scale = case
    rng = np.random.default_rng(seed)
    weights = [scale * w for w in random_weights(rng, width, units)]
    x, upstream = rng.normal(size=(batch, time, width)), rng.normal(size=(batch, time, units))
    results = []
    for make in (layer_with, cell_as_layer):
        layer, frames = make(weights, **options), tf.constant(x)
        with tf.GradientTape() as tape:
            tape.watch(frames)
            output = layer(frames)
            total = tf.reduce_sum(output * upstream)
        results.append([output, *tape.gradient(total, [frames, *(w.value for w in layer.trainable_variables)])])
    for ours, theirs in zip(*results, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)


def test_backwards_is_the_turned_sequence_in_the_order_of_computing():
    rng = np.random.default_rng(6)
    weights, x = random_weights(rng, 4, 3), rng.normal(size=(2, 6, 4))
    forward, backward = layer_with(weights), layer_with(weights, go_backwards=True)
    np.testing.assert_array_equal(backward(x), forward(x[:, ::-1]))


def test_model_fit_learns():
    """A layer like any other: compile, fit, evaluate, with Keras' own optimiser and batches."""
    keras.utils.set_random_seed(7)
    x = np.random.default_rng(7).normal(size=(6, 20, 2)).astype("float32")
    gold = np.cumsum(x[..., :1], axis=1) / 10
    model = keras.Sequential([keras.Input((20, 2)), PeepholeLSTM(6), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.02), loss="mse")
    losses = model.fit(x, gold, batch_size=3, epochs=12, verbose=0).history["loss"]
    assert losses[-1] < 0.5 * losses[0]


@pytest.mark.parametrize("gate", range(3), ids=["input", "forget", "output"])
def test_every_peephole_reaches_the_output(gate):
    rng = np.random.default_rng(2)
    weights, x = random_weights(rng, 4, 3), rng.normal(size=(2, 5, 4))
    before = layer_with(weights)(x).numpy()
    weights[3][gate] += 1.0
    after = layer_with(weights)(x).numpy()
    assert np.abs(after - before)[:, 2:].max() > 1e-3  # the first cell that a peephole reads is not zero at frame 1


def test_sequences_of_a_batch_do_not_mix():
    rng = np.random.default_rng(3)
    layer, x = layer_with(random_weights(rng, 4, 3)), rng.normal(size=(3, 6, 4))
    np.testing.assert_allclose(layer(x)[1:2], layer(x[1:2]), rtol=1e-12)


def test_is_causal():
    rng = np.random.default_rng(4)
    layer, x = layer_with(random_weights(rng, 4, 3)), rng.normal(size=(1, 8, 4))
    changed = x.copy()
    changed[:, 5] += 1.0
    difference = np.abs(layer(changed) - layer(x)).max(axis=(0, 2))
    assert (difference[:5] == 0).all()
    assert (difference[5:] > 0).all()


def test_forget_bias_2_is_on_the_forget_gate_alone():
    layer = PeepholeLSTM(4)
    layer.build((None, None, 3))
    np.testing.assert_array_equal(layer.bias, [0] * 4 + [2] * 4 + [0] * 8)
    assert np.abs(layer.peepholes).max() < 0.06


def test_initial_deviations_are_theanets():
    keras.utils.set_random_seed(0)
    layer = PeepholeLSTM(100, initialisation="theanets")
    layer.build((None, None, 50))
    kernel, recurrent, bias, peepholes = (np.asarray(w) for w in layer.get_weights())
    # A deviation of n draws is known to about 1 / sqrt(2 n): 1 % for the matrices, 4 % for the vectors; 4 of those.
    assert kernel.std() == pytest.approx((50 + 400) ** -0.5, rel=0.02)
    assert recurrent.std() == pytest.approx(500**-0.5, rel=0.015)
    assert bias.mean() == pytest.approx(2.0, abs=0.2)
    assert bias.std() == pytest.approx(1.0, rel=0.15)
    assert peepholes.std() == pytest.approx(1.0, rel=0.17)


def test_saves_and_loads(tmp_path):
    keras.utils.set_random_seed(5)
    x = keras.Input((None, 3))
    options = {"output_gate_sees": "current", "initialisation": "theanets", "go_backwards": True}
    model = keras.Model(x, PeepholeLSTM(4, **options)(x))
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    sequences = np.random.default_rng(5).normal(size=(2, 6, 3)).astype("float32")
    np.testing.assert_array_equal(loaded(sequences), model(sequences))
    assert {name: getattr(loaded.layers[1], name) for name in options} == options


def test_wrong_rank_says_which_axis_to_add():
    with pytest.raises(ValueError, match=r"x\[None\]"):
        PeepholeLSTM(2)(np.zeros((4, 3), "float32"))


def test_mask_is_refused():
    masked = keras.layers.Masking()(np.zeros((1, 4, 3), "float32"))
    with pytest.raises(ValueError, match="Remove the Masking layer"):
        PeepholeLSTM(2)(masked)


def test_unequal_lengths_are_refused():
    """As a ragged tensor, which is how TensorFlow writes them."""
    ragged = tf.RaggedTensor.from_row_lengths(np.zeros((5, 2), "float32"), [2, 3])
    with pytest.raises(ValueError, match=r"of shape \(2, None, 2\). Cut the recordings to one length"):
        PeepholeLSTM(2)(ragged)


@pytest.mark.parametrize("option", ["output_gate_sees", "initialisation"])
def test_unknown_option_lists_the_known(option):
    with pytest.raises(ValueError, match=f"{option} is one of .* Received {option}='next'"):
        PeepholeLSTM(2, **{option: "next"})


def test_no_units():
    with pytest.raises(ValueError, match="positive whole number"):
        PeepholeLSTM(0)
