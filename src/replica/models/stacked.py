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
    width: int | Sequence[int],
    layer_sizes: Sequence[int],
    outputs: int = 1,
    *,
    direction: Direction = "forward",
    alignment: Alignment = "aligned",
    output_gate_sees: OutputGateSees = "previous",
    initialisation: Initialisation = "forget_bias_2",
) -> keras.Model:
    """The network that the paper writes as a list, ``[width, *layer_sizes, outputs]``, or that of Figure 2.

    Source: section 5, for example "[618,160,120,1]"; section 4.5 and Figure 2 for features that enter higher up. Two
    outputs are the multi-task network of section 5.5.

    Args:
        width: Features of a frame, all of which enter the first hidden layer. Or the number that enters each hidden
            layer, beside what the layer below puts out: the new structure of section 4.5.
        layer_sizes: Units of each hidden layer, first layer first; of each direction, where there are two.
        outputs: Emotion dimensions predicted at once.
        direction: How time runs in every hidden layer: the past is seen, or the future, or both (section 5.4).
        alignment: Whether what a layer computed backwards is put at its frames again before the next layer reads it.
            ``"unreversed"`` is theanets': in a backward network every second layer then runs forwards.
        output_gate_sees: See :class:`replica.layers.peephole_lstm.PeepholeLSTM`.
        initialisation: The same; under ``"theanets"`` the output's bias starts as N(0, 1) too, else as 0.

    Returns:
        A model from ``(batch, time, channel)``, the features in the order in which they enter, to ``(batch, time,
        outputs)`` in rating units.

    Raises:
        ValueError: For an unknown option, a layer without units, or widths that do not fit the layers.
    """
    check_option("direction", direction, get_args(Direction))
    check_option("alignment", alignment, get_args(Alignment))
    widths = _entering_widths(width, layer_sizes)
    options: dict[str, Any] = {"output_gate_sees": output_gate_sees, "initialisation": initialisation}
    x = keras.Input((None, sum(widths)))
    below: list[keras.KerasTensor] = []  # what the layer below puts out
    for entering, units in zip(_split(x, widths), layer_sizes, strict=True):
        h = ops.concatenate(below + entering, axis=-1) if below and entering else (below + entering)[0]
        if direction == "bidirectional":
            h = BidirectionalPeepholeLSTM(units, alignment=alignment, **options)(h)
        else:
            h = PeepholeLSTM(units, go_backwards=direction == "backward", **options)(h)
        if direction == "backward" and alignment == "aligned":
            h = ops.flip(h, axis=1)
        below = [h]
    normal = keras.initializers.RandomNormal
    prediction = keras.layers.Dense(
        outputs,
        kernel_initializer=normal(stddev=(h.shape[-1] + outputs) ** -0.5),
        bias_initializer=normal(stddev=1.0) if initialisation == "theanets" else "zeros",
    )(h)
    return keras.Model(x, prediction)


def _entering_widths(width: int | Sequence[int], layer_sizes: Sequence[int]) -> list[int]:
    """How many features enter each hidden layer."""
    widths = [width, *[0] * (len(layer_sizes) - 1)] if isinstance(width, int) else list(width)
    if len(widths) != len(layer_sizes) or min(widths) < 0 or widths[0] < 1:
        raise ValueError(
            f"Each of the {len(layer_sizes)} hidden layers takes a number of features, and the first at least one. "
            f"Received width={width}. Pass one number a layer, 0 where no features enter."
        )
    return widths


def _split(x: keras.KerasTensor, widths: Sequence[int]) -> list[list[keras.KerasTensor]]:
    """The features that enter each hidden layer, an empty list where none do."""
    parts, start = [], 0
    for width in widths:
        whole = width == x.shape[-1]
        parts.append([x if whole else x[..., start : start + width]] if width else [])
        start += width
    return parts
