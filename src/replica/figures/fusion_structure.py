"""Figures of section 4.5: Figure 2 drawn from a declared run, what each layer sees, and how far back."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyBboxPatch
from numpy.typing import ArrayLike

from replica.runs import Run

__all__ = ["LAYER_COLOURS", "influence_over_time", "layers_see", "network"]

LAYER_COLOURS = ("#0072B2", "#009E73", "#D55E00", "#CC79A7")  # of what enters the first layer, the second, and so on
RISE, BOX, FEATURES_AT, LAYERS_AT, WIDE = 1.5, 0.8, 0.0, 3.6, 2.5


def network(run: Run, widths: Mapping[str, int], ax: Axes) -> Axes:
    """The paper's Figure 2 for any declared network: hidden layers from the bottom up, and what enters each.

    Args:
        run: The network; where its ``enters`` is empty, all features enter the first layer.
        widths: Numbers a frame of each of its feature sets.
        ax: Where to draw.
    """
    enters = run.enters or (1,) * len(run.features)
    for layer, units in enumerate(run.layer_sizes, start=1):
        y, colour = RISE * (layer - 1), LAYER_COLOURS[(layer - 1) % len(LAYER_COLOURS)]
        own = [name for name, at in zip(run.features, enters, strict=True) if at == layer]
        if own:
            named = "\n".join(f"{name}  {widths[name]}" for name in own)
            _box(FEATURES_AT, y, named, colour, ax, filled=True)
            _arrow((FEATURES_AT + WIDE, y), (LAYERS_AT, y), ax)
        _box(LAYERS_AT, y, f"hidden layer {layer}\n{units} LSTM units", colour, ax)
        _arrow((LAYERS_AT + WIDE / 2, y + BOX / 2), (LAYERS_AT + WIDE / 2, y + RISE - BOX / 2), ax, f"{units}")
    top = RISE * len(run.layer_sizes)
    _box(LAYERS_AT, top, ", ".join(run.dimensions), "0.3", ax)
    ax.set(xlim=(-0.1, LAYERS_AT + WIDE + 0.1), ylim=(-0.6, top + 0.6))
    ax.set_axis_off()
    return ax


def layers_see(seen: pd.DataFrame, ax: Axes) -> Axes:
    """Which feature sets each hidden layer depends on: a row a layer, the first at the bottom; filled where it does."""
    for y in range(len(seen)):
        for x in range(seen.shape[1]):
            on = bool(seen.iloc[y, x])
            ax.plot(x, y, "s", markersize=22, color="#0072B2" if on else "white", markeredgecolor="0.6")
    ax.set(xticks=range(seen.shape[1]), yticks=range(len(seen)), xlim=(-0.6, seen.shape[1] - 0.4))
    ax.set(ylim=(-0.6, len(seen) - 0.4))
    ax.set_xticklabels(list(seen.columns))
    ax.set_yticklabels(list(seen.index))
    ax.tick_params(length=0)
    ax.grid(visible=False)
    return ax


def influence_over_time(profiles: Mapping[str, ArrayLike], colours: Mapping[str, str], ax: Axes) -> Axes:
    """How strongly the last output depends on each earlier frame of a feature set, as a share of the strongest.

    Args:
        profiles: By feature set, the influence of the frame itself, of one frame earlier, and so on.
        colours: By feature set.
        ax: Where to draw.
    """
    for k, (name, profile) in enumerate(profiles.items()):
        share = np.asarray(profile) / np.max(profile)
        ax.plot(share, color=colours[name])
        level = 0.65 - 0.13 * k  # each name at another height, beside where its curve falls through it
        at = int(np.flatnonzero(share >= level)[-1])
        ax.annotate(name, (at, level), (5, 0), textcoords="offset points", color=colours[name], va="center")
    ax.set(xlabel="frames before the output", ylabel="influence / its greatest", ylim=(0, 1.05))
    ax.set_xlim(left=0)
    return ax


def _box(x: float, y: float, text: str, colour: str, ax: Axes, *, filled: bool = False) -> None:
    style = {"boxstyle": "round,pad=0,rounding_size=0.12", "edgecolor": colour, "linewidth": 1.6}
    face = (*to_rgb(colour), 0.15) if filled else "white"
    ax.add_patch(FancyBboxPatch((x, y - BOX / 2), WIDE, BOX, facecolor=face, **style))  # type: ignore[arg-type]
    ax.text(x + WIDE / 2, y, text, ha="center", va="center", fontsize=9)


def _arrow(start: tuple[float, float], end: tuple[float, float], ax: Axes, text: str = "") -> None:
    ax.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": "0.3", "shrinkA": 1, "shrinkB": 1})
    ax.text(start[0] + 0.1, (start[1] + end[1]) / 2, text, fontsize=8, color="0.3", va="center")
