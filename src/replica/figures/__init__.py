"""Figures of the book, one module a section. Each function takes data and an axis, draws, and returns the axis."""

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from matplotlib_inline.backend_inline import set_matplotlib_formats

GOLD = "black"  # the gold standard, everywhere
PAPER: dict[str, Any] = {"marker": "D", "markerfacecolor": "none", "markeredgecolor": "0.35", "linestyle": "none"}
CHANCE = "0.85"  # a band of what shifted labels score

# A feature set and a loss keep their colour throughout the book.
COLOURS = {
    "mse": "#0072B2",
    "mae": "#56B4E9",
    "tube0.05": "#009E73",
    "-ccc": "#D55E00",
    "mse-cov": "#CC79A7",
    "mse/(cc+1)": "#E69F00",
    "ridge": "0.35",
}


def use_style() -> None:
    """Draw as the book does: its style, and SVG that is the same from run to run."""
    plt.style.use(Path(__file__).with_name("replica.mplstyle"))
    set_matplotlib_formats("svg", metadata={"Date": None})
