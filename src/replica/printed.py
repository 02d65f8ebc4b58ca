"""The claims that the paper's own printed tables settle, and the differences that they print for its other claims."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from replica import forensics, paths
from replica.conventions import DIMENSIONS, LOSSES
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.experiments import sec5_7_late_fusion as sec5_7
from replica.tables import METRICS, complete_rows, paper_losses, paper_table

__all__ = ["QUANTITIES", "differences", "gold_deviations"]

STATED_COLUMNS = 76  # "short-time features consist of 76 dimensions"
GATE = 0.1  # "below 0.1"
MARGIN = 0.02  # of the claims "not better" and "good enough", see reference/README.md


def columns_beyond_the_stated() -> float:
    """Claim 4.1a: columns that the descriptors printed in Table 1 yield with deltas, minus the 76 of section 4.1."""
    table = pd.read_csv(paths.reference() / "table1_descriptors.csv", keep_default_na=False)
    return float(table[table["source"] == "printed"]["columns_with_deltas"].sum() - STATED_COLUMNS)


def eda_below_the_gate() -> float:
    """Claim 5.6a: 0.1 minus the CCC of arousal from eda in Table 2."""
    return GATE - _ccc(2, "arousal", row="eda")


def members_without_their_top_loss() -> float:
    """Claim 5.7c: features of Table 4 that late fusion does not list with the loss of highest CCC there."""
    listed, table = sec5_7.printed("avec2015", "mae"), paper_losses("arousal").drop(index="average")
    return float(sum((feature, table.loc[feature].idxmax()) not in listed for feature in table.index))


def best_single_beyond_table_10() -> float:
    """Claim 5.7d: highest CCC of one feature in Tables 2 to 6 minus Table 10's best without fusion, the larger gap."""
    gaps = []
    for dimension in DIMENSIONS:
        tables = pd.concat([paper_table(number) for number in range(2, 7)])
        of = tables[(tables["target"] == dimension) & (tables["metric"] == "ccc") & (tables["row"] != "average")]
        gaps.append(of["value"].max() - _ccc(10, dimension, row="best baseline on dev w/o fusion"))
    return float(max(gaps, key=abs))


def gold_deviations() -> dict[str, forensics.Range]:
    """For each emotion dimension, the deviations of dev's gold standard that every complete row of dev allows."""
    rows = complete_rows()
    dev = rows[(rows["table"] < 12) | (rows["row"] == "dev")]
    shared = {}
    for dimension in DIMENSIONS:
        of = dev[dev["target"] == dimension]
        shared[dimension] = forensics.common(forensics.gold_deviation(*(forensics.column(of[m]) for m in METRICS)))
    return shared


QUANTITIES: dict[str, Callable[[], float]] = {
    "4.1a": columns_beyond_the_stated,
    "5.6a": eda_below_the_gate,
    "5.7c": members_without_their_top_loss,
    "5.7d": best_single_beyond_table_10,
}


def differences() -> dict[str, float]:
    """For claims about runs, the quantity as the paper's own tables give it: on dev, one split, one training each."""
    return {claim: float(of) for group in (_features, _losses, _networks, _fusions) for claim, of in group().items()}


def _features() -> dict[str, float]:
    arousal, valence = (_rows(paper_table(2), d) for d in DIMENSIONS)
    video, physiology = {"video_app", "video_geo"}, {"ecg", "eda"}
    short = {d: _ccc(3, d, row="audio_short") - _ccc(3, d, row="audio_long") for d in DIMENSIONS}
    return {
        "5.1a": _lead(arousal, {"audio"}),
        "5.1b": _lead(valence, video),
        "5.1c": min(-_lead(of, physiology) for of in (arousal, valence)),
        "5.1e": max(arousal.values()) - max(valence.values()),
        "5.2b": short["arousal"],
        "5.2c": -short["valence"],
    }


def _losses() -> dict[str, float]:
    tables = [paper_losses(dimension).drop(index="average") for dimension in DIMENSIONS]
    ccc = {loss: np.array([table[loss].mean() for table in tables]) for loss in LOSSES}
    arousal, valence = ({str(row): float(best) for row, best in table.max(axis=1).items()} for table in tables)
    return {claim: quantity(ccc) for claim, quantity in sec5_3.QUANTITIES.items()} | {
        "6.1a": _lead(arousal, {"audio_short"}),
        "6.1b": max(valence["video_app"], valence["video_geo"]) - valence["audio_long"],
    }


def _networks() -> dict[str, float]:
    inputs = {"arousal": "audio_short", "valence": "video_geo"}  # of Tables 6 and 11
    of = {
        network: _mean([_ccc(6, d, row=network, column=feature) for d, feature in inputs.items()])
        for network in ("LSTM", "BLSTM")
    }
    task = {
        (d, row): _ccc(7, d, row=row, column="multi-task") - _ccc(7, d, row=row, column="single-task")
        for d in DIMENSIONS
        for row in ("audio", "video_geo")
    }
    gap = {
        row: abs(_ccc(7, "arousal", row=row, column="single-task") - _ccc(7, "valence", row=row, column="single-task"))
        for row in ("audio", "video_geo")
    }
    smoothed = _mean([_ccc(11, d, column="smoothed") - _ccc(11, d, column="original") for d in DIMENSIONS])
    return {
        "5.4a": of["BLSTM"] - of["LSTM"],
        "5.4d": MARGIN + of["LSTM"] - of["BLSTM"],
        "6.3": MARGIN + of["LSTM"] - of["BLSTM"],
        "5.5a": _mean([task["arousal", "audio"], task["arousal", "video_geo"]]),
        "5.5b": task["valence", "video_geo"],
        "5.5c": task["valence", "audio"],
        "5.5d": gap["audio"] - gap["video_geo"],
        **dict.fromkeys(("4.6a", "5.8a", "5.8b"), smoothed),
    }


def _fusions() -> dict[str, float]:
    early = {d: {row: _ccc(8, d, row=row) for row in ("concatenation", "new structure")} for d in DIMENSIONS}
    single = {d: float(paper_losses(d).drop(index="average").to_numpy().max()) for d in DIMENSIONS}
    late = {d: _ccc(10, d, row="with late fusion on entire dev") for d in DIMENSIONS}
    gain = {d: late[d] - _ccc(10, d, row="best baseline on dev w/o fusion") for d in DIMENSIONS}
    pairs = {
        row: _ccc(9, "unstated", row=row, column="new structure") - _ccc(9, "unstated", row=row, column="concatenation")
        for row in ("audio & video", "video & biosignal", "audio & biosignal")
    }
    return {
        "1a": min(early[d]["concatenation"] - single[d] for d in DIMENSIONS),
        "5.6b": MARGIN - _mean([early[d]["new structure"] - early[d]["concatenation"] for d in DIMENSIONS]),
        "5.6c": pairs["video & biosignal"],
        "5.6d": MARGIN - max(pairs["audio & video"], pairs["audio & biosignal"]),
        "5.7a": gain["arousal"],
        "5.7b": gain["valence"],
        "5.9a": _ccc(12, "arousal", row="dev") - max(late["arousal"], *early["arousal"].values()),
        "5.9b": early["valence"]["concatenation"] - late["valence"],
        "6.4a": early["valence"]["concatenation"] - single["valence"],
        "6.4b": min(gain.values()),
    }


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def _lead(ccc: dict[str, float], rows: set[str]) -> float:
    """The best of some rows less the best of the others."""
    return max(ccc[row] for row in rows) - max(ccc[row] for row in ccc.keys() - rows)


def _rows(table: pd.DataFrame, target: str) -> dict[str, float]:
    of = table[(table["target"] == target) & (table["metric"] == "ccc")]
    return dict(zip(of["row"], of["value"], strict=True))


def _ccc(table: int, target: str, **where: str) -> float:
    rows = paper_table(table).query("target == @target and metric == 'ccc'")
    for column, name in where.items():
        rows = rows[rows[column] == name]
    (value,) = rows["value"]
    return float(value)
