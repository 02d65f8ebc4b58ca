"""Where files of a copy lie: names in whatever case, one set for both emotion dimensions or one for each."""

import pytest

from replica.corpora import avec2015_files as files


@pytest.fixture
def copy(tmp_path):
    for place in ("Features_ecg", "features_EDA/arousal", "features_EDA/valence", "ratings_gold_standard"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "Features_ecg" / "dev_2.csv").touch()
    for dimension in ("arousal", "valence"):
        (tmp_path / "features_EDA" / dimension / "dev_2.arff").touch()
    return tmp_path


def test_a_set_stands_once_or_once_for_each_dimension(copy):
    assert files.feature_files(copy, "ecg", "dev_2") == [copy / "Features_ecg" / "dev_2.csv"]
    assert files.feature_files(copy, "eda", "dev_2") == [
        copy / "features_EDA" / dimension / "dev_2.arff" for dimension in ("arousal", "valence")
    ]


def test_a_folder_that_is_missing_is_named_beside_those_that_are_there(copy):
    assert files.find_folder(copy, "FEATURES_ECG") == copy / "Features_ecg"
    assert files.find_folder(copy, "features") is None
    with pytest.raises(
        FileNotFoundError, match=r"the folder 'features_audio'. Received the folders \['Features_ecg', "
    ):
        files.feature_files(copy, "audio_long", "dev_2")


def test_a_speaker_without_a_file_and_one_with_two(copy):
    with pytest.raises(
        FileNotFoundError, match=r"needs dev_3.arff or dev_3.csv in .*Features_ecg. There is neither. Co"
    ):
        files.feature_files(copy, "ecg", "dev_3")
    with pytest.raises(FileNotFoundError, match="There is neither. Ask for it"):
        files.file_of(copy / "Features_ecg", "dev_3", " Ask for it.")
    (copy / "Features_ecg" / "dev_2.arff").touch()
    assert len(files.candidates(copy / "Features_ecg", "dev_2")) == 2
    with pytest.raises(ValueError, match="one file of 'dev_2'. Received dev_2.arff and dev_2.csv. Remove one of them"):
        files.feature_files(copy, "ecg", "dev_2")


def test_speakers_are_named_by_partition_and_number():
    named = [
        name for name in ("train_1", "dev_12", "test_0", "test_01", "P16", "dev_1b") if files.SPEAKER.fullmatch(name)
    ]
    assert named == ["train_1", "dev_12"]
