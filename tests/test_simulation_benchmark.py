"""The benchmark of simulated recordings: what it counts and what it keeps; no time is judged."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import simulation as benchmark

ROOT = Path(__file__).resolve().parents[1]
RECORDED = ROOT / "benchmarks/results/simulation.json"

BURN = "import time\nwhile time.process_time() < {}: pass"
OUTLIVING = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', {!r}])"
IN_A_CHILD = "import subprocess, sys; subprocess.run([sys.executable, '-c', {!r}], check=True)"


def test_what_a_process_starts_counts_too():
    told = benchmark.cost([sys.executable, "-c", IN_A_CHILD.format(BURN.format(0.5))])
    assert told["cpu_seconds"] >= 0.5
    assert benchmark.cost([sys.executable, "-c", ""])["cpu_seconds"] < told["cpu_seconds"]  # each by itself


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing outlives the commands that are counted")
def test_what_outlives_the_command_counts_too():
    told = benchmark.cost([sys.executable, "-c", OUTLIVING.format(BURN.format(0.5))])
    assert told["cpu_seconds"] >= 0.5


def test_a_command_that_fails_costs_nothing():
    with pytest.raises(subprocess.CalledProcessError):
        benchmark.cost([sys.executable, "-c", "raise SystemExit(3)"])


def test_a_size_is_replaced_and_others_stay(monkeypatch, tmp_path, capsys):
    file = tmp_path / "told.json"
    for number, sizes in enumerate((["mini", "full"], ["mini"])):
        monkeypatch.setattr(benchmark, "measure", lambda size, _, n=number: {"cpu_seconds": n})
        benchmark.main(["--sizes", *sizes, "--output", str(file)])
    assert json.loads(file.read_text()) == {"mini": {"cpu_seconds": 1}, "full": {"cpu_seconds": 0}}
    assert capsys.readouterr().out.splitlines()[-1] == "mini 1 CPU seconds"


def test_what_is_recorded_adds_up():
    recorded = json.loads(RECORDED.read_text())
    shapes = {"mini": (9, 40), "full": (27, 300)}
    assert recorded.keys() <= shapes.keys() and "mini" in recorded
    for size, told in recorded.items():
        assert (told["speakers"], told["seconds_each"]) == shapes[size]
        parts = [told[command]["cpu_seconds"] for command in ("simulate", "features")]
        assert min(parts) > 0 and told["cpu_seconds"] == pytest.approx(sum(parts))
