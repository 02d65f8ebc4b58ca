import base64
import json

import list_predictions
import numpy as np
import pytest

from replica import corpora
from replica.experiments.systems import CORPORA
from replica.metrics import ccc
from replica.runs import digest
from replica.store import Store

KEY = corpora.key("simulated", seed=0, size="mini")


def decode(text):
    return np.frombuffer(base64.b64decode(text), "<i2") * list_predictions.STEP


@pytest.fixture(scope="module")
def group(tmp_path_factory):
    """Where no network is recorded: ridge regressions on a small cohort."""
    return list_predictions.group("simulated", Store(tmp_path_factory.mktemp("none")), KEY)


def read(script):
    name, _, data = script.removeprefix("(window.replicaExplorer ??= {})[").partition("] = ")
    return json.loads(name), json.loads(data.removesuffix(";\n"))


def test_recorded_predictions_come_back_to_the_last_bit():
    values = np.arange(-4096, 4097) / 2048  # the steps of replica.fixed_point
    np.testing.assert_array_equal(decode(list_predictions.encode(values)), values)


def test_encoding_by_hand_and_at_its_ends():
    assert base64.b64decode(list_predictions.encode([1.0, -1.0])) == b"\x00\x20\x00\xe0"
    assert decode(list_predictions.encode([9.0, -9.0])).tolist() == [32767 / 8192, -4.0]


def test_without_records_every_feature_set_has_a_ridge_of_its_own(group):
    for results in group.members.values():
        assert list(results) == [f"{name}, ridge" for name in ("voice", "face", "heart", "skin", "all features")]


def test_a_recording_holds_what_was_scored(group):
    shown = list_predictions.recording(group, "test", "test_2")["valence"]
    results = list(group.members["valence"].values())
    assert len(shown["raters"]) == 6 and len(shown["predictions"]) == len(results)
    for text, result in zip(shown["predictions"], results, strict=True):
        expected = result.moments["test"]["valence"]["test_2"].ccc
        assert ccc(decode(shown["gold"]), decode(text)) == pytest.approx(expected, abs=2e-3)  # of the gold's rounding


def test_the_fusion_is_least_squares_on_dev(group):
    told = list_predictions.index(group)["fusion"]["arousal"]
    results = group.members["arousal"].values()
    gold = list_predictions.gold_of(group.corpus, "arousal")
    names = [r.name for r in group.corpus.partition("dev")]
    columns = [np.concatenate([r.predictions["dev"][n][:, 0] for n in names]) for r in results]
    design = np.stack([*columns, np.ones(len(columns[0]))], axis=1)
    expected = np.linalg.lstsq(design, np.concatenate([gold[n] for n in names]), rcond=None)[0]
    fused = design @ [*told["weights"], told["intercept"]]  # weights of columns that hardly differ are not unique
    np.testing.assert_allclose(fused, design @ expected, atol=1e-4)  # the weights are written to six digits


def test_a_recorded_network_takes_the_place_of_the_ridge():
    class Everything:
        def __contains__(self, run):
            return True

        def load(self, run):
            return run

    members = list_predictions.subsystems(CORPORA["simulated"](0)[0], "simulated", Everything())["valence"]
    assert list(members) == [
        *(f"{name}, LSTM" for name in ("voice", "face", "heart", "skin", "all features")),
        "all features, ridge",
    ]
    assert {run.loss for name, run in members.items() if "LSTM" in name} == {"-ccc"}


def test_what_is_written(group, tmp_path):
    list_predictions.write({"simulated": group}, tmp_path)
    name, [told] = read((tmp_path / "_static/explorer/index.js").read_text())
    assert name == "index" and told["corpus"] == "simulated tracks-1" and told["secondsPerFrame"] == 0.2
    assert [entry["partition"] for entry in told["recordings"]] == ["test"] * 3 + ["dev"] * 3
    assert told["subsystems"]["arousal"]["voice, ridge"] == digest(group.members["arousal"]["voice, ridge"].run)
    for entry in told["recordings"]:
        name, data = read((tmp_path / "_static/explorer" / entry["file"]).read_text())
        assert name == entry["file"] and len(decode(data["arousal"]["gold"])) == 200
    assert (tmp_path / "figures/explorer.svg").read_text().startswith("<?xml")


def test_no_text_ends_the_script():
    assert "<" not in list_predictions.script("x", {"name": "</script><script>alert(1)</script>"})


def test_only_the_simulated_corpus_is_written_unless_another_is_named(tmp_path, monkeypatch):
    """The gold standard of a real corpus gets into a book only where somebody asks for it."""
    asked = []
    monkeypatch.setattr(list_predictions, "group", lambda name, store: asked.append(name))
    monkeypatch.setattr(list_predictions, "write", lambda groups, book: (book / "_static/explorer").mkdir(parents=True))
    list_predictions.main([str(tmp_path), str(tmp_path / "book")])
    assert asked == ["simulated"]


def test_a_gated_corpus_is_refused(tmp_path, capsys):
    """The page would hold its gold standard, frame by frame."""
    with pytest.raises(SystemExit):
        list_predictions.main([str(tmp_path), str(tmp_path / "book"), "--corpora", "simulated", "avec2015"])
    assert "invalid choice: 'avec2015'" in capsys.readouterr().err
    assert not (tmp_path / "book").exists()
