"""Trainings that are killed, stopped, repeated, or diverge."""

import hashlib
import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from replica import corpora, sweep, training
from replica.corpora.recording import Corpus, CorpusKey, Recording
from replica.runs import Run, canonical
from replica.store import Store, pack

TESTS = Path(__file__).resolve().parents[1]
KEY = CorpusKey("toy", "v")


@pytest.mark.reliability("killed_trainings")
def test_a_training_killed_at_random_moments_is_as_if_it_was_not(tmp_path, torture, record_property):
    """What `make test` tries are kills after each epoch, in the tests of training and sweep."""
    if not torture:
        pytest.skip("takes its time: make torture")
    command = [sys.executable, str(TESTS / "killed_trainings.py"), "50", str(tmp_path / "trainings")]
    told = json.loads(subprocess.run(command, stdout=-1, check=True, timeout=1800).stdout)
    record_property("tried", told["kills"])
    record_property("lost", told["different"])
    record_property("trainings that ended", told["ended"])
    assert told["kills"] == 50 and told["ended"] > 1 and told["different"] == 0


# Stopped by hand, or by the system

SWEEP = """
import json, sys
from dataclasses import replace

if __name__ == "__main__":  # not in the workers, which import this again
    from replica import cli
    from replica.experiments import sec5_3_loss_functions as experiment
    from replica.runs import from_canonical

    first = from_canonical(json.loads(sys.argv[2]))
    runs = [replace(first, context_seconds=(1 + k / 100,)) for k in range(500)]
    experiment.runs = lambda **_: runs
    cli.check_corpora = lambda _: None
    sys.argv[1:] = ["sweep", "sec5_3_loss_functions", "--results", sys.argv[1], "--processes", "1"]
    cli.main()
"""


def listens():
    """Ctrl-C is heard again, which whoever started the tests in the background has silenced for all they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.reliability("stopped_sweeps")
@pytest.mark.parametrize("recorded", [1, 20, 100])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_sweep_that_is_stopped(tmp_path, number, recorded, torture, record_property):
    """At once, without a claim left behind; what was recorded is whole, and the next sweep goes on."""
    if not torture:
        pytest.skip("takes its time: make torture")
    from test_sweep import RIDGE, left_behind, outcomes

    ridges = [replace(RIDGE, context_seconds=(1 + k / 100,)) for k in range(500)]  # more than are done by then
    program, store = tmp_path / "sweeping.py", Store(tmp_path / "results")
    program.write_text(SWEEP)
    command = [sys.executable, str(program), str(store.folder), json.dumps(canonical(RIDGE))]
    process = subprocess.Popen(command, stdout=-1, stderr=-1, text=True, preexec_fn=listens)
    deadline = time.monotonic() + 600
    while len(store.digests()) < recorded and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    began = time.monotonic()
    process.send_signal(number)
    told = process.communicate(timeout=300)
    seconds = time.monotonic() - began
    record_property("most seconds to stop", seconds)
    assert process.returncode in (130, 143), told
    assert seconds < 30
    assert store.altered() == [] and [name for name in left_behind(store) if not name.endswith(".npz")] == []
    missing = [run for run in ridges if run not in store]
    assert 2 < len(missing) < len(ridges)
    assert outcomes(sweep.sweep([*ridges[:1], *missing[:2]], store, 1)) == ["recorded"] * 2


# The same again

RUNS = [
    Run(corpora.key("simulated", size="mini"), ("voice",), dimensions, "smoke", layer_sizes=sizes, loss=loss, seed=seed)
    for dimensions, sizes, loss, seed in (
        (("arousal",), (3,), "mse", 0),
        (("valence",), (4, 3), "-ccc", 1),
        (("arousal", "valence"), (3,), "tube0.05", 2),
    )
]


@pytest.mark.reliability("reruns")
def test_ten_reruns_of_three_runs(torture, record_property):
    """Each compiled anew."""
    if not torture:
        pytest.skip("takes its time: make torture")
    corpus, lost = corpora.load("simulated", size="mini"), 0
    for run in RUNS:
        hashes = set()
        for _ in range(10):
            training._program.cache_clear()
            result = training.execute(run, corpus)
            hashes.add(hashlib.sha256(pack(result).archive + repr(result.history).encode()).hexdigest())
        lost += len(hashes) - 1
    record_property("tried", 10 * len(RUNS))
    record_property("lost", lost)
    assert lost == 0


# Divergence


def toy(scale=1.0):
    """Four recordings that a network learns in a few epochs, their features in another unit."""
    rng = np.random.default_rng(0)
    recordings = []
    for name, partition in (("t1", "train"), ("t2", "train"), ("d1", "dev"), ("e1", "test")):
        x = np.cumsum(rng.normal(size=(100, 2)), axis=0)
        gold = np.tanh(x / 10).astype("float32")
        recordings.append(Recording(name, partition, {"x": (scale * x).astype("float32")}, gold))
    return Corpus(KEY, tuple(recordings), "", "", "")


LR = 1e-4  # the paper's


@pytest.mark.reliability("divergence")
@pytest.mark.parametrize("times", [1e3, 1e6, 1e20, 1e38])
def test_a_learning_rate_that_is_too_large(times, monkeypatch, record_property):
    """The weights kept are finite, and the training ends with the first loss that is no number."""
    get = training.optimizers.get

    def too_large(name):
        optimizer = get(name)
        optimizer.learning_rate.assign(LR * times)
        return optimizer

    training._program.cache_clear()
    monkeypatch.setattr(training.optimizers, "get", too_large)
    result = training.execute(Run(KEY, ("x",), ("arousal",), "smoke", layer_sizes=(3,), loss="mse", seed=0), toy())
    training._program.cache_clear()
    losses = [*result.history["train_loss"], *result.history["dev_loss"]]
    diverged = result.history["stopped"] == "diverged"
    record_property("diverged", int(diverged))
    assert sum(not np.isfinite(loss) for loss in losses) == int(diverged)
    assert all(np.isfinite(x).all() for of in result.predictions.values() for x in of.values())


@pytest.mark.reliability("divergence")
@pytest.mark.parametrize("scale", [1e-6, 1e6])
def test_features_in_another_unit_are_the_same_training(scale):
    """The z-score takes the unit away."""
    run = Run(KEY, ("x",), ("arousal",), "smoke", layer_sizes=(3,), loss="mse", seed=0)
    losses = [training.execute(run, toy(scale)).history["train_loss"] for scale in (1.0, scale)]
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-4)
