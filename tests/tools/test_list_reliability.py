"""The page on reliability: its rows are those of the list, and their figures those that were counted."""

import ast
import json
import types
from pathlib import Path

import list_reliability
import pytest
from counting import Counting

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    {"row": "cut", "group": "Disks", "what": "Files cut.", "instead": ""},
    {"row": "killed_sweeps", "group": "Disks", "what": "Sweeps.", "instead": ""},
    {"row": "long_recordings", "group": "People", "what": "Hours.", "instead": ""},
    {"row": "elsewhere", "group": "People", "what": "Moons.", "instead": "There is one."},
    {"row": "soon", "group": "People", "what": "Models.", "instead": ""},
]
NONE = {"lost": 0, "repeated": 0, "different": 0, "files_left": 0, "altered": 0}
KILLS = {
    "date": "2026-01-01",
    "machine": {"commit": "a" * 40},
    "kills": [NONE | {"whole": True}, NONE | {"whole": False}, NONE | {"whole": False, "repeated": 2}],
}
FEATURES = {
    "date": "2026-01-02",
    "machine": {"commit": "b" * 40},
    "long_recording": {"sets": {"x": {"peak_mb": 900.0}, "y": {"peak_mb": 1200.4}}},
}


def counted(tried, lost, commit="c", **figures):
    origin = {"date": "2026-01-03", "commit": commit * 40, "processor": "P", "cores": 2, "seconds": 371.0}
    return origin | {"tried": tried, "lost": lost, "figures": figures}


def test_tables_by_hand():
    rows = {"cut": counted(1200, 3, refused=1100), "long_recordings": counted(4, 0, **{"most megabytes": 950.0})}
    text = list_reliability.text(ROWS, rows, KILLS, FEATURES)
    assert "1,209 things were tried in 3 of 5 rows; 4 of them were lost." in text
    assert "on 2026-01-03 at commit cccccccccccc on P, 2 cores, in 12 minutes of one process; the killed" in text
    assert "## Disks" in text and "## People" in text
    assert "| Files cut. | 1,200 | 1,197 | 3 | refused 1,100 |" in text
    assert "| Sweeps. | 3 | 2 | 1 | of a worker 2; of the sweep 1 |" in text
    assert "| Hours. | 6 | 6 | 0 | most megabytes 1,200 |" in text
    assert "| Moons. | | | | There is one. |" in text
    assert "| Models. | | | | Not measured yet. |" in text


def test_what_is_counted_under_no_row_is_an_error():
    with pytest.raises(ValueError, match="Received misspelt. Correct the marks"):
        list_reliability.text(ROWS, {"misspelt": counted(1, 0)}, KILLS, FEATURES)


# The list itself


def marks():
    """The rows that tests name in their marks."""
    named = set()
    for file in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.reliability":
                named |= {leaf.value for leaf in ast.walk(node.args[0]) if isinstance(leaf, ast.Constant)}
    return named


def test_every_row_is_tried_or_says_why_not():
    listed = {row["row"]: row["instead"] for row in list_reliability.rows()}
    assert len(listed) == 33
    reasoned = {row for row, instead in listed.items() if instead}
    assert marks() | {"killed_sweeps"} | reasoned == set(listed)
    assert marks() & reasoned == set()


def test_the_record_has_rows_that_are_tried():
    recorded = json.loads((ROOT / "measured/reliability.json").read_text())
    assert recorded and set(recorded) <= marks()
    assert all(row["tried"] > 0 for row in recorded.values())


def test_the_page_has_every_row(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["list_reliability.py", str(tmp_path)])
    list_reliability.main()
    lines = (tmp_path / "figures/reliability.md").read_text().splitlines()
    shown = [line.split(" | ")[0].removeprefix("| ") for line in lines if line.startswith("| ") and "---" not in line]
    assert [what for what in shown if what != "What was done"] == [row["what"] for row in list_reliability.rows()]
    assert "figures/reliability.md" in (ROOT / "book/reliability.md").read_text()


# What is counted


def report(row, *told, when="call", outcome="passed"):
    return types.SimpleNamespace(
        when=when,
        failed=outcome == "failed",
        skipped=outcome == "skipped",
        duration=1.0,
        user_properties=[("row", row), *told] if row else [],
    )


def test_counts_by_hand(tmp_path):
    file = tmp_path / "counts.json"
    file.write_text(json.dumps({"cut": {"tried": 1}, "of another session": {"tried": 7}}))
    counting = Counting(file)
    for one in (
        report("cut"),
        report("cut", ("tried", 200), ("lost", 1), ("refused", 150), ("most seconds", 2.0), outcome="failed"),
        report("cut", ("tried", 5), ("refused", 5), ("most seconds", 1.0), ("most CCC", -0.2)),
        report("cut", when="setup"),
        report("cut", outcome="skipped"),
        report("sound", when="setup", outcome="failed"),
        report(None),
    ):
        counting.pytest_runtest_logreport(one)
    counting.pytest_sessionfinish(pytest.ExitCode.TESTS_FAILED)
    told = json.loads(file.read_text())
    figures = {"refused": 155, "most seconds": 2.0, "most CCC": -0.2}
    expected = {"tests": 3, "tried": 206, "lost": 1, "seconds": 3.0, "figures": figures}
    assert {name: told["cut"][name] for name in expected} == expected
    assert (told["sound"]["tried"], told["sound"]["lost"]) == (1, 1)
    assert told["of another session"] == {"tried": 7}
    assert {"commit", "date", "processor", "cores"} <= set(told["cut"])


@pytest.mark.parametrize("ended", [pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR])
def test_a_session_that_did_not_end_leaves_the_file_as_it_was(tmp_path, ended):
    file = tmp_path / "counts.json"
    file.write_text('{"cut": {"tried": 200}}')
    counting = Counting(file)
    counting.pytest_runtest_logreport(report("cut", ("tried", 5)))
    counting.pytest_sessionfinish(ended)
    assert json.loads(file.read_text()) == {"cut": {"tried": 200}}


def test_the_commit_is_the_one_that_a_session_starts_from(tmp_path, monkeypatch):
    monkeypatch.setattr("replica.provenance.checkout", lambda: {"commit": "first"})
    counting = Counting(tmp_path / "counts.json")
    monkeypatch.setattr("replica.provenance.checkout", lambda: {"commit": "second"})
    counting.pytest_runtest_logreport(report("cut"))
    counting.pytest_sessionfinish(pytest.ExitCode.OK)
    assert json.loads((tmp_path / "counts.json").read_text())["cut"]["commit"] == "first"
