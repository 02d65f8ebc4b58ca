"""Corpora by name: keys that need no data, and names and options that are wrong."""

import types
from dataclasses import replace

import numpy as np
import pytest

from replica import corpora
from replica.corpora import Corpus, CorpusKey, Recording, ceap360vr, studyforrest


def test_keys_hold_name_version_and_sorted_options():
    assert corpora.key("studyforrest", rotation=2) == CorpusKey(
        "studyforrest", "fb51348-7a1c44e-155097f", (("rotation", 2),)
    )
    assert corpora.key("simulated", size="mini", seed=3) == CorpusKey(
        "simulated", "tracks-1", (("effect", 1.0), ("seed", 3), ("size", "mini"))
    )
    assert corpora.key("ceap360vr") == CorpusKey("ceap360vr", "d41a821")
    assert corpora.key("simulated", delay_seconds=0).options[0] == ("delay_seconds", 0.0)


def test_defaults_left_out_make_the_same_key():
    assert corpora.key("studyforrest") == corpora.key("studyforrest", rotation=0)
    assert corpora.key("simulated") == corpora.key("simulated", seed=0, size="full", effect=1, delay_seconds=None)


def test_whole_and_real_numbers_make_the_same_key():
    # 1 == 1.0 in Python, but not in the JSON of a run.
    (_, effect), *_ = corpora.key("simulated", effect=1).options
    assert isinstance(effect, float)


def test_the_place_of_the_files_is_no_part_of_the_key():
    for name in ("studyforrest", "ceap360vr", "avec2015"):
        assert corpora.key(name, path="/nowhere") == corpora.key(name)


def test_a_loaded_corpus_has_the_key_and_its_options_load_it_again():
    key = corpora.key("simulated", size="mini", seed=1)
    corpus = corpora.load(key.name, **dict(key.options))
    assert corpus.key == key


def test_available_lists_what_is_there(monkeypatch, tmp_path):
    monkeypatch.delenv("REPLICA_DATA", raising=False)
    assert corpora.available() == ["simulated"]
    monkeypatch.setenv("REPLICA_DATA", str(tmp_path))
    assert corpora.available() == ["simulated"]
    (tmp_path / "studyforrest").mkdir()
    (tmp_path / "studyforrest" / "studyforrest.npz").touch()
    assert corpora.available() == ["simulated", "studyforrest"]
    (tmp_path / "ceap360vr").mkdir()
    (tmp_path / "ceap360vr" / "core.npz").touch()
    (tmp_path / "avec2015" / "ratings_gold_standard").mkdir(parents=True)
    assert corpora.available() == ["simulated", "studyforrest", "ceap360vr", "avec2015"]


# Pins


@pytest.fixture
def pinned(monkeypatch):
    """A corpus of two rotations with a pin for each; what a load of it gives can be altered."""
    pattern = np.arange(8, dtype="float32").reshape(4, 2) / 8

    def load(*, rotation=0, path=None):
        recordings = (
            Recording(p, p, {"x": pattern + rotation}, pattern, source="x.npz") for p in ("train", "dev", "test")
        )
        return Corpus(key(rotation=rotation), tuple(recordings), "", "", "")

    def key(*, rotation=0):
        return CorpusKey("toy", "v1", (("rotation", rotation),))

    module = types.SimpleNamespace(load=load, key=key, DIGESTS=tuple(load(rotation=k).digest for k in (0, 1)))
    monkeypatch.setattr(corpora, "_CORPORA", ("toy",))
    monkeypatch.setattr(corpora, "_import", lambda name: module)
    return module


@pytest.mark.parametrize("rotation", [0, 1])
def test_an_unaltered_copy_is_loaded(pinned, rotation):
    key = corpora.key("toy", rotation=rotation)
    assert corpora.load_pinned(key).key == key


def test_a_copy_with_other_values_is_refused(pinned):
    pinned.DIGESTS = pinned.DIGESTS[::-1]
    message = "A run on toy is of its version v1. The copy in x.npz has other values. Copy the unaltered file again."
    for rotation in (0, 1):
        with pytest.raises(ValueError, match=message):
            corpora.load_pinned(corpora.key("toy", rotation=rotation))


def test_another_version_is_refused(pinned):
    key = replace(corpora.key("toy"), version="v0")
    with pytest.raises(ValueError, match=r"declares, .*'v0'.*What is here is .*'v1'.*Declare the run anew, or get"):
        corpora.load_pinned(key)


def test_a_corpus_without_a_pin_is_loaded_by_its_key():
    for options in ({}, {"seed": 1, "effect": 0.5}, {"delay_seconds": 2}):
        key = corpora.key("simulated", size="mini", **options)
        assert corpora.load_pinned(key).key == key


def test_real_corpora_are_pinned():
    for module, pins in ((studyforrest, studyforrest.ROTATIONS), (ceap360vr, 1)):
        assert [len(digest) for digest in module.DIGESTS] == [64] * pins


# Errors


@pytest.mark.parametrize("ask", [corpora.load, corpora.key])
def test_an_unknown_corpus_is_refused(ask):
    with pytest.raises(ValueError, match=r"one of \('simulated', 'simulated_signals', .*\).*'recola'.*Load one"):
        ask("recola")


@pytest.mark.parametrize("ask", [corpora.load, corpora.key])
def test_an_unknown_option_is_refused(ask):
    with pytest.raises(
        ValueError, match=r"options of the corpus 'studyforrest' are \('rotation', 'path'\).*\['seed'\]"
    ):
        ask("studyforrest", seed=1)


@pytest.mark.parametrize(
    ("name", "option", "value"),
    [
        ("studyforrest", "rotation", 4),
        ("studyforrest", "rotation", -1),
        ("simulated", "seed", -1),
        ("simulated", "seed", 0.5),
        ("simulated", "size", "huge"),
        ("simulated", "effect", 1.5),
        ("simulated", "effect", float("nan")),
        ("simulated", "delay_seconds", -1),
        ("simulated", "delay_seconds", 11),
        ("simulated", "correlation", 1.1),
        ("simulated_signals", "correlation", -1.1),
    ],
)
def test_a_value_out_of_range_is_refused(name, option, value):
    for ask in (corpora.load, corpora.key):
        with pytest.raises(ValueError, match=rf"{option}.*Received {value!r}\. (Choose one of these|Give another)"):
            ask(name, **{option: value})
