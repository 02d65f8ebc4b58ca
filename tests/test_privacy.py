"""What is recorded of a gated corpus: predictions and moments, never a feature, a rating or a gold standard.

Generated files stand for the gated ones. How many numbers a record holds must not depend on how long a recording is,
but for the predictions; and none of its series may be the gold standard.
"""

import io
import json
import logging
import re

import generate_avec2015
import list_results
import numpy as np
import pytest
from typer.testing import CliRunner

from replica import cli, corpora, execution, fixed_point
from replica.inputs import average_frames
from replica.runs import RidgeRun, Run, digest
from replica.store import Store

SHORT, LONG = 100, 200


@pytest.fixture(scope="module", params=["ridge", "network"])
def recorded(request, tmp_path_factory):
    """Of a short and a long corpus: the folder, the store with a run on it, and what was printed and logged."""
    told = {}
    for frames in (SHORT, LONG):
        folder = tmp_path_factory.mktemp("data")
        generate_avec2015.generate(folder, frames=frames, speakers=2)
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        logging.getLogger().addHandler(handler)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("REPLICA_DATA", str(folder))
            key = corpora.key("avec2015")
            both = ("arousal", "valence")
            run = (
                RidgeRun(key, ("eda",), both, "smoke", "speaker")
                if request.param == "ridge"
                else Run(key, ("eda",), both, "smoke", layer_sizes=(3,), loss="mse", seed=0)
            )
            store = Store(folder / "results")
            execution.load.cache_clear()  # both folders have the key of generated files
            store.save(execution.execute(run))
            shown = CliRunner().invoke(cli.app, ["status", "sec5_3_loss_functions", "--results", str(store.folder)])
        logging.getLogger().removeHandler(handler)
        page = list_results.script(list_results.rows(store, {digest(run): {"made_up"}}))
        told[frames] = folder, store, stream.getvalue() + shown.output + page
    return told


def files_of(store):
    (record,) = store.folder.glob("??/*.json")
    return record.read_text(), record.with_suffix(".npz")


def count_of_numbers(value, place=""):
    """How many numbers a record holds; of the fit's history, whose length is that of the fit, none."""
    if isinstance(value, dict):
        return sum(count_of_numbers(v, name) for name, v in value.items() if name != "history")
    if isinstance(value, list):
        return sum(count_of_numbers(v) for v in value)
    return isinstance(value, int | float)


@pytest.mark.reliability("privacy")
def test_a_longer_recording_adds_no_number_to_the_record(recorded):
    counts = {frames: count_of_numbers(json.loads(files_of(store)[0])) for frames, (_, store, _) in recorded.items()}
    assert counts[SHORT] == counts[LONG] > 0


@pytest.mark.reliability("privacy")
def test_the_archive_holds_predictions_alone(recorded):
    _, store, _ = recorded[LONG]
    (result,) = store
    with np.load(files_of(store)[1], allow_pickle=False) as archive:
        assert sorted(archive.files) == ["dev", "test"]
        sizes = [fixed_point.decode(archive[name]).size for name in archive.files]
    assert sizes == [sum(p.size for p in result.predictions[partition].values()) for partition in ("dev", "test")]


@pytest.mark.reliability("privacy")
def test_no_prediction_is_the_gold_standard(recorded):
    """Nor a stretch of it, at either rate; predictions are rounded to steps of 1/2048."""
    folder, store, _ = recorded[LONG]
    (result,) = store
    corpus = {r.name: r for r in corpora.load("avec2015", path=folder).recordings}
    for name, prediction in (item for of in result.predictions.values() for item in of.items()):
        gold = average_frames(corpus[name].gold, 5)
        assert prediction.shape == gold.shape
        for start in range(len(gold) - 5):
            stretch = slice(start, start + 5)
            assert np.abs(prediction[stretch] - gold[stretch]).max() > 1 / 1000


@pytest.mark.reliability("privacy")
def test_no_text_of_the_files_is_recorded_printed_or_logged(recorded):
    """Numbers of five digits or more, as they stand in the files."""
    folder, store, told = recorded[SHORT]
    rows = [row for file in (folder / "avec2015").rglob("*.[ac]*") for row in file.read_text().splitlines()]
    values = {field for row in rows for field in re.split("[,;]", row) if len(re.sub(r"\D", "", field)) >= 5}
    assert len(values) > 1000
    assert not set(re.findall(r"-?[\d.e-]+", files_of(store)[0] + told)) & values


def test_a_gold_standard_in_a_record_would_be_found(recorded):
    """What the first test rests on."""
    assert count_of_numbers({"moments": {"gold": [0.1] * 9, "dev": [[1, 2], "x"]}, "history": [1]}) == 11
