"""Figure of the simulated world: what CCC becomes as cues show more and raters answer later."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replica.experiments import effect_and_delay as experiment
from replica.figures import CHANCE, COLOURS

__all__ = ["against", "panels"]

# A loss keeps its colour; the second direction is told by its mark and line.
STYLES: dict[str, dict[str, Any]] = {
    experiment.MSE: {"color": COLOURS["mse"], "marker": "o"},
    experiment.CCC: {"color": COLOURS["-ccc"], "marker": "o"},
    experiment.BLSTM: {"color": COLOURS["-ccc"], "marker": "s", "markerfacecolor": "none", "linestyle": ":"},
    experiment.RIDGE: {"color": COLOURS["ridge"], "marker": "o", "linestyle": "--"},
}
LABELS = {"effect": "effect (1: the corpus)", "delay_seconds": "raters' delay (s)"}


def against(rows: pd.DataFrame, option: str, ax: Axes) -> Axes:
    """Test CCC against one number of the simulated world: a line a system, with 95 % intervals.

    A grey bar reaches as high as chance does for any of the systems.

    Args:
        rows: :meth:`~replica.experiments.recorded.Recorded.summary` of :mod:`replica.experiments.effect_and_delay`.
        option: Which number, ``"effect"`` or ``"delay_seconds"``.
        ax: Where to draw.
    """
    of_option = rows.loc[option]
    values = np.array(experiment.VALUES[option])
    step = values.max() / 40  # between the marks of two systems
    for k, (name, style) in enumerate(STYLES.items()):
        of = of_option.xs(name, level=1).loc[values]
        x = values + step * (k - 1.5)
        ax.vlines(x, of["low"], of["high"], color=style["color"], linewidth=2)
        ax.plot(x, of["test CCC"], markersize=5, label=name, **style)
    chance = of_option["chance"].groupby(level=0).max().loc[values]
    ax.bar(values, chance.clip(lower=0.0), 6 * step, color=CHANCE, zorder=0, label="chance")
    ax.axhline(0, color="0.4", linewidth=0.8)
    ax.set(xticks=values, xlabel=LABELS[option], ylabel="test CCC")
    return ax


def panels(rows: Mapping[str, pd.DataFrame], figure: Figure) -> Figure:
    """A row of panels for each emotion dimension, effect on the left, delay on the right, and one key above all."""
    axes = figure.subplots(len(rows), len(experiment.VALUES), sharey="row", squeeze=False)
    for dimension, row in zip(rows, axes, strict=True):
        for option, ax in zip(experiment.VALUES, row, strict=True):
            against(rows[dimension], option, ax).set(ylabel=f"test CCC, {dimension}" if ax is row[0] else "")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, ncols=3, loc="outside upper left")
    return figure
