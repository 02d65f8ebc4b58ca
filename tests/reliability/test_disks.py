"""Power cuts, full disks, altered files, and folders that cannot be written: what was recorded stays or is refused."""

import dataclasses
import errno
import json
import os
import resource
import signal
import subprocess
import sys

import numpy as np
import power_cuts
import pytest
from test_store import RUN, files, result  # noqa: F401  # a fixture

from replica.checkpoint import Checkpoint
from replica.files import write_atomically
from replica.runs import canonical, digest
from replica.store import Store, pack

OTHER = dataclasses.replace(RUN, seed=1)


# The power is cut


@pytest.mark.reliability("cut_writes")
def test_a_result_is_there_whole_or_not_at_all(tmp_path, monkeypatch, result, record_property):  # noqa: F811
    """After a cut at any step; it can be written again, and once it was written, it stays."""
    root = tmp_path / "results"
    Store(root).save(dataclasses.replace(result, run=OTHER))
    with monkeypatch.context() as patch:
        disk = power_cuts.Disk(root, patch)
        Store(root).save(result)
    states, final = disk.states()
    lost = []
    for state, folder in power_cuts.laid_out(states, root, tmp_path):
        store = Store(folder)
        whole = RUN in store and store.load(RUN).moments == result.moments
        if store.altered() or (RUN in store and not whole) or OTHER not in store or (state in final and not whole):
            lost.append(state)
        store.save(result)
        if store.load_files(RUN) != pack(result):
            lost.append(state)
    record_property("tried", len(states))
    record_property("lost", len(lost))
    assert lost == []
    assert len(states) > 10


@pytest.mark.reliability("cut_writes")
def test_a_checkpoint_is_the_old_or_the_new_one(tmp_path, monkeypatch, record_property):
    root, old, new = tmp_path / "unfinished", {"w": np.zeros(9)}, {"w": np.ones(9)}
    Checkpoint(root / "state.npz", "k").save(old)
    with monkeypatch.context() as patch:
        disk = power_cuts.Disk(root, patch)
        Checkpoint(root / "state.npz", "k").save(new)
    states, final = disk.states()
    lost = []
    for state, folder in power_cuts.laid_out(states, root, tmp_path):
        there = Checkpoint(folder / "state.npz", "k").load()
        if there is None or there["w"].tolist() not in ([0] * 9, [1] * 9) or (state in final and not there["w"].all()):
            lost.append(state)
    record_property("tried", len(states))
    record_property("lost", len(lost))
    assert lost == []
    assert len(states) > 4


@pytest.mark.reliability("cut_writes")
def test_an_interruption_after_the_record_was_written_leaves_both_files(tmp_path, monkeypatch, result):  # noqa: F811
    """Ctrl-C may come between the last rename and the return."""

    def interrupted(folder):
        if RUN in Store(tmp_path):
            raise KeyboardInterrupt

    monkeypatch.setattr("replica.files.keep_names", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Store(tmp_path).save(result)
    assert Store(tmp_path).load(RUN).moments == result.moments


# Files are altered

ALTERATIONS = ("flipped bits", "cut short", "emptied", "filled with zeros")


@pytest.mark.reliability("altered_records")
@pytest.mark.parametrize("kind", ALTERATIONS)
def test_an_altered_checkpoint_is_none(tmp_path, kind, record_property):
    """Or the state that was saved, where the altered bit says nothing, such as that of a time."""
    file, rng = tmp_path / "state.npz", np.random.default_rng(1)
    state = {"weights_0": rng.normal(size=(7, 5)).astype("float32"), "failures": np.array(3), "best_0": np.eye(4)}
    Checkpoint(file, "k").save(state)
    whole = file.read_bytes()
    count = {"flipped bits": 200, "cut short": 50, "emptied": 1, "filled with zeros": 50}[kind]
    lost = 0
    for _ in range(count):
        data, place = bytearray(whole), int(rng.integers(len(whole)))
        if kind == "flipped bits":
            data[place] ^= 1 << int(rng.integers(8))
        elif kind == "filled with zeros":
            data[place : place + 64] = bytes(len(data[place : place + 64]))
        else:
            del data[0 if kind == "emptied" else place :]
        file.write_bytes(data)
        there = Checkpoint(file, "k").load()
        same = there is not None and all(np.array_equal(there[name], value) for name, value in state.items())
        lost += not (there is None or same)
    record_property("tried", count)
    record_property("lost", lost)
    assert lost == 0


@pytest.mark.reliability("altered_records")
@pytest.mark.parametrize("suffix", [".json", ".npz"])
def test_records_cut_at_any_place_or_exchanged_are_refused(tmp_path, result, suffix, record_property):  # noqa: F811
    store = Store(tmp_path)
    store.save(result)
    predictions = {p: {name: 1 - x for name, x in of.items()} for p, of in result.predictions.items()}
    store.save(dataclasses.replace(result, run=OTHER, predictions=predictions))
    file, other = ((tmp_path / digest(run)[:2] / digest(run)).with_suffix(suffix) for run in (RUN, OTHER))
    whole = file.read_bytes()
    contents = [whole[:place] for place in range(0, len(whole), max(1, len(whole) // 200))]
    contents += [other.read_bytes(), b"[" * 100_000, b"{}", b"null", b"\xff" * 99]
    lost = 0
    for content in contents:
        file.write_bytes(content)
        with pytest.raises(ValueError, match="Restore it from version control"):
            store.load(RUN)
        lost += store.altered() != [file]
    record_property("tried", len(contents))
    record_property("lost", lost)
    assert lost == 0


@pytest.mark.reliability("older_records")
@pytest.mark.parametrize(
    "change",
    [
        lambda body: body["run"].update(invented_later=1),
        lambda body: body["run"].pop("loss"),
        lambda body: body["run"]["assumptions"].update(output_gate_sees="later"),
        lambda body: body.pop("moments"),
    ],
    ids=["a field more", "a field less", "another reading", "no moments"],
)
def test_a_record_of_a_later_form_is_refused(tmp_path, result, change):  # noqa: F811
    """Sealed as it should be, but not understood."""
    from replica.store import Files, _layout, _seal

    body = json.loads(pack(result).record)
    del body["sha256"]
    change(body)
    rest = _layout(body)
    path = tmp_path / digest(RUN)[:2] / f"{digest(RUN)}.json"
    path.parent.mkdir()
    path.write_bytes(_seal(rest) + b"\n" + rest)
    path.with_suffix(".npz").write_bytes(Files(*pack(result)).archive)
    with pytest.raises(ValueError, match="of another version"):
        Store(tmp_path).load(RUN)


# The disk is full


def in_a_child(function, *, as_nobody=False):
    """What a function returns in a forked process of its own, whose limits and rights are not ours."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            if as_nobody and os.getuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            os.write(write, json.dumps(function()).encode())
            os._exit(0)
        except BaseException as error:
            os.write(write, json.dumps(["crashed", repr(error)]).encode())
            os._exit(1)
    os.close(write)
    with os.fdopen(read) as told:
        answer = json.load(told)
    os.waitpid(pid, 0)
    return answer


def told_of(save):
    """Nothing, or the error and its notes."""
    try:
        save()
    except OSError as error:
        return [error.errno, "\n".join([str(error), *getattr(error, "__notes__", [])])]
    return None


@pytest.mark.reliability("full_disk")
@pytest.mark.parametrize("part", [0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1])
def test_a_disk_that_takes_so_much(tmp_path, result, part):  # noqa: F811
    """Of the larger file that part of the bytes, and of the smaller one as many."""
    sizes = [len(file) for file in pack(result)]
    limit = int(max(sizes) * part)

    def save():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        return told_of(lambda: Store(tmp_path).save(result))

    told = in_a_child(save)
    if part == 1:
        assert told is None
    else:
        number, text = told
        assert number == errno.EFBIG
        assert str(tmp_path) in text and "bytes were to be written" in text
        assert files(tmp_path) == []
    Store(tmp_path).save(result)
    assert Store(tmp_path).load(RUN).moments == result.moments


@pytest.mark.reliability("full_disk")
@pytest.mark.parametrize("function", ["fsync", "replace", "chmod"])
def test_a_disk_that_is_full_at_the_end(tmp_path, monkeypatch, result, function):  # noqa: F811
    """Some disks tell only when asked to keep what they took."""

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, function, full)
        with pytest.raises(OSError, match="No space left") as error:
            Store(tmp_path).save(result)
    assert str(tmp_path) in error.value.__notes__[0]
    assert files(tmp_path) == []
    Store(tmp_path).save(result)


# The folder is not as usual


@pytest.fixture
def open_folder(tmp_path_factory):
    """One whose way there is open to everybody."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


@pytest.mark.reliability("odd_places")
@pytest.mark.parametrize("mode", [0o555, 0o000, 0o444])
def test_a_folder_without_permission(open_folder, result, mode):  # noqa: F811
    folder = open_folder / "results"
    folder.mkdir()
    folder.chmod(mode)
    number, text = in_a_child(lambda: told_of(lambda: Store(folder).save(result)), as_nobody=True)
    folder.chmod(0o755)
    assert number == errno.EACCES and str(folder) in text
    assert files(folder) == []


@pytest.mark.reliability("odd_places")
def test_a_read_only_folder_is_read(open_folder, result):  # noqa: F811
    store = Store(open_folder / "results")
    store.save(result)
    for path in [store.folder, *store.folder.iterdir()]:
        path.chmod(0o555)
    n = in_a_child(lambda: Store(store.folder).load(RUN).moments["dev"]["arousal"]["dev_1"].n, as_nobody=True)
    assert n == result.moments["dev"]["arousal"]["dev_1"].n


PLACES = [
    "with blanks",
    "Gefühl",
    "感情",
    "emoji 🙂",
    "a" * 200,
    "quote ' and \"",
    "semi;colon & $HOME",
    "-n",
    "new\nline",
    "%s {0}",
    "[ab]*?",
]


@pytest.mark.reliability("odd_places")
@pytest.mark.parametrize("name", PLACES, ids=range(len(PLACES)))
def test_a_folder_of_an_odd_name(tmp_path, result, name):  # noqa: F811
    store = Store(tmp_path / name / "results")
    store.save(result)
    assert store.load(RUN).moments == result.moments
    assert store.digests() == [digest(RUN)] and store.altered() == []
    Checkpoint(tmp_path / name / "state.npz", "k").save({"w": np.ones(1)})
    assert Checkpoint(tmp_path / name / "state.npz", "k").load()["w"] == 1


@pytest.mark.reliability("odd_places")
def test_a_file_in_the_place_of_the_folder(tmp_path, result):  # noqa: F811
    (tmp_path / "results").write_text("")
    with pytest.raises(OSError, match="results"):
        Store(tmp_path / "results").save(result)


# Several want the same runs

WANTING = """
import json, sys, time
from dataclasses import replace
from pathlib import Path
from replica.claiming import Claims
from replica.runs import Result, digest, from_canonical
from replica.store import Store

folder, count = Path(sys.argv[1]), int(sys.argv[3])
first = from_canonical(json.loads(sys.argv[2]))
runs, store, computed = [replace(first, seed=seed) for seed in range(count)], Store(folder), []
print("ready", flush=True)
sys.stdin.readline()
with Claims(folder) as claims:
    while missing := [run for run in runs if run not in store]:
        for run in missing:
            if claims.take(digest(run)):
                if run not in store:
                    time.sleep(0.002)
                    store.save(Result(run, {}, {}, {}, {}, {}))
                    computed.append(run.seed)
                claims.release(digest(run))
print(json.dumps(computed))
"""


@pytest.mark.reliability("shared_store")
def test_many_processes_compute_each_run_once(tmp_path, torture, record_property):
    processes, runs = (8, 40) if torture else (3, 10)
    command = [sys.executable, "-c", WANTING, str(tmp_path / "results"), json.dumps(canonical(RUN)), str(runs)]
    (tmp_path / "results").mkdir()
    started = [subprocess.Popen(command, stdin=-1, stdout=-1, text=True) for _ in range(processes)]
    assert [process.stdout.readline() for process in started] == ["ready\n"] * processes
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    computed = [seed for process in started for seed in json.loads(process.communicate(timeout=120)[0])]
    lost = sum(computed.count(seed) != 1 for seed in range(runs)) + len(Store(tmp_path / "results").altered())
    record_property("tried", runs)
    record_property("lost", lost)
    record_property("most processes", processes)
    assert lost == 0
    assert files(tmp_path / "results" / ".claims") == []


@pytest.mark.reliability("full_disk")
def test_the_old_file_stays_when_the_new_one_does_not_fit(tmp_path):
    write_atomically(tmp_path / "state", b"old")

    def save():
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
        return told_of(lambda: write_atomically(tmp_path / "state", b"new" * 99))

    assert "297 bytes were to be written" in in_a_child(save)[1]
    assert [file.read_bytes() for file in files(tmp_path)] == [b"old"]
