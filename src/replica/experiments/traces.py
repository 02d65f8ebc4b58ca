"""A gold standard beside recorded predictions of it, where the corpus is on this machine: Figures 3 and 4."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from replica import corpora
from replica.conventions import DIMENSIONS
from replica.inputs import average_frames, frame_rate_hz
from replica.runs import SCALES, Result, fitted

Floats = np.ndarray


class Traces(NamedTuple):
    """Seconds, gold standard and predictions by name, each ``(frames,)``, at the rate of the results."""

    seconds: Floats
    gold: Floats
    predictions: dict[str, Floats]


def traces(results: Mapping[str, Result], dimension: str, partition: str, recording: str) -> Traces:
    """One recording of a corpus as its gold standard and some results have it.

    Args:
        results: Results by name, of one corpus and one scale.
        dimension: The emotion dimension.
        partition: ``"dev"`` or ``"test"``, whose predictions are recorded.
        recording: Its name.

    Raises:
        FileNotFoundError: If the corpus is not on this machine.
        ValueError: If the corpus here is another version than the results', or an altered copy.
    """
    run = next(result.run for result in results.values())
    bottom = fitted(run)[0]
    corpus = corpora.load_pinned(run.corpus)
    (gold,) = (r.gold[:, DIMENSIONS.index(dimension)] for r in corpus.partition(partition) if r.name == recording)
    averaged = average_frames(gold[:, None], SCALES[bottom.scale].frames_averaged)[:, 0]
    return Traces(
        np.arange(len(averaged)) / frame_rate_hz(bottom),
        averaged,
        {
            name: result.predictions[partition][recording][:, result.run.dimensions.index(dimension)]
            for name, result in results.items()
        },
    )
