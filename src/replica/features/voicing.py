"""How much voice the short-time features keep, beside another pitch tracker: what the choice of the cutoff rests on.

In frames of 40 ms the tracker of openSMILE's set of 2010 finds far fewer voiced frames than in its own of 60 ms. The
tracker of eGeMAPS, which hears 60 ms and follows F0 over time, is the one compared with.
"""

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from replica.conventions import FRAME_SECONDS
from replica.features import audio, smile
from replica.features import audio_configurations as configurations
from replica.features.framing import frame_count

__all__ = ["CUTOFFS", "FILE", "FRAMES_SECONDS", "Agreement", "agreement", "egemaps_f0", "f0", "measure"]

FILE = "voicing.csv"  # in the folder measured/: what measure found on a real sentence
FRAMES_SECONDS = (FRAME_SECONDS, 0.06)  # the paper's, and openSMILE's own
CUTOFFS = (0.75, 0.7, 0.65, 0.6, 0.55, 0.5)  # openSMILE's own first

SEMITONES_FROM_HZ = 27.5
GROSS = 0.2  # an F0 that is off by more than a fifth is of another harmonic


@dataclass(frozen=True)
class Agreement:
    """One F0 track beside another.

    Attributes:
        voiced: Share of all frames that the first track voices.
        reference_voiced: Share of all frames that the other voices.
        same: Share of all frames that both voice, or neither.
        gross_errors: Share of the frames that both voice whose F0 differ by more than a fifth; NaN if there are none.
    """

    voiced: float
    reference_voiced: float
    same: float
    gross_errors: float


def f0(
    signal: ArrayLike,
    sampling_rate_hz: float,
    *,
    voicing_cutoff: float,
    pitch_frame_seconds: float = FRAME_SECONDS,
    smoothed: bool = True,
) -> NDArray[np.float32]:
    """F0 of the short-time features at each frame, ``(frames,)`` in Hz, 0 where unvoiced.

    Args:
        signal: As for :func:`replica.features.audio.short_time`.
        sampling_rate_hz: As there.
        voicing_cutoff: As there.
        pitch_frame_seconds: What the tracker hears at a time; 0.06 in openSMILE's own set.
        smoothed: The column F0final_sma, averaged over three frames, zeros included; else F0 before that.

    Raises:
        ValueError: As there.
        ImportError: If openSMILE is not installed.
    """
    configuration = configurations.short_time(voicing_cutoff, pitch_frame_seconds)
    level, column = (configurations.SHORT_LEVEL, "F0final_sma") if smoothed else (configurations.F0_LEVEL, "F0final")
    names, values = audio.at_frames(signal, sampling_rate_hz, configuration, level)
    return values[:, names.index(column)]


def egemaps_f0(signal: ArrayLike, sampling_rate_hz: float) -> NDArray[np.float32]:
    """F0 by eGeMAPS' tracker at each frame, ``(frames,)`` in Hz, 0 where unvoiced.

    Args:
        signal: As for :func:`replica.features.audio.short_time`.
        sampling_rate_hz: As there.

    Raises:
        ValueError: As there.
        ImportError: If openSMILE is not installed.
    """
    samples = smile.prepared(signal, sampling_rate_hz)
    names, rows = smile.run(samples, configurations.egemaps(), "lld", configurations.long_windows(None))
    semitones = rows[:, names.index("F0semitoneFrom27.5Hz_sma3nz")]
    # A row every 10 ms, of 60 ms: the one that is centred on frame k starts 30 ms earlier, and is number 4 k - 3.
    frames = frame_count(len(samples) / smile.SAMPLING_RATE_HZ)
    nearest = np.clip(4 * np.arange(frames) - 3, 0, len(semitones) - 1)
    return np.where(semitones > 0, SEMITONES_FROM_HZ * 2 ** (semitones / 12), 0.0)[nearest]


def agreement(track: ArrayLike, reference: ArrayLike) -> Agreement:
    """Voicing and F0 of one track beside another.

    Args:
        track: F0 ``(frames,)`` in Hz, 0 where unvoiced.
        reference: The same by another tracker, or the truth.

    Raises:
        ValueError: If they are not of one length above 0.
    """
    track, reference = np.asarray(track, np.float64), np.asarray(reference, np.float64)
    if track.shape != reference.shape or track.ndim != 1 or track.size == 0:
        raise ValueError(
            f"Two tracks (frames,) of one length are compared. Received {track.shape} and {reference.shape}. "
            "Extract both from one signal."
        )
    voiced, other = track > 0, reference > 0
    both = voiced & other
    off = np.abs(track[both] / reference[both] - 1) > GROSS
    return Agreement(
        voiced=float(voiced.mean()),
        reference_voiced=float(other.mean()),
        same=float((voiced == other).mean()),
        gross_errors=float(off.mean()) if both.any() else float("nan"),
    )


def measure(signal: ArrayLike, sampling_rate_hz: float) -> pd.DataFrame:
    """How each frame length and cutoff agrees with eGeMAPS' tracker on one recording, before and after smoothing.

    Args:
        signal: As for :func:`replica.features.audio.short_time`.
        sampling_rate_hz: As there.

    Returns:
        A row for each of ``FRAMES_SECONDS``, of ``CUTOFFS`` and of smoothing, with the fields of :class:`Agreement`.

    Raises:
        ValueError: As there.
        ImportError: If openSMILE is not installed.
    """
    reference = egemaps_f0(signal, sampling_rate_hz)
    rows = []
    for frame in FRAMES_SECONDS:
        for cutoff in CUTOFFS:
            for smoothed in (False, True):
                track = f0(
                    signal, sampling_rate_hz, voicing_cutoff=cutoff, pitch_frame_seconds=frame, smoothed=smoothed
                )
                setting = {"voicing_cutoff": cutoff, "pitch_frame_seconds": frame, "smoothed": smoothed}
                rows.append(setting | asdict(agreement(track, reference)))
    return pd.DataFrame(rows)
