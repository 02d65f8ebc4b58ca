"""Figures of section 3: raters and their gold standard, what the CCC punishes, and its two poolings."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from replica.conventions import FRAME_SECONDS
from replica.figures import GOLD
from replica.metrics import ccc_of

__all__ = ["ccc_against_offset", "ccc_against_scale", "levels", "orders", "poolings", "traces"]

CORRELATIONS = {1.0: "#0072B2", 0.8: "#009E73", 0.5: "#D55E00"}
RATER = "#56B4E9"


def traces(annotations: ArrayLike, gold: ArrayLike, ax: Axes, *, frame_seconds: float = FRAME_SECONDS) -> Axes:
    """Draw every rater's trace of one recording, and the gold standard above them.

    Args:
        annotations: One emotion dimension, ``(raters, frames)``, rating units in [-1, 1].
        gold: Its gold standard, ``(frames,)``.
        ax: Where to draw.
        frame_seconds: Time from frame to frame.

    Returns:
        The axis.
    """
    gold = np.asarray(gold)
    seconds = np.arange(len(gold)) * frame_seconds
    for trace in np.asarray(annotations):
        ax.plot(seconds, trace, color=RATER, linewidth=0.7)
    ax.plot(seconds, gold, color=GOLD, linewidth=1.8)
    ax.set(xlim=(0, seconds[-1]), ylim=(-1, 1), xlabel="time in seconds")
    return ax


def levels(means: ArrayLike, weights: ArrayLike, gold: ArrayLike, names: Sequence[str], ax: Axes) -> Axes:
    """Draw where each rater stands in each recording, the plain mean of them, and the level of the gold standard.

    Args:
        means: Mean over time of each rater's trace, ``(recordings, raters)``, rating units.
        weights: The raters' weights, same shape, in [0, 1]; a dot's area grows with it.
        gold: Mean over time of each gold standard, ``(recordings,)``.
        names: The recordings' names.
        ax: Where to draw.

    Returns:
        The axis.
    """
    means, weights, rows = np.asarray(means), np.asarray(weights), np.arange(len(names))
    raters = np.broadcast_to(rows[:, None], means.shape)
    ax.scatter(means, raters, s=15 + 300 * weights, color=RATER, alpha=0.7, linewidth=0)
    ax.scatter(means.mean(axis=1), rows, s=170, marker="|", color="#D55E00", linewidth=2.2)
    ax.scatter(gold, rows, s=170, marker="|", color=GOLD, linewidth=2.2)
    ax.set(yticks=rows, yticklabels=names, xlabel="mean over the recording, rating units")
    ax.invert_yaxis()
    return ax


def ccc_against_scale(ax: Axes, *, largest: float = 3.0) -> Axes:
    """Draw the CCC against the prediction's deviation, with no offset; a dot where it equals the correlation.

    Args:
        ax: Where to draw.
        largest: Right end, in deviations of the gold standard.

    Returns:
        The axis.
    """
    scale = np.linspace(0.01, largest, 300)
    for correlation, colour in CORRELATIONS.items():
        ax.plot(scale, _ccc(correlation, scale, 0.0), color=colour)
        _mark_agreement(correlation, 1.0, 1.08, colour, ax)
    ax.set(xlim=(0, largest), ylim=(0, 1.05), xlabel=r"scale $s = \sigma_y / \sigma_x$")
    return ax


def ccc_against_offset(ax: Axes, *, largest: float = 3.0) -> Axes:
    """Draw the CCC against the prediction's offset, at equal deviations; a dot where it equals the correlation.

    Args:
        ax: Where to draw.
        largest: Both ends, in deviations of the gold standard.

    Returns:
        The axis.
    """
    offset = np.linspace(-largest, largest, 301)
    for correlation, colour in CORRELATIONS.items():
        ax.plot(offset, _ccc(correlation, 1.0, offset), color=colour)
        _mark_agreement(correlation, 0.0, 0.67 * largest, colour, ax)
    ax.set(xlim=(-largest, largest), ylim=(0, 1.05), xlabel=r"offset $d = (\mu_y - \mu_x) / \sigma_x$")
    return ax


def poolings(per_recording: ArrayLike, pooled: ArrayLike, names: Sequence[str], ax: Axes) -> Axes:
    """Draw a dot for each recording's own CCC, their mean as a bar, and the pooled CCC as a diamond.

    Args:
        per_recording: CCC of each recording under each prediction, ``(predictions, recordings)``.
        pooled: CCC over all frames together, ``(predictions,)``.
        names: What the predictions are, one column each.
        ax: Where to draw.

    Returns:
        The axis.
    """
    per_recording = np.asarray(per_recording)
    columns, recordings = np.arange(len(names)), per_recording.shape[1]
    beside = np.linspace(-0.22, 0.22, recordings)  # side by side, so that equal values stay apart
    ax.plot((columns[:, None] + beside).ravel(), per_recording.ravel(), "o", color="0.6", markersize=4)
    mean = per_recording.mean(axis=1)
    ax.hlines(mean, columns - 0.32, columns + 0.32, color="#0072B2", linewidth=2.4)
    ax.plot(columns, np.asarray(pooled), "D", color="#D55E00", markersize=7)
    ax.set(xticks=columns, xticklabels=names, ylabel="CCC")
    return ax


def _ccc(correlation: float, scale: ArrayLike, offset: ArrayLike) -> NDArray[np.float64]:
    """CCC of predictions of a gold standard with mean 0 and deviation 1."""
    scale, offset = np.broadcast_arrays(scale, offset)
    one = np.ones(scale.shape)
    return ccc_of(np.stack([one, 0 * one, offset, one, scale**2, correlation * scale], axis=-1))


def _mark_agreement(correlation: float, x: float, label_x: float, colour: str, ax: Axes) -> None:
    ax.axhline(correlation, color=colour, linewidth=0.7, linestyle=":")
    ax.plot(x, correlation, "o", color=colour)
    ax.annotate(
        f"CC = {correlation:g}", (label_x, correlation), (0, 3), textcoords="offset points", color=colour, fontsize=9
    )


def orders(kept: pd.DataFrame, figure: Figure) -> Figure:
    """How well the order of the runs keeps from one half of the people to the other, by CCC and by CC.

    Args:
        kept: ``CCC`` and ``CC``, rank correlations, as :func:`replica.experiments.sec3_reliability.table` gives them,
            of several corpora: a row for each corpus, dimension, and rotation or cohort.
        figure: Where to draw, one panel for each dimension.
    """
    of_dimension = dict(list(kept.groupby(level=1, sort=False)))
    axes = figure.subplots(1, len(of_dimension), sharex=True, sharey=True)
    for (dimension, rows), ax in zip(of_dimension.items(), axes, strict=True):
        labels = [f"{corpus}, {place}" if place != corpus else corpus for corpus, _, place in rows.index]
        ax.hlines(range(len(rows)), rows["CC"], rows["CCC"], color="0.7", linewidth=1.5)
        ax.plot(rows["CC"], range(len(rows)), "s", color="#D55E00", markerfacecolor="white", markersize=7)
        ax.plot(rows["CCC"], range(len(rows)), "o", color="#0072B2", markersize=6)
        ax.axvline(0, color="0.4", linewidth=0.8)
        ax.set(yticks=range(len(rows)), ylim=(len(rows) - 0.5, -0.5), xlabel=f"rank correlation, {dimension}")
        ax.set_yticklabels(labels)
        ax.grid(axis="y", visible=False)
        ax.grid(axis="x", visible=True)
    ccc = Line2D([], [], marker="o", linestyle="none", color="#0072B2", label="CCC")
    cc = Line2D([], [], marker="s", linestyle="none", color="#D55E00", markerfacecolor="white", label="CC")
    figure.legend(handles=[ccc, cc], ncols=2, loc="outside upper left")
    return figure
