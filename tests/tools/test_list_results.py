import json
import math

import list_results

from replica import paths
from replica.corpora import key
from replica.experiments import sec5_3_loss_functions as sec5_3
from replica.experiments.systems import CORPORA
from replica.metrics import Moments
from replica.runs import FusedRun, Result, RidgeRun, SmoothedRun, digest
from replica.store import Store


def network(feature="sound", loss="mse", seed=0, rotation=1):
    return sec5_3.modalities("studyforrest", "desk")[feature, loss](
        CORPORA["studyforrest"](0)[rotation], "arousal", seed
    )


def result(run, ccc=0.25):
    """Two recordings of equal means and unit variances, so that CCC is the covariance."""
    moments = {p: {d: {name: Moments(10, 0, 0, 1, 1, ccc) for name in "ab"} for d in run.dimensions} for p in
               ("dev", "test")}  # fmt: skip
    return Result(run, moments, {}, {}, {}, {"commit": "abcdefghij", "seconds": 12.5})


def unpacked(text):
    """What results.js makes of the script."""
    data = json.loads(text.removeprefix("window.replicaRuns = ").removesuffix(";\n"))
    columns = dict(data["columns"])
    for name, texts in data["texts"].items():
        columns[name] = [texts[place] for place in columns[name]]
    return [
        dict(zip(data["order"], row, strict=True)) for row in zip(*(columns[n] for n in data["order"]), strict=True)
    ]


def test_a_row_by_hand():
    run = network(seed=2)
    member_of = {digest(run): {"sec5_7_late_fusion", "sec5_3_loss_functions"}}
    [row] = unpacked(list_results.script(list_results.rows([result(run)], member_of)))
    assert row == {
        "digest": digest(run),
        "experiments": "sec5_3_loss_functions, sec5_7_late_fusion",
        "system": "LSTM 80-60",
        "corpus": "studyforrest",
        "dimension": "arousal",
        "features": "sound",
        "loss": "mse",
        "scale": "desk",
        "commit": "abcdefg",
        "rotation": 1,
        "seed": 2,
        "dev CCC": 0.25,
        "test CCC": 0.25,
        "seconds": 12.5,
    }


def test_what_rests_on_other_runs_tells_of_them():
    members = (SmoothedRun(network("sound", "mse", 1), "backward"), network("light", "-ccc", 1))
    [row] = list_results.rows([result(FusedRun(members, "dev_dev"))], {})
    assert (row["features"], row["loss"], row["seed"]) == ("sound, light", "mse, -ccc", 1)
    assert row["system"] == "fusion of 2, weights from dev dev"
    assert row["experiments"] == ""


def test_a_ridge_has_no_loss_and_no_seed():
    run = RidgeRun(CORPORA["simulated"](3)[0], ("voice",), ("arousal", "valence"), "desk", "speaker")
    first, second = list_results.rows([result(run)], {})
    assert (first["dimension"], second["dimension"]) == ("arousal", "valence")
    assert (first["loss"], first["seed"], first["rotation"]) == ("", None, None)


def test_an_undefined_score_is_left_open():
    [row] = unpacked(list_results.script(list_results.rows([result(network(), math.nan)], {})))
    assert row["test CCC"] is None


def test_no_text_ends_the_script():
    hostile = {"experiments": "", "system": "</script><script>alert(1)</script>"}
    row = dict.fromkeys(list_results.COLUMNS, "x") | hostile
    assert "<" not in list_results.script([row])
    assert unpacked(list_results.script([row]))[0]["system"] == hostile["system"]


def test_the_summary_counts_a_run_once():
    rows = list_results.rows([result(network(seed=seed)) for seed in range(3)], {})
    rows = [row | {"experiments": "sec5_3_loss_functions", "dimension": d} for row in rows for d in ("a", "b")]
    text = list_results.summary(rows)
    assert text.startswith("3 runs are recorded") and "| `sec5_3_loss_functions` | 3 |" in text


def test_recorded_runs_are_found_under_their_experiments():
    """The plain network is of several sections; the smoothed one rests on a network that section 5.3 has too."""
    store, systems = Store(paths.results()), sec5_3.systems("studyforrest", "desk")
    plain, covering = (systems[loss](key("studyforrest", rotation=0), "arousal", 0) for loss in ("mse", "-ccc"))
    smoothed = SmoothedRun(covering, "forward")
    found = list_results.memberships(store, [store.load(plain), store.load(smoothed)])
    assert "sec5_3_loss_functions" in found[digest(plain)]
    assert found[digest(smoothed)] == {"sec5_8_smoothing"}


def test_nothing_is_written_twice(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["x", str(tmp_path / "none"), str(tmp_path / "book")])
    assert list_results.main() == 0
    first = (tmp_path / "book/_static/runs.js").stat().st_mtime_ns
    assert list_results.main() == 0
    assert (tmp_path / "book/_static/runs.js").stat().st_mtime_ns == first
    assert capsys.readouterr().out.splitlines()[-1].endswith("current")
