"""Section 2: "LSTM outperforms traditional non-temporal models".

Runs: networks trained with mse and with -ccc on all feature sets side by side (section 5.3's), beside ridge and support
vector regressions of the same frames, each with and without means of the past. Nothing is trained but the regressions,
of some seconds each.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from replica import ratings
from replica.conventions import DIMENSIONS
from replica.experiments import of_ratings
from replica.experiments import sec5_4_bidirectional as sec5_4
from replica.experiments import sec5_5_multi_task as sec5_5
from replica.experiments.recorded import Effect, Quantity, Recorded, where_recorded
from replica.experiments.systems import System, features_of, few, frame_by_frame, many, network, runs_of
from replica.runs import AnyRun, RidgeRun, SvrRun
from replica.store import Store


def systems(corpus: str, scale: str) -> dict[str, System]:
    """Networks, and rivals that see the frame alone or means of the past beside it."""
    features = features_of(corpus)
    return {
        "LSTM, mse": network(scale, features, "mse"),
        "LSTM, -ccc": network(scale, features, "-ccc"),
        "ridge, with the past": frame_by_frame(RidgeRun, scale, features),
        "ridge": frame_by_frame(RidgeRun, scale, features, context_seconds=()),
        "SVR, with the past": frame_by_frame(SvrRun, scale, features),
        "SVR": frame_by_frame(SvrRun, scale, features, context_seconds=()),
    }


def runs(
    corpus: str = "studyforrest",
    scale: str = "desk",
    seeds: Sequence[int] | None = None,
    store: Store | None = None,
) -> list[AnyRun]:
    """Every run of this section on a corpus."""
    return runs_of(systems(corpus, scale), corpus, many(corpus, seeds, scale))


def recorded(
    store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None, partition: str = "test"
) -> Recorded:
    """The recorded results of this section."""
    return Recorded(store, systems(corpus, scale), corpus, many(corpus, seeds, scale), partition)


def scores(store: Store, corpus: str, scale: str = "desk", seeds: Sequence[int] | None = None) -> pd.DataFrame:
    """Each system's scores; the paper prints no such table."""
    shown = recorded(store, corpus, scale, seeds)
    return pd.concat({dimension: shown.scores(dimension) for dimension in DIMENSIONS}, axis=1)


# The quantities of the section's claims on rivals without memory, as written in reference/claims.csv. The network is
# the one trained with mse: what -ccc adds in CCC by spread alone, a regression could have for one factor.
QUANTITIES: dict[str, Quantity] = {
    "2c": lambda ccc: float((ccc["LSTM, mse"] - ccc["SVR"]).mean()),
    "2f": lambda ccc: float((ccc["LSTM, mse"] - ccc["ridge"]).mean()),
}
DELAY_CHOSEN, NO_DELAY = "delay chosen on dev", "no delay"


def effects(
    store: Store, corpus: str = "studyforrest", scale: str = "desk", seeds: Sequence[int] | None = None
) -> dict[str, Effect]:
    """The quantities of the section's claims, also those that rest on the networks of sections 5.4 and 5.5.

    That of claim 2o rests on ratings alone.
    """
    return where_recorded(
        lambda: recorded(store, corpus, scale, seeds).effects(QUANTITIES),
        lambda: delays(store, corpus, scale, seeds).effects(
            {"2b": lambda ccc: float((ccc[DELAY_CHOSEN] - ccc[NO_DELAY]).mean())}
        ),
        lambda: moved(store, corpus, scale, seeds).effects({"4.3d": gain_of_delay}),
        lambda: sec5_5.recorded(store, corpus, scale, seeds).effects({"2i": gain_of_multi_task}),
        lambda: {"2o": raters_agree_on_arousal(corpus, seeds)},
    )


def raters_agree_on_arousal(corpus: str, seeds: Sequence[int] | None = None) -> Effect:
    """Claim 2o: the mean CC between pairs of raters over whole recordings, arousal minus valence.

    Raises:
        FileNotFoundError: If the raters' traces were not measured and are not here.
    """
    estimate, low, high, cohorts = of_ratings.difference(corpus, seeds, ratings.agreed, ratings.agreement)
    return Effect(-estimate, -high, -low, cohorts)  # it is of valence less arousal


def delays(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None) -> Recorded:
    """Section 5.4's forward network with the label delay that is best on dev of a rotation, and without a delay."""
    names = {delay: f"LSTM, {delay} s" for delay in sec5_4.DELAYS_SECONDS}
    declared = {name: sec5_4.systems(corpus, scale)[name] for name in names.values()}
    shown = Recorded(store, declared, corpus, few(corpus, seeds, scale))
    best = shown.chosen(lambda r, d: str(shown.scores(d, r)["dev CCC"].idxmax()))
    of: dict[str, System] = {
        DELAY_CHOSEN: lambda key, dimension, seed: declared[best(key, dimension)](key, dimension, seed),
        NO_DELAY: declared[names[0]],
    }
    return Recorded(store, of, corpus, shown.seeds)


def moved(store: Store, corpus: str, scale: str, seeds: Sequence[int] | None = None) -> Recorded:
    """Section 5.4's networks of one direction and of both, without a label delay and with one of 4 s."""
    declared = sec5_4.systems(corpus, scale)
    names = [f"{network}, {delay} s" for network in ("LSTM", "BLSTM") for delay in (0, 4)]
    return Recorded(store, {name: declared[name] for name in names}, corpus, few(corpus, seeds, scale))


def gain_of_delay(ccc: dict[str, np.ndarray]) -> float:
    """Claim 4.3d: BLSTM less LSTM with the gold standard moved 4 s earlier, less the same as recorded.

    To learn without a label delay of 4 s, and to be put back by it, is to be scored against the moved gold standard.
    """
    lead = {delay: ccc[f"BLSTM, {delay} s"] - ccc[f"LSTM, {delay} s"] for delay in (0, 4)}
    return float((lead[4] - lead[0]).mean())


def gain_of_multi_task(ccc: dict[tuple[str, str], np.ndarray]) -> float:
    """Claim 2i: one network with two outputs less two with one, mean over feature sets and over dimensions."""
    features = dict.fromkeys(feature for feature, _ in ccc if feature != sec5_5.TOGETHER)
    gains = [ccc[feature, sec5_5.MULTI] - ccc[feature, sec5_5.SINGLE] for feature in features]
    return float(np.mean(gains))
