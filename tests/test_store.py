import dataclasses
import json

import numpy as np
import pytest

from replica.corpora.recording import CorpusKey
from replica.metrics import moments
from replica.runs import Result, Run, digest
from replica.store import Store

RUN = Run(CorpusKey("simulated", "v"), ("voice",), ("arousal",), "desk", layer_sizes=(3,), loss="mse", seed=0)


@pytest.fixture
def result():
    rng = np.random.default_rng(0)
    predictions = {p: {f"{p}_1": rng.normal(size=(7, 1)).astype("float16")} for p in ("dev", "test")}
    scored = {
        p: {"arousal": {f"{p}_1": moments(rng.normal(size=7), rng.normal(size=7))}} for p in ("train", "dev", "test")
    }
    shifted = {"dev": {"arousal": [0.1, -0.2]}}
    return Result(RUN, scored, shifted, predictions, {"best_epoch": 10}, {"seconds": 1.5})


def files(folder):
    return sorted(p for p in folder.rglob("*") if p.is_file())


def test_reads_what_it_wrote(tmp_path, result):
    store = Store(tmp_path)
    assert RUN not in store
    store.save(result)
    assert RUN in store
    again = store.load(RUN)
    for name in ("run", "moments", "shifted_ccc", "history", "provenance"):
        assert getattr(again, name) == getattr(result, name)
    np.testing.assert_array_equal(again.predictions["test"]["test_1"], result.predictions["test"]["test_1"])
    assert again.predictions["test"]["test_1"].dtype == np.float16
    assert [r.run for r in store] == [RUN]


def test_same_result_same_bytes(tmp_path, result):
    for name in ("a", "b"):
        Store(tmp_path / name).save(result)
    for one, other in zip(files(tmp_path / "a"), files(tmp_path / "b"), strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_every_flipped_bit_is_noticed(tmp_path, result):
    store = Store(tmp_path)
    store.save(result)
    rng = np.random.default_rng(1)
    for path in files(tmp_path):
        whole = path.read_bytes()
        for place in rng.choice(len(whole), 150):
            altered = bytearray(whole)
            altered[place] ^= 1 << rng.integers(8)
            path.write_bytes(altered)
            with pytest.raises(ValueError, match="Restore it from version control"):
                store.load(RUN)
        path.write_bytes(whole)
    store.load(RUN)


@pytest.mark.parametrize("keep", [0, 1, 100])
@pytest.mark.parametrize("suffix", [".json", ".npz"])
def test_cut_file_is_noticed(tmp_path, result, suffix, keep):
    store = Store(tmp_path)
    store.save(result)
    path = next(p for p in files(tmp_path) if p.suffix == suffix)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ValueError, match="cut or altered"):
        store.load(RUN)


def test_missing_archive_is_noticed(tmp_path, result):
    store = Store(tmp_path)
    store.save(result)
    next(p for p in files(tmp_path) if p.suffix == ".npz").unlink()
    with pytest.raises(ValueError, match="is missing"):
        store.load(RUN)


def test_record_of_another_run_is_noticed(tmp_path, result):
    """A record that was renamed is whole, but not the result of the run that is asked for."""
    store = Store(tmp_path)
    store.save(result)
    other = dataclasses.replace(RUN, seed=1)
    for path in files(tmp_path):
        target = tmp_path / digest(other)[:2] / (digest(other) + path.suffix)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    with pytest.raises(ValueError, match="altered"):
        store.load(other)


def test_missing_result_says_how_to_train_it(tmp_path):
    with pytest.raises(FileNotFoundError, match="replica sweep"):
        Store(tmp_path).load(RUN)


@pytest.mark.parametrize("fails_at", [1, 2])
def test_failed_write_leaves_nothing(tmp_path, result, monkeypatch, fails_at):
    """The disk is full at the archive, or at the record."""
    calls = []

    def replace(source, target):
        calls.append(target)
        if len(calls) == fails_at:
            raise OSError(28, "No space left on device")
        original(source, target)

    import os

    original = os.replace
    monkeypatch.setattr(os, "replace", replace)
    store = Store(tmp_path)
    with pytest.raises(OSError, match="No space"):
        store.save(result)
    assert files(tmp_path) == []
    monkeypatch.undo()
    store.save(result)
    assert store.load(RUN).run == RUN


def test_a_recorded_result_is_left_as_it_is(tmp_path, result):
    store = Store(tmp_path)
    store.save(result)
    before = [p.read_bytes() for p in files(tmp_path)]
    store.save(dataclasses.replace(result, history={"best_epoch": 99}))
    assert [p.read_bytes() for p in files(tmp_path)] == before


def test_holds_no_pickle(tmp_path, result):
    Store(tmp_path).save(result)
    for path in files(tmp_path):
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as arrays:
                assert all(arrays[name].dtype == np.float16 for name in arrays.files)
        else:
            json.loads(path.read_text())
