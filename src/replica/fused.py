"""Fuse the predictions of recorded runs (section 5.7), and score them as any other."""

import numpy as np

from replica.corpora.recording import Corpus
from replica.evaluation import evaluate
from replica.inputs import Sequences, prepare
from replica.late_fusion import LateFusion
from replica.runs import FusedRun, Result, trained
from replica.smoothed import diverged


def execute(run: FusedRun, corpus: Corpus, members: list[Result]) -> Result:
    """Learn the weights on dev and fuse dev and test with them.

    Source: section 5.7, "one part with the first 8 sequences for learning fusion weights (dev-dev) and the last
    sequence for testing fusion performance (dev-test)".

    Args:
        run: What to fuse, and from which recordings the weights come.
        corpus: The corpus of the run, for its gold standard.
        members: The recorded results of ``run.inputs``, in that order.

    Returns:
        The result on dev and test, and on train where the members have predictions of it. ``history`` holds the
        weights and the intercept that test was fused with, and the dev recordings that they were learned on.

    Raises:
        ValueError: If dev has a single recording, which cannot be split.
    """
    predicted = set.intersection(*(set(member.predictions) for member in members))
    sequences = {p: s for p, s in prepare(trained(run), corpus).items() if p in predicted}
    dev = sequences["dev"]
    everything, speaker = sorted(dev.names), {r.name: r.speaker for r in corpus.recordings}
    if len({speaker[name] for name in everything}) < 2:
        raise ValueError(
            f"Fusion weights are learned on some dev speakers and tried on others. Received {corpus.name} with "
            f"{dev.names} in dev. Take a corpus with two dev speakers at least."
        )
    if run.weights_from == "dev_dev":
        learned_on = everything[:-1]
        at_test = _fit(members, dev, learned_on)
        of_dev = dict.fromkeys(dev.names, at_test)
    else:
        learned_on = everything
        at_test = _fit(members, dev, learned_on)
        of_dev = {
            name: _fit(members, dev, [other for other in everything if speaker[other] != speaker[name]])
            for name in dev.names
        }
    predictions = {
        p: np.stack([_fuse(of_dev[name] if p == "dev" else at_test, members, p, name) for name in s.names])
        for p, s in sequences.items()
    }
    history: dict[str, object] = {
        "weights": at_test.weights.tolist(),
        "intercept": at_test.intercept,
        "learned_on": learned_on,
    }
    return evaluate(run, sequences, predictions, history | diverged(members))


def _fit(members: list[Result], dev: Sequences, names: list[str]) -> LateFusion:
    gold = np.concatenate([dev.gold[dev.names.index(name), :, 0] for name in names])
    joined = [np.concatenate([member.predictions["dev"][name][:, 0] for name in names]) for member in members]
    return LateFusion().fit(joined, gold)


def _fuse(fusion: LateFusion, members: list[Result], partition: str, name: str) -> np.ndarray:
    return fusion.predict([member.predictions[partition][name][:, 0] for member in members])[:, None]
