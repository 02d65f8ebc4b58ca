"""Generated files: in the layout of the challenge, marked, and never over a real copy."""

import generate_avec2015
import numpy as np
import pytest

from replica import corpora
from replica.conventions import FEATURE_WIDTHS
from replica.gold_standard import gold_standard


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("data")
    generate_avec2015.generate(path, frames=60, speakers=2, seed=3)
    return path / "avec2015"


def test_every_speaker_has_each_file(folder):
    names = [f"{partition}_{n}" for partition in ("train", "dev", "test") for n in (1, 2)]
    features = ["audio", "audio_short", "video_appearance", "video_geometric", "ECG", "EDA"]
    expected = {f"features_{feature}/{name}.arff" for feature in features for name in names}
    for dimension in ("arousal", "valence"):
        expected |= {f"ratings_gold_standard/{dimension}/{name}.arff" for name in names}
        expected |= {f"ratings_individual/{dimension}/{name}.csv" for name in names}
    assert {str(file.relative_to(folder)) for file in folder.rglob("*.*")} == expected | {"GENERATED.txt"}


def test_what_is_public_of_the_formats(folder):
    gold = (folder / "ratings_gold_standard/arousal/dev_2.arff").read_text().splitlines()
    assert gold[0] == "@relation GOLDSTANDARD_AROUSAL"
    assert gold[1:5] == [
        "@attribute Instance_name string",
        "@attribute frameTime numeric",
        "@attribute GoldStandard numeric",
        "@data",
    ]
    assert [row.split(",")[:2] for row in gold[5:8]] == [["dev_2", "0"], ["dev_2", "0.04"], ["dev_2", "0.08"]]
    assert len(gold) == 5 + 60
    ratings = (folder / "ratings_individual/valence/dev_2.csv").read_text().splitlines()
    assert ratings[0] == "time;FM1 ;FM2 ;FM3 ;FF1 ;FF2 ;FF3 "
    assert len(ratings) == 1 + 60
    for feature, place in (("audio_long", "features_audio"), ("video_geo", "features_video_geometric")):
        lines = (folder / place / "train_1.arff").read_text().splitlines()
        assert lines[1] == "@attribute frameTime numeric"
        assert sum(line.startswith("@attribute") for line in lines) == 1 + FEATURE_WIDTHS[feature]
        assert len(lines[-1].split(",")) == 1 + FEATURE_WIDTHS[feature]
        assert [float(row.split(",")[0]) for row in lines[-60:]] == pytest.approx(np.arange(60) * 0.04)


def test_the_gold_standard_is_made_from_the_raters(folder):
    for recording in corpora.load("avec2015", path=folder.parent).recordings:
        np.testing.assert_allclose(recording.gold, gold_standard(recording.annotations), atol=1e-5)  # six digits


def test_the_marker_says_how_it_was_made(folder):
    marker = (folder / "GENERATED.txt").read_text()
    assert marker.startswith("Simulated values")
    assert marker.splitlines()[1:] == ["frames: 60", "speakers: 2", "seed: 3"]


def test_the_seed_decides_every_value(folder, tmp_path):
    for seed in (3, 4):
        generate_avec2015.generate(tmp_path / str(seed), frames=60, speakers=2, seed=seed)
    digests = [corpora.load("avec2015", path=path).digest for path in (folder.parent, tmp_path / "3", tmp_path / "4")]
    assert digests[0] == digests[1] != digests[2]


def test_lost_faces_are_zero_and_eda_has_gaps(tmp_path):
    generate_avec2015.generate(tmp_path, frames=400, speakers=2)
    corpus = corpora.load("avec2015", path=tmp_path)
    lost = [~r.face_found for r in corpus.recordings]
    simulated = [generate_avec2015.simulated.speaker(0, number, 400) for number in range(1, 7)]
    np.testing.assert_array_equal(lost, [~speaker.face_found for speaker in simulated])
    assert np.any(lost)
    for recording, frames in zip(corpus.recordings, lost, strict=True):
        for feature in ("video_app", "video_geo"):
            assert not recording.features[feature][frames].any()
            assert recording.features[feature][~frames].all(axis=1).mean() > 0.99
    assert "18 '?' of eda in 6 recordings" in corpus.limits


def test_features_tell_of_the_gold_standard():
    """The same weights for all speakers: what is learned on one carries over."""
    speaker = generate_avec2015.simulated.speaker(0, 1, 500)
    columns = [generate_avec2015._mixture("video_geo", speaker, 0, name) for name in ("train_1", "train_2")]
    assert np.corrcoef(columns[0][:, 5], columns[1][:, 5])[0, 1] > 0.3
    assert np.abs(columns[0] - columns[1])[speaker.face_found].min() > 0


def test_a_folder_that_is_there_is_left_alone(tmp_path, capsys):
    real = tmp_path / "avec2015" / "ratings_gold_standard"
    real.mkdir(parents=True)
    assert generate_avec2015.main([str(tmp_path), "--frames", "60", "--speakers", "2"]) == 1
    assert "There is" in capsys.readouterr().err
    assert [file.name for file in (tmp_path / "avec2015").iterdir()] == [real.name]


def test_the_command_line(tmp_path, capsys):
    arguments = [str(tmp_path / "new"), "--frames", "5", "--speakers", "2", "--seed", "1"]
    assert generate_avec2015.main(arguments) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "new" / "avec2015")
    assert corpora.load("avec2015", path=tmp_path / "new").recordings[0].frames == 5


@pytest.mark.parametrize("few", [{"frames": 3}, {"speakers": 1}])
def test_too_few_are_refused(tmp_path, few):
    with pytest.raises(ValueError, match=r"4 frames and 2 speakers or more. Received .* Give more"):
        generate_avec2015.generate(tmp_path, **({"frames": 9, "speakers": 2} | few))
    assert not list(tmp_path.iterdir())
