"""Z-score of the features (section 5), in the three readings of "normalized in each speaker set"."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from replica.conventions import PARTITIONS

__all__ = ["mean_and_deviation", "normalise", "z_score"]

Features = NDArray[np.float32]
Floats = NDArray[np.float64]

SMALLEST_DEVIATION = 1e-8  # relative to the mean, or absolute where the mean is below 1


def mean_and_deviation(recordings: Sequence[Features]) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each feature over all frames of the recordings together.

    Args:
        recordings: Features, each ``(frames, width)``; frames may differ.

    Returns:
        Mean and deviation, each ``(width,)`` in float64. A deviation below 1e-8 of the larger of the absolute mean
        and 1 is returned as 1, so that a constant feature becomes 0 and not NaN.

    Note:
        A feature whose values truly are as small as 1e-8 is only centred: give it another unit.
    """
    frames = sum(len(features) for features in recordings)
    # Two passes, recording by recording: exact for features far from 0, without a copy of the whole partition.
    mean = sum(features.sum(axis=0, dtype=np.float64) for features in recordings) / frames
    variance = sum(((features - mean) ** 2).sum(axis=0) for features in recordings) / frames
    deviation = np.sqrt(variance)
    constant = deviation < SMALLEST_DEVIATION * np.maximum(np.abs(mean), 1.0)
    return mean, np.where(constant, 1.0, deviation)


def z_score(features: Features, mean: Floats, deviation: Floats) -> Features:
    """Features less their mean, in units of their deviation: ``(frames, width)`` float32, computed in float64."""
    return ((features - mean) / deviation).astype(np.float32)


def normalise(
    recordings: Mapping[str, Features],
    partitions: Mapping[str, str],
    *,
    by: Literal["speaker", "partition", "train"] = "speaker",
    speakers: Mapping[str, str] | None = None,
) -> dict[str, Features]:
    """Z-score of every recording.

    Source: section 5, "All the features in following experiments are normalized in each speaker set using z-score".

    Args:
        recordings: Features of each recording by its name, ``(frames, width)``.
        partitions: The partition of each recording by its name: train, dev or test.
        by: Whose frames give mean and deviation: ``"speaker"`` all recordings of its speaker, ``"partition"`` all
            recordings of its partition, ``"train"`` those of the partition train for every recording.
        speakers: The speaker of each recording by its name; by default each recording has a speaker of its own.

    Returns:
        The normalised features by name, in the given order, ``(frames, width)`` float32.

    Raises:
        ValueError: If ``by`` or a partition is unknown, the names differ (in ``speakers`` too), a recording is no
            finite ``(frames, width)``, the widths differ, or ``"train"`` finds no recording of train.

    Note:
        The paper's sentence allows each of the three. By speaker and by partition use the whole of a test recording
        before its first prediction, and by speaker removes what sets one speaker apart from another.
    """
    speakers = {name: name for name in recordings} if speakers is None else speakers
    _check(recordings, partitions, speakers, by)
    sources = {name: _source(name, partitions, speakers, by) for name in recordings}
    statistics = {names: mean_and_deviation([recordings[name] for name in names]) for names in set(sources.values())}
    return {name: z_score(features, *statistics[sources[name]]) for name, features in recordings.items()}


def _source(name: str, partitions: Mapping[str, str], speakers: Mapping[str, str], by: str) -> tuple[str, ...]:
    """The recordings whose frames give the mean and deviation of one recording."""
    if by == "speaker":
        return tuple(other for other, speaker in speakers.items() if speaker == speakers[name])
    wanted = "train" if by == "train" else partitions[name]
    return tuple(other for other, partition in partitions.items() if partition == wanted)


def _check(
    recordings: Mapping[str, Features], partitions: Mapping[str, str], speakers: Mapping[str, str], by: str
) -> None:
    if by not in ("speaker", "partition", "train"):
        raise ValueError(
            "Normalisation is by speaker, by partition or by the statistics of train. "
            f"Received by={by!r}. "
            'Pass by="speaker", by="partition" or by="train".'
        )
    for other in (partitions, speakers):
        if set(recordings) != set(other):
            raise ValueError(
                f"Normalisation needs features and {'partition' if other is partitions else 'speaker'} of the same "
                f"recordings. Received only one of the two for {sorted(set(recordings) ^ set(other))}. "
                "Build both mappings from one list of recordings."
            )
    if unknown := sorted(set(partitions.values()) - set(PARTITIONS)):
        raise ValueError(
            f"A partition is one of {', '.join(PARTITIONS)}. Received {unknown}. Correct the mapping of partitions."
        )
    if by == "train" and "train" not in partitions.values():
        raise ValueError(
            'Normalisation by="train" needs at least one recording of train. '
            f"Received the partitions {sorted(set(partitions.values()))}. "
            'Add the recordings of train, or normalise by="speaker".'
        )
    widths = {features.shape[1:] for features in recordings.values()}
    for name, features in recordings.items():
        if features.ndim != 2 or len(features) == 0 or len(widths) > 1:
            raise ValueError(
                "Normalisation takes features (frames, width) of one width, with at least one frame. "
                f"Received {features.shape} for {name!r} and the widths {sorted(widths)} in all. "
                "Normalise one feature set at a time, before any concatenation."
            )
        if not np.isfinite(features).all():
            raise ValueError(
                "Normalisation takes finite features. "
                f"Received NaN or infinity in {name!r}, first at frame and column "
                f"{tuple(np.argwhere(~np.isfinite(features))[0].tolist())}. "
                "Repair the feature extraction or drop the column: one such value would spoil its whole column."
            )
