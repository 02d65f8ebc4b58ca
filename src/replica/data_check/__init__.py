"""Is a user's own copy of a gated corpus what this project takes it for: what ``replica data check`` does.

Everything is read and nothing copied; what is told are places, counts and remedies, never a value.
"""

from pathlib import Path

from replica.data_check import avec2015, recordings
from replica.data_check.finding import ERROR, NOTE, Finding, Report

__all__ = ["ERROR", "NOTE", "Finding", "Report", "check"]

# The folder itself, or what REPLICA_DATA names.
INSIDE = ("", "avec2015")


def check(path: Path) -> list[Report]:
    """Read a copy of AV+EC 2015 or RECOLA, or a folder of raw recordings, and tell what is wrong with it.

    Args:
        path: The copy, or the folder that holds it as ``avec2015``.

    Returns:
        A report of each layout that is there.

    Raises:
        FileNotFoundError: If there is no such folder, or none of the layouts in it.
    """
    folders = [folder for inside in INSIDE if (folder := path / inside).is_dir()]
    reports = [layout.check(folder) for folder in folders for layout in (avec2015, recordings) if layout.is_one(folder)]
    if not reports:
        there = sorted(place.name for place in path.iterdir() if place.is_dir())[:20] if path.is_dir() else None
        raise FileNotFoundError(
            "A copy holds folders such as ratings_gold_standard and features_audio, RECOLA-Annotation, or "
            f"recordings_audio. {path} {'is no folder' if there is None else f'holds the folders {there}'}. "
            "Name the folder that holds them, or rename yours so."
        )
    return reports
