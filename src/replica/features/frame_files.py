"""Files that name the frames of a video: which row each of them is, and what numbers cannot be right."""

import re
from collections.abc import Collection
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from replica.conventions import FRAME_RATE_HZ

__all__ = ["numbered", "rows"]

# Frames may be left out; this many absent ones for each that is there are a wrong number.
MOST_ABSENT = 10

_NUMBER = re.compile(r"(\d+)\D*$")


def rows(source: Path, numbers: NDArray) -> NDArray[np.intp]:
    """Rows, from 0 on, of frames that are numbered from 1 on.

    Args:
        source: Where the numbers come from, for the error.
        numbers: ``(count,)``, at least one.

    Raises:
        ValueError: If a number is none, comes twice, or is far beyond all others.
    """
    row = np.asarray(numbers).astype(np.intp) - 1
    different = len(np.unique(row))
    if (numbers != row + 1).any() or row.min() < 0 or different < len(row):
        _refuse(
            source,
            "whole frame numbers from 1 on, each once",
            f"{different} different ones in {len(row)}, from {numbers.min():g} to {numbers.max():g}",
            "Track one face, not several at once, and keep the numbers of the frames",
        )
    if row.max() >= MOST_ABSENT * (len(row) + FRAME_RATE_HZ):
        found = f"frame {row.max() + 1} with {len(row)} frames in all"
        _refuse(source, "most of the frames", found, "Correct the frame numbers")
    return row


def numbered(folder: Path, endings: Collection[str]) -> tuple[list[Path], NDArray[np.intp]]:
    """The files of a folder, one a frame, and the row of each.

    Args:
        folder: An existing folder; the number of a frame stands last in the name of its file.
        endings: Such as ``(".pts",)``, in lower case; other files are passed over.

    Raises:
        FileNotFoundError: If there is no such file in the folder.
        ValueError: If a name has no number, or as :func:`rows`.
    """
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in endings)
    if not files:
        raise FileNotFoundError(
            f"A folder of frames holds a file ({', '.join(endings)}) for each frame with a face. "
            f"Found none in {folder}. Correct the path, or run the tracker first."
        )
    numbers = []
    for file in files:
        number = _NUMBER.search(file.stem)
        if number is None:
            _refuse(
                file, "the number of its frame in its name", repr(file.name), f"Name it such as 000001{file.suffix}"
            )
        numbers.append(float(number[1]))
    return files, rows(folder, np.array(numbers))


def _refuse(source: Path, required: str, received: str, remedy: str) -> NoReturn:
    raise ValueError(f"The frames of a video need {required}. Received {received}, in {source}. {remedy}.")
