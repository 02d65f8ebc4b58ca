"""Figures of what the authors' software computed: what an output sees, how the biases start, where training stops."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

__all__ = ["by_gate", "influence", "stopping"]

GATE_COLOURS = ("#009E73", "#D55E00", "#0072B2", "#CC79A7")  # as in the figure of one cell, section 4.3


def influence(strength: ArrayLike, name: str, ax: Axes) -> Axes:
    """How strongly each output depends on each input frame: the darker the stronger, white where not at all.

    Args:
        strength: ``(output frames, input frames)``, at least 0.
        name: Of the network.
        ax: Where to draw.
    """
    strength = np.asarray(strength, np.float64)
    seen = np.ma.masked_equal(strength, 0.0)
    ax.pcolormesh(np.sqrt(seen / strength.max()), cmap="Blues", vmin=-0.1, vmax=1.0, rasterized=True)
    ax.set(title=name, xlabel="input frame", ylabel="output frame", aspect="equal", xticks=[], yticks=[])
    ax.invert_yaxis()
    ax.grid(visible=False)
    return ax


def by_gate(values: Mapping[str, ArrayLike], means: Mapping[str, Sequence[float]], ax: Axes) -> Axes:
    """Starting values gate by gate: a dot each, their mean with its interval as a bar beside them.

    Args:
        values: The values by the name of their gate.
        means: Mean, low and high of each.
        ax: Where to draw.
    """
    for x, ((name, those), colour) in enumerate(zip(values.items(), GATE_COLOURS, strict=True)):
        those = np.sort(np.asarray(those))
        spread = 0.16 * np.cos(np.arange(len(those)) * 2.4)  # apart from each other, the same at every drawing
        ax.plot(x + spread, those, "o", color=colour, alpha=0.6, markersize=4)
        mean, low, high = means[name]
        ax.vlines(x + 0.32, low, high, color="black", linewidth=2)
        ax.plot(x + 0.32, mean, "o", color="black", markersize=6)
    for level in (0, 2):
        ax.axhline(level, color="0.5", linewidth=0.8, linestyle=":")
    ax.set(xticks=range(len(values)), ylabel="bias at the start", xlim=(-0.5, len(values) - 0.4))
    ax.set_xticklabels(list(values))
    return ax


def stopping(dev_loss: ArrayLike, every: int, kept: int, ends: Mapping[str, int], ax: Axes) -> Axes:
    """The dev loss at each look, the look that is kept in a ring, and where each reading of the rule would stop.

    Args:
        dev_loss: Loss at each look, the first before any training.
        every: Epochs between two looks.
        kept: Index of the look whose weights are kept.
        ends: Epoch of the stop by the name of its reading.
        ax: Where to draw.
    """
    dev_loss = np.asarray(dev_loss)
    ax.plot(every * np.arange(len(dev_loss)), dev_loss, "o-", color="#D55E00")
    ax.plot(every * kept, dev_loss[kept], "o", color="#D55E00", markersize=12, markerfacecolor="none")
    for height, (name, epoch) in enumerate(ends.items()):
        ax.axvline(epoch, color="0.4", linewidth=1, linestyle="--")
        ax.annotate(name, (epoch, 0.97 - 0.1 * height), (-4, 0), xycoords=("data", "axes fraction"),
                    textcoords="offset points", va="top", ha="right")  # fmt: skip
    ax.set(xlabel="epoch", ylabel="loss on dev")
    return ax
