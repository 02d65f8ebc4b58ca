"""Runs on a Dask cluster, its workers processes of their own that talk over TCP; one code path with local processes."""

import dataclasses
import os
import signal
import sys

import pytest

from replica import corpora, sweep, workers
from replica.execution import execute
from replica.runs import Assumptions, FusedRun, RidgeRun, Run, SmoothedRun
from replica.store import Store
from replica.workers import Cluster

KEY = corpora.key("simulated", size="mini")
RIDGE = RidgeRun(KEY, ("face",), ("valence",), "smoke", "speaker")
RIDGES = [dataclasses.replace(RIDGE, context_seconds=(float(k),)) for k in range(1, 7)]
NETWORK = Run(KEY, ("voice",), ("arousal",), "smoke", layer_sizes=(3,), loss="mse", seed=0, assumptions=Assumptions())
SMOOTHED = SmoothedRun(NETWORK, "backward")
FUSED = FusedRun((NETWORK, SMOOTHED), "dev_dev")


@pytest.fixture(scope="module")
def cluster():
    """Two workers of one thread."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:
        yield cluster


@pytest.fixture(scope="module")
def network():
    """A result as a training would have left it; what it scored does not matter here."""
    gold = execute(dataclasses.replace(RIDGE, dimensions=("arousal",)))
    return dataclasses.replace(gold, run=NETWORK)


def test_cluster_gives_the_same_bits_as_processes(cluster, network, tmp_path):
    """A smoothed run and a fusion too, whose inputs travel with them: the workers see no store."""
    runs, stores = [RIDGE, FUSED], [Store(tmp_path / name) for name in ("cluster", "processes")]
    for store, scheduler in zip(stores, (cluster.scheduler_address, None), strict=True):
        store.save(network)
        ended = sweep.sweep(runs, store, 1, scheduler=scheduler)
        assert [end.how for end in ended] == ["recorded"] * 3, [end.error for end in ended]
        assert list((store.folder / ".claims").iterdir()) == []
    assert stores[0].digests() == stores[1].digests()
    for run in (*runs, SMOOTHED):
        here, there = (store.load(run) for store in stores)
        assert here.moments == there.moments
        assert here.history == there.history
        assert stores[0].load_files(run).archive == stores[1].load_files(run).archive


def test_killed_worker_is_survived(cluster, tmp_path):
    """kill -9 of a worker that has a run: Dask starts another and gives it the run."""
    before, killed = _pids(cluster), []

    def kill_one(ended):
        if not killed:
            killed.append(before.pop())
            os.kill(killed[0], signal.SIGKILL)

    ended = sweep.sweep(RIDGES, Store(tmp_path), 1, kill_one, scheduler=cluster.scheduler_address)
    assert [end.how for end in ended] == ["recorded"] * 6, [end.error for end in ended]
    assert killed[0] not in _pids(cluster)


def _pids(cluster):
    from distributed import Client

    with Client(cluster) as client:
        return list(client.run(os.getpid).values())


def test_failing_run_names_its_worker(cluster, tmp_path):
    impossible = dataclasses.replace(RIDGE, features=("nose",))
    (ended,) = sweep.sweep([impossible], Store(tmp_path), 1, scheduler=cluster.scheduler_address)
    assert ended.how == "failed"
    assert "Choose other features" in str(ended.error)
    assert "This happened in process" in ended.error.__notes__[0]


def test_workers_of_several_threads_are_refused(tmp_path):
    from distributed import LocalCluster

    with (
        LocalCluster(1, threads_per_worker=2, processes=False, dashboard_address=":0") as many,
        pytest.raises(ValueError, match="--nthreads 1"),
    ):
        sweep.sweep([RIDGE], Store(tmp_path), 1, scheduler=many.scheduler_address)
    assert list(tmp_path.glob(".claims/*")) == []


def test_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ImportError, match="pip install 'replica\\[cluster\\]'"):
        Cluster("tcp://localhost:8786")


def test_a_process_that_did_its_share_is_replaced(monkeypatch, tmp_path):
    """TensorFlow gives nothing back until its process ends."""
    monkeypatch.setattr(workers, "RUNS_OF_A_PROCESS", 2)
    started = []
    pool = workers.Processes._pool
    monkeypatch.setattr(workers.Processes, "_pool", lambda self: started.append(1) or pool(self))
    ended = sweep.sweep(RIDGES[:5], Store(tmp_path), 1)
    assert [end.how for end in ended] == ["recorded"] * 5
    assert len(started) == 3
