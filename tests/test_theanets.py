"""The package beside the authors' library: every number that theanets 0.6.0 and downhill 0.2.0 left in the fixture.

Everything runs in float64. The losses of the fixture's part D are compared in ``losses/``.
"""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from replica import losses
from replica.layers import PeepholeLSTM, PeepholeLSTMCell
from replica.models.stacked import stacked_lstm
from replica.optimizers import get

RECORDED = np.load(Path(__file__).parent / "data" / "theanets.npz", allow_pickle=False)
HIDDEN = {"A": ["hid1"], "B": ["hid1", "hid2"], "C": ["bdlstm1_fw", "bdlstm1_bw"]}
NETWORKS = {
    "A": {"layer_sizes": (4,)},
    "B": {"layer_sizes": (4, 3)},
    "C": {"layer_sizes": (4,), "direction": "bidirectional", "alignment": "unreversed"},
}
PARTS = pytest.mark.parametrize("part", list(NETWORKS))
STATES = {"mean": "g1_ewma", "mean_square": "g2_ewma", "velocity": "vel"}  # ours: theirs


@pytest.fixture(autouse=True)
def float64():
    floatx, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(policy)


def sequences(key):
    """Recorded sequences with the batch first, as Keras has them; theanets has time first."""
    return np.swapaxes(RECORDED[key], 0, 1)


def parameters(part, pattern):
    """One recorded array for each of our weights, in our order; the pattern has {} for theanets' parameter."""

    def layer(name):
        kernel, recurrent, bias, *peepholes = (
            RECORDED[pattern.format(f"{name}.{weight}")] for weight in ("xh", "hh", "b", "ci", "cf", "co")
        )
        return [kernel, recurrent, bias, np.stack(peepholes)]

    hidden = [array for name in HIDDEN[part] for array in layer(name)]
    return [*hidden, RECORDED[pattern.format("out.w")], RECORDED[pattern.format("out.b")]]


def network(part, **options):
    model = stacked_lstm(5, **{"output_gate_sees": "current"} | NETWORKS[part] | options)
    model.set_weights(parameters(part, f"{part}/init/{{}}"))
    return model


def assert_recorded(ours, recorded):
    """Within 1e-9 of the recorded array's largest entry; both sides sum in float64, in another order."""
    ours, recorded = np.asarray(ours), np.asarray(recorded)
    assert ours.shape == recorded.shape
    assert ours.dtype == "float64"
    assert np.abs(ours - recorded).max() <= 1e-9 * np.abs(recorded).max()


def hidden_outputs(model, x):
    """What each layer between the input and the linear output puts out."""
    outputs = []
    for layer in model.layers[1:-1]:
        x = layer(x)
        outputs.append(x)
    return outputs


def mean_square_error(model):
    x, y = tf.constant(sequences("A/x")), tf.constant(sequences("A/y"))
    return tf.reduce_mean(losses.mse(y, model(x)))


@PARTS
def test_forward(part):
    model = network(part)
    assert_recorded(model(sequences("A/x")), sequences(f"{part}/fwd/out:out"))


@pytest.mark.parametrize(("part", "names"), [("A", ["hid1"]), ("B", ["hid1", "hid2"]), ("C", ["bdlstm1"])])
def test_hidden_outputs(part, names):
    outputs = hidden_outputs(network(part), sequences("A/x"))
    for output, name in zip(outputs, names, strict=True):
        assert_recorded(output, sequences(f"{part}/fwd/{name}:out"))


@pytest.mark.parametrize("compiled", [False, True], ids=["plain", "xla"])
@PARTS
def test_loss_and_every_gradient(part, compiled):
    model = network(part)

    @tf.function(jit_compile=compiled)
    def loss_and_gradients():
        with tf.GradientTape() as tape:
            loss = mean_square_error(model)
        return loss, tape.gradient(loss, [w.value for w in model.trainable_variables])

    loss, gradients = loss_and_gradients()
    assert_recorded(loss, RECORDED[f"{part}/loss_mse"])
    for ours, recorded in zip(gradients, parameters(part, f"{part}/grad/{{}}"), strict=True):
        assert_recorded(ours, recorded)


@pytest.mark.parametrize("rate", ["1e-4", "1e-2"])
def test_five_updates(rate):
    """Nothing is fed from the recording but the start: the whole training step, compiled as in training."""
    model, optimizer = network("A"), get("downhill", learning_rate=float(rate))
    optimizer.build(model.trainable_variables)

    @tf.function(jit_compile=True)
    def update():
        with tf.GradientTape() as tape:
            loss = mean_square_error(model)
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    for step in range(1, 6):
        recorded = f"A/lr{rate}/step{step}"
        assert_recorded(update(), RECORDED[f"{recorded}/loss_before_update"])
        for ours, theirs in zip(model.get_weights(), parameters("A", f"{recorded}/param/{{}}"), strict=True):
            assert_recorded(ours, theirs)
        for state, name in STATES.items():
            theirs = parameters("A", f"{recorded}/state/{{}}_{name}")
            for ours, recorded_state in zip(getattr(optimizer, state), theirs, strict=True):
                assert_recorded(ours, recorded_state)


@pytest.mark.parametrize("see", ["previous", "none"])
def test_theanets_shows_the_output_gate_the_new_cell(see):
    """Equation 2 as printed, and no peephole, are other functions than the one that the authors' library computed."""
    output = network("A", output_gate_sees=see)(sequences("A/x"))
    assert np.abs(output - sequences("A/fwd/out:out")).max() > 1e-3


def test_readable_cell_ends_in_the_recorded_cell():
    cell = keras.layers.RNN(PeepholeLSTMCell(4, output_gate_sees="current"), return_state=True)
    cell.build((None, None, 5))
    cell.set_weights(parameters("A", "A/init/{}")[:4])
    _, h, c = cell(sequences("A/x"))
    assert_recorded(h, sequences("A/fwd/hid1:out")[:, -1])
    assert_recorded(c, sequences("A/fwd/hid1:cell")[:, -1])


# The bidirectional layer: theanets leaves its backward half in the order of computing


@pytest.mark.parametrize(("half", "backwards"), [("fw", False), ("bw", True)])
def test_halves_of_the_bidirectional_layer(half, backwards):
    layer = PeepholeLSTM(4, output_gate_sees="current", go_backwards=backwards)
    layer.build((None, None, 5))
    layer.set_weights(parameters("C", "C/init/{}")[4 * backwards :][:4])
    assert_recorded(layer(sequences("A/x")), sequences(f"C/fwd/bdlstm1:{half}_out"))


def test_aligned_is_theanets_with_the_backward_half_turned_around():
    (aligned,) = hidden_outputs(network("C", alignment="aligned"), sequences("A/x"))
    forward, backward = sequences("C/fwd/bdlstm1:fw_out"), sequences("C/fwd/bdlstm1:bw_out")
    assert_recorded(aligned, np.concatenate([forward, backward[:, ::-1]], axis=-1))
    assert np.abs(backward - backward[:, ::-1]).max() > 0.1  # so one cannot be taken for the other
