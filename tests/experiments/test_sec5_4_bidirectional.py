from replica.experiments import sec5_3_loss_functions
from replica.experiments import sec5_4_bidirectional as experiment
from replica.experiments.systems import many
from replica.runs import RidgeRun, Run, digest


def networks():
    return [run for run in experiment.runs() if isinstance(run, Run)]


def test_runs_are_nine_systems_each_once_and_a_ridge():
    runs = networks()
    assert sum(isinstance(run, RidgeRun) for run in experiment.runs()) == 2 * 4
    assert len({digest(run) for run in runs}) == len(runs) == 9 * 2 * 4 * len(many("studyforrest"))
    told = {
        (run.direction, run.assumptions.bidirectional_alignment, run.assumptions.label_delay_seconds) for run in runs
    }
    kinds = [("forward", "aligned"), ("bidirectional", "aligned"), ("bidirectional", "unreversed")]
    assert told == {(*kind, delay) for kind in kinds for delay in (0, 2, 4)}


def test_the_plain_lstm_is_section_5_3s():
    recorded = set(sec5_3_loss_functions.runs())
    assert len(recorded & set(networks())) == 8 * len(many("studyforrest"))


def test_systems_differ_in_nothing_else():
    alike = {(run.corpus.name, run.features, run.loss, run.layer_sizes, run.scale, run.enters) for run in networks()}
    assert len(alike) == 1


def test_normalisation_is_kept_with_every_delay():
    assert {run.assumptions.normalisation for run in networks()} == {"train"}
