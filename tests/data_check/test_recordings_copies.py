"""Defects planted in made-up files of RECOLA's layout: each is found and told with its remedy."""

import wave

import numpy as np
import pytest

from replica.data_check import ERROR, NOTE, check
from replica.raw_recordings import RECOLA

SECONDS, RATE = 4, 8000
FRAMES = 25 * SECONDS + 1
ANNOTATION = "RECOLA-Annotation/emotional_behaviour"
PUBLIC = [participant for participant, name in RECOLA.items() if not name.startswith("test")]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The public release, four seconds of each participant."""
    monkeypatch.setattr("replica.data_check.recordings.FRAMES", FRAMES)
    monkeypatch.setattr("replica.data_check.recordings.SECONDS", SECONDS)
    for k, participant in enumerate(PUBLIC):
        rng = np.random.default_rng(k)
        for dimension, size in (("arousal", 0.2), ("valence", 0.12)):
            write_raters(
                tmp_path / ANNOTATION / dimension / f"{participant}.csv", rng.normal(0, size, (FRAMES, 6)).clip(-1, 1)
            )
        write_sound(tmp_path / "RECOLA-Audio-recordings" / f"{participant}.wav", rng.integers(-99, 99, SECONDS * RATE))
        signals = rng.normal(0, 1, (SECONDS * 1000, 2))
        write_physiology(tmp_path / "RECOLA-Biosignals-recordings" / f"{participant}.csv", signals)
    return tmp_path


def write_raters(file, values):
    rows = [";".join(f"{x:g}" for x in (0.04 * k, *row)) for k, row in enumerate(values)]
    write(file, "time;FM1 ;FM2 ;FM3 ;FF1 ;FF2 ;FF3", rows)


def write_physiology(file, signals):
    rows = [
        f"{0.001 * k:.3f};" + ";".join("" if np.isnan(x) else f"{x:.4f}" for x in row) for k, row in enumerate(signals)
    ]
    write(file, "time;EDA;ECG", rows)


def write(file, header, rows):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([header, *rows]) + "\n")


def write_sound(file, samples, rate=RATE):
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as opened:
        opened.setparams((1, 2, rate, 0, "NONE", ""))
        opened.writeframes(samples.astype("<i2").tobytes())


def found(folder, level=ERROR):
    (report,) = check(folder)
    assert report.layout == "recola"
    return [(f.place, f.found, f.remedy) for f in report.findings if f.level == level]


def test_a_whole_release(folder):
    (report,) = check(folder)
    assert (report.errors, report.files) == (0, 4 * len(PUBLIC))
    assert {f.found for f in report.findings} == {
        "no recording of 9 participants of the challenge's test",
        f"{RATE} Hz instead of 44100",
    }


@pytest.mark.reliability("scales")
def test_labels(folder):
    place = folder / ANNOTATION
    write_raters(place / "arousal/P16.csv", np.random.default_rng(1).uniform(50, 60, (FRAMES, 6)))
    write_raters(place / "arousal/P21.csv", np.zeros((FRAMES - 7, 6)) + np.linspace(0, 0.5, 6))
    (place / "valence/P23.csv").unlink()
    (place / "valence/P25.csv").write_text("time;FM1\n0;x\n")
    told = {where.removeprefix(ANNOTATION): (what, remedy) for where, what, remedy in found(folder)}
    assert told["/arousal/P16.csv"][0] == f"{6 * FRAMES} of {6 * FRAMES} labels lie outside [-1, 1], the first in row 1"
    assert "[-100, 100]" in told["/arousal/P16.csv"][1]
    assert told["/arousal/P21.csv"][0] == f"{FRAMES - 7} rows instead of {FRAMES}"
    assert "a finite number" in told["/valence/P25.csv"][0]
    assert told[""][0] == "2 participants have labels of one emotion dimension alone"


@pytest.mark.reliability("scales")
def test_swapped_dimensions(folder):
    place = folder / ANNOTATION
    (place / "arousal").rename(place / "x")
    (place / "valence").rename(place / "arousal")
    (place / "x").rename(place / "valence")
    ((where, what, remedy),) = found(folder)
    assert (where, "valence varies more than arousal" in what) == (ANNOTATION, True)
    assert remedy.startswith("Give the two folders each other's names")


def test_missing_participants_are_named(folder):
    for file in [*folder.glob("RECOLA-*-recordings/P16.*"), *folder.glob(f"{ANNOTATION}/*/P16.csv")]:
        file.unlink()
    told = found(folder)
    assert told == [(".", "no recording of P16, of the challenge's train and dev", "Copy the missing files")]


def test_sound(folder):
    place = folder / "RECOLA-Audio-recordings"
    write_sound(place / "P16.wav", np.zeros(SECONDS * RATE))
    write_sound(place / "P21.wav", np.arange(RATE))
    content = (place / "P23.wav").read_bytes()
    (place / "P23.wav").write_bytes(content[:-100])
    told = {where.rpartition("/")[2]: (what, remedy) for where, what, remedy in found(folder)}
    assert told["P16.wav"][0] == "silence from start to end"
    assert told["P21.wav"][0] == f"1.0 s instead of {SECONDS}"
    assert told["P23.wav"] == (
        "it must hold all the bytes that its header tells of",
        "The file is cut: copy it again",
    )


def test_what_cannot_be_read_does_not_stop_the_check(folder, monkeypatch):
    """The system's errors, and those of what is not installed, have no three sentences."""
    from replica.data_check import recordings

    refused = iter([PermissionError(13, "Permission denied"), ModuleNotFoundError("No module named 'x'", name="x")])

    def read(*_):
        if error := next(refused, None):
            raise error

    monkeypatch.setitem(recordings._CHECKS, "audio", read)
    told = [(what, remedy) for _, what, remedy in found(folder)]
    assert told == [
        ("the file cannot be read (Permission denied)", "Copy the file again, or correct its permissions"),
        ("x is not installed, without which the file is not read", "Install it with '.[features]'"),
    ]


def test_physiology(folder):
    place = folder / "RECOLA-Biosignals-recordings"
    signals = np.random.default_rng(0).normal(0, 1, (SECONDS * 1000, 2))
    write_physiology(place / "P16.csv", np.where([True, False], 7.25, signals))
    signals[5:9, 1] = np.nan
    write_physiology(place / "P21.csv", signals)
    write_physiology(place / "P23.csv", signals[: 2 * 1000])
    write_physiology(place / "P47.csv", np.where([True, False], 7.25, signals[::2].repeat(2, axis=0)))
    told = {(where.rpartition("/")[2], what): remedy for where, what, remedy in found(folder)}
    assert told["P16.csv", "EDA that does not move"] == "Leave this signal's set out"
    assert ("P23.csv", f"2.0 s instead of {SECONDS}") in told
    assert len(told) == 2
    notes = [(where.rpartition("/")[2], what) for where, what, _ in found(folder, NOTE)]
    assert ("P21.csv", "4 values of ECG are missing") in notes
    assert ("P47.csv", "EDA that does not move: the sensor had come off") in notes  # test_7 of the challenge
    assert not any("7.25" in what for _, what in notes)


def test_landmarks_and_faces_beside_them(folder):
    columns = [f"{axis}_{k}" for axis in "xy" for k in range(49)]
    points = ",".join(f"{k:.1f}" for k in range(98))
    rows = [f"{k},{int(k > 70)},{points}" for k in range(1, FRAMES + 1)]
    write(folder / "recordings_landmarks/P16.csv", ",".join(["frame", "success", *columns]), rows)
    patches = np.random.default_rng(0).integers(0, 255, (FRAMES, 48, 48), np.uint8)
    patches[3:5] = 0
    (folder / "recordings_faces").mkdir()
    np.save(folder / "recordings_faces/P16.npy", patches)
    assert [told[:2] for told in found(folder)] == [("recordings_landmarks/P16.csv", "no face in 69% of the frames")]
    assert ("recordings_faces/P16.npy", "no face in 2 frames") in [told[:2] for told in found(folder, NOTE)]


def test_what_the_extractors_take_for_no_face_is_none(folder):
    """Landmarks on one point and patches of one grey are no faces, whatever their values."""
    columns = [f"{axis}_{k}" for axis in "xy" for k in range(49)]
    rows = [f"{k}," + ",".join(["0"] * 98) for k in range(1, FRAMES + 1)]
    write(folder / "recordings_landmarks/P16.csv", ",".join(["frame", *columns]), rows)
    (folder / "recordings_faces").mkdir()
    np.save(folder / "recordings_faces/P16.npy", np.full((FRAMES, 48, 48), 255, np.uint8))
    files = ("recordings_faces/P16.npy", "recordings_landmarks/P16.csv")
    assert sorted(told[:2] for told in found(folder)) == [(file, "no face in 100% of the frames") for file in files]
