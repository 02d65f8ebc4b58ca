"""Cohorts of simulated signals: which folder is read for which options. What they hold: tests/test_simulation.py."""

import pytest

from replica import corpora
from replica.corpora import avec2015, simulated_signals
from replica.corpora.simulated_signals import Cohort


@pytest.fixture
def cohorts(tmp_path, monkeypatch):
    """Four cohorts' folders, marked and empty, and one that is no cohort."""
    monkeypatch.setenv("REPLICA_DATA", str(tmp_path))
    for name, cohort in (
        ("a", Cohort(1, "full")),
        ("b", Cohort(0, "full", 0.0)),
        ("c", Cohort(0, "full", 1.0, 2.0)),
        ("d", Cohort(0, "full", closed_mouth=True)),
    ):
        root = tmp_path / "simulated_signals" / name / "avec2015"
        root.mkdir(parents=True)
        (root / avec2015.GENERATED).write_text(cohort.marker)
    (tmp_path / "simulated_signals/notes").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("folder", "options"),
    [("a", {"seed": 1}), ("b", {"effect": 0.0}), ("c", {"delay_seconds": 2}), ("d", {"closed_mouth": True})],
)
def test_a_cohort_is_found_by_its_options(cohorts, monkeypatch, folder, options):
    read = []
    monkeypatch.setattr(avec2015, "load", lambda path: read.append(path) or pytest.skip.Exception())
    with pytest.raises(AttributeError):  # nothing was read
        corpora.load("simulated_signals", **options)
    assert read == [cohorts / "simulated_signals" / folder]


def test_a_key_can_be_loaded_again():
    """A run holds nothing but the key."""
    keys = {
        corpora.key("simulated_signals", **options)
        for options in ({}, {"seed": 1}, {"effect": 0.0}, {"delay_seconds": 2.0}, {"closed_mouth": True})
    }
    assert len(keys) == 5
    assert all(corpora.key("simulated_signals", **dict(key.options)) == key for key in keys)


def test_whether_there_is_one(cohorts, tmp_path_factory, monkeypatch):
    assert simulated_signals.available() and "simulated_signals" in corpora.available()
    monkeypatch.setenv("REPLICA_DATA", str(tmp_path_factory.mktemp("empty")))
    assert not simulated_signals.available()
    monkeypatch.delenv("REPLICA_DATA")
    assert not simulated_signals.available()


# Bad input


def test_a_cohort_that_is_not_there(cohorts):
    told = r"none among \['a', 'b', 'c', 'd'\].*--size mini --seed 7 --effect 0.5 --delay-seconds 2 --closed-mouth"
    with pytest.raises(FileNotFoundError, match=told):
        corpora.load("simulated_signals", seed=7, size="mini", effect=0.5, delay_seconds=2, closed_mouth=True)


def test_features_that_are_not_made_yet(cohorts, monkeypatch):
    made = corpora.load("simulated", size="mini")
    monkeypatch.setattr(avec2015, "load", lambda path: made)
    with pytest.raises(FileNotFoundError, match="There is no .* in .*replica features"):
        corpora.load("simulated_signals", seed=1)
