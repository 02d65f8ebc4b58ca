"""The originals' formats to arrays: a made-up film of 2400 frames in eight parts, written in those formats."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from replica import corpora
from replica.corpora import studyforrest
from replica.corpora import studyforrest_conversion as conversion

PART, FRAMES, TAIL = 300, 2400, 450  # a part's series goes on for 450 frames into the next ones
STARTS = np.arange(8) * PART


@pytest.fixture
def short_film(monkeypatch):
    monkeypatch.setattr(conversion, "PART_FRAMES", (PART,) * 8)
    monkeypatch.setattr(conversion, "FRAMES", FRAMES)
    monkeypatch.setattr(conversion, "STARTS", STARTS)


@pytest.fixture
def film():
    """Every frame of a series has a value of its own, so that a frame out of place shows."""
    rng = np.random.default_rng(0)
    names = [("audio", "ad", name) for name in conversion.SOUND]
    names += [("audio", "av_ger", name) for name in conversion.SOUND]
    names += [("visual", "av_ger", name) for name in conversion.LIGHT]
    series = {name: rng.permutation(FRAMES).astype(float) for name in names}
    return series | {("visual", "av_ger", "phash"): [f"{n:x}" for n in rng.integers(0, 2**60, FRAMES)]}


@pytest.fixture
def folder(tmp_path, film):
    for (kind, of, name), values in film.items():
        place = tmp_path / conversion.SERIES / kind
        place.mkdir(parents=True, exist_ok=True)
        for part in range(8):
            start = STARTS[part] + (conversion.NARRATED_LATER[part] if of == "ad" else 0)
            rows = [f"{k * 0.04:.2f}\t0.04\t{value}" for k, value in enumerate(values[start : start + PART + TAIL])]
            if part == 7:
                rows = rows[:-2]  # the last part ends before the film
            (place / f"fg_{of}_seg{part}_{name}.tsv").write_text("\n".join([f"onset\tduration\t{name}", *rows]) + "\n")
    raters = tmp_path / conversion.RATERS
    raters.mkdir(parents=True)
    head = "start,end,character,arousal,valence,direction\n"
    (raters / "av1o01.csv").write_text(head + "1.0,3.0,A,HIGH,POS,SELF\n2.0,4.0,B,LOW,,SELF\n")
    (raters / "av1o02.csv").write_text(
        head + "1.0,2.0,A,HIGH,NEG,SELF\n1.0,2.0,A,HIGH,NEG,OTHER\n1.0,2.0,A,low ,POS,\n"
    )
    (raters / "ao1o01.csv").write_text(head + "0.0,1.0,A,LOW,NEG,SELF\n")
    events = tmp_path / conversion.EVENTS
    place = "onset duration int_or_ext time_of_day\n0.0 2.0 ext day\n2.0 2.0 int night\n"
    for name, text in {
        "old/structure/shots.csv": "0.0\n4.0\n95.99\n200.0\n",
        "researchcut/music.tsv": "onset\tduration\ttitle\n1.0\t2.0\tx\n",
        "researchcut/locations.tsv": place.replace(" ", "\t"),
        "old/speech/english_dialog.csv": "start,end,text\n1.0,3.0,one two three\nnone,4.0,x\n5.0,5.0,y\n",
    }.items():
        (events / name).parent.mkdir(parents=True, exist_ok=True)
        (events / name).write_text(text)
    return tmp_path


def test_series_are_stitched_frame_by_frame(short_film, folder, film):
    arrays = conversion.convert(folder)
    for array, kind, of, names in [
        ("audio_film", "audio", "av_ger", conversion.SOUND),
        ("audio_narrated", "audio", "ad", conversion.SOUND),
        ("visual", "visual", "av_ger", conversion.LIGHT),
    ]:
        expected = np.stack([film[kind, of, name] for name in names], axis=1)
        expected[-2:] = expected[-3]  # held
        np.testing.assert_array_equal(arrays[array], expected.astype(np.float32))
    numbers = [int.from_bytes(row.tobytes(), "big") for row in arrays["phash"]]
    expected = [int(text, 16) for text in film["visual", "av_ger", "phash"]]
    assert numbers == expected[:-2] + [expected[-3]] * 2
    assert np.array_equal(arrays["run"], np.repeat(np.arange(8), PART))


def test_ratings_by_hand(short_film, folder):
    arrays = conversion.convert(folder)
    first, second = arrays["raters_av"]
    expected = np.zeros((FRAMES, 2))
    expected[25:50] = 120, 120
    expected[50:75] = 0, 120  # two characters, one of each arousal; the second is not marked in valence
    expected[75:100] = -120, 0
    np.testing.assert_array_equal(first, expected)
    assert (second[25:50] == (120, -120)).all()  # a character's votes count by their sign
    assert arrays["raters_ao"].shape == (1, FRAMES, 2)
    np.testing.assert_allclose(arrays["gold_av"][60], [0, 0.5])


def test_events_and_speech_by_hand(short_film, folder):
    arrays = conversion.convert(folder)
    cut, music, outdoor, night = arrays["events"].T
    assert np.flatnonzero(cut).tolist() == [100, 2399]  # the file's first line is its head; what is beyond, the last
    assert np.flatnonzero(music).tolist() == list(range(25, 75))
    assert np.flatnonzero(outdoor).tolist() == list(range(50))
    assert np.flatnonzero(night).tolist() == list(range(50, 100))
    assert np.flatnonzero(arrays["speech"][:, 0]).tolist() == list(range(25, 75))
    assert set(arrays["speech"][25:75, 1]) == {1.5}


def test_the_file_holds_what_the_corpus_reads(short_film, folder, tmp_path):
    file = conversion.write(folder, tmp_path / "data")
    assert file == tmp_path / "data" / studyforrest.FILE
    with np.load(file, allow_pickle=False) as archive:
        assert set(studyforrest.SHAPES) <= set(archive.files)


def test_parts_follow_each_other():
    assert conversion.STARTS.tolist() == [0, 22150, 43802, 65304, 89305, 112007, 133559, 160261]
    nominal = np.array([0, 886.00, 1752.08, 2612.16, 3572.20, 4480.28, 5342.36, 6410.44])  # seconds, as published
    np.testing.assert_allclose(conversion.STARTS, nominal * 25)


@pytest.mark.skipif("STUDYFORREST_ORIGINALS" not in os.environ, reason="names a folder of clones, which is not here")
def test_the_real_originals_give_the_pinned_corpus(tmp_path):
    conversion.write(Path(os.environ["STUDYFORREST_ORIGINALS"]), tmp_path)
    for rotation, digest in enumerate(studyforrest.DIGESTS):
        assert corpora.load("studyforrest", rotation=rotation, path=tmp_path).digest == digest


def test_a_rating_of_nobody_is_zero(short_film):
    assert not conversion.rating(pd.DataFrame(columns=["start", "end", "character", "arousal", "valence"])).any()
