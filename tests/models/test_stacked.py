import keras
import numpy as np
import pytest

from replica.layers import PeepholeLSTM
from replica.models.stacked import stacked_lstm


def test_parameters_of_the_papers_network():
    """[76, 160, 120, 1] has 287,521 parameters in theanets."""
    assert stacked_lstm(76, (160, 120)).count_params() == 287_521


def test_layers_in_order_and_linear_output():
    keras.utils.set_random_seed(0)
    model = stacked_lstm(4, (3, 2), outputs=2, output_gate_sees="none", initialisation="theanets")
    hidden = [layer for layer in model.layers if isinstance(layer, PeepholeLSTM)]
    assert [layer.units for layer in hidden] == [3, 2]
    assert {layer.output_gate_sees for layer in hidden} == {"none"}
    x = np.random.default_rng(0).normal(size=(2, 5, 4)).astype("float32")
    kernel, bias = model.layers[-1].get_weights()
    np.testing.assert_allclose(model(x), hidden[1](hidden[0](x)) @ kernel + bias, rtol=1e-5)


def test_output_bias_starts_at_zero_unless_theanets():
    assert stacked_lstm(4, (3,)).layers[-1].get_weights()[1] == pytest.approx(0)
    keras.utils.set_random_seed(1)
    assert abs(stacked_lstm(4, (3,), initialisation="theanets").layers[-1].get_weights()[1][0]) > 1e-3


FRAMES = np.random.default_rng(2).normal(size=(2, 9, 4)).astype("float32")


def with_random_weights(width=4, **options):
    model, rng = stacked_lstm(width, (3, 2), **options), np.random.default_rng(3)
    model.set_weights([rng.normal(scale=0.7, size=w.shape) for w in model.get_weights()])
    return model


def seen_frames(model):
    """``[s, t]``: does the output at frame s change with the input at frame t?"""
    changes = []
    for t in range(FRAMES.shape[1]):
        changed = FRAMES.copy()
        changed[:, t] += 1.0
        changes.append(np.abs(np.asarray(model(changed)) - np.asarray(model(FRAMES))).max(axis=(0, 2)) > 0)
    return np.transpose(changes)


def test_each_direction_sees_its_frames():
    s, t = np.indices((9, 9))
    np.testing.assert_array_equal(seen_frames(with_random_weights()), t <= s)
    np.testing.assert_array_equal(seen_frames(with_random_weights(direction="backward")), t >= s)
    assert seen_frames(with_random_weights(direction="bidirectional")).all()


def test_backward_network_is_the_forward_one_on_turned_time():
    forward, backward = with_random_weights(), with_random_weights(direction="backward")
    np.testing.assert_allclose(backward(FRAMES), np.asarray(forward(FRAMES[:, ::-1]))[:, ::-1], rtol=1e-6)


def test_unreversed_backward_network_runs_its_second_layer_forwards():
    """Theanets' two backward layers: the first sees the future, the second its own past, and both ends are aligned."""
    assert seen_frames(with_random_weights(direction="backward", alignment="unreversed")).all()


def test_bidirectional_doubles_what_the_next_layer_sees():
    model = stacked_lstm(4, (3, 2), direction="bidirectional")
    assert [layer.output.shape[-1] for layer in model.layers] == [4, 6, 4, 1]
    assert model.layers[2].forward.kernel.shape == (6, 8)


@pytest.mark.parametrize(
    "options", [{"direction": "backward"}, {"direction": "bidirectional"}, {"width": (3, 1)}], ids=str
)
def test_saves_and_loads(tmp_path, options):
    model = with_random_weights(**options)
    model.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(keras.saving.load_model(tmp_path / "model.keras")(FRAMES), model(FRAMES))


def test_new_structure_of_figure_2():
    """Two features enter the first layer, one the second beside its two outputs, one the third."""
    model = stacked_lstm((2, 1, 1), (2, 3, 2))
    hidden = [layer for layer in model.layers if isinstance(layer, PeepholeLSTM)]
    assert [layer.kernel.shape[0] for layer in hidden] == [2, 2 + 1, 3 + 1]
    rng = np.random.default_rng(4)
    model.set_weights([rng.normal(scale=0.7, size=w.shape) for w in model.get_weights()])
    first = hidden[0](FRAMES[..., :2])
    second = hidden[1](np.concatenate([first, FRAMES[..., 2:3]], -1))
    third = hidden[2](np.concatenate([second, FRAMES[..., 3:]], -1))
    np.testing.assert_allclose(model(FRAMES), model.layers[-1](third), rtol=1e-5)


def test_a_layer_may_take_no_features():
    model = stacked_lstm((4, 0, 2), (3, 2, 2))
    hidden = [layer for layer in model.layers if isinstance(layer, PeepholeLSTM)]
    assert [layer.kernel.shape[0] for layer in hidden] == [4, 3, 4]


def test_all_features_in_the_first_layer_is_the_concatenation():
    rng = np.random.default_rng(5)
    one, other = stacked_lstm(4, (3, 2)), stacked_lstm((4, 0), (3, 2))
    weights = [rng.normal(size=w.shape) for w in one.get_weights()]
    one.set_weights(weights), other.set_weights(weights)
    np.testing.assert_array_equal(one(FRAMES), other(FRAMES))


@pytest.mark.parametrize("widths", [(4,), (0, 4), (4, -1), (2, 1, 1)], ids=str)
def test_widths_that_do_not_fit_the_layers(widths):
    with pytest.raises(ValueError, match="Pass one number a layer, 0 where no features enter"):
        stacked_lstm(widths, (3, 2))


@pytest.mark.parametrize("option", ["direction", "alignment"])
def test_unknown_option(option):
    with pytest.raises(ValueError, match=f"{option} is one of .* Received {option}='sideways'"):
        stacked_lstm(4, (3,), **{option: "sideways"})
