"""The optimiser of section 5, "rmsprop with nesterov momentum", as the authors' libraries computed it."""

import math
from typing import Any

import keras
import tensorflow as tf
from keras import ops

__all__ = ["DownhillRMSprop", "get"]


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
        half_life: Updates after which a gradient counts half in the running averages m and v; positive.
        regulariser: The constant under the root; positive.
        **kwargs: Those of :class:`keras.optimizers.Optimizer`.

    Raises:
        ValueError: For a momentum, half-life or regulariser out of range.

    Note:
        In float32 the variance v - m^2 of a nearly constant gradient can round below zero, which would give NaN; it
        is cut off at 0, where the root's constant takes over.
    """

    def __init__(
        self,
        learning_rate: float = 1e-4,
        momentum: float = 0.9,
        nesterov: bool = True,
        *,
        half_life: float = 14,
        regulariser: float = 1e-8,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum lies in [0, 1). Received momentum={momentum}. The paper's value is 0.9.")
        if not half_life > 0:
            raise ValueError(f"half_life is positive. Received half_life={half_life}. Downhill's value is 14 updates.")
        if not regulariser > 0:
            raise ValueError(f"regulariser is positive. Received regulariser={regulariser}. Downhill's value is 1e-8.")
        self.momentum, self.nesterov = momentum, nesterov
        self.half_life, self.regulariser = half_life, regulariser

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
        keep = math.exp(-math.log(2) / self.half_life)
        self.assign(mean, keep * mean + (1 - keep) * gradient)
        self.assign(mean_square, keep * mean_square + (1 - keep) * ops.square(gradient))
        variance = ops.maximum(mean_square - ops.square(mean), 0)
        delta = -ops.cast(learning_rate, variable.dtype) * gradient / ops.sqrt(variance + self.regulariser)
        self.assign(velocity, self.momentum * velocity + delta)
        self.assign_add(variable, self.momentum * velocity + delta if self.nesterov else velocity)

    def get_config(self) -> dict[str, Any]:
        """The arguments, for saving."""
        return super().get_config() | {
            "momentum": self.momentum,
            "nesterov": self.nesterov,
            "half_life": self.half_life,
            "regulariser": self.regulariser,
        }


_OPTIONS: dict[str, dict[str, Any]] = {
    "downhill": {},
    # Each tensor's gradient is clipped by its own norm, which is what Keras' clipnorm does.
    "theanets_0_5": {"nesterov": False, "half_life": 7, "regulariser": 1e-4, "clipnorm": 1e6},
}


def get(name: str, learning_rate: float = 1e-4) -> DownhillRMSprop:
    """The optimiser of one of the libraries that the authors may have used, both with momentum 0.9.

    Source: section 5 says "rmsprop with nesterov momentum of 0.9", which downhill alone can express; the version of
    the library is not given.

    Args:
        name: ``downhill`` is downhill 0.2, which theanets 0.6 calls; ``theanets_0_5`` is the RmsProp of theanets 0.5.3
            itself: half-life 7, constant 1e-4, plain momentum, each tensor's gradient norm at most 1e6.
        learning_rate: Step size, before momentum.

    Returns:
        A new optimiser, not yet built.

    Raises:
        ValueError: If no optimiser has that name.
    """
    if name not in _OPTIONS:
        raise ValueError(
            "An optimiser is named after the library that computed it. "
            f"Received {name!r}. "
            f"Choose one of {', '.join(_OPTIONS)}."
        )
    return DownhillRMSprop(learning_rate, **_OPTIONS[name])
