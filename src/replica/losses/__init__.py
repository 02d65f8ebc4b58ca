"""The six losses of section 4.4, by function or by the paper's column name.

Every loss takes ``(gold, prediction, *, pooled=False)`` with two tensors ``(batch, time, 1)`` and returns ``(batch,)``.
Shapes are checked as far as they are known when a graph is traced: a size of None fits any size.
"""

import functools
import re
from typing import Protocol

from keras import KerasTensor as Tensor

from replica.conventions import LOSSES
from replica.losses.correlation import covariance, mse_minus_cov, mse_over_cc_plus_one, negative_ccc
from replica.losses.single_point import mae, mse, tube

__all__ = ["covariance", "get", "mae", "mse", "mse_minus_cov", "mse_over_cc_plus_one", "negative_ccc", "tube"]


class Loss(Protocol):
    """Any function of this package as :func:`get` returns it."""

    def __call__(self, gold: Tensor, prediction: Tensor, *, pooled: bool = False) -> Tensor:
        """Loss of each sequence, ``(batch,)``."""


_BY_NAME: dict[str, Loss] = {
    "mse": mse,
    "mae": mae,
    "tube0.05": tube,  # by its own name, since Keras saves a model's loss by name
    "-ccc": negative_ccc,
    "mse-cov": mse_minus_cov,
    "mse/(cc+1)": mse_over_cc_plus_one,
}


def get(name: str) -> Loss:
    """The loss of a column of Tables 4 and 5.

    Args:
        name: ``mse``, ``mae``, ``tube0.05`` (or ``tube`` with another width), ``-ccc``, ``mse-cov`` or
            ``mse/(cc+1)``.

    Returns:
        The loss function. A model that is compiled with it can be saved and loaded, but for a tube of another width.

    Raises:
        ValueError: If no loss has that name.
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    if match := re.fullmatch(r"tube([0-9]+(?:\.[0-9]+)?)", name):
        return functools.partial(tube, width=float(match[1]))
    raise ValueError(
        "A loss is named as in Tables 4 and 5. "
        f"Received {name!r}. "
        f"Choose one of {', '.join(LOSSES)}; tube takes any width."
    )
