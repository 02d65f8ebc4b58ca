"""Simulated cohorts recorded as raw signals: the paper's six feature sets, extracted from sound, pictures and skin.

``replica simulate`` makes the recordings of a cohort and its raters, ``replica features`` the feature sets. The folder
``simulated_signals`` holds each cohort in a folder of its own, whose name does not matter::

    replica simulate --size full --seed 0 --out $REPLICA_DATA/simulated_signals/seed0
    replica features $REPLICA_DATA/simulated_signals/seed0 --output $REPLICA_DATA/simulated_signals/seed0

State, raters and gold standard are those of the corpus ``simulated`` of the same seed.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from replica.corpora import avec2015, avec2015_files, mark, simulated
from replica.corpora.recording import Corpus, CorpusKey, Option
from replica.corpora.simulated.parameters import SPEAKERS

__all__ = ["VERSION", "Cohort", "available", "key", "load"]

VERSION = "signals-1"

LICENCE = simulated.LICENCE
CITATION = "This package: replica, simulated cohort as raw recordings, version signals-1."

MARKER = """Simulated values in the layout of AV+EC 2015, by `replica simulate`. Nobody was recorded.
frames: {frames}
speakers: {speakers}
seed: {seed}
effect: {effect}
delay_seconds: {delay}
closed_mouth: {closed_mouth}
"""


@dataclass(frozen=True)
class Cohort(simulated.Cohort):
    """A cohort of the corpus ``simulated``, all its options included, as it is recorded.

    Attributes:
        closed_mouth: A control: faces whose mouth does not move with the voice, so that they do not tell of talking.

    Raises:
        ValueError: If an option is outside of its range.
    """

    closed_mouth: bool = False

    @property
    def marker(self) -> str:
        """What marks the folder of this cohort; a correlation only where it is given."""
        told = MARKER.format(
            frames=self.frames,
            speakers=SPEAKERS[self.size],
            seed=self.seed,
            effect=_exact(self.effect),
            delay="each their own" if self.delay_seconds is None else _exact(self.delay_seconds),
            closed_mouth=bool(self.closed_mouth),
        )
        return told if self.correlation is None else f"{told}correlation: {_exact(self.correlation)}\n"

    def options(self) -> tuple[Option, ...]:
        """As a key holds them, sorted; a closed mouth only where it is."""
        closed: tuple[Option, ...] = (("closed_mouth", 1),) if self.closed_mouth else ()
        return tuple(sorted((*super().options(), *closed)))


def load(
    *,
    seed: int = 0,
    size: Literal["mini", "full"] = "full",
    effect: float = 1.0,
    delay_seconds: float | None = None,
    correlation: float | None = None,
    closed_mouth: bool = False,
    path: str | os.PathLike[str] | None = None,
) -> Corpus:
    """Read the six feature sets, the gold standard and the raters of a cohort.

    Args:
        seed: As for :class:`Cohort`.
        size: As for :class:`Cohort`.
        effect: As for :class:`Cohort`.
        delay_seconds: As for :class:`Cohort`.
        correlation: As for :class:`Cohort`.
        closed_mouth: As for :class:`Cohort`.
        path: The folder that holds the folder ``simulated_signals``; by default the one that ``REPLICA_DATA`` names.

    Raises:
        FileNotFoundError: If this cohort is not there, or its features are not.
        ValueError: If an option is outside of its range, or a file is damaged.
    """
    cohort = Cohort(seed, size, effect, delay_seconds, correlation, closed_mouth)
    found = avec2015.load(path=_folder(cohort, path))
    missing = set(avec2015_files.FOLDERS) - set(found.recordings[0].features)
    if missing:
        raise FileNotFoundError(_how_to_make(cohort, f"There is no {missing.pop()} in {found.recordings[0].source}."))
    return replace(found, key=_key(cohort), licence=LICENCE, citation=CITATION, limits=simulated.LIMITS)


def key(**options: Any) -> CorpusKey:
    """The key of the cohort that :func:`load` reads with the same options.

    Raises:
        ValueError: If an option is outside of its range.
    """
    return _key(Cohort(**options))


def available() -> bool:
    """Whether the folder that ``REPLICA_DATA`` names holds a cohort."""
    return any(_cohorts(None))


def _key(cohort: Cohort) -> CorpusKey:
    return CorpusKey("simulated_signals", VERSION, cohort.options())


def _folder(cohort: Cohort, path: str | os.PathLike[str] | None) -> Path:
    for folder in _cohorts(path):
        if (folder / "avec2015" / mark.GENERATED).read_text() == cohort.marker:
            return folder
    raise FileNotFoundError(_how_to_make(cohort, f"There is none among {[f.name for f in _cohorts(path)]}."))


def _cohorts(path: str | os.PathLike[str] | None) -> list[Path]:
    root = os.environ.get("REPLICA_DATA") if path is None else path
    if not root:
        return []
    return sorted(marker.parents[1] for marker in Path(root, "simulated_signals").glob(f"*/avec2015/{mark.GENERATED}"))


def _exact(value: float) -> str:
    """All digits that tell a value from others, and no more: 1, 0.8."""
    return np.format_float_positional(value, trim="-")


def _how_to_make(cohort: Cohort, received: str) -> str:
    options = f"--size {cohort.size} --seed {cohort.seed}"
    options += f" --effect {_exact(cohort.effect)}" if cohort.effect != 1 else ""
    options += f" --delay-seconds {_exact(cohort.delay_seconds)}" if cohort.delay_seconds is not None else ""
    options += f" --correlation {_exact(cohort.correlation)}" if cohort.correlation is not None else ""
    options += " --closed-mouth" if cohort.closed_mouth else ""
    return (
        "A cohort of simulated recordings is read from a folder in 'simulated_signals' of the folder that REPLICA_DATA "
        f"names. {received} Make it: replica simulate {options} --out DIR, and replica features DIR --output DIR, "
        "with a DIR in there."
    )
