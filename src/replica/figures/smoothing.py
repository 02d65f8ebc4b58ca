"""Figures of section 4.6: what exponential smoothing does to a prediction."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from replica.figures import GOLD

__all__ = ["DIRECTION_COLOURS", "score_by_alpha", "score_by_lag", "smoothed_sequence", "weights"]

DIRECTION_COLOURS = {"forward": "#0072B2", "backward": "#D55E00"}


def weights(seconds_ago: ArrayLike, weight: Mapping[float, ArrayLike], ax: Axes) -> Axes:
    """Draw the weight of each past frame in the smoothed value, relative to that of the present frame.

    Args:
        seconds_ago: Age of each frame, ``(frames,)``, rising from 0.
        weight: Smoothing factor alpha to relative weights ``(frames,)``.
        ax: Where to draw.

    Returns:
        The axis.
    """
    seconds_ago = np.asarray(seconds_ago)
    for alpha, values in weight.items():
        (line,) = ax.plot(seconds_ago, np.asarray(values), marker=".")
        half = int(np.argmin(np.abs(np.asarray(values) - 0.5)))
        place = seconds_ago[half], np.asarray(values)[half]
        ax.annotate(f"$\\alpha$ = {alpha:g}", place, (6, 2), textcoords="offset points", color=line.get_color())
    ax.set(xlabel="age of the frame (seconds)", ylabel="weight relative to now")
    return ax


def smoothed_sequence(
    seconds: ArrayLike, gold: ArrayLike, prediction: ArrayLike, smoothed: Mapping[str, ArrayLike], ax: Axes
) -> Axes:
    """Draw a gold standard, a noisy prediction of it, and the prediction smoothed in each direction.

    Args:
        seconds: Time of each frame, ``(frames,)``.
        gold: Gold standard, ``(frames,)``, rating units.
        prediction: Raw prediction, ``(frames,)``, rating units.
        smoothed: Direction to smoothed prediction ``(frames,)``.
        ax: Where to draw.

    Returns:
        The axis.
    """
    ax.plot(seconds, prediction, color="0.8", linewidth=0.7, label="prediction")
    ax.plot(seconds, gold, color=GOLD, label="gold standard")
    for direction, values in smoothed.items():
        ax.plot(seconds, values, color=DIRECTION_COLOURS[direction], label=f"smoothed {direction}")
    ax.set(xlabel="time (seconds)", ylabel="arousal")
    ax.legend(ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return ax


def score_by_alpha(alphas: ArrayLike, ccc: Mapping[str, ArrayLike], ax: Axes) -> Axes:
    """Draw the CCC against the smoothing factor, one line for each direction, with a dot at the best factor.

    Args:
        alphas: Smoothing factors, ``(factors,)``.
        ccc: Direction to CCC ``(factors,)``.
        ax: Where to draw.

    Returns:
        The axis.
    """
    alphas = np.asarray(alphas)
    for direction, values in ccc.items():
        best = int(np.argmax(values))
        ax.semilogx(alphas, values, color=DIRECTION_COLOURS[direction])
        ax.plot(alphas[best], np.asarray(values)[best], "o", color=DIRECTION_COLOURS[direction])
    ax.set(xlabel="smoothing factor $\\alpha$", ylabel="CCC", xticks=(0.01, 0.1, 1.0), xticklabels=("0.01", "0.1", "1"))
    return ax


def score_by_lag(lags: ArrayLike, ccc: Mapping[str, ArrayLike], ax: Axes) -> Axes:
    """Draw the best CCC against the lag of the prediction behind the gold standard.

    Args:
        lags: Seconds by which the prediction comes late, ``(lags,)``; negative ones come early.
        ccc: Direction, or ``raw``, to CCC ``(lags,)``; its name stands at the line's right end.
        ax: Where to draw.

    Returns:
        The axis.
    """
    lags = np.asarray(lags)
    for name, values in ccc.items():
        colour = DIRECTION_COLOURS.get(name, "0.55")
        place = lags[-1], np.asarray(values)[-1]
        ax.plot(lags, values, color=colour)
        ax.annotate(name, place, (5, 0), textcoords="offset points", color=colour, va="center")
    ax.set(xlabel="lag of the prediction behind the gold standard (seconds)", ylabel="CCC")
    return ax
