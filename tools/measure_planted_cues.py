"""Measure what the feature sets find again of what was planted in simulated signals.

Writes measured/planted_cues.json: the CC of each pair of :mod:`replica.recovery` for six speakers of 300 s.
Takes some three minutes of one core.
Usage: python tools/measure_planted_cues.py
"""

import datetime
import json
import platform
import time
from importlib.metadata import version

import cv2
from threadpoolctl import threadpool_limits

from replica import paths, provenance, recovery
from replica.corpora import simulated
from replica.corpora.simulated.parameters import FRAMES

SEED, SPEAKERS = 0, (1, 2, 3, 4, 5, 6)
PACKAGES = ("numpy", "scipy", "opensmile", "opencv-python-headless", "neurokit2")


def main() -> None:
    """Measure and write."""
    cv2.setNumThreads(1)
    with threadpool_limits(1):
        rows = recovery.measure(SEED, SPEAKERS, FRAMES["full"]).round({"cc": 4})
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
            "cpu_seconds": round(time.process_time(), 1),
        },
        "rows": rows.to_dict("records"),
    }
    (paths.measured() / recovery.FILE).write_text(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
