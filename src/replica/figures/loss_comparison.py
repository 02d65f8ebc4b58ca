"""Figures of section 5.3: the loss table, the claims' effects, and one training looked at closely."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from replica.figures import CHANCE, COLOURS, GOLD, PAPER
from replica.statistics import Interval


def loss_table(
    table: pd.DataFrame, intervals: Mapping[str, Interval], chance: pd.Series, paper: pd.Series | None, ax: Axes
) -> Axes:
    """One column a system: each rotation, their mean with its interval, chance, and what the paper prints.

    Args:
        table: CCC; a row for each rotation, the last one for their mean; a column for each system.
        intervals: 95 % interval of each system's mean.
        chance: 97.5 % point of each system's mean against shifted labels.
        paper: The paper's average of each loss, or None.
        ax: Where to draw.
    """
    for x, name in enumerate(table.columns):
        colour = COLOURS[name]
        rotations = table[name].iloc[:-1]
        ax.bar(x, max(chance[name], 0.0), 0.76, color=CHANCE, zorder=0)
        spread = np.linspace(-0.16, 0.16, len(rotations)) if len(rotations) > 1 else np.zeros(1)
        ax.plot(x + spread, rotations, ".", color=colour, alpha=0.55, markersize=6)
        ax.vlines(x, intervals[name].low, intervals[name].high, color=colour, linewidth=2.5)
        ax.plot(x, intervals[name].estimate, "o", color=colour, markersize=8)
        if paper is not None and name in paper:
            ax.plot(x + 0.3, paper[name], **PAPER)
    ax.axhline(0, color="0.4", linewidth=0.8)
    ax.set(xticks=range(table.shape[1]), xlim=(-0.6, table.shape[1] - 0.4), ylabel="CCC")
    ax.set_xticklabels(list(table.columns))
    ax.tick_params(axis="x", length=0)
    return ax


def leads(dev: pd.Series, test: pd.Series, paper: pd.Series, ax: Axes) -> Axes:
    """By how much each loss leads mse on dev, hollow, and on test, filled; and in the paper, on its dev.

    Args:
        dev: CCC by loss, mse among them.
        test: The same.
        paper: The same as printed.
        ax: Where to draw.
    """
    for x, loss in enumerate(dev.index):
        colour = COLOURS[str(loss)]
        ax.plot(x - 0.15, dev[loss] - dev["mse"], "o", markeredgecolor=colour, markerfacecolor="none", markersize=8)
        ax.plot(x + 0.15, test[loss] - test["mse"], "o", color=colour, markersize=8)
        ax.plot(x, paper[loss] - paper["mse"], **PAPER)
    ax.axhline(0, color="0.4", linewidth=0.8)
    ax.set(xticks=range(len(dev)), xlim=(-0.6, len(dev) - 0.4), ylabel="CCC less that of mse")
    ax.set_xticklabels(list(dev.index), fontsize=8)
    ax.tick_params(axis="x", length=0)
    return ax


def effects(table: pd.DataFrame, smallest: Mapping[str, float], ax: Axes) -> Axes:
    """Each claim's effect with its interval, and the band in which an effect is too small to count.

    Args:
        table: ``estimate``, ``low``, ``high``, a row for each label; positive is what the paper claims.
        smallest: Smallest effect that counts, by label.
        ax: Where to draw.
    """
    for y, (label, row) in enumerate(table.iterrows()):
        small = smallest[str(label)]
        ax.fill_between([0, small], y - 0.4, y + 0.4, color=CHANCE, linewidth=0)
        ax.hlines(y, row["low"], row["high"], color="#0072B2", linewidth=2.5)
        ax.plot(row["estimate"], y, "o", color="#0072B2", markersize=8)
    ax.axvline(0, color="0.4", linewidth=0.8)
    ax.set(yticks=range(len(table)), ylim=(len(table) - 0.5, -0.5), xlabel="difference in test CCC")
    ax.set_yticklabels(list(table.index))
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", visible=True)
    return ax


def learning_curve(history: Mapping[str, Any], ax: Axes) -> Axes:
    """Loss on train at every epoch and on dev where it was looked at; the weights kept are marked."""
    looked = np.arange(len(history["dev_loss"])) * history["looked_every"]
    best = history["best_epoch"]
    ax.plot(history["train_loss"], color="0.5")
    ax.plot(looked, history["dev_loss"], "o-", color="#D55E00")
    ax.plot(best, min(history["dev_loss"]), "o", color="#D55E00", markersize=11, markerfacecolor="none")
    ax.annotate(
        "train", (len(history["train_loss"]) - 1, history["train_loss"][-1]), (4, 0), textcoords="offset points"
    )
    ax.annotate("dev", (looked[-1], history["dev_loss"][-1]), (4, 0), textcoords="offset points", color="#D55E00")
    ax.set(xlabel="epoch", ylabel="loss")
    return ax


def traces(
    seconds: np.ndarray, gold: np.ndarray, predictions: Mapping[str, np.ndarray], dimension: str, ax: Axes
) -> Axes:
    """A gold standard ``(frames,)`` and up to two predictions of it by name, against time."""
    ax.plot(seconds, gold, color=GOLD, linewidth=2, label="gold standard")
    for (name, values), colour in zip(predictions.items(), ("#D55E00", "#0072B2")[: len(predictions)], strict=True):
        ax.plot(seconds, values, color=colour, label=name)
    ax.set(xlabel="time (s)", ylabel=dimension, ylim=(-1.05, 1.05), xlim=(seconds[0], seconds[-1]))
    ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    return ax
