"""Figure of the switchboard: how far each open question of the paper moves the CCC."""

import pandas as pd
from matplotlib.axes import Axes

from replica.figures import CHANCE

__all__ = ["moved"]

COLOURS = ("#0072B2", "#D55E00")


def moved(table: pd.DataFrame, smallest: float, ax: Axes) -> Axes:
    """One line a flipped assumption: how far CCC moves, with its interval, one bar for each emotion dimension.

    Args:
        table: ``estimate``, ``low``, ``high``, indexed by assumption and target.
        smallest: A difference below which nothing counts, as a band around 0.
        ax: Where to draw.
    """
    names = list(table.index.unique(0))
    targets = list(table.index.unique(1))
    ax.axvspan(-smallest, smallest, color=CHANCE, linewidth=0)
    for k, (target, colour) in enumerate(zip(targets, COLOURS, strict=False)):
        for y, name in enumerate(names):
            row, at = table.loc[(name, target)], y + 0.24 * (k - (len(targets) - 1) / 2)
            ax.hlines(at, row["low"], row["high"], color=colour, linewidth=2.5)
            ax.plot(row["estimate"], at, "o", color=colour, label=target if y == 0 else None)
    ax.axvline(0, color="0.4", linewidth=0.8)
    ax.set(yticks=range(len(names)), ylim=(len(names) - 0.5, -0.5), xlabel="difference in test CCC")
    ax.set_yticklabels(names)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", visible=True)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return ax
