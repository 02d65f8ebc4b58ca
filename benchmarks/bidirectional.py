"""Seconds per epoch of a bidirectional network beside a forward one of the same units per direction (claim 5.4b).

Both train on random sequences of the shape of a corpus' training partition, on one thread, as a sweep trains, and take
their epochs in turn: what else the machine does meets both, and a ratio is taken within a round.

    python benchmarks/bidirectional.py        writes benchmarks/results/bidirectional.json
"""

import json
import os
import time
from pathlib import Path

from replica.execution import TENSORFLOW, prepare_process

os.environ.update(TENSORFLOW)  # before TensorFlow starts

import numpy as np
import tensorflow as tf

from replica import corpora, inputs, training
from replica.experiments import sec5_4_bidirectional as sec5_4
from replica.experiments.systems import CORPORA
from replica.provenance import provenance

FILE = Path(__file__).parent / "results" / "bidirectional.json"
OF = ("studyforrest", "simulated")
SEEDS, ROUNDS, WARM_UP = (0, 1, 2), 12, 2
SCALE, DIMENSION = "desk", "arousal"


def seconds_of(corpus: str) -> dict[str, object]:
    """Seconds of each epoch: for each network, a list for each seed."""
    key = CORPORA[corpus](0)[0]
    networks = {name: sec5_4.systems(corpus, SCALE)[name] for name in (sec5_4.LSTM, sec5_4.BLSTM)}
    runs = {name: network(key, DIMENSION, 0) for name, network in networks.items()}
    data = corpora.load_pinned(key)
    train = inputs.prepare(runs[sec5_4.LSTM], data)["train"]
    programs = {name: training.Program(training.network(run, train.widths), run) for name, run in runs.items()}
    taken: dict[str, list[list[float]]] = {name: [] for name in programs}
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        sequences = [tf.constant(rng.standard_normal(x.shape, np.float32)) for x in (train.features, train.gold)]
        for name, program in programs.items():
            weights = [np.asarray(0.1 * rng.standard_normal(w.shape), np.float32) for w in program.model.get_weights()]
            program.start(weights)
            taken[name].append([])
        for number in range(WARM_UP + ROUNDS):
            for name, program in programs.items():
                begin = time.perf_counter()
                float(program.update(*sequences))  # waits for the result
                if number >= WARM_UP:
                    taken[name][-1].append(round(time.perf_counter() - begin, 4))
    return {
        "shape": list(train.features.shape),
        "layer_sizes": list(runs[sec5_4.LSTM].layer_sizes),
        "scale": SCALE,
        "seeds": list(SEEDS),
        "seconds": taken,
        "provenance": provenance(sum(map(sum, sum(taken.values(), []))), data.digest),
    }


def main() -> None:
    """One corpus after the other."""
    prepare_process()
    FILE.write_text(json.dumps({corpus: seconds_of(corpus) for corpus in OF}, indent=1) + "\n")


if __name__ == "__main__":
    main()
