"""The paper's own corpus, AV+EC 2015, from the user's copy: 27 speakers, five minutes each.

The folder ``avec2015`` holds a folder for each feature set (:mod:`replica.corpora.avec2015_files`) and the labels in
``ratings_gold_standard/arousal`` and ``ratings_gold_standard/valence``; the raters' traces in
``ratings_individual/arousal`` and ``ratings_individual/valence`` may be missing. A file is named after its speaker,
``train_1`` to ``test_9``, and ends in ``.arff`` or ``.csv``.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from replica.conventions import DIMENSIONS, FEATURE_WIDTHS, PARTITIONS
from replica.corpora import arff, frame_times, mark
from replica.corpora.arff import Table
from replica.corpora.avec2015_files import (
    FOLDERS,
    GOLD,
    INDIVIDUAL,
    SPEAKER,
    candidates,
    feature_files,
    file_of,
    find_folder,
    refuse,
    subfolder,
)
from replica.corpora.recording import Corpus, CorpusKey, Recording

__all__ = ["DETACHED", "FRAMES", "RATERS", "SPEAKERS", "available", "fill", "key", "load"]

FRAMES = 7501  # 0 to 300 s in steps of 40 ms, both ends included
SPEAKERS = 9  # in each partition
RATERS = 6
DETACHED = ("eda", "test_7")  # of the sensor, so that the challenge's organisers left it out

LICENCE = "Gated: only for those who signed its owners' agreement, which says what may be shared."
CITATION = (
    "F. Ringeval et al., The AV+EC 2015 Multimodal Affect Recognition Challenge: Bridging Across Audio, Video, and "
    "Physiological Data, AVEC Workshop, 2015."
)
LIMITS = "{speakers} speakers in each partition, whose neighbouring frames are nearly alike, are few independent cases."
LIMITS_FROM_DEV = (
    "Test holds the last four speakers of dev, and dev the first five: neither is the paper's, and its tables of dev, "
    "over nine speakers, can be rerun on five."
)
LICENCE_OWN = "Your own: what you agreed with those who were recorded."
LIMITS_OWN = "Few speakers, whose neighbouring frames are nearly alike, are few independent cases."
LICENCE_GENERATED = "MIT, as the package that made it: nobody was recorded."
LIMITS_GENERATED = "The values are simulated, in the layout of the challenge: they tell nothing about people."


def load(*, test: Literal["gold", "from_dev"] = "gold", path: str | os.PathLike[str] | None = None) -> Corpus:
    """Read the feature sets, the gold standard, and the raters where they are there.

    Args:
        test: Where the partition test comes from. ``"gold"``: the challenge's test speakers, with their labels.
            ``"from_dev"``, for a copy without these labels, which were never given out: the last four of the nine
            speakers of dev, under their own names; dev keeps the first five.
        path: The folder that holds the folder ``avec2015``; by default the one that ``REPLICA_DATA`` names.

    Returns:
        The corpus with the challenge's five feature sets, and with ``audio_short`` where its folder is there. Its
        ``limits`` count what was filled in. Where the folder is marked by ``OWN.txt``, which tells the number of
        frames and of speakers in each partition, it has the feature sets that are there.

    Raises:
        FileNotFoundError: If there is no such folder, or the file of a speaker is missing.
        ValueError: If a file is damaged or not as documented; the error names file and line.

    Note:
        A missing value of a feature (``?``) repeats the value before it; at the start of a file, the first there is.
        A column without any value is an error, but for EDA of ``test_7``, whose sensor was detached: it is 0 there.
        A file of 7500 rows repeats its last one. Rows whose own times are not 40 ms apart, as at another frame rate,
        are an error; a file without times is taken. ``face_found`` is False where all of both video sets is 0.
    """
    _check_test(test)
    copy = _copy(path)
    if copy.version == "own":
        copy.check_all_are_counted()
    recordings = tuple(copy.recording(name, partition) for name, partition in copy.speakers_of(test))
    gaps = [_told_of_gaps(what, of_recording) for what, of_recording in sorted(copy.filled.items())]
    if copy.version == "own":
        return Corpus(_key("own", test), recordings, LICENCE_OWN, "", " ".join([LIMITS_OWN, *gaps]))
    few = [LIMITS.format(speakers=copy.speakers), *([LIMITS_FROM_DEV] if test == "from_dev" else []), *gaps]
    if copy.version == "generated":
        limits = " ".join([LIMITS_GENERATED, *few])
        return Corpus(_key("generated", test), recordings, LICENCE_GENERATED, "", limits)
    return Corpus(_key(mark.CHALLENGE, test), recordings, LICENCE, CITATION, " ".join(few))


def key(*, test: Literal["gold", "from_dev"] = "gold") -> CorpusKey:
    """The key; where the folder that ``REPLICA_DATA`` names is marked, its version is ``generated`` or ``own``.

    Raises:
        ValueError: If ``test`` is unknown.
    """
    _check_test(test)
    folder = _default()
    return _key(mark.version(folder) if folder else mark.CHALLENGE, test)


def available() -> bool:
    """Whether the folder that ``REPLICA_DATA`` names holds a copy."""
    folder = _default()
    return folder is not None and (folder / GOLD).is_dir()


@dataclass
class _Copy:
    """The files of one copy; what was filled in, and the names of columns, are noted while it is read."""

    folder: Path
    version: str
    frames: int
    speakers: int
    filled: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    columns: dict[str, Table] = field(default_factory=dict)

    def speakers_of(self, test: str) -> Iterator[tuple[str, str]]:
        """Each speaker and the partition that the speaker is in."""
        kept = (self.speakers + 1) // 2  # of the speakers of dev; the first five of nine
        for partition in PARTITIONS if test == "gold" else ("train", "dev"):
            for number in range(1, self.speakers + 1):
                held_out = test == "from_dev" and partition == "dev" and number > kept
                yield f"{partition}_{number}", "test" if held_out else partition

    def check_all_are_counted(self) -> None:
        """Refuse gold standards of more speakers than the mark counts: they would be left out without a word."""
        place = subfolder(self.folder, GOLD) / DIMENSIONS[0]
        names = {f"{partition}_{number}" for partition in PARTITIONS for number in range(1, self.speakers + 1)}
        beyond = sorted(
            file.name for file in place.glob("*_*") if SPEAKER.fullmatch(file.stem) and file.stem not in names
        )
        if beyond:
            received = f"{self.speakers}, and the file {beyond[0]} in {place}"
            required = "the number of speakers in each partition"
            refuse(self.folder / mark.OWN, required, received, "Count all, or move the file")

    def recording(self, name: str, partition: str) -> Recording:
        """All that the copy holds of one speaker."""
        gold = np.concatenate([self._gold(dimension, name) for dimension in DIMENSIONS], axis=1)
        optional = FEATURE_WIDTHS if self.version == "own" else ("audio_short",)
        sets = [feature for feature in FEATURE_WIDTHS if feature not in optional or self._has(FOLDERS[feature])]
        features = {feature: self._features(feature, name) for feature in sets}
        video = [features[feature] != 0 for feature in ("video_app", "video_geo") if feature in features]
        return Recording(
            name=name,
            partition=partition,
            features=features,
            gold=gold,
            annotations=self._annotations(name),
            face_found=np.hstack(video).max(axis=1) if video else None,
            source=str(self.folder),
        )

    def _features(self, feature: str, name: str) -> np.ndarray:
        """One feature set ``(frames, width)``; where it stands once for each dimension, both must be the same."""
        table, *again = map(arff.read, feature_files(self.folder, feature, name))
        if any(not np.array_equal(table.values, other.values, equal_nan=True) for other in again):
            required = "the same values for both emotion dimensions"
            remedy = f"Put the files to read into {table.file.parents[1]}"
            refuse(again[0].file, required, f"others than {table.file}", remedy)
        remedy = "Take the files of 2015; later challenges have other features"
        self._check_columns(feature, FEATURE_WIDTHS[feature], table, remedy)
        values = self._whole(table)
        missing = np.isnan(values)
        if missing.any():
            empty = missing.all(axis=0)
            if empty.any() and (feature, name) != DETACHED:
                column = table.columns[int(empty.argmax())]
                remedy = "Write 0 for each of them if nothing was measured, and say so with the results"
                refuse(table.file, f"a value in the column '{column}'", "'?' in every row", remedy)
            self.filled[f"'?' of {feature}"][name] += int(missing.sum())
            values = np.where(empty, np.float32(0), fill(values, missing))
        return values

    def _gold(self, dimension: str, name: str) -> np.ndarray:
        """The gold standard of one emotion dimension, ``(frames, 1)``."""
        place = subfolder(self.folder, GOLD) / dimension
        remedy = " Test labels were never given out: without them, load with test='from_dev'."
        file = file_of(place, name, remedy if name.startswith("test") else "")
        return self._labels(file, f"gold standard of {dimension}", 1)

    def _annotations(self, name: str) -> np.ndarray | None:
        """The raters' traces ``(raters, frames, dimension)``, unless there are none at all, or none of test."""
        if not self._has(INDIVIDUAL):
            return None
        places = [subfolder(self.folder, INDIVIDUAL) / dimension for dimension in DIMENSIONS]
        if name.startswith("test") and not any(candidates(place, name) for place in places):
            return None
        return np.stack([self._labels(file_of(place, name), "raters", RATERS).T for place in places], axis=-1)

    def _labels(self, file: Path, what: str, width: int) -> np.ndarray:
        """Labels ``(frames, width)``: all there, and in [-1, 1]."""
        table = arff.read(file)
        self._check_columns(what, width, table, "Copy the file of the challenge again")
        outside = np.argwhere(~(np.abs(table.values) <= 1))  # also where it is missing
        if len(outside):
            row, column = outside[0].tolist()
            found = "'?'" if np.isnan(table.values[row, column]) else f"{table.values[row, column]:g}"
            where = f"in line {table.line(row)}, column '{table.columns[column]}'"
            refuse(file, "labels in [-1, 1]", f"{found} {where}", "Divide by the range of the scale, or copy it again")
        return self._whole(table)

    def _check_columns(self, what: str, width: int, table: Table, remedy: str) -> None:
        """The challenge's number of columns, and the same names for all speakers."""
        if len(table.columns) != width:
            received = f"{len(table.columns)}, from '{table.columns[0]}' to '{table.columns[-1]}'"
            refuse(table.file, f"the {what} in {width} columns, beside name, class and time", received, remedy)
        first = self.columns.setdefault(what, table)
        for number, (expected, found) in enumerate(zip(first.columns, table.columns, strict=True), start=1):
            if expected != found:
                received = f"'{found}' instead of '{expected}' as number {number}"
                refuse(table.file, f"the columns of {first.file}", received, "Copy the file again")

    def _whole(self, table: Table) -> np.ndarray:
        """All frames; of a file that lacks the last one, its last row twice."""
        rows = len(table.values)
        if rows not in (self.frames, self.frames - 1) or rows == 0:
            required = f"{self.frames} rows, or {self.frames - 1}, of which the last is repeated"
            received = f"{rows}, the last in line {table.line(rows - 1)}" if rows else "none"
            remedy = "The file is cut or of another challenge: copy it again"
            if self.version == mark.CHALLENGE:
                remedy += f". A corpus of your own tells its frames and speakers in {self.folder / mark.OWN}"
            refuse(table.file, required, received, remedy)
        frame_times.check(table)
        if rows == self.frames:
            return table.values
        self.filled["last rows"][table.file.stem] += 1
        return np.concatenate([table.values, table.values[-1:]])

    def _has(self, name: str) -> bool:
        return find_folder(self.folder, name) is not None


def fill(values: np.ndarray, missing: np.ndarray) -> np.ndarray:
    """The last value before each gap, and before the first value that one."""
    rows = np.arange(len(values))[:, None]
    last = np.maximum.accumulate(np.where(missing, -1, rows), axis=0)
    first = (~missing).argmax(axis=0)
    return np.take_along_axis(values, np.where(last < 0, first, last), axis=0)


def _told_of_gaps(what: str, of_recording: Counter[str]) -> str:
    recordings = f"{len(of_recording)} recording{'s' if len(of_recording) > 1 else ''}"
    ((most, count),) = of_recording.most_common(1)
    return f"Filled in: {of_recording.total()} {what} in {recordings}, most in {most} ({count})."


def _key(version: str, test: str) -> CorpusKey:
    return CorpusKey("avec2015", version, (("test", test),))


def _check_test(test: str) -> None:
    if test not in ("gold", "from_dev"):
        raise ValueError(
            f"The option test of the corpus 'avec2015' is 'gold' or 'from_dev'. Received {test!r}. Choose one of these."
        )


def _default() -> Path | None:
    folder = os.environ.get("REPLICA_DATA")
    return Path(folder, "avec2015") if folder else None


def _copy(path: str | os.PathLike[str] | None) -> _Copy:
    folder = _default() if path is None else Path(path, "avec2015")
    required = "The corpus 'avec2015' is read from a folder of that name, in the one that REPLICA_DATA or path= names."
    if folder is None:
        raise FileNotFoundError(
            f"{required} REPLICA_DATA is not set. Set it, or give path=, to the folder that holds your copy."
        )
    if not folder.is_dir():
        raise FileNotFoundError(
            f"{required} There is no folder {folder}. Name the folder above your copy, and the copy's own avec2015."
        )
    found = mark.find(folder)
    frames, speakers = mark.read(found) if found else (FRAMES, SPEAKERS)
    return _Copy(folder, mark.version(folder), frames, speakers)
