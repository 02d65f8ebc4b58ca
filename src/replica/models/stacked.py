"""The network of section 5: hidden LSTM layers one above the other, and a linear output."""

from collections.abc import Sequence
from typing import Any, Literal, get_args

import keras
from keras import ops

from replica.layers import BidirectionalPeepholeLSTM, PeepholeLSTM
from replica.layers.bidirectional import Alignment
from replica.layers.peephole_lstm import Initialisation, OutputGateSees, check_option

Direction = Literal["forward", "backward", "bidirectional"]


def stacked_lstm(
    width: int,
    layer_sizes: Sequence[int],
    outputs: int = 1,
    *,
    direction: Direction = "forward",
    alignment: Alignment = "aligned",
    output_gate_sees: OutputGateSees = "previous",
    initialisation: Initialisation = "forget_bias_2",
) -> keras.Model:
    """The network that the paper writes as a list, ``[width, *layer_sizes, outputs]``.

    Source: section 5, for example "[618,160,120,1]".

    Args:
        width: Features of a frame.
        layer_sizes: Units of each hidden layer, first layer first; of each direction, where there are two.
        outputs: Emotion dimensions predicted at once.
        direction: How time runs in every hidden layer: the past is seen, or the future, or both (section 5.4).
        alignment: Whether what a layer computed backwards is put at its frames again before the next layer reads it.
            ``"unreversed"`` is theanets': in a backward network every second layer then runs forwards.
        output_gate_sees: See :class:`replica.layers.peephole_lstm.PeepholeLSTM`.
        initialisation: The same; under ``"theanets"`` the output's bias starts as N(0, 1) too, else as 0.

    Returns:
        A model from ``(batch, time, width)`` to ``(batch, time, outputs)``, in rating units.

    Raises:
        ValueError: For an unknown option or a layer without units.
    """
    check_option("direction", direction, get_args(Direction))
    check_option("alignment", alignment, get_args(Alignment))
    options: dict[str, Any] = {"output_gate_sees": output_gate_sees, "initialisation": initialisation}
    x = keras.Input((None, width))
    h = x
    for units in layer_sizes:
        if direction == "bidirectional":
            h = BidirectionalPeepholeLSTM(units, alignment=alignment, **options)(h)
        else:
            h = PeepholeLSTM(units, go_backwards=direction == "backward", **options)(h)
        if direction == "backward" and alignment == "aligned":
            h = ops.flip(h, axis=1)
    normal = keras.initializers.RandomNormal
    prediction = keras.layers.Dense(
        outputs,
        kernel_initializer=normal(stddev=(h.shape[-1] + outputs) ** -0.5),
        bias_initializer=normal(stddev=1.0) if initialisation == "theanets" else "zeros",
    )(h)
    return keras.Model(x, prediction)
