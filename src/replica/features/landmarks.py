"""Facial landmarks from the files of trackers, as the 49 points that the geometric features take.

Three layouts are read: OpenFace's table (one file a recording, columns ``x_0 ... x_67, y_0 ... y_67``), the same table
with 49 points, and a folder of iBUG's ``.pts`` files (one a frame, numbered by their names from 1).
"""

import io
import re
from pathlib import Path
from typing import NoReturn

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from replica.conventions import FRAME_RATE_HZ, FRAME_SECONDS
from replica.features.frame_files import numbered, rows
from replica.features.geometry import LANDMARKS
from replica.features.text_tables import name_twice, uneven_line

__all__ = ["KEPT_OF_68", "read"]

Floats = NDArray[np.float64]

ALL_POINTS = 68
# Without the jaw line, 0 to 16, and the inner corners of the mouth.
KEPT_OF_68 = tuple(k for k in range(17, ALL_POINTS) if k not in (60, 64))


def read(path: str | Path) -> Floats:
    """Landmarks of one recording, a row for each frame of 40 ms.

    Args:
        path: A ``.csv`` table or a folder of ``.pts`` files. Where a table has them, ``frame`` (counted from 1) says
            which frame a row is, ``timestamp`` (seconds) is checked against 25 frames a second, row by row, and a
            ``success`` of 0 means that OpenFace found no face.

    Returns:
        ``(frames, 49, 2)`` in pixels; NaN in frames without a face, without a row or without a file.

    Raises:
        FileNotFoundError: If there is no such file or folder, or the folder holds no ``.pts`` file.
        ValueError: If a file is damaged, has other points, another frame rate or a frame twice; the error names it.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(
            f"Landmarks are a .csv table or a folder of .pts files. Found nothing at {path}. "
            "Correct the path, or run the landmark tracker first."
        )
    return _pts_folder(path) if path.is_dir() else _table(path)


def _table(path: Path) -> Floats:
    table = _numbers(path)
    count = next((n for n in (ALL_POINTS, LANDMARKS) if _named(table, n)), None)
    if count is None or _named(table, ALL_POINTS + 1):
        found = f"{sum(str(name).startswith('x_') for name in table)} columns of x"
        _refuse(path, "x_0 to x_67 and y_0 to y_67 (or to 48)", found, "Let the tracker write 2D landmarks")
    numbers = table["frame"].to_numpy() if "frame" in table else np.arange(1.0, len(table) + 1)
    row = rows(path, numbers)
    if "timestamp" in table:
        _check_rate(path, row, table["timestamp"].to_numpy())
    points = np.stack([table[[f"{axis}_{k}" for k in range(count)]].to_numpy() for axis in "xy"], axis=-1)
    if "success" in table:
        points[table["success"].to_numpy() != 1] = np.nan
    return _placed(points[:, KEPT_OF_68] if count == ALL_POINTS else points, row)


def _pts_folder(folder: Path) -> Floats:
    files, row = numbered(folder, (".pts",))
    return _placed(np.stack([_pts(file) for file in files])[:, KEPT_OF_68], row)


def _pts(file: Path) -> Floats:
    """The 68 points of one frame, which stand between braces, one a line."""
    text = file.read_text(encoding="ascii", errors="replace")
    body = text.partition("{")[2].partition("}")[0].split()
    try:
        points = np.array(body, np.float64)
    except ValueError:
        points = np.empty(0)
    if points.size != 2 * ALL_POINTS or not np.isfinite(points).all():
        found = f"{len(body)} values between the braces"
        _refuse(file, f"{ALL_POINTS} points of two numbers each", found, "Write the frame's file again")
    return points.reshape(ALL_POINTS, 2)


def _numbers(path: Path) -> pd.DataFrame:
    """The table's columns by their names, all of them numbers."""
    content = path.read_bytes()
    line = uneven_line(content, ",")
    if line is not None:
        found = f"others, or what is no number, in line {line}"
        _refuse(
            path, "as many fields in each row as names in its first line", found, "Export it from the tracker again"
        )
    if twice := name_twice(content, ","):
        _refuse(path, "each column once", f"{twice!r} twice", "Export it from the tracker again")
    try:
        table = pd.read_csv(io.BytesIO(content), skipinitialspace=True, dtype=str, encoding_errors="replace")
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        _refuse(path, "a table with a line of names", str(error).strip(), "Export it from the tracker again")
    table = table.rename(columns=lambda name: str(name).strip())
    wanted = [name for name in map(str, table) if re.fullmatch(r"frame|timestamp|success|[xy]_\d+", name)]
    numbers = table[wanted].apply(pd.to_numeric, errors="coerce")
    bad = np.argwhere(~np.isfinite(numbers.to_numpy(np.float64)))
    if len(bad):
        row, column = bad[0]
        found = f"{table[wanted].iat[row, column]!r} in column {wanted[column]} of line {row + 2}"
        _refuse(path, "a finite number in every field", found, "Export it from the tracker again")
    if not len(table):
        _refuse(path, "at least one row", "none", "Run the tracker on the whole video")
    return numbers.astype(np.float64)


def _named(table: pd.DataFrame, count: int) -> bool:
    """Whether the table has that many points."""
    return {f"{axis}_{k}" for axis in "xy" for k in range(count)} <= set(table)


def _check_rate(path: Path, row: NDArray[np.intp], seconds: Floats) -> None:
    """Refuse a table whose frames are not 40 ms apart, to 1 % in the mean and to half a frame each."""
    if len(row) < 2:
        return
    step = (seconds[-1] - seconds[0]) / (row[-1] - row[0])
    if not abs(step - FRAME_SECONDS) < 0.01 * FRAME_SECONDS:
        required = f"{FRAME_RATE_HZ} frames a second"
        _refuse(path, required, f"frames {step:.4g} s apart", "Re-encode the video at that rate and track it again")
    jumps = np.flatnonzero(np.abs(np.diff(seconds) - np.diff(row) * FRAME_SECONDS) >= FRAME_SECONDS / 2)
    if len(jumps):
        before = jumps[0]
        found = f"{seconds[before + 1]:.3f} s after {seconds[before]:.3f} s, in line {before + 3}"
        remedy = "Track the whole video again, at a constant rate, and keep the rows of frames without a face"
        _refuse(path, "each frame at its time", found, remedy)


def _placed(points: Floats, row: NDArray[np.intp]) -> Floats:
    landmarks = np.full((row.max() + 1, *points.shape[1:]), np.nan)
    landmarks[row] = points
    return landmarks


def _refuse(path: Path, required: str, received: str, remedy: str) -> NoReturn:
    raise ValueError(f"A file of landmarks needs {required}. Received {received}, in {path}. {remedy}.")
