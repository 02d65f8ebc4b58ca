"""The mark of a folder in the layout of AV+EC 2015 that is not the challenge's: what it holds, and of which size.

A file of two lines, ``frames: ...`` and ``speakers: ...``, beside others that say where the values are from. Its name
tells simulated values from a corpus of the user's own; the challenge's files have none.
"""

import re
from pathlib import Path

__all__ = ["CHALLENGE", "GENERATED", "OWN", "find", "read", "version"]

CHALLENGE = "2015"  # the version of a folder without a mark

GENERATED = "GENERATED.txt"  # marks a folder whose values are simulated; its version is "generated"
OWN = "OWN.txt"  # marks a corpus of the user's own, of whatever size; its version is "own"


def find(folder: Path) -> Path | None:
    """The file that marks a folder, as generated where both are there; None for the challenge's."""
    return next((folder / name for name in (GENERATED, OWN) if (folder / name).exists()), None)


def version(folder: Path) -> str:
    """``2015``, ``generated`` or ``own``; that of a folder that is not there is the challenge's."""
    found = find(folder)
    return CHALLENGE if found is None else {GENERATED: "generated", OWN: "own"}[found.name]


def read(mark: Path) -> tuple[int, int]:
    """How many frames and speakers the files of a marked folder have.

    Args:
        mark: As :func:`find` gives it.

    Returns:
        The frames of each recording, at 25 Hz, and the speakers of each partition; both at least 1.

    Raises:
        ValueError: If the mark does not tell.
    """
    lines = dict(line.split(": ", 1) for line in mark.read_text(errors="replace").splitlines() if ": " in line)
    found = [lines.get(name, "") for name in ("frames", "speakers")]
    numbers = [int(text) if re.fullmatch("[0-9]{1,9}", text.strip()) else 0 for text in found]
    if not all(numbers):
        raise ValueError(
            f"{mark} must hold the lines 'frames: ...' and 'speakers: ...', each with a whole number above 0. "
            f"Received {found[0]!a:.40} and {found[1]!a:.40}. Write both lines, or generate the files again."
        )
    return numbers[0], numbers[1]
