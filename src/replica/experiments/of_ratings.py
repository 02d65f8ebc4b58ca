"""Effects of claims that ratings decide without a training: read where they were measured, or measured here."""

from collections.abc import Callable, Sequence

import pandas as pd

from replica import corpora, ratings
from replica.corpora.recording import Corpus
from replica.experiments.recorded import Effect
from replica.experiments.systems import CORPORA, corpus_name, few, speaker_of

__all__ = ["MEASURED", "difference"]

MEASURED = ("studyforrest", "ceap360vr")  # whose ratings were measured where they are, by tools/measure_ratings.py


def difference(
    corpus: str,
    seeds: Sequence[int] | None,
    measured: Callable[[str], pd.DataFrame],
    measure: Callable[[Corpus], pd.DataFrame],
) -> Effect:
    """Valence less arousal of what is measured of each recording, mean over recordings, with its interval over people.

    Args:
        corpus: One of ``systems.CORPORA``.
        seeds: Cohorts of a simulated corpus; without them as many as usual.
        measured: What is recorded of a real corpus, by its name: ``recording, arousal, valence``.
        measure: The same from the ratings of another corpus, ``recording`` as the index.

    Raises:
        FileNotFoundError: If a real corpus was not measured, or the corpus of somebody's own is not here.
    """
    name, cohorts = corpus_name(corpus), few(corpus, seeds)
    if name in MEASURED:
        rows = measured(name)
    else:
        keys = dict.fromkeys(key for seed in cohorts for key in CORPORA[corpus](seed))
        of = {f"{n}": measure(corpora.load_pinned(key)) for n, key in enumerate(keys)}
        rows = pd.concat(of, names=["cohort"]).reset_index()
        rows["recording"] = rows["recording"] + " of cohort " + rows["cohort"]
    people = [speaker_of(corpus, recording) for recording in rows["recording"]]
    return Effect(*ratings.difference(rows, people), len(cohorts))
