"""Figures of sections 4.1 and 4.2: what the features of raw signals look like, and what becomes of pitch."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from replica.figures import GOLD

__all__ = ["columns_over_time", "f0_tracks", "kept_by_pitch", "picture"]

TRACK_COLOURS = ("#D55E00", "#0072B2", "#009E73")


def f0_tracks(seconds: ArrayLike, reference: ArrayLike, tracks: Mapping[str, ArrayLike], ax: Axes) -> Axes:
    """Draw F0 over time, and nothing where a track finds no voice.

    Args:
        seconds: Time of each frame, ``(frames,)``.
        reference: F0 of what the tracks are compared with, ``(frames,)`` in Hz, 0 where unvoiced.
        tracks: Label to F0, ``(frames,)`` in Hz; at most three.
        ax: Where to draw.

    Returns:
        The axis.
    """
    reference = np.asarray(reference, np.float64)
    ax.plot(seconds, np.where(reference > 0, reference, np.nan), color=GOLD, linewidth=3, alpha=0.35, label="reference")
    for (label, track), colour, marker in zip(tracks.items(), TRACK_COLOURS, "o^s", strict=False):
        voiced = np.where(np.asarray(track) > 0, track, np.nan)
        ax.plot(seconds, voiced, marker, color=colour, markersize=3.5, label=label)
    ax.set(xlabel="time (seconds)", ylabel="F0 (Hz)", ylim=(0, None))
    ax.legend(ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return ax


def kept_by_pitch(f0_hz: ArrayLike, kept: Mapping[str, ArrayLike], ax: Axes) -> Axes:
    """Draw the share of voiced frames that is kept, against the pitch of the voice.

    Args:
        f0_hz: Mean F0 of each voice, ``(voices,)``, rising.
        kept: Label to share of the voiced frames, ``(voices,)`` in [0, 1]; at most three.
        ax: Where to draw.

    Returns:
        The axis.
    """
    for (label, shares), colour, marker in zip(kept.items(), TRACK_COLOURS, "o^s", strict=False):
        ax.plot(f0_hz, np.asarray(shares), marker=marker, color=colour, label=label)
    ax.set(xlabel="mean F0 of the voice (Hz)", ylabel="voiced frames kept", ylim=(-0.03, 1.05))
    ax.legend(loc="lower right")
    return ax


def columns_over_time(seconds: ArrayLike, values: ArrayLike, label: str, ax: Axes) -> Axes:
    """Draw all columns of a feature set as rows of a picture, each standardised over time.

    Args:
        seconds: Time of each frame, ``(frames,)``.
        values: The features, ``(frames, width)``.
        label: The name of the set.
        ax: Where to draw.

    Returns:
        The axis.
    """
    values, seconds = np.asarray(values, np.float64), np.asarray(seconds)
    deviation = values.std(axis=0)
    standardised = (values - values.mean(axis=0)) / np.where(deviation > 0, deviation, 1.0)
    extent = (float(seconds[0]), float(seconds[-1]), values.shape[1], 0.0)
    ax.imshow(standardised.T, aspect="auto", cmap="RdBu_r", vmin=-3, vmax=3, extent=extent, interpolation="nearest")
    ax.set(ylabel=f"{label}\n{values.shape[1]} columns", yticks=[])
    ax.grid(False)
    return ax


def picture(values: ArrayLike, label: str, ax: Axes, blocks: int = 1) -> Axes:
    """Draw a face patch, or what a filter makes of it, in grey.

    Args:
        values: ``(height, width)``, the largest in white.
        label: What it is, written below.
        ax: Where to draw.
        blocks: Into how many blocks each way lines divide it.

    Returns:
        The axis.
    """
    values = np.asarray(values)
    ax.imshow(values, cmap="gray", interpolation="nearest")
    for edge in np.arange(1, blocks) / blocks:
        ax.axhline(edge * values.shape[0] - 0.5, color=TRACK_COLOURS[0], linewidth=0.8)
        ax.axvline(edge * values.shape[1] - 0.5, color=TRACK_COLOURS[0], linewidth=0.8)
    ax.set(xlabel=label, xticks=[], yticks=[])
    ax.grid(False)
    return ax
