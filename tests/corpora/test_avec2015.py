"""The challenge's files: what is read from which layout, what is filled in, and how each kind of damage is told.

Generated files in the documented layout stand for the gated ones, which nobody may copy into a test.
"""

import shutil
from dataclasses import replace

import generate_avec2015
import numpy as np
import pytest

from replica import corpora
from replica.conventions import FEATURE_WIDTHS
from replica.corpora import CorpusKey, avec2015, avec2015_files

FRAMES, SPEAKERS = 30, 2
NAMES = [f"{partition}_{n}" for partition in ("train", "dev", "test") for n in (1, 2)]
SETS = {
    "audio_short": "features_audio_short",
    "audio_long": "features_audio",
    "video_app": "features_video_appearance",
    "video_geo": "features_video_geometric",
    "ecg": "features_ECG",
    "eda": "features_EDA",
}


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    generate_avec2015.generate(folder, frames=FRAMES, speakers=SPEAKERS)
    return folder


@pytest.fixture
def folder(generated, tmp_path):
    """A copy that a test may alter."""
    shutil.copytree(generated / "avec2015", tmp_path / "avec2015")
    return tmp_path


def load(folder, **options):
    return corpora.load("avec2015", path=folder, **options)


def recording(corpus, name):
    return next(r for r in corpus.recordings if r.name == name)


def files(folder, place, pattern="*"):
    found = sorted((folder / "avec2015" / place).rglob(pattern))
    assert found
    return [file for file in found if file.is_file()]


def edit(file, change):
    """Change the lines of a file in place."""
    lines = file.read_text().splitlines()
    change(lines)
    file.write_text("\n".join(lines) + "\n")
    return file


def in_row(row, change):
    """Change the fields of one data row, counted from 0."""

    def changed(lines):
        first = next(k for k, line in enumerate(lines) if line == "@data") + 1 if "@data" in lines else 1
        separator = "," if "@data" in lines else ";"
        fields = lines[first + row].split(separator)
        change(fields)
        lines[first + row] = separator.join(fields)

    return changed


def numbers(file):
    """The plain reading: every row after the header as floats, without the columns of name and time."""
    text = file.read_text()
    if file.suffix == ".csv":
        return np.array([[float(x) for x in row.split(";")[1:]] for row in text.splitlines()[1:]])
    header, rows = text.split("@data\n")
    names = [line.split()[1] for line in header.splitlines() if line.startswith("@attribute")]
    kept = [k for k, name in enumerate(names) if name not in ("Instance_name", "frameTime")]
    split = [row.split(",") for row in rows.splitlines()]
    return np.array([[float(row[k].replace("?", "nan")) for k in kept] for row in split])


# What is read


def test_every_value_stands_where_the_plain_reading_has_it(generated):
    corpus = load(generated)
    assert [r.name for r in corpus.recordings] == [r.speaker for r in corpus.recordings] == NAMES
    assert corpus.feature_widths == FEATURE_WIDTHS
    for recording in corpus.recordings:
        assert recording.partition == recording.name.split("_")[0]
        root = generated / "avec2015"
        for feature, place in SETS.items():
            expected = numbers(root / place / f"{recording.name}.arff")
            there = np.isfinite(expected)
            np.testing.assert_array_equal(recording.features[feature][there], expected.astype("float32")[there])
        for d, dimension in enumerate(("arousal", "valence")):
            gold = numbers(root / "ratings_gold_standard" / dimension / f"{recording.name}.arff")
            np.testing.assert_array_equal(recording.gold[:, d], gold[:, 0].astype("float32"))
            raters = numbers(root / "ratings_individual" / dimension / f"{recording.name}.csv")
            np.testing.assert_array_equal(recording.annotations[:, :, d], raters.T.astype("float32"))


def test_the_challenge_s_own_numbers():
    assert (avec2015.FRAMES, avec2015.SPEAKERS, avec2015.RATERS) == (7501, 9, 6)
    assert np.arange(avec2015.FRAMES)[-1] * 0.04 == 300
    assert avec2015_files.FOLDERS == SETS
    assert list(avec2015_files.FOLDERS) == list(FEATURE_WIDTHS)


@pytest.mark.reliability("missing_modalities")
def test_without_the_authors_own_set_there_are_five(folder):
    shutil.rmtree(folder / "avec2015" / "features_audio_short")
    corpus = load(folder)
    assert list(corpus.feature_widths) == ["audio_long", "video_app", "video_geo", "ecg", "eda"]


def test_without_raters_there_are_none(folder):
    shutil.rmtree(folder / "avec2015" / "ratings_individual")
    assert {r.annotations for r in load(folder).recordings} == {None}


def test_raters_of_test_may_be_missing(folder):
    for file in files(folder, "ratings_individual", "test_*"):
        file.unlink()
    assert [r.annotations is None for r in load(folder).recordings] == [False] * 4 + [True] * 2


def test_a_face_is_not_found_where_both_video_sets_are_zero(folder):
    root = folder / "avec2015"
    original = numbers(root / SETS["video_app"] / "dev_2.arff")
    edit(root / SETS["video_app"] / "dev_2.arff", zero_row(3))
    edit(root / SETS["video_geo"] / "dev_2.arff", zero_row(3))
    edit(root / SETS["video_app"] / "dev_2.arff", zero_row(9))  # the other set still has a face there
    found = recording(load(folder), "dev_2").face_found
    expected = original.any(axis=1)  # as generated
    expected[3] = False
    np.testing.assert_array_equal(found, expected)
    assert found[9]


def zero_row(row):
    return in_row(row, lambda fields: fields.__setitem__(slice(1, None), ["0.0"] * (len(fields) - 1)))


# Variants of the layout


def into_dimensions(folder, place):
    """Move a folder's files into one folder for each emotion dimension, as the challenge of 2016 has them."""
    moved = files(folder, place)
    for dimension in ("arousal", "valence"):
        (folder / "avec2015" / place / dimension).mkdir()
        for file in moved:
            shutil.copy(file, file.parent / dimension)
    for file in moved:
        file.unlink()


def to_csv(file, separator):
    header, rows = file.read_text().split("@data\n")
    names = [line.split()[1] for line in header.splitlines() if line.startswith("@attribute")]
    file.with_suffix(".csv").write_text("\n".join([separator.join(names), rows.replace(",", separator)]))
    file.unlink()


def add_class(file):
    def change(lines):
        data = lines.index("@data")
        lines[data + 1 :] = [f"{row},?" for row in lines[data + 1 :]]
        lines.insert(data, "@attribute CLASS numeric")

    edit(file, change)


@pytest.mark.parametrize("variant", ["dimensions", "csv", "semicolons", "class", "lower case"])
def test_variants_of_the_layout_give_the_same_corpus(generated, folder, variant):
    if variant == "dimensions":
        for place in SETS.values():
            into_dimensions(folder, place)
    elif variant == "lower case":
        for place in ("features_ECG", "features_EDA"):
            (folder / "avec2015" / place).rename(folder / "avec2015" / place.lower())
    else:
        for place in (*SETS.values(), "ratings_gold_standard"):
            for file in files(folder, place):
                add_class(file) if variant == "class" else to_csv(file, ";" if variant == "semicolons" else ",")
    assert load(folder).digest == load(generated).digest


def test_sets_that_differ_between_the_dimensions_are_refused(folder):
    into_dimensions(folder, "features_audio")
    file = folder / "avec2015/features_audio/valence/train_1.arff"
    edit(file, in_row(5, lambda fields: fields.__setitem__(3, "7")))
    with pytest.raises(ValueError, match=rf"{file} must hold the same values .* Put the files to read into .*_audio"):
        load(folder)


# What is filled in


def test_a_missing_value_repeats_the_one_before_and_at_the_start_the_first(folder):
    file = folder / "avec2015/features_EDA/dev_2.arff"
    original = numbers(file)
    for row, column in ((0, 1), (1, 1), (7, 1), (8, 1), (FRAMES - 1, 2)):
        edit(file, in_row(row, lambda fields, column=column: fields.__setitem__(column, "?")))
    eda = recording(load(folder), "dev_2").features["eda"]
    expected = original.astype("float32")
    expected[[0, 1], 0] = expected[2, 0]
    expected[[7, 8], 0] = expected[6, 0]
    expected[FRAMES - 1, 1] = expected[FRAMES - 2, 1]
    expected[15:18, 61] = expected[14, 61]  # as generated
    np.testing.assert_array_equal(eda, expected)


def test_what_was_filled_in_is_counted(folder):
    assert "Filled in: 18 '?' of eda in 6 recordings, most in train_1 (3)." in load(folder).limits
    edit(folder / "avec2015/features_EDA/dev_2.arff", in_row(0, lambda fields: fields.__setitem__(1, "?")))
    edit(folder / "avec2015/features_ECG/dev_2.arff", lambda lines: lines.pop())
    limits = load(folder).limits
    assert "19 '?' of eda in 6 recordings, most in dev_2 (4)." in limits
    assert "1 last rows in 1 recording, most in dev_2 (1)." in limits


def test_what_the_detached_sensor_did_not_measure_is_0(folder, monkeypatch):
    """Of that speaker alone: for any other an empty column is an error."""
    assert avec2015.DETACHED == ("eda", "test_7")
    monkeypatch.setattr(avec2015, "DETACHED", ("eda", "test_2"))  # the last one of the generated files

    def lose_all(lines):
        first = lines.index("@data") + 1
        lines[first:] = [",".join([line.split(",")[0], *["?"] * FEATURE_WIDTHS["eda"]]) for line in lines[first:]]

    edit(folder / "avec2015/features_EDA/test_2.arff", lose_all)
    corpus = load(folder)
    assert not recording(corpus, "test_2").features["eda"].any()
    assert f"most in test_2 ({FRAMES * 62})" in corpus.limits
    edit(folder / "avec2015/features_EDA/test_1.arff", lose_all)
    with pytest.raises(ValueError, match="test_1.arff must hold a value in the column 'eda_0'"):
        load(folder)


@pytest.mark.reliability("lengths")
def test_a_missing_last_row_is_the_one_before_it(folder):
    for file in [*files(folder, "features_ECG"), *files(folder, "ratings_gold_standard")]:
        edit(file, lambda lines: lines.pop())
    for recording in load(folder).recordings:
        assert recording.frames == FRAMES
        for values in (recording.features["ecg"], recording.gold):
            np.testing.assert_array_equal(values[-1], values[-2])


# Test labels


@pytest.fixture
def without_test_labels(folder):
    for file in [*files(folder, "ratings_gold_standard", "test_*"), *files(folder, "ratings_individual", "test_*")]:
        file.unlink()
    return folder


def test_without_test_labels_the_error_says_what_can_be_done(without_test_labels):
    with pytest.raises(
        FileNotFoundError, match=r"'test_1' .*gold_standard/arousal. .*never given out.*test='from_dev'"
    ):
        load(without_test_labels)


def test_test_can_be_taken_from_dev(generated, without_test_labels):
    corpus = load(without_test_labels, test="from_dev")
    whole = {r.name: r for r in load(generated).recordings}
    partitions = {p: [r.name for r in corpus.partition(p)] for p in ("train", "dev", "test")}
    assert partitions == {"train": ["train_1", "train_2"], "dev": ["dev_1"], "test": ["dev_2"]}
    for recording in corpus.recordings:
        np.testing.assert_array_equal(recording.gold, whole[recording.name].gold)
    assert "neither is the paper's" in corpus.limits
    assert "neither is the paper's" not in load(generated).limits


def test_of_nine_speakers_of_dev_five_stay():
    copy = avec2015._Copy(None, "2015", 7501, 9)
    speakers = list(copy.speakers_of("from_dev"))
    assert [name for name, p in speakers if p == "dev"] == ["dev_1", "dev_2", "dev_3", "dev_4", "dev_5"]
    assert [name for name, p in speakers if p == "test"] == ["dev_6", "dev_7", "dev_8", "dev_9"]
    assert [p for _, p in copy.speakers_of("gold")] == ["train"] * 9 + ["dev"] * 9 + ["test"] * 9


# The key


def test_keys_of_generated_and_real_files_differ(monkeypatch, folder):
    monkeypatch.setenv("REPLICA_DATA", str(folder))
    generated = CorpusKey("avec2015", "generated", (("test", "gold"),))
    assert corpora.key("avec2015") == load(folder).key == generated
    (folder / "avec2015" / "GENERATED.txt").unlink()
    monkeypatch.setattr(avec2015, "FRAMES", FRAMES)
    monkeypatch.setattr(avec2015, "SPEAKERS", SPEAKERS)
    assert corpora.key("avec2015") == load(folder).key == replace(generated, version="2015")
    monkeypatch.delenv("REPLICA_DATA")
    assert corpora.key("avec2015") == replace(generated, version="2015")


def test_limits_of_generated_files_say_so(generated):
    limits = load(generated).limits
    assert "simulated" in limits and "2 speakers in each partition" in limits


def test_only_the_challenge_s_own_files_are_bound_by_its_terms(monkeypatch, folder):
    assert "Gated" not in load(folder).licence and load(folder).citation == ""
    (folder / "avec2015" / "GENERATED.txt").rename(folder / "avec2015" / "OWN.txt")
    assert "Your own" in load(folder).licence and load(folder).citation == ""
    (folder / "avec2015" / "OWN.txt").unlink()
    monkeypatch.setattr(avec2015, "FRAMES", FRAMES)
    monkeypatch.setattr(avec2015, "SPEAKERS", SPEAKERS)
    assert "Gated" in load(folder).licence and "Ringeval" in load(folder).citation


def test_a_generated_corpus_does_not_pass_for_the_real_one(monkeypatch, folder):
    monkeypatch.setenv("REPLICA_DATA", str(folder))
    for test in ("gold", "from_dev"):
        key = corpora.key("avec2015", test=test)
        assert corpora.load_pinned(key).key == key
    with pytest.raises(ValueError, match=r"declares, .*'2015'.*What is here is .*'generated'.* get that version"):
        corpora.load_pinned(replace(key, version="2015"))


def test_it_is_available_where_the_labels_are(monkeypatch, folder):
    monkeypatch.delenv("REPLICA_DATA", raising=False)
    assert not avec2015.available()
    monkeypatch.setenv("REPLICA_DATA", str(folder))
    assert avec2015.available()
    shutil.rmtree(folder / "avec2015" / "ratings_gold_standard")
    assert not avec2015.available()


def test_a_real_folder_needs_the_challenge_s_numbers(folder):
    (folder / "avec2015" / "GENERATED.txt").unlink()
    with pytest.raises(ValueError, match="7501 rows, or 7500, of which the last is repeated. Received 30, the last in"):
        load(folder)


DAMAGED_MARKS = {
    b"": "Received '' and ''",
    b"frames: many\nspeakers: 2\n": "Received 'many' and '2'",
    b"frames: 30\nspeakers: 0\n": "Received '30' and '0'",
    b"frames: -30\nspeakers: 2\n": "Received '-30' and '2'",
    b"frames: 30.5\nspeakers: 2\n": "Received '30.5' and '2'",
    b"\xff\xfe\0": "Received '' and ''",
}


@pytest.mark.parametrize("mark", ["GENERATED.txt", "OWN.txt"])
@pytest.mark.parametrize("text", DAMAGED_MARKS)
def test_a_marker_that_is_damaged_is_refused(folder, mark, text):
    (folder / "avec2015" / "GENERATED.txt").unlink()
    (folder / "avec2015" / mark).write_bytes(text)
    says = f"{mark} must hold the lines 'frames: .* above 0. {DAMAGED_MARKS[text]}. Write both lines"
    with pytest.raises(ValueError, match=says):
        load(folder)


def test_an_unmarked_corpus_of_ones_own_is_told_how_to_mark_it(folder):
    (folder / "avec2015" / "GENERATED.txt").unlink()
    with pytest.raises(
        ValueError, match="7501 rows.*Received 30.* tells its frames and speakers in .*/avec2015/OWN.txt"
    ):
        load(folder)
    (folder / "avec2015" / "OWN.txt").write_text(f"frames: {FRAMES}\nspeakers: {SPEAKERS}\n")
    assert len(load(folder).recordings) == 3 * SPEAKERS


def test_no_speaker_of_ones_own_is_left_out_without_a_word(folder):
    (folder / "avec2015" / "GENERATED.txt").unlink()
    (folder / "avec2015" / "OWN.txt").write_text(f"frames: {FRAMES}\nspeakers: 1\n")
    with pytest.raises(
        ValueError, match="OWN.txt must hold the number of speakers .* Received 1, and the file dev_2.arff"
    ):
        load(folder)


# Damage, told with file and line


def set_field(row, column, value):
    return in_row(row, lambda fields: fields.__setitem__(column, value))


def every_row(column, value):
    def change(lines):
        for row in range(FRAMES):
            set_field(row, column, value)(lines)

    return change


def times_of(rate_hz, place=0):
    """As if the rows were frames of another rate."""

    def change(lines):
        for row in range(FRAMES):
            set_field(row, place, f"{row / rate_hz:g}")(lines)

    return change


def without_last_column(lines):
    data = lines.index("@data")
    lines[data + 1 :] = [row.rsplit(",", 1)[0] for row in lines[data + 1 :]]
    del lines[data - 1]


def rename(old, new):
    def change(lines):
        lines[:] = [line.replace(f" {old} ", f" {new} ") for line in lines]

    return change


GOLD = "ratings_gold_standard/valence/train_2.arff"
RATER = "ratings_individual/arousal/train_2.csv"
LONG = "features_audio/train_2.arff"

# file, change, what the error says. The header of LONG has 105 lines, that of GOLD 5, that of RATER 1.
DAMAGE = {
    "one column less": (LONG, without_last_column, r"the audio_long in 102 columns.*Received 101, .* files of 2015"),
    "renamed": (
        LONG,
        rename("audio_long_3", "F0"),
        r"columns of .*train_1.arff. Received 'F0' instead of 'audio_long_3'",
    ),
    "text in the header": (
        LONG,
        lambda lines: lines.__setitem__(4, lines[4].replace("numeric", "string")),
        "columns of the types",
    ),
    "cut": (
        LONG,
        lambda lines: lines.__delitem__(slice(115, None)),
        r"30 rows, or 29.*Received 10, .* line 115. The file is",
    ),
    "cut in a row": (
        LONG,
        lambda lines: lines.__setitem__(-1, lines[-1][:200]),
        r"103 values in each row.* in line 135",
    ),
    "header alone": (LONG, lambda lines: lines.__delitem__(slice(105, None)), r"30 rows.*Received none"),
    "no @data": (LONG, lambda lines: lines.remove("@data"), r"a line @data"),
    "one row more": (LONG, lambda lines: lines.append(lines[-1]), r"30 rows, or 29.*Received 31, the last in line 136"),
    "two rows less": (LONG, lambda lines: lines.__delitem__(slice(-2, None)), r"30 rows, or 29.*Received 28"),
    "two rows swapped": (
        LONG,
        lambda lines: lines.__setitem__(slice(-2, None), lines[-1:-3:-1]),
        r"rows 40 ms apart, the first at 0 s. Received the time 1.16 in line 134, where 1.12 belongs. Sort the rows",
    ),
    "another frame rate": (
        LONG,
        times_of(10),
        r"Received the time 0.1 in line 107.* bring another frame rate to 25 Hz",
    ),
    "label at another frame rate": (GOLD, times_of(10, place=1), r"Received the time 0.1 in line 7"),
    "rater at another frame rate": (RATER, times_of(10), r"Received the time 0.1 in line 3"),
    "time no number": (LONG, set_field(4, 0, "x"), r"Received the time nan in line 110, where 0.16 belongs"),
    "no number": (LONG, set_field(4, 7, "high"), r"'audio_long_6'. Received 'high' in line 110"),
    "infinite": (LONG, set_field(4, 7, "inf"), r"'audio_long_6'. Received 'inf' in line 110"),
    "never a value": (
        LONG,
        every_row(7, "?"),
        r"a value in the column 'audio_long_6'. Received '\?' in every row. Write 0",
    ),
    "scale": (GOLD, set_field(4, 2, "1.01"), r"labels in \[-1, 1\]. Received 1.01 in line 10, column 'GoldStandard'"),
    "scale below": (GOLD, set_field(4, 2, "-1.01"), r"labels in \[-1, 1\]. Received -1.01 in line 10"),
    "label missing": (GOLD, set_field(0, 2, "?"), r"labels in \[-1, 1\]. Received '\?' in line 6"),
    "label no number": (GOLD, set_field(0, 2, "x"), r"'GoldStandard'. Received 'x' in line 6"),
    "label cut": (GOLD, lambda lines: lines.__delitem__(slice(-3, None)), r"30 rows, or 29.*Received 27"),
    "two labels": (
        GOLD,
        rename("frameTime", "arousal"),
        r"gold standard of valence in 1 columns.*Received 2, .*'arousal'",
    ),
    "rater's scale": (RATER, set_field(4, 3, "70"), r"labels in \[-1, 1\]. Received 70 in line 6, column 'FM3'"),
    "rater's gap": (RATER, set_field(4, 3, "?"), r"labels in \[-1, 1\]. Received '\?' in line 6, column 'FM3'"),
    "rater left out": (
        RATER,
        lambda lines: lines.__setitem__(slice(None), [x.rsplit(";", 1)[0] for x in lines]),
        "6 columns",
    ),
    "other raters": (
        RATER,
        lambda lines: lines.__setitem__(0, "time;FF1;FM2;FM3;FM1;FF2;FF3"),
        r"columns of .*train_1.csv. Received 'FF1' instead of 'FM1' as number 1",
    ),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_told_with_file_and_line(folder, kind):
    place, change, message = DAMAGE[kind]
    file = edit(folder / "avec2015" / place, change)
    with pytest.raises(ValueError, match=f"{file} must hold .*{message}.*\\.$"):
        load(folder)


def test_times_of_the_frames_ends_and_no_times_at_all_are_taken(generated, folder):
    edit(
        folder / "avec2015" / LONG, lambda lines: [set_field(k, 0, f"{0.04 * (k + 1):g}")(lines) for k in range(FRAMES)]
    )
    edit(folder / "avec2015" / RATER, lambda lines: lines.__setitem__(slice(None), [x.split(";", 1)[1] for x in lines]))
    assert load(folder).digest == load(generated).digest


@pytest.mark.reliability("missing_modalities")
@pytest.mark.parametrize("place", [GOLD, RATER, LONG, "features_ECG/test_2.arff"])
def test_a_missing_file_is_named(folder, place):
    file = folder / "avec2015" / place
    file.unlink()
    message = f"'{file.stem}' .*needs {file.stem}.arff or .*csv in {file.parent}. There is neither. Copy the missing"
    with pytest.raises(FileNotFoundError, match=message):
        load(folder)


def test_raters_of_train_may_not_be_missing(folder):
    for file in files(folder, "ratings_individual", "train_2.csv"):
        file.unlink()
    with pytest.raises(FileNotFoundError, match=r"'train_2' .*ratings_individual/arousal. .* Copy the missing file"):
        load(folder)


@pytest.mark.reliability("missing_modalities")
@pytest.mark.parametrize("place", ["features_audio", "features_EDA", "ratings_gold_standard"])
def test_a_missing_folder_is_named(folder, place):
    shutil.rmtree(folder / "avec2015" / place)
    with pytest.raises(FileNotFoundError, match=f"must hold the folder '{place}'. Received .*'features_ECG'.*rename"):
        load(folder)


def test_two_files_of_one_speaker_are_refused(folder):
    shutil.copy(folder / "avec2015" / LONG, (folder / "avec2015" / LONG).with_suffix(".csv"))
    with pytest.raises(ValueError, match=r"one file of 'train_2'. Received train_2.arff and train_2.csv. Remove one"):
        load(folder)


def test_without_a_folder_the_error_says_what_to_set(monkeypatch, tmp_path):
    monkeypatch.delenv("REPLICA_DATA", raising=False)
    with pytest.raises(FileNotFoundError, match="REPLICA_DATA is not set. Set it, or give path="):
        corpora.load("avec2015")
    with pytest.raises(FileNotFoundError, match=f"There is no folder {tmp_path}/avec2015. Name the folder above"):
        load(tmp_path)


@pytest.mark.parametrize("ask", [corpora.load, corpora.key])
def test_an_unknown_source_of_test_is_refused(ask):
    with pytest.raises(ValueError, match=r"option test .* is 'gold' or 'from_dev'. Received 'dev'. Choose one"):
        ask("avec2015", test="dev")
