"""Can this machine do what the project asks of it: what ``replica doctor`` tells, each point with what to do."""

import importlib.metadata
import math
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from replica import corpora, paths
from replica.files import write_atomically
from replica.runs import Run
from replica.store import Store
from replica.sweep import sweep

__all__ = ["Told", "examine"]

ROOM_BYTES = 1_000_000_000  # all runs of the book take a tenth of it; the rest is what a build needs
MEMORY_BYTES = 2_000_000_000  # of one training at paper scale, and what runs beside it
TINY = Run(
    corpora.key("simulated", size="mini"), ("voice",), ("arousal",), "smoke", layer_sizes=(3,), loss="mse", seed=0
)


@dataclass(frozen=True)
class Told:
    """One point.

    Attributes:
        what: What was looked at.
        good: Whether it is as it should be.
        found: What is there.
        remedy: What to do, where it is not good or could be better; else empty.
    """

    what: str
    good: bool
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        """One line."""
        return f"{'good' if self.good else 'BAD '}  {self.what}: {self.found}" + f". {self.remedy}." * bool(self.remedy)


def examine(results: Path | None = None) -> Iterator[Told]:
    """Each point, as soon as it was looked at; the tiny training comes last.

    Args:
        results: The folder of results; by default the checkout's own.
    """
    yield _python()
    yield from _packages()
    yield _cores()
    yield _memory()
    folder = results or _results()
    if folder is not None:
        yield _room(folder)
        yield _writable(folder)
    yield _data()
    yield _training()


def _python() -> Told:
    wanted = importlib.metadata.metadata("replica")["Requires-Python"]
    good = Requirement(f"python{wanted}").specifier.contains(platform.python_version())
    remedy = "" if good else f"Install a Python that is {wanted} and set the project up anew"
    return Told("python", good, f"{platform.python_version()} in {sys.prefix}", remedy)


def _packages() -> Iterator[Told]:
    """What the package needs at least, and what of its extras is there."""
    wrong, found = list[str](), list[str]()
    for text in importlib.metadata.requires("replica") or ():
        asked = Requirement(text)
        if asked.marker and not asked.marker.evaluate({"extra": ""}):
            continue
        version = _version(asked.name)
        (found if version and asked.specifier.contains(version) else wrong).append(f"{asked.name} {version}")
    remedy = "Install what is pinned: pip install --require-hashes -r requirements/dev.txt" if wrong else ""
    told = f"{', '.join(wrong)} instead of what pyproject.toml asks for" if wrong else ", ".join(found)
    yield Told("packages", not wrong, told, remedy)
    keras, tensorflow = _version("keras"), _version("tensorflow-cpu") or _version("tensorflow")
    training = bool(keras and tensorflow)
    remedy = "" if training else "To train: pip install '.[cpu]', or '.[gpu]'"
    yield Told("training", training, f"keras {keras}, tensorflow {tensorflow}", remedy)
    smile = _version("opensmile")
    remedy = "" if smile else "Only to make features from raw recordings: pip install '.[features]'"
    yield Told("features", True, f"opensmile {smile}", remedy)


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _cores() -> Told:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    remedy = f"Sweep with --processes {cores}" if cores != 2 else ""
    return Told("threads", True, f"{cores} core{'s' * (cores > 1)}, each training on one thread", remedy)


def _memory() -> Told:
    try:
        available = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        cached = next(int(line.split()[1]) * 1024 for line in _meminfo() if line.startswith("MemAvailable"))
        available = max(available, cached)
    except (AttributeError, OSError, ValueError, StopIteration):
        return Told("memory", True, "unknown on this system")
    good = available >= MEMORY_BYTES
    remedy = "" if good else "End other programs, or sweep with --processes 1"
    return Told("memory", good, f"{available / 1e9:.1f} GB available", remedy)


def _meminfo() -> list[str]:
    return Path("/proc/meminfo").read_text().splitlines()


def _results() -> Path | None:
    try:
        return paths.results()
    except FileNotFoundError:
        return None  # an installed package without a checkout has no recorded runs


def _room(folder: Path) -> Told:
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    free = shutil.disk_usage(there).free
    good = free >= ROOM_BYTES
    remedy = "" if good else "Make room, or write elsewhere with --results"
    return Told("disk", good, f"{free / 1e9:.1f} GB free for {folder}", remedy)


def _writable(folder: Path) -> Told:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".doctor") as place:
            write_atomically(Path(place, "x"), b"x")
    except OSError as error:
        remedy = "Correct its permissions, or write elsewhere with --results"
        return Told("results", False, f"{folder} cannot be written ({error.strerror})", remedy)
    return Told("results", True, f"{len(Store(folder).digests())} recorded in {folder}")


def _data() -> Told:
    there = corpora.available()
    remedy = "" if len(there) > 1 else "For real ones: replica data get studyforrest -o FOLDER, then set REPLICA_DATA"
    return Told("corpora", True, ", ".join(there), remedy)


def _training(train: Callable[[Store], list] | None = None) -> Told:
    """A few epochs of three units on simulated recordings, in a worker of its own, recorded and read back."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="replica-doctor") as place:
        store = Store(Path(place))
        (ended,) = (train or (lambda store: sweep([TINY], store, 1)))(store)
        seconds = time.monotonic() - started
        if ended.how != "recorded":
            remedy = "Look for these words on the book's page 'Troubleshooting'"
            return Told("a tiny training", False, f"{ended.how}: {ended.error}".rstrip("."), remedy)
        score = store.load(TINY).pooled("dev", "arousal").ccc
    good = math.isfinite(score)
    remedy = "" if good else "Install what is pinned in requirements/dev.txt anew"
    return Told("a tiny training", good, f"{seconds:.0f} s, recorded and read back, a score of {score:.3f}", remedy)
