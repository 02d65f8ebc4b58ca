"""The bidirectional LSTM of section 4.3, and what the authors' library computed in its place."""

from typing import Any, Literal, get_args

import keras
import tensorflow as tf

from replica.layers.peephole_lstm import Initialisation, OutputGateSees, PeepholeLSTM, check_option

Alignment = Literal["aligned", "unreversed"]


@keras.saving.register_keras_serializable("replica")
class BidirectionalPeepholeLSTM(keras.layers.Layer):
    """Two :class:`~replica.layers.peephole_lstm.PeepholeLSTM`, one for each direction of time, side by side.

    Source: section 4.3, "processing the data sequences forwards and backwards in two separate hidden layers". Theanets
    0.6, the authors' library, never turned the backward half around again: at frame t of T it held the output for
    frame T - 1 - t.

    Args:
        units: Hidden units of each direction, at least 1.
        alignment: ``"aligned"`` has the backward output of a frame at that frame, so that each output sees the whole
            sequence. ``"unreversed"`` leaves it in the order of computing, as theanets did: output t then sees the
            frames 0 to t and T - 1 - t to T - 1.
        output_gate_sees: See :class:`~replica.layers.peephole_lstm.PeepholeLSTM`.
        initialisation: The same.
        **kwargs: Those of :class:`keras.layers.Layer`.

    Call arguments:
        x: ``(batch, time, channel)``; all sequences of a batch are equally long, masks are refused.

    Returns:
        The forward outputs, then the backward ones, ``(batch, time, 2 units)``, in [-1, 1].

    Note:
        The weights are the forward layer's four, then the backward layer's.

    Raises:
        ValueError: As the layer of one direction, and for an unknown alignment.
    """

    def __init__(
        self,
        units: int,
        *,
        alignment: Alignment = "aligned",
        output_gate_sees: OutputGateSees = "previous",
        initialisation: Initialisation = "forget_bias_2",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        check_option("alignment", alignment, get_args(Alignment))
        self.alignment: Alignment = alignment
        self.forward, self.backward = (
            PeepholeLSTM(
                units,
                go_backwards=backwards,
                output_gate_sees=output_gate_sees,
                initialisation=initialisation,
                dtype=self.dtype_policy,
                name="backward" if backwards else "forward",
            )
            for backwards in (False, True)
        )

    def build(self, input_shape: tuple[Any, ...]) -> None:
        self.forward.build(input_shape)
        self.backward.build(input_shape)
        self.built = True

    def call(self, x: tf.Tensor, mask: tf.Tensor | None = None) -> tf.Tensor:
        forward, backward = self.forward(x, mask=mask), self.backward(x, mask=mask)
        if self.alignment == "aligned":
            backward = backward[:, ::-1]
        return tf.concat([forward, backward], -1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*input_shape[:-1], 2 * self.forward.units)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "units": self.forward.units,
            "alignment": self.alignment,
            "output_gate_sees": self.forward.output_gate_sees,
            "initialisation": self.forward.initialisation,
        }
