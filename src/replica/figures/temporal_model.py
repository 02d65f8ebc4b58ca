"""Figures of section 4.3: one cell gate by gate, how fast it forgets, what peepholes change, what a direction sees."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from replica.conventions import FRAME_SECONDS

__all__ = ["forgetting", "frames_seen", "peephole_difference", "signal"]


def signal(values: ArrayLike, name: str, ax: Axes, *, colour: str = "black", limits: tuple[float, float]) -> Axes:
    """Draw one quantity of the cell, held for each frame, with its name at the right end.

    Args:
        values: One value for each frame, ``(frames,)``.
        name: Its symbol and what it is.
        ax: Where to draw.
        colour: Of line, area and name.
        limits: Lower and upper end of the vertical axis.

    Returns:
        The axis.
    """
    values = np.asarray(values)
    seconds = np.arange(len(values)) * FRAME_SECONDS
    ax.fill_between(seconds, values, step="post", color=colour, alpha=0.15, linewidth=0)
    ax.step(seconds, values, where="post", color=colour)
    ax.axhline(0, color="0.8", linewidth=0.8, zorder=0)
    low, high = limits
    margin = 0.06 * (high - low)
    ax.set(xlim=(0, seconds[-1] + FRAME_SECONDS), ylim=(low - margin, high + margin), yticks=[*{low, 0, high}])
    ax.annotate(name, (1.01, 0.5), xycoords="axes fraction", color=colour, va="center")
    return ax


def forgetting(measured: Mapping[float, ArrayLike], ax: Axes) -> Axes:
    """Draw what is left of a disturbance in frame 0: a line for the forget gate's bias alone, dots for a network.

    Args:
        measured: For each forget bias, the share that is left in a network, ``(frames,)``, 1 in frame 0.
        ax: Where to draw.

    Returns:
        The axis.
    """
    for (bias, left), colour in zip(measured.items(), ("#0072B2", "#D55E00", "#009E73"), strict=False):
        left = np.asarray(left)
        frames = np.arange(len(left))
        gate = 1 / (1 + np.exp(-bias))
        ax.plot(frames * FRAME_SECONDS, gate**frames, color=colour)
        ax.plot(frames * FRAME_SECONDS, left, "o", color=colour, markersize=3.5)
        at = 3 if gate < 0.6 else 8
        place = (at * FRAME_SECONDS, left[at])
        ax.annotate(f"forget bias {bias:g}", place, (8, 6), textcoords="offset points", color=colour)
    ax.axhline(0.5, color="0.6", linewidth=0.8, linestyle=":")
    ax.set(yscale="log", ylim=(0.009, 1.2), yticks=[0.01, 0.1, 0.5, 1], yticklabels=["0.01", "0.1", "half", "1"])
    ax.set(xlim=(0, None), xlabel="seconds after the disturbance (25 Hz)", ylabel="share that is left")
    return ax


def peephole_difference(deviations: ArrayLike, differences: ArrayLike, ax: Axes) -> Axes:
    """Draw how far outputs move with the cell state that the output gate sees, against the size of the peepholes.

    Args:
        deviations: Deviation of the peepholes' weights, above 0.
        differences: Difference of the outputs as a share of their own deviation over time, same length, above 0.
        ax: Where to draw.

    Returns:
        The axis.
    """
    ax.plot(deviations, differences, "o-", color="#0072B2")
    ax.set(xscale="log", yscale="log", xlabel="deviation of the peepholes' weights")
    ax.set(ylabel="difference / deviation over time")
    return ax


def frames_seen(seen: ArrayLike, name: str, ax: Axes) -> Axes:
    """Draw which input frames each output depends on.

    Args:
        seen: ``(frames, frames)``, true where the output at the first index changes with the input at the second.
        name: Of the network.
        ax: Where to draw.

    Returns:
        The axis.
    """
    ax.pcolormesh(np.asarray(seen, float), cmap="Blues", vmin=0, vmax=1.4, edgecolors="white", linewidth=0.5)
    ax.set(title=name, xlabel="input frame", ylabel="output frame", aspect="equal", xticks=[], yticks=[])
    ax.invert_yaxis()
    ax.grid(visible=False)
    return ax
