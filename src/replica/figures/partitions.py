"""Figure of Table 12 (section 5.9): how CCC falls from train over dev to test."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replica.conventions import PARTITIONS
from replica.figures import COLOURS, PAPER

__all__ = ["fall", "panels"]

OURS = ("#0072B2", "#D55E00", "#009E73")


def fall(ccc: pd.DataFrame, ax: Axes) -> Axes:
    """One line a system over the partitions; a partition on which it is not scored is left out.

    Args:
        ccc: A row for each system, a column for each of ``PARTITIONS``. The row *as printed* is drawn as the paper's, a
            ridge grey as everywhere.
        ax: Where to draw.
    """
    ours = iter(OURS)
    for name, row in ccc[list(PARTITIONS)].iterrows():
        style = PAPER | {"linestyle": ":", "color": "0.35"} if name == "as printed" else {"marker": "o"}
        colour = {} if name == "as printed" else {"color": COLOURS.get(str(name)) or next(ours)}
        known = row.dropna()
        ax.plot([PARTITIONS.index(p) for p in known.index], known, label=name, **style | colour)
    ax.axhline(0, color="0.4", linewidth=0.8)
    ax.set(xticks=range(len(PARTITIONS)), xlim=(-0.2, len(PARTITIONS) - 0.8), ylabel="CCC")
    ax.set_xticklabels(PARTITIONS)
    return ax


def panels(ccc: Mapping[str, pd.DataFrame], figure: Figure) -> Figure:
    """One panel of :func:`fall` for each emotion dimension, on a common axis, each with its own systems below it."""
    axes = figure.subplots(1, len(ccc), sharey=True)
    for (dimension, of), ax in zip(ccc.items(), axes, strict=True):
        fall(of, ax).set_title(dimension)
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12))
    return figure
