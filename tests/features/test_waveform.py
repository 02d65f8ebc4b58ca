import numpy as np
import pytest
from scipy import stats

from replica.features import waveform
from replica.features.waveform import SHAPE, filled, filtered, long_runs, resampled, with_derivatives

NAN = np.nan


@pytest.fixture
def noise():
    """Thirty windows of 200 samples at 100 Hz, far from 0 and skewed."""
    return np.random.default_rng(0).gamma(2.0, 0.3, (30, 200)) + 5


# Hand values


def test_shape_by_hand():
    window = np.array([[0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0]])  # at 4 Hz: two seconds
    got = {name: function(window, 4.0)[0] for name, function in SHAPE.items()}
    assert got["mean"] == got["deviation"] == 0.5
    assert got["skewness"] == 0 and got["kurtosis"] == -2  # the lowest there is: two values, alike often
    assert got["length_density"] == 8.0  # steps of two deviations, four a second
    assert got["zero_crossing_rate"] == 4.0
    assert got["non_stationarity"] == 1.0  # each eighth is one sample
    # Least squares over x = -7/8 ... 7/8 s: sum(x y) / sum(x^2) = 0.5 / 2.625.
    assert got["slope"] == pytest.approx(0.5 / 2.625)


def test_gaps_are_bridged():
    values, lost = filled(np.array([NAN, 1.0, NAN, NAN, 4.0, np.inf, 1e300]))
    assert values.tolist() == [1, 1, 2, 3, 4, 4, 4]
    assert lost.tolist() == [True, False, True, True, False, True, True]


def test_long_runs_by_hand():
    assert long_runs([1, 1, 1, 2, 2, 3], 2).tolist() == [True] * 5 + [False]
    assert long_runs([1, 1, 1, 2, 2, 3], 3).tolist() == [True] * 3 + [False] * 3
    assert long_runs([7], 1).tolist() == [True]


def test_derivatives_by_hand():
    values = np.array([[0.0], [0.2], [0.6]])
    rows = with_derivatives(values, 6, 2)
    np.testing.assert_allclose(rows[:, 0], [0, 0, 0, 0.2, 0.6, 0.6])
    # Per second: over one step at the ends, over two within; a step is 0.04 s.
    np.testing.assert_allclose(rows[:, 1], [5, 5, 5, 7.5, 10, 10])
    np.testing.assert_array_equal(with_derivatives(values[:1], 2, 0), [[0, 0], [0, 0]])


def test_resampled_by_hand():
    np.testing.assert_allclose(resampled(np.arange(5.0), 2.0, 4.0), [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4])
    assert len(resampled(np.zeros(2520), 360.0, 25.0)) == 175  # seven seconds


# Independent oracle


def test_moments_agree_with_scipy(noise):
    np.testing.assert_allclose(SHAPE["skewness"](noise, 1.0), stats.skew(noise, axis=1), rtol=1e-9)
    np.testing.assert_allclose(SHAPE["kurtosis"](noise, 1.0), stats.kurtosis(noise, axis=1), rtol=1e-9)


def test_slope_agrees_with_polyfit(noise):
    expected = np.polyfit(np.arange(200) / 100, noise.T, 1)[0]
    np.testing.assert_allclose(SHAPE["slope"](noise, 100.0), expected, rtol=1e-9)


def test_the_rest_agrees_with_loops(noise):
    noise = noise[:, :-3]  # eighths of unequal length
    for index, window in enumerate(noise):
        z = (window - window.mean()) / window.std()
        eighths = np.array([z[k * 197 // 8 : (k + 1) * 197 // 8].mean() for k in range(8)])
        assert SHAPE["non_stationarity"](noise, 100.0)[index] == pytest.approx(eighths.std())
        pairs = list(zip(z, z[1:], strict=False))
        crossings = sum((a > 0) != (b > 0) for a, b in pairs)
        assert SHAPE["zero_crossing_rate"](noise, 100.0)[index] == pytest.approx(crossings / len(pairs) * 100)
        length = sum(abs(b - a) for a, b in pairs)
        assert SHAPE["length_density"](noise, 100.0)[index] == pytest.approx(length / len(pairs) * 100)


@pytest.mark.parametrize("order", [3, 4])
def test_gains_are_those_of_butterworth(order):
    # Run twice, a filter's gain is 1 / (1 + (f / corner)^(2 order)): a half at its corner.
    seconds = np.arange(20000) / 100
    for hz in (0.5, 1.0, 2.0):
        wave = np.sin(2 * np.pi * hz * seconds)
        got = filtered(wave, 100.0, 1.0, order, "lowpass")[2000:-2000]
        assert got @ wave[2000:-2000] / 8000 == pytest.approx(1 / (1 + hz ** (2 * order)), abs=2e-3)


# Relations


def test_a_slope_is_kept_up_to_the_ends():
    ramp = 5 + 0.1 * np.arange(2000) / 50
    np.testing.assert_allclose(filtered(ramp, 50.0, 0.5, 3, "lowpass"), ramp, atol=1e-3)


def test_only_mean_deviation_and_slope_have_the_signals_unit(noise):
    for name, function in SHAPE.items():
        scale = 3.0 if name in ("mean", "deviation", "slope") else 1.0
        shift = 2.0 if name == "mean" else 0.0
        np.testing.assert_allclose(function(3 * noise + 2, 100.0), scale * function(noise, 100.0) + shift, rtol=1e-7)


def test_a_filter_keeps_its_band_in_place():
    seconds = np.arange(6000) / 200
    inside, outside = np.sin(2 * np.pi * 9 * seconds), np.sin(2 * np.pi * 60 * seconds) + 7
    got = filtered(inside + outside, 200.0, (3.0, 27.0), 3, "bandpass")
    np.testing.assert_allclose(got[400:-400], inside[400:-400], atol=0.02)  # of a third-order filter's slopes


# Degenerate input


@pytest.mark.reliability("constant_columns")
@pytest.mark.parametrize("level", [0.0, 0.1, 1e6])
def test_a_constant_window_has_no_shape(level):
    # 0.1 has no exact binary form, so that its mean is not always itself.
    window = np.full((2, 400), level)
    for name, function in SHAPE.items():
        np.testing.assert_allclose(function(window, 100.0), level if name == "mean" else 0.0, atol=1e-9)


@pytest.mark.reliability("constant_columns")
def test_nothing_but_gaps():
    values, lost = filled(np.full(5, NAN))
    assert not values.any() and lost.all()


@pytest.mark.reliability("short_recordings")
@pytest.mark.parametrize("samples", [1, 2, 30])
def test_a_short_signal_is_filtered_too(samples):
    assert np.isfinite(filtered(np.ones(samples), 200.0, 0.5, 3, "lowpass")).all()


def test_the_largest_value_has_finite_moments():
    spike = np.r_[np.zeros(399), 0.999 * waveform.LARGEST][None]
    assert all(np.isfinite(function(spike, 100.0)).all() for function in SHAPE.values())
