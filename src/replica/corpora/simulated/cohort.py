"""Which simulated cohort: its options, the controls and sweeps among them, and who is in it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from replica.conventions import PARTITIONS
from replica.corpora.recording import Option
from replica.corpora.simulated.parameters import FRAMES, SPEAKERS

__all__ = ["Cohort"]

LONGEST_DELAY_SECONDS = 10.0


@dataclass(frozen=True)
class Cohort:
    """Nine speakers of 300 s in each partition (``full``), or three of 40 s (``mini``), and six raters.

    Attributes:
        seed: Another seed is another cohort: other speakers, other raters.
        size: ``mini`` is for tests and for trying out: 40 s hold two slow time constants, too few for a result.
        effect: In [0, 1]; scales what cues show of the state and what raters see of the behaviour. 0 is the control
            without effect: the gold standard has nothing to do with any feature.
        delay_seconds: In [0, 10]; the raters' mean total delay, the same for all; by default each has their own.
            0 is a control.
        correlation: In [-1, 1]; of arousal with valence over a speaker's time, the same for all; by default each has
            their own, 0.25 in the mean. Traits of speakers stay independent, and so does the noise of raters, so that
            gold standards correlate less.

    Raises:
        ValueError: If an option is outside of its range.
    """

    seed: int = 0
    size: Literal["mini", "full"] = "full"
    effect: float = 1.0
    delay_seconds: float | None = None
    correlation: float | None = None

    def __post_init__(self) -> None:
        _require("seed", self.seed, "a whole number from 0", isinstance(self.seed, int | np.integer) and self.seed >= 0)
        _require("size", self.size, f"one of {tuple(SPEAKERS)}", self.size in SPEAKERS)
        _require("effect", self.effect, "in [0, 1]", 0 <= self.effect <= 1)
        for option, lowest, highest in (("delay_seconds", 0, LONGEST_DELAY_SECONDS), ("correlation", -1, 1)):
            value = getattr(self, option)
            in_range = value is None or lowest <= value <= highest
            _require(option, value, f"None or in [{lowest}, {highest:g}]", in_range)

    @property
    def frames(self) -> int:
        """Of each recording."""
        return FRAMES[self.size]

    @property
    def speakers(self) -> dict[str, int]:
        """The name of each recording, and the number of its speaker.

        Speakers 1 to 9 are train, 10 to 18 dev, 19 to 27 test, in a small cohort too.
        """
        return {
            f"{partition}_{n}": place * SPEAKERS["full"] + n
            for place, partition in enumerate(PARTITIONS)
            for n in range(1, SPEAKERS[self.size] + 1)
        }

    def options(self) -> tuple[Option, ...]:
        """As a key holds them, sorted; one whose default is None only where it is given."""
        given = {option: getattr(self, option) for option in ("delay_seconds", "correlation")}
        told = {option: float(value) for option, value in given.items() if value is not None}
        return tuple(
            sorted([("seed", int(self.seed)), ("size", self.size), ("effect", float(self.effect)), *told.items()])
        )


def _require(option: str, value: object, required: str, holds: bool) -> None:
    if not holds:
        raise ValueError(
            f"The option {option} of a simulated cohort is {required}. Received {value!r}. Give another value."
        )
