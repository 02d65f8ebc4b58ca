"""Raw recordings in a folder: which files belong to which speaker.

Two layouts are known. In ours, a folder holds ``recordings_audio``, ``recordings_physio``, ``recordings_landmarks`` and
``recordings_faces``, each with a file a speaker, named as in the challenge, ``train_1`` to ``test_9``. RECOLA's own has
``RECOLA-Audio-recordings`` and ``RECOLA-Biosignals-recordings``, whose files are named after participants; landmarks
and faces, which it lacks, may stand beside them in our folders under the participants' names.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from replica.conventions import PARTITIONS
from replica.corpora.avec2015_files import SPEAKER

__all__ = ["FOLDERS", "RECOLA", "RawRecording", "check_name", "find"]

# Modality -> the folders that may hold it, with the endings of its files; "" is a folder of files, one a frame.
FOLDERS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "audio": (("recordings_audio", "RECOLA-Audio-recordings"), (".wav",)),
    "physiology": (("recordings_physio", "RECOLA-Biosignals-recordings"), (".csv",)),
    "landmarks": (("recordings_landmarks",), (".csv", "")),
    "faces": (("recordings_faces",), (".npy", "")),
}

# The challenge's speakers among RECOLA's participants. Which are in which partition, and the order of test, are as in
# public code for the challenge; the order within train and dev is published nowhere, and by number here.
_PARTICIPANTS = {
    "train": (16, 21, 23, 25, 37, 39, 41, 46, 56),
    "dev": (19, 26, 28, 30, 34, 42, 45, 64, 65),
    "test": (38, 32, 53, 63, 59, 13, 47, 49, 20),
}
RECOLA = {
    f"P{number}": f"{partition}_{place}"
    for partition, numbers in _PARTICIPANTS.items()
    for place, number in enumerate(numbers, start=1)
}

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True)
class RawRecording:
    """One speaker's files.

    Attributes:
        name: As in the challenge, such as ``train_1``.
        files: Modality (``audio``, ``physiology``, ``landmarks``, ``faces``) to file, for those that are there.
    """

    name: str
    files: Mapping[str, Path]

    @property
    def partition(self) -> str:
        """``train``, ``dev`` or ``test``."""
        return self.name.partition("_")[0]


def find(folder: Path, *, any_name: bool = False) -> list[RawRecording]:
    """The recordings of a folder, by name.

    Args:
        folder: In one of the two layouts.
        any_name: Take recordings of whatever name, under their own: they are in no partition.

    Raises:
        FileNotFoundError: If there is no such folder, or nothing in it that is known.
        ValueError: If two files hold the same modality of one speaker, or a name has unusual letters.

    Note:
        Without ``any_name``, RECOLA's participants that the challenge left out are passed over, as is a file with
        another name.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"Raw recordings are read from a folder. There is none at {folder}. Correct the path.")
    found: dict[str, dict[str, Path]] = {}
    for modality, (places, endings) in FOLDERS.items():
        for file in sorted(file for place in places for file in (folder / place).glob("*")):
            ending = "" if file.is_dir() else file.suffix.lower()
            name = file.name.removesuffix(file.suffix if ending else "")
            name = name if any_name else RECOLA.get(name, name)
            if ending not in endings or name.startswith(".") or not (any_name or SPEAKER.fullmatch(name)):
                continue
            if any_name:
                check_name(name, file)
            other = found.setdefault(name, {}).setdefault(modality, file)
            if other != file:
                raise ValueError(
                    f"{folder} must hold one file of each speaker and modality. Received {other} and {file} for "
                    f"{name}. Remove one of them."
                )
    if not found:
        known = sorted(place for places, _ in FOLDERS.values() for place in places)
        raise FileNotFoundError(
            f"{folder} must hold files such as train_1.wav, or P16.wav, in one of the folders {known}. "
            f"There is none in {sorted(place.name for place in folder.iterdir())}. Rename the folders and files so."
        )
    if any_name:
        return [RawRecording(name, found[name]) for name in sorted(found)]
    order = {partition: place for place, partition in enumerate(PARTITIONS)}
    names = sorted(found, key=lambda name: (order[name.split("_")[0]], int(name.split("_")[1])))
    return [RawRecording(name, found[name]) for name in names]


def check_name(name: str, file: Path) -> None:
    """Refuse what would do something else in a table, or on a page, than name a recording.

    Raises:
        ValueError: If the name has more than letters, digits, ``_``, ``-`` and ``.``, or more than 100 of them.
    """
    if not _PLAIN_NAME.fullmatch(name):
        raise ValueError(
            "A recording is named by letters of ASCII, digits, '_', '-' and '.', at most 100, a letter or digit first. "
            f"Received {name!r}, of {str(file)!r}. Rename the file."
        )
