"""The original files of ``studyforrest`` to the arrays that :mod:`replica.corpora.studyforrest` reads."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from replica.conventions import FRAME_RATE_HZ
from replica.corpora.studyforrest import FILE, FRAMES, PART_FRAMES, RATING_RANGE
from replica.files import write_atomically

__all__ = ["convert", "write"]

RATERS = Path("studyforrest-paper-emotionannotation", "data", "raw")
SERIES = Path("studyforrest-data-confoundsannotation", "annotation")
EVENTS = Path("studyforrest-data-annotations")

# What raters wrote for high and low arousal, positive and negative valence.
MARKS = {"arousal": {"HIGH": 1, "LOW": -1}, "valence": {"POS": 1, "NEG": -1}}
SOUND = ("rms", "lrdiff")
LIGHT = ("brmean", "brlr", "brud", "normdiff")
HASH_BITS = 144

STARTS = np.concatenate([[0], np.cumsum(PART_FRAMES)[:-1]])
# The parts' series overlap by 16 to 20 s; each is cut 8 s into the overlap.
OVERLAP = 8 * FRAME_RATE_HZ
# The narrated sound of part 8 begins 1.96 s later than its nominal place, as its overlap with part 7 shows.
NARRATED_LATER = (0, 0, 0, 0, 0, 0, 0, 49)


def write(originals: Path, folder: Path) -> Path:
    """Convert the originals and write the compact copy, whole or not at all.

    Args:
        originals: Holds the three repositories under their own names.
        folder: The one that ``REPLICA_DATA`` is to name.

    Returns:
        The file.
    """
    archive = io.BytesIO()
    arrays = convert(originals)
    np.savez_compressed(archive, **arrays)  # type: ignore[arg-type]  # numpy's stub takes the names for options
    file = folder / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, archive.getvalue())
    return file


def convert(originals: Path) -> dict[str, NDArray]:
    """The arrays that :mod:`replica.corpora.studyforrest` reads, and those of the narrated film.

    Args:
        originals: Holds the three repositories under their own names.

    Raises:
        FileNotFoundError: If a file is missing.
    """
    av, ao = (
        np.stack([rating(pd.read_csv(file)) for file in sorted((originals / RATERS).glob(f"{kind}*.csv"))])
        for kind in ("av", "ao")
    )
    series = originals / SERIES
    return {
        "raters_av": (av * RATING_RANGE).round().astype(np.int8),
        "raters_ao": (ao * RATING_RANGE).round().astype(np.int8),
        "gold_av": av.mean(axis=0),
        "gold_ao": ao.mean(axis=0),
        "audio_film": _series(series / "audio", "av_ger", SOUND),
        "audio_narrated": _series(series / "audio", "ad", SOUND, NARRATED_LATER),
        "visual": _series(series / "visual", "av_ger", LIGHT),
        "phash": np.stack([_hash_bytes(text) for text in _stitched(series / "visual", "av_ger", "phash")]),
        "events": _events(originals / EVENTS),
        "speech": speech(pd.read_csv(originals / EVENTS / "old" / "speech" / "english_dialog.csv")),
        "run": np.repeat(np.arange(len(PART_FRAMES), dtype=np.uint8), PART_FRAMES),
    }


def rating(episodes: pd.DataFrame) -> NDArray[np.float32]:
    """One rater's trace ``(FRAMES, 2)`` in [-1, 1]: the mean over the characters that are marked at a time, else 0.

    Args:
        episodes: A row an episode: ``start``, ``end`` (seconds), ``character``, ``arousal``, ``valence``.
    """
    trace = np.zeros((FRAMES, len(MARKS)), np.float32)
    for column, (dimension, marks) in enumerate(MARKS.items()):
        total, marked = np.zeros(FRAMES), np.zeros(FRAMES)
        for _, of_character in episodes.groupby("character"):
            votes, active = np.zeros(FRAMES), np.zeros(FRAMES, bool)
            for start, end, mark in of_character[["start", "end", dimension]].itertuples(index=False):
                value = marks.get(str(mark).strip().upper())
                if value is not None:
                    frames = slice(round(start * FRAME_RATE_HZ), round(end * FRAME_RATE_HZ))
                    votes[frames] += value
                    active[frames] = True
            total += np.sign(votes)
            marked += active
        trace[:, column] = np.where(marked > 0, total / np.maximum(marked, 1), 0)
    return trace


def speech(lines: pd.DataFrame) -> NDArray[np.float32]:
    """Whether someone speaks, and words a second of the line; ``(FRAMES, 2)``. The words themselves are not kept."""
    spoken = np.zeros((FRAMES, 2), np.float32)
    for first, last, text in lines[["start", "end", "text"]].itertuples(index=False):
        start, end = _number(first), _number(last)
        if end > start:  # not where either is no number
            frames = slice(int(start * FRAME_RATE_HZ), int(end * FRAME_RATE_HZ))
            spoken[frames] = 1, len(str(text).split()) / (end - start)
    return spoken


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return float("nan")


def _series(folder: Path, film: str, names: tuple[str, ...], later: tuple[int, ...] = (0,) * 8) -> NDArray[np.float32]:
    """Series of numbers side by side, ``(FRAMES, len(names))``."""
    return np.stack([_stitched(folder, film, name, later).astype(np.float32) for name in names], axis=1)


def _stitched(folder: Path, film: str, name: str, later: tuple[int, ...] = (0,) * 8) -> NDArray:
    """One series of the whole film from those of its parts, ``(FRAMES,)``."""
    starts = STARTS + later
    whole: list[NDArray] = []
    for part, start in enumerate(starts):
        text = name == "phash"  # else its digits would be read as a number
        table = pd.read_csv(folder / f"fg_{film}_seg{part}_{name}.tsv", sep="\t", dtype={2: str} if text else None)
        values = (table.iloc[:, 2].astype(str) if text else table.iloc[:, 2].astype(np.float64)).to_numpy()
        first = 0 if part == 0 else start + OVERLAP
        last = FRAMES if part == len(starts) - 1 else starts[part + 1] + OVERLAP
        kept = values[first - start : last - start]
        short = last - first - len(kept)  # the last part alone ends a little before the film does
        whole.append(np.concatenate([kept, values[-1:].repeat(short)]))
    return np.concatenate(whole)


def _hash_bytes(text: str) -> NDArray[np.uint8]:
    """The 144 bits of a picture's hash, packed; leading zeros are not written in the files."""
    return np.frombuffer(bytes.fromhex(text.zfill(HASH_BITS // 4)), np.uint8)[-HASH_BITS // 8 :]


def _events(folder: Path) -> NDArray[np.uint8]:
    """Cut, music, outdoor, night; ``(FRAMES, 4)`` of 0 and 1."""
    events = np.zeros((FRAMES, 4), np.uint8)
    cuts = pd.read_csv(folder / "old" / "structure" / "shots.csv").iloc[:, 0].to_numpy(np.float64)
    events[np.clip(np.round(cuts * FRAME_RATE_HZ).astype(int), 0, FRAMES - 1), 0] = 1
    for row in pd.read_csv(folder / "researchcut" / "music.tsv", sep="\t").itertuples():
        events[_frames(row), 1] = 1
    for row in pd.read_csv(folder / "researchcut" / "locations.tsv", sep="\t").itertuples():
        events[_frames(row), 2:] = row.int_or_ext == "ext", row.time_of_day != "day"
    return events


def _frames(row: object) -> slice:
    onset, duration = row.onset, row.duration  # type: ignore[attr-defined]  # a named tuple of pandas
    return slice(int(onset * FRAME_RATE_HZ), int((onset + duration) * FRAME_RATE_HZ))
