"""Frames of 40 ms, and windows around them: the one rule by which every feature set gets its rows.

Frame k stands at 0.04 k seconds, from 0 to the end of the recording, both included: five minutes have 7501 frames. A
window is centred on its frame. Frames too near to an end for a whole window repeat the vector of the nearest frame that
has one, as the organisers of the challenge did with the first and the last vector.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from replica.conventions import FRAME_RATE_HZ, FRAME_SECONDS

__all__ = ["check_signal", "frame_count", "hold_edges", "over_windows", "share", "whole_frames", "windows"]


def frame_count(seconds: float) -> int:
    """Number of frames in a recording: those at 0, 0.04, 0.08 s, ... that are not after its end.

    Raises:
        ValueError: If the recording has no length, or none that is finite.

    Example:
        >>> frame_count(300.0)
        7501
    """
    if not (math.isfinite(seconds) and seconds > 0):
        raise ValueError(
            f"Frames need a recording longer than 0 s. Received {seconds:g} s. Check that its signal was read whole."
        )
    return math.floor(seconds * FRAME_RATE_HZ + 1e-6) + 1  # 0.12 s / 0.04 s must be 3


def whole_frames(samples: int, sampling_rate_hz: float, window_seconds: float) -> range:
    """The frames whose window lies within the signal.

    Args:
        samples: Length of the signal, above 0.
        sampling_rate_hz: Its rate.
        window_seconds: Length of the window, of at least one sample.

    Returns:
        Numbers of neighbouring frames. A signal shorter than a window has one in its middle, the whole signal.
    """
    first, starts, _ = _place(samples, sampling_rate_hz, window_seconds)
    return range(first, first + len(starts))


def windows(signal: ArrayLike, sampling_rate_hz: float, window_seconds: float) -> NDArray[np.float64]:
    """The window of each of the frames that :func:`whole_frames` names.

    Args:
        signal: ``(samples,)`` in any unit, checked by :func:`check_signal`.
        sampling_rate_hz: Its rate. At a multiple of 25 Hz the windows are a view and need no memory.
        window_seconds: Length of the window.

    Returns:
        ``(whole, samples of a window)``, not to be written to.

    Raises:
        ValueError: As :func:`check_signal`, or if the window has no length.
    """
    signal = check_signal(signal, sampling_rate_hz)
    _, starts, width = _place(len(signal), sampling_rate_hz, window_seconds)
    every = np.lib.stride_tricks.sliding_window_view(signal, width)
    hops = np.diff(starts)
    # Below 25 Hz neighbouring frames may share a window.
    if len(hops) and hops[0] > 0 and (hops == hops[0]).all():
        return every[starts[0] : starts[-1] + 1 : hops[0]]
    return every[starts]


def hold_edges(vectors: NDArray, frames: int, first: int = 0) -> NDArray:
    """Rows for all frames: the first vector before, and the last after, the frames that have one.

    Args:
        vectors: ``(whole, ...)``, one for each frame from ``first`` on.
        frames: How many rows there have to be.
        first: The frame of the first vector.

    Returns:
        ``(frames, ...)``.

    Raises:
        ValueError: If there is no vector, or more than frames.
    """
    after = frames - first - len(vectors)
    if len(vectors) == 0 or first < 0 or after < 0:
        raise ValueError(
            f"Held edges need 1 to {frames} vectors that start at frame 0 or later. Received {len(vectors)} that start "
            f"at {first}. Cut them to the frames of the recording."
        )
    return np.pad(vectors, [(first, after)] + [(0, 0)] * (vectors.ndim - 1), mode="edge")


def over_windows(
    function: Callable[[NDArray[np.float64]], NDArray],
    signal: ArrayLike,
    sampling_rate_hz: float,
    window_seconds: float,
) -> NDArray:
    """A function of each frame's window, edges held.

    Args:
        function: Maps windows ``(whole, samples of a window)`` to ``(whole, ...)``.
        signal: ``(samples,)``.
        sampling_rate_hz: Its rate.
        window_seconds: Length of the window.

    Returns:
        ``(frames, ...)``.

    Raises:
        ValueError: As :func:`check_signal`.
    """
    signal = check_signal(signal, sampling_rate_hz)
    whole = whole_frames(len(signal), sampling_rate_hz, window_seconds)
    vectors = function(windows(signal, sampling_rate_hz, window_seconds))
    return hold_edges(vectors, frame_count(len(signal) / sampling_rate_hz), whole.start)


def share(marked: ArrayLike, sampling_rate_hz: float, window_seconds: float) -> NDArray[np.float64]:
    """The share of each frame's window that is marked, such as samples without a value; edges held.

    Args:
        marked: ``(samples,)`` bool.
        sampling_rate_hz: Their rate.
        window_seconds: Length of the window.

    Returns:
        ``(frames,)`` in [0, 1].

    Raises:
        ValueError: As :func:`check_signal`.
    """
    array = np.asarray(marked)
    check_signal(array[:1] if array.ndim == 1 else array, sampling_rate_hz)
    first, starts, width = _place(len(array), sampling_rate_hz, window_seconds)
    # Counted between neighbouring ends of windows: a running sum of all samples takes 1.3 GB for an hour at 44.1 kHz.
    known = array.astype(bool, copy=False)
    edges = np.unique(np.concatenate([[0], starts, starts + width])).tolist()
    counts = [int(np.count_nonzero(known[a:b])) for a, b in zip(edges, edges[1:], strict=False)]
    before = dict(zip(edges, np.concatenate([[0], np.cumsum(counts)]).tolist(), strict=True))
    shares = np.array([before[start + width] - before[start] for start in starts.tolist()]) / width
    return hold_edges(shares, frame_count(len(array) / sampling_rate_hz), first)


def check_signal(signal: ArrayLike, sampling_rate_hz: float, dtype: DTypeLike = np.float64) -> NDArray:
    """The signal in one type of floating point; it may hold NaN, which each modality treats in its own way.

    Args:
        signal: ``(samples,)`` real numbers in any unit.
        sampling_rate_hz: Above 0.
        dtype: The type of what is returned; a signal that has it is not copied.

    Raises:
        ValueError: If it is not one channel of at least one real number, or the rate is none.
    """
    array = np.asarray(signal)
    if not (math.isfinite(sampling_rate_hz) and sampling_rate_hz > 0):
        raise ValueError(
            f"A signal needs its sampling rate in Hz, above 0. Received {sampling_rate_hz!r}. "
            "Pass the rate at which it was recorded."
        )
    if array.ndim != 1 or array.size == 0 or array.dtype.kind not in "fiub":
        raise ValueError(
            "A signal is one channel (samples,) of at least one real number. "
            f"Received shape {array.shape} of type {array.dtype}. "
            "Pass one channel, and leave out recordings without samples."
        )
    return array.astype(dtype, copy=False)


def _place(samples: int, sampling_rate_hz: float, window_seconds: float) -> tuple[int, NDArray[np.intp], int]:
    """The first frame with a whole window; the first sample of its and the following windows; their length."""
    if not 0 < window_seconds < math.inf:
        raise ValueError(
            "A window has a length in seconds, above 0. "
            f"Received {window_seconds}. "
            "Pass the length of section 4.1's window for the modality, such as 3.0."
        )
    frames = np.arange(frame_count(samples / sampling_rate_hz))
    width = max(1, round(window_seconds * sampling_rate_hz))
    # Halves are rounded up, not to the even neighbour, so that equal steps stay equal.
    starts = np.floor(frames * FRAME_SECONDS * sampling_rate_hz - width / 2 + 0.5 + 1e-6).astype(np.intp)
    whole = np.flatnonzero((starts >= 0) & (starts + width <= samples))
    if len(whole) == 0:
        return len(frames) // 2, np.zeros(1, np.intp), samples
    return int(whole[0]), starts[whole], width
