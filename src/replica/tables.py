"""The paper's tables as printed, and the layout that sets ours beside them."""

from collections.abc import Iterable

import pandas as pd

from replica import paths
from replica.conventions import LOSSES
from replica.runs import Result, digest
from replica.statistics import Interval

LOSS_TABLES = {"arousal": 4, "valence": 5}
METRICS = ("rmse", "cc", "ccc")


def paper_table(number: int) -> pd.DataFrame:
    """The rows of one printed table, ``target, row, column, metric, value``, values as numbers.

    Raises:
        ValueError: If the paper has no such table with numbers.
    """
    tables = pd.read_csv(paths.reference() / "paper_tables.csv", dtype=str, keep_default_na=False)
    rows = tables[tables["table"] == str(number)].drop(columns="table")
    if rows.empty:
        raise ValueError(
            f"The paper prints numbers in tables {', '.join(tables['table'].unique())}. "
            f"Received {number}. Choose one of those."
        )
    return rows.astype({"value": float}).reset_index(drop=True)


def complete_rows() -> pd.DataFrame:
    """Every printed row that has all three metrics: ``table, target, row, column, rmse, cc, ccc``.

    The metrics are text as printed, since their last digit tells how they were rounded.
    """
    printed = pd.read_csv(paths.reference() / "paper_tables.csv", dtype=str, keep_default_na=False)
    printed = printed[printed["metric"].isin(METRICS)].astype({"table": int})
    rows = printed.pivot(index=["table", "target", "row", "column"], columns="metric", values="value")
    return rows[list(METRICS)].dropna().rename_axis(columns=None).reset_index()


def paper_losses(dimension: str) -> pd.DataFrame:
    """Table 4 (arousal) or 5 (valence) as printed: a row for each modality and the average, a column for each loss."""
    printed = paper_table(LOSS_TABLES[dimension])
    return printed.pivot(index="row", columns="column", values="value").loc[printed["row"].unique(), list(LOSSES)]


def with_intervals(intervals: dict[str, Interval]) -> pd.DataFrame:
    """Estimates and their 95 % intervals, a row for each name."""
    rows = {name: (i.estimate, i.low, i.high) for name, i in intervals.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["estimate", "low", "high"])


def provenance(results: Iterable[Result]) -> pd.Series:
    """Where a table's numbers came from: how many runs, from which commits and processors, and what they cost."""
    by_digest = {digest(result.run): result.provenance for result in results}
    told = pd.DataFrame.from_dict(by_digest, orient="index")
    return pd.Series(
        {
            "runs": len(told),
            "first digest": min(by_digest),
            "commits": ", ".join(sorted((commit or "unknown")[:7] for commit in told["commit"].unique())),
            "with uncommitted changes": int(told["uncommitted_changes"].sum()),
            "processors": ", ".join(sorted(told["processor"].unique())),
            "hours, a run a core": round(told["seconds"].sum() / 3600, 1),
        },
        name="provenance",
    )
