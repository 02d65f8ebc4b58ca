"""Smooth the predictions of a recorded run (section 4.6), and score them as any other (section 5.8)."""

import numpy as np

from replica.corpora.recording import Corpus
from replica.evaluation import evaluate
from replica.inputs import frame_rate_hz, prepare
from replica.runs import Result, SmoothedRun
from replica.smoothing import best_alpha, exponential_smoothing, time_constant_seconds


def execute(run: SmoothedRun, corpus: Corpus, raw: Result) -> Result:
    """Choose alpha by grid on the dev partition and smooth dev and test with it.

    Source: equation 7 and section 4.6, "The optimization of alpha is done by grid search".

    Args:
        run: What to smooth and in which direction of time.
        corpus: The corpus of the run, for its gold standard.
        raw: The recorded result of ``run.input``.

    Returns:
        The result on dev and test; ``history`` holds alpha and its time constant in seconds.
    """
    sequences = {p: s for p, s in prepare(run.input, corpus).items() if p in raw.predictions}
    unsmoothed = {p: np.stack([raw.predictions[p][name] for name in s.names]) for p, s in sequences.items()}
    alpha = best_alpha(list(sequences["dev"].gold[..., 0]), list(unsmoothed["dev"][..., 0]), run.direction)
    predictions = {
        p: np.stack([exponential_smoothing(x, alpha, run.direction) for x in recordings])
        for p, recordings in unsmoothed.items()
    }
    seconds = time_constant_seconds(alpha, 1 / frame_rate_hz(run.input))
    history: dict[str, object] = {"alpha": alpha, "time_constant_seconds": seconds} | diverged([raw])
    return evaluate(run, sequences, predictions, history)


def diverged(inputs: list[Result]) -> dict[str, object]:
    """What the history of a run tells where a training that it starts from had diverged."""
    return {"stopped": "diverged"} if any(r.history.get("stopped") == "diverged" for r in inputs) else {}
