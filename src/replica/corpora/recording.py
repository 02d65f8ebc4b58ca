"""The contract that every corpus keeps: what a recording and a corpus are, checked when they are made."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from replica.conventions import DIMENSIONS, PARTITIONS

__all__ = ["Corpus", "CorpusKey", "Recording"]

Option = tuple[str, str | int | float]


@dataclass(frozen=True)
class CorpusKey:
    """Which data, without the data: name, pinned version, and the options of :func:`replica.corpora.load`, sorted."""

    name: str
    version: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, eq=False)
class Recording:
    """One stretch of features with its gold standard, at 25 frames a second.

    Attributes:
        name: Unique within the corpus, such as ``dev_2``.
        partition: ``train``, ``dev`` or ``test``.
        features: Feature set by name, each ``(frames, width)`` float32, in its own unit.
        gold: Gold standard ``(frames, 2)``, arousal and valence in [-1, 1].
        annotations: Each rater's trace ``(raters, frames, 2)`` in [-1, 1], or None.
        face_found: ``(frames,)`` bool, False where the face's features are padded with zeros (section 4.2), or None.
        source: The file, or the seed, that the recording comes from: errors name it.
        speaker: Whose recording it is, for normalisation by speaker; left out, a speaker of its own name.

    Raises:
        ValueError: If an array has the wrong rank, length or type, holds NaN or Inf, or a label outside [-1, 1].
    """

    name: str
    partition: str
    features: Mapping[str, np.ndarray]
    gold: np.ndarray
    annotations: np.ndarray | None = None
    face_found: np.ndarray | None = None
    source: str = ""
    speaker: str = ""

    def __post_init__(self) -> None:
        if not self.speaker:
            object.__setattr__(self, "speaker", self.name)
        if self.partition not in PARTITIONS:
            self._refuse("partition", f"one of {PARTITIONS}", repr(self.partition), "Correct the partition")
        self._check_labels("gold", self.gold, (None, len(DIMENSIONS)))
        if self.frames == 0:
            self._refuse("gold", "at least one frame", "none", "Drop the recording")
        if not self.features:
            self._refuse("features", "at least one feature set", "none", "Give the recording its features")
        for name, values in self.features.items():
            self._check_features(f"features['{name}']", values)
        if self.annotations is not None:
            self._check_labels("annotations", self.annotations, (None, self.frames, len(DIMENSIONS)))
        if self.face_found is not None:
            self._check_shape("face_found", self.face_found, (self.frames,))
            if self.face_found.dtype != bool:
                self._refuse(
                    "face_found", "of type bool", f"type {self.face_found.dtype}", "Convert it with astype(bool)"
                )

    @property
    def frames(self) -> int:
        """Number of frames of 40 ms."""
        return int(self.gold.shape[0])

    def _check_features(self, array: str, values: np.ndarray) -> None:
        self._check_shape(array, values, (self.frames, None))
        if values.dtype != np.float32:
            self._refuse(array, "of type float32", f"type {values.dtype}", "Convert it with astype('float32')")
        self._check_finite(array, values)

    def _check_labels(self, array: str, values: np.ndarray, shape: tuple[int | None, ...]) -> None:
        self._check_shape(array, values, shape)
        self._check_finite(array, values)
        outside = np.argwhere((values < -1) | (values > 1))
        if len(outside):
            found = _first(values, outside)
            self._refuse(array, "within [-1, 1]", found, "Divide the ratings by the range of their scale")

    def _check_shape(self, array: str, values: np.ndarray, shape: tuple[int | None, ...]) -> None:
        expected = tuple(have if want is None else want for want, have in zip(shape, values.shape, strict=False))
        if values.ndim != len(shape) or values.shape != expected:
            wanted = f"of shape ({', '.join('any' if n is None else str(n) for n in shape)})"
            self._refuse(array, wanted, f"shape {values.shape}", "Cut features and labels to the same frames")

    def _check_finite(self, array: str, values: np.ndarray) -> None:
        if values.dtype.kind not in "fiu":
            self._refuse(array, "of real numbers", f"type {values.dtype}", "Convert it to floating point")
        bad = np.argwhere(~np.isfinite(values))
        if len(bad):
            found = _first(values, bad)
            self._refuse(array, "finite", found, "Fill or drop the missing values where the corpus is read")

    def _refuse(self, array: str, required: str, received: str, remedy: str) -> None:
        origin = f" of {self.source}" if self.source else ""
        raise ValueError(
            f"In a recording, {array} must be {required}. "
            f"Received {received}, in recording '{self.name}'{origin}. "
            f"{remedy}."
        )


@dataclass(frozen=True, eq=False)
class Corpus:
    """Recordings in three partitions, with their licence and what they cannot show.

    Attributes:
        key: Name, version and options: what a run declares.
        recordings: All recordings; their feature sets have the same names and widths.
        licence: The terms, in a sentence.
        citation: Whom to cite.
        limits: What results on this corpus cannot show.

    Raises:
        ValueError: If two recordings share a name, a partition has none, or their feature sets differ.
    """

    key: CorpusKey
    recordings: tuple[Recording, ...]
    licence: str
    citation: str
    limits: str

    def __post_init__(self) -> None:
        names = [recording.name for recording in self.recordings]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            self._refuse("recordings of different names", f"more than one of {twice}", "Rename or drop one of them")
        for partition in PARTITIONS:
            if not self.partition(partition):
                found = f"no recording in '{partition}' among {names}"
                self._refuse("at least one recording in each partition", found, "Check that all files are there")
        for recording in self.recordings:
            if _widths(recording) != self.feature_widths:
                found = f"{_widths(recording)} in '{recording.name}' after {self.feature_widths} in '{names[0]}'"
                self._refuse("the same feature sets in every recording", found, "Read all recordings alike")

    @property
    def name(self) -> str:
        """The corpus' name, as in :func:`replica.corpora.load`."""
        return self.key.name

    @property
    def feature_widths(self) -> dict[str, int]:
        """Number of columns of each feature set."""
        return _widths(self.recordings[0])

    @cached_property
    def digest(self) -> str:
        """What a training sees, as a SHA-256 over names, partitions, types, shapes and bytes of features and gold.

        A speaker is part of it where the name is not the recording's own.
        """
        sha = hashlib.sha256()
        for recording in self.recordings:
            sha.update(f"{recording.name}\n{recording.partition}\n".encode())
            if recording.speaker != recording.name:
                sha.update(f"{recording.speaker}\n".encode())
            for name, values in [*sorted(recording.features.items()), ("gold", recording.gold)]:
                # Little-endian, so that every machine hashes the same bytes.
                plain = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
                sha.update(f"{name} {plain.dtype.str} {plain.shape}\n".encode())
                sha.update(plain.data)
        return sha.hexdigest()

    def partition(self, partition: str) -> list[Recording]:
        """The recordings of ``train``, ``dev`` or ``test``, in the corpus' order.

        Raises:
            ValueError: If the partition is unknown.
        """
        if partition not in PARTITIONS:
            self._refuse(f"a partition out of {PARTITIONS}", repr(partition), "Ask for one of these")
        return [recording for recording in self.recordings if recording.partition == partition]

    def _refuse(self, required: str, received: str, remedy: str) -> None:
        raise ValueError(f"The corpus '{self.name}' needs {required}. Received {received}. {remedy}.")


def _widths(recording: Recording) -> dict[str, int]:
    return {name: int(values.shape[1]) for name, values in recording.features.items()}


def _first(values: np.ndarray, indices: np.ndarray) -> str:
    """The first of the values at ``indices (count, rank)``, for an error."""
    index = tuple(int(i) for i in indices[0])
    return f"{values[index]:.6g} at index {index}, one of {len(indices)} such values"
