"""What a sweep loses when its processes are killed, and what several sweeps or machines on one store do.

    python benchmarks/kills.py [--kills 20] [--output DIR] [--quick] [--throughput] [--redraw]

A sweep of twelve small runs is done without disturbance; then again and again, each time with a kill -9 of one worker
or of the whole sweep at a random moment, and a restart. Two sweeps share a store; two Dask workers compute over TCP,
one of which is killed. Every time, what is recorded is compared with the undisturbed sweep, bit for bit, and each
computation that came to its end is counted. Written are ``benchmarks/results/kills.json`` and
``book/figures/kills.md``; ``--redraw`` makes the latter from the former. What two processes do against one is worth
something on an idle machine only: ``--throughput`` measures that alone and puts it into the record. With ``--quick``
little is done, and goes to ``build``. It needs Linux and the package distributed.
"""

import argparse
import datetime
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from replica import corpora, execution, sweep, workers
from replica.checkpoint import Checkpoint
from replica.provenance import checkout, packages, processor
from replica.runs import AnyRun, FusedRun, RidgeRun, Run, SmoothedRun, digest
from replica.store import Files, Store

ROOT = Path(__file__).resolve().parents[1]
LOG = "REPLICA_KILLS_LOG"  # names the file to which workers write what they computed to its end

KEY = corpora.key("simulated", size="mini")
NETWORKS = [
    Run(KEY, ("voice",), ("arousal",), "smoke", layer_sizes=sizes, loss="mse", seed=seed)
    for sizes in ((8,), (6, 4))
    for seed in range(4)
]
SMOOTHED = [SmoothedRun(network, "backward") for network in NETWORKS[:2]]
RUNS: list[AnyRun] = [
    *NETWORKS,
    *SMOOTHED,
    FusedRun((NETWORKS[2], SMOOTHED[0]), "dev_dev"),
    RidgeRun(KEY, ("face",), ("valence",), "smoke", "speaker"),
]
FULL = corpora.key("simulated")
LONGER: list[AnyRun] = [  # as long as those of the book, so that the start of the processes counts as little
    replace(NETWORKS[0], corpus=FULL, scale="desk", layer_sizes=(160, 120), seed=seed) for seed in range(8)
]

Record = dict[str, Any]


def compute_and_log(run: AnyRun, inputs: Sequence[Files], unfinished: Path | None, code: str) -> Files:
    """In a worker: as in any sweep, with the state of a training saved after every epoch, and a line at the end."""
    Checkpoint.is_due = lambda self: True  # type: ignore[method-assign]
    files = execution.compute(run, inputs, unfinished, code)
    with open(os.environ[LOG], "a") as log:
        log.write(f"{digest(run)}\n")
    return files


def start(folder: Path, processes: int, longer: bool = False) -> "subprocess.Popen[bytes]":
    """A sweep in processes of its own, as from a terminal."""
    arguments = ["sweep", str(folder), str(processes), *(["longer"] if longer else [])]
    environment = os.environ | {LOG: f"{folder}.log"}
    return subprocess.Popen([sys.executable, __file__, *arguments], env=environment, start_new_session=True)


def serve(folder: str, processes: str, *longer: str) -> None:
    """The other side of :func:`start`."""
    workers.compute = compute_and_log  # type: ignore[attr-defined]
    ended = sweep.sweep(LONGER if longer else RUNS, Store(Path(folder)), int(processes))
    sys.exit(any(end.how == "failed" for end in ended))


def seconds_of(folder: Path, processes: int, longer: bool = False) -> float:
    """What an undisturbed sweep takes."""
    began = time.monotonic()
    if start(folder, processes, longer).wait():
        raise RuntimeError("An undisturbed sweep ends without a failure. This one had one. See above.")
    return time.monotonic() - began


def disturbed(folder: Path, whole: bool, after: float) -> tuple[float, bool]:
    """Seconds of a sweep that is killed after some, or one of its workers is, and started again if need be.

    And whether it was, since one that is quicker than usual ends before.
    """
    began, killed = time.monotonic(), False
    process = start(folder, 2)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        if whole:
            os.killpg(process.pid, signal.SIGKILL)
        killed = whole or kill_worker(process)
    while process.wait():
        process = start(folder, 2)
    return time.monotonic() - began, killed


def kill_worker(process: "subprocess.Popen[bytes]") -> bool:
    """Kill -9 a random worker of a sweep; of the first one that comes where there is none."""
    while process.poll() is None:
        if found := [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if is_worker(pid, process.pid)]:
            os.kill(random.choice(found), signal.SIGKILL)
            return True
        time.sleep(0.01)
    return False


def is_worker(pid: int, of: int) -> bool:
    """Whether a process is a worker of another."""
    try:
        parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        return parent == of and b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def compared(folder: Path, undisturbed: Store) -> Record:
    """What a store lacks, computed twice, holds otherwise, and has left lying about, against the undisturbed one."""
    store, log = Store(folder), Path(f"{folder}.log")
    there = [run for run in RUNS if run in store]
    ended = Counter(log.read_text().split()) if log.exists() else Counter[str]()
    return {
        "lost": len(RUNS) - len(there),
        "repeated": sum(count - 1 for count in ended.values()),
        "different": sum(not same(run, store, undisturbed) for run in there),
        "files_left": len([*folder.glob(".claims/*"), *folder.glob(".unfinished/*")]),
        "altered": len(store.altered()),
    }


def same(run: AnyRun, one: Store, other: Store) -> bool:
    """Whether two stores hold one result of a run, but for where it came from."""
    a, b = one.load(run), other.load(run)
    archives = {store.load_files(run).archive for store in (one, other)}
    scores = {repr(replace(result, predictions={}, provenance={})) for result in (a, b)}
    return len(archives) == len(scores) == 1


def on_dask(folder: Path, kill: bool) -> float:
    """Seconds of the sweep on two Dask workers, processes that talk over TCP; one may be killed at its first run."""
    from distributed import Client, LocalCluster

    workers.compute = compute_and_log  # type: ignore[attr-defined]
    os.environ[LOG] = f"{folder}.log"
    began = time.monotonic()
    with LocalCluster(2, threads_per_worker=1, processes=True, dashboard_address=":0") as cluster:
        with Client(cluster) as client:
            pids = list(client.run(os.getpid).values())

        def kill_once(ended: sweep.Ended) -> None:
            if kill and pids:
                os.kill(pids.pop(), signal.SIGKILL)
                pids.clear()

        sweep.sweep(RUNS, Store(folder), 1, kill_once, scheduler=cluster.scheduler_address)
    return time.monotonic() - began


def measure(kills: int, folder: Path) -> Record:
    """Everything, one after the other."""
    began, generator = time.monotonic(), random.Random(0)
    undisturbed = Store(folder / "undisturbed")
    usual = seconds_of(undisturbed.folder, 2)
    told: list[Record] = []
    while len(told) < kills:
        whole, after = bool(len(told) % 2), generator.uniform(0, usual)
        with tempfile.TemporaryDirectory(dir=folder) as name:
            seconds, killed = disturbed(place := Path(name) / "results", whole, after)
            if killed:
                told.append({"whole": whole, "after": after, "seconds": seconds} | compared(place, undisturbed))
                print(told[-1], flush=True)
    both = [start(folder / "shared", 1), start(folder / "shared", 1)]
    failed = sum(process.wait() != 0 for process in both)
    dask = {
        name: {"seconds": on_dask(folder / name, name == "dask_killed")} | compared(folder / name, undisturbed)
        for name in ("dask", "dask_killed")
    }
    return {
        "date": datetime.date.today().isoformat(),
        "machine": checkout() | {"processor": processor(), "cores": os.cpu_count(), "packages": packages()},
        "load_average": os.getloadavg()[1],
        "runs": len(RUNS),
        "undisturbed_seconds": usual,
        "kills": told,
        "two_sweeps": compared(folder / "shared", undisturbed) | {"failed": failed},
        **dask,
        "minutes": (time.monotonic() - began) / 60,
    }


def throughput(folder: Path) -> Record:
    """Seconds of eight trainings by one process and by two, and how busy the machine was before."""
    load = os.getloadavg()[0]
    return {"load_average": load} | {str(n): seconds_of(folder / f"longer_{n}", n, longer=True) for n in (1, 2)}


def report(record: Record, output: Path) -> None:
    """The numbers as a table of the book."""
    page = output / "book" / "figures" / "kills.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text(record))


def text(record: Record) -> str:
    """What was measured, as Markdown."""
    usual, counts = record["undisturbed_seconds"], ("lost", "repeated", "different", "files_left")
    of_worker, of_sweep = ([kill for kill in record["kills"] if kill["whole"] is whole] for whole in (False, True))
    rows = {
        f"{len(of_worker)} times a worker killed": of_worker,
        f"{len(of_sweep)} times the whole sweep killed": of_sweep,
        "two sweeps on one store": [record["two_sweeps"]],
        "two Dask workers over TCP": [record["dask"]],
        "one of them killed": [record["dask_killed"]],
    }
    lines = []
    for name, of in rows.items():
        seconds = lost_seconds(of, usual) if of is of_worker or of is of_sweep else ""
        lines.append(" | ".join([f"| {name}", *(str(sum(one[what] for one in of)) for what in counts), f"{seconds} |"]))
    machine = record["machine"]
    heads = (
        "| What was done | Runs lost | Computed to the end twice | Records that differ | Files left | Seconds lost |"
    )
    return "\n".join(
        [
            f"Measured on {record['date']} at commit {str(machine['commit'])[:12]}: {machine['processor']}, "
            f"{machine['cores']} cores, {record['load_average']:.1f} processes at work on them in the mean. "
            f"The sweep has {record['runs']} runs and takes {usual:.0f} s undisturbed. "
            "Of the seconds lost against that, the median and, in brackets, the most are told.",
            "",
            "```{table} What a sweep loses.",
            ":name: tbl-kills",
            "",
            heads,
            "| --- | ---: | ---: | ---: | ---: | ---: |",
            *lines,
            "```",
            "",
            *([f"{told_of(record['throughput'])}\n"] if "throughput" in record else []),
        ]
    )


def told_of(longer: Record) -> str:
    """What two processes do against one."""
    return (
        f"Two processes did {longer['1'] / longer['2']:.2f} times as much as one in the same time, "
        f"beside {longer['load_average']:.1f} processes of others at work on the machine."
    )


def lost_seconds(kills: list[Record], usual: float) -> str:
    """What a kill costs, against the undisturbed sweep."""
    lost = [kill["seconds"] - usual for kill in kills]
    return f"{median(lost):.0f} ({max(lost):.0f})"


def main(arguments: list[str] | None = None) -> None:
    """Measure, record, and lay out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20, help="every other one of a worker, the others of the sweep")
    parser.add_argument("--output", type=Path, help="where to write in place of the checkout")
    parser.add_argument("--quick", action="store_true", help="two kills, to try the command")
    parser.add_argument("--redraw", action="store_true", help="the table from the record, nothing measured")
    parser.add_argument("--throughput", action="store_true", help="only two processes against one, into the record")
    options = parser.parse_args(arguments)
    output = options.output or (ROOT / "build" if options.quick else ROOT)
    result = output / "benchmarks" / "results" / "kills.json"
    if not options.redraw:
        result.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            if options.throughput:
                record = json.loads(result.read_text()) | {"throughput": throughput(Path(folder))}
            else:
                record = measure(2 if options.quick else options.kills, Path(folder))
        result.write_text(json.dumps(record, indent=1) + "\n")
    report(json.loads(result.read_text()), output)


if __name__ == "__main__":
    if sys.argv[1:2] == ["sweep"]:
        serve(*sys.argv[2:])
    else:
        main()
