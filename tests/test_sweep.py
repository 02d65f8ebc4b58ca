import dataclasses
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import types
from concurrent.futures.process import BrokenProcessPool

import numpy as np
import pytest

import replica
from replica import corpora, execution, paths, provenance, smoothed, sweep
from replica.inputs import prepare
from replica.metrics import ccc_pooled
from replica.runs import Assumptions, FusedRun, RidgeRun, Run, SmoothedRun, canonical, digest
from replica.smoothing import GRID, exponential_smoothing
from replica.store import Store, pack

KEY = corpora.key("simulated", size="mini")
RIDGE = RidgeRun(KEY, ("face",), ("valence",), "smoke", "speaker")
NETWORK = Run(KEY, ("voice",), ("arousal",), "smoke", layer_sizes=(3,), loss="mse", seed=0, assumptions=Assumptions())
SMOOTHED = SmoothedRun(NETWORK, "backward")
FUSED = FusedRun((NETWORK, SMOOTHED), "dev_dev")
RIDGES = [dataclasses.replace(RIDGE, context_seconds=(float(k),)) for k in range(1, 7)]  # no TensorFlow to wait for


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A fusion, which asks for a network and for its smoothing, and one ridge; by two processes."""
    store, told = Store(tmp_path_factory.mktemp("results")), []
    ended = sweep.sweep([FUSED, RIDGE, RIDGE], store, 2, told.append)
    return store, told, ended


def left_behind(store):
    """Claims and unfinished states."""
    return [path.name for folder in (".claims", ".unfinished") for path in store.folder.glob(f"{folder}/*")]


def outcomes(ended):
    return sorted(end.how for end in ended)


def test_every_missing_run_is_executed_once_inputs_first(swept):
    store, told, ended = swept
    assert told == ended
    assert outcomes(ended) == ["recorded"] * 4
    order = [end.run for end in told]
    assert set(order) == {NETWORK, SMOOTHED, FUSED, RIDGE}
    assert order.index(NETWORK) < order.index(SMOOTHED) < order.index(FUSED)
    assert all(run in store for run in order)
    assert ended[order.index(NETWORK)].seconds > 0
    assert left_behind(store) == []


def test_recorded_run_is_never_executed_again(swept, monkeypatch):
    """Whatever the number of processes, and with no corpus at hand."""
    store, _, _ = swept
    monkeypatch.setattr(sweep, "Processes", None)
    assert sweep.sweep([FUSED, SMOOTHED, NETWORK, RIDGE], store, 7) == []


def test_declaring_and_finding_a_run_needs_no_corpus(monkeypatch, tmp_path):
    from replica.experiments import sec5_4_bidirectional as sec5_4

    monkeypatch.delenv("REPLICA_DATA", raising=False)
    assert sec5_4.runs(seeds=(0,))[0] in Store(paths.results())


@pytest.mark.reliability("reruns")
def test_own_process_gives_the_same_bits_as_the_sweep(swept):
    store, _, _ = swept
    here, recorded = execution.execute(RIDGE), store.load(RIDGE)
    assert here.moments == recorded.moments
    assert here.provenance["corpus_digest"] == recorded.provenance["corpus_digest"]


KILLED = """
import os, pathlib, signal, sys
from replica import checkpoint, execution, files
from replica.provenance import code_digest
from replica.runs import digest, from_canonical
from replica.store import Store

save, last = checkpoint.Checkpoint.save, int(sys.argv[3])

def save_then_die(self, state):
    if len(state["train_loss"]) > last:
        files.os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    save(self, state)

checkpoint.Checkpoint.save = save_then_die
checkpoint.Checkpoint.is_due = lambda self: True
run, folder = from_canonical(eval(sys.argv[1])), pathlib.Path(sys.argv[2])
Store(folder).save_files(digest(run), execution.compute(run, [], folder / "state.npz", code_digest()))
"""


@pytest.mark.reliability("killed_trainings")
def test_killed_training_goes_on_and_gives_the_same_bits(swept, tmp_path):
    """kill -9 in the middle of a save, which must leave the save before it."""
    store, _, _ = swept
    for epochs in (1, 4):
        arguments = [repr(canonical(NETWORK)), str(tmp_path), str(epochs)]
        done = subprocess.run([sys.executable, "-c", KILLED, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == (0 if epochs == 4 else -signal.SIGKILL), done.stderr
        assert len(np.load(tmp_path / "state.npz")["train_loss"]) == epochs
    resumed, whole = Store(tmp_path).load(NETWORK), store.load(NETWORK)
    assert resumed.history == whole.history
    assert resumed.moments == whole.moments
    assert Store(tmp_path).load_files(NETWORK).archive == store.load_files(NETWORK).archive


def test_what_a_killed_sweep_left_of_a_recorded_run_is_cleared(swept):
    store, _, _ = swept
    left = [sweep.unfinished(NETWORK, store), store.folder / ".claims" / f"{digest(NETWORK)}.1"]
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    assert sweep.sweep([NETWORK], store, 1) == []
    assert left_behind(store) == []


def test_seconds_of_an_interrupted_training_count_too(swept, monkeypatch, tmp_path):
    store, _, _ = swept

    def resumed(run, corpus, checkpoint):
        checkpoint.earlier_seconds = 1000.0
        return store.load(NETWORK)

    monkeypatch.setattr(replica, "training", types.SimpleNamespace(execute=resumed), raising=False)
    assert 1000 <= execution.execute(NETWORK, unfinished=tmp_path / "state.npz").provenance["seconds"] < 1100


@pytest.mark.reliability("older_records")
def test_state_of_other_code_is_not_resumed(monkeypatch, tmp_path):
    corpus, path = corpora.load("simulated", size="mini"), tmp_path / "state.npz"
    before = execution._checkpoint(NETWORK, corpus, path)
    before.every_seconds = 0
    before.save({"failures": np.array(0)})
    assert execution._checkpoint(NETWORK, corpus, path).load() is not None
    for name, value in (("code_digest", "x"), ("packages", {"tensorflow": "x"}), ("instruction_set", "x")):
        with monkeypatch.context() as changed:
            changed.setattr(execution, name, lambda value=value: value)
            assert execution._checkpoint(NETWORK, corpus, path).load() is None


def kill_workers(most):
    """A thread that kills -9 the first few worker processes that this process starts."""
    killed, before, end = [], set(multiprocessing.active_children()), threading.Event()

    def watch():
        while len(killed) < most and not end.wait(0.01):
            for child in set(multiprocessing.active_children()) - before:
                if child.pid not in killed and len(killed) < most:
                    killed.append(child.pid)
                    os.kill(child.pid, signal.SIGKILL)

    thread = threading.Thread(target=watch)
    thread.start()
    return killed, lambda: (end.set(), thread.join())


def test_runs_survive_the_death_of_their_workers(tmp_path):
    """Two workers are killed, each with a run; the other runs do not notice."""
    killed, stop = kill_workers(2)
    ended = sweep.sweep(RIDGES, Store(tmp_path), 2)
    stop()
    assert len(killed) == 2
    assert outcomes(ended) == ["recorded"] * 6
    assert left_behind(Store(tmp_path)) == []


def test_a_run_whose_worker_dies_every_time_is_given_up(tmp_path):
    """Three times, out of memory say; then it failed, and says so."""
    killed, stop = kill_workers(100)
    (ended,) = sweep.sweep([RIDGE], Store(tmp_path), 1)
    stop()
    assert len(killed) == sweep.ATTEMPTS == 3
    assert isinstance(ended.error, BrokenProcessPool)
    assert "died 3 times; perhaps it ran out of memory" in ended.error.__notes__[0]
    assert left_behind(Store(tmp_path)) == []


SWEEP = """
import sys
from replica.runs import from_canonical
from replica.store import Store
from replica.sweep import sweep

if __name__ == "__main__":  # for workers import this again
    runs = [from_canonical(plain) for plain in eval(sys.argv[2])]
    print(sorted(end.how for end in sweep(runs, Store(sys.argv[1]), 1, lambda end: print("ended", flush=True))))
"""


@pytest.fixture
def sweeping(tmp_path):
    """Start a sweep of the ridges in a process of its own, as from another terminal."""
    program = tmp_path / "sweeping.py"
    program.write_text(SWEEP)
    arguments = [sys.executable, str(program), str(tmp_path / "results"), repr([canonical(run) for run in RIDGES])]
    started = []

    def start():
        started.append(subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.reliability("shared_store")
def test_two_sweeps_on_one_store_do_each_run_once(sweeping, tmp_path, record_property):
    record_property("tried", len(RIDGES))
    told = [process.communicate(timeout=120)[0].splitlines()[-1] for process in (sweeping(), sweeping())]
    counts = [told.count("'recorded'") + told.count("'elsewhere'") for told in told]
    assert sum(told.count("'recorded'") for told in told) == 6
    assert max(counts) == 6  # one may start when all is done
    assert left_behind(Store(tmp_path / "results")) == []


def test_killed_sweep_takes_its_workers_along_and_the_next_goes_on(sweeping, tmp_path):
    store, killed = Store(tmp_path / "results"), sweeping()
    assert killed.stdout.readline() == "ended\n"
    workers = [pid for pid in os.listdir("/proc") if pid.isdigit() and parent(pid) == killed.pid]
    killed.kill()
    killed.wait()
    deadline = time.monotonic() + 5
    while any(parent(pid) is not None for pid in workers) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [pid for pid in workers if parent(pid) is not None] == []
    before = len(store.digests())
    ended = sweep.sweep(RIDGES, store, 1)
    assert outcomes(ended) == ["recorded"] * (6 - before)
    assert left_behind(store) == []


def parent(pid):
    """Of a process that lives."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            state, number = file.read().rpartition(")")[2].split()[:2]
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state == "Z" else int(number)


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


def test_failing_run_stops_only_what_starts_from_it(tmp_path):
    store = Store(tmp_path)
    impossible = dataclasses.replace(NETWORK, corpus=dataclasses.replace(KEY, version="none"))
    fused = FusedRun((SmoothedRun(impossible, "forward"), SmoothedRun(impossible, "backward")), "dev_dev")
    ended = {end.run: end for end in sweep.sweep([fused, RIDGE], store, 1)}
    assert {run: end.how for run, end in ended.items()} == {
        impossible: "failed",
        fused.inputs[0]: "failed",
        fused.inputs[1]: "failed",
        fused: "failed",
        RIDGE: "recorded",
    }
    assert "Declare the run anew" in str(ended[impossible].error)
    assert "version='none'" in str(ended[impossible].error.__notes__)
    assert ended[fused.inputs[0]].error.__notes__ == [f"It is {digest(impossible)}."]
    assert store.digests() == [digest(RIDGE)]
    assert left_behind(store) == []


@pytest.mark.reliability("altered_records")
def test_altered_input_fails_what_starts_from_it(swept, tmp_path):
    recorded, _, _ = swept
    store = Store(tmp_path)
    store.save_files(digest(NETWORK), recorded.load_files(NETWORK))
    archive = next(tmp_path.glob("*/*.npz"))
    archive.write_bytes(archive.read_bytes()[:-1])
    ended = sweep._ended(sweep._started(SMOOTHED, store, None), SMOOTHED, store)
    assert ended.how == "failed"
    assert f"{archive} is missing, cut or altered" in str(ended.error)


def test_worker_gets_the_inputs_and_the_place_of_the_state(swept):
    store, _, _ = swept
    workers = types.SimpleNamespace(submit=lambda *arguments: arguments)
    state = store.folder / ".unfinished" / f"{digest(SMOOTHED)}.npz"
    assert sweep._started(SMOOTHED, store, workers) == (SMOOTHED, [store.load_files(NETWORK)], state)


@pytest.mark.reliability("divergence")
def test_diverged_run_is_recorded_and_told(swept, tmp_path):
    recorded, _, _ = swept
    result = recorded.load(NETWORK)
    diverged = dataclasses.replace(result, history=result.history | {"stopped": "diverged"})
    future = sweep.Future()
    future.set_result(pack(diverged))
    (tmp_path / ".unfinished").mkdir()
    sweep.unfinished(NETWORK, Store(tmp_path)).touch()
    assert sweep._ended(future, NETWORK, Store(tmp_path)).how == "diverged"
    assert NETWORK in Store(tmp_path)
    assert left_behind(Store(tmp_path)) == []


@pytest.mark.reliability("full_disk")
def test_full_disk_fails_the_run_and_leaves_the_store_readable(swept, tmp_path, monkeypatch):
    recorded, _, _ = swept
    store = Store(tmp_path)
    store.save(recorded.load(RIDGE))

    def full(descriptor):
        raise OSError(28, "No space left on device")

    future = sweep.Future()
    future.set_result(recorded.load_files(NETWORK))
    monkeypatch.setattr("replica.files.os.fsync", full)
    ended = sweep._ended(future, NETWORK, store)
    assert ended.how == "failed"
    assert "No space left" in str(ended.error)
    assert [result.run for result in store] == [RIDGE]
    with pytest.raises(OSError, match="No space left"):  # no run can be claimed
        sweep.sweep([NETWORK], store, 1)
    assert store.altered() == []
    assert left_behind(store) == []


def test_worker_with_other_code_refuses():
    with pytest.raises(RuntimeError, match="Install one version everywhere") as error:
        execution.compute(RIDGE, [], None, "other code")
    assert f"in process {os.getpid()}" in error.value.__notes__[0]


def test_worker_has_one_thread_whatever_it_loads_later():
    """SciPy brings matrix products of its own."""
    program = (
        "from replica.execution import prepare_process; prepare_process()\n"
        "import scipy.linalg\n"
        "from threadpoolctl import threadpool_info\n"
        "print({library['num_threads'] for library in threadpool_info()}, len(threadpool_info()) > 1)"
    )
    plain = {name: value for name, value in os.environ.items() if name not in execution.MATRICES}
    done = subprocess.run([sys.executable, "-c", program], env=plain, capture_output=True, text=True, check=True)
    assert done.stdout == "{1} True\n"


def test_worker_that_started_tensorflow_otherwise_refuses(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", object())
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "2")
    with pytest.raises(RuntimeError, match="Do not preload it"):
        execution.prepare_process.__wrapped__()


def test_recorded_runs_saw_the_unaltered_film():
    from replica.corpora import studyforrest

    records = Store(paths.results()).records()
    told = {r.provenance["corpus_digest"] for r in records if r.run.corpus.name == "studyforrest"}
    assert told == set(studyforrest.DIGESTS)


def test_provenance_tells_where_a_result_came_from(swept):
    store, _, _ = swept
    told = store.load(NETWORK).provenance
    assert told["threads"] == 1
    assert told["packages"]["keras"]
    assert len(told["commit"]) == 40
    assert told["instruction_set"] == provenance.instruction_set()[:16]
    assert told["seconds"] > 0


def test_provenance_outside_a_checkout(monkeypatch, tmp_path):
    monkeypatch.setattr(provenance.replica, "__file__", str(tmp_path / "a" / "b" / "c.py"))
    assert provenance.checkout.__wrapped__() == {"commit": None, "uncommitted_changes": False}


def test_provenance_without_git(monkeypatch):
    """A machine without git trains as well; a finished training is never lost for want of its commit."""
    monkeypatch.setenv("PATH", "")
    assert provenance.checkout.__wrapped__()["commit"] is None
