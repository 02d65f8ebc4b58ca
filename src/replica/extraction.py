"""Raw recordings to feature files, as :mod:`replica.corpora.avec2015` reads them: what ``replica features`` does.

For each speaker and feature set there is one ARFF file, and under ``quality`` a table that says of each frame whether
its numbers were measured. A file is there whole or not at all, and what is there is not made again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from replica.conventions import FEATURE_WIDTHS, FRAME_RATE_HZ, FRAME_SECONDS
from replica.corpora.avec2015_files import FOLDERS
from replica.features.framing import hold_edges
from replica.features.sets import EXTRACTORS, LENGTHS, LIBRARIES, MODALITIES, SHARED
from replica.files import write_atomically
from replica.pool import as_they_end
from replica.raw_recordings import RawRecording, find

__all__ = ["QUALITY", "SECONDS", "SHARED_FOLDER", "Extracted", "Job", "extract", "jobs", "make", "make_all"]

QUALITY = "quality"
SHARED_FOLDER = "of_training_speakers"
SECONDS = 300.0  # of each recording of the paper's corpus

# Frames by which a modality may end earlier than the recording; its last vector is held. More is another recording.
MOST_HELD = FRAME_RATE_HZ


@dataclass(frozen=True)
class Job:
    """One file to make.

    Attributes:
        recording: Whose.
        feature: The feature set.
        output: The folder that ``avec2015`` is read from.
        seconds: How much of the recording, from its start; None is all of it.
    """

    recording: RawRecording
    feature: str
    output: Path
    seconds: float | None

    @property
    def file(self) -> Path:
        """Where the features are written."""
        return self.output / FOLDERS[self.feature] / f"{self.recording.name}.arff"

    @property
    def quality(self) -> Path:
        """Where it is written which frames were measured."""
        return self.output / QUALITY / self.feature / f"{self.recording.name}.csv"


@dataclass(frozen=True)
class Extracted:
    """What became of a job: frames, and the share of them that was measured; or the error."""

    job: Job
    frames: int = 0
    measured: float = 0.0
    error: str = ""

    def __str__(self) -> str:
        told = self.error or f"{self.frames} frames, {self.measured:.1%} measured"
        return f"{self.job.recording.name}  {self.job.feature}  {told}"


def jobs(folder: Path, output: Path, sets: tuple[str, ...] = (), seconds: float | None = SECONDS) -> list[Job]:
    """The files that are not there yet, the costliest first.

    Args:
        folder: Raw recordings, see :mod:`replica.raw_recordings`.
        output: The folder that ``REPLICA_DATA`` is to name.
        sets: Feature sets; by default all whose modality is there.
        seconds: How much of each recording.

    Raises:
        FileNotFoundError: If there are no raw recordings.
        ValueError: If a feature set is unknown.
    """
    unknown = sorted(set(sets) - set(MODALITIES))
    if unknown:
        raise ValueError(
            f"Feature sets are {', '.join(FEATURE_WIDTHS)}. Received {', '.join(unknown)}. Choose some of these."
        )
    all_of_them = [
        Job(recording, feature, output / "avec2015", seconds)
        for feature, modality in MODALITIES.items()
        for recording in find(folder)
        if modality in recording.files and feature in (sets or MODALITIES)
    ]
    return [job for job in all_of_them if not job.file.exists()]


def extract(
    folder: Path,
    output: Path,
    *,
    sets: tuple[str, ...] = (),
    seconds: float | None = SECONDS,
    processes: int = 1,
    tell: Callable[[Extracted], None] = lambda _: None,
) -> list[Extracted]:
    """Make all files that are not there yet, one process a core.

    Args:
        folder: As for :func:`jobs`.
        output: As for :func:`jobs`.
        sets: As for :func:`jobs`.
        seconds: As for :func:`jobs`.
        processes: How many at a time.
        tell: Is called with each that ended.

    Returns:
        All that ended. One that failed holds its error, and the others go on.

    Raises:
        FileNotFoundError: As :func:`jobs`.
        ValueError: As :func:`jobs`; also if what the training recordings share cannot be made of them.
    """
    to_do = jobs(folder, output, sets, seconds)
    for feature in sorted({job.feature for job in to_do} & SHARED.keys()):
        _share(feature, find(folder), output / "avec2015", seconds)
    ended = []
    for made in make_all(to_do, processes):
        ended.append(made)
        tell(made)
    return ended


def make(job: Job) -> Extracted:
    """Extract one feature set of one recording and write its files; an error is returned, not raised."""
    try:
        names, values, measured = _features(job)
        for file in (job.quality, job.file):
            file.parent.mkdir(parents=True, exist_ok=True)
        flags = np.column_stack([np.arange(len(values)) * FRAME_SECONDS, measured])
        write_atomically(job.quality, _rows(["frameTime", "measured"], flags, "%.2f,%d"))
        write_atomically(job.file, _arff(job.feature, names, values))  # last: where it is, the job is done
    except (ValueError, OSError, RuntimeError, ImportError) as error:
        return Extracted(job, error=str(error))
    return Extracted(job, len(values), float(measured.mean()))


def make_all(to_do: list[Job], processes: int) -> Iterator[Extracted]:
    """Each job as it ends; what recordings share must be there.

    Args:
        to_do: The jobs.
        processes: How many at a time. With 1, they are done in this process.
    """
    needed = {LIBRARIES[job.feature] for job in to_do if job.feature in LIBRARIES}
    yield from as_they_end(make, [(job,) for job in to_do], processes, [__name__, *sorted(needed)])


def _features(job: Job) -> tuple[tuple[str, ...], NDArray[np.float32], NDArray[np.bool_]]:
    """Columns, ``(frames, width)``, and whether each frame was measured."""
    source = job.recording.files[MODALITIES[job.feature]]
    columns, values, measured = EXTRACTORS[job.feature](source, job.seconds, job.output / SHARED_FOLDER)
    frames = _frames(job.recording, job.seconds)
    short = frames - len(values)
    if short > MOST_HELD:
        raise ValueError(
            f"{source} must last as long as the recording '{job.recording.name}', {frames} frames, but for "
            f"{MOST_HELD}. Received {len(values)}. Check that the files are of one recording."
        )
    if short > 0:
        measured = np.pad(measured, (0, short))  # held, not measured
    return tuple(name for name, _ in columns), hold_edges(values[:frames], frames), measured[:frames]


def _frames(recording: RawRecording, seconds: float | None) -> int:
    """Frames of a recording: by its sound if it has some, else by the first of its other files."""
    modality = next(name for name in LENGTHS if name in recording.files)
    return LENGTHS[modality](recording.files[modality], seconds)


def _share(feature: str, recordings: list[RawRecording], output: Path, seconds: float | None) -> None:
    """Make what a feature set shares between recordings, of the training speakers, unless it is there."""
    name, of_training = SHARED[feature]
    file = output / SHARED_FOLDER / name
    if file.exists():
        return
    sources = [
        recording.files[MODALITIES[feature]]
        for recording in recordings
        if recording.partition == "train" and MODALITIES[feature] in recording.files
    ]
    if not sources:
        raise ValueError(
            f"The set {feature} needs what is learnt of training speakers. There is no file train_* with "
            f"{MODALITIES[feature]}, nor {file}. Add the training recordings, or copy that file of another extraction."
        )
    file.parent.mkdir(parents=True, exist_ok=True)
    of_training(file, sources, seconds)


def _arff(feature: str, names: tuple[str, ...], values: NDArray[np.float32]) -> bytes:
    header = [f"@relation {feature.upper()}", "@attribute frameTime numeric"]
    header += [f"@attribute {name} numeric" for name in names]
    timed = np.column_stack([np.arange(len(values)) * FRAME_SECONDS, values])
    return "\n".join([*header, "@data\n"]).encode() + _rows([], timed, ",".join(["%.2f"] + ["%.7g"] * len(names)))


def _rows(names: list[str], values: NDArray, form: str) -> bytes:
    lines = [",".join(names)] * bool(names) + [form % tuple(row) for row in values.tolist()]
    return ("\n".join(lines) + "\n").encode()
