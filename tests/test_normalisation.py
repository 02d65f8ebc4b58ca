import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from replica.normalisation import mean_and_deviation, normalise, z_score

PARTITIONS = {"a": "train", "b": "train", "c": "dev", "d": "dev", "e": "test"}
SOURCES = {
    "speaker": {name: [name] for name in PARTITIONS},
    "partition": {"a": ["a", "b"], "b": ["a", "b"], "c": ["c", "d"], "d": ["c", "d"], "e": ["e"]},
    "train": {name: ["a", "b"] for name in PARTITIONS},
}


@pytest.fixture
def recordings():
    """Five recordings of different length and level, three columns."""
    rng = np.random.default_rng(0)
    return {
        name: rng.normal(rng.normal(0, 5, 3), rng.uniform(0.1, 9, 3), (n, 3)).astype(np.float32)
        for name, n in zip(PARTITIONS, (10, 50, 20, 30, 5), strict=True)
    }


# Hand values


def test_hand_values():
    features = np.array([[0.0], [0.0], [3.0], [3.0]], np.float32)
    assert mean_and_deviation([features[:1], features[1:]]) == (1.5, 1.5)
    np.testing.assert_array_equal(normalise({"a": features}, {"a": "dev"})["a"], [[-1.0], [-1.0], [1.0], [1.0]])


# Independent oracle


@pytest.mark.parametrize("by", SOURCES)
def test_agrees_with_scikit_learn(recordings, by):
    normalised = normalise(recordings, PARTITIONS, by=by)
    assert list(normalised) == list(recordings)
    for name, source in SOURCES[by].items():
        scaler = StandardScaler().fit(np.concatenate([recordings[other] for other in source]).astype(np.float64))
        np.testing.assert_allclose(normalised[name], scaler.transform(recordings[name].astype(np.float64)), atol=2e-6)


def test_all_recordings_of_a_speaker_have_one_scale(recordings):
    speakers = {"a": "P", "b": "P", "c": "Q", "d": "R", "e": "Q"}
    normalised = normalise(recordings, PARTITIONS, speakers=speakers)
    for name, source in {"a": "ab", "b": "ab", "c": "ce", "d": "d", "e": "ce"}.items():
        scaler = StandardScaler().fit(np.concatenate([recordings[other] for other in source]).astype(np.float64))
        np.testing.assert_allclose(normalised[name], scaler.transform(recordings[name].astype(np.float64)), atol=2e-6)
    with pytest.raises(ValueError, match="features and speaker of the same recordings.*'e'"):
        normalise(recordings, PARTITIONS, speakers={name: name for name in "abcd"})


# Relations


@pytest.mark.parametrize("by", SOURCES)
def test_the_source_has_mean_0_and_deviation_1(recordings, by):
    normalised = normalise(recordings, PARTITIONS, by=by)
    mean, deviation = mean_and_deviation([normalised[name] for name in SOURCES[by]["a"]])
    np.testing.assert_allclose(mean, 0.0, atol=1e-6)
    np.testing.assert_allclose(deviation, 1.0, atol=1e-6)


def test_by_speaker_removes_a_recordings_own_scale_and_offset_and_by_train_keeps_them(recordings):
    changed = recordings | {"e": 2.0 * recordings["e"] + 100.0}
    by_speaker = [normalise(r, PARTITIONS)["e"] for r in (recordings, changed)]
    np.testing.assert_allclose(*by_speaker, atol=1e-4)  # float32 near 100 resolves 1e-5
    by_train = [normalise(r, PARTITIONS, by="train")["e"] for r in (recordings, changed)]
    assert np.abs(by_train[0] - by_train[1]).min() > 1.0


@pytest.mark.reliability("leakage")
def test_by_train_does_not_look_at_other_partitions(recordings):
    spoilt = recordings | {"c": 1e3 * recordings["c"]}
    for name in "abde":
        expected = normalise(recordings, PARTITIONS, by="train")[name]
        np.testing.assert_array_equal(normalise(spoilt, PARTITIONS, by="train")[name], expected)


def test_float32_in_and_out_and_float64_between(recordings):
    far = np.float32(1e4) + np.arange(7500, dtype=np.float32)[:, None] / 1024
    mean, deviation = mean_and_deviation([far])
    np.testing.assert_allclose((mean[0], deviation[0]), (far.mean(dtype=float), far.std(dtype=float)), rtol=1e-12)
    assert mean.dtype == deviation.dtype == np.float64
    assert z_score(far, mean, deviation).dtype == np.float32
    np.testing.assert_array_equal(recordings["a"], dict(recordings)["a"])


def test_the_input_is_left_alone(recordings):
    before = {name: features.copy() for name, features in recordings.items()}
    normalise(recordings, PARTITIONS, by="partition")
    for name, features in recordings.items():
        np.testing.assert_array_equal(features, before[name])


# Degenerate input


@pytest.mark.reliability("constant_columns")
@pytest.mark.parametrize("constant", [0.0, 0.1, -3e5])
def test_a_constant_column_becomes_0(constant):
    features = np.full((1000, 2), constant, np.float32)
    features[:, 1] = np.arange(1000)
    normalised = normalise({"a": features}, {"a": "train"})["a"]
    assert np.abs(normalised[:, 0]).max() == 0.0
    assert normalised[:, 1].std() == pytest.approx(1.0)


@pytest.mark.reliability("constant_columns")
@pytest.mark.parametrize("level", [0.0, 1.0, 1e6])
def test_a_nearly_constant_column_is_not_blown_up(level):
    # In float64, where rounding noise fits beside the level.
    noise = np.random.default_rng(1).normal(0, 1e-9 * max(level, 1.0), (500, 1))
    assert np.abs(normalise({"a": level + noise}, {"a": "train"})["a"]).max() < 0.01


@pytest.mark.reliability("constant_columns")
def test_one_frame_becomes_0():
    np.testing.assert_array_equal(
        normalise({"a": np.full((1, 4), 7.0, np.float32)}, {"a": "test"})["a"], np.zeros((1, 4))
    )


# Error messages


def test_an_unknown_reading_is_an_error(recordings):
    with pytest.raises(ValueError, match='Pass by="speaker"'):
        normalise(recordings, PARTITIONS, by="gender")


def test_names_must_agree(recordings):
    with pytest.raises(ValueError, match=r"\['e', 'x'\].*Build both mappings from one list"):
        normalise(recordings, {**{name: PARTITIONS[name] for name in "abcd"}, "x": "test"})


@pytest.mark.reliability("leakage")
def test_by_train_needs_train(recordings):
    with pytest.raises(ValueError, match="Add the recordings of train"):
        normalise({"c": recordings["c"]}, {"c": "dev"}, by="train")


@pytest.mark.parametrize("shape", [(5,), (0, 3), (5, 4), (5, 3, 1)])
def test_shapes_are_checked(recordings, shape):
    with pytest.raises(ValueError, match="Normalise one feature set at a time"):
        normalise(recordings | {"e": np.zeros(shape, np.float32)}, PARTITIONS)


@pytest.mark.reliability("not_finite")
def test_nan_names_its_recording_and_place(recordings):
    recordings["d"][7, 2] = np.nan
    with pytest.raises(ValueError, match=r"'d', first at frame and column \(7, 2\).*Repair the feature extraction"):
        normalise(recordings, PARTITIONS)


def test_a_misspelt_partition_is_named(recordings):
    partitions = dict.fromkeys(recordings, "train") | {next(iter(recordings)): "training"}
    with pytest.raises(ValueError, match=r"Received \['training'\]"):
        normalise(recordings, partitions, by="train")
