"""Losses that compare frame by frame (equations 3 and 4, section 4.4)."""

import math

import keras
from keras import KerasTensor as Tensor
from keras import ops

from replica.conventions import CHANNEL, TIME

__all__ = ["mae", "mse", "tube"]


@keras.saving.register_keras_serializable("replica")
def mse(gold: Tensor, prediction: Tensor, *, pooled: bool = False) -> Tensor:
    r"""Mean square error of each sequence.

    .. math:: \frac{1}{T} \sum_t (y_t - \hat y_t)^2

    Source: equations 3 and 4, section 4.4.

    Args:
        gold: Gold standard, ``(batch, time, 1)``, rating units in [-1, 1].
        prediction: Same shape and units. Recordings must be unpadded.
        pooled: Whether the mean runs over the whole batch, with the one value returned for every sequence.

    Returns:
        ``(batch,)``, squared rating units.

    Raises:
        ValueError: If the shapes differ or hold more than one channel.
    """
    check_paired_sequences(gold, prediction)
    return mean_over_time(ops.square(gold - prediction), pooled=pooled)


@keras.saving.register_keras_serializable("replica")
def mae(gold: Tensor, prediction: Tensor, *, pooled: bool = False) -> Tensor:
    r"""Mean absolute error of each sequence.

    .. math:: \frac{1}{T} \sum_t |y_t - \hat y_t|

    Source: equations 3 and 4, section 4.4.

    Args:
        gold: Gold standard, ``(batch, time, 1)``, rating units in [-1, 1].
        prediction: Same shape and units. Recordings must be unpadded.
        pooled: Whether the mean runs over the whole batch, with the one value returned for every sequence.

    Returns:
        ``(batch,)``, rating units.

    Raises:
        ValueError: If the shapes differ or hold more than one channel.
    """
    check_paired_sequences(gold, prediction)
    return mean_over_time(ops.abs(gold - prediction), pooled=pooled)


@keras.saving.register_keras_serializable("replica")
def tube(gold: Tensor, prediction: Tensor, *, width: float = 0.05, pooled: bool = False) -> Tensor:
    r"""Mean absolute error of each sequence, less a tube in which an error counts nothing.

    .. math:: \frac{1}{T} \sum_t \max(0, |y_t - \hat y_t| - \mathrm{tube})

    Source: equations 3 and 4, section 4.4; the width 0.05 stands in the heads of Tables 4 and 5.

    Args:
        gold: Gold standard, ``(batch, time, 1)``, rating units in [-1, 1].
        prediction: Same shape and units. Recordings must be unpadded.
        width: Half width of the tube, rating units, at least 0.
        pooled: Whether the mean runs over the whole batch, with the one value returned for every sequence.

    Returns:
        ``(batch,)``, rating units.

    Raises:
        ValueError: If the shapes differ or hold more than one channel, or the width is negative.
    """
    if not 0.0 <= width < math.inf:
        raise ValueError(
            "The tube's width is a distance of ratings, at least 0. "
            f"Received width={width}. "
            "Pass a width such as 0.05, or use mae for no tube."
        )
    check_paired_sequences(gold, prediction)
    return mean_over_time(ops.relu(ops.abs(gold - prediction) - width), pooled=pooled)


def mean_over_time(frames: Tensor, *, pooled: bool) -> Tensor:
    """Mean of each sequence ``(batch, time, 1)``, or of the whole batch for every sequence: ``(batch,)`` either way."""
    if pooled:
        return ops.mean(frames) * ops.ones_like(frames[:, 0, 0])
    return ops.mean(frames, axis=(TIME, CHANNEL))


def check_paired_sequences(gold: Tensor, prediction: Tensor) -> None:
    """Raise unless both are ``(batch, time, 1)``; a size unknown while a graph is traced fits any size."""
    shapes = tuple(gold.shape), tuple(prediction.shape)
    paired = all(len(shape) == 3 and shape[CHANNEL] == 1 for shape in shapes)
    if not paired or any(a != b for a, b in zip(*shapes, strict=True) if None not in (a, b)):
        raise ValueError(
            "Losses take two tensors of one shape (batch, time, 1). "
            f"Received gold {shapes[0]} and prediction {shapes[1]}. "
            "For two targets, give arousal and valence one loss each."
        )
