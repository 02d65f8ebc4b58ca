"""People and videos: who is in which partition, by hand; and what happens with a damaged copy.

A generated file of the documented arrays stands for the real one, which is used too where it is there.
"""

import numpy as np
import pytest

from replica import corpora
from replica.corpora import ceap360vr

NAMES = [f"P{person:02}-V{video}" for person in range(1, 33) for video in range(1, 9)]


@pytest.fixture(scope="module")
def arrays():
    """Arrays of the documented names, shapes and types, with random content."""
    rng = np.random.default_rng(12)
    return {
        "label": rng.uniform(-1, 1, (32, 8, 1500, 2)).astype("float32"),
        "head": rng.standard_normal((32, 8, 1500, 3), "float32"),
        "gaze": rng.standard_normal((32, 8, 1500, 5), "float32"),
        "sam": np.full((32, 8, 2), 5, "float32"),
        "stim_luminance": rng.uniform(0, 255, (8, 1500)).astype("float32"),
        "meta": np.array('{"fs_hz": 25}'),
    }


def write(folder, arrays):
    (folder / "ceap360vr").mkdir(exist_ok=True)
    file = folder / "ceap360vr" / "core.npz"
    np.savez(file, **arrays)
    return file


@pytest.fixture(scope="module")
def folder(arrays, tmp_path_factory):
    path = tmp_path_factory.mktemp("data")
    write(path, arrays)
    return path


@pytest.fixture(scope="module")
def corpus(folder):
    return corpora.load("ceap360vr", path=folder)


def test_a_recording_for_each_person_and_video(corpus):
    assert [r.name for r in corpus.recordings] == NAMES
    assert [r.speaker for r in corpus.recordings] == [name[:3] for name in NAMES]
    assert {r.frames for r in corpus.recordings} == {1500}
    assert corpus.feature_widths == {"head": 3, "gaze": 5, "luminance": 1}


def test_partitions_by_hand(corpus):
    people = {p: sorted({r.speaker for r in corpus.partition(p)}) for p in ("train", "dev", "test")}
    assert (people["train"][0], people["train"][-1], len(people["train"])) == ("P01", "P20", 20)
    assert people["dev"] == ["P21", "P22", "P23", "P24"]
    assert people["test"] == ["P25", "P26", "P27", "P28", "P29", "P30", "P31", "P32"]
    assert [len(corpus.partition(p)) for p in people] == [160, 32, 64]


@pytest.mark.parametrize(("name", "person", "video"), [("P01-V1", 0, 0), ("P21-V8", 20, 7), ("P32-V5", 31, 4)])
def test_a_recording_holds_its_person_and_video(corpus, arrays, name, person, video):
    (recording,) = (r for r in corpus.recordings if r.name == name)
    np.testing.assert_array_equal(recording.gold, arrays["label"][person, video])
    np.testing.assert_array_equal(recording.features["head"], arrays["head"][person, video])
    np.testing.assert_array_equal(recording.features["gaze"], arrays["gaze"][person, video])
    np.testing.assert_array_equal(recording.features["luminance"][:, 0], arrays["stim_luminance"][video])
    assert recording.annotations is None and recording.face_found is None


def test_people_share_no_array(folder):
    corpus = corpora.load("ceap360vr", path=folder)
    before = corpus.recordings[8].features["luminance"].copy()
    corpus.recordings[0].features["luminance"][:] = 0  # the same video, another person
    np.testing.assert_array_equal(corpus.recordings[8].features["luminance"], before)


def test_the_folder_is_the_one_that_the_environment_names(monkeypatch, folder, corpus):
    monkeypatch.setenv("REPLICA_DATA", str(folder))
    assert corpora.load("ceap360vr").digest == corpus.digest


def test_an_altered_copy_is_not_pinned(monkeypatch, folder):
    monkeypatch.setenv("REPLICA_DATA", str(folder))
    with pytest.raises(ValueError, match="A run on ceap360vr is of its version d41a821.*Copy the unaltered file again"):
        corpora.load_pinned(corpora.key("ceap360vr"))


def test_licence_citation_and_limits_are_told(corpus):
    for term in ("CC BY-NC-SA 4.0", "non-commercial", "changes told"):
        assert term in corpus.licence
    assert "10.1109/TMM.2021.3124080" in corpus.citation
    for limit in (
        "same eight videos",
        "rating of themselves",
        "physiology",
        "All but 6 of the 256 tracks start at 0",
        "not to the person",
    ):
        assert limit in corpus.limits


def test_without_a_folder_the_error_says_what_to_set(monkeypatch):
    monkeypatch.delenv("REPLICA_DATA", raising=False)
    with pytest.raises(FileNotFoundError, match="REPLICA_DATA is not set. Set REPLICA_DATA, or give path="):
        corpora.load("ceap360vr")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=f"There is no file {tmp_path}/ceap360vr/core.npz. Set"):
        corpora.load("ceap360vr", path=tmp_path)


@pytest.mark.parametrize("kept", [0.0, 0.001, 0.5, 0.999])
def test_a_half_copied_file_is_refused(folder, tmp_path, kept):
    whole = (folder / "ceap360vr" / "core.npz").read_bytes()
    (tmp_path / "ceap360vr").mkdir()
    (tmp_path / "ceap360vr" / "core.npz").write_bytes(whole[: int(kept * len(whole))])
    with pytest.raises(ValueError, match=r"core.npz must be a whole zip .* bytes .*copy the file again"):
        corpora.load("ceap360vr", path=tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda a: {"head": a["head"][:31]}, r"'head' of shape \(32, 8, 1500, 3\).*Received \(31, 8, 1500, 3\)"),
        (lambda a: {"gaze": a["gaze"][..., :4]}, r"'gaze' of shape .*Received \(32, 8, 1500, 4\)"),
        (lambda a: {"label": a["label"].astype("float64")}, r"'label' of .*float32.*float64"),
        (lambda a: {"stim_luminance": a["stim_luminance"].T}, r"'stim_luminance' of shape \(8, 1500\)"),
        (lambda a: {"label": np.array(None)}, r"cannot be read.*allow_pickle=False"),
    ],
    ids=["person", "column", "type", "transposed", "pickle"],
)
def test_an_altered_array_is_refused_with_the_file(arrays, tmp_path, change, message):
    file = write(tmp_path, arrays | change(arrays))
    with pytest.raises(ValueError, match=f"{file}.*{message}.* again"):
        corpora.load("ceap360vr", path=tmp_path)


def test_a_missing_array_is_named(arrays, tmp_path):
    write(tmp_path, {name: values for name, values in arrays.items() if name != "gaze"})
    with pytest.raises(ValueError, match=r"a file without \['gaze'\]. Copy the unaltered file again"):
        corpora.load("ceap360vr", path=tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [("label", 1.5, r"gold must be within \[-1, 1\].*1.5"), ("head", np.nan, r"features\['head'\] must be finite")],
)
def test_a_bad_value_is_refused_with_its_recording(arrays, tmp_path, name, value, message):
    altered = arrays[name].copy()
    altered[2, 3, 7, 1] = value
    file = write(tmp_path, arrays | {name: altered})
    with pytest.raises(ValueError, match=rf"{message}.*\(7, 1\).*'P03-V4' of {file}"):
        corpora.load("ceap360vr", path=tmp_path)


@pytest.mark.skipif("ceap360vr" not in corpora.available(), reason="REPLICA_DATA names no folder with ceap360vr")
def test_the_real_copy_is_the_one_of_the_recorded_runs():
    corpus = corpora.load_pinned(corpora.key("ceap360vr"))
    assert (corpus.digest,) == ceap360vr.DIGESTS
    # The limits say so. Its description, which rounds, says that every track does, and that there are 4.27 h.
    assert sum(not r.gold[0].any() for r in corpus.recordings) == 256 - 6
    assert sum(r.frames for r in corpus.recordings) / 25 / 3600 == pytest.approx(4.27, abs=0.005)
