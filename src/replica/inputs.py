"""What a model of a run sees: the features side by side, at the scale's frame rate, as z-scores."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from replica.conventions import DIMENSIONS, FRAME_RATE_HZ, PARTITIONS
from replica.corpora.recording import Corpus, Recording
from replica.normalisation import normalise
from replica.runs import SCALES, FrameRegression, Run

# A feature set's name with this ending stands for its statistics in windows of 3 s, section 5.2's "long-time" features.
LONG_TIME = "_3s"
WINDOW_FRAMES = 75

# One with this ending stands for the feature set as it would be if it came 4 s late, out of step with all others.
LATE = "_late4s"
LATE_FRAMES = 100


@dataclass(frozen=True)
class Sequences:
    """One partition as a batch: ``features`` ``(batch, time, width)`` and ``gold`` ``(batch, time, dimension)``.

    ``widths`` are those of the run's feature sets, which stand side by side in its order.
    """

    names: tuple[str, ...]
    features: np.ndarray
    gold: np.ndarray
    widths: tuple[int, ...] = ()


def frame_rate_hz(run: Run | FrameRegression) -> float:
    """Frames a second at the run's scale."""
    return FRAME_RATE_HZ / SCALES[run.scale].frames_averaged


def prepare(run: Run | FrameRegression, corpus: Corpus) -> dict[str, Sequences]:
    """Each partition of the corpus as the batch that the run trains on or is scored on.

    Frames are averaged before the z-score, so that features have deviation 1 at the rate that the model sees.

    Raises:
        ValueError: If it is another corpus than the run's, lacks a feature, or its recordings differ in length.
    """
    _check_corpus(run, corpus)
    scale = SCALES[run.scale]
    recordings = {p: corpus.partition(p)[: scale.recordings] for p in PARTITIONS}
    unscaled = {r.name: frames(r.features, run) for p in PARTITIONS for r in recordings[p]}
    partitions = {r.name: p for p in PARTITIONS for r in recordings[p]}
    speakers = {r.name: r.speaker for p in PARTITIONS for r in recordings[p]}
    features = normalise(unscaled, partitions, by=run.normalisation, speakers=speakers)
    return {
        p: Sequences(
            names=tuple(r.name for r in recordings[p]),
            features=_stack([features[r.name] for r in recordings[p]], p, corpus),
            gold=_stack([_gold(r, run) for r in recordings[p]], p, corpus),
            widths=tuple(_width(name, corpus) for name in run.features),
        )
        for p in PARTITIONS
    }


def average_frames(x: np.ndarray, count: int) -> np.ndarray:
    """Means of ``count`` consecutive frames; frames left over at the end are dropped. ``(frames, width)``."""
    whole = len(x) // count * count
    return x[:whole].reshape(-1, count, x.shape[1]).mean(axis=1, dtype=np.float64)


def window_statistics(x: np.ndarray, window: int) -> np.ndarray:
    """Mean and standard deviation in a window around each frame: long-time features from short-time ones.

    Source: section 5.2, "applying statistical functions in 3s analysis window". Which functions is said nowhere for the
    challenge's other sets; the challenge's audio set has the mean of every descriptor, and others beside it.

    Args:
        x: ``(frames, width)``.
        window: Frames of a window, odd. The first and the last whole window serve for the frames at the edges.

    Returns:
        ``(frames, 2 * width)``, the means first, float64.

    Raises:
        ValueError: If the window is even or longer than the recording.
    """
    if window % 2 == 0 or not 0 < window <= len(x):
        raise ValueError(
            f"A window has an odd number of frames, at most the {len(x)} of the recording. Received {window}. "
            "Take longer recordings or a shorter window."
        )
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(np.float64), window, axis=0)
    statistics = np.concatenate([windows.mean(axis=-1), windows.std(axis=-1)], axis=1)
    return np.pad(statistics, ((window // 2, window // 2), (0, 0)), mode="edge")


def late(x: np.ndarray, count: int) -> np.ndarray:
    """What comes ``count`` frames late: each frame as it was before, and the first one until there is an earlier one.

    Source: section 4.5, "asynchronization of features"; the paper moves none.

    Args:
        x: ``(frames, width)``.
        count: Frames, at least 1; where the recording has no more than these, all are its first.
    """
    return np.concatenate([np.repeat(x[:1], min(count, len(x)), axis=0), x[:-count]])


def skip_delay(sequences: Sequences, delay_frames: int) -> Sequences:
    """Features beside the gold standard that raters gave ``delay_frames`` later; what has no partner is left out.

    Raises:
        ValueError: If nothing would be left.
    """
    frames = sequences.gold.shape[1] - delay_frames
    if frames < 1:
        raise ValueError(
            f"A label delay is shorter than the recordings, here {sequences.gold.shape[1]} frames. "
            f"Received {delay_frames} frames. Take longer recordings or a shorter delay."
        )
    features, gold = sequences.features[:, :frames], sequences.gold[:, delay_frames:]
    return replace(sequences, features=features, gold=gold)


def restore_delay(predictions: np.ndarray, delay_frames: int) -> np.ndarray:
    """Predictions of a model that learned without the delay, put where raters would give them.

    Args:
        predictions: ``(recordings, frames, dimensions)``, for the features that :func:`skip_delay` left.
        delay_frames: How much later they stand; the first frames, which have none, repeat the first prediction.
    """
    before = np.repeat(predictions[:, :1], delay_frames, axis=1)
    return np.concatenate([before, predictions], axis=1)


def frames(features: Mapping[str, np.ndarray], run: Run | FrameRegression) -> np.ndarray:
    """What a model of the run sees of one recording, before the z-score.

    Args:
        features: Feature set by name, ``(frames, width)`` at 25 Hz: those of the run, or what they are made of.
        run: Names the sets, and the scale.

    Returns:
        The sets side by side, ``(frames, width)`` float32, at the scale's frame rate.

    Raises:
        ValueError: If windows of 3 s are asked for, and the recording is shorter.
    """
    side_by_side = np.concatenate([_feature(name, features) for name in run.features], axis=1)
    return average_frames(side_by_side, SCALES[run.scale].frames_averaged).astype("float32")


def _gold(recording: Recording, run: Run | FrameRegression) -> np.ndarray:
    gold = recording.gold[:, [DIMENSIONS.index(d) for d in run.dimensions]]
    return average_frames(gold, SCALES[run.scale].frames_averaged).astype("float32")


def _feature(name: str, features: Mapping[str, np.ndarray]) -> np.ndarray:
    if name in features:
        return features[name]
    if name.endswith(LATE):
        return late(_feature(name.removesuffix(LATE), features), LATE_FRAMES)
    return window_statistics(features[name.removesuffix(LONG_TIME)], WINDOW_FRAMES).astype("float32")


def _width(name: str, corpus: Corpus) -> int:
    in_step, widths = name.removesuffix(LATE), corpus.feature_widths
    return widths[in_step] if in_step in widths else 2 * widths[in_step.removesuffix(LONG_TIME)]


def _stack(sequences: list[np.ndarray], partition: str, corpus: Corpus) -> np.ndarray:
    lengths = sorted({len(s) for s in sequences})
    if len(lengths) > 1:
        raise ValueError(
            "The recordings of a batch have one length, since a padded frame would enter the losses' moments. "
            f"Received {lengths} frames in partition {partition} of {corpus.name}. "
            "Cut the recordings to one length when loading the corpus."
        )
    return np.stack(sequences)


def _check_corpus(run: Run | FrameRegression, corpus: Corpus) -> None:
    if corpus.key != run.corpus:
        raise ValueError(
            f"A run is executed on the corpus that it declares, {run.corpus}. Received {corpus.key}. "
            "Load that corpus, or declare the run with this one's key."
        )
    known = corpus.feature_widths
    in_step = [name.removesuffix(LATE) for name in run.features]
    missing = [name for name in in_step if name not in known and name.removesuffix(LONG_TIME) not in known]
    if missing:
        raise ValueError(
            f"A run's features are among those of its corpus, {', '.join(corpus.feature_widths)}. "
            f"Received {', '.join(missing)} for {corpus.name}. Choose other features or another corpus."
        )
