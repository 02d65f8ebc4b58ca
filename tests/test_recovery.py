"""Planted against extracted: how the two are compared, and what is recorded."""

import numpy as np
import pandas as pd
import pytest

from replica import extraction, paths, planted, recovery, simulation
from replica.corpora.simulated_signals import Cohort
from replica.planted import PAIRS, over
from replica.recovery import compared, interval, table, word
from replica.statistics import Interval

# Hand values


def test_a_window_by_hand():
    values = np.array([1.0, 2.0, 3.0, np.nan, 5.0])
    np.testing.assert_allclose(over(0.12, values), [np.nan, 2, np.nan, np.nan, np.nan])
    np.testing.assert_allclose(over(0.12, values, least=0.08), [np.nan, 2, 2.5, 4, np.nan])


@pytest.mark.parametrize(
    ("low", "told"), [(0.51, "recovered"), (0.5, "partly"), (0.01, "partly"), (0, "not recovered")]
)
def test_words(low, told):
    assert word(Interval(0.9, low, 0.95)) == told


def test_f0_counts_within_voiced_stretches_only():
    f0 = np.array([0, 55, 110, 55, 0, 55, 0])
    np.testing.assert_allclose(planted._within_voice(planted._semitones(f0)), [*[np.nan] * 2, 24, *[np.nan] * 4])


# Relations


def test_what_is_found_as_planted_has_a_cc_of_1():
    cues = np.random.default_rng(0).standard_normal((5, 400))
    cues[:, :7] = np.nan
    assert [compared(x, 3 * x + 1) for x in cues] == [(pytest.approx(1), 393)] * 5


def test_other_peoples_cues_have_a_cc_of_about_0():
    """What a column follows is its own speaker's cue, so that speakers in another order are not recovered."""
    cues = np.random.default_rng(1).standard_normal((40, 400))
    shuffled = interval([compared(x, y)[0] for x, y in zip(cues, np.roll(cues, 1, axis=0), strict=True)])
    assert abs(shuffled.estimate) < 0.03 and word(shuffled) == "not recovered"  # 0.05 / sqrt(40) = 0.008


def test_the_interval_is_that_of_a_mean():
    found = interval(np.random.default_rng(2).normal(0.5, 0.1, 50))
    assert found.high - found.low == pytest.approx(2 * 1.96 * 0.1 / np.sqrt(50), rel=0.2)


# Degenerate input


@pytest.mark.parametrize("cue", [[1.0, 1, 1], [np.nan, 1, np.nan]])
def test_nothing_to_compare(cue):
    assert np.isnan(compared(cue, [1.0, 2, 3])[0])


def test_without_a_record(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "measured", lambda: tmp_path)
    with pytest.raises(FileNotFoundError, match=r"tools/measure_planted_cues\.py"):
        recovery.measured()


# From signals


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One speaker of 40 s, with the sets that are compared."""
    out, cohort = tmp_path_factory.mktemp("planted"), Cohort(seed=3, size="mini")
    simulation._make(out, cohort, "train_1")
    ended = extraction.extract(out, out, sets=recovery.SETS, processes=2)
    assert [made.error for made in ended] == [""] * len(recovery.SETS)
    return out


@pytest.fixture(scope="module")
def mini(folder):
    return recovery.measure(folder, Cohort(seed=3, size="mini"), ["train_1"])


def test_every_pair_is_measured(mini):
    assert list(zip(mini["cue"], mini["column"], strict=True)) == [(pair.cue, pair.column) for pair in PAIRS]
    assert np.isfinite(mini["cc"]).all() and (mini["frames"] > 100).all()


def test_what_cannot_fail_to_arrive_arrives(mini):
    """By construction of the signals, of which a wrong window, column or sign would rob it."""
    found = mini.set_index("cue")["cc"]
    assert found[["F0, by frame", "F0, over 3 s", "AU12 smile", "visible talking", "heart rate"]].min() > 0.5


@pytest.mark.parametrize("name", ["train_2", "nobody"])
def test_a_recording_that_is_not_there(folder, name):
    with pytest.raises(FileNotFoundError, match=f"no '{name}' with a sound in .* Make the cohort's recordings"):
        recovery.measure(folder, Cohort(seed=3, size="mini"), [name])


def test_another_cohort_is_refused(folder):
    with pytest.raises(ValueError, match="Name its cohort"):
        recovery.measure(folder, Cohort(seed=4, size="mini"), ["train_1"])


@pytest.fixture(scope="module")
def speaker():
    return simulation.record(3, 1, 501)


def test_signals_side_by_side(speaker):
    """From 4 s on, 12 s: the same moments of what was planted and of what is measured."""
    rows = recovery.side_by_side(speaker, 100, 300)
    for row in rows.values():
        for seconds, values in row.values():
            np.testing.assert_allclose(seconds[[0, -1]], [4.0, 15.96])
            assert values.shape == (300,)
    pitch, level, heart, skin = ([values for _, values in row.values()] for row in rows.values())
    assert np.nanmedian(np.abs(pitch[1] / pitch[0] - 1)) < 0.05 and compared(*pitch)[0] > 0.5
    assert compared(*heart)[0] > 0.9 and np.abs(heart[1] - heart[0]).max() < 10
    np.testing.assert_array_equal(np.isnan(pitch[0]), speaker.voice.f0_hz[100:400] == 0)
    np.testing.assert_array_equal(np.isnan(level[0]), np.isnan(pitch[0]))
    assert level[1][np.isfinite(level[0])].mean() > level[1][np.isnan(level[0])].mean() + 5
    assert np.median(skin[1] - skin[0]) > -0.01  # responses stand on the level


def test_a_stretch_is_a_part_of_the_whole(speaker):
    whole, part = recovery.side_by_side(speaker, 0, 500), recovery.side_by_side(speaker, 100, 300)
    for name in list(whole)[1:]:  # F0 is tracked anew
        for kind in ("planted", "measured"):
            np.testing.assert_array_equal(whole[name][kind][1][100:400], part[name][kind][1])


def test_the_level_of_a_frame_by_hand(speaker):
    _, level = recovery.side_by_side(speaker, 100, 300)["level (dB)"]["measured"]
    frame = speaker.voice.signal[107 * 640 : 108 * 640]
    assert level[7] == pytest.approx(20 * np.log10(np.sqrt(np.mean(frame**2))))


def test_the_skin_is_that_of_the_moment(speaker):
    _, skin = recovery.side_by_side(speaker, 100, 300)["skin (µS)"]["measured"]
    np.testing.assert_array_equal(skin, speaker.physiology.eda[1000:4000:10])


def test_a_table_by_hand():
    rows = pd.DataFrame(
        {"cue": "F0", "feature": "f", "column": "c", "recording": ["a", "b"], "cc": [0.6, 0.8], "frames": 10}
    )
    assert table(rows).reset_index().to_numpy().tolist() == [["F0", "f", "c", 0.7, 0.6, 0.8, 20, "recovered"]]


# What is recorded


def test_the_record():
    rows = recovery.measured()
    speakers = rows["recording"].nunique()
    assert list(table(rows).index) == [(pair.cue, pair.feature, pair.column) for pair in PAIRS]
    assert len(rows) == len(PAIRS) * speakers and speakers == 9
    assert rows["cc"].abs().max() <= 1
    assert not recovery.about()["provenance"]["uncommitted_changes"]
