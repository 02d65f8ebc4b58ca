"""The speed benchmark: its formula, its workers, and what the command writes. Sizes are tiny, and no time is judged."""

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks import lstm
from replica import execution

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = {
    "system",
    "seconds",
    "fastest",
    "slowest",
    "times_as_fast",
    "cpu_seconds",
    "first_seconds",
    "first_cpu_seconds",
    "peak_mb",
    "share_of_matrix_product",
}


# A worker as the benchmark starts it, but of systems that do next to nothing: to load TensorFlow takes many seconds.
STAND_IN = """
import importlib.util, sys
import numpy as np
spec = importlib.util.spec_from_file_location("lstm", {file!r})
lstm = sys.modules["lstm"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(lstm)

def start(network):
    assert isinstance(network.layers, tuple)
    weights = np.zeros(network.layers)
    def step():
        nonlocal weights
        print("what a library prints")
        for _ in range(1000):
            weights += 1
        return float(weights.mean())
    return step, lambda: [weights]

lstm.SYSTEMS = dict.fromkeys(lstm.SYSTEMS, start)
lstm.serve(*sys.argv[2:])
"""


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory):
    file = tmp_path_factory.mktemp("worker") / "stand_in.py"
    file.write_text(STAND_IN.format(file=str(ROOT / "benchmarks" / "lstm.py")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lstm, "__file__", str(file))
        yield


@pytest.fixture(scope="module")
def written(stand_in, tmp_path_factory):
    """The folder that one quick run wrote to, and the systems in the order in which they were asked."""
    folder = tmp_path_factory.mktemp("benchmark")
    asked = []
    epoch = lstm.Worker.epoch

    def noted(self):
        asked.append(self.process.args[3])
        return epoch(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lstm.Worker, "epoch", noted)
        lstm.main(["--quick", "--rounds", "3", "--threads", "1", "--output", str(folder)])
    return folder, asked


@pytest.fixture(scope="module")
def record(written):
    return json.loads((written[0] / "benchmarks/results/lstm.json").read_text())


def test_operations_by_hand():
    """One frame, 2 inputs, layers of 3 and 1 units: 4*3*(2+3) = 60 and 4*1*(3+1) = 16 weights; less 2 * 4*3*2 = 48."""
    assert lstm.flop(lstm.Network(2, (3, 1), frames=1, sequences=1)) == 6 * (60 + 16) - 48
    assert lstm.flop(lstm.Network(2, (3, 1), frames=7, sequences=5)) == 35 * 408


def test_operations_of_both_networks():
    """6 * 9 * 7501 times 285440 and 1294400 weights, less what the features' gradient would cost."""
    assert lstm.flop(lstm.NET_A) == 405054 * 285440 - 135018 * 640 * 76
    assert lstm.flop(lstm.NET_B) == 405054 * 1294400 - 135018 * 800 * 618
    assert lstm.flop(lstm.NET_A) / 1e9 == pytest.approx(109, abs=1)


def test_table_by_hand():
    """Ratios are taken round by round: keras is 2, 4 and 3 times as slow here, though its median is 2.5 times ours."""

    def measured(*seconds):
        first = {"seconds": 9.0, "cpu_seconds": 12.0, "loss": 0.0}
        epochs = [{"seconds": s, "cpu_seconds": 2 * s, "loss": 0.0} for s in seconds]
        return {"first": first, "epochs": epochs, "peak_mb": 800}

    systems = {
        lstm.PRODUCT: measured(1, 1, 2),
        lstm.OURS: measured(1, 2, 4),
        lstm.KERAS: measured(2, 8, 12),
        lstm.TORCH: {"left_out": "torch is not installed"},
    }
    ours, keras = lstm.table(systems, operations=10, rates=[5, 10, 2])
    assert set(ours) == COLUMNS
    assert (ours["system"], ours["seconds"], ours["fastest"], ours["slowest"]) == ("replica", 2, 1, 4)
    assert (ours["times_as_fast"], keras["times_as_fast"]) == (3, 1)
    assert (ours["cpu_seconds"], ours["first_seconds"], ours["first_cpu_seconds"]) == (4, 9, 12)
    assert ours["share_of_matrix_product"] == 1.25  # of 2, 1/2 and 10/4/2


def trained(system, network):
    """Losses and digests of three epochs, in this process."""
    answers = lstm.work(system, network)
    assert next(answers) == {}
    epochs = [next(answers) for _ in range(3)]
    return [e["loss"] for e in epochs], [e["digest"] for e in epochs]


def test_cell_in_keras_rnn_is_the_same_function():
    """Both start from the same weights, so after every update they have the same loss; keras' LSTM is another one."""
    network = lstm.Network(4, (5,), frames=12, sequences=3)
    losses = {}
    for system in (lstm.OURS, lstm.CELL, lstm.KERAS):
        losses[system], digests = trained(system, network)
        assert len(set(digests)) == 3
    np.testing.assert_allclose(losses[lstm.OURS], losses[lstm.CELL], rtol=1e-5)
    assert len(set(losses[lstm.OURS])) == 3
    assert abs(losses[lstm.OURS][0] - losses[lstm.KERAS][0]) > 1e-4


def test_torch_trains(monkeypatch):
    pytest.importorskip("torch")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    losses, digests = trained(lstm.TORCH, lstm.TINY)
    assert losses[2] < losses[0] and len(set(digests)) == 3


def test_systems_are_asked_in_turn(written):
    _, asked = written
    systems = [lstm.PRODUCT, lstm.OURS, lstm.KERAS]
    first_and_second = [s for s in systems for _ in range(2)]
    assert asked[:15] == first_and_second + 3 * systems


def test_record_holds_what_is_promised(record):
    assert {"commit", "uncommitted_changes", "processor", "cores", "memory_gb", "system", "python", "packages"} <= set(
        record["machine"]
    )
    assert (record["threads"], record["rounds"], record["quick"]) == (1, 3, True)
    net = record["nets"]["A"]
    assert net["flop"] == lstm.flop(lstm.TINY)
    assert [set(row) for row in net["table"]] == 2 * [COLUMNS]
    assert [len(m["epochs"]) for m in net["systems"].values()] == [3, 3, 3]
    seconds = [e["seconds"] for e in net["systems"][lstm.PRODUCT]["epochs"]]
    assert net["matrix_product_flop_per_second"] == [round(lstm.PRODUCTS * 2 * 2048**3 / s) for s in seconds]
    assert set(record["cost"]) == {"frames", "sequences", "units"}
    assert all(len(p["systems"][lstm.OURS]["epochs"]) == 3 for points in record["cost"].values() for p in points)


def test_reruns_end_with_the_same_weights(record):
    (reruns,) = record["reruns"].values()
    assert reruns["identical"] == len(reruns["digests"]) == 2
    assert re.fullmatch("[0-9a-f]{64}", reruns["digests"][0])


def test_reruns_with_other_weights_are_not_counted(monkeypatch):
    digests = iter("abaccaaad")  # of three epochs each; the last one counts

    class Changing:
        def __init__(self, system, network, threads):
            assert threads == 1

        def answer(self):
            return {}

        def epoch(self):
            return {"digest": next(digests)}

        def close(self):
            pass

    monkeypatch.setattr(lstm, "Worker", Changing)
    told = lstm.rerun(lstm.TINY, 3)
    assert (told["identical"], told["digests"], told["epochs"]) == (2, ["a", "a", "d"], 3)


def test_tables_and_figure_are_written(written, record):
    folder, _ = written
    text = (folder / "book/figures/speed.md").read_text()
    assert text == lstm.page(record)
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    assert {len(row) for row in rows} == {len(lstm.HEADS)}
    assert [row[0] for row in rows] == ["System", "---", "replica", "keras LSTM"]
    assert "2 of 2 reruns" in text and "trial" in text
    assert (folder / "book/figures/speed.svg").read_text().rstrip().endswith("</svg>")


def test_redraw_gives_the_same_bytes(written):
    folder, _ = written
    files = [folder / "book/figures" / name for name in ("speed.md", "speed.svg")]
    before = [file.read_bytes() for file in files]
    for file in files:
        file.unlink()
    lstm.main(["--redraw", "--output", str(folder)])
    assert [file.read_bytes() for file in files] == before


def test_interrupted_run_goes_on(tmp_path, monkeypatch):
    """What is measured already is kept; a run with other settings starts anew."""
    part = tmp_path / "lstm.json.part"
    done = []

    def section(name, fails=False):
        def measure(*_):
            if fails:
                raise KeyboardInterrupt
            done.append(name)
            return name

        return measure

    for name in ("compare_net", "cost"):
        monkeypatch.setattr(lstm, name, section(name))
    monkeypatch.setattr(lstm, "rerun", section("rerun", fails=True))
    with pytest.raises(KeyboardInterrupt):
        lstm.measure(lstm.QUICK, ["A"], 3, 1, part)
    monkeypatch.setattr(lstm, "rerun", section("rerun"))
    lstm.measure(lstm.QUICK, ["A"], 3, 1, part)
    assert done == ["compare_net", "cost", "cost", "cost", "rerun"]
    lstm.measure(lstm.QUICK, ["A"], 4, 1, part)
    assert done[5:] == done[:5]


def test_a_system_that_fails_is_left_out(monkeypatch):
    """Here one process ends while it is asked, and one finds too little memory; both are named with the reason."""

    class Failing:
        def __init__(self, system, network, threads):
            self.system = system

        def answer(self):
            return {}

        def epoch(self):
            if self.system == lstm.CELL:
                raise ChildProcessError("its process ended with code -9")
            return {"seconds": 1.0, "cpu_seconds": 1.0, "loss": 0.0, "peak_mb": 500, "digest": ""}

        def close(self):
            pass

    free = iter([1000, 1000, 499])
    monkeypatch.setattr(lstm, "Worker", Failing)
    monkeypatch.setattr(lstm, "_free_mb", lambda: next(free))
    systems = lstm.compare(lstm.TINY, (lstm.OURS, lstm.CELL, lstm.KERAS), 2, 1)["systems"]
    assert len(systems[lstm.OURS]["epochs"]) == 2
    assert systems[lstm.CELL] == {"left_out": "its process ended with code -9"}
    assert systems[lstm.KERAS] == {"left_out": "499 MB of memory were free, and another system took 500 MB"}


def test_without_torch_it_is_left_out(monkeypatch):
    monkeypatch.setattr(lstm.importlib.util, "find_spec", lambda name: None)
    both = (lstm.TORCH, lstm.PLAIN_TORCH)
    systems = lstm.compare(lstm.TINY, both, 2, 1)["systems"]
    assert systems == dict.fromkeys(both, {"left_out": "torch is not installed"})


def test_environment_of_the_workers(monkeypatch):
    """Threads for all; kept memory but where named; oneDNN as in a sweep for ours, as TensorFlow has it for peers."""
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "0")
    monkeypatch.setenv("MALLOC_MMAP_MAX_", "7")
    environments = {system: lstm.environment(system, 2) for system in lstm.SYSTEMS}
    threads = [name for name in execution.TENSORFLOW if name.endswith("THREADS")] + ["OMP_NUM_THREADS"]
    assert {e[name] for e in environments.values() for name in threads} == {"2"}
    plain, plain_torch = environments.pop(lstm.PLAIN), environments.pop(lstm.PLAIN_TORCH)
    assert not set(lstm.KEEP_MEMORY) & (set(plain) | set(plain_torch))
    assert all(e.items() >= lstm.KEEP_MEMORY.items() for e in environments.values())
    one_dnn = "TF_ENABLE_ONEDNN_OPTS"
    assert plain[one_dnn] == environments.pop(lstm.OURS)[one_dnn] == execution.TENSORFLOW[one_dnn]
    assert all(one_dnn not in e for e in environments.values())


def test_worker_answers_when_asked(stand_in):
    """A process of its own that says when it is ready, trains when asked, and ends when nobody will ask again."""
    worker = lstm.Worker(lstm.OURS, lstm.TINY, threads=1)
    try:
        assert worker.answer() == {}
        epochs = [worker.epoch() for _ in range(2)]
        assert [e["loss"] for e in epochs] == [1000, 2000]
        assert all(e["seconds"] > 0 and e["cpu_seconds"] > 0 and e["peak_mb"] > 10 for e in epochs)
        assert epochs[1]["digest"] == hashlib.sha256(np.full((4, 3), 2000.0).tobytes()).hexdigest()
        worker.process.stdin.close()
        with pytest.raises(ChildProcessError, match="ended with code 0"):
            worker.answer()
    finally:
        worker.close()


def test_book_page_shows_what_the_command_writes(written):
    folder, _ = written
    shown = set(re.findall(r"\} (figures/\S+)", (ROOT / "book/speed.md").read_text()))
    assert shown == {"figures/speed.md", "figures/speed.svg"}
    assert all((folder / "book" / name).is_file() for name in shown)


def test_book_tables_are_those_of_the_record():
    """Of the benchmark's record in the repository, which no trial may replace."""
    file = ROOT / "benchmarks/results/lstm.json"
    if not file.exists():
        pytest.skip("the benchmark is not recorded")
    record = json.loads(file.read_text())
    assert not record["quick"]
    assert (ROOT / "book/figures/speed.md").read_text() == lstm.page(record)
