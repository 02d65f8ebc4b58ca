"""Self-rated emotion in virtual reality, with head and gaze: 32 people watch the same eight videos of 60 s.

Each recording is one person with one video, at 25 frames a second. The people of test are seen in no other partition,
their videos are.
"""

import os
import zipfile
import zlib
from pathlib import Path
from typing import NoReturn

import numpy as np

from replica.corpora.recording import Corpus, CorpusKey, Recording

__all__ = ["DIGESTS", "VERSION", "available", "key", "load"]

VERSION = "d41a821"  # commit of the source repository, cwi-dis/CEAP-360VR-Dataset
FILE = Path("ceap360vr", "core.npz")

# Corpus.digest of the unaltered copy.
DIGESTS = ("7a82f16edc46e22a27efa497c446963fb9eaf37ab156bf7f1016c0e8365274c5",)

PEOPLE, VIDEOS, FRAMES = 32, 8, 1500
LAST_OF_TRAIN, LAST_OF_DEV = 20, 24  # people by number; those after them are test

# The arrays that are read, of those in the file.
SHAPES = {
    "label": (PEOPLE, VIDEOS, FRAMES, 2),  # arousal, valence
    "head": (PEOPLE, VIDEOS, FRAMES, 3),  # pitch, yaw, speed
    "gaze": (PEOPLE, VIDEOS, FRAMES, 5),  # the last fixation's pitch and yaw, in fixation, its age, how many in 5 s
    "stim_luminance": (VIDEOS, FRAMES),
}

LICENCE = (
    "CC BY-NC-SA 4.0, the stricter reading of a licence file that names CC BY-NC 4.0 and links to CC BY-NC-SA 4.0: "
    "attribution, non-commercial use, what is adapted from it under the same terms, and changes told."
)
CITATION = (
    "T. Xue, A. El Ali, T. Zhang, G. Ding, P. Cesar, CEAP-360VR: A Continuous Physiological and Behavioral Emotion "
    "Annotation Dataset for 360 VR Videos, IEEE Transactions on Multimedia, 2021, doi:10.1109/TMM.2021.3124080."
)
LIMITS = (
    "Everyone saw the same eight videos, so part of any skill is recognising the video; luminance belongs to the video "
    "and not to the person. Each track is one person's rating of themselves: there is no panel of raters, and no gold "
    "standard made from one. All but 6 of the 256 tracks start at 0, so the first seconds follow the clock. "
    "The physiology of the dataset is not part of the copy."
)


def load(*, path: str | os.PathLike[str] | None = None) -> Corpus:
    """Read the compact copy: 256 recordings, ``P01-V1`` to ``P32-V8``; 20 people train, 4 dev, 8 test, by number.

    Args:
        path: The folder that holds ``ceap360vr/core.npz``; by default the one that ``REPLICA_DATA`` names.

    Returns:
        The corpus with the feature sets ``head`` (3), ``gaze`` (5) and ``luminance`` (1, of the video).

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is damaged, or an array in it is not as documented.
    """
    file = _file(path)
    arrays = _read(file)
    recordings = (_recording(arrays, person, video, file) for person in range(PEOPLE) for video in range(VIDEOS))
    return Corpus(key(), tuple(recordings), LICENCE, CITATION, LIMITS)


def key() -> CorpusKey:
    """The key; there are no options."""
    return CorpusKey("ceap360vr", VERSION)


def available() -> bool:
    """Whether the folder that ``REPLICA_DATA`` names holds the compact copy."""
    folder = os.environ.get("REPLICA_DATA")
    return folder is not None and Path(folder, FILE).is_file()


def _recording(arrays: dict[str, np.ndarray], person: int, video: int, file: Path) -> Recording:
    number = person + 1
    features = {
        "head": arrays["head"][person, video],
        "gaze": arrays["gaze"][person, video],
        "luminance": arrays["stim_luminance"][video][:, np.newaxis],
    }
    return Recording(
        name=f"P{number:02}-V{video + 1}",
        speaker=f"P{number:02}",
        partition="train" if number <= LAST_OF_TRAIN else "dev" if number <= LAST_OF_DEV else "test",
        features={name: values.copy() for name, values in features.items()},  # people share a video's luminance
        gold=arrays["label"][person, video],
        source=str(file),
    )


def _file(path: str | os.PathLike[str] | None) -> Path:
    folder = path if path is not None else os.environ.get("REPLICA_DATA")
    remedy = "Set REPLICA_DATA, or give path=, to the folder that holds the folder 'ceap360vr'."
    required = f"The corpus 'ceap360vr' is read from {FILE} in the folder that REPLICA_DATA names."
    if not folder:
        raise FileNotFoundError(f"{required} REPLICA_DATA is not set. {remedy}")
    file = Path(folder, FILE)
    if not file.is_file():
        raise FileNotFoundError(f"{required} There is no file {file}. {remedy}")
    return file


def _read(file: Path) -> dict[str, np.ndarray]:
    """The arrays, checked for shape and type; their values are checked with each recording."""
    try:
        # Not np.load, which would take any other file for a pickle or an array, and leave a damaged one open.
        with file.open("rb") as stream, np.lib.npyio.NpzFile(stream, allow_pickle=False) as archive:
            missing = sorted(set(SHAPES) - set(archive.files))
            arrays = {name: archive[name] for name in SHAPES if name not in missing}
    except (zipfile.BadZipFile, zlib.error, MemoryError, EOFError, OSError, ValueError) as error:
        raise ValueError(
            f"{file} must be a whole zip file of arrays. Received {file.stat().st_size} bytes that cannot be read "
            f"({error}). The copy is incomplete or damaged: copy the file again."
        ) from error
    if missing:
        _refuse(file, f"the arrays {sorted(SHAPES)}", f"a file without {missing}")
    for name, shape in SHAPES.items():
        if arrays[name].shape != shape or arrays[name].dtype != np.float32:
            _refuse(file, f"'{name}' of shape {shape} and type float32", f"{arrays[name].shape}, {arrays[name].dtype}")
    return arrays


def _refuse(file: Path, required: str, received: str) -> NoReturn:
    raise ValueError(f"{file} must hold {required}. Received {received}. Copy the unaltered file again.")
