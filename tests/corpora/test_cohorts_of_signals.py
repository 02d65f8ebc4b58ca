"""Cohorts of simulated signals: which folder is read for which options. What they hold: tests/test_simulation.py."""

import dataclasses
import inspect

import pytest

from replica import corpora
from replica.corpora import avec2015, mark, simulated, simulated_signals
from replica.corpora.simulated_signals import Cohort

OPTIONS = {
    "seed": 1, "size": "mini", "effect": 0.0, "delay_seconds": 2.0, "correlation": 0.8, "closed_mouth": True
}  # fmt: skip


@pytest.fixture
def cohorts(tmp_path, monkeypatch):
    """Five cohorts' folders, marked and empty, and one that is no cohort."""
    monkeypatch.setenv("REPLICA_DATA", str(tmp_path))
    for name, cohort in (
        ("a", Cohort(1, "full")),
        ("b", Cohort(0, "full", 0.0)),
        ("c", Cohort(0, "full", 1.0, 2.0)),
        ("d", Cohort(0, "full", closed_mouth=True)),
        ("e", Cohort(0, "full", correlation=0.8)),
    ):
        root = tmp_path / "simulated_signals" / name / "avec2015"
        root.mkdir(parents=True)
        (root / mark.GENERATED).write_text(cohort.marker)
    (tmp_path / "simulated_signals/notes").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("folder", "options"),
    [
        ("a", {"seed": 1}),
        ("b", {"effect": 0}),
        ("c", {"delay_seconds": 2}),
        ("d", {"closed_mouth": True}),
        ("e", {"correlation": 0.8}),
    ],
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
        for options in (*({option: value} for option, value in OPTIONS.items()), {}, {"correlation": 0.0})
    }
    assert len(keys) == len(OPTIONS) + 2
    assert all(corpora.key("simulated_signals", **dict(key.options)) == key for key in keys)


def test_every_option_of_a_cohort_is_one_of_the_loader():
    fields = [field.name for field in dataclasses.fields(Cohort)]
    assert fields == list(OPTIONS)
    assert [name for name in inspect.signature(simulated_signals.load).parameters if name != "path"] == fields
    shared = inspect.signature(simulated.load).parameters
    assert list(shared) == fields[:-1]
    defaults = {name: of.default for name, of in inspect.signature(simulated_signals.load).parameters.items()}
    assert all(defaults[field.name] == field.default for field in dataclasses.fields(Cohort))
    assert all(shared[field.name].default == field.default for field in dataclasses.fields(simulated.Cohort))


def test_no_two_cohorts_have_one_marker():
    """Options that differ in the eighth digit, too."""
    close = [Cohort(**{option: 0.5 + 1e-8}) for option in ("effect", "delay_seconds", "correlation")]
    others = [Cohort(**{option: 0.5}) for option in ("effect", "delay_seconds", "correlation")]
    cohorts = [Cohort(), *(Cohort(**{option: value}) for option, value in OPTIONS.items()), *close, *others]
    assert len({cohort.marker for cohort in cohorts}) == len({cohort.options() for cohort in cohorts}) == len(cohorts)


def test_the_marker_of_cohorts_made_before_there_was_a_correlation():
    told = Cohort(seed=3, delay_seconds=2.5).marker.splitlines()[1:]
    assert told == [
        "frames: 7501", "speakers: 9", "seed: 3", "effect: 1", "delay_seconds: 2.5", "closed_mouth: False"
    ]  # fmt: skip


def test_whether_there_is_one(cohorts, tmp_path_factory, monkeypatch):
    assert simulated_signals.available() and "simulated_signals" in corpora.available()
    monkeypatch.setenv("REPLICA_DATA", str(tmp_path_factory.mktemp("empty")))
    assert not simulated_signals.available()
    monkeypatch.delenv("REPLICA_DATA")
    assert not simulated_signals.available()


# Bad input


def test_a_cohort_that_is_not_there(cohorts):
    told = (
        r"none among \['a', 'b', 'c', 'd', 'e'\].*--seed 7 --effect 0.5 --delay-seconds 2 --correlation -0.25 --closed"
    )
    with pytest.raises(FileNotFoundError, match=told):
        options = {"effect": 0.5, "delay_seconds": 2, "correlation": -0.25, "closed_mouth": True}
        corpora.load("simulated_signals", seed=7, size="mini", **options)


def test_features_that_are_not_made_yet(cohorts, monkeypatch):
    made = corpora.load("simulated", size="mini")
    monkeypatch.setattr(avec2015, "load", lambda path: made)
    with pytest.raises(FileNotFoundError, match="There is no .* in .*replica features"):
        corpora.load("simulated_signals", seed=1)
