"""What `make torture` counts: of each row of `tests/reliability/rows.csv` how much was tried, and how much was lost.

A test belongs to a row by its mark, ``@pytest.mark.reliability("altered_records")``. It tried one thing, which is lost
if the test fails, unless it tells otherwise with ``record_property("tried", 200)`` and ``record_property("lost", 0)``.
Whatever else it records with a number is a figure of its row, summed over the row's tests; of figures whose name starts
with ``most``, the largest counts.

A file that is there keeps the rows of which no test was run; each row tells its own commit, date and machine. A session
that is interrupted writes nothing: its rows would count a part of what the whole tries.
"""

import datetime
import json
import operator
import os

import pytest

ENDED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)


class Counting:
    """A plugin of pytest that writes the counts of a session to a file."""

    def __init__(self, file):
        from replica.provenance import checkout, processor

        self.file, self.rows = file, {}
        self.origin = checkout() | {"date": datetime.date.today().isoformat()}  # what the session starts from
        self.origin |= {"processor": processor(), "cores": os.cpu_count()}

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.failed:
            told = dict(report.user_properties)
            if "row" in told and not report.skipped:
                self.add(told.pop("row"), told, report.failed, report.duration)

    def add(self, name, told, failed, seconds):
        row = self.rows.setdefault(name, {"tests": 0, "tried": 0, "lost": 0, "seconds": 0.0, "figures": {}})
        row["tests"] += 1
        row["tried"] += told.pop("tried", 1)
        row["lost"] += max(told.pop("lost", 0), int(failed))
        row["seconds"] += seconds
        figures = row["figures"]
        for figure, value in told.items():
            before = figures.get(figure)
            together = max if figure.startswith("most") else operator.add
            figures[figure] = value if before is None else together(before, value)

    def pytest_sessionfinish(self, exitstatus):
        if exitstatus in ENDED:
            before = json.loads(self.file.read_text()) if self.file.exists() else {}
            record = before | {name: row | self.origin for name, row in self.rows.items()}
            self.file.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n")
