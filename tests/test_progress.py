import dataclasses
import io

from rich.console import Console

from replica import corpora, progress
from replica.cost import Estimate
from replica.progress import Progress, name
from replica.runs import Assumptions, FusedRun, RidgeRun, Run, SmoothedRun, digest
from replica.sweep import Ended

RUN = Run(
    corpora.key("studyforrest", rotation=2),
    ("sound", "light"),
    ("valence",),
    "desk",
    layer_sizes=(80, 60),
    loss="mse-cov",
    seed=1,
    assumptions=Assumptions(normalisation="train"),
)
RIDGE = RidgeRun(RUN.corpus, ("sound",), ("valence",), "desk", "train")


def test_a_run_in_one_line():
    assert name(RUN) == "studyforrest rotation=2  valence  sound+light  80-60  mse-cov seed=1"
    later = dataclasses.replace(RUN.assumptions, label_delay_seconds=2)
    both_ways = dataclasses.replace(RUN, assumptions=later, direction="bidirectional")
    assert name(both_ways).endswith("mse-cov seed=1 label_delay_seconds=2 direction=bidirectional")
    assert name(FusedRun((RUN, both_ways), "dev_dev")).endswith("2 runs fused, weights from dev_dev")
    assert name(FusedRun((RUN,), "dev_dev", scores_train=True)).endswith("weights from dev_dev, train too")
    assert name(SmoothedRun(RUN, "forward")).endswith("mse-cov seed=1 smoothed forward")
    assert name(RIDGE).endswith("sound  ridge")


def shown(ends, costs, monkeypatch, terminal=False):
    """What is told of runs that end ten seconds after one another."""
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    text = io.StringIO()
    console = Console(file=text, width=200, force_terminal=terminal)
    with Progress(console) as told:
        told.expect({key: RUN for key in costs}, Estimate(costs, {}, frozenset()))
        for end in ends:
            told.tell(end)
    return told, text.getvalue()


def test_one_line_a_run_where_there_is_no_terminal(monkeypatch):
    ends = [
        Ended(RUN, "recorded", 12.4),
        Ended(RIDGE, "failed", error=ValueError("no such feature")),
        Ended(SmoothedRun(RUN, "forward"), "diverged", 3.0),
        Ended(SmoothedRun(RUN, "backward"), "elsewhere"),
    ]
    costs = {digest(end.run): seconds for end, seconds in zip(ends, (60.0, 20.0, 20.0, 0.0), strict=True)}
    told, text = shown(ends, costs, monkeypatch)
    lines = text.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("1/4  about 9 s left  studyforrest")  # 60 of 100 expected seconds took 10; 5 are doubt
    assert lines[0].endswith("12 s")
    assert lines[1].startswith("2/4  1 failed  about 6 s left")
    assert lines[1].endswith("failed: no such feature")
    assert lines[2].endswith("3 s, diverged")
    assert lines[3].startswith("4/4  1 failed  studyforrest")
    assert lines[3].endswith("recorded by another sweep")
    assert [end.run for end in told.failed] == [RIDGE]


def test_a_first_run_that_is_short_and_late_is_no_measure_of_the_rest(monkeypatch):
    """Ten seconds for an expected tenth: as if 5 % of the sweep had passed at its expected pace."""
    costs = {digest(RUN): 0.1, digest(RIDGE): 199.9}
    _, text = shown([Ended(RUN, "recorded", 0.1)], costs, monkeypatch)
    assert "about 6.6 min left" in text  # 199.9 * (10 + 10) / (0.1 + 10), and not 5.6 h


def test_where_no_cost_is_known_the_pace_so_far_is_all_there_is(monkeypatch):
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    text = io.StringIO()
    with Progress(Console(file=text, width=200)) as told:
        told.expect({digest(run): run for run in (RUN, RIDGE)}, Estimate({}, {}, frozenset()))
        told.tell(Ended(RUN, "recorded", 10.0))
    assert text.getvalue().startswith("1/2  about 10 s left")


def test_one_bar_on_a_terminal(monkeypatch):
    monkeypatch.setattr(progress.time, "monotonic", lambda: 0.0)
    text = io.StringIO()
    console = Console(file=text, width=80, force_terminal=True)
    with Progress(console) as told:
        told.expect({digest(RUN): RUN, digest(RIDGE): RIDGE}, Estimate({}, {}, frozenset()))
        told.tell(Ended(RUN, "recorded", 1.0))
        told.tell(Ended(RIDGE, "failed", error=ValueError("x")))
    assert "2/2  1 failed" in text.getvalue()
    assert "studyforrest" not in text.getvalue()


def test_more_runs_add_up(monkeypatch):
    """Runs that depend on recorded results are declared when those are there."""
    text = io.StringIO()
    with Progress(Console(file=text, width=200)) as told:
        for run in (RUN, RIDGE):
            told.expect({digest(run): run}, Estimate({}, {}, frozenset()))
            told.tell(Ended(run, "recorded", 1.0))
    assert [line.split()[0] for line in text.getvalue().splitlines()] == ["1/1", "2/2"]
