"""How long one epoch of full back-propagation takes, by this package and by its peers, in one interleaved run.

    python benchmarks/lstm.py [--rounds 5] [--nets A B] [--threads N] [--output DIR] [--quick] [--redraw]

Each system lives in a process of its own, so that peak memory and processor seconds are its own, and trains the same
network on the same random data. They are asked one after the other for one epoch, round after round; the others sleep.
Written are ``benchmarks/results/lstm.json`` with all that was measured, ``book/figures/speed.md`` with the tables, and
``book/figures/speed.svg``. A run that was interrupted goes on where it was, from ``lstm.json.part``; ``--redraw`` makes
tables and figure again from the record. With ``--quick`` everything is tiny, and goes to ``build``.
"""

import argparse
import contextlib
import datetime
import hashlib
import importlib.metadata
import importlib.util
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from replica.provenance import checkout, processor

if TYPE_CHECKING:  # workers start without it
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROOT = Path(__file__).resolve().parents[1]

Step = Callable[[], float]  # one epoch; its loss before the update
Weights = Callable[[], list[np.ndarray]]
Record = dict[str, Any]  # as JSON holds it


@dataclass(frozen=True)
class Network:
    """LSTM layers one above the other and a linear output, with the size of the data that it is trained on."""

    inputs: int
    layers: tuple[int, ...]
    frames: int = 7501
    sequences: int = 9

    def __str__(self) -> str:
        sizes = ",".join(map(str, (self.inputs, *self.layers, 1)))  # as the paper writes a network
        return f"[{sizes}], {self.sequences} sequences of {self.frames} frames"


OURS, PLAIN, CELL, KERAS, JIT, TORCH, PLAIN_TORCH, PRODUCT = (
    "replica",
    "replica, allocator as it comes",
    "keras RNN(cell)",
    "keras LSTM",
    "keras LSTM, jit_compile",
    "torch LSTM",
    "torch LSTM, allocator as it comes",
    "matrix product",
)


@dataclass(frozen=True)
class Plan:
    """What is measured."""

    nets: dict[str, Network]
    systems: tuple[str, ...]  # in this order
    cost: dict[str, list[Network]]  # against what, and at which points
    cost_systems: tuple[str, ...]
    rerun: Network
    reruns: int


NET_A, NET_B, TINY = Network(76, (160, 120)), Network(618, (200, 200, 200)), Network(5, (4, 3), 20, 2)
ONE_LAYER = Network(76, (160,), frames=1500)
FULL = Plan(
    nets={"A": NET_A, "B": NET_B},
    systems=(PRODUCT, OURS, KERAS, CELL, TORCH, PLAIN_TORCH, PLAIN),
    cost={
        "frames": [replace(ONE_LAYER, frames=t) for t in (938, 1875, 3750, 7501)],
        "sequences": [replace(ONE_LAYER, sequences=b) for b in (1, 3, 9, 27)],
        "units": [replace(ONE_LAYER, layers=(n,)) for n in (40, 80, 160, 320)],
    },
    cost_systems=(OURS, KERAS, JIT, TORCH),
    rerun=replace(NET_A, frames=500),
    reruns=10,
)
QUICK = Plan(
    nets={"A": TINY},
    systems=(PRODUCT, OURS, KERAS),
    cost={"frames": [TINY], "sequences": [TINY], "units": [replace(TINY, layers=(3,))]},
    cost_systems=(OURS,),
    rerun=TINY,
    reruns=2,
)
COST_ROUNDS, RERUN_EPOCHS = 3, 3
JIT_FRAMES = 2000  # beyond, it is not asked: its time grows with the square of the frames, and at 7501 takes minutes
MATRIX, PRODUCTS = 2048, 5  # rows and columns of the product that tells what the processor can do, and how many in turn

# glibc gives a large block back to the system as soon as it is freed, and the next epoch pays for its pages again.
KEEP_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "99999999999"}


def flop(network: Network) -> int:
    r"""Floating point operations in the matrix products of one epoch of full back-propagation.

    .. math:: 6BT \sum_l 4 n_l (n_{l-1} + n_l) - 2BT \, 4 n_1 n_0

    Each weight enters three products a frame, of one multiplication and one addition each: the layer's output, the
    gradient of what the layer read, and the weight's own gradient. Nobody asks for the gradient of the first layer's
    input. Gates and the linear output are left out.
    """
    widths = (network.inputs, *network.layers)
    weights = sum(4 * n * (read + n) for read, n in zip(widths, network.layers, strict=False))
    return network.sequences * network.frames * (6 * weights - 2 * 4 * widths[1] * widths[0])


def _data(network: Network) -> tuple[np.ndarray, np.ndarray]:
    """Random features ``(sequences, frames, inputs)`` and gold standard ``(sequences, frames, 1)``."""
    random = np.random.default_rng(0)
    shape = network.sequences, network.frames
    features = random.standard_normal((*shape, network.inputs), np.float32)
    return features, 0.2 * random.standard_normal((*shape, 1), np.float32)


def _keras(layer: str, jit_compile: bool) -> Callable[[Network], tuple[Step, Weights]]:
    """A Keras network of layers of that kind; loss, optimiser and step are those of ``replica.training``."""

    def start(network: Network) -> tuple[Step, Weights]:
        import keras
        import tensorflow as tf

        from replica import losses
        from replica.layers import PeepholeLSTMCell
        from replica.models.stacked import stacked_lstm
        from replica.optimizers import DownhillRMSprop

        layers = {
            "LSTM": lambda n: keras.layers.LSTM(n, return_sequences=True),
            "RNN": lambda n: keras.layers.RNN(PeepholeLSTMCell(n), return_sequences=True),
        }
        keras.utils.set_random_seed(0)
        model = ours = stacked_lstm(network.inputs, network.layers)
        if layer != "replica":
            read = hidden = keras.Input((None, network.inputs))
            for units in network.layers:
                hidden = layers[layer](units)(hidden)
            model = keras.Model(read, keras.layers.Dense(1)(hidden))
        if layer == "RNN":
            model.set_weights(ours.get_weights())  # the same function; its losses must be the same
        optimizer = DownhillRMSprop()
        optimizer.build(model.trainable_variables)
        mse = losses.get("mse")

        @tf.function(jit_compile=jit_compile)
        def update(features: tf.Tensor, gold: tf.Tensor) -> tf.Tensor:
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(mse(gold, model(features, training=True)))
            optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
            return loss

        data = [tf.constant(array) for array in _data(network)]
        return lambda: float(update(*data)), model.get_weights

    return start


def _torch(network: Network) -> tuple[Step, Weights]:
    """The network of ``torch.nn.LSTM`` layers, time-major as torch prefers it, with torch's own centred RMSProp."""
    import torch

    torch.manual_seed(0)
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    widths = (network.inputs, *network.layers)
    layers = torch.nn.ModuleList(torch.nn.LSTM(*pair) for pair in zip(widths, network.layers, strict=False))
    output = torch.nn.Linear(widths[-1], 1)
    parameters = [*layers.parameters(), *output.parameters()]
    optimizer = torch.optim.RMSprop(parameters, 1e-4, momentum=0.9, centered=True)
    features, gold = (torch.from_numpy(array.transpose(1, 0, 2).copy()) for array in _data(network))

    def step() -> float:
        optimizer.zero_grad()
        hidden = features
        for layer in layers:
            hidden, _ = layer(hidden)
        loss = ((output(hidden) - gold) ** 2).mean()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step, lambda: [parameter.detach().numpy() for parameter in parameters]


def _matrix_product(network: Network) -> tuple[Step, Weights]:
    """No network: products of two large matrices."""
    import tensorflow as tf

    a, b = (tf.random.normal((MATRIX, MATRIX)) for _ in range(2))

    def step() -> float:
        for _ in range(PRODUCTS):
            product = tf.matmul(a, b)
        return float(product[0, 0])

    return step, list


SYSTEMS = {
    OURS: _keras("replica", jit_compile=True),
    PLAIN: _keras("replica", jit_compile=True),
    CELL: _keras("RNN", jit_compile=False),
    KERAS: _keras("LSTM", jit_compile=False),
    JIT: _keras("LSTM", jit_compile=True),
    TORCH: _torch,
    PLAIN_TORCH: _torch,
    PRODUCT: _matrix_product,
}


def work(system: str, network: Network) -> Iterator[Record]:
    """What a worker answers: that it is ready, then, whenever it is asked, one epoch."""
    step, weights = SYSTEMS[system](network)
    yield {}
    while True:
        seconds, cpu_seconds = time.perf_counter(), time.process_time()
        loss = step()
        seconds, cpu_seconds = time.perf_counter() - seconds, time.process_time() - cpu_seconds
        # On Linux this is at least what the parent held when it started this process; the parent stays small.
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        yield {
            "seconds": round(seconds, 4),
            "cpu_seconds": round(cpu_seconds, 4),
            "loss": loss,
            "peak_mb": round(peak / 1e6),
            "digest": hashlib.sha256(b"".join(array.tobytes() for array in weights())).hexdigest(),
        }


class Worker:
    """A system in a process of its own, which computes only while it is asked."""

    def __init__(self, system: str, network: Network, threads: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__, "worker", system, json.dumps(asdict(network))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(system, threads),
            text=True,
        )

    def answer(self) -> Record:
        """The next answer.

        Raises:
            ChildProcessError: If the process ended instead.
        """
        line = self.process.stdout.readline()
        if not line:
            raise ChildProcessError(f"its process ended with code {self.process.wait()}")
        return json.loads(line)

    def epoch(self) -> Record:
        """One epoch, now."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.answer()

    def close(self) -> None:
        """Let the process end, which it does unless it still computes."""
        with self.process:  # which also closes the pipes
            self.process.stdin.close()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()


def environment(system: str, threads: int) -> dict[str, str]:
    """The variables a worker starts with; libraries read them when they are loaded."""
    ours = system in (OURS, PLAIN)
    inherited = {k: v for k, v in os.environ.items() if k not in ("TF_ENABLE_ONEDNN_OPTS", *KEEP_MEMORY)}
    return (
        inherited
        | dict.fromkeys(("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), str(threads))
        | {"CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
        | ({"TF_ENABLE_ONEDNN_OPTS": "0"} if ours else {})  # as in replica.execution; peers as TensorFlow has it
        | ({} if system in (PLAIN, PLAIN_TORCH) else KEEP_MEMORY)
    )


def serve(system: str, network: str) -> None:
    """Be a worker: an epoch for each line that comes in, an answer in JSON for each."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    size = json.loads(network)
    for answer in work(system, Network(**size | {"layers": tuple(size["layers"])})):
        print(json.dumps(answer), file=answers, flush=True)
        if not sys.stdin.readline():
            return


def compare(network: Network, systems: tuple[str, ...], rounds: int, threads: int) -> Record:
    """Train one network by each system, in turn.

    The first epoch, which compiles, is kept apart; the second, in which memory still grows, is not counted.

    Returns:
        For each system ``first``, ``epochs`` (one a round) and ``peak_mb``; or ``left_out``, with the reason.
    """
    measured: Record = {}
    with contextlib.ExitStack() as stack:
        workers = {}
        for system in systems:
            if system in (TORCH, PLAIN_TORCH) and not importlib.util.find_spec("torch"):
                measured[system] = {"left_out": "torch is not installed"}
            else:
                workers[system] = stack.enter_context(contextlib.closing(Worker(system, network, threads)))
        for system, worker in list(workers.items()):  # all have loaded their libraries before one is timed
            try:
                worker.answer()
            except ChildProcessError as error:
                measured[system] = {"left_out": str(error)}
                workers.pop(system).close()
        for system, worker in list(workers.items()):
            largest = max((m["peak_mb"] for m in measured.values() if "peak_mb" in m), default=0)
            try:
                if (free := _free_mb()) < largest:
                    raise ChildProcessError(f"{free} MB of memory were free, and another system took {largest} MB")
                first, second = worker.epoch(), worker.epoch()
            except ChildProcessError as error:
                measured[system] = {"left_out": str(error)}
                workers.pop(system).close()
            else:
                measured[system] = {"first": _times(first), "epochs": [], "peak_mb": second["peak_mb"]}
        for _ in range(rounds):
            for system, worker in workers.items():
                answer = worker.epoch()
                measured[system]["epochs"].append(_times(answer))
                measured[system]["peak_mb"] = answer["peak_mb"]
    return {"network": asdict(network), "systems": measured}


def compare_net(network: Network, systems: tuple[str, ...], rounds: int, threads: int) -> Record:
    """The same, with the table of what follows from it."""
    measured = compare(network, systems, rounds, threads)
    rates = [round(PRODUCTS * 2 * MATRIX**3 / e["seconds"]) for e in measured["systems"][PRODUCT]["epochs"]]
    rows = table(measured["systems"], flop(network), rates)
    return {"flop": flop(network), "matrix_product_flop_per_second": rates, **measured, "table": rows}


def cost(points: list[Network], systems: tuple[str, ...], threads: int) -> list[Record]:
    """What an epoch takes at some sizes of one network."""
    return [
        compare(n, tuple(s for s in systems if s != JIT or n.frames <= JIT_FRAMES), COST_ROUNDS, threads)
        for n in points
    ]


def rerun(network: Network, reruns: int) -> Record:
    """Train anew on one thread, in a new process each time; how many end with the same weights, bit for bit."""
    digests = []
    for _ in range(reruns):
        with contextlib.closing(Worker(OURS, network, threads=1)) as worker:
            worker.answer()
            digests.append([worker.epoch()["digest"] for _ in range(RERUN_EPOCHS)][-1])
    identical = max(Counter(digests).values())
    return {"network": asdict(network), "epochs": RERUN_EPOCHS, "identical": identical, "digests": digests}


def table(systems: Record, operations: int, rates: list[int]) -> list[Record]:
    """A row for each system: medians over the rounds, of ratios too, which are taken round by round."""
    seconds = {s: [e["seconds"] for e in m["epochs"]] for s, m in systems.items() if "epochs" in m}
    return [
        {
            "system": system,
            "seconds": median(own),
            "fastest": min(own),
            "slowest": max(own),
            "times_as_fast": median(k / t for k, t in zip(seconds[KERAS], own, strict=True))
            if KERAS in seconds
            else None,
            "cpu_seconds": median(e["cpu_seconds"] for e in systems[system]["epochs"]),
            "first_seconds": systems[system]["first"]["seconds"],
            "first_cpu_seconds": systems[system]["first"]["cpu_seconds"],
            "peak_mb": systems[system]["peak_mb"],
            "share_of_matrix_product": median(operations / t / rate for t, rate in zip(own, rates, strict=True)),
        }
        for system, own in seconds.items()
        if system != PRODUCT
    ]


def _times(answer: Record) -> Record:
    return {key: answer[key] for key in ("seconds", "cpu_seconds", "loss")}


def _free_mb() -> int | float:
    """Memory that a process could take without swapping; unknown is taken for enough."""
    told = Path("/proc/meminfo")
    lines = told.read_text().splitlines() if told.exists() else []
    return next(
        (int(line.split()[1]) * 1024 // 10**6 for line in lines if line.startswith("MemAvailable")), float("inf")
    )


def machine() -> Record:
    """What the numbers hold for."""
    versions = {}
    for package in ("numpy", "keras", "tensorflow", "tensorflow-cpu", "torch"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions[package] = importlib.metadata.version(package)
    return {
        **checkout(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": versions,
    }


def measure(plan: Plan, nets: list[str], rounds: int, threads: int, part: Path) -> Record:
    """Everything that the plan holds and an interrupted run like this one, in ``part``, lacks."""
    about = {"machine": machine(), "quick": plan is QUICK, "rounds": rounds, "threads": threads}
    record: Record = about | {"date": str(datetime.date.today()), "minutes": 0.0, "nets": {}, "cost": {}, "reruns": {}}
    if part.exists() and (earlier := json.loads(part.read_text())).items() >= about.items():
        record = earlier
    sections = [
        *(("nets", name, compare_net, plan.nets[name], plan.systems, rounds, threads) for name in nets),
        *(("cost", name, cost, points, plan.cost_systems, threads) for name, points in plan.cost.items()),
        ("reruns", "one thread", rerun, plan.rerun, plan.reruns),
    ]
    for group, name, section, *what in sections:
        if name in record[group]:
            continue
        start = time.perf_counter()
        print(f"{group}: {name}", flush=True)
        record[group][name] = section(*what)
        record["minutes"] = round(record["minutes"] + (time.perf_counter() - start) / 60, 1)
        _write(part, json.dumps(record, indent=1) + "\n")
    return record


HEADS = (
    "System",
    "Seconds an epoch (all rounds)",
    "Times as fast as keras LSTM",
    "Processor seconds",
    "First epoch, seconds",
    "First epoch, processor seconds",
    "Peak memory, MB",
    "Share of the matrix product's rate",
)


def page(record: Record) -> str:
    """The numbers of the book's page, in its own markup."""
    here = record["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in here["packages"].items())
    changed = ", with uncommitted changes" if here["uncommitted_changes"] else ""
    text = ["A trial at tiny sizes, which says nothing about speed.\n"] if record["quick"] else []
    text += [
        f"Measured on {record['date']} at commit {str(here['commit'])[:12]}{changed}: {here['processor']}, "
        f"{here['cores']} cores, {here['memory_gb']:.0f} GB of memory, {here['system']}, Python {here['python']}, "
        f"{versions}; {record['threads']} threads, {record['rounds']} rounds. "
        f"All of it took {record['minutes']:.0f} minutes.\n"
    ]
    for name, net in record["nets"].items():
        rate = median(net["matrix_product_flop_per_second"])
        text += [
            f"```{{table}} Net {name}, {_network(net)}. "
            f"An epoch has {net['flop'] / 1e9:.0f} GFLOP; the processor's large matrix product made {rate / 1e9:.0f} "
            "GFLOP a second.",
            f":name: tbl-speed-{name.lower()}\n",
            _row(HEADS),
            _row("---" if k == 0 else "---:" for k in range(len(HEADS))),
            *(_row(_cells(row)) for row in net["table"]),
            "```\n",
        ]
        left_out = {s: m["left_out"] for s, m in net["systems"].items() if "left_out" in m}
        text += [f"Left out of net {name}: {system}, since {reason}.\n" for system, reason in left_out.items()]
    for runs in record["reruns"].values():
        text.append(
            f"{runs['identical']} of {len(runs['digests'])} reruns on one thread, each in a new process, ended with "
            f"the same weights, bit for bit, after {runs['epochs']} epochs ({_network(runs)})."
        )
    return "\n".join(text) + "\n"


def _network(measured: Record) -> str:
    return str(Network(**measured["network"]))


def _cells(row: Record) -> list[str]:
    return [
        row["system"],
        f"{row['seconds']:.2f} ({row['fastest']:.2f} to {row['slowest']:.2f})",
        f"{row['times_as_fast']:.2f}" if row["times_as_fast"] else "–",
        f"{row['cpu_seconds']:.2f}",
        f"{row['first_seconds']:.1f}",
        f"{row['first_cpu_seconds']:.1f}",
        f"{row['peak_mb']:.0f}",
        f"{100 * row['share_of_matrix_product']:.0f} %",
    ]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


COLOURS = {
    OURS: "#0072B2",
    PLAIN: "#56B4E9",
    CELL: "#E69F00",
    KERAS: "#D55E00",
    JIT: "#CC79A7",
    TORCH: "#009E73",
    PLAIN_TORCH: "#8FD3BD",
}
AXES = {"frames": "frames of a sequence", "sequences": "sequences at once", "units": "units of the layer"}


def draw(record: Record) -> "Figure":
    """Above, an epoch of each network by each system; below, of one layer against its size."""
    from matplotlib import pyplot as plt

    fig = plt.figure(figsize=(8.4, 5.6))
    above, below = fig.subfigures(2, 1)
    panels = above.subplots(1, len(record["nets"]), squeeze=False)[0]
    for ax, (name, net) in zip(panels, record["nets"].items(), strict=True):
        _draw_net(net["table"], ax)
        ax.set_xlabel(f"net {name}: seconds an epoch")
    panels = below.subplots(1, len(record["cost"]), sharey=True)
    for ax, (axis, points) in zip(panels, record["cost"].items(), strict=True):
        _draw_cost(points, axis, ax)
    panels[0].set_ylabel("seconds an epoch")
    handles = {line.get_label(): line for ax in panels for line in ax.lines}
    below.legend(handles=list(handles.values()), loc="outside upper center", ncols=len(handles))
    return fig


def _draw_net(rows: list[Record], ax: "Axes") -> "Axes":
    """Median and range over the rounds, a line for each system, the fastest above."""
    rows = sorted(rows, key=lambda row: row["seconds"])
    for y, row in enumerate(rows):
        colour = COLOURS[row["system"]]
        ax.hlines(y, row["fastest"], row["slowest"], color=colour, linewidth=2.5)
        ax.plot(row["seconds"], y, "o", color=colour, markersize=8)
    ax.set(yticks=range(len(rows)), ylim=(len(rows) - 0.5, -0.5))
    ax.set_yticklabels([row["system"] for row in rows])
    ax.set_xlim(left=0)
    ax.grid(axis="y", visible=False)
    ax.grid(axis="x", visible=True)
    return ax


def _draw_cost(points: list[Record], axis: str, ax: "Axes") -> "Axes":
    """Median over the rounds of each system, both scales logarithmic."""
    drawn = dict.fromkeys(s for p in points for s, m in p["systems"].items() if "epochs" in m)
    for system in drawn:
        at = [p for p in points if "epochs" in p["systems"].get(system, {})]
        sizes = [p["network"]["layers"][0] if axis == "units" else p["network"][axis] for p in at]
        seconds = [median(e["seconds"] for e in p["systems"][system]["epochs"]) for p in at]
        ax.plot(sizes, seconds, "o-", color=COLOURS[system], label=system)
    ax.set(xscale="log", yscale="log", xlabel=AXES[axis])
    sizes = [p["network"]["layers"][0] if axis == "units" else p["network"][axis] for p in points]
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.minorticks_off()
    return ax


def report(record: Record, output: Path) -> None:
    """Write tables and figure; the same record gives the same bytes."""
    from matplotlib import pyplot as plt

    from replica import figures

    folder = output / "book" / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "speed.md", page(record))
    figures.use_style()
    fig = draw(record)
    fig.savefig(folder / "speed.svg", metadata={"Date": None})
    plt.close(fig)


def _write(file: Path, text: str) -> None:
    """Write all of a file or nothing."""
    new = file.with_name(file.name + ".part")
    new.write_text(text)
    new.replace(file)


def main(arguments: list[str] | None = None) -> None:
    """Measure, record, and lay out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="epochs of each system that count")
    parser.add_argument("--nets", nargs="+", choices=FULL.nets, help="networks to train; both without it")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of each system; as many as cores")
    parser.add_argument("--output", type=Path, help="where to write in place of the checkout")
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to try the command")
    parser.add_argument("--redraw", action="store_true", help="tables and figure from the record, nothing measured")
    options = parser.parse_args(arguments)
    output = options.output or (ROOT / "build" if options.quick else ROOT)
    result = output / "benchmarks" / "results" / "lstm.json"
    part = result.with_name("lstm.json.part")
    if not options.redraw:
        result.parent.mkdir(parents=True, exist_ok=True)
        plan = QUICK if options.quick else FULL
        nets = list(plan.nets) if options.quick else options.nets or list(plan.nets)
        measure(plan, nets, options.rounds, options.threads, part)
        part.replace(result)
    report(json.loads(result.read_text()), output)


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        serve(*sys.argv[2:])
    else:
        main()
