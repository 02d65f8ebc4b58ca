"""The command line's part on models of one's own, ``replica train`` and ``replica predict``."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console

from replica.conventions import DIMENSIONS, FEATURE_WIDTHS, LOSSES
from replica.corpora import CorpusKey, avec2015
from replica.runs import SCALES, Assumptions, Run, units_at

LAYERS = (160, 120)  # of the paper, section 5


def train(
    corpus: Annotated[Path, typer.Argument(help="The folder that holds avec2015, with features and gold standard.")],
    model: Annotated[Path, typer.Option("--model", "-m", help="Folder of the model; a new one.")],
    features: Annotated[str, typer.Option(help=f"Some of {', '.join(FEATURE_WIDTHS)}.")] = "audio_long",
    dimensions: Annotated[str, typer.Option(help="arousal, valence, or both from one network.")] = ",".join(DIMENSIONS),
    layers: Annotated[
        str | None, typer.Option(help="Units of each, such as 80,60; by default the paper's at this scale.")
    ] = None,
    loss: Annotated[str, typer.Option(help=f"One of {', '.join(LOSSES)}.")] = "-ccc",
    direction: Annotated[str, typer.Option(help="forward, backward or bidirectional.")] = "forward",
    normalisation: Annotated[str, typer.Option(help="By speaker, partition, or the statistics of train.")] = "speaker",
    label_delay: Annotated[int, typer.Option(help="Seconds by which ratings come late: 0, 2 or 4.")] = 0,
    scale: Annotated[str, typer.Option(help=f"One of {', '.join(SCALES)}.")] = "desk",
    seed: Annotated[int, typer.Option(min=0, help="Of the weights at the start.")] = 0,
    test: Annotated[str, typer.Option(help="gold, or from_dev where test has no labels.")] = "gold",
) -> None:
    """Train a model on your own corpus, and write it as a folder that `replica predict` reads.

    A training that was stopped goes on where it was.

    Example: replica train recordings --model model --features audio_long,video_geo
    """
    from replica import model_folder, model_making  # here, since a sweep's workers import the command line too

    model_folder.check_new(model)
    run = Run(
        CorpusKey("avec2015", ""),  # which copy it is, is known once it is read; options are checked before
        tuple(features.split(",")),
        tuple(dimensions.split(",")),
        scale,
        units_at(scale, LAYERS) if layers is None else _units(layers),
        loss,
        seed,
        Assumptions(normalisation=cast(Any, normalisation), label_delay_seconds=cast(Any, label_delay)),
        cast(Any, direction),
    )
    read = avec2015.load(path=corpus, test=cast(Any, test))
    unfinished = model.absolute().parent / f".{model.name}.unfinished"
    typer.echo("Training. Its state is saved every half minute: if it is stopped, the same command goes on from there.")
    with _told_how_it_goes_on(unfinished / "state.npz"):
        made, card = model_making.make(corpus, read, replace(run, corpus=read.key), unfinished / "state.npz")
    model_folder.write(model, made, card)
    shutil.rmtree(unfinished, ignore_errors=True)
    typer.echo("\n".join(line for line in card.splitlines() if line.startswith("|")))
    typer.echo(f"Written: {model}. Read its {model_folder.CARD} before you use it.")


@contextmanager
def _told_how_it_goes_on(state: Path) -> Iterator[None]:
    """Tell who interrupts a training what is kept of it."""
    try:
        yield
    except KeyboardInterrupt:
        kept = (
            "goes on where its state was last saved" if state.exists() else "starts anew, since no state was saved yet"
        )
        typer.echo(f"Interrupted. No model was written. The same command {kept}.")
        raise typer.Exit(130) from None


def _units(layers: str) -> tuple[int, ...]:
    try:
        return tuple(int(units) for units in layers.split(","))
    except ValueError as error:
        raise typer.BadParameter(f"{layers!r} are no layers. Pass whole numbers such as 80,60.") from error


def predict(
    recordings: Annotated[Path, typer.Argument(help="Folder of raw recordings, or of features in avec2015.")],
    model: Annotated[Path, typer.Option("--model", "-m", help="A folder that replica train wrote.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The table, CSV; a new file.")],
    processes: Annotated[int | None, typer.Option(min=1, help="By default one a core.")] = None,
) -> None:
    """Predict arousal and valence of your own recordings.

    The table has a row for each step of time: arousal, valence, which features were measured, and whether they are
    unlike those of the training. Values are relative within a speaker.

    Example: replica predict recordings --model model -o predictions.csv
    """
    from replica import model_folder, model_making, predicting  # here, as above

    predicting.check_new(output)
    console, read = Console(), model_folder.read(model)

    def tell(line: str) -> None:
        console.print(line, soft_wrap=True, highlight=False)

    here = model_making.versions()
    others = [f"{name} {version}" for name, version in read.versions.items() if here.get(name) != version]
    if others:
        tell(f"Trained with {', '.join(others)}; here are other versions, so features or last digits may differ.")
    done, failed = predicting.predict(read, recordings, processes or os.cpu_count() or 1, tell)
    for one in done:
        tell(str(one))
    for name, reason in failed.items():
        tell(f"failed: {name}  {reason}")
    if done:
        predicting.write_table(output, read.run, done)
        tell(f"{len(done)} recording{'s' * (len(done) != 1)} predicted in {output}, {len(failed)} failed")
        tell(f"{model_making.relative(read.run)} {model_making.streams(read.run)}")
    if failed:
        raise typer.Exit(1)
