"""Figures of the forensics page: what the printed digits allow, as ranges and boxes."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from replica.figures import CHANCE, COLOURS, PAPER
from replica.forensics import Range, regression_ccc

__all__ = ["gold_deviations", "ratios", "regression_signature", "widths"]

NOT_STATED = "0.35"
POOLINGS = {"pooled": "#0072B2", "mean over recordings": "#D55E00"}


def gold_deviations(rows: pd.DataFrame, shared: Range, ax: Axes) -> Axes:
    """One line a printed row: the deviations of the gold standard that it allows, and what all rows share as a band.

    Args:
        rows: ``low`` and ``high`` in rating units, indexed by label, in the order from top to bottom.
        shared: What they have in common.
        ax: Where to draw.
    """
    ax.axvspan(float(shared.low), float(shared.high), color="#009E73", alpha=0.35, linewidth=0)
    for y, (label, row) in enumerate(rows.iterrows()):
        binds = row["low"] == shared.low or row["high"] == shared.high
        ax.hlines(y, row["low"], row["high"], color="black" if binds else "0.55", linewidth=3 if binds else 2)
        ax.annotate(str(label), (row["high"], y), (5, 0), textcoords="offset points", va="center", fontsize=7.5)
    ax.set(ylim=(len(rows) - 0.4, -0.6), yticks=[], xlabel="deviation of the gold standard (rating units)")
    ax.set_xlim(0, 1.5 * rows["high"].max())
    ax.grid(axis="x", visible=True)
    return ax


def widths(of: Mapping[str, ArrayLike], paper: float, ax: Axes) -> Axes:
    """How wide the shared range comes out in made-up tables, for each way of pooling; the paper's own as a diamond.

    Args:
        of: Widths by the names of ``POOLINGS``, rating units, below 0 where the rows do not meet.
        paper: The paper's.
        ax: Where to draw.
    """
    end = max(float(np.quantile(np.asarray(values, np.float64), 0.98)) for values in of.values())
    bins = np.linspace(0, end, 45).tolist()
    for name, values in of.items():
        weight = np.full(np.shape(values), 1 / np.size(values))
        ax.hist(np.asarray(values), bins, weights=weight, color=POOLINGS[name], alpha=0.6, label=name)
    ax.plot(paper, 0.01, **(PAPER | {"markersize": 8, "clip_on": False, "label": "the paper"}))
    ax.locator_params(axis="x", nbins=5)
    ax.set(xlim=(0, end), xlabel="width of the shared range (rating units)", ylabel="share of made-up tables")
    return ax


def ratios(rows: pd.DataFrame, ax: Axes) -> Axes:
    """Ratio of prediction to gold deviation against the CC, each row a box that its rounding leaves, over the optima.

    Args:
        rows: ``cc_low``, ``cc_high``, ``low``, ``high``, and ``loss``, a name of ``COLOURS`` or ``"not stated"``.
        ax: Where to draw.
    """
    for name, left, right in (("mse", 0.0, 1.0), ("-ccc", 1.0, 1.0), ("mse-cov", 0.0, 1.5)):
        ax.plot([0, 1], [left, right], color=COLOURS[name], linewidth=1)
        at, shift = ((0, left), (4, 3)) if left else ((1, right), (4, -3))
        ax.annotate(name, at, shift, textcoords="offset points", color=COLOURS[name], fontsize=8)
    for _, row in rows.iterrows():
        colour = COLOURS.get(row["loss"], NOT_STATED)
        centre = (row["cc_low"] + row["cc_high"]) / 2
        ax.vlines(centre, row["low"], row["high"], color=colour, linewidth=3.5)
        ax.plot(
            centre, (row["low"] + row["high"]) / 2, **(PAPER | {"markeredgecolor": colour, "markerfacecolor": "white"})
        )
    ax.set(xlim=(0, 1), ylim=(0, 1.5), xlabel="printed CC", ylabel="prediction / gold deviation")
    return ax


def regression_signature(cc: Range, ccc: Range, label: str, ax: Axes) -> Axes:
    """A printed row as the box that its rounding leaves, beside the curve on which a regression scores its own data."""
    low, high = float(cc.low) - 0.002, float(cc.high) + 0.002
    grid = np.linspace(low, high, 50)
    curve = np.asarray(regression_ccc(Range(grid, grid)).low)
    ax.plot(grid, curve, color="#0072B2")
    ax.text(grid[4], curve[4] - 0.0006, "$2r^2 / (1 + r^2)$", color="#0072B2", va="top")
    size = float(cc.high - cc.low), float(ccc.high - ccc.low)
    ax.add_patch(Rectangle((float(cc.low), float(ccc.low)), *size, facecolor=CHANCE, edgecolor="black"))
    ax.annotate(label, (float(cc.low), float(ccc.high)), (0, 4), textcoords="offset points")
    ax.set(xlim=(low, high), ylim=(float(ccc.low) - 0.006, float(ccc.high) + 0.003), xlabel="CC", ylabel="CCC")
    return ax
