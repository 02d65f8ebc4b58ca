"""Figures of the claims page."""

import pandas as pd
from matplotlib.axes import Axes

from replica.figures import CHANCE, PAPER


def powers(table: pd.DataFrame, ax: Axes) -> Axes:
    """What nine speakers would hardly show, and the difference that the paper prints.

    Args:
        table: ``printed`` and ``needed``, a row a claim, as :func:`replica.verdicts.powers` gives it; a claim of
            equality, which needs no difference, is left out.
        ax: Where to draw.
    """
    shown = table.dropna(subset=["needed"])
    for y, (_, row) in enumerate(shown.iterrows()):
        ax.fill_between([-row["needed"], row["needed"]], y - 0.35, y + 0.35, color=CHANCE, linewidth=0)
        ax.plot(row["printed"], y, **PAPER)
    ax.axvline(0, color="0.4", linewidth=0.8)
    ax.set(yticks=range(len(shown)), ylim=(len(shown) - 0.5, -0.5), xlabel="difference in CCC")
    ax.set_yticklabels(list(shown.index))
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", visible=True)
    return ax
