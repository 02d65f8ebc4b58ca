"""The line under a table or figure that unfolds to where its numbers came from, and to what recomputes them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from types import ModuleType

from replica.experiments.systems import command_line_name
from replica.runs import AnyRun, Result, Run, digest, fitted

__all__ = ["ProvenanceLine", "provenance_line"]

MOST_DIGESTS = 200  # told one by one; the results page holds all


@dataclass(frozen=True)
class ProvenanceLine:
    """What a notebook shows: a line that unfolds in a page, plain lines elsewhere.

    Attributes:
        summary: The line.
        details: What it unfolds to, name and text.
        commands: Those that recompute the numbers.
        experiment: Name of the experiment, by which the book's results page lists its runs.
    """

    summary: str
    details: dict[str, str]
    commands: tuple[str, ...]
    experiment: str

    def __repr__(self) -> str:
        rows = [f"  {name}: {text}" for name, text in self.details.items()]
        return "\n".join([self.summary, *rows, *(f"  recompute: {command}" for command in self.commands)])

    def _repr_html_(self) -> str:
        rows = [f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in self.details.items()]
        commands = "<br>".join(f"<code>{escape(command)}</code>" for command in self.commands)
        address = escape(f"../book/results.html#experiment={self.experiment}")
        return (
            f'<details class="provenance"><summary>{escape(self.summary)}</summary><dl>'
            f"<dt>recompute</dt><dd>{commands}</dd>{''.join(rows)}"
            f'<dt>all runs</dt><dd><a href="{address}">of {escape(self.experiment)}, run by run</a></dd>'
            "</dl></details>"
        )


def provenance_line(results: Iterable[Result], experiment: str | ModuleType) -> ProvenanceLine:
    """Where the numbers of a table or figure came from.

    Args:
        results: Every result that the numbers rest on; one that comes twice counts once.
        experiment: The module of ``replica.experiments`` that declares their runs, or its name.

    Returns:
        What a notebook's cell shows as its last expression. All but the experiment's name is read off the results.

    Raises:
        ValueError: If there is no result.
    """
    by_digest = {digest(result.run): result for result in results}
    if not by_digest:
        raise ValueError(
            "A line of provenance is about results that are recorded. Received none. "
            "Pass what the table or figure was computed from, such as the page's `recorded`."
        )
    chosen = [by_digest[key] for key in sorted(by_digest)]
    name = experiment if isinstance(experiment, str) else experiment.__name__.rpartition(".")[2]
    by_place: dict[tuple[str, str], set[int]] = {}
    for result in chosen:
        by_place.setdefault((command_line_name(result.run.corpus), fitted(result.run)[0].scale), set()).update(
            _seeds(result.run)
        )
    places = [f"{corpus}, {scale} scale{_worded(seeds)}" for (corpus, scale), seeds in sorted(by_place.items())]
    return ProvenanceLine(
        summary=f"Provenance: {len(chosen)} recorded run{'s' * (len(chosen) > 1)} on {'; '.join(places)}",
        details=_details(chosen),
        commands=tuple(
            f"replica sweep {name} --corpus {corpus} --scale {scale}"
            + (f" --seeds {','.join(map(str, sorted(seeds)))}" if seeds else "")
            for (corpus, scale), seeds in sorted(by_place.items())
        ),
        experiment=name,
    )


def _details(results: list[Result]) -> dict[str, str]:
    told = [result.provenance for result in results]
    seconds = sum(provenance["seconds"] for provenance in told)
    versions = sorted(
        {f"Python {p['python']}, " + ", ".join(" ".join(pair) for pair in sorted(p["packages"].items())) for p in told}
    )
    digests = [digest(result.run) for result in results]
    rest = len(digests) - MOST_DIGESTS
    return {
        "corpus": _corpora(results),
        "data, SHA-256": ", ".join(sorted({p["corpus_digest"][:16] for p in told})),
        "commit": _counted(
            (p["commit"] or "unknown")[:7] + " with uncommitted changes" * p["uncommitted_changes"] for p in told
        ),
        "computed in": f"{seconds:,.0f} s, each run on one core",
        "processor": _counted(p["processor"] for p in told),
        "versions": "; ".join(versions),
        "digests": " ".join(digests[:MOST_DIGESTS]) + (f" and {rest} more" if rest > 0 else ""),
    }


def _counted(texts: Iterable[str]) -> str:
    """Each text once, the most frequent first, with its count where there are several."""
    counts = Counter(texts)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{text} ({count} run{'s' * (count > 1)})" if len(counts) > 1 else text for text, count in ordered)


def _corpora(results: Iterable[Result]) -> str:
    """Each corpus with its version, and in brackets the values that each of its options takes."""
    values: dict[str, dict[str, set[str]]] = {}
    for result in results:
        key = result.run.corpus
        of = values.setdefault(f"{key.name} {key.version}", {})
        for option, value in key.options:
            of.setdefault(option, set()).add(str(value))
    options = {
        name: "; ".join(f"{option} {', '.join(sorted(taken))}" for option, taken in sorted(of.items()))
        for name, of in sorted(values.items())
    }
    return "; ".join(f"{name} ({told})" if told else name for name, told in options.items())


def _seeds(run: AnyRun) -> set[int]:
    """The seeds at the bottom of a run, and that of its simulated cohort."""
    cohort = {int(value) for name, value in run.corpus.options if name == "seed"}
    return cohort | {network.seed for network in fitted(run) if isinstance(network, Run)}


def _worded(seeds: Iterable[int]) -> str:
    ordered = sorted(seeds)
    return "" if not ordered else f", seed{'s' * (len(ordered) > 1)} {', '.join(map(str, ordered))}"
