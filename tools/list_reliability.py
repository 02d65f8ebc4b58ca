"""Write the tables of the book's page on reliability: of each row what was tried, what survived, and what was lost.

    python tools/list_reliability.py BOOK

BOOK receives figures/reliability.md, which book/reliability.md includes. The rows are tests/reliability/rows.csv, their
counts measured/reliability.json, which `make torture` writes; those of two rows come from benchmarks/results too.
"""

import csv
import json
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FAULTS = ("lost", "repeated", "different", "files_left", "altered")  # each of which spoils a killed sweep


def rows(root: Path = ROOT) -> list[dict[str, str]]:
    """Every row, in the order of the page."""
    with (root / "tests/reliability/rows.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def of_kills(record: dict[str, Any]) -> dict[str, Any]:
    """The row of killed sweeps, from the benchmark that kills them."""
    spoilt = [kill for kill in record["kills"] if any(kill[fault] for fault in FAULTS)]
    of_workers = sum(not kill["whole"] for kill in record["kills"])
    figures = {"of a worker": of_workers, "of the sweep": len(record["kills"]) - of_workers}
    return {"tried": len(record["kills"]), "lost": len(spoilt), "figures": figures}


def with_hours(counts: dict[str, Any] | None, record: dict[str, Any]) -> dict[str, Any]:
    """The row of long recordings, and the hour of sound from the benchmark that measures its memory."""
    tests = counts or {"tried": 0, "lost": 0, "figures": {}}
    peaks = [of["peak_mb"] for of in record["long_recording"]["sets"].values()]
    figures = tests["figures"] | {"most megabytes": max(peaks + [tests["figures"].get("most megabytes", 0)])}
    return {"tried": tests["tried"] + len(peaks), "lost": tests["lost"], "figures": figures}


def line(row: dict[str, str], counts: dict[str, Any] | None) -> str:
    """One row of a table; the reason, or a word, where it was not measured."""
    if row["instead"] or counts is None:
        return f"| {row['what']} | | | | {row['instead'] or 'Not measured yet.'} |"
    besides = "; ".join(f"{name} {number(value)}" for name, value in sorted(counts["figures"].items()))
    figures = (counts["tried"], counts["tried"] - counts["lost"], counts["lost"])
    return f"| {row['what']} | {' | '.join(map(number, figures))} | {besides} |"


def number(value: float) -> str:
    """A count as it is, and other figures to two digits or more."""
    return f"{round(value):,}" if value >= 10 or value == round(value) else f"{value:.2g}"


def text(listed: list[dict[str, str]], record: dict[str, Any], kills: dict[str, Any], features: dict[str, Any]) -> str:
    """All tables, a group after the other."""
    counts = record | {"killed_sweeps": of_kills(kills)}
    counts["long_recordings"] = with_hours(counts.get("long_recordings"), features)
    unknown = sorted(set(counts) - {row["row"] for row in listed})
    if unknown:
        raise ValueError(
            f"What is counted is a row of tests/reliability/rows.csv. Received {', '.join(unknown)}. "
            "Correct the marks of the tests, or add the row."
        )
    tried, lost = (sum(count[what] for count in counts.values()) for what in ("tried", "lost"))
    parts = [
        f"{number(tried)} things were tried in {len(counts)} of {len(listed)} rows; {number(lost)} of them were lost.",
        "Measured " + "; ".join(origins(list(record.values()), kills, features)) + ".",
    ]
    for group, of in groupby(listed, lambda row: row["group"]):
        head = ["| What was done | Tried | Survived | Lost | Besides |", "| --- | ---: | ---: | ---: | --- |"]
        parts.append("\n".join([f"## {group}", "", *head, *(line(row, counts.get(row["row"])) for row in of)]))
    return "\n\n".join(parts) + "\n"


def origins(measured: list[dict[str, Any]], kills: dict[str, Any], features: dict[str, Any]) -> list[str]:
    """When and where the rows were measured, and how long that took; and those of the two benchmarks."""
    seconds: dict[str, float] = {}
    for row in measured:
        place = f"{origin(row['date'], row)} on {row['processor']}, {row['cores']} cores"
        seconds[place] = seconds.get(place, 0.0) + row["seconds"]
    told = [f"{place}, in {number(spent / 60)} minutes of one process" for place, spent in sorted(seconds.items())]
    told.append(f"the killed sweeps {origin(kills['date'], kills['machine'])}")
    return [*told, f"the hour of sound {origin(features['date'], features['machine'])}"]


def origin(date: str, checkout: dict[str, Any]) -> str:
    """When, and from which code."""
    return f"on {date} at commit {str(checkout['commit'])[:12]}"


def main() -> int:
    """Write the tables."""
    page = Path(sys.argv[1]) / "figures/reliability.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    files = ("measured/reliability.json", "benchmarks/results/kills.json", "benchmarks/results/features.json")
    record, kills, features = (json.loads((ROOT / name).read_text()) for name in files)
    page.write_text(text(rows(), record, kills, features))
    print(page)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
