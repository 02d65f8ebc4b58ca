import dataclasses
import re
import signal
import types

import pandas as pd
import pytest
from typer.testing import CliRunner

from replica import cli, corpora, paths, provenance
from replica.audit import Audit
from replica.execution import execute
from replica.experiments import EXPERIMENTS
from replica.runs import RidgeRun, digest
from replica.store import Store
from replica.sweep import Ended

KEY = corpora.key("simulated", size="mini")
RIDGE = RidgeRun(KEY, ("face",), ("valence",), "smoke", "speaker")
LATER = dataclasses.replace(RIDGE, context_seconds=(1.0,))


def run(*words):
    return CliRunner().invoke(cli.app, [str(word) for word in words])


@pytest.fixture(scope="module")
def result():
    return execute(RIDGE)


@pytest.fixture
def experiment(monkeypatch, tmp_path):
    """An experiment whose second run depends on the recorded result of the first."""
    monkeypatch.setattr(paths, "results", lambda: tmp_path)  # the checkout's own are many to estimate a cost from
    asked = []

    def runs(corpus="its own", scale="desk", seeds=(0,), store=None):
        asked.append((corpus, scale, seeds))
        return [RIDGE, LATER] if RIDGE in store else [RIDGE]

    def table(number, store, corpus, scale, seeds=(0,)):
        store.load(RIDGE)
        return pd.DataFrame({"ours": [float(number)]})

    module = types.SimpleNamespace(__name__="replica.experiments.made_up", runs=runs, table=table)
    monkeypatch.setattr(cli, "_modules", lambda experiments: [module])
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    return asked


@pytest.fixture
def executed(monkeypatch, result):
    """In place of a sweep: what was asked for, each run recorded at once."""
    asked = []

    def execute_all(runs, store, processes, report, scheduler):
        runs = list(runs)
        asked.append((runs, processes, scheduler))
        for run in runs:
            store.save(dataclasses.replace(result, run=run))
            report(Ended(run, "recorded", 12.0))

    monkeypatch.setattr(cli, "execute_all", execute_all)
    return asked


def test_sweep_declares_again_until_nothing_is_missing(experiment, executed, tmp_path):
    options = ("--processes", 3, "--scheduler", "tcp://host:1", "--corpus", "simulated", "--seeds", "3,4")
    told = run("sweep", "made_up", "--results", tmp_path, *options)
    assert told.exit_code == 0, told.output
    assert executed == [([RIDGE], 3, "tcp://host:1"), ([LATER], 3, "tcp://host:1")]
    assert set(experiment) == {("simulated", "desk", (3, 4))}
    assert "1 runs declared, 1 to execute" in told.output
    assert "2 runs declared, 1 to execute; " in told.output
    assert re.search(r"2/2 .* 12 s", told.output)


def test_experiment_has_its_own_corpus_and_seeds(experiment, executed, tmp_path):
    run("sweep", "made_up", "--results", tmp_path, "--scale", "smoke")
    assert experiment[0] == ("its own", "smoke", (0,))
    assert "2 runs declared, all recorded" in run("sweep", "made_up", "--results", tmp_path).output


def test_failed_run_is_named_with_its_error_and_not_tried_again(experiment, monkeypatch, tmp_path):
    error = ValueError("A corpus is needed. There is none. Get one.")
    error.add_note("This happened in process 7.")
    calls = []

    def execute_all(runs, store, processes, report, scheduler):
        calls.extend(runs)
        report(Ended(RIDGE, "failed", error=error))

    monkeypatch.setattr(cli, "execute_all", execute_all)
    told = run("sweep", "made_up", "--results", tmp_path)
    assert told.exit_code == 1
    assert calls == [RIDGE]
    assert "1 failed" in told.output
    assert "Get one." in told.output.splitlines()[-2]
    assert "This happened in process 7." in told.output.splitlines()[-1]


def test_status_tells_what_is_recorded_and_from_which_code(experiment, result, tmp_path, monkeypatch):
    store = Store(tmp_path)
    asked = ("status", "--results", tmp_path)
    assert "made_up: 0 of 1 runs recorded" in run(*asked).output
    old = result.provenance | {"commit": "1" * 40, "uncommitted_changes": True}
    store.save(dataclasses.replace(result, provenance=old, history={"stopped": "diverged"}))
    for folder, name in ((".unfinished", f"{digest(LATER)}.npz"), (".claims", f"{digest(LATER)}.1")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text('{"machine": "elsewhere", "pid": 1}')
    lines = run(*asked).output.splitlines()
    assert lines[0] == "made_up: 1 of 2 runs recorded, 1 diverged, 1 under way, 1 unfinished"
    assert lines[1] == "1 on simulated recorded at 1111111 with uncommitted changes: unknown here"


def test_check_finds_every_flipped_bit(experiment, result, tmp_path):
    """Of a sample of places in both files; the store's own tests flip them all."""
    store = Store(tmp_path)
    store.save(result)
    asked = ("status", "--check", "--results", tmp_path)
    assert "1 results checked, 0 files altered" in run(*asked).output
    for path in sorted(tmp_path.glob("??/*")):
        whole = path.read_bytes()
        for place in range(0, len(whole), len(whole) // 20):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            told = run(*asked)
            assert told.exit_code == 1
            assert str(path) in told.output.replace("\n", "")
        path.write_bytes(whole)


@pytest.mark.parametrize(
    ("equal", "same_machine", "code"), [(True, True, 0), (False, True, 1), (False, False, 0), (True, False, 0)]
)
def test_audit_fails_on_a_difference_on_the_same_machine(result, monkeypatch, tmp_path, equal, same_machine, code):
    Store(tmp_path).save(result)

    def compute_again(runs, store, processes):
        assert runs == [RIDGE]
        yield Audit(RIDGE, equal, 0.0 if equal else 0.25, 0.0, same_machine)

    monkeypatch.setattr(cli, "compute_again", compute_again)
    told = run("audit", "--sample", 3, "--results", tmp_path)
    assert told.exit_code == code
    assert ("equal bit for bit" in told.output) is equal
    assert ("predictions by up to 0.25" in told.output) is not equal
    assert ("another processor" in told.output) is not same_machine


def test_missing_corpus_stops_a_sweep_before_it_starts(monkeypatch, tmp_path):
    """With one error, however many runs are on it."""
    monkeypatch.delenv("REPLICA_DATA", raising=False)
    monkeypatch.setattr(cli, "execute_all", None)
    told = run("sweep", "sec2_non_temporal_models", "--seeds", "0", "--results", tmp_path)
    assert "48 runs declared, 48 to execute" in told.output
    assert isinstance(told.exception, FileNotFoundError)
    assert "Set REPLICA_DATA" in str(told.exception)
    assert told.exception.__notes__ == ["48 of the runs to execute are on it. None was started."]


def test_workers_of_a_cluster_have_the_corpus_where_they_are(experiment, executed, monkeypatch, tmp_path):
    monkeypatch.setattr(cli, "check_corpora", None)
    assert run("sweep", "made_up", "--results", tmp_path, "--scheduler", "tcp://host:1").exit_code == 0


def test_what_fails_for_one_reason_is_told_once(experiment, monkeypatch, tmp_path):
    error = ValueError("A feature is needed. There is none. Add it.")

    def execute_all(runs, store, processes, report, scheduler):
        for end in (Ended(RIDGE, "failed", error=error), Ended(LATER, "failed", error=ValueError(*error.args))):
            report(end)

    monkeypatch.setattr(cli, "execute_all", execute_all)
    told = run("sweep", "made_up", "--results", tmp_path)
    assert told.exit_code == 1
    assert told.output.count("Add it.") == 2  # as it happened, and at the end
    assert told.output.count("failed likewise") == 1
    assert re.search("failed: .* ridge, and 1 more", told.output)


def test_interrupted_sweep_says_how_it_goes_on(experiment, result, monkeypatch, tmp_path):
    def execute_all(runs, store, processes, report, scheduler):
        report(Ended(RIDGE, "recorded", 1.0))
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "execute_all", execute_all)
    told = run("sweep", "made_up", "--results", tmp_path)
    assert told.exit_code == 130
    how = "Recorded so far: 1 runs. The same command goes on from there."
    assert told.output.splitlines()[-1] == f"Interrupted. {how}"

    def full(runs, store, processes, report, scheduler):
        report(Ended(RIDGE, "recorded", 1.0))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cli, "execute_all", full)
    assert run("sweep", "made_up", "--results", tmp_path).exception.__notes__ == [how]


def test_table_of_runs_that_are_missing_tells_how_to_train_them(experiment, tmp_path):
    told = run("table", 11, "--results", tmp_path, "--corpus", "simulated", "--seeds", "0,3")
    assert isinstance(told.exception, FileNotFoundError)
    assert "0.8073" in told.output
    command = f"`replica sweep made_up --corpus simulated --scale desk --seeds 0,3 --results {tmp_path}`"
    assert str(told.exception) == (
        "A table is laid out from recorded runs. Of 1 on simulated at desk scale, 1 are not recorded. "
        f"Train them with {command}."
    )


def test_rows_of_a_printed_table_stand_as_in_the_paper(experiment, tmp_path):
    lines = run("table", 4, "--results", tmp_path).output.splitlines()
    names = ["audio_short", "video_app", "video_geo", "ecg", "average"]
    assert [name for line in lines for name in names if name in line.split()] == names


def test_table_stands_beside_the_printed_one(experiment, result, tmp_path):
    """Also where a run of its experiment is missing that it does not show."""
    Store(tmp_path).save(result)
    told = run("table", 11, "--results", tmp_path)
    assert told.exit_code == 0, told.output
    assert "0.8073" in told.output
    assert "The same on studyforrest at desk scale" in told.output
    assert "11.0" in told.output


@pytest.mark.parametrize(
    "words",
    [
        ("sweep", "sec9"),
        ("sweep", "all", "--corpus", "recola"),
        ("sweep", "all", "--scale", "huge"),
        ("sweep", "all", "--seeds", "one"),
        ("table", "1"),
    ],
)
def test_unknown_value_lists_the_known(words):
    told = run(*words)
    assert told.exit_code == 2
    assert re.search("Choose one of|Pass whole numbers", " ".join(told.output.split()))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_declares_runs(name):
    """Without a store of their own or a corpus at hand; and is in the help."""
    (module,) = cli._modules([name])
    assert module.runs(store=Store(paths.results()))
    assert name in CliRunner().invoke(cli.app, ["sweep", "--help"], terminal_width=200).output


def test_error_is_shown_without_the_way_to_it(monkeypatch):
    def fails():
        error = FileNotFoundError("A result is read from its record. There is none. Train it.")
        error.add_note("On this machine.")
        raise error

    monkeypatch.setattr(cli, "app", fails)
    with pytest.raises(SystemExit, match="Train it.\nOn this machine."):
        cli.main()


def test_standing_of_a_commit():
    head = provenance.checkout()["commit"]
    assert provenance.standing(None, "simulated") == provenance.standing("1" * 40, "simulated") == "unknown here"
    assert provenance.standing(head, "simulated") in (
        "computes the same",
        *(f"since changed in {n} modules that compute" for n in range(99)),
    )
    first = provenance._git("rev-list", "--max-parents=0", "HEAD").split()[0]
    assert re.fullmatch(r"since changed in \d+ modules that compute", provenance.standing(first, "simulated"))


def test_a_result_depends_on_what_its_execution_imports():
    of_film, simulated = set(provenance.computing("studyforrest")), set(provenance.computing("simulated"))
    both = {"execution.py", "training.py", "fused.py", "metrics.py", "layers/__init__.py", "losses/correlation.py"}
    assert both | {"corpora/__init__.py", "corpora/recording.py", "layers/peephole_lstm.py"} <= of_film & simulated
    assert of_film - simulated == {"corpora/studyforrest.py"}
    assert simulated - of_film >= {"corpora/simulated/__init__.py", "corpora/simulated/cues.py", "gold_standard.py"}
    rest = {"cli.py", "store.py", "sweep.py", "statistics.py", "corpora/avec2015.py", "experiments/systems.py"}
    assert not rest & (of_film | simulated)


def test_modules_said_not_to_compute_are_there():
    package = paths.results().parent / "src/replica"
    assert [name for name in provenance.NOT_COMPUTING if not (package / name).exists()] == []


def test_what_a_corpus_cannot_carry_is_left_out_of_several_and_an_error_alone(tmp_path):
    several = ["status", "sec5_2_long_and_short_time_features", "sec5_1_dominant_features"]
    rest = ["--corpus", "ceap360vr", "--results", str(tmp_path)]
    told = run(*several, *rest)
    assert told.exit_code == 0, told.output
    assert "sec5_2_long_and_short_time_features: Section 5.2 compares audio features" in told.output
    assert re.search(r"sec5_1_dominant_features: 0 of \d+ runs recorded", told.output)
    alone = run(*several[:2], *rest)
    assert isinstance(alone.exception, ValueError)
