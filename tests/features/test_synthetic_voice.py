import numpy as np
import pytest

from replica.features.framing import frame_count
from replica.features.synthetic_voice import SAMPLING_RATE_HZ, voice


def test_a_voice_is_made_from_its_seed():
    one, again, other = voice(2, seed=1), voice(2, seed=1), voice(2, seed=2)
    np.testing.assert_array_equal(one.signal, again.signal)
    assert (one.signal != other.signal).any()


def test_shape_and_level():
    made = voice(3.01, seed=0)
    assert made.signal.shape == (round(3.01 * SAMPLING_RATE_HZ),)
    assert made.f0_hz.shape == (frame_count(3.01),)
    assert 0.1 < np.abs(made.signal).max() < 0.95  # nothing is clipped


def test_f0_is_that_of_the_signal():
    """By autocorrelation, in the middle of a voiced stretch."""
    made = voice(4, seed=1, f0_hz=200)
    inside = np.flatnonzero(np.convolve(made.f0_hz > 0, np.ones(5), "same") == 5)
    for frame in inside[::7]:
        middle = round(frame * 0.04 * SAMPLING_RATE_HZ)
        part = made.signal[middle - 400 : middle + 400]
        correlation = np.correlate(part, part, "full")[len(part) - 1 :]
        lag = 50 + correlation[50:130].argmax()
        assert SAMPLING_RATE_HZ / lag == pytest.approx(made.f0_hz[frame], rel=0.03)


def test_without_voice_it_is_soft():
    made = voice(6, seed=0)
    power = np.array([np.mean(made.signal[max(0, k * 640 - 320) : k * 640 + 320] ** 2) for k in range(len(made.f0_hz))])
    assert np.median(power[made.f0_hz > 0]) > 10 * np.median(power[made.f0_hz == 0])


@pytest.mark.parametrize("f0_hz", [0, 59, 401, float("nan")])
def test_an_f0_that_no_voice_has(f0_hz):
    with pytest.raises(ValueError, match="Choose one between"):
        voice(1, f0_hz=f0_hz)


def test_no_length():
    with pytest.raises(ValueError, match="longer than 0 s"):
        voice(0)
