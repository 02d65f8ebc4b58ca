"""A model of one's own corpus: trained as every run, and written with all that a prediction needs.

What ``replica train`` does.
"""

import importlib.metadata
from pathlib import Path
from typing import Any

import numpy as np

from replica import execution, inputs
from replica.conventions import FEATURE_WIDTHS, FRAME_SECONDS, PARTITIONS
from replica.corpora import arff, avec2015_files
from replica.corpora.recording import Corpus
from replica.model_declaration import is_plain
from replica.normalisation import mean_and_deviation
from replica.own_recordings import QUALITY, SHARED_FOLDER
from replica.predicting import distance
from replica.provenance import packages
from replica.runs import SCALES, Result, Run
from replica.trained_model import SHARED, Model, Recipe, base

__all__ = ["FAR_SHARE", "SHORTEST_SHARE", "make", "relative", "streams", "versions"]

FAR_SHARE = 0.01  # of the frames of dev, speakers that were not trained on, are called unlike training
# By speaker, a recording is normalised by itself. How short it may be is a convention: a tenth of those trained on.
SHORTEST_SHARE = 0.1

EXTRACTORS = ("opensmile", "neurokit2", "opencv-python-headless", "pandas")


def make(folder: Path, corpus: Corpus, run: Run, unfinished: Path | None = None) -> tuple[Model, str]:
    """Train a run, and gather what a prediction needs.

    Args:
        folder: Where the corpus was read from: it holds the folder ``avec2015``.
        corpus: What :func:`replica.corpora.avec2015.load` read there.
        run: What to train.
        unfinished: Where an interrupted training goes on; without it, it starts anew.

    Returns:
        The model, and its card.

    Raises:
        ValueError: As :func:`replica.training.execute`, if a feature set is none of the paper's, or if the network
            diverged.
    """
    if others := [feature for feature in run.features if base(feature) not in FEATURE_WIDTHS]:
        raise ValueError(
            f"A model is of the paper's feature sets, or with {inputs.LONG_TIME} at the end of statistics of these. "
            f"Received {others[0]!r}. Choose other features, of {', '.join(FEATURE_WIDTHS)}."
        )
    execution.prepare_process()
    recipes = _recipes(folder / "avec2015", corpus, run)
    result, weights = execution.train(run, corpus, unfinished)
    if result.history["stopped"] == "diverged":
        raise ValueError(
            "A model is written of a network whose loss stayed finite. This one's became infinite or undefined. "
            "Try another --seed or --loss."
        )
    kept = SCALES[run.scale].recordings
    train, dev = ([inputs.frames(r.features, run) for r in corpus.partition(p)[:kept]] for p in ("train", "dev"))
    mean, deviation = mean_and_deviation(train)
    far = np.quantile(np.concatenate([distance(frames, mean, deviation) for frames in dev]), 1 - FAR_SHARE)
    seconds = len(train[0]) * SCALES[run.scale].frames_averaged * FRAME_SECONDS
    least = 0.0 if run.normalisation == "train" else round(SHORTEST_SHARE * seconds, 2)
    model = Model(
        run, recipes, weights, mean, deviation, float(far), least, corpus.digest, versions(),
        _shared(folder / "avec2015", recipes),
    )  # fmt: skip
    return model, card(model, corpus, result)


def _recipes(folder: Path, corpus: Corpus, run: Run) -> dict[str, Recipe]:
    """How each feature set was made: its columns, and whether it has the flags that ``replica features`` writes."""
    name = corpus.partition("train")[0].name
    recipes = {}
    known = [name for name in map(base, run.features) if name in corpus.feature_widths]  # others the training refuses
    for feature in dict.fromkeys(known):
        flags = folder / QUALITY / feature / f"{name}.csv"
        shared = folder / SHARED_FOLDER / SHARED[feature][0] if feature in SHARED else flags
        columns = arff.read(avec2015_files.feature_files(folder, feature, name)[0]).columns
        unusual = [column for column in columns if not is_plain(column)]
        if unusual:
            raise ValueError(
                f"A model notes the names of columns, which are short and of ASCII. Received {unusual[0]!r} for "
                f"{feature} of '{name}'. Rename the column in all files."
            )
        recipes[feature] = Recipe(columns, flags.is_file() and shared.is_file())
    return recipes


def _shared(folder: Path, recipes: dict[str, Recipe]) -> dict[str, bytes]:
    names = [SHARED[feature][0] for feature, recipe in recipes.items() if feature in SHARED and recipe.extracted]
    return {name: (folder / SHARED_FOLDER / name).read_bytes() for name in names}


def versions() -> dict[str, str]:
    """Package to version: of what computes, and of what extracts where it is installed."""
    found = packages()
    for name in EXTRACTORS:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def card(model: Model, corpus: Corpus, result: Result) -> str:
    """What people should know of a model, in Markdown.

    Args:
        model: What is written.
        corpus: What it was trained on.
        result: Of its training: CCC of dev and test, with both poolings, and provenance.
    """
    run, provenance = model.run, result.provenance
    counts = {p: len(result.moments[p][run.dimensions[0]]) for p in PARTITIONS}
    seconds = sum(m.n for m in result.moments["train"][run.dimensions[0]].values()) / inputs.frame_rate_hz(run)
    smoke = run.scale == "smoke"
    given = [name for name, recipe in model.recipes.items() if not recipe.extracted]
    lines = [
        "# Model card",
        "",
        f"A {run.direction} LSTM of the structure of Chen & Jin (2015), from {', '.join(run.features)} to "
        f"{' and '.join(run.dimensions)}, written by `replica train`.",
        "",
        "## Trained on",
        "",
        f"- corpus: `{corpus.name}` in version `{corpus.key.version}`, {_options(corpus)}SHA-256 `{corpus.digest}`",
        f"- {counts['train']} recordings of {seconds / counts['train']:.0f} s; {counts['dev']} more told when to stop",
        f"- hidden layers {'-'.join(map(str, run.layer_sizes))}, loss {run.loss}, seed {run.seed}, scale {run.scale}, "
        f"normalised by {run.normalisation}, label delay {run.assumptions.label_delay_seconds} s",
        f"- stopped by {result.history['stopped']}, best epoch {result.history['best_epoch']}",
        f"- commit {provenance['commit'] or 'unknown'}; "
        + ", ".join(f"{name} {version}" for name, version in model.versions.items()),
        "",
        "## What it scores",
        "",
        "| partition | dimension | CCC, all recordings pooled | CCC, mean over recordings | pooled CCC by chance |",
        "| --- | --- | --- | --- | --- |",
        *[_scores(result, partition, dimension) for partition in ("dev", "test") for dimension in run.dimensions],
        "",
        "Dev chose the epoch, so its CCC is too good; test had no part in the training. By chance: the largest of 20 "
        "CCC with the gold standard shifted in time. On another corpus it is not known, and usually much lower.",
        "",
        "## Limits",
        "",
        f"- {corpus.limits}",
        *(["- Scale smoke shows that everything runs, on few recordings for few epochs: no model to use."] * smoke),
        f"- {relative(run)}",
        f"- {streams(run)}",
        *([f"- A recording has at least {model.least_seconds:g} s."] if model.least_seconds else []),
        f"- `unlike_training` is 1 where a frame is further from the training than {model.far:.3g} (root mean square "
        f"of z-scores), as {FAR_SHARE:.0%} of the frames of dev are. It does not tell whether a prediction is right.",
        *([f"- Made elsewhere: {', '.join(given)}. Raw recordings cannot be predicted."] if given else []),
        "- Not for decisions about people: ratings are what others see in somebody, not what somebody feels.",
        "",
        "## Licence",
        "",
        f"The corpus: {corpus.licence}",
        "",
        "Weights and statistics are made of that corpus, so a model inherits its terms: of gated data, share it only "
        "if their owners' agreement lets you.",
        "",
    ]  # fmt: skip
    return "\n".join(lines)


def relative(run: Run) -> str:
    """How the values that a run's network predicts are to be read, in sentences for its user."""
    if run.normalisation == "speaker":
        return (
            "Values are relative within a speaker: each recording is normalised by its own mean and deviation, so a "
            "level that somebody keeps throughout is not seen. Compare moments of one recording, not people."
        )
    return (
        "Values are relative to the training's speakers, microphones and raters, and best compared within a speaker: "
        "one who differs from them, or another microphone, may shift them all."
    )


def streams(run: Run) -> str:
    """Whether a run's network could predict while somebody speaks, in a sentence for its user."""
    if run.direction != "forward":
        return f"A {run.direction} network reads the future, so it needs the whole recording and cannot stream."
    if run.normalisation != "train":
        return (
            "The network itself looks only back; normalisation by the recording's own statistics needs all of it, so "
            "it cannot stream. A forward network with `--normalisation train` could."
        )
    return "The network looks only back and is normalised by the training, so it could stream; smoothing could not."


def _options(corpus: Corpus) -> str:
    return "".join(f"{name} = `{value}`, " for name, value in corpus.key.options)


def _scores(result: Result, partition: str, dimension: str) -> str:
    each = [moments.ccc for moments in result.moments[partition][dimension].values()]
    chance: Any = np.nanmax([*result.shifted_ccc[partition][dimension], -1.0])
    pooled = result.pooled(partition, dimension).ccc
    return f"| {partition} | {dimension} | {pooled:.3f} | {np.mean(each):.3f} | {chance:.3f} |"
