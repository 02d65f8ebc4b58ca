"""The contract: what is accepted, what is refused and how, and what the digest sees."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from replica.corpora import Corpus, CorpusKey, Recording
from replica.inputs import prepare
from replica.normalisation import mean_and_deviation, normalise, z_score
from replica.runs import RidgeRun

FRAMES = 4


def recording(name="dev_2", partition="dev", **changes):
    rng = np.random.default_rng(3)
    arrays = {
        "features": {
            "sound": rng.standard_normal((FRAMES, 2)).astype("float32"),
            "light": rng.standard_normal((FRAMES, 3)).astype("float32"),
        },
        "gold": rng.uniform(-1, 1, (FRAMES, 2)).astype("float32"),
        "annotations": rng.uniform(-1, 1, (6, FRAMES, 2)).astype("float32"),
        "face_found": np.array([True, False, True, True]),
    }
    return Recording(name, partition, **(arrays | {"source": "ratings/dev_2.csv"} | changes))


def corpus(*recordings):
    recordings = recordings or (recording("a", "train"), recording("b", "dev"), recording("c", "test"))
    return Corpus(CorpusKey("toy", "1"), tuple(recordings), "licence", "citation", "limits")


def changed(array, index, value):
    array = array.copy()
    array[index] = value
    return array


def test_a_corpus_answers_what_it_holds():
    toy = corpus(recording("z", "dev"), recording("b", "train"), recording("a", "dev"), recording("c", "test"))
    assert toy.name == "toy"
    assert toy.feature_widths == {"sound": 2, "light": 3}
    assert [r.name for r in toy.partition("dev")] == ["z", "a"]  # in the corpus' order
    assert toy.recordings[0].frames == FRAMES


def test_annotations_and_face_found_may_be_missing():
    assert recording(annotations=None, face_found=None).annotations is None


def test_a_recording_without_a_speaker_has_one_of_its_own():
    assert recording("b", "dev").speaker == "b"
    assert recording("b", "dev", speaker="anna").speaker == "anna"


def test_digest_is_the_sha256_of_what_the_docstring_lists():
    toy = corpus()
    text = b""
    for r in toy.recordings:
        text += f"{r.name}\n{r.partition}\n".encode()
        text += b"light <f4 (4, 3)\n" + r.features["light"].tobytes()
        text += b"sound <f4 (4, 2)\n" + r.features["sound"].tobytes()
        text += b"gold <f4 (4, 2)\n" + r.gold.tobytes()
    assert toy.digest == hashlib.sha256(text).hexdigest()


def test_digest_does_not_hang_on_memory_layout_byte_order_or_the_order_of_feature_sets():
    original = recording()
    other = replace(
        original,
        features=dict(reversed(original.features.items())),
        gold=np.asfortranarray(original.gold.astype(">f4")),
    )
    rest = recording("a", "train"), recording("c", "test")
    assert corpus(original, *rest).digest == corpus(other, *rest).digest


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "b2"},
        {"partition": "train"},
        {"gold": changed(recording().gold, (2, 1), 0.125)},
        {"gold": recording().gold.astype("float64")},
        {"speaker": "anna"},
        {"features": recording().features | {"light": changed(recording().features["light"], (3, 2), 0.125)}},
    ],
    ids=["name", "partition", "one label", "type", "speaker", "one feature value"],
)
def test_digest_changes_with(changes):
    rest = recording("a", "train"), recording("b", "dev"), recording("c", "test")
    assert corpus(recording(), *rest).digest != corpus(replace(recording(), **changes), *rest).digest


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"partition": "heldout"}, r"partition must be one of .*'train', 'dev', 'test'.*Received 'heldout'"),
        ({"gold": np.zeros((4, 1))}, r"gold must be of shape \(any, 2\).*shape \(4, 1\)"),
        ({"gold": np.zeros(4)}, r"gold must be of shape \(any, 2\).*shape \(4,\)"),
        ({"gold": np.zeros((0, 2))}, r"gold must be at least one frame"),
        ({"gold": np.zeros((5, 2))}, r"features\['sound'\] must be of shape \(5, any\).*shape \(4, 2\)"),
        ({"gold": np.array([["a", "b"]] * 4)}, r"gold must be of real numbers.*type <U1"),
        ({"features": {}}, r"features must be at least one feature set"),
        ({"features": {"sound": np.zeros((4, 2, 1), "f4")}}, r"features\['sound'\] .*shape \(4, 2, 1\)"),
        ({"features": {"sound": np.zeros((4, 2))}}, r"features\['sound'\] must be of type float32.*float64"),
        ({"annotations": np.zeros((6, 3, 2))}, r"annotations must be of shape \(any, 4, 2\).*\(6, 3, 2\)"),
        ({"annotations": np.zeros((4, 2))}, r"annotations must be of shape"),
        ({"face_found": np.ones(3, bool)}, r"face_found must be of shape \(4\).*\(3,\)"),
        ({"face_found": np.ones(4)}, r"face_found must be of type bool.*float64"),
        ({"gold": changed(recording().gold, (2, 1), np.nan)}, r"gold must be finite.*nan at index \(2, 1\)"),
        ({"gold": changed(recording().gold, (2, 1), 1.01)}, r"gold must be within \[-1, 1\].*1\.01.*\(2, 1\)"),
        ({"gold": changed(recording().gold, (0, 0), -1.01)}, r"gold must be within \[-1, 1\].*-1\.01.*\(0, 0\)"),
        (
            {"annotations": changed(recording().annotations, (5, 1, 0), 70)},
            r"annotations must be .*70 at .*\(5, 1, 0\)",
        ),
        (
            {"features": {"sound": changed(recording().features["sound"], (1, 0), np.inf)}},
            r"features\['sound'\] must be finite.*inf at index \(1, 0\)",
        ),
    ],
)
def test_a_bad_recording_is_refused_with_array_recording_and_file(changes, message):
    with pytest.raises(ValueError, match=f"{message}.*'dev_2' of ratings/dev_2.csv"):
        recording(**changes)


def test_an_error_says_what_to_do():
    with pytest.raises(ValueError, match=r"Cut features and labels to the same frames\.$"):
        recording(gold=np.zeros((5, 2)))
    with pytest.raises(ValueError, match=r"Divide the ratings by the range of their scale\.$"):
        recording(gold=np.full((4, 2), 7.0))


def test_labels_at_the_ends_of_the_scale_are_fine():
    recording(gold=np.array([[-1, 1]] * FRAMES, "float32"))


def test_two_recordings_of_one_name_are_refused():
    with pytest.raises(ValueError, match=r"'toy' needs .*different names.*\['a'\].*Rename or drop"):
        corpus(recording("a", "train"), recording("a", "dev"), recording("c", "test"))


@pytest.mark.parametrize("empty", ["train", "dev", "test"])
def test_an_empty_partition_is_refused(empty):
    rest = [recording(p, p) for p in ("train", "dev", "test") if p != empty]
    with pytest.raises(ValueError, match=f"at least one recording in each partition.*'{empty}'.*all files are there"):
        corpus(*rest)


def test_recordings_of_different_features_are_refused():
    odd = recording("c", "test", features={"sound": np.zeros((FRAMES, 7), "float32")})
    with pytest.raises(ValueError, match=r"the same feature sets.*'sound': 7.* in 'c'.*Read all recordings alike"):
        corpus(recording("a", "train"), recording("b", "dev"), odd)


def test_an_unknown_partition_is_refused():
    with pytest.raises(ValueError, match="a partition out of .*'heldout'.*Ask for one of these"):
        corpus().partition("heldout")


# What a speaker is for: whose frames give the z-score by speaker


@pytest.fixture
def levels():
    """Four recordings at levels of their own; two of them are of one speaker."""
    rng = np.random.default_rng(6)
    features = {
        n: (level + rng.standard_normal((20, 3))).astype("float32")
        for n, level in zip("abcd", (0, 9, 5, 2), strict=True)
    }
    return features, {"a": "train", "b": "train", "c": "dev", "d": "test"}


def test_recordings_of_a_speaker_share_mean_and_deviation(levels):
    features, partitions = levels
    speakers = {"a": "anna", "b": "anna", "c": "carl", "d": "dora"}
    normalised = normalise(features, partitions, speakers=speakers)
    both = np.concatenate([features["a"], features["b"]]).astype("float64")
    for name in "ab":
        expected = (features[name] - both.mean(axis=0)) / both.std(axis=0)
        np.testing.assert_allclose(normalised[name], expected, atol=1e-6)
    own = z_score(features["c"], *mean_and_deviation([features["c"]]))
    np.testing.assert_array_equal(normalised["c"], own)


@pytest.mark.parametrize("by", ["speaker", "partition", "train"])
def test_with_one_recording_a_speaker_nothing_changes(levels, by):
    features, partitions = levels
    without = normalise(features, partitions, by=by)
    named = normalise(features, partitions, by=by, speakers={name: f"speaker of {name}" for name in features})
    for name in features:
        np.testing.assert_array_equal(named[name], without[name])
        if by == "speaker":
            np.testing.assert_array_equal(without[name], z_score(features[name], *mean_and_deviation([features[name]])))


def test_speakers_matter_to_no_other_reading(levels):
    features, partitions = levels
    for by in ("partition", "train"):
        one = normalise(features, partitions, by=by, speakers=dict.fromkeys(features, "anna"))
        for name, expected in normalise(features, partitions, by=by).items():
            np.testing.assert_array_equal(one[name], expected)


def test_speakers_of_other_recordings_are_refused(levels):
    features, partitions = levels
    with pytest.raises(ValueError, match=r"features and speaker of the same .*\['d', 'e'\]. Build both mappings"):
        normalise(features, partitions, speakers={"a": "anna", "b": "anna", "c": "carl", "e": "emma"})


def test_a_run_sees_z_scores_over_all_recordings_of_a_speaker(levels):
    features, partitions = levels
    speakers = {"a": "anna", "b": "anna", "c": "carl", "d": "dora"}
    gold = np.zeros((20, 2), "float32")
    toy = corpus(*(Recording(n, partitions[n], {"x": features[n]}, gold, speaker=speakers[n]) for n in "abcd"))
    run = RidgeRun(toy.key, ("x",), ("arousal",), "paper", "speaker")
    sequences = prepare(run, toy)["train"].features
    np.testing.assert_array_equal(sequences, [normalise(features, partitions, speakers=speakers)[n] for n in "ab"])
    assert abs(sequences[0].mean()) > 0.5  # alone, each would have mean 0
    np.testing.assert_allclose(sequences.mean(axis=(0, 1)), 0, atol=1e-6)


def test_the_least_of_int8_is_outside():
    """Its absolute value is itself, -128."""
    with pytest.raises(ValueError, match=r"gold must be within \[-1, 1\]"):
        Recording("a", "train", {"x": np.zeros((5, 1), np.float32)}, np.full((5, 2), -128, np.int8))
