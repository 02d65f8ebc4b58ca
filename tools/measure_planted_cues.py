"""Measure what the feature sets find again of what was planted in simulated signals.

Writes measured/planted_cues.json: the CC of each pair of :mod:`replica.recovery` for the nine speakers of the
development partition of a full cohort. Takes a minute, once the folder is there:

    replica simulate --seed 0 --size full --out FOLDER
    replica features FOLDER -o FOLDER
    python tools/measure_planted_cues.py FOLDER
"""

import datetime
import json
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path

from replica import paths, provenance, recovery
from replica.corpora import simulated
from replica.corpora.simulated_signals import Cohort

COHORT = Cohort(seed=0, size="full")
PACKAGES = ("numpy", "scipy", "opensmile", "opencv-python-headless", "neurokit2")


def main() -> None:
    """Measure and write."""
    names = [name for name in COHORT.speakers if name.startswith("dev_")]
    rows = recovery.measure(Path(sys.argv[1]), COHORT, names).round({"cc": 4})
    told = {
        "date": datetime.date.today().isoformat(),
        "seed": COHORT.seed,
        "frames": COHORT.frames,
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
