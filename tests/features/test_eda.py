import numpy as np
import pytest

from replica.conventions import FEATURE_WIDTHS
from replica.features import waveform
from replica.features.eda import COLUMNS, SIGNALS, eda_features, quality, signals

NAMES = [name for name, _ in COLUMNS]


def conductance(seconds, rate, responses=(), height=0.3, level=5.0, noise=0.002, seed=0):
    """Skin conductance in microsiemens: a slow level, and a response of the given height at each given time."""
    t = np.arange(round(seconds * rate)) / rate
    signal = level + 0.4 * np.sin(2 * np.pi * t / 120)
    for start in responses:
        since = np.maximum(t - start, 0)
        signal += height * 1.9 * (np.exp(-since / 2) - np.exp(-since / 0.5))  # rises in 0.9 s, to 0.47 of its scale
    return signal + np.random.default_rng(seed).normal(0, noise, len(t))


def column(features, name):
    return features[:, NAMES.index(name)]


# Hand values


def test_widths_and_names():
    assert len(COLUMNS) == len(set(NAMES)) == FEATURE_WIDTHS["eda"] == 62
    assert NAMES[0] == "eda_mean" and NAMES[10] == "scl_mean" and NAMES[30] == "scr_rate"
    assert NAMES[31:] == [f"{name}_derivative" for name in NAMES[:31]]
    assert all(source for _, source in COLUMNS)


def test_a_ramp_by_hand():
    # 3 uS and 0.1 uS/s: in any 4 s from t on, the mean is 3 + 0.1 (t + 1.98), at 25 samples a second.
    signal = 3 + 0.1 * np.arange(3000) / 100
    features = eda_features(signal, 100)
    assert features.shape == (751, 62) and features.dtype == np.float32
    inside = slice(150, 600)
    times = (np.arange(751) * 0.04)[inside]
    np.testing.assert_allclose(column(features, "eda_mean")[inside], 3 + 0.1 * (times - 0.02), atol=1e-3)
    for name in ("eda_slope", "scl_slope", "scl_mean_derivative", "eda_maximum_derivative"):
        np.testing.assert_allclose(column(features, name)[inside], 0.1, atol=2e-3)
    extent = column(features, "eda_maximum") - column(features, "eda_minimum")
    np.testing.assert_allclose(extent[inside], 0.1 * 3.96, atol=2e-3)
    np.testing.assert_allclose(column(features, "scr_deviation")[inside], 0, atol=1e-3)
    assert not column(features, "scr_rate")[inside].any()


def test_responses_are_counted():
    starts = [10.0, 20.0, 21.5, 40.0]
    rate = column(eda_features(conductance(50, 50, starts), 50), "scr_rate")
    in_window = {frame: rate[frame] * 4 for frame in (100, 265, 530, 800, 1020)}
    assert in_window == pytest.approx({100: 0, 265: 1, 530: 2, 800: 0, 1020: 1})
    # The level alone has a maximum, at 30 s, that is no response.
    assert not column(eda_features(conductance(50, 50), 50), "scr_rate").any()


# Independent oracle


def test_signals_part_by_frequency():
    t = np.arange(12000) / 100
    parts = {hz: np.sin(2 * np.pi * hz * t) for hz in (0.1, 0.7, 8.0)}
    got = signals(5 + sum(parts.values()), 100)
    assert tuple(got) == SIGNALS
    inside = slice(500, -500)
    at_25 = {hz: values[::4][inside] for hz, values in parts.items()}
    gains = {
        name: [np.abs(2 * np.mean(values[inside] * part)) for part in at_25.values()] for name, values in got.items()
    }
    # Squared gains of third-order Butterworth filters, run twice: 1 / (1 + (f / corner)^6).
    assert gains["eda"][:2] == pytest.approx([1, 1], abs=0.02) and gains["eda"][2] < 0.01
    assert gains["scl"][0] == pytest.approx(1, abs=0.02) and gains["scl"][1] == pytest.approx(0.117, abs=0.02)
    assert gains["scr"][0] < 0.01 and gains["scr"][1] == pytest.approx(1, abs=0.05)


# Relations


def test_the_rate_of_sampling_does_not_matter():
    starts = [6.0, 14.0]
    fine, coarse = (
        np.stack(list(signals(conductance(30, rate, starts, noise=0), rate).values())) for rate in (1000, 50)
    )
    np.testing.assert_allclose(fine[:, 50:-50], coarse[:, 50:-50], atol=0.01)


@pytest.mark.reliability("long_recordings")
def test_chunks_do_not_show(monkeypatch):
    signal = conductance(12, 50, [5.0])
    whole = eda_features(signal, 50)
    monkeypatch.setattr(waveform, "CHUNK", 7)
    np.testing.assert_allclose(eda_features(signal, 50), whole, rtol=1e-5, atol=1e-5)


def test_a_larger_response_is_larger():
    small, large = (eda_features(conductance(30, 100, [15.0], height), 100) for height in (0.2, 0.6))
    for name in ("scr_deviation", "scr_maximum", "eda_deviation"):
        assert column(large, name).max() > 2 * column(small, name).max()


# Degenerate input: a defined output, and the flag


def test_five_minutes_have_7501_rows():
    signal = conductance(300, 25)
    assert eda_features(signal, 25).shape == (7501, 62)
    assert quality(signal, 25).all() and np.isfinite(eda_features(signal, 25)).all()


@pytest.mark.reliability("constant_columns")
@pytest.mark.parametrize(
    "signal",
    [
        np.zeros(1000),
        np.random.default_rng(0).normal(0, 0.01, 1000),
        np.full(1000, 7.0),
        np.full(1000, np.nan),
        np.full(1000, np.inf),
        np.full(1000, -1e30),
        np.ones(1),
        conductance(3.9, 50),
    ],
    ids=["zero", "detached", "level", "nan", "inf", "huge", "1 sample", "3.9 s"],
)
def test_no_skin(signal):
    features, good = eda_features(signal, 50), quality(signal, 50)
    assert not features.any() and not good.any()
    assert len(features) == len(good) == int(len(signal) / 2 + 1e-6) + 1


def test_a_sensor_that_falls_off_for_ten_seconds():
    signal = conductance(60, 50)
    signal[1000:1500] = np.random.default_rng(1).normal(0, 0.005, 500)  # 20 to 30 s
    features, good = eda_features(signal, 50), quality(signal, 50)
    # All windows that hold more than two of their 200 samples of it: 18.08 to 31.92 s, within half a sample.
    assert np.flatnonzero(~good)[[0, -1]].tolist() == [452, 798]
    assert not features[~good].any() and features[good].any(axis=1).all()
    assert np.isfinite(features).all()


def test_a_centred_signal_may_cross_0():
    signal = conductance(60, 50, np.arange(2, 58, 4.0), height=2.0)
    assert quality(signal - signal.mean(), 50).mean() > 0.95


# Error messages


@pytest.mark.parametrize("function", [eda_features, quality, signals])
def test_bad_input(function):
    with pytest.raises(ValueError, match=r"a rate of 2 Hz\. Pass the recording as it was sampled"):
        function(np.ones(100), 2)
    for signal in (np.ones((2, 100)), np.ones(0)):
        with pytest.raises(ValueError, match="Pass one channel"):
            function(signal, 100)
