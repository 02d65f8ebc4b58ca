"""Write what the book's status page tells: of each notebook its seconds, its last run, its machine and its files.

    python tools/list_notebooks.py EXECUTED BOOK

BOOK receives figures/notebooks.md, a table that book/status.md includes.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def title(source: Path) -> str:
    """The first heading of a text notebook."""
    found = re.search(r"^# # (.+)$", source.read_text(), re.MULTILINE)
    return found[1] if found else source.stem


def row(source: Path, run: dict[str, Any] | None) -> str:
    """One notebook: title with a link to its page, its last execution, and its two files for download."""
    stem = source.stem
    ran = f"{run['seconds']} | {run['finished']}" if run else " | not executed here: the record is shown"
    files = (
        f'<a href="../_static/notebooks/{stem}.py" download>.py</a>, '
        f'<a href="../_sources/notebooks/{stem}.ipynb" download>.ipynb</a>'
    )
    return f"| [{title(source)}](../notebooks/{stem}) | {ran} | {files} |"


def listed(sources: list[Path], executed: Path) -> str:
    """The table, and the machines and versions that it was made with."""
    runs = {
        source: json.loads(file.read_text()) if (file := executed / f"{source.stem}.json").exists() else None
        for source in sources
    }
    lines = ["| notebook | seconds | last run | files |", "| --- | ---: | --- | --- |"]
    lines += [row(source, run) for source, run in runs.items()]
    ran = [run for run in runs.values() if run]
    made = sorted({run["machine"] + ": " + ", ".join(" ".join(v) for v in run["versions"].items()) for run in ran})
    total = f"{len(ran)} of {len(runs)} notebooks were executed, in {sum(run['seconds'] for run in ran)} s together."
    return "\n".join([*lines, "", total, *(f"\nMachine and versions: {text}." for text in made)]) + "\n"


def main() -> int:
    """Write the table."""
    executed, book = map(Path, sys.argv[1:])
    page = book / "figures/notebooks.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(listed(sorted((ROOT / "notebooks").glob("[0-9]*.py")), executed))
    print(page)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
