"""The command line's part on corpora, ``replica data ...``."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from replica.progress import Steps

app = typer.Typer(no_args_is_help=True, help="Look at corpora, and get those that are open.")


@app.command()
def check(
    path: Annotated[Path, typer.Argument(help="A copy of AV+EC 2015 or RECOLA, or the folder that holds avec2015.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
) -> None:
    """Tell what is wrong with your own copy of a gated corpus, and what to do; no value of it is shown or copied.

    Ends with 1 if a training would stop, or would learn from something else than it should.

    Example: replica data check ~/corpora/avec2015
    """
    from replica import data_check  # here, since a sweep's workers import the command line too

    reports = data_check.check(path)
    if as_json:
        typer.echo(json.dumps([report.plain() for report in reports], indent=1))
    else:
        typer.echo("\n\n".join(map(str, reports)))
    if any(report.errors for report in reports):
        raise typer.Exit(1)


@app.command()
def get(
    name: Annotated[str, typer.Argument(help="studyforrest.")],
    clones: Annotated[Path | None, typer.Option("--from", help="Folder of clones of its repositories.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="By default what REPLICA_DATA names.")] = None,
) -> None:
    """Download an open corpus at the pinned version, check every file, convert it.

    A download that was stopped goes on where it was; what is there is not fetched again.

    Example: replica data get studyforrest -o data
    """
    if name != "studyforrest":
        raise typer.BadParameter(
            f"{name!r} cannot be downloaded. Only studyforrest can; page 'Data' tells of the others."
        )
    folder = output or (Path(os.environ["REPLICA_DATA"]) if os.environ.get("REPLICA_DATA") else None)
    if folder is None:
        raise typer.BadParameter("There is no folder to write to. Pass --output, or set REPLICA_DATA.")
    _get_studyforrest(folder, clones)


def _get_studyforrest(folder: Path, clones: Path | None) -> None:
    from replica.corpora import studyforrest, studyforrest_conversion, studyforrest_originals  # here, as above

    console = Console()
    if clones is not None:
        originals = studyforrest_originals.check(clones)
    else:
        sources = studyforrest_originals.sources()
        with Steps(console, len(sources)) as steps:
            originals = studyforrest_originals.fetch(
                folder / studyforrest.FILE.parent / "originals", sources, tell=lambda source: steps.tell(source.path)
            )
    file = studyforrest_conversion.write(originals, folder)
    if studyforrest.load(path=folder).digest != studyforrest.DIGESTS[0]:
        raise ValueError(
            f"The files of the pinned commits give one corpus. {file} has other values than the recorded runs saw. "
            "Report it with the versions of NumPy and pandas that `replica doctor` prints."
        )
    console.print(f"{file} is the corpus that the recorded runs saw. Set REPLICA_DATA={folder}", soft_wrap=True)
