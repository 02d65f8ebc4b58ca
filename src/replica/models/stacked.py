"""The network of section 5: hidden LSTM layers one above the other, and a linear output."""

from collections.abc import Sequence

import keras

from replica.layers import PeepholeLSTM
from replica.layers.peephole_lstm import Initialisation, OutputGateSees


def stacked_lstm(
    width: int,
    layer_sizes: Sequence[int],
    outputs: int = 1,
    *,
    output_gate_sees: OutputGateSees = "previous",
    initialisation: Initialisation = "forget_bias_2",
) -> keras.Model:
    """The network that the paper writes as a list, ``[width, *layer_sizes, outputs]``.

    Source: section 5, for example "[618,160,120,1]".

    Args:
        width: Features of a frame.
        layer_sizes: Units of each hidden layer, first layer first.
        outputs: Emotion dimensions predicted at once.
        output_gate_sees: See :class:`replica.layers.peephole_lstm.PeepholeLSTM`.
        initialisation: The same; under ``"theanets"`` the output's bias starts as N(0, 1) too, else as 0.

    Returns:
        A model from ``(batch, time, width)`` to ``(batch, time, outputs)``, in rating units.
    """
    x = keras.Input((None, width))
    h = x
    for units in layer_sizes:
        h = PeepholeLSTM(units, output_gate_sees=output_gate_sees, initialisation=initialisation)(h)
    normal = keras.initializers.RandomNormal
    prediction = keras.layers.Dense(
        outputs,
        kernel_initializer=normal(stddev=(layer_sizes[-1] + outputs) ** -0.5),
        bias_initializer=normal(stddev=1.0) if initialisation == "theanets" else "zeros",
    )(h)
    return keras.Model(x, prediction)
