"""Write the data behind the book's results page: a row for each recorded run and emotion dimension.

    python tools/list_results.py RESULTS BOOK

BOOK receives _static/runs.js, a script that a page loads from file:// too, and figures/runs.md, how many there are of
what. Texts that occur many times are written once, so that thousands of rows stay a small file. Nothing is done where
neither the results nor the code has changed.
"""

import dataclasses
import importlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import run_notebooks

from replica.experiments import EXPERIMENTS
from replica.experiments.systems import LacksModalityError, command_line_name
from replica.runs import AnyRun, Assumptions, FusedRun, Result, RidgeRun, Run, SmoothedRun, digest, fitted
from replica.store import Store

TEXTS = ("experiments", "system", "corpus", "dimension", "features", "loss", "scale", "commit")
NUMBERS = ("rotation", "seed", "dev CCC", "test CCC", "seconds")
COLUMNS = ("digest", *TEXTS, *NUMBERS)


def system(run: AnyRun) -> str:
    """What was trained, in a few words; a corpus' usual normalisation is left out."""
    if isinstance(run, SmoothedRun):
        return f"{system(run.input)}, smoothed {run.direction}"
    if isinstance(run, FusedRun):
        train = ", train scored too" if run.scores_train else ""
        return f"fusion of {len(run.inputs)}, weights from {run.weights_from.replace('_', ' ')}{train}"
    if not isinstance(run, Run):
        context = ", past seen" if run.context_seconds else ", frame alone"
        return ("ridge" if isinstance(run, RidgeRun) else "SVR") + context
    usual = dataclasses.asdict(Assumptions())
    unusual = {k: v for k, v in dataclasses.asdict(run.assumptions).items() if v != usual[k] and k != "normalisation"}
    told = ["LSTM " + "-".join(map(str, run.layer_sizes))]
    told += [run.direction] * (run.direction != "forward")
    told += ["multi-task"] * (len(run.dimensions) > 1)
    told += [f"features enter {', '.join(map(str, run.enters))}"] * bool(run.enters)
    return ", ".join(told + [f"{name.replace('_', ' ')} {value}" for name, value in unusual.items()])


def only(values: Iterable[Any]) -> Any:
    """The value that all share, else None."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def rows(results: Iterable[Result], member_of: dict[str, set[str]]) -> list[dict[str, Any]]:
    """A row for each result and emotion dimension."""
    listed = []
    for result in results:
        run, key = result.run, digest(result.run)
        networks = [training for training in fitted(run) if isinstance(training, Run)]
        options = dict(run.corpus.options)
        shared = {
            "digest": key,
            "experiments": ", ".join(name for name in EXPERIMENTS if name in member_of.get(key, ())),
            "system": system(run),
            "corpus": command_line_name(run.corpus),
            "features": ", ".join(dict.fromkeys(feature for t in fitted(run) for feature in t.features)),
            "loss": ", ".join(dict.fromkeys(network.loss for network in networks)),
            "scale": fitted(run)[0].scale,
            "commit": (result.provenance["commit"] or "unknown")[:7],
            "rotation": options.get("rotation"),
            "seed": only([network.seed for network in networks]),
            "seconds": result.provenance["seconds"],
        }
        for dimension in run.dimensions:
            scores = {f"{p} CCC": result.pooled(p, dimension).ccc for p in ("dev", "test") if p in result.moments}
            rounded = {name: round(score, 3) for name, score in scores.items() if score == score}
            listed.append({"dimension": dimension} | shared | rounded)
    return listed


def memberships(store: Store, results: list[Result]) -> dict[str, set[str]]:
    """For each digest the experiments that declare it, with the corpora, scales and seeds that are recorded.

    Some experiments choose what they combine on the dev partition, from all seeds that they are asked for; so they
    are asked for their usual seeds, for all recorded ones, and for each alone.
    """
    seeds = defaultdict(set)
    for result in results:
        for training in fitted(result.run):
            place = command_line_name(training.corpus), training.scale
            seeds[place].add(training.seed if isinstance(training, Run) else 0)
    found = defaultdict(set)
    for name in EXPERIMENTS:
        module = importlib.import_module(f"replica.experiments.{name}")
        for (corpus, scale), numbers in seeds.items():
            for asked in {None, tuple(sorted(numbers)), *((number,) for number in numbers)}:
                try:
                    for run in module.runs(corpus=corpus, scale=scale, seeds=asked, store=store):
                        found[digest(run)].add(name)
                except LacksModalityError:
                    break
    return found


def packed(listed: list[dict[str, Any]]) -> dict[str, Any]:
    """The rows as columns, a text as its place in a list of texts."""
    columns: dict[str, Any] = {"digest": [row["digest"] for row in listed]}
    for name in NUMBERS:
        columns[name] = [row.get(name) for row in listed]
    texts = {name: sorted({row[name] for row in listed}) for name in TEXTS}
    for name in TEXTS:
        place = {text: k for k, text in enumerate(texts[name])}
        columns[name] = [place[row[name]] for row in listed]
    return {"order": COLUMNS, "texts": texts, "columns": columns}


def script(listed: list[dict[str, Any]]) -> str:
    """A script that sets one name; no text in it can end the element that holds it."""
    data = json.dumps(packed(listed), separators=(",", ":"), ensure_ascii=True)
    return "window.replicaRuns = " + data.replace("<", "\\u003c") + ";\n"


def summary(listed: list[dict[str, Any]]) -> str:
    """How many runs of each experiment there are on each corpus, as a table of a page."""
    corpora = sorted({row["corpus"] for row in listed})
    heads = (corpus.replace("_", "_<wbr>") for corpus in corpora)  # where a long name may break
    lines = ["| experiment | " + " | ".join(heads) + " |", "| --- " * (len(corpora) + 1) + "|"]
    for name in EXPERIMENTS:
        of = [row for row in listed if name in row["experiments"].split(", ")]
        counts = [len({row["digest"] for row in of if row["corpus"] == corpus}) for corpus in corpora]
        lines += [f"| `{name}` | " + " | ".join(str(count or "") for count in counts) + " |"] * any(counts)
    every = len({row["digest"] for row in listed})
    seconds = sum({row["digest"]: row["seconds"] for row in listed}.values())
    told = f"{every} runs are recorded; together they took {seconds / 3600:.1f} hours of one core."
    told += " One run may serve several experiments."
    return "\n".join([told, "", *lines]) + "\n"


def main() -> int:
    """Write both files, unless they are those of the same results and code."""
    folder, book = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    data, page, stamp = book / "_static/runs.js", book / "figures/runs.md", book.parent / "runs.key"
    key = run_notebooks.key(Path(__file__).resolve(), {"results": str(folder)})
    if data.exists() and page.exists() and stamp.exists() and stamp.read_text() == key:
        print(f"{data}: current")
        return 0
    store = Store(folder)
    results = list(store)
    listed = rows(results, memberships(store, results))
    for file, text in ((data, script(listed)), (page, summary(listed))):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    stamp.write_text(key)
    print(f"{data}: {len(results)} runs, {len(listed)} rows, {data.stat().st_size / 1e3:.0f} kB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
