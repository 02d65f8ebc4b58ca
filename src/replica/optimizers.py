"""The optimiser of section 5, "rmsprop with nesterov momentum", as the authors' library downhill 0.2 computes it."""

import math
from typing import Any

import keras
import tensorflow as tf
from keras import ops

HALF_LIFE = 14  # updates after which a gradient counts half in the running averages
REGULARISER = 1e-8  # under the root


@keras.saving.register_keras_serializable("replica")
class DownhillRMSprop(keras.optimizers.Optimizer):
    r"""Centred RMSProp, then momentum on the scaled step; its defaults are section 5's.

    .. math::

        m &\leftarrow \gamma m + (1 - \gamma) g, \qquad v \leftarrow \gamma v + (1 - \gamma) g^2, \qquad
        \gamma = 2^{-1/14} \\
        \delta &= -\eta \, g / \sqrt{v - m^2 + 10^{-8}} \\
        u &\leftarrow \mu u + \delta \\
        \theta &\leftarrow \theta + \mu u + \delta \text{ (Nesterov)} \quad\text{or}\quad \theta + u \text{ (plain)}

    Source: section 5 for the learning rate, the momentum and Nesterov; the rest is downhill 0.2, the optimiser behind
    theanets. ``keras.optimizers.RMSprop`` is another algorithm: it adds its constant outside the root, forgets with
    0.9 an update and has no Nesterov step.

    Args:
        learning_rate: Step size, before momentum.
        momentum: Share of the last velocity that is kept, in [0, 1).
        nesterov: Whether a step looks ahead along the new velocity.
        **kwargs: Those of :class:`keras.optimizers.Optimizer`.

    Note:
        In float32 the variance v - m^2 of a nearly constant gradient can round below zero, which would give NaN; it
        is cut off at 0, where the root's constant takes over.
    """

    def __init__(
        self, learning_rate: float = 1e-4, momentum: float = 0.9, nesterov: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum lies in [0, 1). Received momentum={momentum}. The paper's value is 0.9.")
        self.momentum, self.nesterov = momentum, nesterov

    def build(self, variables: list[keras.Variable]) -> None:
        """Make m, v and u of each variable, all zero."""
        if self.built:
            return
        super().build(variables)
        self.mean, self.mean_square, self.velocity = self.add_optimizer_variables(
            variables, ["mean", "mean_square", "velocity"]
        )

    def update_step(self, gradient: tf.Tensor, variable: keras.Variable, learning_rate: tf.Tensor) -> None:
        """One update of one variable."""
        index = self._get_variable_index(variable)
        mean, mean_square, velocity = self.mean[index], self.mean_square[index], self.velocity[index]
        keep = math.exp(-math.log(2) / HALF_LIFE)
        self.assign(mean, keep * mean + (1 - keep) * gradient)
        self.assign(mean_square, keep * mean_square + (1 - keep) * ops.square(gradient))
        variance = ops.maximum(mean_square - ops.square(mean), 0)
        delta = -ops.cast(learning_rate, variable.dtype) * gradient / ops.sqrt(variance + REGULARISER)
        self.assign(velocity, self.momentum * velocity + delta)
        self.assign_add(variable, self.momentum * velocity + delta if self.nesterov else velocity)

    def get_config(self) -> dict[str, Any]:
        """The arguments, for saving."""
        return super().get_config() | {"momentum": self.momentum, "nesterov": self.nesterov}
