"""The paper's claims, as written down before any run, and the one rule that judges them all."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from replica import corpora, paths
from replica.corpora import mark

__all__ = ["CORPORA", "Claim", "confirm", "get", "judge", "judge_exact", "read", "standing"]

CORPORA = ("simulated", "studyforrest", "ceap360vr", "avec2015")
SAME_STANDING = {
    "simulated_signals": "simulated",  # the same people and raters, so the same was put in
    "avec2015_from_dev": "avec2015",  # the same people, otherwise divided
}
STANDINGS = ("meaningful", "circular", "not testable")  # what a corpus can say about a claim

# Runs and ratings are judged by an interval on a corpus, the other two kinds by one exact number.
EXACT = ("mathematics", "printed tables")
KINDS = ("runs", "ratings", *EXACT)

# On the paper's own corpus a verdict is about the replication; elsewhere it is about that corpus alone. Files in the
# same layout that are generated, or a user's own recordings, are such an elsewhere, and so are other partitions.
HOLDS, DIRECTION_ONLY, DOES_NOT_HOLD, UNDECIDED = "holds here", "in direction only", "does not hold here", "undecided"
ON_AVEC2015 = {HOLDS: "replicated", DIRECTION_ONLY: "replicated in direction only", DOES_NOT_HOLD: "not replicated"}


@dataclass(frozen=True)
class Claim:
    """One claim: where the paper makes it, what is computed for it, and when it counts as held.

    ``direction`` is the sign of ``quantity`` that the paper claims, or 0 for "equal within ``smallest_effect``";
    ``smallest_effect`` is in the quantity's units, mostly CCC. ``corpora`` maps a corpus to one of ``STANDINGS``.
    """

    id: str
    section: str
    place: str
    quote: str
    quantity: str
    criterion: str
    kind: str
    direction: int
    smallest_effect: float
    date: str
    corpora: dict[str, str]


def read(path: Path | None = None) -> pd.DataFrame:
    """Return all claims in the paper's order, one row each, with the columns of ``reference/claims.csv``.

    Args:
        path: Another file of the same form; without it, the checkout's own.

    Raises:
        ValueError: If a column is missing, an id occurs twice, or a field holds a word or number that is not allowed.
    """
    path = path or paths.reference() / "claims.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    for column in ("id", "section", "place", "quote", "quantity", "criterion", "date"):
        _check(path, table, column, lambda text: text != "", "some text")
    _check(path, table, "id", lambda text: (table["id"] == text).sum() == 1, "an id of its own")
    _check(path, table, "kind", lambda text: text in KINDS, f"one of {KINDS}")
    _check(path, table, "direction", lambda text: text in ("1", "0", "-1"), "1, 0 or -1")
    _check(path, table, "smallest_effect", _is_positive, "a number above 0")
    for corpus in CORPORA:
        _check(path, table, corpus, lambda text: text in STANDINGS, f"one of {STANDINGS}")
    return table.astype({"direction": int, "smallest_effect": float})


def get(claim_id: str) -> Claim:
    """Return one claim.

    Raises:
        ValueError: If there is no claim of that id.
    """
    table = read()
    _check_known("claim", claim_id, table["id"])
    row = table[table["id"] == claim_id].iloc[0]
    fields: dict[str, Any] = {str(k): v for k, v in row.items() if k not in CORPORA}
    columns = {corpus: corpus for corpus in CORPORA} | SAME_STANDING
    return Claim(**fields, corpora={corpus: row[column] for corpus, column in columns.items()})


def standing(claim: Claim, corpus: str) -> str:
    """What a corpus can say about a claim, one of ``STANDINGS``.

    Args:
        claim: As :func:`get` returns it.
        corpus: One of ``CORPORA`` or ``SAME_STANDING``. Files in the layout of ``avec2015`` whose values are generated
            say what the simulated corpus says, since they are made of it.

    Raises:
        ValueError: If the corpus is unknown.
    """
    _check_known("corpus", corpus, claim.corpora)
    return claim.corpora["simulated" if _version(corpus) == "generated" else corpus]


def judge(claim_id: str, corpus: str, effect: float, low: float, high: float, seeds: int) -> str:
    """Return the verdict on one claim from one corpus, in the words of the book.

    *Replicated*, *replicated in direction only* and *not replicated* stand for the first three below on the challenge's
    own files in its own partitions, which a copy that is marked as generated or as the user's own does not hold. Which
    copy ``avec2015`` names is asked where its runs are declared too: of the folder in ``REPLICA_DATA``.

    The rule is the same for every claim. With the quantity turned so that positive means what the paper says, and
    d its smallest effect that counts: *holds here* if low > 0 and effect >= d; *in direction only* if low > 0 and
    effect < d; *does not hold here* if low <= 0 and high < d; else *undecided*. Where the paper says "equal":
    *holds here* if the interval lies within -d and d, *does not hold here* if it lies wholly outside, else *undecided*.

    Args:
        claim_id: As in ``reference/claims.csv``, such as ``"5.3a"``.
        corpus: One of ``CORPORA`` or ``SAME_STANDING``.
        effect: Estimate of the claim's quantity, signed as the quantity is written.
        low: Lower end of its 95 % interval.
        high: Upper end.
        seeds: How many seeds the estimate rests on. Fewer than two give *undecided*, except for a claim about
            ratings, which needs no training.

    Returns:
        The verdict; *circular here* or *not testable here* where the corpus can say no more, whatever the numbers.

    Raises:
        ValueError: If the claim or the corpus is unknown, a number is not finite, or the interval's ends are swapped.

    Note:
        An interval that does not hold its own estimate (a skewed bootstrap) gives *undecided*.
    """
    claim = get(claim_id)
    of_corpus = standing(claim, corpus)
    if of_corpus != "meaningful":
        return f"{of_corpus} here"
    _check_interval(claim_id, effect, low, high)
    if claim.kind == "runs" and seeds < 2:
        return UNDECIDED
    word = _verdict(claim.direction, claim.smallest_effect, effect, low, high)
    papers_own = corpus == "avec2015" and _version(corpus) == mark.CHALLENGE
    return ON_AVEC2015.get(word, word) if papers_own else word


def judge_exact(claim_id: str, value: float) -> str:
    """Return the verdict on a claim of mathematics or of the printed tables, which no corpus and no seed can change.

    Args:
        claim_id: As in ``reference/claims.csv``, such as ``"4.4d"``.
        value: The claim's quantity, computed.

    Returns:
        *holds* or *does not hold*.

    Raises:
        ValueError: If the claim is unknown or about runs or ratings, or the value is not finite.
    """
    claim = get(claim_id)
    if claim.kind not in EXACT:
        raise ValueError(
            f"Only a claim of the kinds {EXACT} is judged by one exact number. "
            f"Received claim {claim_id!r} of the kind {claim.kind!r}. "
            "Judge it by an interval: claims.judge(claim_id, corpus, effect, low, high, seeds)."
        )
    _check_interval(claim_id, value, value, value)
    if claim.direction == 0:
        true = abs(value) <= claim.smallest_effect
    else:
        true = claim.direction * value >= claim.smallest_effect
    return "holds" if true else "does not hold"


def _version(corpus: str) -> str:
    """Of the copy that a name under which runs are recorded stands for; only ``avec2015`` is here in several."""
    return corpora.key("avec2015").version if SAME_STANDING.get(corpus, corpus) == "avec2015" else ""


def _verdict(direction: int, smallest: float, effect: float, low: float, high: float) -> str:
    if not low <= effect <= high:
        return UNDECIDED
    if direction == 0:
        if -smallest <= low and high <= smallest:
            return HOLDS
        return DOES_NOT_HOLD if low > smallest or high < -smallest else UNDECIDED
    if direction < 0:
        effect, low, high = -effect, -high, -low
    if low > 0:
        return HOLDS if effect >= smallest else DIRECTION_ONLY
    return DOES_NOT_HOLD if high < smallest else UNDECIDED


def _is_positive(text: str) -> bool:
    try:
        return 0 < float(text) < math.inf
    except ValueError:
        return False


def _check(path: Path, table: pd.DataFrame, column: str, allowed: Callable[[str], bool], what: str) -> None:
    wrong = ["(no such column)"] if column not in table else [text for text in table[column] if not allowed(text)]
    if wrong:
        raise ValueError(
            f"Every claim needs {what} in the column {column!r}. "
            f"Found {wrong[0]!r} in {path}. "
            "Restore the file from version control, or correct that field."
        )


def _check_known(what: str, name: str, known: Iterable[str]) -> None:
    known = tuple(known)
    if name not in known:
        raise ValueError(
            f"A verdict needs a {what} that is written down. Received {name!r}. Use one of: {', '.join(known)}."
        )


def _check_interval(claim_id: str, effect: float, low: float, high: float) -> None:
    if not (all(map(math.isfinite, (effect, low, high))) and low <= high):
        raise ValueError(
            "A claim is judged by a finite estimate and a finite interval whose lower end comes first. "
            f"Received for claim {claim_id!r} estimate {effect}, interval [{low}, {high}]. "
            "Check the runs behind it: NaN is the CCC of two constant series, and a missing run has no value."
        )


def confirm(computed: str, stated: str, *, binds: bool = True) -> str:
    """Return the computed verdict, and stop the page if it is not the one that the page states.

    Args:
        computed: What :func:`judge` or :func:`judge_exact` gave.
        stated: What the page's prose says.
        binds: Whether the page runs with its default parameters; with others it computes and shows.

    Raises:
        ValueError: If the two differ and the statement binds.
    """
    if binds and computed != stated:
        raise ValueError(
            "A page states the verdict that its results give. "
            f"It states {stated!r}; the results give {computed!r}. "
            "Read the new results, then change the page's text, never the criterion."
        )
    return computed
