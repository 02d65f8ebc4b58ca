"""The original files of the corpus ``studyforrest``: where they are, and whether they are the ones that are meant.

They are 88 text files of three public repositories, at pinned commits, each with its SHA-256
(``studyforrest_sources.csv``).
"""

import csv
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

__all__ = ["ADDRESS", "Source", "check", "fetch", "sources"]

ADDRESS = "https://raw.githubusercontent.com/{repository}/{commit}/{path}"
SECONDS = 60  # without an answer, before a download is given up
TRIES = 3


@dataclass(frozen=True)
class Source:
    """One file: its repository, the commit, its path in there, its size and its SHA-256."""

    repository: str
    commit: str
    path: str
    bytes: int
    sha256: str

    @property
    def place(self) -> Path:
        """Its path in a folder of clones, which begins with the name of the repository."""
        return Path(self.repository.rpartition("/")[2], self.path)


def sources() -> list[Source]:
    """The files that the corpus is made of."""
    text = (files("replica.corpora") / "studyforrest_sources.csv").read_text(encoding="utf-8")
    return [
        Source(row["repository"], row["commit"], row["path"], int(row["bytes"]), row["sha256"])
        for row in csv.DictReader(text.splitlines())
    ]


def fetch(
    folder: Path,
    of: Iterable[Source] | None = None,
    *,
    address: str = ADDRESS,
    tries: int = TRIES,
    tell: Callable[[Source], None] = lambda _: None,
) -> Path:
    """Download the files that are not there yet; a file is there whole and unaltered, or not at all.

    Args:
        folder: Where they go.
        of: Which; by default :func:`sources`.
        address: With ``{repository}``, ``{commit}`` and ``{path}``.
        tries: How often a download is tried before it is given up.
        tell: Is called with each file that is there.

    Returns:
        The folder.

    Raises:
        ConnectionError: If a file cannot be had; what was downloaded before stays.
        ValueError: If what came is another file than the one that is meant.
    """
    for source in sources() if of is None else of:
        if not _is_meant(folder / source.place, source):
            _download(folder, source, address, tries)
        tell(source)
    return folder


def check(folder: Path, of: Iterable[Source] | None = None) -> Path:
    """Make sure that the files in a folder of clones are the ones that are meant.

    Args:
        folder: Holds the three repositories under their own names.
        of: Which files; by default :func:`sources`.

    Returns:
        The folder.

    Raises:
        FileNotFoundError: If one is missing.
        ValueError: If one is another file.
    """
    for source in sources() if of is None else of:
        file = folder / source.place
        if not file.is_file():
            raise FileNotFoundError(
                f"The corpus 'studyforrest' is made of the files of three repositories. There is no {file}. "
                f"Clone https://github.com/{source.repository} into {folder}, and check out {source.commit}."
            )
        if not _is_meant(file, source):
            raise ValueError(
                f"The corpus 'studyforrest' is made of unaltered files. {file} has another SHA-256 than the one of "
                f"commit {source.commit}. Check out that commit, and convert no line endings."
            )
    return folder


def _download(folder: Path, source: Source, address: str, tries: int) -> None:
    import pooch  # here, since it loads what nothing else in the package needs

    pooch.get_logger().setLevel("ERROR")
    name = source.place.as_posix()
    url = address.format(repository=source.repository, commit=source.commit, path=source.path)
    files = pooch.create(
        folder, "", registry={name: f"sha256:{source.sha256}"}, urls={name: url}, retry_if_failed=tries - 1
    )
    try:
        files.fetch(name, downloader=pooch.HTTPDownloader(timeout=SECONDS))
    except OSError as error:  # those of requests are of this kind
        raise ConnectionError(
            f"The corpus 'studyforrest' needs {url}. It could not be downloaded ({type(error).__name__}). "
            "The same command goes on from there once there is a network; or pass --from, a folder of clones."
        ) from error
    except ValueError as error:  # of another SHA-256; pooch leaves nothing of it
        raise ValueError(
            f"The corpus 'studyforrest' is made of unaltered files. What came from {url} has another SHA-256. "
            "The download was cut or altered on its way: run the same command again, or pass --from."
        ) from error


def _is_meant(file: Path, source: Source) -> bool:
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == source.sha256
