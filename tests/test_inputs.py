import numpy as np
import pytest

from replica.corpora.recording import Corpus, CorpusKey, Recording
from replica.inputs import average_frames, frame_rate_hz, late, prepare, restore_delay, skip_delay, window_statistics
from replica.runs import Assumptions, RidgeRun, Run

KEY = CorpusKey("toy", "v")


def recording(name, partition, frames=23, seed=0, speaker=""):
    rng = np.random.default_rng(seed)
    features = {"a": rng.normal(3, 2, (frames, 2)), "b": rng.normal(-1, 5, (frames, 3))}
    return Recording(
        name,
        partition,
        {k: v.astype("float32") for k, v in features.items()},
        rng.uniform(-1, 1, (frames, 2)).astype("float32"),
        speaker=speaker,
    )


def corpus(frames=23):
    names = [("t1", "train"), ("t2", "train"), ("t3", "train"), ("d1", "dev"), ("e1", "test")]
    recordings = tuple(recording(name, partition, frames, seed) for seed, (name, partition) in enumerate(names))
    return Corpus(KEY, recordings, "", "", "")


def run(**changes):
    values = {"features": ("b", "a"), "dimensions": ("valence",), "scale": "desk", "layer_sizes": (2,), "loss": "mse"}
    return Run(KEY, seed=0, **(values | changes))


def test_average_by_hand():
    x = np.array([[1.0], [3.0], [5.0], [7.0], [100.0]])
    np.testing.assert_array_equal(average_frames(x, 2), [[2.0], [6.0]])


def test_paper_scale_keeps_every_frame():
    sequences = prepare(run(scale="paper"), corpus())
    assert sequences["train"].features.shape == (3, 23, 5)
    np.testing.assert_array_equal(sequences["dev"].gold[0, :, 0], corpus().partition("dev")[0].gold[:, 1])


def test_desk_scale_averages_five_and_drops_the_rest():
    sequences = prepare(run(), corpus())
    gold = corpus().partition("test")[0].gold
    assert sequences["test"].gold.shape == (1, 4, 1)
    np.testing.assert_allclose(sequences["test"].gold[0, 1, 0], gold[5:10, 1].mean(), rtol=1e-6)
    assert frame_rate_hz(run()) == 5


def test_smoke_scale_keeps_two_recordings():
    assert prepare(run(scale="smoke"), corpus())["train"].names == ("t1", "t2")


def test_features_stand_in_the_order_of_the_run():
    both = prepare(run(scale="paper"), corpus())["train"].features
    first = prepare(run(scale="paper", features=("b",)), corpus())["train"].features
    np.testing.assert_array_equal(both[..., :3], first)


@pytest.mark.parametrize("by", ["speaker", "partition", "train"])
def test_z_scores_are_of_the_frames_that_the_model_sees(by):
    features = prepare(run(assumptions=Assumptions(normalisation=by)), corpus())["train"].features
    axis = 1 if by == "speaker" else (0, 1)
    np.testing.assert_allclose(features.std(axis=axis), 1, rtol=1e-5)
    np.testing.assert_allclose(features.mean(axis=axis), 0, atol=1e-6)


def test_recordings_of_a_speaker_share_their_z_scores():
    named = [("t1", "train", "A"), ("t2", "train", "A"), ("d1", "dev", "B"), ("e1", "test", "C")]
    parts = tuple(recording(name, p, seed=k, speaker=speaker) for k, (name, p, speaker) in enumerate(named))
    features = prepare(run(scale="paper"), Corpus(KEY, parts, "", "", ""))["train"].features
    assert np.abs(features.mean(axis=1)).min() > 1e-3  # of neither recording alone
    np.testing.assert_allclose(features.mean(axis=(0, 1)), 0, atol=1e-6)
    np.testing.assert_allclose(features.std(axis=(0, 1)), 1, rtol=1e-5)


def test_window_statistics_by_hand():
    """Three frames around each; before the first whole window stands the first, after the last the last."""
    x = np.array([[0.0, 1.0], [3.0, 1.0], [6.0, 1.0], [0.0, 4.0]])
    six, three, two = np.sqrt(6.0), 3.0, np.sqrt(2.0)
    expected = [[three, 1, six, 0], [three, 1, six, 0], [three, 2, six, two], [three, 2, six, two]]
    np.testing.assert_allclose(window_statistics(x, 3), expected, atol=1e-12)


def test_long_time_features_are_of_three_seconds_before_frames_are_averaged():
    long_time = prepare(run(features=("a_3s", "b"), assumptions=Assumptions(normalisation="train")), corpus(200))
    assert long_time["dev"].widths == (4, 3)
    statistics = {r.name: average_frames(window_statistics(r.features["a"], 75), 5) for r in corpus(200).recordings}
    of_train = np.concatenate([statistics[name] for name in ("t1", "t2", "t3")])
    expected = (statistics["d1"] - of_train.mean(axis=0)) / of_train.std(axis=0)
    np.testing.assert_allclose(long_time["dev"].features[0, :, :4], expected, atol=1e-4)  # float32 between the steps


@pytest.mark.parametrize(("count", "expected"), [(1, [5, 5, 7, 2]), (3, [5, 5, 5, 5]), (4, [5] * 4), (9, [5] * 4)])
def test_late_by_hand(count, expected):
    assert late(np.array([[5.0], [7.0], [2.0], [3.0]]), count).ravel().tolist() == expected


def test_a_late_feature_set_is_of_four_seconds_before_and_the_others_stay():
    assumptions = Assumptions(normalisation="train")
    with_late = run(features=("a_late4s", "b", "a_3s_late4s"), scale="paper", assumptions=assumptions)
    in_step = run(features=("a", "b", "a_3s"), scale="paper", assumptions=assumptions)
    moved, still = (prepare(each, corpus(250))["dev"] for each in (with_late, in_step))
    assert moved.widths == still.widths == (2, 3, 4)
    np.testing.assert_array_equal(moved.features[..., 2:5], still.features[..., 2:5])
    np.testing.assert_array_equal(moved.gold, still.gold)
    for columns in (slice(0, 2), slice(5, 9)):  # z-scores of other frames: the same but for scale and offset
        late_by, before = moved.features[0, 100:, columns], still.features[0, :-100, columns]
        for one, other in zip(late_by.T, before.T, strict=True):
            assert np.corrcoef(one, other)[0, 1] == pytest.approx(1, abs=1e-6)
        assert np.ptp(moved.features[0, :101, columns], axis=0).max() == 0


@pytest.mark.parametrize("window", [4, 25])
def test_window_longer_than_the_recording_or_even(window):
    with pytest.raises(ValueError, match=f"at most the 23 of the recording. Received {window}. Take longer"):
        window_statistics(np.zeros((23, 1)), window)


def test_ridge_run_is_prepared_alike():
    ridge = RidgeRun(KEY, ("b", "a"), ("valence",), "desk", "speaker")
    np.testing.assert_array_equal(prepare(ridge, corpus())["dev"].features, prepare(run(), corpus())["dev"].features)


def test_two_dimensions_in_order():
    gold = prepare(run(dimensions=("arousal", "valence"), scale="paper"), corpus())["dev"].gold
    np.testing.assert_array_equal(gold[0], corpus().partition("dev")[0].gold)


def test_another_corpus_than_declared():
    other = Corpus(CorpusKey("toy", "w"), corpus().recordings, "", "", "")
    with pytest.raises(ValueError, match="executed on the corpus that it declares.*Load that corpus"):
        prepare(run(), other)


def test_unknown_feature_lists_the_corpus_own():
    with pytest.raises(ValueError, match="features are among those of its corpus, a, b.*Received ecg"):
        prepare(run(features=("a", "ecg")), corpus())


def test_lengths_of_a_batch():
    parts = corpus().recordings
    mixed = Corpus(KEY, (*parts[:2], recording("t4", "train", frames=40), *parts[3:]), "", "", "")
    with pytest.raises(ValueError, match=r"Received \[4, 8\] frames in partition train.*Cut the recordings"):
        prepare(run(), mixed)


def test_a_rating_stands_beside_its_cause_once_the_delay_is_skipped():
    train = prepare(run(scale="paper"), corpus())["train"]
    skipped = skip_delay(train, 3)
    np.testing.assert_array_equal(skipped.features, train.features[:, :20])
    np.testing.assert_array_equal(skipped.gold, train.gold[:, 3:])
    np.testing.assert_array_equal(skip_delay(train, 0).features, train.features)


def test_predictions_are_put_back_by_the_delay():
    predictions = np.arange(1.0, 5.0).reshape(1, 4, 1)
    np.testing.assert_array_equal(restore_delay(predictions, 2)[0, :, 0], [1, 1, 1, 2, 3, 4])
    np.testing.assert_array_equal(restore_delay(predictions, 0), predictions)


def test_a_delay_as_long_as_the_recordings():
    with pytest.raises(ValueError, match="here 23 frames. Received 23 frames. Take longer recordings"):
        skip_delay(prepare(run(scale="paper"), corpus())["train"], 23)
