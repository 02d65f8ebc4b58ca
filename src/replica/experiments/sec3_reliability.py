"""Section 3, "CCC is a much more reliable measurement": the order of the other sections' runs on halves of the people.

Runs: none of its own, but every recorded one, whichever section it is of: networks of all seeds, regressions, smoothed
and fused predictions. None is chosen, so that no choice can lean to one metric.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from replica.conventions import DIMENSIONS
from replica.corpora.recording import CorpusKey
from replica.experiments.recorded import Effect, by_speaker
from replica.experiments.systems import CORPORA, many
from replica.runs import Run, fitted
from replica.split_half import METRICS, advantage, reliability
from replica.store import Record, Store

PARTITION = "test"


def recorded(
    store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> dict[CorpusKey, list[Record]]:
    """Every record of these seeds, by rotation or cohort.

    Raises:
        FileNotFoundError: If of no rotation or cohort two results of each emotion dimension are recorded.
    """
    usual = many(corpus, seeds, scale)
    keys = dict.fromkeys(key for seed in usual for key in CORPORA[corpus](seed))
    found: dict[CorpusKey, list[Record]] = {key: [] for key in keys}
    for result in store.records():
        bottom = fitted(result.run)
        of_seeds = all(network.seed in usual for network in bottom if isinstance(network, Run))
        if result.run.corpus in found and bottom[0].scale == scale and of_seeds:
            found[result.run.corpus].append(result)
    ordered = {key: results for key, results in found.items() if all(len(_of(results, d)) > 1 for d in DIMENSIONS)}
    if not ordered:
        raise FileNotFoundError(
            f"An order is of at least two recorded runs of each emotion dimension. On {corpus} at {scale} scale there "
            "are none. Train some with `replica sweep`, or restore the results from version control."
        )
    return ordered


def moments(results: Sequence[Record], dimension: str, corpus: str) -> np.ndarray:
    """Rows of moments ``(runs, people, 6)`` of those results that predict a dimension."""
    return np.array([by_speaker(r.moments[PARTITION][dimension], corpus) for r in _of(results, dimension)])


def table(of: dict[CorpusKey, list[Record]], corpus: str) -> pd.DataFrame:
    """How well each metric's order keeps from one half to the other: a row for each rotation or cohort and dimension.

    With the numbers of runs that are ordered, and of people whose halves are compared.
    """
    rows = {}
    for key, results in of.items():
        for dimension in DIMENSIONS:
            these = moments(results, dimension, corpus)
            place = " ".join(f"{option} {value}" for option, value in key.options if option in ("rotation", "seed"))
            kept = reliability(these)
            rows[dimension, place or corpus] = {"runs": len(these), "people": these.shape[1]} | kept
    columns = {"runs": int, "people": int} | dict.fromkeys(METRICS, float)
    return pd.DataFrame(rows).T.astype(columns).loc[list(DIMENSIONS)]


def effect(of: dict[CorpusKey, list[Record]], corpus: str) -> Effect:
    """Claim 3b: how much better the order by CCC keeps than the order by CC, with its interval over people.

    The seeds are those that any of the runs was trained with.
    """
    cohorts = [[moments(results, dimension, corpus) for dimension in DIMENSIONS] for results in of.values()]
    other_people = all("seed" in dict(key.options) for key in of)  # in each cohort; a rotation is of the same film
    networks = [network for results in of.values() for r in results for network in fitted(r.run)]
    seeds = {network.seed for network in networks if isinstance(network, Run)}
    return Effect(*advantage(cohorts, redraw_cohorts=other_people), len(seeds))


def effects(
    store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> dict[str, Effect]:
    """The quantity of claim 3b, from every recorded run."""
    return {"3b": effect(recorded(store, corpus, scale, seeds), corpus)}


def _of(results: Sequence[Record], dimension: str) -> list[Record]:
    return [result for result in results if dimension in result.run.dimensions]
