"""A simulated speaker to look at and to listen to: face, percept, raters, signals, and what of them is recovered."""

import base64
import html
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray
from scipy.io import wavfile

from replica.conventions import DIMENSIONS, FRAME_SECONDS
from replica.corpora.simulated.face import MEAN_FACE
from replica.corpora.simulated.face import in_patch as placed
from replica.features.appearance import PATCH
from replica.features.geometry import align
from replica.figures.dataset import traces
from replica.recovery import RECOVERED

__all__ = ["VERDICTS", "faces", "in_patch", "loudest", "perceived", "player", "recovered", "signals"]

Floats = NDArray[np.float64]

Series = tuple[ArrayLike, ArrayLike]  # seconds and values

LANDMARK, STATE, PERCEPT = "#E69F00", "0.55", "#CC79A7"
KINDS: dict[str, dict[str, Any]] = {
    "planted": {"color": "#D55E00", "linewidth": 2.4, "alpha": 0.7},
    "measured": {"color": "#0072B2", "linewidth": 0.9},
}
HEARD = "#FFF3D6"  # the stretch that can be listened to
# A verdict keeps its colour and its marker, so that it shows without colour too.
VERDICTS = {"recovered": ("#0072B2", "o"), "partly": ("#E69F00", "s"), "not recovered": ("0.45", "X")}
LOUDEST = 0.9  # of full scale, as it is played


def loudest(voiced: ArrayLike, seconds: float) -> int:
    """The first frame of the stretch with the most voice, among those that begin on a whole second.

    Args:
        voiced: ``(frames,)`` bool.
        seconds: Length of the stretch.
    """
    second = round(1 / FRAME_SECONDS)
    heard = np.asarray(voiced)
    starts = range(0, len(heard) - round(seconds / FRAME_SECONDS), second)
    return max(starts, key=lambda start: int(heard[start : start + round(seconds / FRAME_SECONDS)].sum()))


def player(signal: ArrayLike, sampling_rate_hz: int, description: str) -> str:
    """HTML of a player of a sound that needs no other file, with a text for those who cannot hear it.

    Args:
        signal: ``(samples,)``; it is played at its loudest, in 8 bits a sample, which the noise of a room covers.
        sampling_rate_hz: Its rate.
        description: What there is to hear.
    """
    sound = np.asarray(signal, np.float64)
    levels = np.rint(127 * LOUDEST * sound / max(float(np.abs(sound).max()), 1e-9)) + 128
    file = io.BytesIO()
    wavfile.write(file, sampling_rate_hz, levels.astype(np.uint8))
    told, data = html.escape(description), base64.b64encode(file.getvalue()).decode()
    return (
        f'<audio controls preload="none" aria-label="{told}" src="data:audio/wav;base64,{data}"></audio><p>{told}</p>'
    )


def in_patch(landmarks: ArrayLike) -> Floats:
    """Tracked landmarks ``(frames, 49, 2)`` in pixels, to where they lie in the patch of the aligned face."""
    points = np.asarray(landmarks, np.float64)
    aligned = align(points[..., 0] + 1j * points[..., 1], MEAN_FACE[:, 0] + 1j * MEAN_FACE[:, 1])
    return placed(np.stack([aligned.real, aligned.imag], axis=-1), PATCH)


def faces(patches: ArrayLike, landmarks: ArrayLike, names: Mapping[int, str], figure: Figure) -> Figure:
    """Draw the face at some moments, and its tracked landmarks over it.

    Args:
        patches: ``(frames, 48, 48)`` uint8.
        landmarks: ``(frames, 49, 2)`` in pixels.
        names: Frame to what is to be seen there.
        figure: Where to draw, one panel a moment.
    """
    points = in_patch(np.asarray(landmarks)[list(names)])
    axes = np.ravel(figure.subplots(2, -(-len(names) // 2)))
    for ax, (frame, name), at in zip(axes, names.items(), points, strict=False):
        ax.imshow(np.asarray(patches)[frame], cmap="gray", vmin=0, vmax=255, interpolation="nearest")
        ax.plot(*(at - 0.5).T, ".", color=LANDMARK, markersize=3)
        ax.set_xlabel(f"{name}, {frame * FRAME_SECONDS:.1f} s")
        ax.set(xticks=[], yticks=[])
        ax.grid(visible=False)
        for spine in ax.spines.values():
            spine.set_visible(False)
    for ax in axes[len(names) :]:
        ax.set_axis_off()
    return figure


def perceived(
    state: ArrayLike,
    percept: ArrayLike,
    annotations: ArrayLike,
    gold: ArrayLike,
    figure: Figure,
    *,
    frame_seconds: float = FRAME_SECONDS,
) -> Figure:
    """Draw state and percept above, the raters and their gold standard below; arousal left, valence right.

    Args:
        state: ``(frames, 2)``, in deviations.
        percept: Same shape.
        annotations: ``(raters, frames, 2)``, rating units.
        gold: ``(frames, 2)``.
        figure: Where to draw.
        frame_seconds: Time from frame to frame.
    """
    axes = figure.subplots(2, 2, sharex=True, sharey="row")
    seconds = np.arange(len(np.asarray(gold))) * frame_seconds
    for d, (name, (above, below)) in enumerate(zip(DIMENSIONS, axes.T, strict=True)):
        above.plot(seconds, np.asarray(state)[:, d], color=STATE, label="state")
        above.plot(seconds, np.asarray(percept)[:, d], color=PERCEPT, linewidth=1, label="percept")
        traces(np.asarray(annotations)[:, :, d], np.asarray(gold)[:, d], below, frame_seconds=frame_seconds)
        below.set_xlabel(f"time in seconds: {name}")
    axes[0, 0].set_ylabel("deviations")
    axes[1, 0].set_ylabel("rating units")
    axes[0, 0].legend(loc="upper left", ncols=2)
    return figure


def signals(rows: Mapping[str, Mapping[str, Series]], heard: tuple[float, float], figure: Figure) -> Figure:
    """Draw what was planted in signals, and what is measured of it, one panel each.

    Args:
        rows: Label of the panel's axis to what is drawn in it: "planted" and "measured", each times in seconds and
            values; NaN is left out.
        heard: First and last second of the stretch that can be listened to.
        figure: Where to draw.
    """
    axes: list[Axes] = list(np.ravel(figure.subplots(len(rows), 1, sharex=True)))
    for ax, (label, row) in zip(axes, rows.items(), strict=True):
        ax.axvspan(*heard, color=HEARD, linewidth=0)
        for kind, (seconds, values) in row.items():
            ax.plot(seconds, values, label=kind, **KINDS[kind])
        ax.set_ylabel(label)
    axes[0].legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    axes[-1].set_xlabel("time in seconds")
    figure.align_ylabels(axes)
    return figure


def recovered(table: pd.DataFrame, ax: Axes) -> Axes:
    """Draw the CC of each planted cue with its column, and the interval over speakers.

    Args:
        table: As :func:`replica.recovery.table` gives it.
        ax: Where to draw.
    """
    at = np.arange(len(table))
    verdicts = table["verdict"].to_numpy()
    for word, (colour, marker) in VERDICTS.items():
        of = verdicts == word
        ax.hlines(at[of], table["low"][of], table["high"][of], color=colour, linewidth=1.6)
        ax.plot(table["cc"][of], at[of], marker, color=colour, linestyle="none", label=word)
    ax.axvline(0, color="0.4", linewidth=0.8)
    ax.axvline(RECOVERED, color="0.4", linewidth=0.8, linestyle=":")
    labels = [f"{cue}: {column}" for cue, _, column in table.index]
    ax.set(yticks=at, yticklabels=labels, xlabel="CC within a speaker", ylim=(len(table) - 0.5, -0.5), xlim=(-0.3, 1))
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", visible=True)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    return ax
