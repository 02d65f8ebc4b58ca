"""The LSTM with peepholes of section 4.3: a cell that reads like equation 2, and a layer that computes it fast."""

import math
from collections.abc import Callable
from typing import Any, Literal, get_args

import keras
import tensorflow as tf
from keras import ops

OutputGateSees = Literal["previous", "current", "none"]
Initialisation = Literal["forget_bias_2", "theanets"]


class _PeepholeWeights(keras.layers.Layer):
    """The weights that cell and layer share, and how they start."""

    def __init__(
        self,
        units: int,
        *,
        output_gate_sees: OutputGateSees = "previous",
        initialisation: Initialisation = "forget_bias_2",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        check_option("output_gate_sees", output_gate_sees, get_args(OutputGateSees))
        check_option("initialisation", initialisation, get_args(Initialisation))
        if units < 1:
            raise ValueError(
                f"An LSTM layer needs at least one unit. Received units={units}. Pass a positive whole number."
            )
        self.units = units
        self.output_gate_sees: OutputGateSees = output_gate_sees
        self.initialisation: Initialisation = initialisation

    def build(self, input_shape: tuple[Any, ...]) -> None:
        """Make the weights, for frames of the last axis' width."""
        width, units = input_shape[-1], self.units
        # Both matrices start as in theanets: N(0, 1 / (rows + columns)), with all four blocks counted as columns.
        self.kernel = self.add_weight(
            shape=(width, 4 * units), initializer=_normal(1 / math.sqrt(width + 4 * units)), name="kernel"
        )
        self.recurrent_kernel = self.add_weight(
            shape=(units, 4 * units), initializer=_normal(1 / math.sqrt(5 * units)), name="recurrent_kernel"
        )
        theanets = self.initialisation == "theanets"
        self.bias = self.add_weight(
            shape=(4 * units,), initializer=_normal(1.0, mean=2.0) if theanets else _forget_bias_2, name="bias"
        )
        self.peepholes = self.add_weight(
            shape=(3, units), initializer=_normal(1.0 if theanets else 0.01), name="peepholes"
        )
        self.built = True

    def get_config(self) -> dict[str, Any]:
        """The arguments, for saving."""
        return super().get_config() | {
            "units": self.units,
            "output_gate_sees": self.output_gate_sees,
            "initialisation": self.initialisation,
        }


@keras.saving.register_keras_serializable("replica")
class PeepholeLSTMCell(_PeepholeWeights):
    r"""One time step of equation 2, for reading and for checking :class:`PeepholeLSTM`.

    .. math::

        i_t &= \sigma(W_{xi} x_t + W_{hi} h_{t-1} + w_{ci} c_{t-1} + b_i) \\
        f_t &= \sigma(W_{xf} x_t + W_{hf} h_{t-1} + w_{cf} c_{t-1} + b_f) \\
        c_t &= f_t c_{t-1} + i_t \tanh(W_{xc} x_t + W_{hc} h_{t-1} + b_c) \\
        o_t &= \sigma(W_{xo} x_t + W_{ho} h_{t-1} + w_{co} c_{t-1} + b_o) \\
        h_t &= o_t \tanh(c_t)

    Source: equation 2, section 4.3. The peepholes are diagonal, as in the version that the paper cites. Arguments and
    weights are those of :class:`PeepholeLSTM`; use it inside ``keras.layers.RNN``.
    """

    @property
    def state_size(self) -> list[int]:
        """Widths of h and c."""
        return [self.units, self.units]

    def call(self, x: tf.Tensor, states: list[tf.Tensor]) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """One frame ``(batch, channel)`` and the states h, c to the output h and the next states."""
        h, c = states  # each (batch, units)
        z = ops.matmul(x, self.kernel) + ops.matmul(h, self.recurrent_kernel) + self.bias
        z_input, z_forget, z_cell, z_output = ops.split(z, 4, axis=-1)
        i = ops.sigmoid(z_input + self.peepholes[0] * c)
        f = ops.sigmoid(z_forget + self.peepholes[1] * c)
        c_new = f * c + i * ops.tanh(z_cell)
        # Equation 2 prints c_(t-1) in the output gate; Graves (2013), whom it cites, and theanets use c_t.
        seen = {"previous": c, "current": c_new, "none": ops.zeros_like(c)}[self.output_gate_sees]
        o = ops.sigmoid(z_output + self.peepholes[2] * seen)
        h_new = o * ops.tanh(c_new)
        return h_new, [h_new, c_new]


@keras.saving.register_keras_serializable("replica")
class PeepholeLSTM(_PeepholeWeights):
    """A whole sequence of equation 2, from a zero state; the same function as the cell, several times faster.

    The product with the input is hoisted out of the time loop, and the gradient is written by hand so that its loop
    yields only the gradients before the gates; every weight's gradient is then one matrix product over all frames.
    Made to be compiled by XLA together with the rest of the training step.

    Source: equation 2, section 4.3; the gradient is the chain rule through it.

    Args:
        units: Hidden units, at least 1.
        output_gate_sees: The cell state that the output gate's peephole reads: ``"previous"`` is equation 2 as
            printed, ``"current"`` Graves (2013) and theanets, ``"none"`` no peephole there.
        initialisation: ``"forget_bias_2"`` is section 4.3: bias 2 on the forget gate, 0 elsewhere, peepholes
            N(0, 0.01^2). ``"theanets"`` is what the authors' library did: all biases N(2, 1), peepholes N(0, 1).
        go_backwards: Read the last frame first. Outputs come in the order in which they are computed, the last
            frame's first, as in Keras and theanets; flip them to have them at their frames again.
        **kwargs: Those of :class:`keras.layers.Layer`.

    Call arguments:
        x: ``(batch, time, channel)``; all sequences of a batch are equally long, masks are refused.

    Returns:
        Hidden outputs, ``(batch, time, units)``, in [-1, 1].

    Note:
        Weights, in order: kernel ``(channel, 4 units)``, recurrent kernel ``(units, 4 units)``, bias ``(4 units,)``,
        peepholes ``(3, units)``. Column blocks are input gate, forget gate, cell input, output gate; peephole rows are
        input, forget, output gate.

    Raises:
        ValueError: For an unknown option, fewer than one unit, an input that is not a batch of sequences of one length,
            or a mask.
    """

    def __init__(self, units: int, *, go_backwards: bool = False, **kwargs: Any) -> None:
        super().__init__(units, **kwargs)
        self.go_backwards = go_backwards

    def build(self, input_shape: tuple[Any, ...]) -> None:
        """Make the weights, for sequences ``(batch, time, channel)``."""
        if len(input_shape) != 3 or input_shape[-1] is None:
            raise ValueError(
                "PeepholeLSTM takes a batch of sequences (batch, time, channel) of known width. "
                f"Received an input of shape {tuple(input_shape)}. "
                "Add the missing axis, for one sequence with x[None], for one channel with x[..., None]."
            )
        super().build(input_shape)

    def call(self, x: tf.Tensor, mask: tf.Tensor | None = None) -> tf.Tensor:
        """Sequences ``(batch, time, channel)`` to ``(batch, time, units)``."""
        if mask is not None:
            raise ValueError(
                "PeepholeLSTM has no masks: a masked frame would still enter the moments of the sequence losses. "
                f"Received a mask of shape {tuple(mask.shape)}. "
                "Remove the Masking layer and put recordings of one length into a batch."
            )
        if isinstance(x, tf.RaggedTensor):
            raise ValueError(
                "The sequences of a batch have one length, since a padded frame would enter the losses' moments. "
                f"Received a ragged tensor of shape {tuple(x.shape)}. "
                "Cut the recordings to one length, or pass one recording at a time."
            )
        see = self.output_gate_sees
        x, kernel, recurrent, bias, peepholes = (
            tf.convert_to_tensor(t) for t in (x, self.kernel, self.recurrent_kernel, self.bias, self.peepholes)
        )
        frames = tf.transpose(x, [1, 0, 2])
        if self.go_backwards:
            frames = frames[::-1]
        h = _hoisted_lstm(see)(frames, kernel, recurrent, bias, peepholes)
        return tf.transpose(h, [1, 0, 2])

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The input's shape with units in place of channels."""
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        """The arguments, for saving."""
        return super().get_config() | {"go_backwards": self.go_backwards}


def _hoisted_lstm(output_gate_sees: OutputGateSees) -> Callable[..., tf.Tensor]:
    """Equation 2 over time-major sequences, ``(time, batch, channel)`` to ``(time, batch, units)``."""

    @tf.custom_gradient
    def lstm(
        x: tf.Tensor, kernel: tf.Tensor, recurrent: tf.Tensor, bias: tf.Tensor, peepholes: tf.Tensor
    ) -> tuple[tf.Tensor, Callable[[tf.Tensor], tuple[tf.Tensor, ...]]]:
        h, c, *gates = _forward(_times(x, kernel) + bias, recurrent, peepholes, output_gate_sees)

        def gradient(dh: tf.Tensor) -> tuple[tf.Tensor, ...]:
            h_before, c_before = _delayed(h), _delayed(c)
            dz = _backward(dh, c, c_before, gates, recurrent, peepholes, output_gate_sees)
            dz_input, dz_forget, _, dz_output = tf.split(dz, 4, axis=-1)
            seen = {"previous": c_before, "current": c, "none": tf.zeros_like(c)}[output_gate_sees]
            frames = [0, 1]  # the axes time and batch
            return (
                _times(dz, tf.transpose(kernel)),
                tf.tensordot(x, dz, [frames, frames]),
                tf.tensordot(h_before, dz, [frames, frames]),
                tf.reduce_sum(dz, frames),
                tf.stack(
                    [
                        tf.reduce_sum(dz_input * c_before, frames),
                        tf.reduce_sum(dz_forget * c_before, frames),
                        tf.reduce_sum(dz_output * seen, frames),
                    ]
                ),
            )

        return h, gradient

    return lstm


def _forward(
    z_x: tf.Tensor, recurrent: tf.Tensor, peepholes: tf.Tensor, output_gate_sees: OutputGateSees
) -> list[tf.Tensor]:
    """Hidden outputs, cells, and the gates i, f, tanh(cell input), o; each ``(time, batch, units)``."""

    def step(t: tf.Tensor, h: tf.Tensor, c: tf.Tensor, *out: tf.TensorArray) -> tuple[Any, ...]:
        z_input, z_forget, z_cell, z_output = tf.split(z_x[t] + tf.matmul(h, recurrent), 4, axis=-1)
        i = tf.sigmoid(z_input + peepholes[0] * c)
        f = tf.sigmoid(z_forget + peepholes[1] * c)
        g = tf.tanh(z_cell)
        c_new = f * c + i * g
        if output_gate_sees != "none":
            z_output += peepholes[2] * (c_new if output_gate_sees == "current" else c)
        o = tf.sigmoid(z_output)
        h_new = o * tf.tanh(c_new)
        written = zip(out, (h_new, c_new, i, f, g, o), strict=True)
        return (t + 1, h_new, c_new, *(array.write(t, value) for array, value in written))

    zero, frames = tf.zeros_like(z_x[0, :, : recurrent.shape[0]]), _frames(z_x)
    # One array a gate: XLA would copy the four side by side once more.
    arrays = [tf.TensorArray(z_x.dtype, frames, element_shape=zero.shape) for _ in range(6)]
    _, _, _, *out = tf.while_loop(lambda t, *_: t < frames, step, (0, zero, zero, *arrays))
    return [array.stack() for array in out]


def _backward(
    dh_out: tf.Tensor,
    c: tf.Tensor,
    c_before: tf.Tensor,
    gates: list[tf.Tensor],
    recurrent: tf.Tensor,
    peepholes: tf.Tensor,
    output_gate_sees: OutputGateSees,
) -> tf.Tensor:
    """Gradients before the gates, ``(time, batch, 4 units)``, from those of the hidden outputs."""
    backward_kernel = tf.transpose(recurrent)
    frames = _frames(c)

    def step(t: tf.Tensor, dh: tf.Tensor, dc: tf.Tensor, out: tf.TensorArray) -> tuple[Any, ...]:
        i, f, g, o = (gate[t] for gate in gates)
        tanh_c = tf.tanh(c[t])
        dh += dh_out[t]
        dz_output = dh * tanh_c * o * (1 - o)
        dc += dh * o * (1 - tanh_c**2)
        if output_gate_sees == "current":
            dc += dz_output * peepholes[2]
        dz_input = dc * g * i * (1 - i)
        dz_forget = dc * c_before[t] * f * (1 - f)
        dz_cell = dc * i * (1 - g**2)
        dc_before = dc * f + dz_input * peepholes[0] + dz_forget * peepholes[1]
        if output_gate_sees == "previous":
            dc_before += dz_output * peepholes[2]
        dz = tf.concat([dz_input, dz_forget, dz_cell, dz_output], -1)
        return t - 1, tf.matmul(dz, backward_kernel), dc_before, out.write(t, dz)

    zero = tf.zeros_like(c[0])
    array = tf.TensorArray(c.dtype, frames, element_shape=(c.shape[1], 4 * c.shape[2]))
    _, _, _, dz = tf.while_loop(lambda t, *_: t >= 0, step, (frames - 1, zero, zero, array))
    return dz.stack()


def _frames(sequences: tf.Tensor) -> int | tf.Tensor:
    """The number of time steps of time-major sequences; a Python number where it is known, as XLA wants."""
    return sequences.shape[0] if sequences.shape[0] is not None else tf.shape(sequences)[0]


def _delayed(sequences: tf.Tensor) -> tf.Tensor:
    """The value one step before, zero before the first."""
    return tf.concat([tf.zeros_like(sequences[:1]), sequences[:-1]], 0)


def _times(sequences: tf.Tensor, matrix: tf.Tensor) -> tf.Tensor:
    """One matrix product over all frames of all sequences."""
    return tf.tensordot(sequences, matrix, 1)


def _normal(deviation: float, mean: float = 0.0) -> keras.initializers.Initializer:
    return keras.initializers.RandomNormal(mean, deviation)


def _forget_bias_2(shape: tuple[int, ...], dtype: str | None = None) -> tf.Tensor:
    units = shape[0] // 4
    return ops.concatenate([ops.zeros(units, dtype), 2 * ops.ones(units, dtype), ops.zeros(2 * units, dtype)])


def check_option(argument: str, value: str, known: tuple[str, ...]) -> None:
    """Refuse a word that is not among the known ones."""
    if value not in known:
        raise ValueError(
            f"{argument} is one of {', '.join(known)}. Received {argument}={value!r}. Choose one of those words."
        )
