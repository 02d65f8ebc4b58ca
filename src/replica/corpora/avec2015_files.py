"""Where a copy of AV+EC 2015 holds its files: a folder for each feature set, for gold standard and raters."""

import re
from pathlib import Path
from typing import NoReturn

from replica.conventions import DIMENSIONS, PARTITIONS

__all__ = [
    "FOLDERS",
    "GOLD",
    "INDIVIDUAL",
    "SPEAKER",
    "candidates",
    "feature_files",
    "file_of",
    "find_folder",
    "refuse",
    "subfolder",
]

SPEAKER = re.compile(rf"({'|'.join(PARTITIONS)})_[1-9]\d*")  # how they are named

# As in the challenge of 2016 on the same corpus: what is public of 2015 leaves the names of its folders open.
FOLDERS = {
    "audio_short": "features_audio_short",  # the authors' own set: no part of the challenge, made by feature extraction
    "audio_long": "features_audio",
    "video_app": "features_video_appearance",
    "video_geo": "features_video_geometric",
    "ecg": "features_ECG",
    "eda": "features_EDA",
}
GOLD = "ratings_gold_standard"
INDIVIDUAL = "ratings_individual"


def feature_files(folder: Path, feature: str, name: str) -> list[Path]:
    """The file of a feature set and a speaker; two, where the set stands once for each emotion dimension.

    Args:
        folder: The folder ``avec2015``.
        feature: One of ``FOLDERS``.
        name: Of the speaker.

    Raises:
        FileNotFoundError: If there is none.
        ValueError: If there are two of one name.
    """
    place = subfolder(folder, FOLDERS[feature])
    places = [place / dimension for dimension in DIMENSIONS if (place / dimension).is_dir()] or [place]
    return [file_of(each, name) for each in places]


def subfolder(folder: Path, name: str) -> Path:
    """A folder of the copy by its name.

    Raises:
        FileNotFoundError: If there is none; the error names those that there are.
    """
    found = find_folder(folder, name)
    if found is None:
        there = sorted(place.name for place in folder.iterdir() if place.is_dir())
        raise FileNotFoundError(
            f"The corpus 'avec2015' is read from {folder}, which must hold the folder '{name}'. "
            f"Received the folders {there}. Copy the missing folder, or rename the one that holds these files."
        )
    return found


def find_folder(folder: Path, name: str) -> Path | None:
    """A folder by its name, in whatever case."""
    return next((p for p in folder.iterdir() if p.is_dir() and p.name.lower() == name.lower()), None)


def candidates(place: Path, name: str) -> list[Path]:
    """The files of a speaker in a folder."""
    return [file for suffix in (".arff", ".csv") if (file := place / f"{name}{suffix}").is_file()]


def file_of(place: Path, name: str, remedy: str = "") -> Path:
    """The one file of a speaker in a folder; where there is none, ``remedy`` tells what to do.

    Raises:
        FileNotFoundError: If there is none.
        ValueError: If there are two.
    """
    found = candidates(place, name)
    if not found:
        raise FileNotFoundError(
            f"The speaker '{name}' of the corpus 'avec2015' needs {name}.arff or {name}.csv in {place}. "
            f"There is neither.{remedy or ' Copy the missing file.'}"
        )
    if len(found) > 1:
        refuse(place, f"one file of '{name}'", " and ".join(file.name for file in found), "Remove one of them")
    return found[0]


def refuse(place: Path, required: str, received: str, remedy: str) -> NoReturn:
    """Refuse a file or folder of the copy.

    Raises:
        ValueError: Always.
    """
    raise ValueError(f"{place} must hold {required}. Received {received}. {remedy}.")
