import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from replica.features import framing

RATES = [25, 100, 250, 360, 1000, 16000]


def literal_windows(signal, rate, seconds):
    """Each frame's window by a loop, from the definition: centred, and whole."""
    width, found = round(seconds * rate), {}
    for frame in range(int(len(signal) / rate * 25 + 1e-6) + 1):
        start = int(np.floor(frame * rate / 25 - width / 2 + 0.5 + 1e-6))
        if start >= 0 and start + width <= len(signal):
            found[frame] = signal[start : start + width]
    return found


# Hand values


@pytest.mark.parametrize(("seconds", "frames"), [(300, 7501), (0.12, 4), (0.11999, 3), (0.001, 1), (3600, 90001)])
def test_frames_by_hand(seconds, frames):
    assert framing.frame_count(seconds) == frames


def test_windows_by_hand():
    """One second at 100 Hz: frame k stands at sample 4k, so its window of 0.2 s is [4k - 10, 4k + 10)."""
    signal = np.arange(100.0)
    assert framing.whole_frames(100, 100, 0.2) == range(3, 23)
    windows = framing.windows(signal, 100, 0.2)
    assert windows.shape == (20, 20)
    assert windows[0].tolist() == list(range(2, 22)) and windows[-1].tolist() == list(range(78, 98))


def test_edges_by_hand():
    vectors = np.array([[1, 2], [3, 4]])
    assert framing.hold_edges(vectors, 5, 2).tolist() == [[1, 2], [1, 2], [1, 2], [3, 4], [3, 4]]
    assert framing.hold_edges(vectors, 3).tolist() == [[1, 2], [3, 4], [3, 4]]


def test_share_by_hand():
    marked = np.zeros(100)
    marked[:6] = 1
    share = framing.share(marked, 100, 0.2)
    assert share[[0, 3, 4, 23, 25]].tolist() == [0.2, 0.2, 0.0, 0.0, 0.0]


# An independent oracle


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("seconds", [0.04, 0.5, 3.0])
def test_windows_are_those_of_a_loop(rate, seconds):
    signal = np.random.default_rng(rate).standard_normal(rate * 4 + 3)
    literal = literal_windows(signal, rate, seconds)
    assert list(framing.whole_frames(len(signal), rate, seconds)) == list(literal)
    np.testing.assert_array_equal(framing.windows(signal, rate, seconds), list(literal.values()))


@given(st.integers(1, 400), st.sampled_from(RATES[:5]), st.floats(0.01, 3.0))
def test_every_frame_gets_a_row(samples, rate, seconds):
    signal = np.sin(np.arange(samples))
    means = framing.over_windows(lambda windows: windows.mean(axis=1), signal, rate, seconds)
    assert means.shape == (framing.frame_count(samples / rate),)
    assert np.isfinite(means).all()


# Relations


def test_frames_may_share_a_window():
    # A second at 5 Hz through its own length: more than one frame has a whole window, and it is the same.
    every = framing.windows(np.arange(5.0), 5.0, 1.0)
    assert len(every) == len(framing.whole_frames(5, 5.0, 1.0)) > 1
    np.testing.assert_array_equal(every, [np.arange(5.0)] * len(every))


def test_a_ramp_is_seen_at_the_time_of_its_frame():
    """The mean of a centred window over a ramp is the ramp at the frame; a window that trails would lag."""
    rate = 1000
    times = np.arange(20 * rate) / rate
    means = framing.over_windows(lambda windows: windows.mean(axis=1), times, rate, 4.0)
    np.testing.assert_allclose(means[50:-50], 0.04 * np.arange(len(means))[50:-50], atol=1 / rate)
    assert (means[:50] == means[50]).all() and (means[-50:] == means[-51]).all()


def test_share_is_the_mean_over_windows():
    marked = np.random.default_rng(0).random(3601) < 0.2
    by_windows = framing.over_windows(lambda windows: windows.mean(axis=1), marked, 360, 1.0)
    np.testing.assert_allclose(framing.share(marked, 360, 1.0), by_windows)


@pytest.mark.parametrize("rate", [25, 1000, 16000])
def test_windows_of_five_minutes_need_no_memory(rate):
    signal = np.zeros(300 * rate)
    assert np.shares_memory(framing.windows(signal, rate, 4.0), signal)


# Degenerate input


def test_a_signal_shorter_than_its_window_is_one_window():
    signal = np.arange(100.0)
    assert framing.windows(signal, 100, 4.0).tolist() == [signal.tolist()]
    assert framing.over_windows(lambda windows: windows.sum(axis=1), signal, 100, 4.0).tolist() == [4950.0] * 26
    assert framing.share(signal < 25, 100, 4.0).tolist() == [0.25] * 26


# Error messages


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_no_length(seconds):
    with pytest.raises(ValueError, match="Check that its signal was read whole"):
        framing.frame_count(seconds)


@pytest.mark.parametrize("signal", [np.zeros((100, 2)), [], ["a"], np.zeros(3, complex)])
def test_no_signal(signal):
    with pytest.raises(ValueError, match="Pass one channel"):
        framing.check_signal(signal, 100)


@pytest.mark.parametrize("rate", [0, -8000, float("nan"), float("inf")])
def test_no_rate(rate):
    with pytest.raises(ValueError, match="Pass the rate at which it was recorded"):
        framing.check_signal([1.0], rate)


@pytest.mark.parametrize(("count", "frames", "first"), [(0, 5, 0), (6, 5, 0), (3, 5, 3), (3, 5, -1)])
def test_vectors_that_do_not_fit(count, frames, first):
    with pytest.raises(ValueError, match="Cut them to the frames"):
        framing.hold_edges(np.zeros((count, 2)), frames, first)


@pytest.mark.parametrize("seconds", [0, -3.0, float("nan"), float("inf")])
def test_a_window_without_a_length(seconds):
    with pytest.raises(ValueError, match="length in seconds, above 0"):
        framing.windows(np.zeros(250), 25, seconds)
