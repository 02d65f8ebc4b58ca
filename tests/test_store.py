import dataclasses
import hashlib
import io
import json

import numpy as np
import pytest

from replica import paths
from replica.corpora.recording import CorpusKey
from replica.fixed_point import on_grid
from replica.metrics import moments
from replica.runs import Result, Run, canonical, digest
from replica.store import Files, Store, pack

RUN = Run(CorpusKey("simulated", "v"), ("voice",), ("arousal",), "desk", layer_sizes=(3,), loss="mse", seed=0)


@pytest.fixture
def result():
    rng = np.random.default_rng(0)
    predictions = {
        p: dict(zip((f"{p}_1", f"{p}_2"), on_grid(rng.normal(size=(2, 7, 1))), strict=True)) for p in ("dev", "test")
    }
    scored = {
        p: {"arousal": {f"{p}_1": moments(rng.normal(size=7), rng.normal(size=7))}} for p in ("train", "dev", "test")
    }
    shifted = {"dev": {"arousal": [0.1, -0.2]}}
    valleys_and_peaks = {"dev": {"arousal": [0.1, 0.2]}}
    history = {
        "best_epoch": 10,
        "dev_loss": [0.5, float("inf"), float("nan"), 1e-9],
        "learned_on": ["a  b"],
        "stopped": "[ 1, 2 ]",
    }
    return Result(RUN, scored, shifted, predictions, history, {"seconds": 1.5}, valleys_and_peaks)


def files(folder):
    return sorted(p for p in folder.rglob("*") if p.is_file())


def test_reads_what_it_wrote(tmp_path, result):
    store = Store(tmp_path)
    assert RUN not in store
    store.save(result)
    assert RUN in store
    again = store.load(RUN)
    for name in ("run", "moments", "shifted_ccc", "valleys_and_peaks", "provenance"):
        assert getattr(again, name) == getattr(result, name)
    assert repr(again.history) == repr(result.history)  # NaN is not equal to itself
    assert {p: list(by_name) for p, by_name in again.predictions.items()} == {
        "dev": ["dev_1", "dev_2"],
        "test": ["test_1", "test_2"],
    }
    for p, by_name in result.predictions.items():
        for name, kept in by_name.items():
            np.testing.assert_array_equal(again.predictions[p][name], kept)
            assert again.predictions[p][name].dtype == np.float32
    assert [r.run for r in store] == [RUN]
    assert [(r.run, r.provenance) for r in store.records()] == [(RUN, result.provenance)]


def test_predictions_of_train_are_not_recorded(tmp_path, result):
    fitted = result.predictions | {"train": {"train_1": np.zeros((7, 1))}}
    Store(tmp_path).save(dataclasses.replace(result, predictions=fitted))
    assert sorted(Store(tmp_path).load(RUN).predictions) == ["dev", "test"]


def test_record_has_a_list_of_numbers_a_line(result):
    """What a reader of a record sees, and a third of its size; text is left as it is."""
    record = pack(result).record.decode()
    assert '"dev_loss": [0.5, Infinity, NaN, 1e-09]' in record
    assert '"stopped": "[ 1, 2 ]"' in record
    assert record.splitlines()[0].startswith('{"sha256": "')


def first_version(result, folder):
    """A result as the first version of the store wrote it: float16, an array a recording, a number a line."""
    archive = io.BytesIO()
    arrays = {f"{p}/{name}": x.astype("float16") for p, of in result.predictions.items() for name, x in of.items()}
    np.savez_compressed(archive, **arrays)
    body = {
        "run": canonical(result.run),
        "moments": {
            p: {d: {name: list(dataclasses.astuple(m)) for name, m in rows.items()} for d, rows in of.items()}
            for p, of in result.moments.items()
        },
        "shifted_ccc": result.shifted_ccc,
        "history": result.history,
        "provenance": result.provenance,
        "predictions_sha256": hashlib.sha256(archive.getvalue()).hexdigest(),
    }

    def dump(body):
        return (json.dumps(body, sort_keys=True, indent=1) + "\n").encode()

    place = folder / digest(result.run)[:2] / digest(result.run)
    place.parent.mkdir()
    place.with_suffix(".npz").write_bytes(archive.getvalue())
    place.with_suffix(".json").write_bytes(dump(body | {"sha256": hashlib.sha256(dump(body)).hexdigest()}))


@pytest.mark.reliability("older_records")
def test_first_version_is_read(tmp_path, result):
    first_version(result, tmp_path)
    again = Store(tmp_path).load(RUN)
    assert again.moments == result.moments
    assert again.valleys_and_peaks == {}
    np.testing.assert_array_equal(
        again.predictions["test"]["test_2"], result.predictions["test"]["test_2"].astype("float16")
    )
    assert Store(tmp_path).altered() == []


def test_recorded_results_are_whole_and_small():
    """The repository holds all records: a run may take 27 kB on average, so that 2,200 take 60 MB."""
    store = Store(paths.results())
    assert store.altered() == []
    assert sum(path.stat().st_size for path in paths.results().glob("??/*")) < 27e3 * len(store.digests())


def test_same_result_same_bytes(tmp_path, result):
    for name in ("a", "b"):
        Store(tmp_path / name).save(result)
    for one, other in zip(files(tmp_path / "a"), files(tmp_path / "b"), strict=True):
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.reliability("altered_records")
@pytest.mark.parametrize("version", ["first", "present"])
def test_every_flipped_bit_is_noticed(tmp_path, result, version, record_property):
    """In any byte of either file: by who reads the result, by who reads records, and by who checks them all."""
    store = Store(tmp_path)
    store.save(result) if version == "present" else first_version(result, tmp_path)
    rng = np.random.default_rng(1)
    record_property("tried", sum(path.stat().st_size for path in files(tmp_path)))
    for path in files(tmp_path):
        whole = path.read_bytes()
        for place in range(len(whole)):
            altered = bytearray(whole)
            altered[place] ^= 1 << rng.integers(8)
            path.write_bytes(altered)
            with pytest.raises(ValueError, match="Restore it from version control"):
                store.load(RUN)
            assert store.altered() == [path]
            if path.suffix == ".json":
                with pytest.raises(ValueError, match="Restore it from version control"):
                    list(store.records())
        path.write_bytes(whole)
    store.load(RUN)
    assert store.altered() == []


def test_a_result_is_read_once_but_sent_as_it_is_now(tmp_path, result):
    store = Store(tmp_path)
    store.save(result)
    assert store.load(RUN) is store.load(RUN)
    assert next(store.records()) is next(store.records())
    next(p for p in files(tmp_path) if p.suffix == ".npz").write_bytes(b"")
    with pytest.raises(ValueError, match="cut or altered"):
        store.load_files(RUN)
    with pytest.raises(ValueError, match="cut or altered"):
        Store(tmp_path).load(RUN)


@pytest.mark.reliability("altered_records")
def test_bytes_added_at_the_end_are_noticed(tmp_path, result):
    store = Store(tmp_path)
    store.save(result)
    for path in files(tmp_path):
        whole = path.read_bytes()
        path.write_bytes(whole + b"\n")
        assert store.altered() == [path]
        path.write_bytes(whole)


@pytest.mark.reliability("altered_records")
@pytest.mark.parametrize("keep", [0, 1, 100])
@pytest.mark.parametrize("suffix", [".json", ".npz"])
def test_cut_file_is_noticed(tmp_path, result, suffix, keep):
    store = Store(tmp_path)
    store.save(result)
    path = next(p for p in files(tmp_path) if p.suffix == suffix)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ValueError, match="cut or altered"):
        store.load(RUN)


@pytest.mark.reliability("altered_records")
def test_missing_archive_is_noticed(tmp_path, result):
    store = Store(tmp_path)
    store.save(result)
    next(p for p in files(tmp_path) if p.suffix == ".npz").unlink()
    with pytest.raises(ValueError, match="is missing"):
        store.load(RUN)


@pytest.mark.reliability("altered_records")
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


@pytest.mark.reliability("full_disk")
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


def test_what_a_worker_sends_is_recorded_as_it_is(tmp_path, result):
    sent, store = pack(result), Store(tmp_path)
    store.save_files(digest(RUN), sent)
    assert store.load_files(RUN) == sent
    assert store.load(RUN).moments == result.moments


@pytest.mark.reliability("altered_records")
@pytest.mark.parametrize("part", [0, 1])
def test_what_was_altered_on_the_way_is_not_recorded(tmp_path, result, part):
    sent = list(pack(result))
    sent[part] = sent[part][:-2] + bytes([sent[part][-2] ^ 1]) + sent[part][-1:]
    with pytest.raises(ValueError, match="cut or altered"):
        Store(tmp_path).save_files(digest(RUN), Files(*sent))
    assert files(tmp_path) == []


@pytest.mark.reliability("privacy")
def test_holds_no_pickle(tmp_path, result):
    Store(tmp_path).save(result)
    for path in files(tmp_path):
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as arrays:
                assert all(arrays[name].dtype == np.uint8 for name in arrays.files)
        else:
            json.loads(path.read_text())
