"""What every table of frames must be: readable, 40 ms from row to row, of the recording that its file is named for."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from replica.corpora import arff, frame_times
from replica.corpora.avec2015_files import SPEAKER
from replica.data_check.finding import ERROR, NOTE, Finding

__all__ = ["UNREADABLE", "Files", "rows"]

NAMES = frozenset({"instance_name", "name"})
AGAIN = "Copy the file again"
UNREADABLE = "Copy the file again, or correct its permissions"


class Files:
    """The tables of one copy: each is read once, what is wrong with it is noted, and equal ones are told apart."""

    def __init__(self, root: Path, frames: int) -> None:
        self.root, self.frames = root, frames
        self.count = 0
        self.findings: list[Finding] = []
        self._seen: dict[tuple[str, bytes], Path] = {}
        self._columns: dict[str, arff.Table] = {}
        self._late: dict[Path, bool] = {}  # by file, whether its first time is 0.04 s rather than 0

    def note(self, level: str, place: Path, found: str, remedy: str, line: int | None = None) -> None:
        """Add a finding."""
        told = str(place.relative_to(self.root)) if place != self.root else "."
        self.findings.append(Finding(level, told, found, remedy, line))

    def read(self, file: Path, what: str, width: int) -> np.ndarray | None:
        """The table of a file, or None where it cannot be read; whatever is wrong with it is noted.

        Args:
            file: ``.arff`` or ``.csv``.
            what: What it holds, such as ``audio_long``: tables of one kind have the same columns.
            width: How many columns.

        Returns:
            ``(rows, width)`` float32, NaN where a value is missing; any number of rows.
        """
        self.count += 1
        try:
            table = arff.read(file)
        except arff.Fault as fault:
            self.note(ERROR, file, f"there must be {fault.required}", fault.remedy, fault.line)
            return None
        except OSError as error:
            self.note(ERROR, file, f"the file cannot be read ({error.strerror})", UNREADABLE)
            return None
        if not self._has_its_columns(table, what, width):
            return None
        for finding in (*rows(table, self.frames), *self._times(table), *_names(table)):
            self.note(finding.level, file, finding.found, finding.remedy, finding.line)
        self._tell_copies(table, what)
        return table.values

    def tell_late(self) -> None:
        """After all were read: files that begin at 0.04 s among files that begin at 0 lie a frame off."""
        late = [file for file, is_late in self._late.items() if is_late]
        for file in late if len(late) < len(self._late) else ():
            found = "its rows begin at 0.04 s, those of other files at 0"
            self.note(ERROR, file, found, "Repeat its first row, or all its frames are read 40 ms early")

    def _times(self, table: arff.Table) -> Iterator[Finding]:
        times = frame_times.seconds(table.file)
        if times is None or not len(times):
            return
        self._late[table.file] = frame_times.begins_late(times)
        off = frame_times.misplaced(times)
        if len(off):
            found = f"the times of {len(off)} rows are not 40 ms apart from the recording's start on"
            yield _of(ERROR, found, frame_times.REMEDY, table.line(int(off[0])))

    def _has_its_columns(self, table: arff.Table, what: str, width: int) -> bool:
        if len(table.columns) != width:
            found = f"{len(table.columns)} columns of {what} instead of {width}"
            self.note(ERROR, table.file, found, "Take the files of 2015; later challenges have other features")
            return False
        first = self._columns.setdefault(what, table)
        differ = sum(one != other for one, other in zip(first.columns, table.columns, strict=True))
        if differ:
            found = f"{differ} of {width} columns are named or ordered otherwise than in {first.file.name}"
            self.note(ERROR, table.file, found, AGAIN)
        return not differ

    def _tell_copies(self, table: arff.Table, what: str) -> None:
        """Two recordings never have the same values, nor does one have the same arousal and valence."""
        if not len(table.values) or np.isnan(table.values).all() or not np.ptp(np.nan_to_num(table.values)):
            return
        kind = "labels" if what in ("gold standard", "raters") else what
        other = self._seen.setdefault((kind, hashlib.sha256(table.values.tobytes()).digest()), table.file)
        alike = kind != "labels" and other.stem == table.file.stem  # a feature set that stands once for each dimension
        if other != table.file and not alike:
            found = f"the same values as {other.relative_to(self.root)}"
            self.note(ERROR, table.file, found, "One of the two is a copy of the other: take it from the source again")


def rows(table: arff.Table, frames: int) -> Iterator[Finding]:
    """Whether there is a row for each frame; one less is a known defect."""
    count = len(table.values)
    if count == frames - 1:
        yield _of(NOTE, f"{count} rows instead of {frames}", "Nothing: the last row is repeated when it is read")
    elif count != frames:
        yield _of(ERROR, f"{count} rows instead of {frames}", f"The file is cut or of another corpus. {AGAIN}")


def _names(table: arff.Table) -> Iterator[Finding]:
    """Whether the rows name the speaker that the file is named after; rows that name no speaker tell nothing."""
    names = {name.strip("'\"") for name in arff.texts(table.file, NAMES) or []}
    others = {name for name in names if SPEAKER.fullmatch(name)} - {table.file.stem}
    if others and SPEAKER.fullmatch(table.file.stem):
        found = f"its rows name {len(others)} other speaker{'s' * (len(others) > 1)}"
        yield _of(ERROR, found, "The file was renamed or mixed up: take it from the source again")


def _of(level: str, found: str, remedy: str, line: int | None = None) -> Finding:
    return Finding(level, "", found, remedy, line)
