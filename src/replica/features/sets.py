"""Each of the paper's six feature sets from a raw file: reading, cutting, extracting, and what was measured.

Two sets need something that all recordings share, and that is made of the training speakers alone: the mean shape of
the geometric features, and the components of the appearance.
"""

import io
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from replica.conventions import FRAME_SECONDS
from replica.features import appearance, audio, ecg, eda, faces, geometry, landmarks, physiology_table, smile, wav
from replica.features.framing import frame_count
from replica.files import write_atomically

__all__ = ["EXTRACTORS", "LENGTHS", "LIBRARIES", "MODALITIES", "SHARED", "Made"]

Made = tuple[tuple[tuple[str, str], ...], NDArray[np.float32], NDArray[np.bool_]]
"""Columns, values ``(frames, width)``, and whether each frame was measured ``(frames,)``."""

# The raw modality of each feature set, the costliest first.
MODALITIES = {
    "video_app": "faces",
    "audio_long": "audio",
    "audio_short": "audio",
    "video_geo": "landmarks",
    "ecg": "physiology",
    "eda": "physiology",
}


def _sound(source: Path, seconds: float | None) -> tuple[NDArray[np.float32], int]:
    signal, rate = wav.read(source)
    return signal if seconds is None else signal[: round(seconds * rate)], rate


def _physiology(source: Path, name: str, seconds: float | None) -> tuple[NDArray[np.float64], float]:
    signal, rate = physiology_table.read(source, name)
    return signal if seconds is None else signal[: round(seconds * rate)], rate


def _points(source: Path, seconds: float | None) -> NDArray[np.float64]:
    return landmarks.read(source)[: None if seconds is None else frame_count(seconds)]


def _patches(source: Path, seconds: float | None) -> NDArray[np.uint8]:
    return faces.read(source)[: None if seconds is None else frame_count(seconds)]


def _audio_short(source: Path, seconds: float | None, shared: Path) -> Made:
    good, sound = _measured_sound(source, seconds, FRAME_SECONDS)
    return audio.SHORT_TIME_COLUMNS, audio.short_time(sound, smile.SAMPLING_RATE_HZ), good


def _audio_long(source: Path, seconds: float | None, shared: Path) -> Made:
    good, sound = _measured_sound(source, seconds, audio.LONG_WINDOW_SECONDS)
    return audio.LONG_TIME_COLUMNS, audio.long_time(sound, smile.SAMPLING_RATE_HZ), good


def _measured_sound(
    source: Path, seconds: float | None, window_seconds: float
) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
    """The flags of a sound, and the sound at 16 kHz; as recorded, which may be much larger, it is gone by then."""
    sound = _sound(source, seconds)
    return audio.quality(*sound, window_seconds), smile.prepared(*sound)


def _ecg(source: Path, seconds: float | None, shared: Path) -> Made:
    signal = _physiology(source, "ecg", seconds)
    return ecg.COLUMNS, ecg.ecg_features(*signal), ecg.quality(*signal)


def _eda(source: Path, seconds: float | None, shared: Path) -> Made:
    signal = _physiology(source, "eda", seconds)
    return eda.COLUMNS, eda.eda_features(*signal), eda.quality(*signal)


def _video_geo(source: Path, seconds: float | None, shared: Path) -> Made:
    points = _points(source, seconds)
    shape = np.load(shared / SHARED["video_geo"][0], allow_pickle=False)
    return geometry.COLUMNS, geometry.geometric(points, shape), geometry.face_found(points)


def _video_app(source: Path, seconds: float | None, shared: Path) -> Made:
    patches = _patches(source, seconds)
    fitted = appearance.LGBPTOP.load(shared / SHARED["video_app"][0])
    return appearance.COLUMNS, fitted.transform(patches), appearance.face_found(patches)


def _share_shape(file: Path, sources: Iterable[Path], seconds: float | None) -> None:
    buffer = io.BytesIO()
    np.save(buffer, geometry.mean_shape([_points(source, seconds) for source in sources]))
    write_atomically(file, buffer.getvalue())


def _share_components(file: Path, sources: Iterable[Path], seconds: float | None) -> None:
    appearance.LGBPTOP().fit([_patches(source, seconds) for source in sources]).save(file)


# Feature set -> function of a raw file, of how much of it to take, and of the folder of what recordings share.
EXTRACTORS: Mapping[str, Callable[[Path, float | None, Path], Made]] = {
    "audio_short": _audio_short,
    "audio_long": _audio_long,
    "video_app": _video_app,
    "video_geo": _video_geo,
    "ecg": _ecg,
    "eda": _eda,
}

# Feature set -> a library that takes seconds to import, so that it is left out until the set is first extracted.
LIBRARIES: Mapping[str, str] = {"ecg": "neurokit2"}

# Feature set -> the file of what recordings share, and how it is made of those of the training speakers.
SHARED: Mapping[str, tuple[str, Callable[[Path, Iterable[Path], float | None], None]]] = {
    "video_geo": ("mean_shape.npy", _share_shape),
    "video_app": ("appearance.npz", _share_components),
}


def _frames_of_sound(source: Path, seconds: float | None) -> int:
    samples, rate = wav.length(source)
    return frame_count((samples if seconds is None else min(samples, round(seconds * rate))) / rate)


def _frames_of_physiology(source: Path, seconds: float | None) -> int:
    times, rate = _physiology(source, "time", seconds)
    return frame_count(len(times) / rate)


# Modality -> frames of a file. The first that a recording has tells how long it is.
LENGTHS: Mapping[str, Callable[[Path, float | None], int]] = {
    "audio": _frames_of_sound,
    "physiology": _frames_of_physiology,
    "landmarks": lambda source, seconds: len(_points(source, seconds)),
    "faces": lambda source, seconds: len(_patches(source, seconds)),
}
