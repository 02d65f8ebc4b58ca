"""What labels must be: there for each frame, in [-1, 1], and arousal where arousal is looked for."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from replica.conventions import DIMENSIONS
from replica.data_check.finding import ERROR
from replica.data_check.tables import Files
from replica.gold_standard import gold_standard
from replica.metrics import pearson_cc

__all__ = ["SWAPPED", "dimensions", "never_negative", "ranges", "scale"]

SWAPPED = "Give the two folders each other's names"
ENOUGH_FRAMES = 7500  # of all recordings together, five minutes: in less, an emotion may well never be negative


def ranges(files: Files, tables: Mapping[Path, np.ndarray]) -> None:
    """Note labels that are missing or outside [-1, 1], and the scale that they seem to have been given on.

    Args:
        files: Where it is noted.
        tables: Labels ``(frames, width)`` of one emotion dimension by file; their scale is that of all of them.
    """
    of = scale(tables.values())
    for file, values in tables.items():
        missing, outside = np.isnan(values), np.abs(values) > 1
        if missing.any():
            row = int(missing.any(axis=1).argmax())
            found = f"{missing.sum()} labels are missing, the first in row {row + 1}"
            files.note(ERROR, file, found, "Copy the file again: labels are there for each frame")
        if outside.any():
            row = int(outside.any(axis=1).argmax())
            found = f"{outside.sum()} of {values.size} labels lie outside [-1, 1], the first in row {row + 1}"
            remedy = f"If they were given on {of}, divide them by its end" if of else "Copy the file again"
            files.note(ERROR, file, found, remedy)


def scale(tables: Iterable[np.ndarray]) -> str | None:
    """A scale other than [-1, 1] that labels seem to have been given on, if any."""
    largest = max((float(np.nanmax(np.abs(values), initial=0)) for values in tables), default=0.0)
    return next((f"[-{bound}, {bound}]" for bound in (10, 100, 1000) if 1 < largest <= bound), None)


def never_negative(files: Files, folder: Path, tables: Iterable[np.ndarray]) -> None:
    """Note minutes of labels of which none is negative: they seem to have been given on [0, 1]."""
    moving = [values for values in tables if np.ptp(values) > 0]
    if sum(map(len, moving)) >= ENOUGH_FRAMES and min(values.min() for values in moving) >= 0:
        found = f"none of the labels of {len(moving)} recordings is negative, as if they were given on [0, 1]"
        files.note(ERROR, folder, found, "If they were, double them and take off 1")


def dimensions(
    files: Files,
    folder: Path,
    gold: Mapping[str, Mapping[str, np.ndarray]],
    raters: Mapping[str, Mapping[str, np.ndarray]],
    real: bool,
) -> None:
    """Note a gold standard that follows the raters of the other dimension, or moves as the other dimension does.

    Args:
        files: Where it is noted.
        folder: That of the gold standard.
        gold: By emotion dimension and recording, ``(frames, 1)``.
        raters: The same, ``(frames, raters)``; may be empty.
        real: Whether the recordings are the challenge's own, in which arousal is known to vary more than valence.
    """
    swapped = _follow_the_other(gold, raters)
    if swapped:
        found = f"the gold standard of {len(swapped)} recordings follows the raters of the other emotion dimension"
        files.note(ERROR, folder, found, SWAPPED)
    elif real and _valence_varies_more(gold):
        # The paper's tables prove it of dev: .193 to .194 and .116 to .125, page 7.1 of the book.
        found = "valence varies more than arousal, against what the paper's tables prove of these recordings"
        files.note(ERROR, folder, found, f"{SWAPPED}, of the raters too, unless the source has them so")


def _follow_the_other(
    gold: Mapping[str, Mapping[str, np.ndarray]], raters: Mapping[str, Mapping[str, np.ndarray]]
) -> list[str]:
    """Recordings whose gold standards agree more with the other dimension's raters than with their own."""
    swapped = []
    places = [of[dimension] for of in (gold, raters) for dimension in DIMENSIONS if dimension in of]
    names = set.intersection(*map(set, places)) if len(places) == 2 * len(DIMENSIONS) else set()
    for name in sorted(names):
        made = [gold_standard(raters[dimension][name].T) for dimension in DIMENSIONS]
        there = [gold[dimension][name][:, 0] for dimension in DIMENSIONS]
        if len({len(trace) for trace in (*made, *there)}) > 1:
            continue  # told by their rows
        own = [pearson_cc(there[k], made[k]) for k in range(2)]
        other = [pearson_cc(there[k], made[1 - k]) for k in range(2)]
        if np.nansum(other) > np.nansum(own):
            swapped.append(name)
    return swapped


def _valence_varies_more(gold: Mapping[str, Mapping[str, np.ndarray]]) -> bool:
    """In each partition that has both, all frames of it together."""
    deviations = []
    for partition in sorted({name.split("_")[0] for of in gold.values() for name in of}):
        pooled = [[v for n, v in gold.get(d, {}).items() if n.split("_")[0] == partition] for d in DIMENSIONS]
        if all(pooled):
            deviations.append([float(np.concatenate(traces).std()) for traces in pooled])
    return bool(deviations) and all(valence > arousal for arousal, valence in deviations)
