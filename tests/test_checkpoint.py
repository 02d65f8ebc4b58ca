import numpy as np
import pytest

from replica.checkpoint import Checkpoint
from replica.files import write_atomically

STATE = {"weights_0": np.arange(6.0, dtype="float32").reshape(2, 3), "failures": np.array(3)}


def saved(tmp_path, key="k"):
    checkpoint = Checkpoint(tmp_path / "folder" / "state.npz", key, every_seconds=0)
    checkpoint.save(STATE)
    return checkpoint


def test_state_comes_back_as_it_was(tmp_path):
    state = Checkpoint(saved(tmp_path).path, "k").load()
    assert state.keys() == STATE.keys()
    np.testing.assert_array_equal(state["weights_0"], STATE["weights_0"])
    assert state["weights_0"].dtype == np.float32
    assert state["failures"] == 3


def test_nothing_saved_is_no_state(tmp_path):
    assert Checkpoint(tmp_path / "state.npz", "k").load() is None


@pytest.mark.reliability("altered_records")
def test_state_of_another_training_is_no_state(tmp_path):
    assert Checkpoint(saved(tmp_path).path, "another").load() is None


@pytest.mark.reliability("altered_records")
@pytest.mark.parametrize("length", [0, 1, 30, -30, -1])
def test_cut_file_is_no_state(tmp_path, length):
    path = saved(tmp_path).path
    path.write_bytes(path.read_bytes()[:length])
    assert Checkpoint(path, "k").load() is None


@pytest.mark.reliability("altered_records")
def test_altered_value_is_no_state(tmp_path):
    path = saved(tmp_path).path
    data = path.read_bytes()
    assert data.count(np.float32(5).tobytes()) >= 1
    at = data.index(STATE["weights_0"].tobytes())
    path.write_bytes(data[:at] + b"\1" + data[at + 1 :])
    assert Checkpoint(path, "k").load() is None


def test_pickled_state_is_not_run(tmp_path):
    path = tmp_path / "state.npz"
    np.savez(path, key=np.array("k"), seconds=np.array(0.0), weights_0=np.array([print], dtype=object))
    assert Checkpoint(path, "k").load() is None


def test_is_due_after_its_seconds(tmp_path):
    assert not Checkpoint(tmp_path / "state.npz", "k", every_seconds=1e6).is_due()
    assert Checkpoint(tmp_path / "state.npz", "k", every_seconds=0).is_due()


def test_seconds_add_up_over_interruptions(tmp_path):
    checkpoint = saved(tmp_path)
    checkpoint.earlier_seconds = 100.0
    checkpoint.save(STATE)
    resumed = Checkpoint(checkpoint.path, "k")
    resumed.load()
    assert 100 < resumed.earlier_seconds < 200


@pytest.mark.reliability("full_disk")
def test_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    write_atomically(tmp_path / "file", b"old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(tmp_path / "file", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_bytes() == b"old"
