"""The command line, ``replica``."""

import importlib
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from replica import paths
from replica.experiments import EXPERIMENTS
from replica.experiments.recorded import FEATURES
from replica.runs import SCALES, AnyRun, FusedRun, RidgeRun, Run, SmoothedRun, canonical
from replica.store import Store
from replica.sweep import sweep as execute_all

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
main = app

Experiment = Annotated[str, typer.Argument(help=f"One of {', '.join(EXPERIMENTS)}.")]


@app.callback()
def _verbs() -> None:
    """A replication of Chen & Jin (2015): train what the book shows, and look at what is recorded."""


@app.command()
def sweep(
    experiment: Experiment,
    corpus: Annotated[str, typer.Option(help="studyforrest or simulated.")] = "studyforrest",
    scale: Annotated[str, typer.Option(help=f"One of {', '.join(SCALES)}.")] = "desk",
    processes: Annotated[int, typer.Option(min=1, help="Runs at a time, one core each.")] = 2,
    results: Annotated[Path | None, typer.Option(help="Folder of results; the checkout's own by default.")] = None,
) -> None:
    """Execute every run of an experiment that is not recorded yet.

    Example: replica sweep sec5_3_loss_functions --processes 2
    """
    declared = _runs(experiment, corpus, scale)
    store = Store(results or paths.results())
    missing = [run for run in declared if run not in store]
    console, start = Console(), time.monotonic()
    console.print(f"{len(declared)} runs declared, {len(declared) - len(missing)} recorded, {len(missing)} to execute")
    ended: list[AnyRun] = []

    def report(run: AnyRun, seconds: float) -> None:
        ended.append(run)
        left = (time.monotonic() - start) / len(ended) * (len(missing) - len(ended))
        console.print(f"{len(ended)}/{len(missing)}  {name(run)}  {seconds:.0f} s  about {left / 60:.0f} min left")

    execute_all(missing, store, processes, report)


@app.command()
def status(
    experiment: Experiment,
    corpus: Annotated[str, typer.Option(help="studyforrest or simulated.")] = "studyforrest",
    scale: Annotated[str, typer.Option(help=f"One of {', '.join(SCALES)}.")] = "desk",
) -> None:
    """Tell how many runs of an experiment are recorded.

    Example: replica status sec5_3_loss_functions
    """
    declared = _runs(experiment, corpus, scale)
    recorded = sum(run in Store(paths.results()) for run in declared)
    typer.echo(f"{experiment} on {corpus} at {scale} scale: {recorded} of {len(declared)} runs recorded")


def name(run: AnyRun) -> str:
    """A run in one line."""
    options = " ".join(f"{key}={value}" for key, value in run.corpus.options)
    return f"{run.corpus.name} {options}  {'+'.join(run.dimensions)}  {_model(run)}"


def _model(run: AnyRun) -> str:
    if isinstance(run, SmoothedRun):
        return f"{_model(run.input)} smoothed {run.direction}"
    if isinstance(run, FusedRun):
        return f"{len(run.inputs)} runs fused, weights from {run.weights_from}"
    return "ridge" if isinstance(run, RidgeRun) else f"{run.loss} seed={run.seed}{_unusual(run)}"


def _unusual(run: Run) -> str:
    """What sets a training apart from the plain one."""
    plain = canonical(run)
    told = plain["assumptions"] | {name: plain[name] for name in ("direction", "enters") if name in plain}
    return "".join(f" {name}={value}" for name, value in told.items() if name != "normalisation")


def _runs(experiment: str, corpus: str, scale: str) -> list[AnyRun]:
    if experiment not in EXPERIMENTS:
        raise typer.BadParameter(f"{experiment!r} is no experiment. Choose one of {', '.join(EXPERIMENTS)}.")
    if scale not in SCALES:
        raise typer.BadParameter(f"{scale!r} is no scale. Choose one of {', '.join(SCALES)}.")
    if corpus not in FEATURES:
        raise typer.BadParameter(f"{corpus!r} cannot carry {experiment}. Choose one of {', '.join(FEATURES)}.")
    return importlib.import_module(f"replica.experiments.{experiment}").runs(corpus, scale)
