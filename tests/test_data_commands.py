"""`replica data get`: what it is asked for, where it writes, and that the result is compared with the pinned corpus."""

import types

import pytest
from typer.testing import CliRunner

from replica import cli
from replica.corpora import studyforrest, studyforrest_conversion, studyforrest_originals


def run(*words):
    return CliRunner().invoke(cli.app, ["data", "get", *map(str, words)])


@pytest.fixture
def asked(monkeypatch):
    """In place of download and conversion: what was asked for."""
    calls = []

    def fetch(folder, sources, tell):
        calls.append(("fetch", folder))
        for source in sources:
            tell(source)
        return folder

    monkeypatch.setattr(studyforrest_originals, "fetch", fetch)
    monkeypatch.setattr(studyforrest_originals, "check", lambda folder: calls.append(("check", folder)) or folder)
    monkeypatch.setattr(
        studyforrest_conversion, "write", lambda originals, folder: calls.append(("write", originals, folder)) or folder
    )
    monkeypatch.setattr(studyforrest, "load", lambda path: types.SimpleNamespace(digest=studyforrest.DIGESTS[0]))
    return calls


def test_originals_are_fetched_beside_the_copy(asked, tmp_path):
    told = run("studyforrest", "-o", tmp_path)
    assert told.exit_code == 0, told.output
    originals = tmp_path / "studyforrest/originals"
    assert asked == [("fetch", originals), ("write", originals, tmp_path)]
    assert "88/88" in told.output
    assert f"Set REPLICA_DATA={tmp_path}" in told.output


def test_clones_are_read_where_they_are(asked, tmp_path, monkeypatch):
    monkeypatch.setenv("REPLICA_DATA", str(tmp_path / "data"))
    run("studyforrest", "--from", tmp_path / "clones")
    assert asked == [("check", tmp_path / "clones"), ("write", tmp_path / "clones", tmp_path / "data")]


def test_other_values_are_no_success(asked, tmp_path, monkeypatch):
    monkeypatch.setattr(studyforrest, "load", lambda path: types.SimpleNamespace(digest="another"))
    told = run("studyforrest", "-o", tmp_path)
    assert isinstance(told.exception, ValueError)
    assert "has other values than the recorded runs saw" in str(told.exception)


@pytest.mark.parametrize("words", [("avec2015", "-o", "x"), ("studyforrest",)])
def test_what_cannot_be_got(asked, words, monkeypatch):
    monkeypatch.delenv("REPLICA_DATA", raising=False)
    assert run(*words).exit_code == 2
    assert asked == []
