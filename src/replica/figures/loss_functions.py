"""Figures of section 4.4: what each loss function asks for."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from replica.figures import COLOURS, GOLD, PAPER

__all__ = ["along_scale", "gradient", "labelled_curves", "numerical_optima", "printed_rows", "sequence"]

UNNAMED = "0.55"  # a curve that is none of the six losses, such as -cov


def labelled_curves(
    x: ArrayLike, curves: Mapping[str, ArrayLike], ax: Axes, labels_at: Mapping[str, tuple[float, str]] | None = None
) -> Axes:
    """Draw one line for each loss, with its name beside it.

    Args:
        x: Common abscissa, ``(points,)``.
        curves: Name to ordinates ``(points,)``. Losses joined by commas have the colour of the first.
        ax: Where to draw.
        labels_at: Name to an abscissa and ``"above"`` or ``"below"``; other names stand at the line's right end.

    Returns:
        The axis.
    """
    x = np.asarray(x)
    sides = {"above": (-4, 2, "right", "bottom"), "below": (4, -2, "left", "top"), "end": (5, 0, "left", "center")}
    for name, curve in curves.items():
        colour = COLOURS.get(name.split(",")[0], UNNAMED)
        at, side = (labels_at or {}).get(name, (float(x[-1]), "end"))
        right, up, ha, va = sides[side]
        point = at, float(np.interp(at, x, np.asarray(curve)))
        ax.plot(x, np.asarray(curve), color=colour)
        ax.annotate(name, point, (right, up), textcoords="offset points", color=colour, ha=ha, va=va, fontsize=9)
    return ax


def along_scale(ratio: ArrayLike, curves: Mapping[str, ArrayLike], ax: Axes) -> Axes:
    """Draw losses against the prediction's scale, with a dot at each minimum that lies inside the range.

    Args:
        ratio: Deviation of the prediction over that of the gold standard, ``(points,)``.
        curves: Name to loss ``(points,)``.
        ax: Where to draw.

    Returns:
        The axis.
    """
    ratio = np.asarray(ratio)
    labelled_curves(ratio, curves, ax)
    for name, curve in curves.items():
        lowest = int(np.argmin(curve))
        if 0 < lowest < len(ratio) - 1:
            ax.plot(ratio[lowest], np.asarray(curve)[lowest], "o", color=COLOURS.get(name, UNNAMED))
    ax.set(xlabel="deviation of the prediction / deviation of the gold standard", ylabel="loss")
    return ax


def numerical_optima(rho: ArrayLike, found: Mapping[str, ArrayLike], ax: Axes) -> Axes:
    """Add the optima that a search found, as one row of dots for each loss; of equal ones the later dot is smaller.

    Args:
        rho: Correlations, ``(points,)``.
        found: Loss to best ratio of deviations ``(points,)``.
        ax: Where to draw.

    Returns:
        The axis.
    """
    for size, (name, ratio) in zip(np.linspace(9, 3, len(found)), found.items(), strict=True):
        ax.plot(rho, ratio, "o", color=COLOURS[name], markersize=size)
    return ax


def printed_rows(rows: pd.DataFrame, ax: Axes) -> Axes:
    """Add rows of the paper's tables as hollow markers, with what rounding leaves open as a bar.

    Args:
        rows: Columns ``cc``, ``ratio``, ``low``, ``high`` and ``loss``; a loss that the paper does not state is grey.
        ax: Where to draw.

    Returns:
        The axis.
    """
    for loss, group in rows.groupby("loss"):
        colour = COLOURS.get(str(loss), "0.35")
        marker = {**PAPER, "markeredgecolor": colour, "markerfacecolor": "white"}
        ax.vlines(group["cc"], group["low"], group["high"], color=colour, linewidth=1)
        ax.plot(group["cc"], group["ratio"], **marker)
    return ax


def sequence(seconds: ArrayLike, gold: ArrayLike, prediction: ArrayLike, ax: Axes) -> Axes:
    """Draw a gold standard and a prediction of it over time.

    Args:
        seconds: Time of each frame, ``(frames,)``.
        gold: Gold standard, ``(frames,)``, rating units.
        prediction: Prediction, ``(frames,)``, rating units.
        ax: Where to draw.

    Returns:
        The axis.
    """
    ax.plot(seconds, gold, color=GOLD, label="gold standard")
    ax.plot(seconds, prediction, color=UNNAMED, label="prediction")
    ax.set(ylabel="arousal")
    return ax


def gradient(seconds: ArrayLike, values: ArrayLike, ax: Axes, loss: str) -> Axes:
    """Draw the gradient of one loss with respect to each frame of the prediction.

    Args:
        seconds: Time of each frame, ``(frames,)``.
        values: Gradient, ``(frames,)``.
        ax: Where to draw.
        loss: Name, which gives the colour and is written at the top left.

    Returns:
        The axis.
    """
    colour = COLOURS.get(loss, UNNAMED)
    ax.axhline(0, color="0.8", linewidth=0.8)
    ax.plot(seconds, values, color=colour)
    ax.annotate(loss, (0, 1), (2, -1), "axes fraction", "offset points", color=colour, va="bottom", fontsize=9)
    return ax
