"""Kill one training at random moments, again and again, and resume it: are weights and history those undisturbed?

    python tests/killed_trainings.py KILLS FOLDER

Prints JSON: kills, how many of the resumed trainings came to their end, and how many of these differ. The network is a
linear layer, so that saving, not computing, is what is killed most. A process imports TensorFlow once and forks for
each try, before TensorFlow starts threads.
"""

import hashlib
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import numpy as np

from replica import corpora, execution
from replica.checkpoint import Checkpoint
from replica.runs import Run, Scale
from replica.store import pack

RUN = Run(
    corpora.key("simulated", size="mini"), ("voice",), ("arousal",), "smoke", layer_sizes=(3,), loss="mse", seed=0
)


def train(folder: Path) -> None:
    """Train on from the saved state, if there is one, and write a digest of weights, predictions and history."""
    result = execution.execute(RUN, unfinished=folder / "state.npz")
    (program,) = seen
    sha = hashlib.sha256(repr(result.history).encode() + pack(result).archive)
    for weights in program.model.get_weights():
        sha.update(np.ascontiguousarray(weights).tobytes())
    (folder / "digest").write_text(sha.hexdigest())


seen = []


def attempt(folder: Path, after: float | None) -> float:
    """One process that trains; killed after some seconds, if not yet done. The seconds it ran."""
    began = time.monotonic()
    pid = os.fork()
    if pid == 0:
        train(folder)
        os._exit(0)
    while os.waitpid(pid, os.WNOHANG)[0] == 0:
        if after is not None and time.monotonic() - began > after:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            break
        time.sleep(0.002)
    return time.monotonic() - began


def main() -> None:
    """Kill, resume, compare."""
    kills, folder, generator = int(sys.argv[1]), Path(sys.argv[2]), random.Random(0)
    execution.prepare_process()
    import keras
    import tensorflow as tf

    from replica import training

    Checkpoint.is_due = lambda self: True
    tf.config.run_functions_eagerly(True)
    training.SCALES["smoke"] = Scale(5, 2, 2, 50)
    training.network = lambda _, widths: keras.Sequential([keras.Input((None, sum(widths))), keras.layers.Dense(1)])
    start, ended, different, killed = training.Program.start, 0, 0, 0
    training.Program.start = lambda self, weights: (seen.append(self), start(self, weights))[1]
    execution.load(RUN.corpus)
    (folder / "undisturbed").mkdir(parents=True)
    usual = attempt(folder / "undisturbed", None)
    expected = (folder / "undisturbed/digest").read_text()
    resumed = folder / "0"
    resumed.mkdir()
    while killed < kills or not (resumed / "digest").exists():
        attempt(resumed, generator.uniform(0, usual) if killed < kills else None)
        if not (resumed / "digest").exists():
            killed += 1
            continue
        ended += 1
        different += (resumed / "digest").read_text() != expected
        resumed = folder / str(ended)
        if killed < kills:
            resumed.mkdir()
        else:
            break
    print(json.dumps({"kills": killed, "ended": ended, "different": different, "seconds": usual}))


if __name__ == "__main__":
    main()
