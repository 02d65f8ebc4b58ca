"""The command line's part on corpora, ``replica data ...``."""

import json
from pathlib import Path
from typing import Annotated

import typer

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
