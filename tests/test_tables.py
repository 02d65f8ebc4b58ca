import pytest

from replica import tables
from replica.conventions import LOSSES
from replica.corpora.recording import CorpusKey
from replica.runs import Result, RidgeRun, digest
from replica.statistics import Interval


def test_table_4_as_printed():
    printed = tables.paper_losses("arousal")
    assert list(printed.columns) == list(LOSSES)
    assert list(printed.index) == ["audio_short", "video_app", "video_geo", "ecg", "average"]
    assert printed.loc["video_app", "mse-cov"] == 0.571
    assert printed.loc["average", "-ccc"] == 0.520


def test_table_5_keeps_its_misprint():
    printed = tables.paper_losses("valence")
    assert printed.loc["average", "tube0.05"] == 0.258
    assert printed.drop("average")["tube0.05"].mean() == pytest.approx(0.285, abs=5e-4)


def test_paper_table_holds_numbers():
    rows = tables.paper_table(11)
    assert rows.set_index(["target", "column"])["value"]["arousal", "smoothed"] == 0.8101


def test_complete_rows_are_as_printed():
    rows = tables.complete_rows()
    assert [2, "arousal", "eda", "", "0.195", "0.140", "0.065"] in rows.to_numpy().tolist()
    assert set(rows["table"]) == {2, 3, 6, 7, 8, 12}  # the others print the CCC alone


def test_unknown_table_lists_the_printed():
    with pytest.raises(ValueError, match="tables 2, 3, .* 12"):
        tables.paper_table(1)


def test_intervals_in_rows():
    laid = tables.with_intervals({"5.3c": Interval(0.1, -0.2, 0.3)})
    assert laid.loc["5.3c"].tolist() == [0.1, -0.2, 0.3]


def test_provenance_counts_a_run_once():
    run = RidgeRun(CorpusKey("toy", "v"), ("a",), ("arousal",), "desk", "train")
    told = {"commit": "abcdefghij", "uncommitted_changes": True, "processor": "P", "seconds": 1800.0}
    result = Result(run, {}, {}, {}, {}, told)
    laid = tables.provenance([result, result])
    assert laid.tolist() == [1, digest(run), "abcdefg", 1, "P", 0.5]
