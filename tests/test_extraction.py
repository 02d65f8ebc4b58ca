"""Raw recordings to feature files, on signals made from a seed."""

import numpy as np
import pytest
from scipy.io import wavfile
from typer.testing import CliRunner

from replica import extraction
from replica.cli import app
from replica.conventions import FEATURE_WIDTHS
from replica.corpora import arff, avec2015, avec2015_files, mark
from replica.features import audio, wav
from replica.features.synthetic_voice import voice
from replica.raw_recordings import RECOLA, find

SECONDS = 14
FRAMES = 351
RATE = 250  # of the physiology


def write_speaker(folder, name, seed, *, recola=False):
    """Sound, physiology, landmarks and face patches of one speaker, in our folders or RECOLA's."""
    rng = np.random.default_rng(seed)
    sound, physio = ("RECOLA-Audio-recordings", "RECOLA-Biosignals-recordings") if recola else \
                    ("recordings_audio", "recordings_physio")  # fmt: skip
    for place in (sound, physio, "recordings_landmarks", "recordings_faces"):
        (folder / place).mkdir(parents=True, exist_ok=True)
    signal = voice(SECONDS, seed).signal
    wavfile.write(folder / sound / f"{name}.wav", 16000, (32767 * signal).astype(np.int16))
    times = np.arange(SECONDS * RATE) / RATE
    beats = np.exp(-(((times * 1.2) % 1 - 0.5) ** 2) / 0.0005) + rng.normal(0, 0.01, len(times))
    skin = 5 + np.cumsum(rng.normal(0, 0.002, len(times)))
    rows = [f"{t:.3f};{s:.5f};{b:.5f}" for t, s, b in zip(times, skin, beats, strict=True)]
    (folder / physio / f"{name}.csv").write_text("\n".join(["time;EDA;ECG", *rows]) + "\n")
    face = np.random.default_rng(99).uniform(100, 200, (49, 2))
    points = face + rng.normal(0, 1, (FRAMES - 1, 49, 2))  # video has one frame less
    success = np.ones(FRAMES - 1)
    success[40:45] = 0
    header = ["frame", "success", *(f"{axis}_{k}" for axis in "xy" for k in range(49))]
    table = np.column_stack([np.arange(1, FRAMES), success, points[..., 0], points[..., 1]])
    file = folder / "recordings_landmarks" / f"{name}.csv"
    np.savetxt(file, table, "%.3f", ",", header=",".join(header), comments="")
    patches = rng.integers(0, 256, (FRAMES - 1, 48, 48), dtype=np.uint8)
    np.save(folder / "recordings_faces" / f"{name}.npy", patches)


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("raw")
    write_speaker(folder, "train_1", 1)
    write_speaker(folder, "dev_1", 2)
    return folder


@pytest.fixture(scope="module")
def extracted(recordings, tmp_path_factory):
    """All sets of both speakers, by the command line."""
    output = tmp_path_factory.mktemp("features")
    return output, features(recordings, output)


def features(*arguments):
    """The command line, in this process: to start another takes longer than what it does."""
    return CliRunner().invoke(app, ["features", str(arguments[0]), "-o", *map(str, arguments[1:]), "--processes", "1"])


def test_every_set_of_every_speaker(extracted):
    output, run = extracted
    assert run.exit_code == 0, run.output
    assert "12 files made" in run.output
    for feature, width in FEATURE_WIDTHS.items():
        for name in ("train_1", "dev_1"):
            table = arff.read(output / "avec2015" / avec2015_files.FOLDERS[feature] / f"{name}.arff")
            assert table.values.shape == (FRAMES, width)
            assert np.isfinite(table.values).all()
            flags = arff.read(output / "avec2015/quality" / feature / f"{name}.csv")
            assert flags.columns == ("measured",) and len(flags.values) == FRAMES
            assert set(flags.values.ravel()) <= {0.0, 1.0}


def test_files_hold_what_the_extractor_returns(extracted, recordings):
    sound = wav.read(recordings / "recordings_audio/dev_1.wav")
    table = arff.read(extracted[0] / "avec2015/features_audio_short/dev_1.arff")
    np.testing.assert_allclose(table.values, audio.short_time(*sound), rtol=1e-5, atol=1e-6)
    assert table.columns == tuple(name for name, _ in audio.SHORT_TIME_COLUMNS)


def test_a_frame_without_a_face_is_zero_and_flagged(extracted):
    values = arff.read(extracted[0] / "avec2015/features_video_geometric/dev_1.arff").values
    flags = arff.read(extracted[0] / "avec2015/quality/video_geo/dev_1.csv").values[:, 0]
    assert not values[40:45].any() and not flags[40:45].any()
    assert flags[:40].all() and flags[45:350].all()
    assert not flags[350] and (values[350] == values[349]).all()  # the frame that the video lacks is held


def test_what_is_there_is_not_made_again(extracted, recordings):
    output, _ = extracted
    file = output / "avec2015/features_audio_short/dev_1.arff"
    before = file.stat().st_mtime_ns
    (output / "avec2015/features_ECG/dev_1.arff").unlink()
    run = features(recordings, output)
    assert "1/1  dev_1  ecg  351 frames" in run.output, run.output
    assert file.stat().st_mtime_ns == before
    assert "0 files made" in features(recordings, output).output


def test_the_loader_reads_them(extracted, tmp_path, monkeypatch):
    """With labels beside them, as a user of the corpus has."""
    root = tmp_path / "avec2015"
    for feature in FEATURE_WIDTHS:
        folder = root / avec2015_files.FOLDERS[feature]
        folder.mkdir(parents=True)
        for name in ("train_1", "train_2", "dev_1", "dev_2"):
            source = extracted[0] / "avec2015" / avec2015_files.FOLDERS[feature] / f"{name.split('_')[0]}_1.arff"
            (folder / f"{name}.arff").write_bytes(source.read_bytes())
    for dimension in ("arousal", "valence"):
        folder = root / "ratings_gold_standard" / dimension
        folder.mkdir(parents=True)
        for name in ("train_1", "train_2", "dev_1", "dev_2"):
            rows = [f"{0.04 * k:.2f},0.{k % 10}" for k in range(FRAMES)]
            (folder / f"{name}.csv").write_text("\n".join(["frameTime,GoldStandard", *rows]) + "\n")
    (root / mark.GENERATED).write_text(f"Made up.\nframes: {FRAMES}\nspeakers: 2\n")
    corpus = avec2015.load(test="from_dev", path=tmp_path)
    assert corpus.feature_widths == FEATURE_WIDTHS
    assert not corpus.recordings[0].features["video_geo"][40:45].any()


def test_recolas_own_layout(tmp_path):
    write_speaker(tmp_path / "raw", "P19", 3, recola=True)
    (tmp_path / "raw/RECOLA-Audio-recordings/P17.wav").write_bytes(b"")  # a participant that the challenge left out
    (recording,) = find(tmp_path / "raw")
    assert (recording.name, recording.partition) == ("dev_1", "dev")
    made = extraction.extract(tmp_path / "raw", tmp_path, sets=("audio_short",), seconds=2, processes=2)
    assert [(each.frames, each.error) for each in made] == [(51, "")]


def test_recola_has_27_of_the_challenge():
    assert len(RECOLA) == len(set(RECOLA.values())) == 27
    assert (RECOLA["P38"], RECOLA["P20"]) == ("test_1", "test_9")


# Bad input


def test_one_bad_file_does_not_stop_the_others(tmp_path):
    folder = tmp_path / "raw"
    write_speaker(folder, "train_1", 1)
    write_speaker(folder, "train_2", 2)
    bad = folder / "recordings_audio/train_1.wav"
    bad.write_bytes(bad.read_bytes()[:1000])
    run = features(folder, tmp_path, "--sets", "audio_short")
    assert run.exit_code == 1
    assert "1 files made" in run.output and f"{bad} must hold" in run.output and "The file is cut" in run.output
    assert not (tmp_path / "avec2015/features_audio_short/train_1.arff").exists()


@pytest.mark.reliability("lengths")
def test_a_modality_of_another_length(tmp_path):
    folder = tmp_path / "raw"
    write_speaker(folder, "train_1", 1)
    physio = folder / "recordings_physio/train_1.csv"
    physio.write_text("\n".join(physio.read_text().split("\n")[: 10 * RATE]) + "\n")
    (made,) = extraction.extract(folder, tmp_path, sets=("eda",))
    assert "Check that the files are of one recording" in made.error


def test_nothing_learnt_of_training_speakers(tmp_path):
    write_speaker(tmp_path / "raw", "test_1", 1)
    with pytest.raises(ValueError, match="Add the training recordings, or copy that file"):
        extraction.extract(tmp_path / "raw", tmp_path, sets=("video_geo",))


def test_an_unknown_set(recordings, tmp_path):
    with pytest.raises(ValueError, match="Choose some of these"):
        extraction.jobs(recordings, tmp_path, ("audio",))


def test_folders_without_recordings(tmp_path):
    with pytest.raises(FileNotFoundError, match="Correct the path"):
        find(tmp_path / "none")
    with pytest.raises(FileNotFoundError, match="Rename the folders and files so"):
        find(tmp_path)


def test_a_modality_twice(tmp_path):
    for place, name in (("recordings_audio", "dev_1"), ("RECOLA-Audio-recordings", "P19")):
        (tmp_path / place).mkdir()
        (tmp_path / place / f"{name}.wav").write_bytes(b"")
    with pytest.raises(ValueError, match="Remove one of them"):
        find(tmp_path)
