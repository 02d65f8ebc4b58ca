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
