"""From a corpus to a model to predictions: what is recorded is predicted again, and what cannot be says why."""

import dataclasses
import json
import shutil

import generate_avec2015
import numpy as np
import pandas as pd
import pytest
from made_up_model import columns, declared, made_up
from typer.testing import CliRunner

from replica import (
    execution,
    inputs,
    metrics,
    model_folder,
    model_making,
    own_recordings,
    predicting,
    trained_model,
    training,
)
from replica.cli import app
from replica.conventions import FEATURE_WIDTHS, PARTITIONS
from replica.corpora import avec2015, avec2015_files
from replica.extraction import QUALITY
from replica.runs import Assumptions, Run

FRAMES = 203  # no multiple of five: three are left over at desk scale


def command(*words):
    return CliRunner().invoke(app, list(map(str, words)))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A folder with generated features of three speakers in each partition."""
    folder = tmp_path_factory.mktemp("corpus")
    generate_avec2015.generate(folder, frames=FRAMES, speakers=3)
    return folder


@pytest.fixture(scope="module")
def read(corpus):
    return avec2015.load(path=corpus)


@pytest.fixture(scope="module")
def trained(corpus, tmp_path_factory):
    """By the command line: a model of two sets and both emotion dimensions, its card, and what was printed."""
    folder = tmp_path_factory.mktemp("models") / "model"
    told = command(
        "train", corpus, "--model", folder, "--features", "audio_long,eda", "--scale", "smoke", "--layers", "3,2"
    )
    assert told.exit_code == 0, told.output
    return folder, told.output


@pytest.fixture(scope="module")
def predicted(trained, corpus, tmp_path_factory):
    """By the command line: the table of all speakers of the training corpus."""
    file = tmp_path_factory.mktemp("tables") / "predictions.csv"
    told = command("predict", corpus, "--model", trained[0], "-o", file)
    assert told.exit_code == 0, told.output
    return pd.read_csv(file), told.output


# From a corpus to a table


@pytest.mark.parametrize(("normalisation", "delay"), [("speaker", 2), ("partition", 0), ("train", 0)])
def test_dev_is_predicted_as_it_was_recorded(normalisation, delay, corpus, read, tmp_path, monkeypatch):
    """To 1e-6, the rounding of products of other sizes: a recording by itself, and the batch of its partition.

    By partition, a folder must hold that partition alone.
    """
    assumed = Assumptions(normalisation=normalisation, label_delay_seconds=delay)
    run = Run(read.key, ("audio_short_3s", "eda"), ("arousal", "valence"), "smoke", (3, 2), "mse", 0, assumed)
    train, ended = execution.train, []
    monkeypatch.setattr(execution, "train", lambda *words: ended.append(train(*words)) or ended[-1])
    model, _ = model_making.make(corpus, read, run)
    ((result, weights),) = ended
    assert all(map(np.array_equal, model.weights, weights))
    alone = shutil.copytree(corpus, tmp_path / "alone")
    for file in [*alone.rglob("train_*"), *alone.rglob("test_*"), alone / "avec2015/features_EDA/dev_3.arff"]:
        file.unlink()  # a smoke run takes two of each partition
    (alone / "avec2015/features_audio_short/dev_3.arff").unlink()
    done, failed = predicting.predict(model, alone)
    assert [one.name for one in done] == ["dev_1", "dev_2"] and failed == {}
    seen = inputs.skip_delay(inputs.prepare(run, read)["dev"], 5 * delay).features
    network = training.network(run, tuple(map(trained_model.width, run.features)))
    network.set_weights(weights)
    unrounded = inputs.restore_delay(network(seen).numpy(), 5 * delay)
    for one, expected in zip(done, unrounded, strict=True):
        np.testing.assert_allclose(one.predictions, expected, atol=1e-6)
        np.testing.assert_allclose(one.predictions, result.predictions["dev"][one.name], atol=1 / 4096 + 1e-6)
        assert np.ptp(one.predictions) > 1e-3  # not all alike


def test_the_table(trained, predicted):
    table, told = predicted
    names = [f"{partition}_{k}" for partition in sorted(PARTITIONS) for k in (1, 2, 3)]
    assert list(table.recording.unique()) == names
    measured = ["measured_audio_long", "measured_eda"]
    assert list(table) == ["recording", "time", "arousal", "valence", *measured, "distance", "unlike_training"]
    one = table[table.recording == "dev_2"]
    np.testing.assert_allclose(one.time, 0.08 + 0.2 * np.arange(FRAMES // 5))
    assert one.measured_audio_long.isna().all()  # nobody wrote it down
    assert (one.measured_eda < 1).any() and (one.measured_eda == 1).any()  # rows that the generator leaves out
    assert "9 recordings predicted" in told and "relative within a speaker" in told and "cannot stream" in told


def test_the_table_holds_what_was_predicted(trained, predicted, corpus):
    done, _ = predicting.predict(model_folder.read(trained[0]), corpus)
    table = predicted[0].set_index("recording")
    for one in done:
        np.testing.assert_allclose(table.loc[one.name, ["arousal", "valence"]], one.predictions, atol=6e-7)
        np.testing.assert_allclose(table.loc[one.name, "distance"], one.distance, atol=6e-4)
        assert (table.loc[one.name, "unlike_training"] == one.unlike).all()


def test_the_card_and_what_is_printed(trained, predicted, read):
    """Its scores are those of the table's predictions; a smoke run takes two recordings of a partition."""
    folder, told = trained
    card = (folder / "MODEL_CARD.md").read_text()
    model = model_folder.read(folder)
    table = predicted[0].set_index("recording")
    for partition in ("dev", "test"):
        two = read.partition(partition)[:2]
        for k, dimension in enumerate(("arousal", "valence")):
            gold = [inputs.average_frames(r.gold, 5)[:, k] for r in two]
            predictions = [table.loc[r.name, dimension].to_numpy() for r in two]
            pooled = metrics.ccc_pooled(gold, predictions)
            mean = np.mean(metrics.ccc_per_recording(gold, predictions))
            row = f"| {partition} | {dimension} | {pooled:.3f} | {mean:.3f} |"
            assert row in card and row in told
    for words in (
        "inherits its terms",
        "relative within a speaker",
        "cannot stream",
        read.digest,
        "at least 0.8 s",
        "no model to use",
    ):
        assert words in card
    assert model.corpus_digest == read.digest
    assert model.least_seconds == pytest.approx(0.1 * (FRAMES // 5) * 0.2)
    result = training.train(model.run, read, None)[0]
    told = dataclasses.replace(result, provenance={"commit": None})
    at_desk = dataclasses.replace(model, run=dataclasses.replace(model.run, scale="desk"))
    assert "no model to use" not in model_making.card(at_desk, read, told)


def test_a_training_that_was_stopped_goes_on(corpus, tmp_path, monkeypatch):
    """Where it was: the state lies beside the folder, and is gone with the end."""
    words = ["train", corpus, "--model", tmp_path / "model", "--features", "eda", "--scale", "smoke", "--layers", "2"]
    monkeypatch.setattr(training.Checkpoint, "is_due", lambda self: True)
    save, saved = training.Checkpoint.save, []

    def stop(self, state):
        save(self, state)
        saved.append(len(state["train_loss"]))
        if len(saved) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(training.Checkpoint, "save", stop)
    told = command(*words)
    assert told.exit_code == 130
    assert "No model was written. The same command goes on where its state was last saved" in told.output
    assert [file.name for file in tmp_path.iterdir()] == [".model.unfinished"]
    assert command(*words).exit_code == 0
    assert saved == [1, 2, 3, 4]
    assert [file.name for file in tmp_path.iterdir()] == ["model"]


def test_a_training_that_was_stopped_before_a_state_was_saved(corpus, tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "fit", stop)
    told = command("train", corpus, "--model", tmp_path / "model", "--features", "eda", "--scale", "smoke")
    assert told.exit_code == 130 and "The same command starts anew" in told.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.reliability("divergence")
def test_a_network_that_diverged_is_no_model(corpus, read, monkeypatch):
    monkeypatch.setattr(training, "fit", lambda *_: {"stopped": "diverged"})
    run = Run(read.key, ("eda",), ("arousal",), "smoke", (2,), "mse", 0)
    with pytest.raises(ValueError, match="Try another --seed or --loss"):
        model_making.make(corpus, read, run)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--features", "voice"], "Choose other features"),
        (["--features", "eda,ecg_late4s"], "Received 'ecg_late4s'. Choose other features"),
        (["--loss", "os.system"], "Choose one of those names"),
        (["--direction", "up"], "Choose one of those names"),
        (["--normalisation", "none"], "Choose one of those names"),
        (["--label-delay", "3"], "Choose one of those names"),
        (["--layers", "a,b"], "Pass whole numbers"),
        (["--test", "none"], "Choose one of these"),
    ],
)
def test_options_that_are_none(words, told, corpus, tmp_path):
    ended = command("train", corpus, "--model", tmp_path / "model", "--scale", "smoke", *words)
    assert ended.exit_code != 0
    assert told in ended.output + str(ended.exception)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(trained, corpus, tmp_path):
    assert "Name another" in str(command("train", corpus, "--model", trained[0]).exception)
    (tmp_path / "table.csv").write_text("mine")
    ended = command("predict", corpus, "--model", trained[0], "-o", tmp_path / "table.csv")
    assert "Name another" in str(ended.exception) and (tmp_path / "table.csv").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_told_before_the_work(trained, corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(training, "fit", None)
    monkeypatch.setattr(predicting, "collect", None)
    (tmp_path / "file").touch()
    for words in (
        ["train", corpus, "--model", tmp_path / "file/model"],
        ["predict", corpus, "--model", trained[0], "-o", tmp_path / "file/table.csv"],
    ):
        assert "which is no folder. Name another place" in str(command(*words).exception)


# Own recordings, by a model of random weights


def write_features(folder, name, frames, *, sets=("audio_long", "ecg"), seed=0, names=columns, flags=True):
    """Features of one recording, and the flags that `replica features` writes beside them."""
    rng = np.random.default_rng(seed)
    for k, feature in enumerate(sets):
        count = frames if isinstance(frames, int) else frames[k]
        place = folder / "avec2015" / avec2015_files.FOLDERS[feature]
        place.mkdir(parents=True, exist_ok=True)
        header = [f"@attribute {column} numeric" for column in names(feature)]
        rows = [",".join(f"{x:.5g}" for x in row) for row in rng.normal(size=(count, FEATURE_WIDTHS[feature]))]
        (place / f"{name}.arff").write_text("\n".join(["@relation x", *header, "@data", *rows, ""]))
        if flags:
            place = folder / "avec2015" / QUALITY / feature
            place.mkdir(parents=True, exist_ok=True)
            lines = [f"{0.04 * row:.2f},{int(row != 3)}" for row in range(count)]
            (place / f"{name}.csv").write_text("\n".join(["frameTime,measured", *lines, ""]))


@pytest.fixture(scope="module")
def model():
    return made_up()


def predict(model, folder):
    done, failed = predicting.predict(model, folder)
    return {one.name: one for one in done}, failed


def test_one_that_fails_is_named_and_the_others_are_written(model, tmp_path):
    model_folder.write(tmp_path / "model", model, "")
    write_features(tmp_path, "anna", 100)
    write_features(tmp_path, "short", 20)
    table = tmp_path / "new/table.csv"
    told = command("predict", tmp_path, "--model", tmp_path / "model", "-o", table)
    assert told.exit_code == 1
    assert "failed: short  To be predicted" in told.output and "1 recording predicted" in told.output
    assert "Trained with numpy 2.1; here are other versions" in told.output
    assert set(pd.read_csv(table).recording) == {"anna"}
    shutil.rmtree(table.parent)
    (tmp_path / "avec2015/features_ECG/anna.arff").unlink()
    told = command("predict", tmp_path, "--model", tmp_path / "model", "-o", table)
    assert told.exit_code == 1 and not table.exists()


def test_recordings_of_any_name_and_length(model, tmp_path):
    write_features(tmp_path, "anna", 100)
    write_features(tmp_path, "Bob-2.b", 250, seed=1)
    done, failed = predict(model, tmp_path)
    assert {name: one.predictions.shape for name, one in done.items()} == {"Bob-2.b": (50, 2), "anna": (20, 2)}
    assert failed == {}
    np.testing.assert_allclose(done["anna"].measured["ecg"], [0.8, *[1] * 19])


@pytest.mark.reliability("short_recordings")
@pytest.mark.parametrize(
    ("frames", "says"), [(0, "at least a row"), (1, "2 s"), (25, "2 s"), (49, "2 s"), (50, ""), (101, "")]
)
def test_short_recordings(frames, says, model, tmp_path):
    """By speaker, and this model asks for 2 s; whoever else is in the folder is predicted all the same."""
    write_features(tmp_path, "short", frames)
    write_features(tmp_path, "long", 300)
    done, failed = predict(model, tmp_path)
    assert "long" in done and np.isfinite(done["long"].predictions).all()
    assert ("short" in done) == (not says)
    assert says in failed.get("short", "")
    if says == "2 s":
        assert "--normalisation train" in failed["short"] and "Received" in failed["short"]


@pytest.mark.reliability("short_recordings")
def test_by_train_even_one_row_is_predicted(tmp_path):
    by_train = made_up(declared(assumptions=Assumptions(normalisation="train")), least_seconds=0.0)
    write_features(tmp_path, "one_row", 5)
    write_features(tmp_path, "no_row", 4)
    done, failed = predict(by_train, tmp_path)
    assert done["one_row"].predictions.shape == (1, 2)
    assert "a whole row" in failed["no_row"]


def test_windows_and_delays_longer_than_the_recording(tmp_path):
    windows = made_up(declared(("audio_long_3s",)), least_seconds=0.0)
    write_features(tmp_path / "a", "short", 74, sets=("audio_long",))
    assert "Take longer recordings or a shorter window" in predict(windows, tmp_path / "a")[1]["short"]
    delayed = made_up(declared(("ecg",), assumptions=Assumptions(label_delay_seconds=4)), least_seconds=0.0)
    write_features(tmp_path / "b", "short", 100, sets=("ecg",))
    assert "shorter delay" in predict(delayed, tmp_path / "b")[1]["short"]


def test_all_of_a_partition_together_are_long_enough(tmp_path):
    by_partition = made_up(declared(assumptions=Assumptions(normalisation="partition")))
    write_features(tmp_path, "a", 25)
    with pytest.raises(ValueError, match="'all recordings together' must have at least 2 s"):
        predict(by_partition, tmp_path)
    write_features(tmp_path, "b", 25, seed=1)
    assert len(predict(by_partition, tmp_path)[0]) == 2


@pytest.mark.reliability("lengths")
@pytest.mark.parametrize(
    ("frames", "says"), [((100, 99), ""), ((99, 100), ""), ((100, 98), "100 of audio_long, 98 of ecg")]
)
def test_sets_of_other_lengths(frames, says, model, tmp_path):
    write_features(tmp_path, "a", frames)
    done, failed = predict(model, tmp_path)
    assert says in failed.get("a", "")
    if not says:
        short = "ecg" if frames[1] == 99 else "audio_long"
        assert done["a"].measured[short][-1] == pytest.approx(0.8)  # the last frame is held, not measured


@pytest.mark.reliability("missing_modalities")
def test_a_set_that_is_missing(model, tmp_path):
    write_features(tmp_path, "a", 100)
    write_features(tmp_path, "b", 100, sets=("ecg",))
    done, failed = predict(model, tmp_path)
    assert list(done) == ["a"] and "There is no file of 'b'" in failed["b"]
    shutil.rmtree(tmp_path / "avec2015/features_audio")
    with pytest.raises(ValueError, match="lacks features_audio.*or name a folder of raw recordings"):
        predict(model, tmp_path)


@pytest.mark.reliability("not_finite")
@pytest.mark.parametrize(("value", "says"), [("nan", "finite number"), ("inf", "finite number"), ("?", "")])
def test_values_that_are_none(value, says, model, tmp_path):
    write_features(tmp_path, "a", 100)
    file = tmp_path / "avec2015/features_ECG/a.arff"
    lines = file.read_text().splitlines()
    start = lines.index("@data") + 1
    lines[start + 10] = ",".join([value, *lines[start + 10].split(",")[1:]])
    file.write_text("\n".join(lines))
    done, failed = predict(model, tmp_path)
    assert says in failed.get("a", "")
    if not says:
        assert np.isfinite(done["a"].predictions).all()
        assert done["a"].measured["ecg"][2] == pytest.approx(0.8)  # filled in, not measured
    lines[start:] = [",".join(["?", *line.split(",")[1:]]) for line in lines[start:]]
    file.write_text("\n".join(lines))
    assert "a value in each column" in predict(model, tmp_path)[1]["a"]


def test_features_at_another_frame_rate(model, tmp_path):
    write_features(tmp_path, "a", 100)
    write_features(tmp_path, "b", 100)
    file = tmp_path / "avec2015/features_ECG/b.arff"
    header, rows = file.read_text().split("@data\n")
    timed = [f"{row},{0.1 * k:.1f}" for k, row in enumerate(rows.splitlines())]
    file.write_text("\n".join([f"{header}@attribute frameTime numeric", "@data", *timed, ""]))
    done, failed = predict(model, tmp_path)
    assert list(done) == ["a"]
    assert "b.arff must hold rows 40 ms apart" in failed["b"] and "bring another frame rate to 25 Hz" in failed["b"]


@pytest.mark.parametrize("flags", [True, False])
def test_a_set_that_does_not_move_was_not_measured(flags, model, tmp_path):
    """As of a sensor that came off, whoever wrote the features: of one column that moves, nothing is said."""
    for name, moving in (("still", 0), ("moving", 1)):
        write_features(tmp_path, name, 100, flags=flags)
        file = tmp_path / f"avec2015/features_ECG/{name}.arff"
        header, rows = file.read_text().split("@data\n")
        lines = rows.splitlines()
        same = [",".join([*row.split(",")[:moving], *lines[0].split(",")[moving:]]) for row in lines]
        file.write_text(f"{header}@data\n" + "\n".join(same) + "\n")
    done, _ = predict(model, tmp_path)
    np.testing.assert_array_equal(done["still"].measured["ecg"], 0)
    expected = [0.8, *[1] * 19] if flags else [np.nan] * 20
    np.testing.assert_allclose(done["moving"].measured["ecg"], expected)
    np.testing.assert_allclose(done["still"].measured["audio_long"], expected)


def test_other_columns_are_not_taken_for_those_of_the_training(model, tmp_path):
    swapped = lambda feature: (columns(feature)[1], columns(feature)[0], *columns(feature)[2:])  # noqa: E731
    write_features(tmp_path, "a", 100, names=swapped)
    assert "'audio_long_1' instead of 'audio_long_0' as number 1" in predict(model, tmp_path)[1]["a"]


def test_flags_of_another_recording(model, tmp_path):
    write_features(tmp_path, "a", 100)
    write_features(tmp_path, "b", 90)
    flags = tmp_path / "avec2015" / QUALITY / "ecg"
    shutil.copy(flags / "b.csv", flags / "a.csv")
    assert "for each of 100 frames" in predict(model, tmp_path)[1]["a"]


@pytest.mark.parametrize("name", ["=cmd()", "a,b", "<script>", "a b", "ä", "x" * 101])
def test_names_that_could_do_harm(name, model, tmp_path):
    write_features(tmp_path, "a", 50)
    (tmp_path / "avec2015/features_ECG/a.arff").rename(tmp_path / f"avec2015/features_ECG/{name}.arff")
    with pytest.raises(ValueError, match="Rename the file"):
        predict(model, tmp_path)
    (tmp_path / "raw/recordings_physio").mkdir(parents=True)
    (tmp_path / f"raw/recordings_physio/{name}.csv").touch()
    with pytest.raises(ValueError, match="Rename the file"):
        predict(model, tmp_path / "raw")


def test_features_of_another_mean_face(tmp_path):
    face = made_up(declared(("video_geo",)))
    write_features(tmp_path, "a", 100, sets=("video_geo",))
    with pytest.raises(ValueError, match="none beside the features"):
        predict(face, tmp_path)
    shared = tmp_path / "avec2015/of_training_speakers/mean_shape.npy"
    shared.parent.mkdir()
    shared.write_bytes(b"another")
    with pytest.raises(ValueError, match="has others. Name a folder of raw recordings"):
        predict(face, tmp_path)
    shared.write_bytes(face.shared["mean_shape.npy"])
    assert list(predict(face, tmp_path)[0]) == ["a"]


def test_nothing_to_predict(model, tmp_path):
    with pytest.raises(FileNotFoundError, match="Correct the path"):
        predict(model, tmp_path / "none")
    with pytest.raises(FileNotFoundError, match="Rename the folders and files so"):
        predict(model, tmp_path)
    (tmp_path / "avec2015/features_audio").mkdir(parents=True)
    (tmp_path / "avec2015/features_ECG").mkdir()
    with pytest.raises(FileNotFoundError, match="Make them with `replica features`"):
        predict(model, tmp_path)
    with pytest.raises(FileNotFoundError, match="avec2015 holds features_audio itself. Name the folder above it"):
        predict(model, tmp_path / "avec2015")


def test_raw_recordings_of_a_model_whose_features_came_from_elsewhere(tmp_path):
    (tmp_path / "recordings_audio").mkdir()
    (tmp_path / "recordings_audio/a.wav").touch()
    with pytest.raises(ValueError, match="Make these features in the same way"):
        predict(made_up(extracted=False), tmp_path)


def test_a_column_that_no_model_could_note(corpus, tmp_path):
    unusual = shutil.copytree(corpus, tmp_path / "corpus")
    for file in (unusual / "avec2015/features_EDA").iterdir():
        file.write_bytes(file.read_bytes().replace(b"eda_0 ", "größe ".encode(), 1))
    read = avec2015.load(path=unusual)
    run = Run(read.key, ("eda",), ("arousal",), "smoke", (2,), "mse", 0)
    with pytest.raises(ValueError, match="Rename the column in all files"):
        model_making.make(unusual, read, run)


# How far from the training


def test_distance_by_hand():
    """z = (2, 0) and (1, -1): roots of 4/2 and 2/2."""
    frames = np.array([[5.0, 10.0], [3.0, 6.0]])
    far = predicting.distance(frames, np.array([1.0, 10.0]), np.array([2.0, 4.0]))
    np.testing.assert_allclose(far, [np.sqrt(2), 1])


def test_one_in_a_hundred_frames_of_dev_is_far(trained, read):
    model = model_folder.read(trained[0])
    run = model.run
    train, dev = ([inputs.frames(r.features, run) for r in read.partition(p)[:2]] for p in ("train", "dev"))
    z = [(frames - np.concatenate(train).mean(axis=0)) / np.concatenate(train).std(axis=0) for frames in dev]
    far = np.sqrt((np.concatenate(z) ** 2).mean(axis=1))
    assert np.mean(far > model.far) == pytest.approx(0.01, abs=1 / len(far))
    np.testing.assert_allclose(
        np.sqrt(np.mean(predicting.distance(np.concatenate(train), model.mean, model.deviation) ** 2)), 1, rtol=1e-5
    )


def test_what_is_unlike_is_told(model, tmp_path):
    """Values of the training's distribution, and the same three deviations off."""
    write_features(tmp_path, "alike", 200)
    write_features(tmp_path, "unlike", 200)
    z = own_recordings.collect(model, tmp_path)[0]["alike"].values
    mean = np.concatenate([values.mean(axis=0) for values in z.values()])
    done, _ = predict(dataclasses.replace(model, mean=mean, deviation=np.ones_like(mean)), tmp_path)
    assert not done["alike"].unlike.any()
    done, _ = predict(dataclasses.replace(model, mean=mean + 3, deviation=np.ones_like(mean)), tmp_path)
    assert done["unlike"].unlike.all()
    assert "100.0% unlike training" in str(done["unlike"])


def test_a_marked_corpus_of_ones_own(tmp_path):
    """Two speakers, one set, another length: the marker tells, and nothing says that values are simulated."""
    for number, name in enumerate(f"{partition}_{k}" for partition in PARTITIONS for k in (1, 2)):
        write_features(tmp_path, name, 60, sets=("ecg",), seed=number)
        for d, dimension in enumerate(("arousal", "valence")):
            place = tmp_path / "avec2015/ratings_gold_standard" / dimension
            place.mkdir(parents=True, exist_ok=True)
            rows = [f"{0.04 * k:.2f},{np.sin(k / 5 + number + 9 * d):.2f}" for k in range(60)]
            (place / f"{name}.csv").write_text("\n".join(["time,gold", *rows, ""]))
    (tmp_path / "avec2015/OWN.txt").write_text("frames: 60\nspeakers: 2\n")
    told = command(
        "train", tmp_path, "--model", tmp_path / "m", "--features", "ecg", "--scale", "smoke", "--layers", "2"
    )
    assert told.exit_code == 0, told.output
    plain = json.loads((tmp_path / "m/model.json").read_text())
    assert plain["run"]["corpus"]["version"] == "own" and plain["features"]["ecg"]["extracted"]
    card = (tmp_path / "m/MODEL_CARD.md").read_text()
    assert "simulated" not in card and "Gated" not in card
    checked = command("data", "check", tmp_path)
    assert checked.exit_code == 0, checked.output
