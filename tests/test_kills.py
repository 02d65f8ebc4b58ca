"""The benchmark of killed sweeps: how it counts. It kills nothing here."""

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import kills
from replica.execution import execute
from replica.store import Store

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def stores(tmp_path, monkeypatch):
    """An undisturbed sweep of two ridges, and a folder whose sweep recorded the first."""
    ridge = kills.RUNS[-1]
    runs = [ridge, dataclasses.replace(ridge, context_seconds=(1.0,))]
    monkeypatch.setattr(kills, "RUNS", runs)
    undisturbed, disturbed = Store(tmp_path / "undisturbed"), Store(tmp_path / "disturbed")
    results = [dataclasses.replace(execute(ridge), run=run) for run in runs]
    for result in results:
        undisturbed.save(result)
    disturbed.save(dataclasses.replace(results[0], provenance={"seconds": 1e9}))
    return undisturbed, disturbed, results


def test_what_is_lost_repeated_and_left_is_counted(stores):
    undisturbed, disturbed, results = stores
    Path(f"{disturbed.folder}.log").write_text("a\nb\na\na\n")
    for name in (".claims/a.1", ".unfinished/a.npz"):
        path = disturbed.folder / name
        path.parent.mkdir()
        path.touch()
    expected = {"lost": 1, "repeated": 2, "different": 0, "files_left": 2, "altered": 0}
    assert kills.compared(disturbed.folder, undisturbed) == expected
    other = dataclasses.replace(results[1], history={"penalty": 0.0})
    disturbed.save(other)
    assert kills.compared(disturbed.folder, undisturbed) == expected | {"lost": 0, "different": 1}


def test_worker_is_told_from_other_children():
    """A sweep has the process that tracks its semaphores as a child, too."""
    program = "import sys, subprocess; subprocess.run([sys.executable, '-c', 'input()'])"
    process = subprocess.Popen([sys.executable, "-c", "input() # spawn_main"], stdin=subprocess.PIPE)
    other = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE)
    assert kills.is_worker(process.pid, os.getpid())
    assert not kills.is_worker(process.pid, process.pid)
    assert not kills.is_worker(other.pid, os.getpid())
    for child in (process, other):
        child.communicate(b"\n")
    assert not kills.is_worker(process.pid, os.getpid())


def test_table_sums_up():
    none = {"lost": 0, "repeated": 0, "different": 0, "files_left": 0}
    record = {
        "date": "2026-01-02",
        "machine": {"commit": "0123456789abcdef", "processor": "P", "cores": 2},
        "load_average": 1.25,
        "runs": 12,
        "undisturbed_seconds": 60.0,
        "kills": [
            none | {"whole": False, "seconds": 70.0},
            none | {"whole": True, "seconds": 90.0, "lost": 1},
            none | {"whole": False, "seconds": 55.0, "different": 2},
            none | {"whole": False, "seconds": 80.0, "different": 1},
        ],
        "two_sweeps": none | {"repeated": 4},
        "dask": none,
        "dask_killed": none | {"files_left": 5, "seconds": 500.0},
        "throughput": {"1": 90.0, "2": 50.0, "load_average": 0.1},
    }
    text = kills.text(record)
    assert "| 3 times a worker killed | 0 | 0 | 3 | 0 | 10 (20) |" in text
    assert "| 1 times the whole sweep killed | 1 | 0 | 0 | 0 | 30 (30) |" in text
    assert "| two sweeps on one store | 0 | 4 | 0 | 0 |  |" in text
    assert "| one of them killed | 0 | 0 | 0 | 5 |  |" in text
    assert "1.80 times as much" in text


def test_book_shows_what_was_measured():
    record = json.loads((ROOT / "benchmarks/results/kills.json").read_text())
    assert (ROOT / "book/figures/kills.md").read_text() == kills.text(record)
