"""ECG features. The beats of most tests are drawn here, at known times; no outside signal is in the repository."""

import os
import subprocess
import sys
from pathlib import Path

import neurokit2
import numpy as np
import pytest
from scipy.signal import find_peaks

from replica.conventions import FEATURE_WIDTHS
from replica.features import ecg, waveform
from replica.features.ecg import COLUMNS, ecg_features, heart_rate, quality, r_peaks

NAMES = [name for name, _ in COLUMNS]
REAL = Path(os.environ.get("REPLICA_DATA", "")) / "testinputs/mitbih208_ecg_360hz.npz"

WAVES = ((-0.2, 0.12, 0.025), (-0.03, -0.12, 0.01), (0, 1.0, 0.011), (0.03, -0.25, 0.01), (0.28, 0.3, 0.04))


def beats(times, seconds, rate, noise=0.02, seed=0):
    """An ECG in mV with P, Q, R, S and T waves around each R peak; drifting, noisy, with mains hum."""
    t = np.arange(round(seconds * rate)) / rate
    signal = 0.3 * np.sin(2 * np.pi * 0.25 * t) + 0.03 * np.sin(2 * np.pi * 50 * t)
    for peak in times:
        signal += sum(height * np.exp(-((t - peak - at) ** 2) / 2 / width**2) for at, height, width in WAVES)
    return signal + np.random.default_rng(seed).normal(0, noise, len(t))


def regular(seconds, a_minute=75.0):
    return np.arange(0.3, seconds, 60 / a_minute)


def column(features, name):
    return features[:, NAMES.index(name)]


def precision_and_recall(found, true, within):
    near = np.abs(found[:, None] - true) <= within
    return near.any(axis=1).mean(), near.any(axis=0).mean()


# Hand values


def test_widths_and_names():
    assert len(COLUMNS) == len(set(NAMES)) == FEATURE_WIDTHS["ecg"] == 54
    assert NAMES[0] == "mean" and NAMES[10] == "power_3_to_5_hz" and NAMES[26] == "heart_rate_variability"
    assert NAMES[27:] == [f"{name}_derivative" for name in NAMES[:27]]
    assert all(source for _, source in COLUMNS)


def test_the_documented_filter():
    assert ecg.BAND_HZ == (3.0, 27.0) and 2 * ecg.ORDER == 6  # a band-pass has its order on each side
    edges = [int(part) for name in NAMES[10:22] for part in name.split("_")[1:4:2]]
    assert edges == [hz for low in range(3, 27, 2) for hz in (low, low + 2)]


def test_heart_rate_by_hand():
    rate, within = heart_rate([1.0, 2.0, 2.5, 5.5, 6.5], 8.0)
    assert len(rate) == len(within) == 200
    # 60 up to the middle of the first interval, 120 at that of the second; 3 s are a missed beat, and bridged.
    assert rate[0] == rate[37] == 60 and rate[56] == pytest.approx(60 + 60 * 0.74 / 0.75)
    assert rate[-1] == 60
    assert np.flatnonzero(np.diff(within)).tolist() == [24, 62, 137, 162]


def test_a_regular_heart():
    signal = beats(regular(20), 20, 250)
    features = ecg_features(signal, 250)
    assert features.shape == (501, 54) and features.dtype == np.float32
    assert quality(signal, 250).all()
    np.testing.assert_allclose(column(features, "heart_rate"), 75, atol=0.3)
    assert column(features, "heart_rate_variability").max() < 0.5


def test_a_sine_has_the_power_of_its_band():
    # 0.5 mV at 8 Hz: half the square of the amplitude. The heart rate is not at issue.
    band = 0.5 * np.sin(2 * np.pi * 8 * np.arange(400) / 100)[None]
    entropy, frequency, *powers = ecg._spectral(band)[0]
    assert frequency == pytest.approx(8, abs=0.01) and entropy < 0.3
    assert 10 ** powers[2] == pytest.approx(0.125, rel=1e-3)
    assert max(powers[:2] + powers[3:]) < powers[2] - 3
    white = np.random.default_rng(0).normal(size=(50, 400))
    assert ecg._spectral(white)[:, 0].mean() > 0.85


@pytest.mark.parametrize(("hz", "name"), [(0.1, "low_frequency_power"), (0.25, "high_frequency_power")])
def test_slow_changes_have_the_power_of_their_band(hz, name):
    rate = 70 + 4 * np.sin(2 * np.pi * hz * np.arange(3000) / 25)
    powers = dict(zip(NAMES[22:25], ecg._slow(rate)[1500], strict=True))
    assert powers.pop(name) == pytest.approx(8, rel=0.01)
    assert powers["low_to_high_frequency_ratio"] > 100 if hz == 0.1 else powers["low_to_high_frequency_ratio"] < 0.01


def test_slow_changes_change_from_frame_to_frame():
    # Of powers that stood still for some frames, the derivative would be 0 and then leap.
    rate = 70 + 4 * np.sin(2 * np.pi * 0.1 * np.arange(3000) / 25) * np.linspace(1, 2, 3000)
    steps = np.diff(ecg._slow(rate)[750:-750, 0])
    assert len(ecg._slow(rate)) == 3001
    assert steps.min() > 0 and steps.max() < 3 * np.median(steps)


# Independent oracle: beats at known times


@pytest.mark.parametrize("rate", [100, 360, 1000])
def test_r_peaks_are_where_they_were_drawn(rate):
    times = np.cumsum(np.random.default_rng(1).normal(0.8, 0.08, 90))
    found = r_peaks(beats(times, 60, rate), rate) / rate
    precision, recall = precision_and_recall(found, times[times < 59.8], 0.03)
    assert precision > 0.97 and recall > 0.97


def test_heart_rate_follows_the_beats():
    times = [0.5]
    while times[-1] < 60:
        times.append(times[-1] + 60 / (70 + 15 * np.sin(2 * np.pi * times[-1] / 40)))
    features = ecg_features(beats(times, 60, 250), 250)
    expected = 70 + 15 * np.sin(2 * np.pi * np.arange(1501) * 0.04 / 40)
    inside = slice(50, -50)  # whole windows of 4 s
    assert np.abs(column(features, "heart_rate") - expected)[inside].max() < 2
    slope = np.gradient(expected, 0.04)[inside]
    assert np.corrcoef(column(features, "heart_rate_derivative")[inside], slope)[0, 1] > 0.95


def test_neurokit2_agrees_with_itself():
    """Self-consistency, no more: neurokit2's simulator under neurokit2's detector."""
    clean = neurokit2.ecg_simulate(60, sampling_rate=250, noise=0, heart_rate=80, heart_rate_std=5, random_state=3)
    true, _ = find_peaks(clean, height=0.5 * clean.max(), distance=60)
    noisy = clean + np.random.default_rng(0).normal(0, 0.05 * np.ptp(clean), len(clean))
    precision, recall = precision_and_recall(r_peaks(noisy, 250) / 250, true / 250, 0.05)
    assert precision > 0.97 and recall > 0.97


@pytest.mark.skipif(not REAL.is_file(), reason="needs testinputs/mitbih208_ecg_360hz.npz where REPLICA_DATA points to")
def test_a_real_heart():
    # Record 208 of the MIT-BIH database, 5 min with many ectopic beats; the copy holds no annotations.
    with np.load(REAL) as file:
        signal, rate = file["ecg_mv"], int(file["fs"])
    features, good = ecg_features(signal, rate), quality(signal, rate)
    assert features.shape == (7501, 54) and np.isfinite(features).all()
    assert good.mean() > 0.9
    assert 90 < np.median(column(features, "heart_rate")[good]) < 130
    # A second detector, built on other principles, finds the same number of beats within a twentieth.
    other = neurokit2.ecg_findpeaks(
        neurokit2.ecg_clean(signal, rate, method="pantompkins1985"), rate, method="pantompkins1985"
    )["ECG_R_Peaks"]
    assert len(r_peaks(signal, rate)) == pytest.approx(len(other), rel=0.05)


# Relations


def test_the_rate_of_sampling_does_not_matter():
    times = regular(12, 66)
    fine, coarse = (ecg_features(beats(times, 12, rate, noise=0), rate)[60:240, :27] for rate in (1000, 250))
    scale = np.abs(fine).max(axis=0) + 0.05
    differences = np.abs(fine - coarse).max(axis=0) / scale
    # Heart rates jump in steps of a sample, and what they vary is nothing here.
    steady = [name not in (*NAMES[22:25], "heart_rate_variability") for name in NAMES[:27]]
    assert differences[steady].max() < 0.05


@pytest.mark.reliability("long_recordings")
def test_chunks_do_not_show(monkeypatch):
    signal = beats(regular(12), 12, 250)
    whole = ecg_features(signal, 250)
    monkeypatch.setattr(waveform, "CHUNK", 7)
    np.testing.assert_allclose(ecg_features(signal, 250), whole, rtol=1e-5, atol=1e-5)


def test_an_offset_does_not_matter():
    signal = beats(regular(10), 10, 250)
    np.testing.assert_allclose(ecg_features(signal + 2, 250), ecg_features(signal, 250), rtol=1e-3, atol=1e-3)


# Degenerate input: a defined output, and the flag


def test_five_minutes_have_7501_rows():
    nothing = np.zeros(300 * 100)
    assert ecg_features(nothing, 100).shape == (7501, 54) and quality(nothing, 100).shape == (7501,)


@pytest.mark.reliability("constant_columns")
@pytest.mark.parametrize(
    "signal",
    [
        np.zeros(3000),
        np.full(3000, 1.7),
        np.full(3000, np.nan),
        np.full(3000, np.inf),
        np.full(3000, 1e30),
        np.r_[np.zeros(1500), np.full(1500, 2.0)],
        np.zeros(1),
        np.random.default_rng(0).normal(size=200),
        beats(regular(3.9), 3.9, 250),
        np.arange(3000) * 1e-3,
    ],
    ids=["flat", "level", "nan", "inf", "huge", "step", "1 sample", "0.8 s", "3.9 s", "ramp"],
)
def test_no_heartbeat(signal):
    features, good = ecg_features(signal, 250), quality(signal, 250)
    assert not features.any() and not good.any()
    assert len(features) == len(good) == int(len(signal) / 10 + 1e-6) + 1


def test_a_lead_that_falls_off_and_comes_back():
    signal = beats(regular(30), 30, 250)
    signal[3000:4500] = signal[3000]  # 12 to 18 s
    features, good = ecg_features(signal, 250), quality(signal, 250)
    # All windows that hold more than a hundredth of it: 10.04 to 19.96 s.
    assert np.flatnonzero(~good)[[0, -1]].tolist() == [252, 498]
    assert (~good).sum() == 247
    assert not features[~good].any() and features[good][:, 25].min() > 60
    assert np.isfinite(features).all()


def test_a_few_lost_samples_are_bridged():
    signal = beats(regular(20), 20, 250)
    signal[1000:1005] = np.nan
    assert quality(signal, 250).all()
    np.testing.assert_allclose(column(ecg_features(signal, 250), "heart_rate"), 75, atol=0.5)


def test_a_pause_has_no_heart_rate(monkeypatch):
    # Given the true beats: in its noise, a detector may find a rhythm that is none.
    times = np.r_[regular(10), 20 + regular(10)]
    monkeypatch.setattr(ecg, "r_peaks", lambda signal, rate: (times * rate).astype(int))
    good = quality(beats(times, 30, 250), 250)
    assert np.flatnonzero(~good)[[0, -1]] == pytest.approx([250, 507], abs=20)  # within a beat of 10 and 20.3 s
    assert np.diff(np.flatnonzero(~good)).max() == 1


def test_clipping_keeps_the_beats():
    signal = beats(regular(20), 20, 250).clip(-0.2, 0.5)
    assert quality(signal, 250).all()
    np.testing.assert_allclose(column(ecg_features(signal, 250), "heart_rate"), 75, atol=2)


def test_what_neurokit2_raises_is_no_peak(monkeypatch):
    def raises(*arguments, **options):
        raise ZeroDivisionError

    monkeypatch.setattr(neurokit2, "ecg_findpeaks", raises)
    signal = beats(regular(10), 10, 250)
    assert len(r_peaks(signal, 250)) == 0
    assert not quality(signal, 250).any() and not ecg_features(signal, 250).any()


# Error messages


@pytest.mark.parametrize("function", [ecg_features, quality, r_peaks])
def test_a_signal_of_too_low_a_rate(function):
    with pytest.raises(ValueError, match=r"a rate of 50 Hz\. Pass the recording as it was sampled"):
        function(np.zeros(1000), 50)


@pytest.mark.parametrize("signal", [np.zeros((2, 1000)), np.zeros(0), np.array(["1"] * 1000)])
def test_no_signal(signal):
    for function in (ecg_features, quality, r_peaks):
        with pytest.raises(ValueError, match="Pass one channel"):
            function(signal, 250)


def test_importing_leaves_neurokit2_out():
    program = "import sys, replica.features.ecg; print('neurokit2' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
