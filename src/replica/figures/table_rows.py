"""Figures of the tables of section 5: their rows as dots, with what chance and a ridge regression score."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from replica.figures import CHANCE, COLOURS

__all__ = ["key", "panels", "rows"]

SECOND = ("multi-task", "new structure")  # what a section adds to the network of the sections before


def rows(summary: pd.DataFrame, ax: Axes) -> Axes:
    """One line for each row of a table, with a dot for each kind of system on it.

    Args:
        summary: As :meth:`replica.experiments.recorded.Recorded.summary` gives it, of systems that are named by row
            and kind: CCC on dev and on test, the ends of the 95 % interval of the latter, and chance.
        ax: Where to draw.
    """
    labels, kinds = (list(dict.fromkeys(summary.index.get_level_values(level))) for level in (0, 1))
    step = 0.8 / len(kinds)
    for name, row in zip(summary.index.to_list(), summary.to_dict("records"), strict=True):
        label, kind = name
        y, colour = labels.index(label) + step * (kinds.index(kind) - (len(kinds) - 1) / 2), colour_of(kind)
        ax.barh(y, max(row["chance"], 0.0), 0.85 * step, color=CHANCE, zorder=0)
        ax.hlines(y, row["low"], row["high"], color=colour, linewidth=2)
        ax.plot(row["dev CCC"], y, "|", color=colour, markersize=9, markeredgewidth=1.5)
        ax.plot(row["test CCC"], y, "o", color=colour, markersize=6)
    ax.axvline(0, color="0.4", linewidth=0.8)
    ax.set(yticks=range(len(labels)), ylim=(len(labels) - 0.5, -0.5), xlabel="CCC")
    ax.set_yticklabels(labels)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", visible=True)
    return ax


def panels(summary: Mapping[str, pd.DataFrame], figure: Figure) -> Figure:
    """One panel of :func:`rows` for each emotion dimension, on common axes, with one :func:`key`."""
    axes = figure.subplots(1, len(summary), sharex=True, sharey=True)
    for (dimension, of_dimension), ax in zip(summary.items(), axes, strict=True):
        rows(of_dimension, ax).set(xlabel=f"CCC, {dimension}")
    return key(of_dimension, figure)


def key(summary: pd.DataFrame, figure: Figure) -> Figure:
    """What the marks of :func:`rows` are, in one line above all axes of the figure."""
    kinds = list(dict.fromkeys(summary.index.get_level_values(1)))
    dots = [Line2D([], [], marker="o", linewidth=2, color=colour_of(kind), label=kind) for kind in kinds]
    dev = Line2D([], [], marker="|", linestyle="none", markersize=9, markeredgewidth=1.5, color="0.2", label="dev")
    handles = [*dots, dev, Patch(color=CHANCE, label="chance")]
    figure.legend(handles=handles, ncols=len(handles), loc="outside upper left")
    return figure


def colour_of(kind: str) -> str:
    """The ridge is grey as everywhere, what a section adds orange, the network that it adds to blue."""
    return COLOURS.get(kind, "#D55E00" if kind in SECOND else "#0072B2")
