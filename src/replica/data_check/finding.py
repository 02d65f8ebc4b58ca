"""What a check finds, told without a value of the corpus: places, counts, and what to do."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

__all__ = ["ERROR", "NOTE", "Finding", "Report"]

ERROR = "error"  # a training would stop here, or learn from something else than it should
NOTE = "note"  # known, and dealt with when the corpus is read


@dataclass(frozen=True)
class Finding:
    """One problem at one place.

    Attributes:
        level: ``error`` or ``note``.
        place: File or folder, within the copy.
        found: What is there, in counts; never a value of a feature, a rating or a gold standard.
        remedy: What to do, in a line.
        line: Of the file, counted from 1, or None.
    """

    level: str
    place: str
    found: str
    remedy: str
    line: int | None = None


@dataclass(frozen=True)
class Report:
    """What a copy holds and all that was found in it.

    Attributes:
        path: The copy.
        layout: ``avec2015``, ``recola`` or ``recordings``.
        files: How many were read.
        findings: In the order of the files.
    """

    path: Path
    layout: str
    files: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        """How many of the findings are errors."""
        return sum(finding.level == ERROR for finding in self.findings)

    def plain(self) -> dict[str, Any]:
        """The report as JSON takes it."""
        told = {"path": str(self.path), "layout": self.layout, "files": self.files, "errors": self.errors}
        return told | {"findings": [asdict(finding) for finding in self.findings]}

    def __str__(self) -> str:
        """One line for each kind of finding, the errors first."""
        alike: dict[tuple[str, str, str], list[Finding]] = {}
        for finding in sorted(self.findings, key=lambda finding: finding.level):
            alike.setdefault((finding.level, finding.found, finding.remedy), []).append(finding)
        lines = [_line(level, of, found, remedy) for (level, found, remedy), of in alike.items()]
        notes = len(self.findings) - self.errors
        return "\n".join([f"{self.path}: {self.layout}, {self.files} files read", *lines, _sum(self.errors, notes)])


def _line(level: str, of: Iterable[Finding], found: str, remedy: str) -> str:
    first, *others = of
    where = first.place + (f", line {first.line}" if first.line else "")
    more = f" and {len(others)} more" if others else ""
    return f"{level}: {where}{more}: {found}. {remedy}."


def _sum(errors: int, notes: int) -> str:
    return f"{errors} error{'s' * (errors != 1)}, {notes} note{'s' * (notes != 1)}"
