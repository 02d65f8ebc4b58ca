"""Corpora by name: keys that need no data, and names and options that are wrong."""

import pytest

from replica import corpora
from replica.corpora import CorpusKey


def test_keys_hold_name_version_and_sorted_options():
    assert corpora.key("studyforrest", rotation=2) == CorpusKey(
        "studyforrest", "fb51348-7a1c44e-155097f", (("rotation", 2),)
    )
    assert corpora.key("simulated", size="mini", seed=3) == CorpusKey(
        "simulated", "tracks-1", (("effect", 1.0), ("seed", 3), ("size", "mini"))
    )
    assert corpora.key("simulated", delay_seconds=0).options[0] == ("delay_seconds", 0.0)


def test_defaults_left_out_make_the_same_key():
    assert corpora.key("studyforrest") == corpora.key("studyforrest", rotation=0)
    assert corpora.key("simulated") == corpora.key("simulated", seed=0, size="full", effect=1, delay_seconds=None)


def test_whole_and_real_numbers_make_the_same_key():
    # 1 == 1.0 in Python, but not in the JSON of a run.
    (_, effect), *_ = corpora.key("simulated", effect=1).options
    assert isinstance(effect, float)


def test_the_place_of_the_files_is_no_part_of_the_key():
    assert corpora.key("studyforrest", path="/nowhere") == corpora.key("studyforrest")


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


@pytest.mark.parametrize("ask", [corpora.load, corpora.key])
def test_an_unknown_corpus_is_refused(ask):
    with pytest.raises(ValueError, match=r"one of \('simulated', 'studyforrest'\).*'recola'.*Load one of these"):
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
    ],
)
def test_a_value_out_of_range_is_refused(name, option, value):
    for ask in (corpora.load, corpora.key):
        with pytest.raises(ValueError, match=rf"{option}.*Received {value!r}\. (Choose one of these|Give another)"):
            ask(name, **{option: value})
