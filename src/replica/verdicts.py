"""Every claim of the paper with its verdict: all effects that recorded runs give, judged by the one rule."""

from importlib import import_module
from typing import Any

import pandas as pd

from replica import claims, power, printed
from replica.experiments import EXPERIMENTS, unseen_people
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.experiments.recorded import Effect
from replica.experiments.systems import LacksModalityError
from replica.statistics import Interval
from replica.store import Store

__all__ = ["NOT_RUN", "WHY_NOT", "as_text", "counted", "effects", "exact", "of_section", "people", "powers", "table"]

NOT_RUN = "not run"
NO_RECORD = "its runs are not recorded on this corpus"

# Whose runs give the quantities of sections' claims too, and stand back where these have runs of their own.
BESIDE = "unseen_people"

# Whose claims rest on runs, but on those of all experiments.
OF_ALL_RUNS = "sec3_reliability"

SAME = {"6.3": "5.4d"}  # "the quantity of claim 5.4d"

# Why no experiment of the project gives a claim's quantity, on any corpus.
WHY_NOT = {
    "1d": "no network without memory is trained",
    "2a": "no late fusion over trailing means is fitted",
    "2d": "no network is scored with its state reset",
    "2e": "a record holds no gold standard, and so no lag behind it",
    **dict.fromkeys(("1b", "2s", "5.1c"), "the copy of this corpus holds no bio-signals"),
    "4.3a": "no network is scored with its state reset",
    "4.3b": "no network without a forget bias is trained",
    "4.5c": "a record holds no hidden units",
    "5a": "the weights of the last epoch are not kept",
    "5.2a": "no network without memory is trained",
    "5.5e": "no multi-task network is trained at other planted strengths",
}


def effects(store: Store, corpus: str, scale: str = "desk") -> dict[str, Effect]:
    """The quantity of every claim that the recorded runs of a corpus give, whichever experiment computes it.

    Raises:
        ValueError: If two experiments compute one claim.
    """
    found: dict[str, Effect] = {}
    for name in (*EXPERIMENTS, OF_ALL_RUNS):
        module: Any = import_module(f"replica.experiments.{name}")
        new = _recorded_effects(module, store, corpus, scale) if hasattr(module, "effects") else {}
        if name == BESIDE:
            new = {claim: effect for claim, effect in new.items() if claim not in found}
        if twice := found.keys() & new.keys():
            raise ValueError(
                f"A claim's quantity is computed in one place. Received {sorted(twice)} from {name} and from an "
                "earlier experiment. Remove it from one of them."
            )
        found |= new
    return found | {claim: found[of] for claim, of in SAME.items() if of in found}


def exact(seed: int = 0) -> dict[str, float]:
    """The quantity of every claim that a calculation or the printed tables settle."""
    from replica import mathematics  # only this needs TensorFlow

    values = {claim: of(seed) for claim, of in mathematics.QUANTITIES.items()}
    return values | {claim: of() for claim, of in printed.QUANTITIES.items()}


def table(of: dict[str, dict[str, Effect]], values: dict[str, float]) -> pd.DataFrame:
    """Every claim on every corpus: ``estimate, low, high, seeds, verdict, why``, by claim and corpus.

    Args:
        of: For each corpus its :func:`effects`.
        values: From :func:`exact`; such a claim has one row, whose corpus is empty.

    Returns:
        In the paper's order. Where the verdict is *not run*, ``why`` says why.
    """
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for claim in map(claims.get, claims.read()["id"]):
        if claim.kind in claims.EXACT:
            rows[claim.id, ""] = {
                "estimate": values[claim.id],
                "verdict": claims.judge_exact(claim.id, values[claim.id]),
            }
        else:
            rows |= _on_each(claim, of)
    return _laid_out(rows)


def of_section(section: str, of: dict[str, dict[str, Effect]]) -> pd.DataFrame:
    """:func:`table` for the claims of one section that runs or ratings decide, from effects of that section alone."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for claim in map(claims.get, claims.read()["id"]):
        if claim.section == section and claim.kind not in claims.EXACT:
            rows |= _on_each(claim, of)
    return _laid_out(rows)


def as_text(judged: pd.DataFrame) -> pd.DataFrame:
    """:func:`of_section` as a page shows it: three decimals, whole seeds, and nothing where nothing was computed."""
    numbers = {name: judged[name].map("{:.3f}".format) for name in ("estimate", "low", "high")}
    return judged.assign(**numbers, seeds=judged["seeds"].map("{:.0f}".format)).replace("nan", "").fillna("")


def counted(judged: pd.DataFrame) -> pd.DataFrame:
    """How often each verdict stands: a row a verdict, a column a corpus, claims of one exact number under *exact*."""
    corpora = judged.index.get_level_values("corpus")
    return pd.crosstab(judged["verdict"].to_numpy(), corpora.where(corpora != "", "exact")).rename_axis(
        index="verdict", columns=None
    )


def people(store: Store, corpus: str, scale: str = "desk") -> int:
    """How many people, or stretches of film, the test partitions of a corpus hold.

    Raises:
        FileNotFoundError: If no run of the corpus is recorded.
    """
    module: Any = unseen_people if corpus == "ceap360vr" else sec5_3
    return int(module.recorded(store, corpus, scale).people)


def powers(found: dict[str, Effect], people: int) -> pd.DataFrame:
    """Could nine speakers have shown it? For each claim of which the paper prints the size, and these runs the spread.

    Args:
        found: :func:`effects` of one corpus, whose spread stands in for that of the paper's.
        people: On how many people they rest.

    Returns:
        ``printed``, the paper's own difference; ``standard error`` on nine people; ``power``, the probability that a
        95 % interval on nine would show what is claimed if the printed difference were the true one; ``needed``, the
        difference that would be shown in four of five tests.
    """
    rows = {}
    for claim_id, difference in printed.differences().items():
        if claim_id in found and found[claim_id].high > found[claim_id].low:
            claim = claims.get(claim_id)
            error = power.standard_error(Interval(*found[claim_id][:3]), people)
            shown = (
                power.of_sign(claim.direction * difference, error)
                if claim.direction
                else power.of_equality(difference, claim.smallest_effect, error)
            )
            rows[claim_id] = (difference, error, shown, power.detectable(error) if claim.direction else float("nan"))
    columns = ["printed", "standard error", "power", "needed"]
    order = [claim for claim in claims.read()["id"] if claim in rows]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).loc[order]


def _recorded_effects(module: Any, store: Store, corpus: str, scale: str) -> dict[str, Effect]:
    """Nothing where runs are missing, or the corpus has nothing of what the experiment compares."""
    try:
        return dict(module.effects(store, corpus, scale))
    except (FileNotFoundError, LacksModalityError):
        return {}


def _laid_out(rows: dict[tuple[str, str], dict[str, Any]]) -> pd.DataFrame:
    columns = ["estimate", "low", "high", "seeds", "verdict", "why"]
    index = pd.MultiIndex.from_tuples(rows, names=["claim", "corpus"])
    return pd.DataFrame(list(rows.values()), index=index, columns=columns)


def _on_each(claim: claims.Claim, of: dict[str, dict[str, Effect]]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(claim.id, corpus): _judged(claim, corpus, found.get(claim.id)) for corpus, found in of.items()}


def _judged(claim: claims.Claim, corpus: str, effect: Effect | None) -> dict[str, Any]:
    numbers = effect._asdict() if effect else {}
    standing = claims.standing(claim, corpus)
    if standing != "meaningful":
        return numbers | {"verdict": f"{standing} here"}
    if effect is None:
        return {"verdict": NOT_RUN, "why": WHY_NOT.get(claim.id, NO_RECORD)}
    return numbers | {"verdict": claims.judge(claim.id, corpus, *effect)}
