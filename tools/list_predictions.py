"""Write the data behind the book's explorer: gold standard, raters and predictions of dev and test recordings.

    python tools/list_predictions.py RESULTS BOOK [--corpora simulated ...]

BOOK receives _static/explorer/, an index and a script for each recording (a page loads them from file:// too), and
figures/explorer.svg, what is seen without JavaScript. Recorded networks are shown; where one is not recorded, a ridge
regression on the same features is fitted here. Without --corpora only `simulated` is written. A gated corpus is
refused: the page would hold its gold standard, frame by frame.
"""

import argparse
import base64
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import run_notebooks

from replica import corpora, execution, figures
from replica.conventions import DIMENSIONS
from replica.corpora.recording import Corpus, CorpusKey
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.experiments.systems import CORPORA, features_of, frame_by_frame
from replica.figures.loss_comparison import traces
from replica.inputs import average_frames, frame_rate_hz
from replica.late_fusion import LateFusion
from replica.runs import SCALES, Result, RidgeRun, digest
from replica.store import Store

SCALE, LOSS, SEED = "desk", "-ccc", 0
PARTITIONS = ("test", "dev")
STEP = 1 / 8192  # rating units; of recorded predictions, which are whole steps of 1/2048, nothing is lost
Members = dict[str, dict[str, Result]]  # emotion dimension -> name of a subsystem -> its result


@dataclass
class Group:
    """One corpus as the explorer shows it."""

    corpus: Corpus
    members: Members
    fusion: dict[str, LateFusion]


GATED = ("avec2015",)
OPEN = [name for name in CORPORA if name not in GATED]


def subsystems(key: CorpusKey, name: str, store: Store) -> Members:
    """For each dimension the systems that are shown: each feature set alone, all side by side, and the ridge."""
    features = features_of(name)
    alone, together = sec5_3.modalities(name, SCALE), sec5_3.systems(name, SCALE)
    members: Members = {}
    for dimension in DIMENSIONS:
        wanted = {feature: (alone[feature, LOSS], (feature,)) for feature in features}
        wanted["all features"] = (together[LOSS], features)
        of: dict[str, Result] = {}
        for label, (system, seen) in wanted.items():
            run = system(key, dimension, SEED)
            ridge = frame_by_frame(RidgeRun, SCALE, seen)(key, dimension, SEED)
            if run in store:
                of[f"{label}, LSTM"] = store.load(run)
            elif label != "all features":
                of[f"{label}, ridge"] = _fitted(ridge, store)
            if label == "all features":
                of[f"{label}, ridge"] = _fitted(ridge, store)
        members[dimension] = of
    return members


def _fitted(run: Any, store: Store) -> Result:
    return store.load(run) if run in store else execution.execute(run)


def gold_of(corpus: Corpus, dimension: str) -> dict[str, np.ndarray]:
    """The gold standard of every recording at the frame rate of the predictions."""
    column = DIMENSIONS.index(dimension)
    return {r.name: average_frames(r.gold, SCALES[SCALE].frames_averaged)[:, column] for r in corpus.recordings}


def fused(corpus: Corpus, results: dict[str, Result], dimension: str) -> LateFusion:
    """Section 5.7's regression over the subsystems, learned on all dev recordings."""
    gold = gold_of(corpus, dimension)
    names = list(next(iter(results.values())).predictions["dev"])
    joined = [np.concatenate([r.predictions["dev"][name][:, 0] for name in names]) for r in results.values()]
    return LateFusion().fit(joined, np.concatenate([gold[name] for name in names]))


def group(name: str, store: Store, key: CorpusKey | None = None) -> Group:
    """Everything that the explorer shows of one corpus, of its first rotation or cohort."""
    key = key or CORPORA[name](SEED)[0]
    corpus, members = corpora.load(key.name, **dict(key.options)), subsystems(key, name, store)
    return Group(corpus, members, {d: fused(corpus, of, d) for d, of in members.items()})


def encode(values: np.ndarray) -> str:
    """Values as whole steps, 16 bits each, in base 64; what lies beyond 4 rating units is cut off."""
    steps = np.clip(np.rint(np.asarray(values, np.float64) / STEP), -(2**15), 2**15 - 1)
    return base64.b64encode(steps.astype("<i2").tobytes()).decode()


def recording(of: Group, partition: str, name: str) -> dict[str, Any]:
    """One recording: for each dimension its gold standard, its raters and the subsystems' predictions."""
    source = next(r for r in of.corpus.recordings if r.name == name)
    shown = {}
    for column, dimension in enumerate(DIMENSIONS):
        raters = [] if source.annotations is None else source.annotations[:, :, column]
        shown[dimension] = {
            "gold": encode(gold_of(of.corpus, dimension)[name]),
            "raters": [encode(average_frames(r[:, None], SCALES[SCALE].frames_averaged)[:, 0]) for r in raters],
            "predictions": [encode(r.predictions[partition][name][:, 0]) for r in of.members[dimension].values()],
        }
    return shown


def index(of: Group) -> dict[str, Any]:
    """What there is of a corpus: its recordings, the subsystems with their digests, the fusion's weights."""
    first = next(iter(of.members[DIMENSIONS[0]].values()))
    run = first.run
    return {
        "corpus": f"{run.corpus.name} {run.corpus.version}",
        "limits": of.corpus.limits,
        "scale": SCALE,
        "secondsPerFrame": 1 / frame_rate_hz(run),
        "step": STEP,
        "recordings": [{"partition": p, "name": name} for p in PARTITIONS for name in first.predictions[p]],
        "subsystems": {d: {n: digest(r.run) for n, r in results.items()} for d, results in of.members.items()},
        "fusion": {
            d: {"weights": [round(float(w), 6) for w in f.weights], "intercept": round(f.intercept, 6)}
            for d, f in of.fusion.items()
        },
    }


def script(name: str, data: Any) -> str:
    """A script that adds one entry; no text in it can end the element that holds it."""
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    return f"(window.replicaExplorer ??= {{}})[{json.dumps(name)}] = {text};\n"


def draw(of: Group, dimension: str, file: Path) -> None:
    """The first test recording as a picture: gold standard, fusion and the network on all features, or the ridge."""
    results = of.members[dimension]
    name = next(iter(next(iter(results.values())).predictions["test"]))
    predictions = {label: r.predictions["test"][name][:, 0].astype(float) for label, r in results.items()}
    last = next(label for label in predictions if label.startswith("all features"))
    lines = {"fusion": of.fusion[dimension].predict(list(predictions.values())), last: predictions[last]}
    gold = gold_of(of.corpus, dimension)[name]
    figures.use_style()
    fig, ax = plt.subplots(figsize=(8.4, 3.4))
    traces(np.arange(len(gold)) / frame_rate_hz(results[last].run), gold, lines, dimension, ax)
    file.parent.mkdir(parents=True, exist_ok=True)
    fig.savefig(file, metadata={"Date": None})
    plt.close(fig)


def write(groups: dict[str, Group], book: Path) -> None:
    """Write scripts and picture."""
    folder = book / "_static/explorer"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    listed = []
    for name, of in groups.items():
        told = index(of) | {"name": name}
        for number, entry in enumerate(told["recordings"]):
            entry["file"] = f"{name}-{number:02d}.js"
            (folder / entry["file"]).write_text(script(entry["file"], recording(of, entry["partition"], entry["name"])))
        listed.append(told)
    (folder / "index.js").write_text(script("index", listed))
    draw(next(iter(groups.values())), "arousal", book / "figures/explorer.svg")


def main(arguments: list[str] | None = None) -> int:
    """Write what the command line asks for, unless it is there from the same results and code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path)
    parser.add_argument("book", type=Path)
    parser.add_argument("--corpora", nargs="+", default=["simulated"], choices=OPEN)
    args = parser.parse_args(arguments)
    stamp = args.book.parent / "explorer.key"
    key = run_notebooks.key(Path(__file__).resolve(), {"results": str(args.results), "corpora": args.corpora})
    if stamp.exists() and stamp.read_text() == key and (args.book / "_static/explorer/index.js").exists():
        print(f"{args.book}/_static/explorer: current")
        return 0
    execution.prepare_process()
    store = Store(args.results)
    write({name: group(name, store) for name in args.corpora}, args.book)
    stamp.write_text(key)
    size = sum(file.stat().st_size for file in (args.book / "_static/explorer").iterdir())
    print(f"{args.book}/_static/explorer: {', '.join(args.corpora)}, {size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
