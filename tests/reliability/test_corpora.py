"""Corpora with a fault: numbers that are none, lengths that differ, sets that are missing, speakers given away."""

import itertools
import shutil
from dataclasses import replace

import generate_avec2015
import numpy as np
import pytest

from replica import corpora, frame_regression
from replica.conventions import FEATURE_WIDTHS
from replica.corpora import avec2015_files
from replica.corpora.recording import Corpus, CorpusKey, Recording
from replica.inputs import prepare
from replica.metrics import pool
from replica.runs import RidgeRun

FRAMES, KEY = 40, CorpusKey("toy", "v")


def recording(frames=FRAMES, **arrays):
    rng = np.random.default_rng(0)
    good = {
        "x": rng.normal(size=(frames, 5)).astype("float32"),
        "gold": rng.uniform(-1, 1, (frames, 2)),
        "annotations": rng.uniform(-1, 1, (3, frames, 2)),
        "face_found": np.ones(frames, bool),
    }
    x, *rest = {**good, **arrays}.values()
    return Recording("dev_1", "dev", {"x": x}, *rest)


# Numbers that are none

PLACES = {
    "one value": lambda a: a[..., :1, :1],
    "a percent": lambda a: a.reshape(-1)[::100],
    "a column": lambda a: a[..., 0],
    "a row": lambda a: a[..., 7, :],
    "everything": lambda a: a,
}


@pytest.mark.reliability("not_finite")
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("array", ["x", "gold", "annotations"])
@pytest.mark.parametrize("place", PLACES)
def test_no_recording_holds_what_is_no_number(array, place, value):
    good = recording()
    values = np.array(good.features["x"] if array == "x" else getattr(good, array))
    PLACES[place](values)[...] = value
    with pytest.raises(ValueError, match="must be finite.*'dev_1'.*Fill or drop the missing values"):
        recording(**{array: values})


# Lengths that differ


@pytest.mark.reliability("lengths")
@pytest.mark.parametrize("other", [FRAMES - 10, FRAMES - 1, FRAMES + 1, FRAMES + 10, 5 * FRAMES])
@pytest.mark.parametrize("array", ["x", "annotations", "face_found"])
def test_no_recording_holds_arrays_of_different_lengths(array, other):
    longer = recording(other)
    values = longer.features["x"] if array == "x" else getattr(longer, array)
    with pytest.raises(ValueError, match=f"{FRAMES}.*{other}.*Cut features and labels to the same frames"):
        recording(**{array: values})


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """Files in the layout of the gated corpus, all six sets."""
    folder = tmp_path_factory.mktemp("data")
    generate_avec2015.generate(folder, frames=FRAMES, speakers=2)
    return folder


@pytest.fixture
def copy(generated, tmp_path):
    return shutil.copytree(generated, tmp_path / "data")


@pytest.mark.reliability("lengths")
@pytest.mark.parametrize("rows", [-100, -10, -2, -1, 1, 10, 100])
@pytest.mark.parametrize("place", ["features_ECG", "ratings_gold_standard/valence"])
def test_files_of_different_lengths(copy, place, rows):
    """One row less is known of the challenge's files, and filled in, which is told; all else is refused."""
    (file,) = (copy / "avec2015" / place).glob("dev_1.*")
    lines = file.read_text().splitlines()
    data = lines.index("@data") + 1
    body = lines[data:][:rows] if rows < 0 else lines[data:] + lines[-1:] * rows
    file.write_text("\n".join([*lines[:data], *body, ""]))
    if rows == -1:
        assert "Filled in: 1 last rows in 1 recording, most in dev_1 (1)" in corpora.load("avec2015", path=copy).limits
    else:
        left = len(body) or "none"
        with pytest.raises(ValueError, match=f"{file} must hold {FRAMES} rows.*Received {left}"):
            corpora.load("avec2015", path=copy)


# Sets that are missing

SUBSETS = [subset for n in range(1, 6) for subset in itertools.combinations(list(FEATURE_WIDTHS)[1:], n)]


@pytest.mark.reliability("missing_modalities")
def test_every_combination_of_sets_can_be_trained_on(generated, record_property):
    corpus, lost = corpora.load("avec2015", path=generated), 0
    for subset in SUBSETS:
        run = RidgeRun(corpus.key, subset, ("arousal",), "smoke", "speaker")
        expected = tuple(FEATURE_WIDTHS[name] for name in subset)
        seen = prepare(run, corpus)["train"]
        lost += seen.widths != expected or seen.features.shape[2] != sum(expected)
    record_property("tried", len(SUBSETS))
    record_property("lost", lost)
    assert lost == 0 and len(SUBSETS) == 31


@pytest.mark.reliability("missing_modalities")
def test_every_combination_that_a_corpus_lacks_is_named(generated, record_property):
    """A run that asks for all five, on a corpus that lacks some."""
    whole, lost = corpora.load("avec2015", path=generated), 0
    for missing in SUBSETS:
        kept = {name: name not in missing for name in FEATURE_WIDTHS}
        recordings = [replace(r, features={n: x for n, x in r.features.items() if kept[n]}) for r in whole.recordings]
        run = RidgeRun(whole.key, tuple(FEATURE_WIDTHS), ("arousal",), "smoke", "speaker")
        with pytest.raises(ValueError, match=r"Choose other features or another corpus\.") as error:
            prepare(run, replace(whole, recordings=tuple(recordings)))
        lost += f"Received {', '.join(name for name in FEATURE_WIDTHS if name in missing)} for" not in str(error.value)
    record_property("tried", len(SUBSETS))
    record_property("lost", lost)
    assert lost == 0


@pytest.mark.reliability("missing_modalities")
@pytest.mark.parametrize("missing", SUBSETS, ids="+".join)
def test_a_copy_that_lacks_sets_is_refused_by_their_folders(generated, tmp_path, missing):
    """All five belong to the challenge; a copy without one is no copy of it."""
    root = tmp_path / "avec2015"
    root.mkdir()
    folders = {avec2015_files.FOLDERS[name] for name in missing}
    for place in (generated / "avec2015").iterdir():
        if place.name not in folders:
            (root / place.name).symlink_to(place)
    with pytest.raises(FileNotFoundError, match="Copy the missing folder") as error:
        corpora.load("avec2015", path=tmp_path)
    assert any(f"must hold the folder '{folder}'" in str(error.value) for folder in folders)


# Speakers that are given away


def marked(seed, leak):
    """Nine speakers a partition, whose gold standard is a level of their own; one-hot features say who speaks.

    With `leak`, the speakers of dev and test are those of train.
    """
    rng = np.random.default_rng(seed)
    levels = rng.uniform(-0.5, 0.5, 27)
    recordings = []
    for k in range(27):
        who = k % 9 if leak else k
        gold = levels[who] + rng.normal(0, 0.05, (60, 1))
        x = np.zeros((60, 27), "float32")
        x[:, who] = 1
        partition = ("train", "dev", "test")[k // 9]
        recordings.append(Recording(f"{partition}_{k}", partition, {"x": x}, np.clip(np.repeat(gold, 2, 1), -1, 1)))
    return Corpus(KEY, tuple(recordings), "", "", "")


def pooled_ccc(corpus, by, partition):
    run = RidgeRun(KEY, ("x",), ("arousal",), "desk", by)
    return pool(list(frame_regression.execute(run, corpus).moments[partition]["arousal"].values())).ccc


@pytest.mark.reliability("leakage")
@pytest.mark.parametrize("by", ["train", "speaker", "partition"])
def test_who_speaks_helps_on_nobody_who_was_not_trained_on(by, torture, record_property):
    """The penalty is chosen on dev, so that test is looked at."""
    count = 50 if torture else 5
    scores = [pooled_ccc(marked(seed, leak=False), by, "test") for seed in range(count)]
    lost = sum(abs(score) > 0.1 for score in scores)
    record_property("tried", count)
    record_property("lost", lost)
    record_property("most CCC", max(map(abs, scores)))
    assert lost == 0


def test_a_speaker_who_was_trained_on_would_be_known():
    """What the test above rests on: the marker gives away the level where it can."""
    assert pooled_ccc(marked(0, leak=True), "train", "test") > 0.5
