"""A simulated cohort as raw recordings: what is written, and the way from there to a trained network."""

import math

import numpy as np
import pytest
from scipy.io import wavfile
from typer.testing import CliRunner

from replica import corpora, extraction, model_folder, model_making, predicting, simulation, training
from replica.cli import app
from replica.conventions import FEATURE_WIDTHS
from replica.corpora import avec2015, mark, simulated
from replica.corpora.simulated import parameters
from replica.corpora.simulated_signals import Cohort
from replica.features import faces, geometry, landmarks, physiology_table, wav
from replica.raw_recordings import find
from replica.runs import Run

FRAMES = 151


@pytest.fixture(scope="module", autouse=True)
def shorter():
    """Two speakers of 6 s in each partition instead of three of 40 s: a tenth of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(parameters.FRAMES, "mini", FRAMES)
        patch.setitem(parameters.SPEAKERS, "mini", 2)
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("data") / "simulated_signals/one"
    told = simulate(out, "--seed", "3")
    assert told.exit_code == 0, told.output
    assert "6 speakers made" in told.output
    return out


def simulate(out, *options):
    return CliRunner().invoke(app, ["simulate", "--out", str(out), "--processes", "1", *options])


def test_every_speaker_has_every_modality(folder):
    recordings = find(folder)
    assert [r.name for r in recordings] == ["train_1", "train_2", "dev_1", "dev_2", "test_1", "test_2"]
    assert all(set(r.files) == {"audio", "physiology", "landmarks", "faces"} for r in recordings)


def test_files_hold_what_was_made(folder):
    """Of dev_2, who is speaker 11 in a small cohort too."""
    files = next(r for r in find(folder) if r.name == "dev_2").files
    made = simulation.record(3, 11, FRAMES)
    sound, rate = wav.read(files["audio"])
    assert rate == 16000
    np.testing.assert_allclose(sound, made.voice.signal, atol=1 / 32000)
    for name, signal in (("ecg", made.physiology.ecg), ("eda", made.physiology.eda)):
        read, rate = physiology_table.read(files["physiology"], name)
        assert rate == 250
        np.testing.assert_allclose(read, signal, atol=6e-6)
    np.testing.assert_allclose(landmarks.read(files["landmarks"]), made.face.landmarks, atol=6e-4)
    np.testing.assert_array_equal(faces.read(files["faces"]), made.face.patches)


@pytest.fixture(scope="module")
def corpus(folder):
    """With the features that the extractors make of the recordings."""
    ended = extraction.extract(folder, folder, processes=2)
    assert [made.error for made in ended] == [""] * 36
    return avec2015.load(path=folder)


def test_from_raw_signals_to_a_trained_network(folder, corpus):
    """Simulated, extracted, read, trained: nothing on the way knows that it is simulated but the corpus' limits."""
    assert corpus.feature_widths == FEATURE_WIDTHS
    assert corpus.key.version == "generated" and avec2015.LIMITS_GENERATED in corpus.limits
    assert {r.frames for r in corpus.recordings} == {FRAMES}
    tracks = simulated.load(seed=3, size="mini")
    for recording, track in zip(corpus.recordings, tracks.recordings, strict=True):
        assert recording.name == track.name
        np.testing.assert_allclose(recording.gold, track.gold, atol=1e-6)  # six decimals
        np.testing.assert_allclose(recording.annotations, track.annotations, atol=1e-5)
        np.testing.assert_array_equal(recording.face_found, track.face_found)
    signals = corpora.load("simulated_signals", seed=3, size="mini", path=folder.parents[1])
    assert signals.key == corpora.key("simulated_signals", seed=3, size="mini")
    assert signals.digest == corpus.digest and signals.limits == tracks.limits
    run = Run(signals.key, ("audio_long", "ecg"), ("arousal",), "smoke", (4, 3), "-ccc", seed=0)
    result = training.execute(run, signals)
    assert np.isfinite(result.history["dev_loss"]).all()


def cut(folder, out, name, seconds, *, without=""):
    """The beginning of dev_1 under another name."""
    for modality, file in next(r for r in find(folder) if r.name == "dev_1").files.items():
        if modality == without:
            continue
        place = out / file.parent.name / f"{name}{file.suffix}"
        place.parent.mkdir(parents=True, exist_ok=True)
        if modality == "audio":
            rate, signal = wavfile.read(file)
            wavfile.write(place, rate, signal[: round(seconds * rate)])
        elif modality == "faces":
            np.save(place, np.load(file)[: math.ceil(seconds * 25)])
        else:
            rows = math.ceil(seconds * (250 if modality == "physiology" else 25))
            place.write_text("\n".join(file.read_text().splitlines()[: 1 + rows]) + "\n")


def test_own_recordings_from_raw_files(folder, corpus, tmp_path):
    """A model is made of the cohort and written; raw files are predicted as the features of the corpus are.

    Recordings have any length and any name: each is predicted, or it is told why not.
    """
    run = Run(corpus.key, ("audio_long", "video_app", "video_geo", "ecg"), ("arousal",), "smoke", (3,), "-ccc", seed=0)
    model_folder.write(tmp_path / "model", *model_making.make(folder, corpus, run))
    model = model_folder.read(tmp_path / "model")  # the extractors' own shared files, of the shapes that are allowed
    assert set(model.shared) == {"mean_shape.npy", "appearance.npz"}
    assert all(recipe.extracted for recipe in model.recipes.values())
    cut(folder, tmp_path, "anna", 99)  # all of it
    for name, seconds in (("s0", 0), ("ms1", 0.001), ("ms39", 0.039), ("s1", 1), ("s3", 3), ("s4", 4)):
        cut(folder, tmp_path, name, seconds)
    cut(folder, tmp_path, "deaf", 6, without="audio")
    told = []
    done, failed = predicting.predict(model, tmp_path, 2, told.append)
    of_features = {one.name: one for one in predicting.predict(model, folder)[0]}
    anna = next(one for one in done if one.name == "anna")
    np.testing.assert_allclose(anna.predictions, of_features["dev_1"].predictions, atol=1e-6)
    assert anna.measured.keys() == model.recipes.keys()
    for name, shares in anna.measured.items():
        np.testing.assert_array_equal(shares, of_features["dev_1"].measured[name])
    assert "There is no file of 'deaf' with audio" in failed["deaf"]
    assert {one.name: len(one.predictions) for one in done} == {"anna": 30, "s1": 5, "s3": 15, "s4": 20}
    assert all(np.isfinite(one.predictions).all() for one in done)
    assert {"s0", "ms1", "ms39"} < set(failed)


def test_what_is_there_is_not_made_again(folder):
    before = {file: file.stat().st_mtime_ns for file in folder.glob("recordings_*/*")}
    (folder / "avec2015/ratings_individual/valence/dev_1.csv").unlink()
    told = simulate(folder, "--seed", "3")
    assert "1/1  dev_1" in told.output, told.output
    changed = {file.stem for file, time in before.items() if file.stat().st_mtime_ns != time}
    assert changed == {"dev_1"}


def test_controls_are_written_down(tmp_path):
    cohort = Cohort(size="mini", effect=0.0, delay_seconds=0.0, correlation=0.8, closed_mouth=True)
    simulation._mark(tmp_path / "avec2015", cohort)
    told = (tmp_path / "avec2015/GENERATED.txt").read_text().splitlines()
    assert told[1:] == [
        f"frames: {FRAMES}", "speakers: 2", "seed: 0", "effect: 0", "delay_seconds: 0", "closed_mouth: True",
        "correlation: 0.8",
    ]  # fmt: skip


def test_a_closed_mouth_reaches_the_landmarks(tmp_path):
    for closed in (False, True):
        cohort = Cohort(seed=3, size="mini", closed_mouth=closed)
        simulation._make(tmp_path / str(closed), cohort, "train_1")

    def gap(closed):
        points = landmarks.read(tmp_path / str(closed) / "recordings_landmarks/train_1.csv")
        return np.nanstd(points[:, geometry.MOUTH[9], 1] - points[:, geometry.MOUTH[3], 1])

    assert gap(False) > 2 * gap(True)


def test_a_correlation_reaches_signals_and_ratings(tmp_path):
    told = simulate(tmp_path, "--correlation", "0.8")
    assert told.exit_code == 0, told.output
    files = next(r for r in find(tmp_path) if r.name == "dev_2").files
    made = simulation.record(0, 11, FRAMES, correlation=0.8)
    np.testing.assert_array_equal(faces.read(files["faces"]), made.face.patches)
    assert not np.array_equal(made.face.patches, simulation.record(0, 11, FRAMES).face.patches)
    rated = simulated.load(size="mini", correlation=0.8).recordings[3]
    written = np.loadtxt(tmp_path / "avec2015/ratings_individual/valence/dev_2.csv", delimiter=";", skiprows=1)
    np.testing.assert_allclose(written[:, 1:].T, rated.annotations[..., 1], atol=1e-5)
    (tmp_path / "avec2015/ratings_individual/valence/dev_2.csv").unlink()
    with pytest.raises(FileExistsError, match="another cohort"):
        next(simulation.simulate(tmp_path, Cohort(size="mini", correlation=0.7)))


# Bad input


def test_another_cohort_needs_another_folder(folder, tmp_path):
    with pytest.raises(FileExistsError, match="Name another folder"):
        next(simulation.simulate(folder, Cohort(seed=4, size="mini")))
    (tmp_path / "avec2015/features_ECG").mkdir(parents=True)  # somebody's copy
    with pytest.raises(FileExistsError, match="Name another folder"):
        next(simulation.simulate(tmp_path, Cohort(size="mini")))
    assert not (tmp_path / "avec2015/GENERATED.txt").exists()


def test_a_run_that_was_stopped_at_once_goes_on(tmp_path):
    (tmp_path / "avec2015").mkdir()
    (tmp_path / "avec2015/.marker.txt.part").touch()
    cohort = Cohort(size="mini", seed=4)
    simulation._mark(tmp_path / "avec2015", cohort)
    assert (tmp_path / "avec2015" / mark.GENERATED).read_text() == cohort.marker


@pytest.mark.parametrize(
    "option", [{"size": "tiny"}, {"effect": 2.0}, {"seed": -1}, {"delay_seconds": 11.0}, {"correlation": -1.1}]
)
def test_an_option_out_of_range(option):
    with pytest.raises(ValueError, match="Give another value"):
        Cohort(**option)
