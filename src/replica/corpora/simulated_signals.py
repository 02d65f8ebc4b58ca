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
from typing import Literal

from replica.conventions import PARTITIONS
from replica.corpora import avec2015, simulated
from replica.corpora.recording import Corpus, CorpusKey
from replica.corpora.simulated.parameters import FRAMES, SPEAKERS

__all__ = ["VERSION", "Cohort", "available", "key", "load"]

VERSION = "signals-1"

LICENCE = simulated.LICENCE
CITATION = "This package: replica, simulated cohort as raw recordings, version signals-1."

MARKER = """Simulated values in the layout of AV+EC 2015, by `replica simulate`. Nobody was recorded.
frames: {frames}
speakers: {speakers}
seed: {seed}
effect: {effect:g}
delay_seconds: {delay}
closed_mouth: {closed_mouth}
"""


@dataclass(frozen=True)
class Cohort:
    """Which cohort; the first four options are those of the corpus ``simulated``.

    Attributes:
        seed: Another seed is another cohort.
        size: ``mini`` or ``full``.
        effect: 0 is the control without effect: nothing that is recorded has to do with the state, and raters see
            nothing of what is recorded.
        delay_seconds: The raters' mean total delay; each has their own where it is None. 0 is a control.
        closed_mouth: A control: faces whose mouth does not move with the voice, so that they do not tell of talking.

    Raises:
        ValueError: If an option is outside of its range.
    """

    seed: int = 0
    size: Literal["mini", "full"] = "mini"
    effect: float = 1.0
    delay_seconds: float | None = None
    closed_mouth: bool = False

    def __post_init__(self) -> None:
        self.key()

    @property
    def frames(self) -> int:
        """Of each recording."""
        return FRAMES[self.size]

    @property
    def speakers(self) -> dict[str, int]:
        """The name of each recording, and the number of its speaker."""
        return {
            f"{partition}_{n}": place * SPEAKERS["full"] + n
            for place, partition in enumerate(PARTITIONS)
            for n in range(1, SPEAKERS[self.size] + 1)
        }

    @property
    def marker(self) -> str:
        """What marks the folder of this cohort."""
        return MARKER.format(
            frames=self.frames,
            speakers=SPEAKERS[self.size],
            seed=self.seed,
            effect=self.effect,
            delay="each their own" if self.delay_seconds is None else f"{self.delay_seconds:g}",
            closed_mouth=self.closed_mouth,
        )

    def key(self) -> CorpusKey:
        """Its key as a corpus; a closed mouth is part of it only where it is."""
        shared = simulated.key(seed=self.seed, size=self.size, effect=self.effect, delay_seconds=self.delay_seconds)
        closed = (("closed_mouth", 1),) if self.closed_mouth else ()
        return CorpusKey("simulated_signals", VERSION, tuple(sorted((*shared.options, *closed))))


def load(
    *,
    seed: int = 0,
    size: Literal["mini", "full"] = "full",
    effect: float = 1.0,
    delay_seconds: float | None = None,
    closed_mouth: bool = False,
    path: str | os.PathLike[str] | None = None,
) -> Corpus:
    """Read the six feature sets, the gold standard and the raters of a cohort.

    Args:
        seed: As for :class:`Cohort`, as are ``size``, ``effect``, ``delay_seconds`` and ``closed_mouth``.
        size: nine speakers of 300 s in each partition (``full``), or three of 40 s (``mini``).
        effect: See above.
        delay_seconds: See above.
        closed_mouth: See above.
        path: The folder that holds the folder ``simulated_signals``; by default the one that ``REPLICA_DATA`` names.

    Raises:
        FileNotFoundError: If this cohort is not there, or its features are not.
        ValueError: If an option is outside of its range, or a file is damaged.
    """
    cohort = Cohort(seed, size, effect, delay_seconds, bool(closed_mouth))
    found = avec2015.load(path=_folder(cohort, path))
    missing = set(avec2015.FOLDERS) - set(found.recordings[0].features)
    if missing:
        raise FileNotFoundError(_how_to_make(cohort, f"There is no {missing.pop()} in {found.recordings[0].source}."))
    return replace(found, key=cohort.key(), licence=LICENCE, citation=CITATION, limits=simulated.LIMITS)


def key(
    *,
    seed: int = 0,
    size: Literal["mini", "full"] = "full",
    effect: float = 1.0,
    delay_seconds: float | None = None,
    closed_mouth: bool = False,
) -> CorpusKey:
    """The key of a cohort.

    Raises:
        ValueError: If an option is outside of its range.
    """
    return Cohort(seed, size, effect, delay_seconds, bool(closed_mouth)).key()


def available() -> bool:
    """Whether the folder that ``REPLICA_DATA`` names holds a cohort."""
    return any(_cohorts(None))


def _folder(cohort: Cohort, path: str | os.PathLike[str] | None) -> Path:
    for folder in _cohorts(path):
        if (folder / "avec2015" / avec2015.GENERATED).read_text() == cohort.marker:
            return folder
    raise FileNotFoundError(_how_to_make(cohort, f"There is none among {[f.name for f in _cohorts(path)]}."))


def _cohorts(path: str | os.PathLike[str] | None) -> list[Path]:
    root = os.environ.get("REPLICA_DATA") if path is None else path
    if not root:
        return []
    return sorted(
        marker.parents[1] for marker in Path(root, "simulated_signals").glob(f"*/avec2015/{avec2015.GENERATED}")
    )


def _how_to_make(cohort: Cohort, received: str) -> str:
    options = f"--size {cohort.size} --seed {cohort.seed}"
    options += f" --effect {cohort.effect:g}" if cohort.effect != 1 else ""
    options += f" --delay-seconds {cohort.delay_seconds:g}" if cohort.delay_seconds is not None else ""
    options += " --closed-mouth" if cohort.closed_mouth else ""
    return (
        "A cohort of simulated recordings is read from a folder in 'simulated_signals' of the folder that REPLICA_DATA "
        f"names. {received} Make it: replica simulate {options} --out DIR, and replica features DIR --output DIR, "
        "with a DIR in there."
    )
