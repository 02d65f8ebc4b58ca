"""Measure what the ratings of a real corpus tell by themselves, where it is on the machine, and record the numbers.

Writes measured/ratings.csv: seconds until the autocorrelation of each recording's gold standard falls to 1/e; and
measured/ratings_of_others.csv: moments of each test person's ratings against the mean of train's of the same stimulus,
where people share stimuli; and measured/raters.csv: the mean CC between pairs of raters, where there are several. No
rating is kept.
Usage: REPLICA_DATA=... python tools/measure_ratings.py
"""

import pandas as pd

from replica import corpora, paths, ratings
from replica.corpora.recording import Corpus

REAL = ("studyforrest", "ceap360vr")
SHARED_STIMULI = ("ceap360vr",)
SEVERAL_RATERS = ("studyforrest",)


def main() -> None:
    """One row a recording, or a person and emotion dimension."""
    loaded = [corpora.load(name) for name in REAL]
    speeds = [_by_recording(ratings.measure(c), c) for c in loaded]
    of_others = [_marked(ratings.of_others(c).round(9), c) for c in loaded if c.name in SHARED_STIMULI]
    raters = [_by_recording(ratings.agreement(c), c) for c in loaded if c.name in SEVERAL_RATERS]
    for name, tables in {ratings.FILE: speeds, ratings.OF_OTHERS: of_others, ratings.RATERS: raters}.items():
        pd.concat(tables).to_csv(paths.measured() / name, index=False, lineterminator="\n")


def _by_recording(table: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    return _marked(table.round(3).reset_index().sort_values("recording"), corpus)


def _marked(table: pd.DataFrame, corpus: Corpus) -> pd.DataFrame:
    table.insert(0, "digest", corpus.digest[:16])
    table.insert(0, "corpus", corpus.name)
    return table


if __name__ == "__main__":
    main()
