"""The voice of a simulated speaker as a sound at 16 kHz: glottal pulses through a vocal tract that moves.

Source and filter are separate. The source is the pulse KLGLOTT88 (as unified by Doval, d'Alessandro & Henrich, 2006)
with hiss; the filter is the response of five resonances, applied to overlapping windows. Syllables, melody and
breathing pauses are our construction. It says no words.

Numbers were set from physical targets on 2026-11-28, before any training on these sounds. What a deviation of a cue
does stands in :mod:`replica.corpora.simulated.parameters`: semitones, decibels, per cent.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from replica.conventions import FRAME_SECONDS
from replica.corpora.simulated import parameters as p

__all__ = ["SAMPLING_RATE_HZ", "Voice", "voice"]

Floats = NDArray[np.float64]

SAMPLING_RATE_HZ = 16_000
CONTROL_HZ = 1000  # of everything that moves the voice: a millisecond is short for a muscle
_STEP = SAMPLING_RATE_HZ // CONTROL_HZ

# Peterson & Barney (1952), Table II: F1, F2, F3 of ten vowels of men and of women, in Hz, and their mean F0.
FORMANTS_HZ = {
    "man": [[270, 2290, 3010], [390, 1990, 2550], [530, 1840, 2480], [660, 1720, 2410], [730, 1090, 2440],
            [570, 840, 2410], [440, 1020, 2240], [300, 870, 2240], [640, 1190, 2390], [490, 1350, 1690]],
    "woman": [[310, 2790, 3310], [430, 2480, 3070], [610, 2330, 2990], [860, 2050, 2850], [850, 1220, 2810],
              [590, 920, 2710], [470, 1160, 2680], [370, 950, 2670], [760, 1400, 2780], [500, 1640, 1960]],
}  # fmt: skip
F0_HZ = {"man": 132.0, "woman": 221.0}  # means of the same table's vowels
# A tube closed at one end resonates at odd multiples of its lowest resonance: at 500 Hz with a length of 17.5 cm; a
# woman's is shorter by the 16 % that the table's formants are higher. Vowels move the first three.
TUBE_HZ = {"man": 500.0, "woman": 580.0}
_ABOVE = np.arange(11, 8001, 2)  # the sixth and all above, as far as they can be heard below 8 kHz
ABOVE_BANDWIDTH_HZ = 400.0  # assumed
BANDWIDTHS_HZ = np.array([70.0, 90.0, 130.0, 200.0, 250.0])  # assumed: wider with frequency, as losses are
F0_DEVIATION = 2.0  # semitones between people of a sex; assumed
F0_LIMITS_HZ = (65.0, 450.0)  # assumed: below and above, no chest voice

SYLLABLES_PER_SECOND, RATE_LIMITS = 5.0, (0.4, 2.0)  # and of the cue's factor; assumed: conversation
CONSONANT_SHARE = 0.3  # of a syllable; assumed
ONSETS = (0.2, 0.4, 0.4)  # shares of syllables that begin with a vowel, with a hiss, with a voiced consonant; assumed
PAUSE_SHARE = 0.1  # of syllables that are breath; assumed
DIP = 0.25  # amplitude between vowels, of the vowel's: a voiced consonant is 12 dB softer; assumed
TALK_EDGE_SECONDS, SYLLABLE_EDGE_SECONDS, GLIDE_SECONDS = 0.015, 0.006, 0.025  # deviations of the edges; assumed

DECLINATION, LOWEST_DECLINATION = -1.0, -3.0  # semitones a second, and in all, from the start of a turn; assumed
ACCENT = 2.0  # deviation of a syllable's accent, semitones: with the above, a range of about an octave; assumed
RANGE_LIMITS = (0.3, 2.5)  # of the melody's factor: neither chant nor song; assumed

OPEN_QUOTIENT = 0.6  # of the glottis in modal voice; assumed
JITTER, SHIMMER = 0.5, 3.0  # per cent, deviation from cycle to cycle; assumed: a healthy voice
ASPIRATION_DB = -24.0  # noise of the breath before the vocal tract, against the pulses; assumed: a clear voice
TILT_FROM_HZ = 1000.0  # effort tilts the spectrum above: dB an octave for each deviation of the cue

LEVEL_DB = -30.0  # root mean square of a vowel at full scale 1: 12 dB of shouting and 15 dB of peaks still fit
HISS_DB = -14.0  # of a consonant, against the vowel; assumed
MICROPHONE_DB = 3.0  # deviation between people of the headset's gain; assumed
ROOM_DB = (-66.0, -60.0)  # about 33 dB below a vowel; assumed: a headset in an office

_WINDOW, _HOP, _FFT = 320, 160, 768  # 20 ms each 10 ms; a transform has room for the 28 ms that a formant rings on
_CHUNK = 2000  # windows filtered at once

NAMES = tuple(cue.name for cue in p.VOICE.cues)
SCALES = np.array([cue.scale for cue in p.VOICE.cues])


@dataclass(frozen=True, eq=False)
class Voice:
    """A sound and the truth about it.

    Attributes:
        signal: ``(samples,)`` at 16 kHz, in [-1, 1].
        f0_hz: ``(frames,)``, F0 at each frame; 0 where the vocal cords rest.
        opening: ``(frames,)`` in [0, 1], how far the mouth is open.
    """

    signal: Floats
    f0_hz: Floats
    opening: Floats


class _Syllables(NamedTuple):
    """At 1 kHz, each ``(controls,)``."""

    voiced: Floats  # amplitude
    hissing: Floats  # amplitude
    opening: Floats
    accent: Floats
    vowel: NDArray[np.intp]


def voice(rng: np.random.Generator, cues: Floats, talk: Floats) -> Voice:
    """Make a sound of the cues.

    Args:
        rng: Of the stream ``sound``.
        cues: ``(frames, 9)``, as ``parameters.VOICE`` lists them, in deviations.
        talk: ``(frames,)``, 1 where the speaker talks.

    Returns:
        The voice, of ``(frames - 1) * 0.04`` seconds.
    """
    seconds = (len(talk) - 1) * FRAME_SECONDS
    samples = round(seconds * SAMPLING_RATE_HZ)
    times = np.arange(round(seconds * CONTROL_HZ) + 1) / CONTROL_HZ
    at_frames = np.arange(len(talk)) * FRAME_SECONDS
    in_units = dict(zip(NAMES, (np.interp(times, at_frames, cue) for cue in (cues * SCALES).T), strict=True))
    sex = "man" if rng.random() < 0.5 else "woman"
    talking = np.interp(times, at_frames, talk) > 0.5
    said = _syllables(rng, talking, 1 + in_units["syllable rate"] / 100)
    f0 = _melody(rng, F0_HZ[sex], talking, said.accent, in_units)
    tract = _resonances(sex, said.vowel, 1 + in_units["formant scale"] / 100)

    def sampled(control: Floats) -> Floats:
        return np.interp(np.arange(samples), np.arange(len(control)) * _STEP, control)

    amplitude = sampled(said.voiced)
    source = _pulses(rng, sampled(f0), *(sampled(in_units[name]) for name in ("jitter", "shimmer")))
    source += _decibels(ASPIRATION_DB + sampled(in_units["aspiration"])) * source.std() * rng.standard_normal(samples)
    vowels = _filtered(source * amplitude, tract, in_units["effort"], _above(sex))
    loud = vowels[amplitude > 0.5]
    # The loudness that is asked for, whatever vowel and source gave; a speaker who never talks has none.
    vowels /= np.sqrt(np.mean(loud**2)) if len(loud) else 1.0
    hiss = np.diff(rng.standard_normal(samples), prepend=0.0) / np.sqrt(2)
    speech = vowels + _decibels(HISS_DB) * sampled(said.hissing) * hiss
    gain = LEVEL_DB + MICROPHONE_DB * rng.standard_normal() + sampled(in_units["level"])
    room = _decibels(rng.uniform(*ROOM_DB)) * rng.standard_normal(samples)
    signal = np.clip(_decibels(gain) * speech + room, -1, 1)
    each = round(FRAME_SECONDS * CONTROL_HZ)
    return Voice(signal, np.where(said.voiced > DIP / 2, f0, 0.0)[::each], said.opening[::each])


def _decibels(level: Floats | float) -> Floats:
    return np.asarray(10 ** (np.asarray(level) / 20))


def _syllables(rng: np.random.Generator, talking: NDArray[np.bool_], rate: Floats) -> _Syllables:
    """A clock of syllables; each has a consonant, then a vowel, or is a pause for breath."""
    clock = np.cumsum(SYLLABLES_PER_SECOND * np.clip(rate, *RATE_LIMITS)) / CONTROL_HZ
    index = clock.astype(int)
    count = index[-1] + 1
    onset = rng.choice(3, count, p=ONSETS)[index]
    vowel = rng.integers(len(FORMANTS_HZ["man"]), size=count)[index]
    accent = rng.standard_normal(count)[index]
    on = (talking & (rng.random(count) >= PAUSE_SHARE)[index]).astype(float)
    through = (clock - index - CONSONANT_SHARE) / (1 - CONSONANT_SHARE)  # of the vowel; below 0 it is the consonant
    opening = np.sin(np.pi * np.clip(through, 0, 1))
    in_hiss = (onset == 1) & (through < 0)
    amplitude = np.where(in_hiss, 0.0, DIP + (1 - DIP) * np.where(onset == 0, 1.0, opening))
    on = gaussian_filter1d(on, TALK_EDGE_SECONDS * CONTROL_HZ)
    voiced, hissing = (gaussian_filter1d(x, SYLLABLE_EDGE_SECONDS * CONTROL_HZ) for x in (amplitude, in_hiss * 1.0))
    return _Syllables(voiced * on, hissing * on, opening * on, accent * opening, vowel)


def _melody(
    rng: np.random.Generator, mean_hz: float, talking: NDArray[np.bool_], accent: Floats, cues: dict[str, Floats]
) -> Floats:
    """F0 in Hz: a person's own, the cue's level, and a melody of the cue's range that falls through each turn."""
    now = np.arange(len(talking))
    begun = np.maximum.accumulate(np.where(np.diff(talking, prepend=False), now, 0))
    melody = np.maximum(DECLINATION * (now - begun) / CONTROL_HZ, LOWEST_DECLINATION) - LOWEST_DECLINATION / 2
    melody += ACCENT * gaussian_filter1d(accent, GLIDE_SECONDS * CONTROL_HZ)
    semitones = F0_DEVIATION * rng.standard_normal() + cues["F0 level"]
    semitones = semitones + np.clip(1 + cues["F0 range"] / 100, *RANGE_LIMITS) * melody
    return np.clip(mean_hz * 2 ** (semitones / 12), *F0_LIMITS_HZ)


def _resonances(sex: str, vowel: NDArray[np.intp], scale: Floats) -> Floats:
    """The five formants in Hz ``(controls, 5)``, gliding from vowel to vowel."""
    table = np.array([[*first_three, 7 * TUBE_HZ[sex], 9 * TUBE_HZ[sex]] for first_three in FORMANTS_HZ[sex]])
    return np.asarray(gaussian_filter1d(table[vowel], GLIDE_SECONDS * CONTROL_HZ, axis=0) * scale[:, None])


def _pulses(rng: np.random.Generator, f0: Floats, jitter: Floats, shimmer: Floats) -> Floats:
    """The derivative of the glottal flow: KLGLOTT88, each cycle a little too long and too loud.

    The cues change the size of both, in per cent of what is usual.
    """
    cycle = (np.cumsum(f0) / SAMPLING_RATE_HZ).astype(int)
    off, loud = rng.standard_normal((2, cycle[-1] + 2))
    f0 = f0 * (1 + JITTER / 100 * np.maximum(1 + jitter / 100, 0) * off[cycle])
    phase = np.cumsum(f0) / SAMPLING_RATE_HZ
    cycle = np.minimum(phase.astype(int), len(loud) - 1)
    phase -= phase.astype(int)
    x = phase / OPEN_QUOTIENT
    flow = np.where(x < 1, 2 * x - 3 * x**2, 0.0)
    flow += 0.5 * _rounded_step((phase - OPEN_QUOTIENT) / (f0 / SAMPLING_RATE_HZ))  # closure: from -1 to 0 at once
    return flow * (1 + SHIMMER / 100 * np.maximum(1 + shimmer / 100, 0) * loud[cycle])


def _rounded_step(samples_after: Floats) -> Floats:
    """What to add to a step of height 2 so that it aliases less: a parabola on the sample before it and after."""
    t = samples_after
    after, before = (t >= 0) & (t < 1), (t > -1) & (t < 0)
    return np.where(after, 2 * t - t**2 - 1, 0.0) + np.where(before, t**2 + 2 * t + 1, 0.0)


def _filtered(source: Floats, formants: Floats, effort: Floats, fixed: NDArray[np.complex64]) -> Floats:
    """The source through the vocal tract: each window's spectrum times the response of the tract at its middle."""
    padded = np.pad(source, (_HOP, _FFT))
    starts = np.arange(0, len(source) + 1, _HOP)
    middles = np.minimum(starts // _STEP, len(effort) - 1)  # in controls: the padding puts them there
    taper = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(_WINDOW) / _WINDOW)
    total = np.zeros(len(padded) + _FFT)
    for first in range(0, len(starts), _CHUNK):
        chosen = slice(first, first + _CHUNK)
        cut = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[starts[chosen]] * taper
        spectrum = np.fft.rfft(cut, _FFT, axis=1) * (
            fixed * _response(formants[middles[chosen]], effort[middles[chosen]])
        )
        pieces = np.fft.irfft(spectrum, _FFT, axis=1)
        _overlap_add(total, pieces, int(starts[first]))
    return total[_HOP : _HOP + len(source)]


def _overlap_add(total: Floats, pieces: Floats, start: int) -> None:
    """Add pieces that begin a hop apart: four lots, within which none overlaps another."""
    lots = -(-_FFT // _HOP)
    length = lots * _HOP
    for lot in range(lots):
        of_lot = np.pad(pieces[lot::lots], ((0, 0), (0, length - _FFT))).ravel()
        begin = start + lot * _HOP
        end = min(begin + len(of_lot), len(total))
        total[begin:end] += of_lot[: max(end - begin, 0)]


def _response(formants: Floats, effort: Floats) -> NDArray[np.complex64]:
    """The tract's response ``(windows, bins)``: resonances in series, 1 at frequency 0, tilted by effort."""
    hz = np.fft.rfftfreq(_FFT, 1 / SAMPLING_RATE_HZ).astype(np.float32)
    response = np.ones((len(formants), len(hz)), np.complex64)
    for number, bandwidth in enumerate(BANDWIDTHS_HZ):
        response *= _resonance(hz, formants[:, number, None], bandwidth)
    octaves = np.log2(np.maximum(hz, TILT_FROM_HZ) / TILT_FROM_HZ)
    return response * np.float32(10) ** (effort[:, None].astype(np.float32) * octaves / 20)


def _above(sex: str) -> NDArray[np.complex64]:
    """The response of the resonances above the fifth, which no vowel moves, ``(bins,)``.

    Without them a series of five resonances would fall by 12 dB an octave for each.
    """
    hz = np.fft.rfftfreq(_FFT, 1 / SAMPLING_RATE_HZ).astype(np.float32)
    return np.asarray(_resonance(hz, TUBE_HZ[sex] * _ABOVE[:, None], ABOVE_BANDWIDTH_HZ).prod(axis=0))


def _resonance(hz: NDArray[np.float32], formant: NDArray[np.floating], bandwidth: float) -> NDArray[np.complex64]:
    square = formant.astype(np.float32) ** 2
    return np.asarray(square / (square - hz**2 + 1j * np.float32(bandwidth) * hz))
