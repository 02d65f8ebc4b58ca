import dataclasses

import pytest

from replica import provenance_line as module
from replica.corpora.recording import CorpusKey
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.experiments import sec5_8_smoothing as sec5_8
from replica.experiments.systems import CORPORA, command_line_name
from replica.provenance_line import provenance_line
from replica.runs import FusedRun, Result, RidgeRun, SmoothedRun, digest

TOLD = {
    "commit": "abcdefghij",
    "uncommitted_changes": False,
    "processor": "P",
    "python": "3.11.7",
    "packages": {"numpy": "2", "keras": "3"},
    "seconds": 1000.4,
    "corpus_digest": "0123456789abcdef0123",
}


def result(run, **told):
    return Result(run, {}, {}, {}, {}, TOLD | told)


def network(corpus="studyforrest", rotation=0, seed=0, dimension="arousal", scale="desk"):
    return sec5_3.systems(corpus, scale)["mse"](CORPORA[corpus](seed)[rotation], dimension, seed)


def test_a_run_counts_once_and_the_command_names_what_it_takes():
    runs = [network(rotation=rotation, seed=seed) for rotation in (0, 2) for seed in (0, 1)]
    line = provenance_line([result(run) for run in (*runs, runs[0])], sec5_3)
    assert line.summary == "Provenance: 4 recorded runs on studyforrest, desk scale, seeds 0, 1"
    assert line.commands == ("replica sweep sec5_3_loss_functions --corpus studyforrest --scale desk --seeds 0,1",)
    assert line.details["corpus"] == f"studyforrest {runs[0].corpus.version} (rotation 0, 2)"
    assert line.details["computed in"] == "4,002 s, each run on one core"
    assert line.details["digests"].split() == sorted(map(digest, runs))
    assert line.details["commit"] == "abcdefg"


def test_corpora_are_told_apart_and_their_options_too():
    keys = [CorpusKey("a", "1", (("effect", 1.0), ("seed", seed))) for seed in (1, 0)] + [CorpusKey("b", "2")]
    ridges = [RidgeRun(key, ("x",), ("arousal",), "desk", "train") for key in keys]
    told = provenance_line(map(result, ridges), "x").details["corpus"]
    assert told == "a 1 (effect 1.0; seed 0, 1); b 2"


def test_the_command_declares_every_run_again():
    """The words of the command, read as the command line reads them, lead back to the same digests."""
    runs = sec5_8.runs("simulated", "desk", seeds=(0, 3))
    (command,) = provenance_line([result(run) for run in runs], "sec5_8_smoothing").commands
    corpus, scale, seeds = command.split()[4::2]
    again = sec5_8.runs(corpus, scale, seeds=tuple(map(int, seeds.split(","))))
    assert {digest(run) for run in again} == {digest(run) for run in runs}


@pytest.mark.parametrize("corpus", CORPORA)
def test_each_corpus_is_told_by_the_name_that_the_command_line_takes(corpus):
    assert {command_line_name(key) for seed in (0, 4) for key in CORPORA[corpus](seed)} == {corpus}


def test_of_a_version_that_is_not_current_too():
    key = dataclasses.replace(CORPORA["avec2015_from_dev"](0)[0], version="older")
    assert command_line_name(key) == "avec2015_from_dev"


def test_seeds_are_those_at_the_bottom():
    a, b = network(seed=2), network(seed=2, dimension="arousal", scale="desk")
    fused = FusedRun((SmoothedRun(a, "backward"), b), "dev_dev")
    assert provenance_line([result(fused)], "x").commands[0].endswith("--seeds 2")


def test_a_ridge_has_no_seed_but_that_of_its_cohort():
    def ridge(key):
        return RidgeRun(key, ("a",), ("arousal",), "desk", "train")

    alone = provenance_line([result(ridge(CORPORA["studyforrest"](0)[0]))], "x")
    assert alone.summary == "Provenance: 1 recorded run on studyforrest, desk scale"
    assert alone.commands == ("replica sweep x --corpus studyforrest --scale desk",)
    assert provenance_line([result(ridge(CORPORA["simulated"](3)[0]))], "x").commands[0].endswith("--seeds 3")


def test_two_scales_need_two_commands():
    line = provenance_line([result(network(scale=scale)) for scale in ("desk", "full_width")], "x")
    assert [command.split()[6] for command in line.commands] == ["desk", "full_width"]


def test_commits_with_uncommitted_changes_are_told_apart():
    runs = [network(seed=seed) for seed in range(3)]
    told = [{}, {"uncommitted_changes": True}, {}]
    line = provenance_line([result(run, **t) for run, t in zip(runs, told, strict=True)], "x")
    assert line.details["commit"] == "abcdefg (2 runs), abcdefg with uncommitted changes (1 run)"


def test_what_a_name_holds_is_text_in_the_page():
    hostile = "<script>alert(1)</script>&\"'"
    run = RidgeRun(CorpusKey(hostile, "v", (("k", hostile),)), ("a",), ("arousal",), "desk", "train")
    page = provenance_line([result(run, processor=hostile, commit=hostile)], hostile)._repr_html_()
    assert "<script" not in page and "&lt;script&gt;alert(1)" in page
    assert page.count('"') == 4  # those around the class and the address alone


def test_many_digests_are_cut_and_the_rest_is_counted(monkeypatch):
    monkeypatch.setattr(module, "MOST_DIGESTS", 2)
    told = provenance_line([result(network(seed=seed)) for seed in range(5)], "x").details["digests"]
    assert len(told.split()) == 5 and told.endswith(" and 3 more")


def test_the_same_results_give_the_same_line_in_any_order():
    results = [result(network(seed=seed)) for seed in range(3)]
    assert provenance_line(results, "x") == provenance_line(results[::-1], "x")


def test_text_form_holds_the_command():
    line = provenance_line([result(network())], "x")
    assert str(line).splitlines()[0] == line.summary and f"recompute: {line.commands[0]}" in str(line)


def test_nothing_to_tell():
    with pytest.raises(ValueError, match="Pass what the table or figure was computed from"):
        provenance_line([], "x")
