"""Raw recordings, of RECOLA's own release or in our folders: can they be read, do they last, do they move."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from replica.conventions import DIMENSIONS, FRAME_RATE_HZ
from replica.corpora.avec2015 import DETACHED, FRAMES, RATERS
from replica.data_check import labels
from replica.data_check.finding import ERROR, NOTE, Report
from replica.data_check.tables import UNREADABLE, Files
from replica.raw_recordings import RECOLA, RawRecording, find

__all__ = ["ANNOTATION", "check", "is_one"]

ANNOTATION = Path("RECOLA-Annotation", "emotional_behaviour")
SECONDS = 300.0
SOUND_HZ, PHYSIOLOGY_HZ = 44_100, 1000
MOST_WITHOUT_FACE = 0.5


def is_one(folder: Path) -> bool:
    """Whether a folder holds raw recordings in one of the layouts that are known, or RECOLA's annotations."""
    known = ("RECOLA-", "recordings_")
    return any(place.is_dir() and place.name.startswith(known) for place in folder.iterdir())


def check(folder: Path) -> Report:
    """Read every recording and annotation of a copy and note what is wrong with it.

    Args:
        folder: The one that holds ``RECOLA-Audio-recordings`` and the like, or ``recordings_audio`` and the like.
    """
    files = Files(folder, FRAMES)
    release = any(place.name.startswith("RECOLA-") for place in folder.iterdir())
    if release:
        _annotations(files)
    try:
        recordings = find(folder)
    except (FileNotFoundError, ValueError) as error:
        files.note(ERROR, folder, *_told(error, folder))
        recordings = []
    if release and recordings:
        _participants(files, recordings)
    for recording in recordings:
        for modality, file in recording.files.items():
            files.count += 1
            try:
                _CHECKS[modality](files, recording.name, file)
            except (ValueError, OSError, ImportError) as error:
                files.note(ERROR, file, *_told(error, file))
    files.tell_late()
    return Report(folder, "recola" if release else "recordings", files.count, tuple(files.findings))


def _annotations(files: Files) -> None:
    folder = files.root / ANNOTATION
    made: dict[str, dict[str, np.ndarray]] = {}
    for dimension in DIMENSIONS:
        place = folder / dimension
        if not place.is_dir():
            found = f"there is no folder {ANNOTATION / dimension}"
            files.note(ERROR, files.root, found, "Copy it: without it there is no gold standard")
            continue
        read = {file: files.read(file, "raters", RATERS) for file in sorted(place.glob("P*.csv"))}
        tables = {file: values for file, values in read.items() if values is not None and len(values)}
        labels.ranges(files, tables)
        made[dimension] = {
            RECOLA[file.stem]: values.mean(axis=1, keepdims=True)
            for file, values in tables.items()
            if file.stem in RECOLA and np.isfinite(values).all()
        }
    if len(made) == len(DIMENSIONS):
        unpaired = set.symmetric_difference(*map(set, made.values()))
        if unpaired:
            found = f"{len(unpaired)} participants have labels of one emotion dimension alone"
            files.note(ERROR, folder, found, "Copy the missing files")
        labels.dimensions(files, folder, made, {}, real=True)


def _participants(files: Files, recordings: list[RawRecording]) -> None:
    there = {recording.name for recording in recordings}
    missing = [participant for participant, name in RECOLA.items() if name not in there]
    absent = [participant for participant in missing if not RECOLA[participant].startswith("test")]
    if absent:
        found = f"no recording of {', '.join(absent)}, of the challenge's train and dev"
        files.note(ERROR, files.root, found, "Copy the missing files")
    if len(absent) < len(missing):
        found = f"no recording of {len(missing) - len(absent)} participants of the challenge's test"
        files.note(NOTE, files.root, found, "Nothing: they are not in the public release")


def _sound(files: Files, name: str, file: Path) -> None:
    from replica.features import wav

    signal, rate = wav.read(file)
    _lasts(files, file, len(signal) / rate)
    if not np.isfinite(signal).all():
        files.note(ERROR, file, "samples that are no numbers", "Convert it to 16 bits")
    elif np.ptp(signal) == 0:
        files.note(ERROR, file, "silence from start to end", "Take the file from the source again")
    if rate != SOUND_HZ:
        found = f"{rate} Hz instead of {SOUND_HZ}"
        files.note(NOTE, file, found, "Nothing: any rate is brought to that of the features")


def _physiology(files: Files, name: str, file: Path) -> None:
    from replica.features import physiology_table

    for signal in ("ecg", "eda"):
        values, rate = physiology_table.read(file, signal)
        missing = np.isnan(values)
        if missing.all() or np.nanmax(values) == np.nanmin(values):
            detached = (signal, name) == DETACHED
            remedy = "Nothing: its frames are marked as not measured" if detached else "Leave this signal's set out"
            why = ": the sensor had come off" if detached else ""
            files.note(NOTE if detached else ERROR, file, f"{signal.upper()} that does not move{why}", remedy)
        elif missing.any():
            found = f"{missing.sum()} values of {signal.upper()} are missing"
            files.note(NOTE, file, found, "Nothing: the frames around them are marked as not measured")
    _lasts(files, file, len(values) / rate)
    if rate != PHYSIOLOGY_HZ:
        files.note(NOTE, file, f"{rate:g} Hz instead of {PHYSIOLOGY_HZ}", "Nothing: the rate is read from the times")


def _landmarks(files: Files, name: str, file: Path) -> None:
    from replica.features import geometry, landmarks

    _seen(files, file, geometry.face_found(landmarks.read(file)))


def _faces(files: Files, name: str, file: Path) -> None:
    from replica.features import appearance, faces

    _seen(files, file, appearance.face_found(faces.read(file)))


def _seen(files: Files, file: Path, face: np.ndarray) -> None:
    _lasts(files, file, len(face) / FRAME_RATE_HZ)
    without = 1 - float(face.mean())
    if without > MOST_WITHOUT_FACE:
        files.note(ERROR, file, f"no face in {without:.0%} of the frames", "Run the tracker again on this video")
    elif without:
        files.note(NOTE, file, f"no face in {int((~face).sum())} frames", "Nothing: such frames are marked")


def _lasts(files: Files, file: Path, seconds: float) -> None:
    if seconds < SECONDS - 1:  # what lacks a second at most is held
        found = f"{seconds:.1f} s instead of {SECONDS:g}"
        files.note(ERROR, file, found, "The file is cut: copy it again, or extract features with --seconds")


_CHECKS: dict[str, Callable[[Files, str, Path], None]] = {
    "audio": _sound,
    "physiology": _physiology,
    "landmarks": _landmarks,
    "faces": _faces,
}


def _told(error: Exception, file: Path) -> tuple[str, str]:
    """What an error of ours requires, and its remedy, without the sentence between them, which may quote the file.

    Those of the system, and of what is not installed, have no such sentences.
    """
    if isinstance(error, OSError) and error.strerror:
        return f"the file cannot be read ({error.strerror})", UNREADABLE
    if isinstance(error, ModuleNotFoundError):
        return f"{error.name} is not installed, without which the file is not read", "Install it with '.[features]'"
    required, *_, remedy = str(error).rstrip(".").split(". ")
    return required.replace(f"{file} ", "it ").replace(str(file), "it"), remedy
