"""A simulated cohort as raw recordings in a folder: what ``replica simulate`` does.

The folder is read by ``replica features``, which adds the six feature sets to its ``avec2015``, and then by the loader
of that corpus. State, cues, raters and gold standard are those of the corpus ``simulated`` of the same seed.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.io import wavfile

from replica.conventions import DIMENSIONS, FRAME_RATE_HZ
from replica.corpora import avec2015_files, mark, simulated
from replica.corpora.simulated import physiology as biosignals
from replica.corpora.simulated.face import Face, face
from replica.corpora.simulated.performance import Performance, perform
from replica.corpora.simulated.physiology import Physiology, physiology
from replica.corpora.simulated.processes import generator
from replica.corpora.simulated.voice import SAMPLING_RATE_HZ, Voice, voice
from replica.corpora.simulated_signals import Cohort
from replica.files import write_atomically
from replica.gold_standard import gold_standard
from replica.pool import as_they_end
from replica.raw_recordings import FOLDERS

__all__ = ["Recorded", "record", "simulate", "write_labels", "write_recording"]

RATERS = ("FM1", "FM2", "FM3", "FF1", "FF2", "FF3")


@dataclass(frozen=True, eq=False)
class Recorded:
    """One speaker's signals, and the performance behind them."""

    performance: Performance
    voice: Voice
    physiology: Physiology
    face: Face


def record(
    seed: int,
    number: int,
    frames: int,
    effect: float = 1.0,
    correlation: float | None = None,
    *,
    closed_mouth: bool = False,
) -> Recorded:
    """One speaker's signals; a function of its arguments alone, each signal from a random stream of its own.

    Args:
        seed: Of the cohort.
        number: Of the speaker, from 1.
        frames: Length, 25 a second.
        effect: As for :class:`~replica.corpora.simulated_signals.Cohort`.
        correlation: As for :class:`~replica.corpora.simulated_signals.Cohort`.
        closed_mouth: As for :class:`~replica.corpora.simulated_signals.Cohort`.
    """
    done = perform(seed, number, frames, effect, correlation)
    sound = voice(generator(seed, number, "sound"), done.voice, done.talk)
    stream = generator(seed, number, "biosignals")
    body = physiology(stream, done.heart_rate, done.talk, done.responses, done.skin_level)
    opening = np.zeros(frames) if closed_mouth else sound.opening
    return Recorded(
        done, sound, body, face(generator(seed, number, "picture"), done.expressions, opening, done.face_found)
    )


def simulate(folder: Path, cohort: Cohort, processes: int = 1) -> Iterator[str]:
    """Write all recordings and ratings of a cohort that are not there yet.

    Args:
        folder: Where to; its ``avec2015`` gets the ratings.
        cohort: Which.
        processes: How many at a time.

    Yields:
        The name of each speaker as the last file is written.

    Raises:
        FileExistsError: If the folder holds something else than this cohort.
    """
    _mark(folder / "avec2015", cohort)
    to_do = [(folder, cohort, name) for name in missing(folder, cohort)]
    yield from as_they_end(_make, to_do, processes, [__name__])


def missing(folder: Path, cohort: Cohort) -> list[str]:
    """The speakers whose last file is not there yet."""
    return [name for name in cohort.speakers if not _last_file(folder / "avec2015", name).exists()]


def write_recording(folder: Path, name: str, recorded: Recorded) -> None:
    """Sound, physiology, landmarks and patches of one speaker, in our layout of raw recordings."""
    sound = io.BytesIO()
    wavfile.write(sound, SAMPLING_RATE_HZ, np.rint(32767 * recorded.voice.signal).astype(np.int16))
    patches = io.BytesIO()
    np.save(patches, recorded.face.patches)
    body = recorded.physiology
    times = np.arange(len(body.ecg)) / biosignals.SAMPLING_RATE_HZ
    found = np.isfinite(recorded.face.landmarks[:, 0, 0])
    points = np.where(found[:, None, None], recorded.face.landmarks, 0.0)
    tracked = np.column_stack([np.arange(1, len(points) + 1), found, points[..., 0], points[..., 1]])
    names = ["frame", "success", *(f"{axis}_{k}" for axis in "xy" for k in range(points.shape[1]))]
    files = {
        "audio": sound.getvalue(),
        "physiology": _table(["time", "EDA", "ECG"], np.column_stack([times, body.eda, body.ecg]), "%.3f;%.5f;%.5f"),
        "landmarks": _table(names, tracked, ",".join(["%d", "%d"] + ["%.3f"] * (len(names) - 2))),
        "faces": patches.getvalue(),
    }
    for modality, data in files.items():
        places, endings = FOLDERS[modality]
        (folder / places[0]).mkdir(parents=True, exist_ok=True)
        write_atomically(folder / places[0] / f"{name}{endings[0]}", data)


def write_labels(root: Path, name: str, annotations: NDArray) -> None:
    """Gold standard and raters of one speaker, in the layout of the challenge.

    Args:
        root: The folder ``avec2015``.
        name: Such as ``train_1``.
        annotations: Six raters' traces ``(6, frames, 2)``.
    """
    gold = gold_standard(annotations)
    times = np.arange(len(gold)) / FRAME_RATE_HZ
    for d, dimension in enumerate(DIMENSIONS):
        lines = [f"@relation GOLDSTANDARD_{dimension.upper()}", "@attribute Instance_name string"]
        lines += ["@attribute frameTime numeric", "@attribute GoldStandard numeric", "@data"]
        lines += [f"{name},{time:g},{value:.6f}" for time, value in zip(times, gold[:, d], strict=True)]
        _write(root / avec2015_files.GOLD / dimension / f"{name}.arff", lines)
    for d, dimension in enumerate(DIMENSIONS):
        lines = [";".join(["time", *(f"{rater} " for rater in RATERS)])]  # blanks trail in the challenge's files too
        rows = np.column_stack([times, annotations[:, :, d].T])
        lines += [";".join(f"{value:g}" for value in row) for row in rows]
        _write(root / avec2015_files.INDIVIDUAL / dimension / f"{name}.csv", lines)


def _make(folder: Path, cohort: Cohort, name: str) -> str:
    who = (cohort.seed, cohort.speakers[name], cohort.frames)
    recorded = record(*who, cohort.effect, cohort.correlation, closed_mouth=cohort.closed_mouth)
    write_recording(folder, name, recorded)
    rated = simulated.speaker(*who, cohort.effect, cohort.delay_seconds, cohort.correlation)
    write_labels(folder / "avec2015", name, rated.annotations)
    return name


def _last_file(root: Path, name: str) -> Path:
    return root / avec2015_files.INDIVIDUAL / DIMENSIONS[-1] / f"{name}.csv"


def _mark(root: Path, cohort: Cohort) -> None:
    """Say of the folder what it holds, or refuse one that holds something else."""
    marker = root / mark.GENERATED
    # A run that was stopped at once leaves a folder with nothing in it but half a marker, which is hidden.
    if any(root.glob("[!.]*")) and (not marker.exists() or marker.read_text() != cohort.marker):
        raise FileExistsError(
            f"A simulated cohort needs a folder of its own. There is {root} already, which holds another corpus or "
            "another cohort. Name another folder, or remove it."
        )
    root.mkdir(parents=True, exist_ok=True)
    write_atomically(marker, cohort.marker.encode())


def _table(names: list[str], values: NDArray, form: str) -> bytes:
    separator = ";" if ";" in form else ","
    return "\n".join([separator.join(names), *(form % tuple(row) for row in values.tolist()), ""]).encode()


def _write(file: Path, lines: list[str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, ("\n".join(lines) + "\n").encode())
