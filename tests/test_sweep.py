import dataclasses
import signal
import subprocess
import sys

import numpy as np
import pytest

from replica import corpora, paths, provenance, smoothed, sweep
from replica.inputs import prepare
from replica.metrics import ccc_pooled
from replica.runs import Assumptions, FusedRun, RidgeRun, Run, SmoothedRun, canonical
from replica.smoothing import GRID, exponential_smoothing
from replica.store import Store

KEY = corpora.key("simulated", size="mini")
RIDGE = RidgeRun(KEY, ("face",), ("valence",), "smoke", "speaker")
NETWORK = Run(KEY, ("voice",), ("arousal",), "smoke", layer_sizes=(3,), loss="mse", seed=0, assumptions=Assumptions())
SMOOTHED = SmoothedRun(NETWORK, "backward")
FUSED = FusedRun((NETWORK, SMOOTHED), "dev_dev")


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A fusion, which asks for a network and for its smoothing, and one ridge; by two processes."""
    store, told = Store(tmp_path_factory.mktemp("results")), []
    count = sweep.sweep([FUSED, RIDGE, RIDGE], store, 2, lambda run, seconds: told.append(run))
    return store, told, count


def test_every_missing_run_is_executed_once_inputs_first(swept):
    store, told, count = swept
    assert count == 4
    assert sorted(map(str, told)) == sorted(map(str, [NETWORK, SMOOTHED, FUSED, RIDGE]))
    assert told.index(NETWORK) < told.index(SMOOTHED) < told.index(FUSED)
    assert all(run in store for run in (NETWORK, SMOOTHED, FUSED, RIDGE))


def test_recorded_run_is_never_executed_again(swept, monkeypatch):
    """Whatever the number of processes, and with no corpus at hand."""
    store, _, _ = swept
    monkeypatch.setattr(sweep, "ProcessPoolExecutor", None)
    assert sweep.sweep([FUSED, SMOOTHED, NETWORK, RIDGE], store, 7) == 0


def test_declaring_and_finding_a_run_needs_no_corpus(monkeypatch, tmp_path):
    from replica.experiments import sec5_3_loss_functions as sec5_3

    monkeypatch.delenv("REPLICA_DATA", raising=False)
    store = Store(paths.results())
    assert all(run in store for run in sec5_3.runs())


def test_own_process_gives_the_same_bits_as_the_sweep(swept):
    store, _, _ = swept
    here, recorded = sweep.execute(RIDGE, store), store.load(RIDGE)
    assert here.moments == recorded.moments
    assert here.provenance["corpus_digest"] == recorded.provenance["corpus_digest"]


KILLED = """
import os, signal, sys
from replica import checkpoint, files, sweep
from replica.runs import from_canonical
from replica.store import Store

def kill(): os.kill(os.getpid(), signal.SIGKILL)

save, when = checkpoint.Checkpoint.save, sys.argv[2]

def save_then_die(self, state):
    if when == "in the middle of the second save" and len(state["train_loss"]) == 2:
        files.os.replace = lambda *_: kill()
    save(self, state)
    if when == "after the third epoch" and len(state["train_loss"]) == 3:
        kill()

checkpoint.Checkpoint.save = save_then_die
checkpoint.Checkpoint.is_due = lambda self: True
sweep._prepare_process()
sweep._execute_and_record(from_canonical(eval(sys.argv[1])), Store(sys.argv[3]).folder)
"""


def test_killed_training_goes_on_and_gives_the_same_bits(swept, tmp_path):
    """kill -9 twice: in the middle of a save, which must leave the save before it, and after an epoch."""
    store, _, _ = swept
    for when, epochs in (("in the middle of the second save", 1), ("after the third epoch", 3), ("never", None)):
        arguments = [repr(canonical(NETWORK)), when, str(tmp_path)]
        done = subprocess.run([sys.executable, "-c", KILLED, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == (0 if when == "never" else -signal.SIGKILL), done.stderr
        unfinished = list(tmp_path.glob(".unfinished/*.npz"))
        assert [len(np.load(path)["train_loss"]) for path in unfinished] == ([] if when == "never" else [epochs])
    resumed, whole = Store(tmp_path).load(NETWORK), store.load(NETWORK)
    assert resumed.history == whole.history
    assert resumed.moments == whole.moments
    for name, prediction in whole.predictions["test"].items():
        np.testing.assert_array_equal(resumed.predictions["test"][name], prediction)


def test_state_left_behind_by_a_recorded_run_is_cleared(swept):
    store, _, _ = swept
    left = sweep._unfinished(NETWORK, store)
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"")
    assert sweep.sweep([NETWORK], store, 1) == 0
    assert not left.exists()


def test_seconds_of_an_interrupted_training_count_too(swept, monkeypatch):
    store, _, _ = swept
    checkpoint = sweep.Checkpoint(store.folder / "state.npz", "k")
    checkpoint.earlier_seconds = 1000.0
    monkeypatch.setattr("replica.training.execute", lambda *_: store.load(NETWORK))
    assert 1000 < sweep.execute(NETWORK, store, checkpoint).provenance["seconds"] < 1100


def test_state_of_other_code_is_not_resumed(monkeypatch, tmp_path):
    corpus = corpora.load("simulated", size="mini")
    before = sweep._checkpoint(NETWORK, corpus, Store(tmp_path))
    before.every_seconds = 0
    before.save({"failures": np.array(0)})
    assert sweep._checkpoint(NETWORK, corpus, Store(tmp_path)).load() is not None
    for name, value in (("code_digest", "x"), ("packages", {"tensorflow": "x"}), ("instruction_set", "x")):
        with monkeypatch.context() as changed:
            changed.setattr(sweep, name, lambda value=value: value)
            assert sweep._checkpoint(NETWORK, corpus, Store(tmp_path)).load() is None


def test_smoothed_is_the_best_of_the_grid_on_dev(swept):
    store, _, _ = swept
    raw, result = store.load(NETWORK), store.load(SMOOTHED)
    gold = {p: list(s.gold[..., 0]) for p, s in prepare(NETWORK, corpora.load("simulated", size="mini")).items()}

    def score(alpha, partition):
        x = [exponential_smoothing(x[:, 0], alpha, "backward") for x in raw.predictions[partition].values()]
        return ccc_pooled(gold[partition], x)

    alpha = result.history["alpha"]
    assert score(alpha, "dev") == pytest.approx(max(score(a, "dev") for a in GRID))
    from replica.metrics import pool

    assert pool(list(result.moments["test"]["arousal"].values())).ccc == pytest.approx(score(alpha, "test"), abs=1e-9)
    assert sorted(result.moments) == ["dev", "test"]


def test_fused_is_the_regression_of_its_members(swept):
    """In sample no worse than either member, in squares over the frames that it learned on."""
    store, _, _ = swept
    fused = store.load(FUSED)
    learned_on = fused.history["learned_on"]
    assert learned_on == ["dev_1"]  # of two

    def square_error(run):
        moments = store.load(run).moments["dev"]["arousal"]
        return sum(moments[name].rmse ** 2 for name in learned_on)

    assert square_error(FUSED) <= min(square_error(NETWORK), square_error(SMOOTHED)) + 1e-9
    assert sorted(fused.moments) == ["dev", "test"]


def test_smoothing_direction_matters(swept):
    store, _, _ = swept
    corpus = corpora.load("simulated", size="mini")
    forward = smoothed.execute(dataclasses.replace(SMOOTHED, direction="forward"), corpus, store.load(NETWORK))
    backward = store.load(SMOOTHED)
    assert not np.array_equal(forward.predictions["test"]["test_1"], backward.predictions["test"]["test_1"])


def test_failing_run_is_named_and_what_is_recorded_stays(tmp_path):
    store = Store(tmp_path)
    impossible = dataclasses.replace(RIDGE, features=("nose",))
    with pytest.raises(ValueError, match="Choose other features") as error:
        sweep.sweep([RIDGE, impossible], store, 1)
    assert "nose" in str(error.value.__notes__)
    assert RIDGE in store
    assert impossible not in store


def test_altered_copy_of_the_film_is_refused(monkeypatch):
    key = corpora.key("studyforrest", rotation=1)
    altered = dataclasses.replace(corpora.load("simulated", size="mini"), key=key)
    monkeypatch.setattr(corpora, "load", lambda name, **options: altered)
    with pytest.raises(ValueError, match="has other values. Copy the unaltered file again"):
        sweep._corpus(key)


def test_recorded_runs_saw_the_unaltered_film():
    from replica.corpora import studyforrest

    told = {r.provenance["corpus_digest"] for r in Store(paths.results()) if r.run.corpus.name == "studyforrest"}
    assert told == set(studyforrest.DIGESTS)


def test_smoothing_an_unrecorded_run_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="replica sweep"):
        sweep.execute(SMOOTHED, Store(tmp_path))


def test_provenance_tells_where_a_result_came_from(swept):
    store, _, _ = swept
    told = store.load(NETWORK).provenance
    assert told["threads"] == 1
    assert told["packages"]["keras"]
    assert len(told["commit"]) == 40
    assert told["seconds"] > 0


def test_provenance_outside_a_checkout(monkeypatch, tmp_path):
    monkeypatch.setattr(provenance.replica, "__file__", str(tmp_path / "a" / "b" / "c.py"))
    assert provenance.checkout.__wrapped__() == {"commit": None, "uncommitted_changes": False}


def test_provenance_without_git(monkeypatch):
    """A machine without git trains as well; a finished training is never lost for want of its commit."""
    monkeypatch.setenv("PATH", "")
    assert provenance.checkout.__wrapped__()["commit"] is None
