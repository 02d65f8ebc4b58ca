"""What a sweep, or another long command, tells while it runs: one bar on a terminal, one line a run elsewhere."""

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar

from replica.cost import Estimate, duration
from replica.runs import AnyRun, FusedRun, Run, SmoothedRun, canonical, digest
from replica.sweep import Ended

# Share of what was expected that must have passed to count as much as the expectation itself: the first runs of a sweep
# also read the corpus, and may be seconds long.
DOUBT = 0.05


class _Shown:
    """A bar on a terminal, a line for each thing that ended elsewhere; a context."""

    def __init__(self, console: Console, total: int) -> None:
        self._console = console
        self._bar = Bar(BarColumn(), TextColumn("{task.description}"), console=console, disable=not console.is_terminal)
        self._task = self._bar.add_task(f"0/{total}", total=total)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def _show(self, completed: int, told: str, line: str) -> None:
        self._bar.update(self._task, completed=completed, description=told)
        if not self._console.is_terminal:
            self._console.print(line, soft_wrap=True, highlight=False)


class Progress(_Shown):
    """Counts what ended and what failed, and tells how long the rest will take."""

    def __init__(self, console: Console) -> None:
        super().__init__(console, 0)
        self._start = time.monotonic()
        self._to_come: dict[str, float] = {}  # digest -> expected seconds
        self._passed, self._total, self.ended = 0.0, 0, list[Ended]()
        self._doubt = 0.0

    @property
    def failed(self) -> list[Ended]:
        """The runs that failed."""
        return [ended for ended in self.ended if ended.how == "failed"]

    def reasons(self) -> dict[str, list[Ended]]:
        """The runs that failed, by why: many may fail for one reason."""
        of: dict[str, list[Ended]] = {}
        for ended in self.failed:
            of.setdefault(repr(ended.error), []).append(ended)
        return of

    def expect(self, runs: Mapping[str, AnyRun], cost: Estimate) -> None:
        """More runs, by digest, are about to be executed."""
        self._to_come = {key: cost.seconds(key) for key in runs}
        self._doubt = (
            DOUBT if cost.close or cost.rough else 0.0
        )  # where nothing is known, the pace so far is all there is
        self._total += len(runs)
        self._bar.update(self._task, total=self._total, description=f"0/{len(runs)}")

    def tell(self, ended: Ended) -> None:
        """A run ended."""
        self.ended.append(ended)
        self._passed += self._to_come.pop(digest(ended.run), 0.0)
        told = f"{len(self.ended)}/{self._total}"
        if self.failed:
            told += f"  {len(self.failed)} failed"
        if self._passed and self._to_come:
            told += f"  about {duration(self._left())} left"
        self._show(len(self.ended), told, f"{told}  {name(ended.run)}  {self._outcome(ended)}")

    def _left(self) -> float:
        """Seconds: what is to come, at the pace so far, which at first is taken for the expected one."""
        to_come = sum(self._to_come.values())
        doubt = self._doubt * (self._passed + to_come)
        return to_come * (time.monotonic() - self._start + doubt) / (self._passed + doubt)

    def _outcome(self, ended: Ended) -> str:
        took = f"{ended.seconds:.0f} s"
        told_before = ended.how == "failed" and len(self.reasons()[repr(ended.error)]) > 1
        return {
            "recorded": took,
            "diverged": f"{took}, diverged",
            "failed": "failed likewise" if told_before else f"failed: {ended.error}",
            "elsewhere": "recorded by another sweep",
        }[ended.how]


class Steps(_Shown):
    """Counts steps that are known beforehand, such as files to make."""

    def __init__(self, console: Console, total: int) -> None:
        super().__init__(console, total)
        self._total, self._ended = total, 0

    def tell(self, step: str) -> None:
        """A step ended."""
        self._ended += 1
        told = f"{self._ended}/{self._total}  {step}"
        self._show(self._ended, told, told)


def name(run: AnyRun) -> str:
    """A run in one line."""
    options = " ".join(f"{key}={value}" for key, value in run.corpus.options)
    corpus = f"{run.corpus.name} {options}".strip()
    return f"{corpus}  {'+'.join(run.dimensions)}  {_model(run)}"


def _model(run: AnyRun) -> str:
    if isinstance(run, SmoothedRun):
        return f"{_model(run.input)} smoothed {run.direction}"
    if isinstance(run, FusedRun):
        train = ", train too" if run.scores_train else ""
        return f"{len(run.inputs)} runs fused, weights from {run.weights_from}{train}"
    features = "+".join(run.features)
    if not isinstance(run, Run):
        return f"{features}  {type(run).__name__.removesuffix('Run').lower()}"
    return f"{features}  {'-'.join(map(str, run.layer_sizes))}  {run.loss} seed={run.seed}{_unusual(run)}"


def _unusual(run: Run) -> str:
    """What sets a training apart from the plain one."""
    plain = canonical(run)
    told = plain["assumptions"] | {name: plain[name] for name in ("direction", "enters") if name in plain}
    return "".join(f" {name}={value}" for name, value in told.items() if name != "normalisation")
