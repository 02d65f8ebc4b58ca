"""The claims as a reader sees them: a line for each that unfolds, and all verdicts of a corpus at a glance."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from replica.claims import Claim

__all__ = ["Cards", "Glance", "SYMBOLS"]

# A sign for each verdict, so that none is told by its colour alone. Verdicts on the paper's own corpus share them.
SYMBOLS = {
    "holds": "✓",
    "holds here": "✓",
    "replicated": "✓",
    "in direction only": "↗",
    "replicated in direction only": "↗",
    "does not hold": "✗",
    "does not hold here": "✗",
    "not replicated": "✗",
    "undecided": "?",
    "circular here": "○",
    "not testable here": "–",
    "not run": "·",
}
_KINDS = {"✓": "holds", "↗": "direction", "✗": "fails", "?": "undecided", "○": "silent", "–": "silent", "·": "silent"}
PAGE = "../notebooks/07_claims.html"
TOPICS = {  # what a section is about, for who does not know it by its number
    "abstract": "",
    "1": "introduction",
    "2": "related work",
    "3": "dataset",
    "4.1": "audio features",
    "4.3": "LSTM",
    "4.4": "loss functions",
    "4.5": "fusion structure",
    "4.6": "smoothing",
    "5": "experiments",
    "5.1": "dominant features",
    "5.2": "short and long time",
    "5.3": "losses compared",
    "5.4": "bidirectional",
    "5.5": "multi-task",
    "5.6": "early fusion",
    "5.7": "late fusion",
    "5.8": "smoothing effects",
    "5.9": "submitted run",
    "6": "conclusions",
}


@dataclass(frozen=True)
class Cards:
    """Some claims, each a line with its verdicts that unfolds to what was asked and what came out.

    Attributes:
        claims: In the order in which they are shown.
        judged: :func:`replica.verdicts.table`.
        powers: :func:`replica.verdicts.powers`.
    """

    claims: Sequence[Claim]
    judged: pd.DataFrame
    powers: pd.DataFrame

    def __repr__(self) -> str:
        return "\n".join("\n  ".join([f"{claim.id}: {claim.quote}", *self._outcomes(claim)]) for claim in self.claims)

    def _repr_html_(self) -> str:
        return "\n".join(map(self._card, self.claims))

    def _card(self, claim: Claim) -> str:
        badges = " ".join(_badge(row["verdict"], corpus) for corpus, row in _rows(self.judged, claim))
        told = {
            "where": claim.place,
            "quantity": claim.quantity,
            f"criterion of {claim.date}": claim.criterion,
            "outcome": "\n".join(self._outcomes(claim)),
            "nine speakers": self._power(claim),
        }
        rows = "".join(
            f"<dt>{escape(name)}</dt><dd>{escape(text).replace(chr(10), '<br>')}</dd>"
            for name, text in told.items()
            if text
        )
        return (
            f'<details class="claim" id="claim-{claim.id}"><summary><b>{claim.id}</b> <q>{escape(claim.quote)}</q> '
            f"{badges}</summary><dl>{rows}</dl></details>"
        )

    def _outcomes(self, claim: Claim) -> list[str]:
        return [_outcome(corpus, row) for corpus, row in _rows(self.judged, claim)]

    def _power(self, claim: Claim) -> str:
        if claim.id not in self.powers.index:
            return ""
        row = self.powers.loc[claim.id]
        told = (
            f"The paper's tables give {row['printed']:.3f}. With the spread seen here its standard error on nine "
            f"people is {row['standard error']:.3f}, and an interval on nine would show the claim with probability "
            f"{row['power']:.2f}."
        )
        return told if math.isnan(row["needed"]) else told + f" It would take {row['needed']:.3f} for 0.80."


@dataclass(frozen=True)
class Glance:
    """The verdict on every claim from one corpus: a row a section, a sign a claim, each a link to its card.

    Attributes:
        claims: In the paper's order.
        judged: :func:`replica.verdicts.table`.
        corpus: Whose verdicts; those of calculations and printed tables stand beside them.
    """

    claims: Sequence[Claim]
    judged: pd.DataFrame
    corpus: str

    def __repr__(self) -> str:
        return "\n".join(
            f"{section}: " + ", ".join(f"{claim.id} {self._verdict(claim)}" for claim in of)
            for section, of in self._sections().items()
        )

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><th scope="row">{escape(section)} <small>{TOPICS[section]}</small></th>'
            f"<td>{' '.join(map(self._chip, of))}</td></tr>"
            for section, of in self._sections().items()
        )
        return f'<table class="glance">{rows}</table><p class="glance-key">{self._key()}</p>'

    def _sections(self) -> Mapping[str, list[Claim]]:
        sections: dict[str, list[Claim]] = {}
        for claim in self.claims:
            sections.setdefault(claim.section, []).append(claim)
        return sections

    def _verdict(self, claim: Claim) -> str:
        of = {corpus: str(row["verdict"]) for corpus, row in _rows(self.judged, claim)}
        return of.get("") or of[self.corpus]

    def _chip(self, claim: Claim) -> str:
        verdict = self._verdict(claim)
        sign = SYMBOLS[verdict]
        return (
            f'<a class="verdict {_KINDS[sign]}" href="{PAGE}#claim-{claim.id}" '
            f'title="{escape(f"{claim.quote}: {verdict}")}">{claim.id}&nbsp;{sign}</a>'
        )

    def _key(self) -> str:
        verdicts = [self._verdict(claim) for claim in self.claims]
        counts = {name: verdicts.count(name) for name in SYMBOLS if name in verdicts}
        return ", ".join(f"{SYMBOLS[name]}&nbsp;{name} ({count})" for name, count in counts.items())


def _rows(judged: pd.DataFrame, claim: Claim) -> list[tuple[str, Any]]:
    """The claim's outcome by corpus."""
    return [(str(corpus), row) for corpus, row in judged.loc[[claim.id]].droplevel("claim").iterrows()]


def _badge(verdict: str, corpus: str) -> str:
    sign = SYMBOLS[verdict]
    of = f"{corpus}: " if corpus else ""
    return f'<span class="verdict {_KINDS[sign]}">{sign} {escape(of + verdict)}</span>'


def _outcome(corpus: str, row: Any) -> str:
    """One line: the number, its interval and seeds where it has them, the verdict, and why where it was not run."""
    of = f"{corpus}: " if corpus else ""
    why = f", since {row['why']}" if isinstance(row["why"], str) else ""
    if math.isnan(row["estimate"]):
        return f"{of}{row['verdict']}{why}"
    number = f"{row['estimate'] + 0.0:.3f}"
    if not math.isnan(row["low"]):
        seeds = f"{row['seeds']:.0f} seed{'s' * (row['seeds'] != 1)}" if row["seeds"] else "no seed"
        number += f" ({row['low']:.3f} to {row['high']:.3f}, {seeds})"
    return f"{of}{number}, {row['verdict']}"
