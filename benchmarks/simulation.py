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
import resource
import subprocess
import sys
import tempfile
import time
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


def cost(command: Sequence[str]) -> dict[str, float]:
    """CPU and wall seconds of a command and of all that it starts and waits for.

    Raises:
        subprocess.CalledProcessError: If it fails.
    """
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_seconds": round(used, 1), "wall_seconds": round(time.perf_counter() - start, 1)}


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
