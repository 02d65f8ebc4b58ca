"""What the doctor says of a machine that lacks something."""

import shutil
import types

import pytest
from typer.testing import CliRunner

from replica import cli, doctor
from replica.doctor import Told
from replica.execution import execute


@pytest.fixture(scope="module")
def result():
    return execute(doctor.TINY)


def trained(result, **ended):
    """In place of a sweep in a worker."""

    def train(store):
        if not ended:
            store.save(result)
        return [
            types.SimpleNamespace(how="recorded", error=None, **ended) if not ended else types.SimpleNamespace(**ended)
        ]

    return train


def test_a_training_that_is_recorded_is_good(result):
    told = doctor._training(trained(result))
    assert told.good
    assert f"a score of {result.pooled('dev', 'arousal').ccc:.3f}" in told.found


def test_a_training_that_failed_is_told_with_its_reason(result):
    told = doctor._training(trained(result, how="failed", error=RuntimeError("no such kernel.")))
    assert not told.good
    assert str(told) == (
        "BAD   a tiny training: failed: no such kernel. Look for these words on the book's page 'Troubleshooting'."
    )


def test_a_full_disk(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: types.SimpleNamespace(free=doctor.ROOM_BYTES - 1))
    told = doctor._room(tmp_path / "not" / "there")
    assert (told.good, told.remedy) == (False, "Make room, or write elsewhere with --results")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: types.SimpleNamespace(free=doctor.ROOM_BYTES))
    assert doctor._room(tmp_path).good


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    told = doctor._writable(tmp_path / "file" / "results")
    assert (told.good, "cannot be written" in told.found) == (False, True)
    assert doctor._writable(tmp_path / "results").found.startswith("0 recorded in")
    assert list((tmp_path / "results").iterdir()) == []


def test_too_little_memory(monkeypatch):
    monkeypatch.setattr(doctor, "_meminfo", lambda: ["MemFree: 1 kB", "MemAvailable: 1000000 kB"])
    monkeypatch.setattr(doctor.os, "sysconf", lambda _: 1)
    told = doctor._memory()
    assert (told.good, told.found) == (False, "1.0 GB available")
    monkeypatch.setattr(doctor, "_meminfo", lambda: ["MemAvailable: 4000000 kB"])
    assert doctor._memory().good


def test_packages_that_are_missing_or_too_old(monkeypatch):
    versions = {"numpy": "1.0", "opensmile": None, "keras": None}
    monkeypatch.setattr(doctor, "_version", lambda name: versions.get(name, "99" if name != "pandas" else "2.3"))
    told = {each.what: each for each in doctor._packages()}
    assert not told["packages"].good
    assert "numpy 1.0" in told["packages"].found
    assert "matplotlib" not in told["packages"].found
    assert (told["training"].good, told["training"].remedy) == (False, "To train: pip install '.[cpu]', or '.[gpu]'")
    assert told["features"].good  # only who makes features needs it
    versions["numpy"] = "2.2"
    assert next(doctor._packages()).good


def test_python_is_one_that_is_asked_for(monkeypatch):
    assert doctor._python().good
    monkeypatch.setattr(doctor.platform, "python_version", lambda: "3.9.1")
    assert not doctor._python().good


@pytest.mark.parametrize(("good", "code", "last"), [(True, 0, "all good"), (False, 1, "1 to mend")])
def test_command_ends_as_its_points_do(monkeypatch, good, code, last):
    monkeypatch.setattr(doctor, "examine", lambda _: [Told("x", True, "y"), Told("z", good, "w", "Do it")])
    told = CliRunner().invoke(cli.app, ["doctor"])
    assert told.exit_code == code
    assert told.output.splitlines()[0] == "good  x: y"
    assert told.output.splitlines()[-1] == last
