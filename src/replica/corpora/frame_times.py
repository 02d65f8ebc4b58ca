"""The times that a table of frames tells beside its values: 40 ms from row to row, or it is read as what it is not.

A file at another frame rate, one whose rows were sorted otherwise, and one that lacks a stretch have numbers enough.
Only this column tells them from what they are taken for.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from replica.conventions import FRAME_SECONDS
from replica.corpora import arff

__all__ = ["REMEDY", "begins_late", "check", "misplaced", "seconds"]

REMEDY = (
    "Sort the rows by time, fill in those that are missing, bring another frame rate to 25 Hz, and write times in "
    "seconds from 0 on"
)

COLUMNS = frozenset({"frametime", "timestamp", "time"})
HALF_A_FRAME = FRAME_SECONDS / 2


def seconds(file: Path) -> NDArray[np.float64] | None:
    """The times of a file's rows, ``(rows,)``, NaN where there is no number; None where no column tells them.

    Args:
        file: One that :func:`replica.corpora.arff.read` accepts.
    """
    texts = arff.texts(file, COLUMNS)
    return None if texts is None else np.array([_number(text) for text in texts], dtype=float)


def begins_late(times: NDArray[np.float64]) -> bool:
    """Whether the first row stands at 0.04 s rather than at 0, as where times are those of the frames' ends."""
    return bool(len(times) and abs(times[0] - FRAME_SECONDS) < HALF_A_FRAME / 2)


def misplaced(times: NDArray[np.float64]) -> NDArray[np.intp]:
    """Rows that stand half a frame or more from where they belong, 40 ms apart from 0, or 0.04 s, on."""
    belong = FRAME_SECONDS * (np.arange(len(times)) + begins_late(times))
    return np.flatnonzero(~(np.abs(times - belong) <= HALF_A_FRAME))


def check(table: arff.Table) -> None:
    """Refuse a table whose own times say that its rows are no frames of 40 ms; one that tells no times is taken.

    Raises:
        ValueError: If so. The error names file and line.
    """
    times = seconds(table.file)
    if times is None or not len(off := misplaced(times)):
        return
    row = int(off[0])
    raise arff.Fault(
        table.file,
        f"rows {FRAME_SECONDS * 1000:g} ms apart, the first at 0 s",
        f"the time {times[row]:g} in line {table.line(row)}, where {FRAME_SECONDS * row:g} belongs",
        REMEDY,
        table.line(row),
    )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
