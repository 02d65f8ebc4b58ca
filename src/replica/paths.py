"""Where the checkout lies: its root, the recorded results, and the paper's transcription."""

from pathlib import Path

__all__ = ["measured", "reference", "results", "root"]

_MARK = Path("reference", "paper_tables.csv")  # no other project has the paper's tables there


def root() -> Path:
    """Return the root of the checkout, absolute.

    Looks for ``reference/paper_tables.csv`` upwards from the working directory (a notebook runs in its own folder),
    then upwards from the package (an editable installation, or an environment inside the checkout). Reads no
    environment variable.

    Raises:
        FileNotFoundError: If neither lies inside a checkout.
    """
    starts = Path.cwd(), Path(__file__).resolve().parent
    for start in starts:
        for folder in (start, *start.parents):
            if (folder / _MARK).is_file():
                return folder
    raise FileNotFoundError(
        f"Results and the paper's numbers are read from a checkout of the project, whose root holds {_MARK}. "
        f"None was found in or above the working directory {starts[0]}, nor above the package in {starts[1]}. "
        "Change into the checkout and run again."
    )


def results() -> Path:
    """Return the folder of the recorded runs."""
    return root() / "results"


def measured() -> Path:
    """Return the folder of what was measured without a training."""
    return root() / "measured"


def reference() -> Path:
    """Return the folder of the paper's tables and claims."""
    return root() / "reference"
