"""Measure what the feature sets find again of what was planted in simulated signals.

Writes measured/planted_cues.json: the CC of each pair of :mod:`replica.recovery` for six speakers of 300 s.
Takes some three minutes of processor time.
Usage: python tools/measure_planted_cues.py [PROCESSES]
"""

import datetime
import json
import multiprocessing
import platform
import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.metadata import version

import cv2
import pandas as pd
from threadpoolctl import threadpool_limits

from replica import paths, provenance, recovery
from replica.corpora import simulated
from replica.corpora.simulated.parameters import FRAMES

SEED, SPEAKERS = 0, (1, 2, 3, 4, 5, 6)
PACKAGES = ("numpy", "scipy", "opensmile", "opencv-python-headless", "neurokit2")


def main() -> None:
    """Measure and write."""
    processes = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), one_thread) as pool:
        of_each = list(pool.map(partial(recovery.measure, SEED, frames=FRAMES["full"]), [[k] for k in SPEAKERS]))
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    rows = pd.concat(of_each).round({"cc": 4})
    told = {
        "date": datetime.date.today().isoformat(),
        "seed": SEED,
        "speakers": list(SPEAKERS),
        "frames": FRAMES["full"],
        "provenance": {
            **provenance.checkout(),
            "generator": simulated.VERSION,
            "python": platform.python_version(),
            "packages": {name: version(name) for name in PACKAGES},
            "processor": provenance.processor(),
            "cpu_seconds": round(sum(usage.ru_utime + usage.ru_stime for usage in used), 1),
        },
        "rows": rows.to_dict("records"),
    }
    (paths.measured() / recovery.FILE).write_text(json.dumps(told, indent=1) + "\n")


def one_thread() -> None:
    """Leave the other cores to the other processes."""
    cv2.setNumThreads(1)
    threadpool_limits(1)


if __name__ == "__main__":
    main()
