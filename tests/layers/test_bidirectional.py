"""Each half is checked against PeepholeLSTM; which frames an output sees is measured, not assumed."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from replica.layers import BidirectionalPeepholeLSTM, PeepholeLSTM

FRAMES = 7


def layer_with_random_weights(alignment, seed=0, **options):
    rng = np.random.default_rng(seed)
    layer = BidirectionalPeepholeLSTM(3, alignment=alignment, dtype="float64", **options)
    layer.build((None, None, 2))
    layer.set_weights([rng.normal(scale=0.7, size=w.shape) for w in layer.weights])
    return layer


def sequences(seed=1, batch=2):
    return np.random.default_rng(seed).normal(size=(batch, FRAMES, 2))


def one_direction(weights, **options):
    layer = PeepholeLSTM(3, dtype="float64", **options)
    layer.build((None, None, 2))
    layer.set_weights(weights)
    return layer


@pytest.mark.parametrize("alignment", ["aligned", "unreversed"])
@pytest.mark.parametrize("see", ["previous", "current", "none"])
def test_halves_are_a_forward_and_a_backward_layer(alignment, see):
    layer, x = layer_with_random_weights(alignment, output_gate_sees=see), sequences()
    forward, backward = layer.get_weights()[:4], layer.get_weights()[4:]
    # The backward half by its definition: a forward layer on the sequence turned around.
    turned = one_direction(backward, output_gate_sees=see)(x[:, ::-1]).numpy()
    expected = turned[:, ::-1] if alignment == "aligned" else turned
    np.testing.assert_allclose(layer(x)[..., :3], one_direction(forward, output_gate_sees=see)(x), rtol=1e-12)
    np.testing.assert_allclose(layer(x)[..., 3:], expected, rtol=1e-12)


def seen_frames(model, x):
    """``[s, t]``: does the output at frame s change with the input at frame t?"""
    seen = np.zeros((FRAMES, FRAMES), bool)
    for t in range(FRAMES):
        changed = x.copy()
        changed[:, t] += 1.0
        seen[:, t] = np.abs(np.asarray(model(changed)) - np.asarray(model(x))).max(axis=(0, 2)) > 0
    return seen


def test_aligned_output_sees_every_frame():
    assert seen_frames(layer_with_random_weights("aligned"), sequences()).all()


def test_unreversed_output_sees_the_first_and_the_last_frames_only():
    """What theanets gave: frame s is seen from 0 to s forwards, and from T - 1 - s on backwards."""
    s, t = np.indices((FRAMES, FRAMES))
    expected = (t <= s) | (t >= FRAMES - 1 - s)
    np.testing.assert_array_equal(seen_frames(layer_with_random_weights("unreversed"), sequences()), expected)


def test_two_unreversed_layers_see_everything_again():
    """The backward half of a backward half runs forwards: the paper's two layers were hampered, not blind."""
    first = layer_with_random_weights("unreversed")
    second = BidirectionalPeepholeLSTM(2, alignment="unreversed", initialisation="theanets", dtype="float64")
    assert seen_frames(lambda x: second(first(x)), sequences()).all()


def test_every_weight_gets_its_gradient():
    layer, x = layer_with_random_weights("aligned"), tf.constant(sequences())
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(layer(x) ** 2)
    gradients = tape.gradient(total, layer.trainable_variables)
    assert len(gradients) == 8
    weights = layer.get_weights()
    for k, gradient in enumerate(gradients):
        direction = np.random.default_rng(k).normal(size=weights[k].shape)
        values = []
        for step in (1e-5, -1e-5):
            layer.set_weights([w + step * direction if j == k else w for j, w in enumerate(weights)])
            values.append(float(tf.reduce_sum(layer(x) ** 2)))
        slope = (values[0] - values[1]) / 2e-5
        assert slope == pytest.approx(float(np.sum(gradient * direction)), rel=1e-6)


def test_saves_and_loads(tmp_path):
    x = keras.Input((None, 2))
    layer = BidirectionalPeepholeLSTM(3, alignment="unreversed", output_gate_sees="none", initialisation="theanets")
    model = keras.Model(x, layer(x))
    assert model.output_shape == (None, None, 6)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    frames = sequences().astype("float32")
    np.testing.assert_array_equal(loaded(frames), model(frames))
    assert (loaded.layers[1].alignment, loaded.layers[1].forward.initialisation) == ("unreversed", "theanets")
    assert loaded.layers[1].backward.output_gate_sees == "none"


def test_unknown_alignment():
    with pytest.raises(ValueError, match="alignment is one of aligned, unreversed. Received alignment='reversed'"):
        BidirectionalPeepholeLSTM(2, alignment="reversed")


def test_mask_is_refused():
    masked = keras.layers.Masking()(np.zeros((1, 4, 3), "float32"))
    with pytest.raises(ValueError, match="Remove the Masking layer"):
        BidirectionalPeepholeLSTM(2)(masked)


def test_wrong_rank():
    with pytest.raises(ValueError, match=r"x\[None\]"):
        BidirectionalPeepholeLSTM(2)(np.zeros((4, 3), "float32"))
