"""What a simulated cohort costs as raw recordings: CPU seconds of `replica simulate` and of `replica features`.

    python benchmarks/simulation.py [--sizes mini full] [--processes N] [--output FILE]

Each command runs as a user starts it, in a folder that is thrown away; counted are user and system time of its process
and of all that it starts, imports included. A busy machine takes more CPU seconds too, since cores share their caches:
the load is written beside them. Each size is written to ``benchmarks/results/simulation.json`` as it ends, and replaces
what the file has of it; other sizes stay.
"""

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from replica.conventions import FEATURE_WIDTHS, FRAME_SECONDS
from replica.corpora.simulated_signals import Cohort
from replica.extraction import jobs
from replica.provenance import checkout, processor

ROOT = Path(__file__).resolve().parents[1]
REPLICA = [sys.executable, "-c", "from replica.cli import main; main()"]
PACKAGES = ("numpy", "scipy", "opensmile", "opencv-python-headless", "neurokit2", "scikit-learn")


# What the command leaves behind, as the process from which its workers are copied, is adopted, and waited for.
COUNT = """
import ctypes, json, os, resource, subprocess, sys, time
PR_SET_CHILD_SUBREAPER = 36
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
start = time.perf_counter()
ended = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
wall = time.perf_counter() - start
try:
    while True:
        os.wait()
except ChildProcessError:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"cpu_seconds": round(used.ru_utime + used.ru_stime, 1), "wall_seconds": round(wall, 1)}))
sys.exit(ended.returncode)
"""


def cost(command: Sequence[str]) -> dict[str, float]:
    """CPU and wall seconds of a command and of all that it starts.

    Raises:
        subprocess.CalledProcessError: If it fails.
    """
    counted = subprocess.run([sys.executable, "-c", COUNT, *command], check=True, stdout=subprocess.PIPE)
    return dict(json.loads(counted.stdout))


def measure(size: str, processes: int) -> dict[str, Any]:
    """Both commands for one cohort of seed 0."""
    cohort, load = Cohort(size=size), os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        many = ["--processes", str(processes)]
        costs = {
            "simulate": cost([*REPLICA, "simulate", "--size", size, "--out", folder, *many]),
            "features": cost([*REPLICA, "features", folder, "-o", folder, *many]),
        }
        if left := jobs(Path(folder), Path(folder)):
            raise RuntimeError(f"All {len(FEATURE_WIDTHS)} sets must be made. {len(left)} files are missing. Look why.")
    return {
        "date": datetime.date.today().isoformat(),
        "machine": {**checkout(), "processor": processor(), "cores": os.cpu_count()},
        "packages": {name: version(name) for name in PACKAGES},
        "load_average": round(load, 2),
        "processes": processes,
        "speakers": len(cohort.speakers),
        "seconds_each": round((cohort.frames - 1) * FRAME_SECONDS),
        **costs,
        "cpu_seconds": round(sum(of["cpu_seconds"] for of in costs.values()), 1),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", choices=("mini", "full"), default=("mini", "full"))
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks/results/simulation.json")
    args = parser.parse_args(arguments)
    for size in args.sizes:
        told = json.loads(args.output.read_text()) if args.output.exists() else {}
        told[size] = measure(size, args.processes)
        args.output.write_text(json.dumps(told, indent=1) + "\n")
        print(size, told[size]["cpu_seconds"], "CPU seconds", flush=True)


if __name__ == "__main__":
    main()
