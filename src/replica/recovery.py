"""What was planted in simulated signals, and what of it the feature sets find again.

A planted cue is not a measured one. In a folder that ``replica simulate`` and ``replica features`` have written, each
column is compared with the cue that it should follow, as :mod:`replica.planted` pairs them: a CC within each speaker,
over all frames where both exist. A column that should fall as its cue rises counts with its sign turned.

Laid down on 2026-11-28, before this was measured. Of a smaller look at six of the pairs the rounded values were known,
from six speakers of 100 s: F0 .93 by frame and .84 over 3 s, level .68, effort .44, smile .87, heart rate .993. Pairs,
columns and words have not been changed since:

- *recovered*: the 95 % interval over speakers of the mean CC lies above 0.5;
- *partly*: it lies above 0;
- *not recovered*: it reaches 0, or lies below.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from replica import paths
from replica.conventions import FRAME_RATE_HZ, FRAME_SECONDS
from replica.corpora import arff, avec2015_files
from replica.corpora.simulated import physiology as body
from replica.corpora.simulated import voice as sound
from replica.corpora.simulated.performance import perform
from replica.corpora.simulated.processes import generator
from replica.corpora.simulated_signals import Cohort
from replica.extraction import QUALITY
from replica.features import audio, ecg, wav
from replica.metrics import pearson_cc
from replica.planted import PAIRS, Truth, Values
from replica.raw_recordings import find
from replica.simulation import Recorded
from replica.statistics import Interval

__all__ = ["RECOVERED", "compared", "interval", "measure", "measured", "side_by_side", "table", "word"]

Floats = NDArray[np.float64]

FILE = "planted_cues.json"
RECOVERED = 0.5  # what the lower end of the interval must pass for "recovered", and 0 for "partly"
SETS = ("audio_short", "audio_long", "video_geo", "ecg", "eda")


def compared(planted: ArrayLike, extracted: ArrayLike) -> tuple[float, int]:
    """CC over the frames in which both are numbers, and how many those are; NaN if fewer than two, or nothing moves.

    Args:
        planted: ``(frames,)``.
        extracted: ``(frames,)``.
    """
    x, y = np.asarray(planted, np.float64), np.asarray(extracted, np.float64)
    both = np.isfinite(x) & np.isfinite(y)
    moving = both.sum() > 1 and np.ptp(x[both]) > 0 and np.ptp(y[both]) > 0
    return (pearson_cc(x[both], y[both]) if moving else float("nan")), int(both.sum())


def measure(folder: Path, cohort: Cohort, names: Iterable[str]) -> pd.DataFrame:
    """Compare what was planted with what was extracted.

    Args:
        folder: Of recordings, by ``replica simulate``, with features beside them, by ``replica features``.
        cohort: Whose they are.
        names: Of the recordings that are compared.

    Returns:
        Columns ``cue, feature, column, recording, cc, frames``, a row for each pair and recording.

    Raises:
        FileNotFoundError: If a recording or its features are not there.
        ValueError: If the folder holds another cohort, or one of another version.
    """
    files = {recording.name: recording.files for recording in find(folder)}
    rows = []
    for name in names:
        if "audio" not in files.get(name, {}) or name not in cohort.speakers:
            raise FileNotFoundError(
                "What was planted is compared with what is extracted of a recording of the cohort. There is no "
                f"{name!r} with a sound in {folder}. Make the cohort's recordings with `replica simulate`, or leave it "
                "out."
            )
        truth = _truth(cohort, name)
        _check(files[name]["audio"], truth.voice)
        values = {feature: _extracted(folder / "avec2015", feature, name) for feature in SETS}
        for pair in PAIRS:
            cc, count = compared(pair.planted(truth), pair.extracted(values[pair.feature]))
            rows.append((pair.cue, pair.feature, pair.column, name, pair.sign * cc, count))
    return pd.DataFrame(rows, columns=["cue", "feature", "column", "recording", "cc", "frames"])


def _truth(cohort: Cohort, name: str) -> Truth:
    number = cohort.speakers[name]
    done = perform(cohort.seed, number, cohort.frames, cohort.effect, cohort.correlation)
    return Truth(done, sound.voice(generator(cohort.seed, number, "sound"), done.voice, done.talk))


def _check(file: Path, made: sound.Voice) -> None:
    """Refuse a sound that is another than the truth is about; a file holds 16 bits."""
    written, _ = wav.read(file)
    if len(written) != len(made.signal) or np.abs(written - made.signal).max() > 2 / 32767:
        raise ValueError(
            f"What was planted is known of the cohort that was named, made by this version. {file} holds another "
            "sound. Name its cohort, or make the recordings again."
        )


def _extracted(root: Path, feature: str, name: str) -> Values:
    """The columns of one feature set, NaN where nothing was measured."""
    table = arff.read(root / avec2015_files.FOLDERS[feature] / f"{name}.arff")
    good = arff.read(root / QUALITY / feature / f"{name}.csv").values[:, 0] == 1
    return dict(zip(table.columns, np.where(good[:, None], table.values, np.nan).T, strict=True))


def measured() -> pd.DataFrame:
    """The rows of ``measured/planted_cues.json``, as :func:`measure` gave them.

    Raises:
        FileNotFoundError: If there is no such file.
    """
    return pd.DataFrame(about()["rows"])


def about() -> dict[str, Any]:
    """That file whole: ``seed, frames, provenance, rows``.

    Raises:
        FileNotFoundError: If there is no such file.
    """
    file = paths.measured() / FILE
    if not file.exists():
        raise FileNotFoundError(
            f"What was planted and found again is read from measured/{FILE}. There is none. "
            "Measure it with `python tools/measure_planted_cues.py`."
        )
    return dict(json.loads(file.read_text()))


def interval(correlations: ArrayLike, draws: int = 2000, seed: int = 0) -> Interval:
    """Mean CC over speakers with its 95 % interval, from drawing speakers with replacement.

    Args:
        correlations: One CC a speaker, ``(speakers,)``.
        draws: Number of draws.
        seed: Of the draws.
    """
    of = np.asarray(correlations, np.float64)
    drawn = of[np.random.default_rng(seed).integers(0, len(of), (draws, len(of)))].mean(axis=1)
    return Interval(float(of.mean()), *map(float, np.quantile(drawn, [0.025, 0.975])))


def word(found: Interval) -> str:
    """*recovered*, *partly* or *not recovered*, as laid down at the head of this module."""
    if found.low > RECOVERED:
        return "recovered"
    return "partly" if found.low > 0 else "not recovered"


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """For each pair, by ``cue, feature, column``: ``cc, low, high, frames, verdict``, in the order of the rows.

    Args:
        rows: As :func:`measure` or :func:`measured` gives them.
    """
    told = {}
    for key, of in rows.groupby(["cue", "feature", "column"], sort=False):
        found = interval(of["cc"].to_numpy(np.float64))
        told[key] = (*found, int(of["frames"].sum()), word(found))
    index = pd.MultiIndex.from_tuples(told, names=["cue", "feature", "column"])
    return pd.DataFrame(list(told.values()), index, ["cc", "low", "high", "frames", "verdict"])


def side_by_side(recorded: Recorded, first: int, frames: int) -> dict[str, dict[str, tuple[Floats, Floats]]]:
    """Pitch, level, heart rate and skin of one speaker: as planted, and as measured from the signals themselves.

    Args:
        recorded: As :func:`replica.simulation.record` gives it.
        first: The first frame that is wanted.
        frames: How many.

    Returns:
        Name and unit, then "planted" and "measured", then seconds and values, each ``(frames,)``; NaN where there is no
        voice. F0 is tracked in the stretch alone, so that its first frames may differ from those of a longer one.
    """
    shown = slice(first, first + frames)
    samples = round(FRAME_SECONDS * sound.SAMPLING_RATE_HZ)
    heard = recorded.voice.signal[first * samples : (first + frames) * samples]
    cue = sound.NAMES.index("level")
    level = sound.LEVEL_DB + sound.SCALES[cue] * recorded.performance.voice[:, cue]
    eda = recorded.physiology.eda[:: body.SAMPLING_RATE_HZ // FRAME_RATE_HZ]
    voiced = recorded.voice.f0_hz > 0
    planted: dict[str, Floats] = {
        "F0 (Hz)": np.where(voiced, recorded.voice.f0_hz, np.nan),
        "level (dB)": np.where(voiced, level, np.nan),
        "heart (1/min)": recorded.performance.heart_rate,
        "skin (µS)": recorded.performance.skin_level,
    }
    found: dict[str, Floats] = {
        "F0 (Hz)": _tracked(heard)[:frames],
        "level (dB)": 10 * np.log10(np.mean(heard.reshape(frames, samples) ** 2, axis=1)),
        "heart (1/min)": _heart_rate(recorded.physiology.ecg)[shown],
        "skin (µS)": eda[shown],
    }
    seconds: Floats = FRAME_SECONDS * np.arange(first, first + frames, dtype=np.float64)
    return {name: {"planted": (seconds, planted[name][shown]), "measured": (seconds, found[name])} for name in planted}


def _tracked(signal: Floats) -> Floats:
    """F0 in Hz at each frame, by the tracker of the short-time set; NaN where it finds no voice."""
    column = [name for name, _ in audio.SHORT_TIME_COLUMNS].index("F0final_sma")
    f0 = audio.short_time(signal, sound.SAMPLING_RATE_HZ)[:, column]
    return np.where(f0 > 0, f0, np.nan)


def _heart_rate(signal: Floats) -> Floats:
    peaks = ecg.r_peaks(signal, body.SAMPLING_RATE_HZ) / body.SAMPLING_RATE_HZ
    return ecg.heart_rate(peaks, len(signal) / body.SAMPLING_RATE_HZ)[0]
