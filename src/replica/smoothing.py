"""Exponential smoothing of a prediction (section 4.6), and the choice of its smoothing factor by grid search."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import lfilter

from replica.metrics import ccc_pooled

__all__ = ["GRID", "best_alpha", "exponential_smoothing", "time_constant_seconds"]

Direction = Literal["forward", "backward"]

# The paper prints no grid. Its Table 11 holds 0.1 and 0.7, which suggests tenths; below 0.1 the steps are ours, and
# 1 (no smoothing) makes sure that smoothing is only chosen where it helps.
GRID = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def exponential_smoothing(x: ArrayLike, alpha: float, direction: Direction = "forward") -> NDArray[np.float64]:
    r"""Exponentially smoothed sequence.

    .. math:: s_t = \alpha x_t + (1 - \alpha) s_{t-1}, \quad s_1 = x_1

    Source: equation 7, section 4.6.

    Args:
        x: Sequence, ``(frames,)`` or ``(frames, channels)``, rating units.
        alpha: Smoothing factor, 0 < alpha <= 1; 1 does not smooth, a smaller one smooths more.
        direction: ``"forward"`` in time; ``"backward"`` runs from the last frame to the first.

    Returns:
        Smoothed sequence, shape and units of ``x``, float64.

    Raises:
        ValueError: If the sequence has another shape or holds NaN, alpha is out of range or the direction unknown.

    Note:
        The paper starts at the first frame in time, which cannot hold backward: there it is the last frame that
        starts, :math:`s_T = x_T`.
    """
    x = np.asarray(x, np.float64)
    _check(x, alpha, direction)
    if direction == "backward":
        return exponential_smoothing(x[::-1], alpha)[::-1]
    # Equation 7 seen from the first frame: the filter then starts at 0, and a constant stays exactly constant.
    return x[0] + lfilter([alpha], [1.0, alpha - 1.0], x - x[0], axis=0)


def best_alpha(
    golds: Sequence[ArrayLike],
    predictions: Sequence[ArrayLike],
    direction: Direction = "forward",
    grid: Sequence[float] = GRID,
) -> float:
    """The smoothing factor of the grid with the highest pooled CCC.

    Source: section 4.6, "The optimization of alpha is done by grid search".

    Args:
        golds: Gold standards, one ``(frames,)`` for each recording.
        predictions: Raw predictions of the same recordings.
        direction: As :func:`exponential_smoothing`.
        grid: Smoothing factors to try.

    Returns:
        The best factor; of equal ones the largest, which smooths least.

    Raises:
        ValueError: If the CCC is undefined for every factor, or as the functions that it calls.

    Note:
        The value is optimistic on the recordings on which alpha was chosen.
    """

    def score(alpha: float) -> float:
        return ccc_pooled(golds, [exponential_smoothing(x, alpha, direction) for x in predictions])

    scored = [(score(alpha), alpha) for alpha in grid]
    defined = [pair for pair in scored if not math.isnan(pair[0])]
    if not defined:
        raise ValueError(
            "Choosing alpha needs a grid with at least one factor, and recordings whose CCC is defined. "
            f"Received {len(grid)} factors and {len(golds)} recordings, with no defined CCC. "
            "Pass recordings in which the gold standard or the prediction varies."
        )
    return max(defined)[1]


def time_constant_seconds(alpha: float, frame_seconds: float) -> float:
    r"""Time in which the weight of a past frame falls to 1/e.

    .. math:: \tau = -\Delta / \ln(1 - \alpha)

    Source: equation 7 unrolled, where the weight of a frame k frames ago is proportional to (1 - alpha)^k.

    Args:
        alpha: Smoothing factor, 0 < alpha <= 1.
        frame_seconds: Distance of two frames in seconds, above 0.

    Returns:
        Seconds; 0 for alpha 1.

    Raises:
        ValueError: If alpha is out of range or frame_seconds is not above 0.
    """
    _check_alpha(alpha)
    if not 0.0 < frame_seconds < math.inf:
        raise ValueError(
            "The distance of two frames is a time above 0. "
            f"Received frame_seconds={frame_seconds}. "
            "Pass seconds, 0.04 at 25 Hz and 0.2 at 5 Hz."
        )
    return 0.0 if alpha == 1.0 else -frame_seconds / math.log1p(-alpha)


def _check(x: NDArray[np.float64], alpha: float, direction: str) -> None:
    if x.ndim not in (1, 2) or len(x) == 0 or not np.isfinite(x).all():
        raise ValueError(
            "Smoothing takes finite values, (frames,) or (frames, channels), with at least one frame. "
            f"Received shape {x.shape} with {np.count_nonzero(~np.isfinite(x))} values NaN or infinite. "
            "Smooth one recording at a time, and repair NaN first: one would spread over all later frames."
        )
    _check_alpha(alpha)
    if direction not in ("forward", "backward"):
        raise ValueError(
            "Smoothing runs forward or backward in time. "
            f"Received direction={direction!r}. "
            'Pass direction="forward" or direction="backward".'
        )


def _check_alpha(alpha: float) -> None:
    if not 0.0 < alpha <= 1.0:
        raise ValueError(
            "The smoothing factor alpha lies above 0 and at most at 1. "
            f"Received alpha={alpha}. "
            "Pass 1 for no smoothing, or a smaller factor such as 0.1 to smooth more."
        )
