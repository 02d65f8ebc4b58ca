"""The film: how it is cut and rotated, by hand; and what happens with a damaged copy.

A generated film in the documented layout stands for the real one, which is used too where it is there.
"""

import os

import numpy as np
import pytest

from replica import corpora
from replica.corpora import studyforrest

# Written out from the description of the data: frames of each part, and where each part begins.
PARTS = [22150, 21652, 21502, 24001, 22702, 21552, 26702, 16871]
BEGINS = [0, 22150, 43802, 65304, 89305, 112007, 133559, 160261]
FRAMES = 177132

NAMES = [
    *("part1-0", "part1-1", "part2-0", "part2-1", "part3-0", "part3-1", "part4-0", "part4-1", "part4-2"),
    *("part5-0", "part5-1", "part5-2", "part6-0", "part6-1", "part7-0", "part7-1", "part7-2", "part8-0", "part8-1"),
]
TEST_PARTS = {0: "15", 1: "26", 2: "37", 3: "48"}
DEV_PARTS = {0: "26", 1: "37", 2: "48", 3: "15"}


@pytest.fixture(scope="module")
def film():
    """Arrays of the documented names, shapes and types, with random content."""
    rng = np.random.default_rng(8)
    raters = rng.choice(np.array([-120, -40, 0, 60, 120], "int8"), (9, FRAMES, 2))
    return {
        "raters_av": raters,
        "raters_ao": raters[:3],
        "gold_av": (raters / 120).mean(axis=0).astype("float32"),
        "gold_ao": (raters[:3] / 120).mean(axis=0).astype("float32"),
        "audio_film": rng.standard_normal((FRAMES, 2), "float32"),
        "audio_narrated": np.zeros((FRAMES, 2), "float32"),
        "visual": rng.standard_normal((FRAMES, 4), "float32"),
        "phash": rng.integers(0, 256, (FRAMES, 18), "uint8"),
        "events": rng.integers(0, 2, (FRAMES, 4), "uint8"),
        "speech": rng.standard_normal((FRAMES, 2), "float32"),
        "run": np.repeat(np.arange(8, dtype="uint8"), PARTS),
        "meta": np.array('{"fs_hz": 25}'),
    }


def write(folder, arrays):
    (folder / "studyforrest").mkdir(exist_ok=True)
    file = folder / "studyforrest" / "studyforrest.npz"
    np.savez(file, **arrays)
    return file


@pytest.fixture(scope="module")
def folder(film, tmp_path_factory):
    path = tmp_path_factory.mktemp("data")
    write(path, film)
    return path


@pytest.fixture(scope="module")
def rotations(folder):
    return [corpora.load("studyforrest", rotation=r, path=folder) for r in range(4)]


def test_the_hand_written_places_agree_with_each_other():
    assert np.cumsum([0, *PARTS]).tolist() == [*BEGINS, FRAMES]


def test_nineteen_stretches_are_cut(rotations):
    assert [r.name for r in rotations[0].recordings] == NAMES
    assert {r.frames for r in rotations[0].recordings} == {7500}
    assert rotations[0].feature_widths == {"sound": 2, "light": 4, "hash": 144, "events": 4, "speech": 2}


@pytest.mark.parametrize("rotation", range(4))
def test_rotations_by_hand(rotations, rotation):
    for recording in rotations[rotation].recordings:
        part = recording.name[4]
        dev = "dev" if part in DEV_PARTS[rotation] else "train"
        assert recording.partition == ("test" if part in TEST_PARTS[rotation] else dev)


def test_every_recording_is_tested_once_and_is_dev_once(rotations):
    for partition in ("test", "dev"):
        assert sorted(r.name for corpus in rotations for r in corpus.partition(partition)) == NAMES


@pytest.mark.parametrize(
    ("name", "first"),
    [("part1-0", 0), ("part1-1", 7500), ("part5-1", 89305 + 7500), ("part8-1", 160261 + 7500)],
)
def test_a_recording_holds_its_frames_of_each_array(rotations, film, name, first):
    (recording,) = (r for r in rotations[1].recordings if r.name == name)
    for feature, array in (("sound", "audio_film"), ("light", "visual"), ("events", "events"), ("speech", "speech")):
        np.testing.assert_array_equal(recording.features[feature], film[array][first : first + 7500])
        assert recording.features[feature].dtype == np.float32
    np.testing.assert_allclose(recording.gold, film["gold_av"][first : first + 7500], atol=1e-7)
    np.testing.assert_allclose(recording.annotations, film["raters_av"][:, first : first + 7500] / 120, atol=1e-7)


def test_hash_bits_come_highest_first(film, tmp_path):
    phash = film["phash"].copy()
    phash[22150 + 3] = [0b10000001, 0b01000000] + [0] * 16
    write(tmp_path, film | {"phash": phash})
    corpus = corpora.load("studyforrest", path=tmp_path)
    bits = corpus.recordings[2].features["hash"][3]
    assert np.flatnonzero(bits).tolist() == [0, 7, 9]
    assert bits.max() == 1


def test_a_recording_can_be_changed_without_changing_the_next_load(folder):
    first = corpora.load("studyforrest", path=folder)
    before = first.digest
    first.recordings[0].features["sound"][:] = 0
    assert corpora.load("studyforrest", path=folder).digest == before


def test_a_changed_file_is_read_anew(film, tmp_path):
    file = write(tmp_path, film)
    before = corpora.load("studyforrest", path=tmp_path).digest
    write(tmp_path, film | {"speech": film["speech"] + 1})
    os.utime(file, ns=(1, 1))  # a clock too coarse to tell two writes apart must not decide this test
    assert corpora.load("studyforrest", path=tmp_path).digest != before


def test_the_folder_is_the_one_that_the_environment_names(monkeypatch, folder):
    monkeypatch.setenv("REPLICA_DATA", str(folder))
    assert corpora.load("studyforrest").name == "studyforrest"


def test_licence_citation_and_limits_are_told(rotations):
    assert "CC0" in rotations[0].licence and "PDDL" in rotations[0].licence
    assert "Labs" in rotations[0].citation and "Hanke" in rotations[0].citation
    assert "constant between steps" in rotations[0].limits


def test_without_a_folder_the_error_says_what_to_set(monkeypatch):
    monkeypatch.delenv("REPLICA_DATA", raising=False)
    with pytest.raises(FileNotFoundError, match="REPLICA_DATA is not set. Set REPLICA_DATA, or give path="):
        corpora.load("studyforrest")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=f"There is no file {tmp_path}/studyforrest/studyforrest.npz. Set"):
        corpora.load("studyforrest", path=tmp_path)


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.5, 0.999])
def test_a_half_copied_file_is_refused(folder, tmp_path, kept):
    whole = (folder / "studyforrest" / "studyforrest.npz").read_bytes()
    (tmp_path / "studyforrest").mkdir()
    (tmp_path / "studyforrest" / "studyforrest.npz").write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(ValueError, match=r"studyforrest.npz must be a whole zip .* bytes .*copy the file again"):
        corpora.load("studyforrest", path=tmp_path)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("place", ["first", "middle"])
def test_a_file_with_a_flipped_byte_is_refused(film, tmp_path, save, place):
    file = write(tmp_path, {})
    save(file, raters_av=film["raters_av"])  # missing arrays are looked for after those that are there are read
    content = bytearray(file.read_bytes())
    # Lengths of name and extra field stand in bytes 26 to 29 of a zip's first header, the data follow.
    first = 30 + int.from_bytes(content[26:28], "little") + int.from_bytes(content[28:30], "little")
    content[first if place == "first" else len(content) // 2] ^= 0b110
    file.write_bytes(content)
    with pytest.raises(ValueError, match="must be a whole zip file of arrays.*copy the file again"):
        corpora.load("studyforrest", path=tmp_path)


def test_an_array_file_that_is_no_archive_is_refused(tmp_path):
    file = write(tmp_path, {})
    with file.open("wb") as stream:
        np.save(stream, np.zeros(3))
    with pytest.raises(ValueError, match="must be a whole zip file of arrays.*copy the file again"):
        corpora.load("studyforrest", path=tmp_path)


def altered(film, name, index, value):
    array = film[name].copy()
    array[index] = value
    return {name: array}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda film: {"visual": film["visual"][:-1]}, r"'visual' of shape \(177132, 4\).*\(177131, 4\)"),
        (lambda film: {"raters_av": film["raters_av"][:8]}, r"'raters_av' of shape \(9, 177132, 2\)"),
        (lambda film: {"phash": film["phash"].astype("float32")}, "'phash' of integers.*float32"),
        (lambda film: {"run": film["run"][::-1]}, "'run' rising from 0 to 7"),
        (lambda film: altered(film, "run", 22149, 1), r"'run' rising .*\[22149, 21653,"),
        (lambda film: altered(film, "raters_av", (3, 9, 1), 13), "'gold_av' equal to the mean of 'raters_av'"),
        (lambda film: altered(film, "gold_av", (5, 1), np.nan), "'gold_av' equal .*difference of nan"),
        (lambda film: {"meta": np.array(None), "run": np.array([None])}, "cannot be read.*allow_pickle=False"),
    ],
    ids=["short", "rater", "type", "backwards", "part", "rating", "nan", "pickle"],
)
def test_an_altered_array_is_refused_with_the_file(film, tmp_path, change, message):
    file = write(tmp_path, film | change(film))
    with pytest.raises(ValueError, match=f"{file}.*{message}"):
        corpora.load("studyforrest", path=tmp_path)


def test_a_missing_array_is_named(film, tmp_path):
    write(tmp_path, {name: values for name, values in film.items() if name not in ("speech", "events")})
    with pytest.raises(ValueError, match=r"a file without \['events', 'speech'\]. Copy the unaltered file again"):
        corpora.load("studyforrest", path=tmp_path)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_feature_that_is_not_finite_is_refused(film, tmp_path, value):
    file = write(tmp_path, film | altered(film, "audio_film", (22150 + 7, 1), value))
    with pytest.raises(ValueError, match=rf"features\['sound'\] must be finite.*\(7, 1\).*'part2-0' of {file}"):
        corpora.load("studyforrest", path=tmp_path)


def test_a_rating_beyond_the_scale_is_refused(film, tmp_path):
    raters = altered(film, "raters_av", (0, 5, 1), 127)
    gold = {"gold_av": (raters["raters_av"] / 120).mean(axis=0).astype("float32")}
    write(tmp_path, film | raters | gold)
    with pytest.raises(ValueError, match=r"annotations must be within \[-1, 1\].*1\.058.*\(0, 5, 1\).*'part1-0'"):
        corpora.load("studyforrest", path=tmp_path)


@pytest.mark.skipif("studyforrest" not in corpora.available(), reason="REPLICA_DATA names no folder with studyforrest")
def test_the_real_copy_is_the_one_of_the_recorded_runs():
    corpus = corpora.load("studyforrest", rotation=0)
    assert [r.name for r in corpus.recordings] == NAMES
    assert tuple(corpora.load("studyforrest", rotation=k).digest for k in range(4)) == studyforrest.DIGESTS
    gold = np.concatenate([r.gold for r in corpus.recordings])
    # The deviations are those of the description of the data, 0.488 and 0.613 over the whole film; these are stretches.
    np.testing.assert_allclose(gold.std(axis=0), [0.488, 0.613], atol=0.03)
