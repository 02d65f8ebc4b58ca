"""ECG features (section 4.2): 54 numbers over the 4 s around each frame.

The paper was given them ready-made. Documented is the list of the next year's challenge on the same recordings, with
six spectral coefficients and without derivatives; 27 numbers and their derivatives, with twelve coefficients, is our
reading of the 54.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from replica.conventions import FRAME_RATE_HZ
from replica.features import waveform
from replica.features.framing import check_signal, frame_count, over_windows, share, whole_frames, windows

__all__ = ["COLUMNS", "WINDOW_SECONDS", "ecg_features", "heart_rate", "quality", "r_peaks"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WINDOW_SECONDS = 4.0
BAND_HZ, ORDER = (3.0, 27.0), 3  # 3 for each side of the band: a filter of order 6, as documented
BANDS = 12
RATE_HZ = 100.0  # after the band-pass, windows are taken at this rate
LOWEST_RATE_HZ = 100.0

# Power of slow heart rate changes: one period of 0.04 Hz lasts 25 s, which a window of 4 s cannot tell.
SLOW_WINDOW_SECONDS = 60.0
LOW_HZ, HIGH_HZ = (0.04, 0.15), (0.15, 0.4)

SHORTEST_BEAT_SECONDS, LONGEST_BEAT_SECONDS = 0.25, 2.5  # 240 and 24 beats a minute
FLAT_SECONDS = 1.0  # of one and the same value: no heart, or an amplifier at its limit
MOST_LOST, MOST_WITHOUT_BEATS = 0.01, 0.5  # shares of a window
SHORTEST_SECONDS = 2.0  # below, neurokit2 is not asked for R peaks

_LISTED = "documented for the challenge of 2016; how it is computed, and that it is among the 54, is our reading"
_SPECTRAL = "documented as six spectral coefficients in 2016; twelve bands of 2 Hz, as logarithms, are our reading"
_SLOW = "documented for the challenge of 2016; 60 s of heart rate instead of 4 s of ECG is our reading"
_RATE = "heart rate and its variability are documented for the challenge of 2016; one number each is our reading"

VALUES: tuple[tuple[str, str], ...] = (
    *((name, _LISTED) for name in waveform.SHAPE),
    ("spectral_entropy", _LISTED),
    ("mean_frequency", _LISTED),
    *((f"power_{3 + 2 * k}_to_{5 + 2 * k}_hz", _SPECTRAL) for k in range(BANDS)),
    ("low_frequency_power", _SLOW),
    ("high_frequency_power", _SLOW),
    ("low_to_high_frequency_ratio", _SLOW),
    ("heart_rate", _RATE),
    ("heart_rate_variability", _RATE),
)
COLUMNS = VALUES + tuple(
    (f"{name}_derivative", "value and first derivative of 27 numbers is our reading of the 54") for name, _ in VALUES
)


class _Heart(NamedTuple):
    """One recording, ready for its windows."""

    band: Floats  # band-passed, at RATE_HZ
    rate: Floats  # beats a minute, at FRAME_RATE_HZ
    good: Flags  # (frames,)


def ecg_features(signal: ArrayLike, sampling_rate_hz: float) -> NDArray[np.float32]:
    """The 54 ECG features.

    Source: section 4.2, "extracted with a sliding window of 4s in duration and 40ms shift".

    Args:
        signal: One lead, ``(samples,)`` in mV; NaN where it was not measured.
        sampling_rate_hz: At least 100.

    Returns:
        ``(frames, 54)`` in the order of ``COLUMNS``: mV, Hz, seconds, beats a minute; powers of bands as decimal
        logarithms of mV^2. 0 where :func:`quality` is False.

    Raises:
        ValueError: If the signal is not one channel of numbers, or the rate too low.
        ImportError: If neurokit2, which finds the R peaks, is not installed.

    Note:
        The power of slow heart rate changes is that of 60 s around the frame, or of the whole of a shorter recording;
        heart rate and variability are those of the 4 s.
    """
    heart = _heart(signal, sampling_rate_hz)
    if not heart.good.any():
        return np.zeros((len(heart.good), len(COLUMNS)), np.float32)
    whole = whole_frames(len(heart.band), RATE_HZ, WINDOW_SECONDS)
    described = waveform.by_chunks(_described, windows(heart.band, RATE_HZ, WINDOW_SECONDS))
    beats = windows(heart.rate, FRAME_RATE_HZ, WINDOW_SECONDS)
    slow = _slow(heart.rate)[whole.start : whole.stop]
    values = np.column_stack([described, slow, beats.mean(axis=1), beats.std(axis=1)])
    features = waveform.with_derivatives(values, len(heart.good), whole.start)
    return np.where(heart.good[:, None], features, 0.0).astype(np.float32)


def quality(signal: ArrayLike, sampling_rate_hz: float) -> Flags:
    """Whether the window of each frame holds a heartbeat that was measured.

    Args:
        signal: As for :func:`ecg_features`.
        sampling_rate_hz: As for :func:`ecg_features`.

    Returns:
        ``(frames,)``, False where more than a hundredth of the window has no value or stands still for a second, where
        less than half of it lies between R peaks at 24 to 240 beats a minute, or where the recording is shorter than
        a window.

    Raises:
        ValueError: As :func:`ecg_features`.
        ImportError: As :func:`ecg_features`.

    Note:
        R peaks are found in some kinds of noise, too: True says that there is a rhythm, not that it is a heart's.
    """
    return _heart(signal, sampling_rate_hz).good


def r_peaks(signal: ArrayLike, sampling_rate_hz: float) -> NDArray[np.intp]:
    """The R peaks, by neurokit2's cleaning and its own detector.

    Args:
        signal: As for :func:`ecg_features`; gaps are bridged by straight lines.
        sampling_rate_hz: As for :func:`ecg_features`.

    Returns:
        Numbers of samples, ascending; none in a signal that is flat or shorter than 2 s.

    Raises:
        ValueError: As :func:`ecg_features`.
        ImportError: As :func:`ecg_features`.
    """
    signal, _ = waveform.filled(check_signal(signal, sampling_rate_hz))
    _check_rate(sampling_rate_hz)
    if len(signal) < SHORTEST_SECONDS * sampling_rate_hz or np.ptp(signal) == 0:
        return np.empty(0, np.intp)
    import neurokit2  # seconds to import, and only needed here

    try:
        cleaned = neurokit2.ecg_clean(signal, sampling_rate=sampling_rate_hz)
        peaks = neurokit2.ecg_findpeaks(cleaned, sampling_rate=sampling_rate_hz)["ECG_R_Peaks"]
    except (ValueError, ZeroDivisionError, IndexError):
        # What neurokit2 raises where it finds nothing that looks like a QRS complex.
        return np.empty(0, np.intp)
    return np.asarray(peaks, np.intp)


def heart_rate(peaks: ArrayLike, seconds: float) -> tuple[Floats, Flags]:
    """Heart rate over time, from the times of R peaks.

    Args:
        peaks: In seconds, ascending.
        seconds: Length of the recording.

    Returns:
        Beats a minute at 25 Hz, ``(floor(25 seconds),)``, a straight line between the middles of neighbouring
        intervals and level outside; and where there is an interval of 0.25 to 2.5 s. 0 if there is none at all.
    """
    peaks = np.asarray(peaks, np.float64)
    times = np.arange(np.floor(seconds * FRAME_RATE_HZ + 1e-6)) / FRAME_RATE_HZ
    intervals = np.diff(peaks)
    likely = (intervals >= SHORTEST_BEAT_SECONDS) & (intervals <= LONGEST_BEAT_SECONDS)
    if not likely.any():
        return np.zeros_like(times), np.zeros(len(times), bool)
    middles = (peaks[1:] + peaks[:-1]) / 2
    rate = np.interp(times, middles[likely], 60 / intervals[likely])
    # Interval k lies between peaks k and k + 1; before the first peak and after the last there is none.
    within = np.r_[False, likely, False][np.searchsorted(peaks, times, side="right")]
    return rate, within


def _heart(signal: ArrayLike, sampling_rate_hz: float) -> _Heart:
    raw = check_signal(signal, sampling_rate_hz)
    _check_rate(sampling_rate_hz)
    seconds = len(raw) / sampling_rate_hz
    signal, lost = waveform.filled(raw)
    flat = waveform.long_runs(signal, round(FLAT_SECONDS * sampling_rate_hz))
    if seconds < WINDOW_SECONDS or (lost | flat).all():
        return _Heart(np.zeros(0), np.zeros(0), np.zeros(frame_count(seconds), bool))
    rate, within = heart_rate(r_peaks(signal, sampling_rate_hz) / sampling_rate_hz, seconds)
    good = share(lost | flat, sampling_rate_hz, WINDOW_SECONDS) <= MOST_LOST
    good &= share(~within, FRAME_RATE_HZ, WINDOW_SECONDS) <= MOST_WITHOUT_BEATS
    band = waveform.filtered(signal, sampling_rate_hz, BAND_HZ, ORDER, "bandpass")
    return _Heart(waveform.resampled(band, sampling_rate_hz, RATE_HZ), rate, good)


def _described(band: Floats) -> Floats:
    """Shape and spectrum of each window, ``(windows, 10 + BANDS)``."""
    return np.column_stack([*(function(band, RATE_HZ) for function in waveform.SHAPE.values()), _spectral(band)])


def _spectral(band: Floats) -> Floats:
    """Spectral entropy in [0, 1], mean frequency in Hz and the bands' powers, ``(windows, 2 + BANDS)``."""
    samples = band.shape[1]
    spectrum = np.abs(np.fft.rfft(band * np.hanning(samples), axis=1)) ** 2
    frequencies = np.fft.rfftfreq(samples, 1 / RATE_HZ)
    inside = (frequencies >= BAND_HZ[0]) & (frequencies < BAND_HZ[1])
    spectrum, frequencies = spectrum[:, inside], frequencies[inside]
    total = np.maximum(spectrum.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    shares = spectrum / total
    entropy = -(shares * np.log(np.maximum(shares, np.finfo(float).tiny))).sum(axis=1) / np.log(len(frequencies))
    edges = np.searchsorted(frequencies, np.linspace(*BAND_HZ, BANDS + 1)[:-1])
    # A window's power spectrum sums to its energy; per sample and taper it is a power.
    powers = np.add.reduceat(spectrum, edges, axis=1) * 2 / (samples * (np.hanning(samples) ** 2).sum())
    return np.column_stack([entropy, shares @ frequencies, np.log10(np.maximum(powers, 1e-20))])


def _slow(rate: Floats) -> Floats:
    """Power of the heart rate at low and high frequencies, (beats a minute)^2, and their ratio, ``(frames, 3)``."""
    window_seconds = min(SLOW_WINDOW_SECONDS, len(rate) / FRAME_RATE_HZ)
    powers = over_windows(lambda rates: waveform.by_chunks(_low_and_high, rates), rate, FRAME_RATE_HZ, window_seconds)
    low, high = powers.T
    return np.column_stack([low, high, np.divide(low, high, out=np.zeros_like(low), where=high > 0)])


def _low_and_high(rates: Floats) -> Floats:
    taper = np.hanning(rates.shape[1])
    centred = rates - rates.mean(axis=1, keepdims=True)
    spectrum = np.abs(np.fft.rfft(centred * taper, axis=1)) ** 2 * 2 / (len(taper) * (taper**2).sum())
    frequencies = np.fft.rfftfreq(len(taper), 1 / FRAME_RATE_HZ)
    bands = [(frequencies >= low) & (frequencies < high) for low, high in (LOW_HZ, HIGH_HZ)]
    return np.stack([spectrum[:, inside].sum(axis=1) for inside in bands], axis=1)


def _check_rate(sampling_rate_hz: float) -> None:
    if sampling_rate_hz < LOWEST_RATE_HZ:
        raise ValueError(
            f"An ECG needs at least {LOWEST_RATE_HZ:g} samples a second, for R peaks and for frequencies up to "
            f"{BAND_HZ[1]:g} Hz. Received a rate of {sampling_rate_hz:g} Hz. Pass the recording as it was sampled."
        )
