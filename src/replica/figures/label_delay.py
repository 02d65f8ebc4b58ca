"""Figure of section 5.4: which network needs to be told that raters answer late."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replica.figures import CHANCE

__all__ = ["NETWORK_COLOURS", "by_delay", "panels"]

NETWORK_COLOURS = {"LSTM": "#0072B2", "BLSTM": "#D55E00", "BLSTM unreversed": "#009E73"}


def by_delay(rows: pd.DataFrame, ridge: float, ax: Axes) -> Axes:
    """Test CCC against the label delay, a line for each network, with intervals, chance and a ridge regression.

    Args:
        rows: As :func:`replica.experiments.sec5_4_bidirectional.by_delay` gives them.
        ridge: CCC of the ridge regression, which knows no delay.
        ax: Where to draw.
    """
    delays = rows.index.get_level_values("delay").unique()
    for k, (network, colour) in enumerate(NETWORK_COLOURS.items()):
        if network not in rows.index:
            continue
        of = rows.loc[network]
        x = of.index + 0.18 * (k - 1)
        ax.vlines(x, of["low"], of["high"], color=colour, linewidth=2)
        ax.plot(x, of["test CCC"], "o-", color=colour, markersize=6, label=network)
    chance = rows["chance"].groupby(level="delay").max()
    ax.bar(delays, chance.clip(lower=0.0), 0.7, color=CHANCE, zorder=0, label="chance")
    ax.axhline(ridge, color="0.35", linestyle="--", linewidth=1.2, label="ridge")
    ax.axhline(0, color="0.4", linewidth=0.8)
    ax.set(xticks=np.asarray(delays), xlim=(-0.7, max(delays) + 0.7), xlabel="label delay (s)", ylabel="test CCC")
    return ax


def panels(rows: Mapping[str, pd.DataFrame], ridge: Mapping[str, float], figure: Figure) -> Figure:
    """One panel of :func:`by_delay` for each emotion dimension, on a common axis, and what the marks are above all."""
    axes = figure.subplots(1, len(rows), sharey=True)
    for dimension, ax in zip(rows, axes, strict=True):
        by_delay(rows[dimension], ridge[dimension], ax).set(ylabel=f"test CCC, {dimension}")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, ncols=len(labels), loc="outside upper left")
    return figure
