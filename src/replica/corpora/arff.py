"""Tables of numbers in text files, led by their headers: ARFF, and CSV with a line of names.

Columns that name a row or tell its time are left out by their names, whatever their place and case; what else is no
number is an error with its line. A missing value is a question mark, as ARFF has it.
"""

import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from replica.features.text_tables import HUGE_EXPONENT

__all__ = ["NOT_READ", "Fault", "Table", "read", "texts"]

# Lower case. The challenge's organisers drop the same; "time" leads the CSV files of the raters.
NOT_READ = frozenset({"name", "class", "frametime", "timestamp", "time", "instance_name"})

NUMERIC = ("numeric", "real", "integer")
MISSING = "?"
LARGEST = float(np.finfo(np.float32).max)

_DATA = re.compile(rb"^[ \t]*@data[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_ATTRIBUTE = re.compile(r"""@attribute\s+('[^']*'|"[^"]*"|\S+)\s+(\S.*)""", re.IGNORECASE)


class Fault(ValueError):  # noqa: N818  # what a file has, rather than what went wrong in here
    """A file that is not as it must be.

    Attributes:
        required: What the file must hold.
        remedy: What to do, without a full stop.
        line: The line at fault, or None. The message may quote what stands there; these three do not.
    """

    def __init__(self, file: Path, required: str, received: str, remedy: str, line: int | None = None) -> None:
        super().__init__(f"{file} must hold {required}. Received {received}. {remedy}.")
        self.required, self.remedy, self.line = required, remedy, line


@dataclass(frozen=True, eq=False)
class Table:
    """The numbers of one file.

    Attributes:
        file: Where they stand.
        columns: Names of the columns that were read.
        values: ``(rows, columns)`` float32, NaN where the file has a question mark.
    """

    file: Path
    columns: tuple[str, ...]
    values: np.ndarray

    def line(self, row: int) -> int:
        """The line of the file, counted from 1, that holds a row of the table, counted from 0."""
        body = _body(self.file)
        return next(itertools.islice(_rows(body), row, None))[0]


@dataclass(frozen=True)
class _Body:
    """The rows of a file, with what its header tells of them; the first of them stands in line ``first_line``."""

    file: Path
    names: tuple[str, ...]
    separator: str
    first_line: int
    content: bytes

    @property
    def read(self) -> list[int]:
        """Places of the columns that are read."""
        return [place for place, name in enumerate(self.names) if name.lower() not in NOT_READ]


def read(file: Path) -> Table:
    """Read ``.arff``, or ``.csv`` with commas or semicolons and names in its first line.

    Raises:
        ValueError: If the header is not whole, a row has more or fewer values than the header has columns, or a value
            is neither a finite number nor a question mark. The error names file and line.
    """
    body = _body(file)
    return Table(file, tuple(body.names[place] for place in body.read), _values(body))


def texts(file: Path, names: frozenset[str]) -> list[str] | None:
    """What stands in the first of the columns of these names, which :func:`read` leaves out.

    Args:
        file: A file that :func:`read` accepts.
        names: In lower case, such as ``{"frametime", "time"}``.

    Returns:
        A text for each row, or None if no column has such a name.

    Raises:
        ValueError: As :func:`read`, for the header.
    """
    body = _body(file)
    place = next((place for place, name in enumerate(body.names) if name.lower() in names), None)
    return None if place is None else [row.split(body.separator, place + 1)[place].strip() for _, row in _rows(body)]


def _values(body: _Body) -> np.ndarray:
    """All rows at once, ``(rows, columns)`` float32; only what cannot be read is looked at line by line."""
    if not body.content.strip():
        return np.empty((0, len(body.read)), np.float32)
    # ARFF allows lines of comment anywhere; the challenge's files have none, and need no copy.
    content = re.sub(rb"(?m)^[ \t]*%.*$", b"", body.content) if b"%" in body.content else body.content
    # Of a NUL, pandas takes what stands before it for the whole value; some exponents end its process.
    if b"\0" in content or HUGE_EXPONENT.search(content):
        _refuse_first_fault(body)
    import pandas as pd  # a second to import, and who only writes a corpus does not need it

    try:
        with np.errstate(over="ignore"):  # what is too large is told below, with its line
            rows = pd.read_csv(
                io.BytesIO(content),
                sep=body.separator,
                header=None,
                names=range(len(body.names)),
                usecols=body.read,
                dtype=np.float32,
                na_values=[MISSING, f"{MISSING} "],
                keep_default_na=False,
                quoting=3,  # none: a name in quotes is left out with its column
                skipinitialspace=True,
                low_memory=False,
            )
    except ValueError as error:  # pandas' own errors are of this kind, and name no line
        _refuse_first_fault(body)
        raise Fault(body.file, "numbers", f"a table that cannot be read ({error})", "Copy the file again") from error
    values = np.ascontiguousarray(rows.to_numpy())
    # A row that is too short was refused; if none is, the separators tell whether any is too long.
    if np.isinf(values).any() or content.count(body.separator.encode()) != len(values) * (len(body.names) - 1):
        _refuse_first_fault(body)
    return values


def _refuse_first_fault(body: _Body) -> None:
    wanted = len(body.names)
    for line, row in _rows(body):
        found = row.split(body.separator)
        if len(found) != wanted:
            required, remedy = (
                f"{wanted} values in each row, as in its header",
                "The file is cut or damaged: copy it again",
            )
            raise Fault(body.file, required, f"{len(found)} in line {line}", remedy, line)
        for place in body.read:
            if not _is_value(found[place]):
                required = f"a finite number or '{MISSING}' in the column '{body.names[place]}'"
                received = f"{found[place].strip()!r} in line {line}"
                raise Fault(body.file, required, received, "Correct the value, or copy the file again", line)


def _is_value(text: str) -> bool:
    try:
        plain = "_" not in text and not HUGE_EXPONENT.search(text.encode())  # Python alone takes 1_0 for a number
        return plain and abs(float(text)) <= LARGEST
    except ValueError:
        return text.strip() == MISSING


def _rows(body: _Body) -> Iterator[tuple[int, str]]:
    """Each row with its line in the file; lines that are empty or a comment are none."""
    for line, row in enumerate(_text(body.content).split("\n"), start=body.first_line):
        if row.strip() and not row.lstrip().startswith("%"):
            yield line, row.rstrip("\r")


def _body(file: Path) -> _Body:
    content = file.read_bytes()
    return _arff(file, content) if file.suffix == ".arff" else _csv(file, content)


def _arff(file: Path, content: bytes) -> _Body:
    data = _DATA.search(content)
    if data is None:
        begins = f"{len(content)} bytes without one"
        raise Fault(file, "a line @data between header and rows", begins, "The file is cut or damaged: copy it again")
    header = _text(content[: data.start()])
    names = [name for line, text in enumerate(header.split("\n"), start=1) if (name := _name(file, line, text.strip()))]
    _check_names(file, names)
    return _Body(file, tuple(names), ",", header.count("\n") + 2, content[data.end() + 1 :])


def _name(file: Path, line: int, text: str) -> str | None:
    """The name of the column that a line of an ARFF header declares, if it declares one."""
    if not text or text.startswith("%") or text.lower().startswith("@relation"):
        return None
    declared = _ATTRIBUTE.fullmatch(text)
    if declared is None:
        required, received = "'@attribute name type' in its header", f"{text[:40]!r} in line {line}"
        raise Fault(file, required, received, "Correct the header", line)
    name, kind = declared[1].strip("'\""), declared[2]
    if name.lower() not in NOT_READ and kind.lower() not in NUMERIC:
        required = f"columns of the types {NUMERIC}, beside {sorted(NOT_READ)}"
        raise Fault(file, required, f"'{name}' of type {kind[:40]!r} in line {line}", "Leave that column out", line)
    return name


def _csv(file: Path, content: bytes) -> _Body:
    first, _, rows = content.partition(b"\n")
    separator = ";" if b";" in first else ","
    names = [name.strip().strip("'\"") for name in _text(first).split(separator)]  # blanks trail in the raters' files
    if any(_is_value(name) for name in names):
        raise Fault(file, "names of the columns in its first line", f"{_text(first)[:40]!r}", "Add the line of names")
    _check_names(file, names)
    return _Body(file, tuple(names), separator, 2, rows)


def _check_names(file: Path, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or "" in names:
        received = f"more than one of {twice}" if any(twice) else f"a column without a name among {len(names)}"
        raise Fault(file, "columns of different names", received, "Correct the header")
    if NOT_READ.issuperset(name.lower() for name in names):
        raise Fault(file, f"a column beside {sorted(NOT_READ)}", f"the columns {names}", "Copy the file again")


def _text(content: bytes) -> str:
    """UTF-8; a byte that is none, as in an old name of a column, does not matter."""
    return content.decode("utf-8-sig", errors="replace")
