"""Portrayed emotions in a feature film: real ratings and series of sound and picture, in the public domain.

Nine raters saw and heard the film and marked when a character shows high or low arousal, positive or negative
valence. The film comes in eight parts. A recording is a stretch of 7500 frames (five minutes, as in the challenge) from
the start of a part; what is left of each part is dropped. Four rotations make every recording a test recording once.
"""

import os
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np

from replica.corpora.recording import Corpus, CorpusKey, Recording

__all__ = ["DIGESTS", "ROTATIONS", "VERSION", "available", "key", "load"]

VERSION = "fb51348-7a1c44e-155097f"  # commits of the three source repositories: emotions, confounds, annotations
FILE = Path("studyforrest", "studyforrest.npz")

# Corpus.digest of each rotation of the unaltered copy.
DIGESTS = (
    "14ea31be0291974ea92d4921026495b0873019295096e03673c99f95dd471ae0",
    "9a737d420c66e2b43efbd6bff6558b18f2edb18d1c5c5045ba261c198b8da868",
    "53050a71341aebcb07ef6980ad2b45a294b87db8f2b568466eaffb9ed9903c81",
    "9d2b410c62b19b81ebb3c471c39d36cbcd6c96bb71a18c1352e3aabab7c1ff1a",
)

ROTATIONS = 4
STRETCH_FRAMES = 7500
PART_FRAMES = (22150, 21652, 21502, 24001, 22702, 21552, 26702, 16871)
FRAMES = sum(PART_FRAMES)
RATING_RANGE = (
    120  # a rater's int8 values run from -120 to 120, since means over 1 to 6 characters fall on whole numbers
)

# The arrays that are read, of those in the file.
SHAPES = {
    "raters_av": (9, FRAMES, 2),
    "gold_av": (FRAMES, 2),
    "audio_film": (FRAMES, 2),
    "visual": (FRAMES, 4),
    "phash": (FRAMES, 18),
    "events": (FRAMES, 4),
    "speech": (FRAMES, 2),
    "run": (FRAMES,),
}

LICENCE = "Public domain: ratings and annotations CC0 1.0, series of sound and picture PDDL."
CITATION = (
    "A. Labs et al., Portrayed emotions in the movie 'Forrest Gump', F1000Research 2015, 4:92; "
    "C. O. Haeusler and M. Hanke, An annotation of cuts, depicted locations, and temporal progression in the motion "
    "picture 'Forrest Gump', F1000Research 2016, 5:2273; M. Hanke et al., studyforrest.org."
)
LIMITS = (
    "One film: the recordings are stretches of it and no speakers, so nothing follows for unseen people. "
    "What is rated is what the characters show. Sound, picture and events are plain series: there is no prosody, no "
    "face and no physiology, so the paper's comparison of modalities cannot be made. "
    "Raters marked episodes, so each rating, and the gold standard with it, is constant between steps."
)


def load(*, rotation: int = 0, path: str | os.PathLike[str] | None = None) -> Corpus:
    """Read the compact copy and cut it into 19 recordings.

    Args:
        rotation: 0 to 3; the film parts that are tested are (1, 5), (2, 6), (3, 7) or (4, 8), dev is the next pair.
        path: The folder that holds ``studyforrest/studyforrest.npz``; by default the one that ``REPLICA_DATA`` names.

    Returns:
        The corpus with the feature sets ``sound`` (2), ``light`` (4), ``hash`` (144 bits), ``events`` (4) and
        ``speech`` (2).

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is damaged, or an array in it is not as documented.
    """
    corpus_key = key(rotation=rotation)
    file = _file(path)
    state = file.stat()
    film = _read(file, state.st_mtime_ns, state.st_size)
    recordings = (
        _recording(film, part, stretch, rotation, str(file))
        for part, frames in enumerate(PART_FRAMES, start=1)
        for stretch in range(frames // STRETCH_FRAMES)
    )
    return Corpus(corpus_key, tuple(recordings), LICENCE, CITATION, LIMITS)


def key(*, rotation: int = 0) -> CorpusKey:
    """The key of one rotation.

    Raises:
        ValueError: If there is no such rotation.
    """
    if rotation not in range(ROTATIONS):
        raise ValueError(f"A rotation is one of {tuple(range(ROTATIONS))}. Received {rotation!r}. Choose one of these.")
    return CorpusKey("studyforrest", VERSION, (("rotation", int(rotation)),))


def available() -> bool:
    """Whether the folder that ``REPLICA_DATA`` names holds the compact copy."""
    folder = os.environ.get("REPLICA_DATA")
    return folder is not None and Path(folder, FILE).is_file()


def _partition(part: int, rotation: int) -> str:
    """Pair n holds the film parts n + 1 and n + 5; the pair of the rotation is tested, the next one is dev."""
    pair = (part - 1) % ROTATIONS
    return {rotation: "test", (rotation + 1) % ROTATIONS: "dev"}.get(pair, "train")


def _recording(film: dict[str, np.ndarray], part: int, stretch: int, rotation: int, source: str) -> Recording:
    first = sum(PART_FRAMES[: part - 1]) + stretch * STRETCH_FRAMES
    frames = slice(first, first + STRETCH_FRAMES)
    features = {
        "sound": film["audio_film"][frames],
        "light": film["visual"][frames],
        "hash": np.unpackbits(film["phash"][frames], axis=1),
        "events": film["events"][frames],
        "speech": film["speech"][frames],
    }
    raters = film["raters_av"][:, frames]
    return Recording(
        name=f"part{part}-{stretch}",
        partition=_partition(part, rotation),
        features={name: values.astype(np.float32) for name, values in features.items()},
        gold=_mean_rating(raters),
        annotations=(raters / RATING_RANGE).astype(np.float32),
        source=source,
    )


def _mean_rating(raters: np.ndarray) -> np.ndarray:
    """Plain mean over raters, ``(frames, 2)``; summed as integers, so that every machine finds the same bits."""
    return (raters.sum(axis=0, dtype=np.int64) / (len(raters) * RATING_RANGE)).astype(np.float32)


def _file(path: str | os.PathLike[str] | None) -> Path:
    folder = path if path is not None else os.environ.get("REPLICA_DATA")
    remedy = "Set REPLICA_DATA, or give path=, to the folder that holds the folder 'studyforrest'."
    required = f"The corpus 'studyforrest' is read from {FILE} in the folder that REPLICA_DATA names."
    if not folder:
        raise FileNotFoundError(f"{required} REPLICA_DATA is not set. {remedy}")
    file = Path(folder, FILE)
    if not file.is_file():
        raise FileNotFoundError(f"{required} There is no file {file}. {remedy}")
    return file


@lru_cache(maxsize=1)
def _read(file: Path, mtime_ns: int, size: int) -> dict[str, np.ndarray]:
    """The film's arrays, checked. Time and size of the file are arguments, so that a changed file is read anew."""
    try:
        # Not np.load, which would take any other file for a pickle or an array, and leave a damaged one open.
        with file.open("rb") as stream, np.lib.npyio.NpzFile(stream, allow_pickle=False) as archive:
            missing = sorted(set(SHAPES) - set(archive.files))
            film = {name: archive[name] for name in SHAPES if name not in missing}
    except (zipfile.BadZipFile, zlib.error, MemoryError, EOFError, OSError, ValueError) as error:
        raise ValueError(
            f"{file} must be a whole zip file of arrays. Received {size} bytes that cannot be read ({error}). "
            "The copy is incomplete or damaged: copy the file again."
        ) from error
    if missing:
        _refuse(file, f"the arrays {sorted(SHAPES)}", f"a file without {missing}")
    _check(file, film)
    return film


def _check(file: Path, film: dict[str, np.ndarray]) -> None:
    for name, shape in SHAPES.items():
        if film[name].shape != shape:
            _refuse(file, f"'{name}' of shape {shape}", f"shape {film[name].shape}")
    for name in ("raters_av", "phash", "events", "run"):
        if film[name].dtype.kind not in "iu":
            _refuse(file, f"'{name}' of integers", f"type {film[name].dtype}")
    if not np.array_equal(film["run"], np.repeat(np.arange(len(PART_FRAMES)), PART_FRAMES)):
        found = np.bincount(film["run"].clip(0, 255)).tolist()
        _refuse(file, f"'run' rising from 0 to 7 over {PART_FRAMES} frames", f"counts {found}, or another order")
    difference = np.abs(_mean_rating(film["raters_av"]) - film["gold_av"]).max()
    if not difference < 1e-6:  # also where it is NaN
        _refuse(file, "'gold_av' equal to the mean of 'raters_av' / 120", f"a difference of {difference}")


def _refuse(file: Path, required: str, received: str) -> None:
    raise ValueError(f"{file} must hold {required}. Received {received}. Copy the unaltered file again.")
