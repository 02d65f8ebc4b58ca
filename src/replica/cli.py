"""The command line, ``replica``."""

import importlib
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

import typer
from rich.console import Console

from replica import corpora, data_commands, model_commands, paths
from replica.audit import audit as compute_again
from replica.audit import draw
from replica.claiming import Claims
from replica.cost import estimate
from replica.experiments import EXPERIMENTS, TABLES
from replica.experiments.systems import CORPORA, LacksModalityError
from replica.progress import Progress, Steps, name
from replica.provenance import standing
from replica.runs import SCALES, AnyRun, digest
from replica.store import Record, Store
from replica.sweep import check_corpora, missing_runs, unfinished
from replica.sweep import sweep as execute_all

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
app.add_typer(data_commands.app, name="data")
app.command()(model_commands.train)
app.command()(model_commands.predict)

Experiments = Annotated[list[str], typer.Argument(help=f"all, or some of {', '.join(EXPERIMENTS)}.")]
CorpusName = Annotated[str | None, typer.Option("--corpus", help=f"One of {', '.join(CORPORA)}.")]
ScaleName = Annotated[str | None, typer.Option("--scale", help=f"One of {', '.join(SCALES)}.")]
Seeds = Annotated[str | None, typer.Option("--seeds", help="Such as 0,1,2; the experiment's own by default.")]
Results = Annotated[Path | None, typer.Option("--results", help="Folder of results; the checkout's own by default.")]
ProcessCount = Annotated[int, typer.Option("--processes", min=1, help="Runs at a time, one core each.")]


@app.callback()
def _verbs() -> None:
    """A replication of Chen & Jin (2015): train what the book shows, and look at what is recorded."""


@app.command()
def sweep(
    experiments: Experiments,
    corpus: CorpusName = None,
    scale: ScaleName = None,
    seeds: Seeds = None,
    processes: ProcessCount = 2,
    results: Results = None,
    scheduler: Annotated[str | None, typer.Option(help="A Dask scheduler, such as tcp://host:8786.")] = None,
) -> None:
    """Execute every run of some experiments that is not recorded yet.

    Example: replica sweep sec5_3_loss_functions --processes 2
    """
    modules, options = _modules(experiments), _options(corpus, scale, seeds)
    store, console = Store(results or paths.results()), Console()
    modules = _that_fit(modules, options, store)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # claims are given back, workers ended
    with Progress(console) as progress:
        while True:
            runs = _runs(modules, options, store)  # anew, since some depend on what was recorded meanwhile
            ended = {digest(end.run) for end in progress.ended}
            missing = {key: run for key, run in missing_runs(runs.values(), store).items() if key not in ended}
            if not missing:
                break
            records = [record for folder in {store.folder, paths.results()} for record in Store(folder).records()]
            cost = estimate(missing, records)
            console.print(f"{len(runs)} runs declared, {len(missing)} to execute; {cost}", soft_wrap=True)
            if not ended and not scheduler:  # the workers of a cluster read theirs where they are
                check_corpora(missing.values())
            progress.expect(missing, cost)
            with _told_how_it_goes_on(progress):
                execute_all(missing.values(), store, processes, progress.tell, scheduler)
    if not progress.ended:
        console.print(f"{len(runs)} runs declared, all recorded", soft_wrap=True)
    for reason, ends in progress.reasons().items():
        others = f", and {len(ends) - 1} more" if len(ends) > 1 else ""
        lines = reason, *getattr(ends[0].error, "__notes__", [])
        console.print(f"failed: {name(ends[0].run)}{others}", *[f"  {line}" for line in lines], sep="\n")
    if progress.failed:
        raise typer.Exit(1)


@contextmanager
def _told_how_it_goes_on(progress: Progress) -> Iterator[None]:
    """Tell who interrupts a sweep, or whose disk is full, that nothing of it is lost."""
    try:
        yield
    except (KeyboardInterrupt, OSError) as error:
        recorded = len(progress.ended) - len(progress.failed)
        how = f"Recorded so far: {recorded} runs. The same command goes on from there."
        if isinstance(error, OSError):
            error.add_note(how)
            raise
        typer.echo(f"Interrupted. {how}")
        raise typer.Exit(130) from None


@app.command()
def status(
    experiments: Annotated[list[str] | None, typer.Argument(help="All by default.")] = None,
    corpus: CorpusName = None,
    scale: ScaleName = None,
    seeds: Seeds = None,
    results: Results = None,
    check: Annotated[bool, typer.Option("--check", help="Read all files and compare their digests.")] = False,
) -> None:
    """Tell what of some experiments is recorded, under way, and from which code.

    Example: replica status sec5_3_loss_functions --check
    """
    store = Store(results or paths.results())
    if check:
        altered = store.altered()
        typer.echo(f"{len(store.digests())} results checked, {len(altered)} files altered")
        if altered:
            typer.echo("\n".join(map(str, altered)))
            raise typer.Exit(1)
    records = {digest(record.run): record for record in store.records()}
    under_way, recorded, options = Claims(store.folder).living(), dict[str, Record](), _options(corpus, scale, seeds)
    for module in _that_fit(_modules(experiments or ["all"]), options, store):
        runs = _runs([module], options, store)
        of = {key: records[key] for key in runs if key in records}
        counts = {
            "diverged": sum(record.history.get("stopped") == "diverged" for record in of.values()),
            "under way": len(under_way.keys() & runs.keys()),
            "unfinished": sum(unfinished(run, store).exists() for run in runs.values()),
        }
        rest = "".join(f", {count} {what}" for what, count in counts.items() if count)
        typer.echo(f"{module.__name__.rpartition('.')[2]}: {len(of)} of {len(runs)} runs recorded{rest}")
        recorded |= of
    told_of = [(record.provenance, record.run.corpus.name) for record in recorded.values()]
    commits = Counter((told["commit"], told["uncommitted_changes"], on) for told, on in told_of)
    for (commit, changes, on), count in commits.most_common():
        changed = " with uncommitted changes" if changes else ""
        typer.echo(f"{count} on {on} recorded at {(commit or 'unknown')[:7]}{changed}: {standing(commit, on)}")


@app.command()
def audit(
    sample: Annotated[int, typer.Option(min=1, help="How many runs.")] = 5,
    seed: Annotated[int, typer.Option(help="Of the draw.")] = 0,
    processes: ProcessCount = 2,
    results: Results = None,
) -> None:
    """Compute some recorded runs again and compare every bit.

    Example: replica audit --sample 5
    """
    store = Store(results or paths.results())
    here = corpora.available()
    differ = 0
    records = [record for record in store.records() if record.run.corpus.name in here]
    drawn = draw([record.run for record in records], sample, seed)
    typer.echo(f"{len(drawn)} of {len(records)} runs; {estimate({digest(run): run for run in drawn}, records)}")
    for told in compute_again(drawn, store, processes):
        how = "equal bit for bit"
        if not told.equal:
            how = f"differs: predictions by up to {told.predictions:.2g}, CCC by {told.ccc:.2g}"
            differ += told.same_machine
        if not told.same_machine:
            how += "; recorded on another processor, where last bits may differ"
        typer.echo(f"{name(told.run)}  {how}")
    if differ:
        raise typer.Exit(1)


@app.command()
def simulate(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of the recordings; a new one.")],
    seed: Annotated[int, typer.Option(min=0, help="Another seed is another cohort.")] = 0,
    size: Annotated[str, typer.Option(help="mini (3/3/3 speakers of 40 s) or full (9/9/9 of 300 s).")] = "mini",
    effect: Annotated[float, typer.Option(help="0 is the control without effect.")] = 1.0,
    delay_seconds: Annotated[float | None, typer.Option(help="Of all raters; by default each has their own.")] = None,
    correlation: Annotated[
        float | None, typer.Option(help="Of arousal with valence in all speakers; by default each has their own.")
    ] = None,
    closed_mouth: Annotated[bool, typer.Option("--closed-mouth", help="Faces that do not show the talking.")] = False,
    processes: Annotated[int | None, typer.Option(min=1, help="By default one a core.")] = None,
) -> None:
    """Make raw recordings of simulated speakers: sound, ECG and EDA, landmarks, face patches, six raters.

    Then `replica features DIR -o DIR` makes the feature sets. A DIR in the folder `simulated_signals` of REPLICA_DATA
    is read as the corpus of that name. What is there is not made again: a run that was stopped goes on where it was.

    Example: replica simulate --seed 0 --size mini --out recordings
    """
    from replica import simulation  # here, since a sweep's workers do not need OpenCV
    from replica.corpora.simulated_signals import Cohort

    cohort = Cohort(seed, size, effect, delay_seconds, correlation, closed_mouth)  # type: ignore[arg-type]  # checked there
    console, count = Console(), len(simulation.missing(out, cohort))
    with Steps(console, count) as steps:
        for made in simulation.simulate(out, cohort, processes or os.cpu_count() or 1):
            steps.tell(made)
    console.print(f"{count} speakers made in {out}", soft_wrap=True)


@app.command()
def features(
    recordings: Annotated[Path, typer.Argument(help="Folder of raw recordings, of ours or of RECOLA's layout.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder that REPLICA_DATA is to name.")],
    sets: Annotated[str | None, typer.Option(help="Such as audio_short,ecg; by default all that can be made.")] = None,
    seconds: Annotated[float, typer.Option(min=1, help="Of each recording, from its start.")] = 300,
    processes: Annotated[int | None, typer.Option(min=1, help="By default one a core.")] = None,
) -> None:
    """Make feature files from raw recordings: sound, ECG and EDA, landmarks, face patches.

    What is there is not made again: a run that was stopped goes on where it was.

    Example: replica features recordings -o data
    """
    from replica import extraction  # here, since a sweep's workers need neither openSMILE nor OpenCV

    chosen = tuple(sets.split(",")) if sets else ()
    console, count = Console(), len(extraction.jobs(recordings, output, chosen, seconds))
    with Steps(console, count) as steps:
        ended = extraction.extract(
            recordings,
            output,
            sets=chosen,
            seconds=seconds,
            processes=processes or os.cpu_count() or 1,
            tell=lambda made: steps.tell(str(made)),
        )
    failed = [made for made in ended if made.error]
    console.print(f"{count - len(failed)} files made in {output}, {len(failed)} failed", soft_wrap=True)
    for made in failed:
        console.print(f"failed: {made}", soft_wrap=True, highlight=False)
    if failed:
        raise typer.Exit(1)


@app.command()
def doctor(results: Results = None) -> None:
    """Look at this machine, train a tiny network, and tell what to do; ends with 1 if something is wrong.

    Example: replica doctor
    """
    from replica.doctor import examine

    bad = 0
    for told in examine(results):
        typer.echo(str(told))
        bad += not told.good
    typer.echo(f"{bad} to mend" if bad else "all good")
    if bad:
        raise typer.Exit(1)


@app.command()
def table(
    number: Annotated[int, typer.Argument(help="2 to 12.")],
    corpus: CorpusName = None,
    scale: ScaleName = None,
    seeds: Seeds = None,
    results: Results = None,
) -> None:
    """Show a table of the paper as printed, and as recorded on a corpus.

    Example: replica table 4 --corpus studyforrest
    """
    if number not in TABLES:
        raise typer.BadParameter(f"{number} is no table of results. Choose one of {', '.join(map(str, TABLES))}.")
    import pandas as pd  # here, since every worker of a sweep imports this module

    from replica import tables

    options = _options(corpus or "studyforrest", scale or "desk", seeds)
    (module,) = _modules([TABLES[number]])
    rows = tables.paper_table(number).sort_values("target", kind="stable")
    printed = rows.pivot(index=["target", "row"], columns=["column", "metric"], values="value")
    printed = printed.loc[pd.MultiIndex.from_frame(rows[["target", "row"]]).unique()]  # as they stand in the paper
    store = Store(results or paths.results())
    with pd.option_context("display.max_rows", None, "display.max_columns", None, "display.width", 200):
        typer.echo(f"Table {number} as printed\n\n{printed}\n")
        with _told_what_to_train(module, options, store, results):
            recorded = module.table(number, store, **options)
        typer.echo(f"The same on {options['corpus']} at {options['scale']} scale\n\n{recorded}")


def _modules(experiments: list[str]) -> list[ModuleType]:
    for experiment in experiments:
        if experiment not in (*EXPERIMENTS, "all"):
            raise typer.BadParameter(
                f"{experiment!r} is no experiment. Choose one of {', '.join(EXPERIMENTS)}, or all."
            )
    names = EXPERIMENTS if "all" in experiments else experiments
    return [importlib.import_module(f"replica.experiments.{name}") for name in names]


def _options(corpus: str | None, scale: str | None, seeds: str | None) -> dict[str, Any]:
    """Those that were given; an experiment has its own defaults for the others."""
    if scale is not None and scale not in SCALES:
        raise typer.BadParameter(f"{scale!r} is no scale. Choose one of {', '.join(SCALES)}.")
    if corpus is not None and corpus not in CORPORA:
        raise typer.BadParameter(f"{corpus!r} is no corpus. Choose one of {', '.join(CORPORA)}.")
    try:
        numbers = {} if seeds is None else {"seeds": tuple(int(seed) for seed in seeds.split(","))}
    except ValueError as error:
        raise typer.BadParameter(f"{seeds!r} are no seeds. Pass whole numbers such as 0,1,2.") from error
    return {name: value for name, value in (("corpus", corpus), ("scale", scale)) if value is not None} | numbers


def _runs(modules: list[ModuleType], options: dict[str, Any], store: Store) -> dict[str, AnyRun]:
    return {digest(run): run for module in modules for run in module.runs(store=store, **options)}


@contextmanager
def _told_what_to_train(
    module: ModuleType, options: dict[str, Any], store: Store, results: Path | None
) -> Iterator[None]:
    """Where a run of a table is not recorded, tell the command that trains all of them."""
    try:
        yield
    except FileNotFoundError as error:
        runs = _runs([module], options, store)
        missing = missing_runs(runs.values(), store)
        if not missing:
            raise
        told = {name: ",".join(map(str, value)) if name == "seeds" else value for name, value in options.items()}
        words = [f"--{name} {value}" for name, value in (told | ({"results": results} if results else {})).items()]
        raise FileNotFoundError(
            f"A table is laid out from recorded runs. Of {len(runs)} on {options['corpus']} at {options['scale']} "
            f"scale, {len(missing)} are not recorded. Train them with "
            f"`replica sweep {module.__name__.rpartition('.')[2]} {' '.join(words)}`."
        ) from error


def _that_fit(modules: list[ModuleType], options: dict[str, Any], store: Store) -> list[ModuleType]:
    """Of several experiments those that the corpus can carry; which it cannot, and why, is told."""
    if len(modules) == 1:
        return modules  # which then says itself what is missing
    fit = []
    for module in modules:
        try:
            module.runs(store=store, **options)
            fit.append(module)
        except LacksModalityError as error:
            typer.echo(f"{module.__name__.rpartition('.')[2]}: {error}")
    return fit


def main() -> None:
    """Run a command; an error that tells what to do is shown without the way to it."""
    try:
        app()
    except (ImportError, OSError, ValueError) as error:
        sys.exit("\n".join(["", str(error), *getattr(error, "__notes__", [])]))
