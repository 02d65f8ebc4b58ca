import dataclasses

import pytest
from typer.testing import CliRunner

from replica import cli, corpora
from replica.experiments import EXPERIMENTS
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.runs import FusedRun, SmoothedRun

run = CliRunner().invoke


def test_status_counts_what_is_recorded():
    told = run(cli.app, ["status", "sec5_3_loss_functions"])
    assert told.exit_code == 0
    assert "152 of 152 runs recorded" in told.output


def test_sweep_asks_for_what_is_missing_and_tells_how_it_goes(monkeypatch, tmp_path):
    def execute_all(runs, store, processes, report):
        assert (len(runs), store.folder, processes) == (152, tmp_path, 3)
        report(runs[0], 12.0)

    monkeypatch.setattr(cli, "execute_all", execute_all)
    told = run(cli.app, ["sweep", "sec5_3_loss_functions", "--processes", "3", "--results", str(tmp_path)])
    assert told.exit_code == 0, told.output
    assert "152 runs declared, 0 recorded, 152 to execute" in told.output
    assert "1/152" in told.output
    assert "mse seed=0  12 s" in told.output


@pytest.mark.parametrize(("option", "value"), [("--corpus", "recola"), ("--scale", "huge")])
def test_unknown_option_lists_the_known(option, value):
    told = run(cli.app, ["sweep", "sec5_3_loss_functions", option, value])
    assert told.exit_code == 2
    assert "Choose one of" in " ".join(told.output.split())


def test_unknown_experiment_lists_the_known():
    told = run(cli.app, ["sweep", "sec9"])
    assert told.exit_code == 2
    assert all(name in " ".join(told.output.split()) for name in EXPERIMENTS)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_is_in_the_help(name):
    assert name in run(cli.app, ["sweep", "--help"], terminal_width=200).output


def test_a_run_in_one_line():
    network = sec5_3.network("mse-cov", "desk", corpora.key("studyforrest", rotation=2), "valence", 1)
    assert cli.name(network) == "studyforrest rotation=2  valence  mse-cov seed=1"
    later = dataclasses.replace(network.assumptions, label_delay_seconds=2)
    both_ways = dataclasses.replace(network, assumptions=later, direction="bidirectional")
    assert cli.name(both_ways).endswith("mse-cov seed=1 label_delay_seconds=2 direction=bidirectional")
    assert cli.name(FusedRun((network, both_ways), "dev_dev")).endswith("2 runs fused, weights from dev_dev")
    assert cli.name(SmoothedRun(network, "forward")).endswith("mse-cov seed=1 smoothed forward")
