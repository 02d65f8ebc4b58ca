"""Measure how fast the ratings of a real corpus change, where it is on the machine, and record the numbers.

Writes measured/ratings.csv: seconds until the autocorrelation of each recording's gold standard falls to 1/e. No rating
is kept.
Usage: REPLICA_DATA=... python tools/measure_ratings.py
"""

import pandas as pd

from replica import corpora, paths, ratings

REAL = ("studyforrest", "ceap360vr")


def main() -> None:
    """One row a recording."""
    tables = []
    for corpus in map(corpora.load, REAL):
        table = ratings.measure(corpus).round(3).reset_index()
        table.insert(0, "digest", corpus.digest[:16])
        table.insert(0, "corpus", corpus.name)
        tables.append(table.sort_values("recording"))
    pd.concat(tables).to_csv(paths.measured() / ratings.FILE, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
