"""Defects planted in generated files: each is found, told with its remedy, and no value is shown."""

import json
import re
import shutil

import generate_avec2015
import numpy as np
import pytest
from corpora import test_avec2015 as loading
from corpora.test_avec2015 import FRAMES, GOLD, LONG, RATER, edit, files, set_field
from typer.testing import CliRunner

from replica import cli, corpora
from replica.corpora import arff, avec2015
from replica.data_check import ERROR, NOTE, check

EDA = "features_EDA/test_2.arff"


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    generate_avec2015.generate(folder, frames=FRAMES, speakers=loading.SPEAKERS)
    return folder


@pytest.fixture
def folder(generated, tmp_path):
    """A copy that a test may alter."""
    shutil.copytree(generated / "avec2015", tmp_path / "avec2015")
    return tmp_path


def found(folder, level=ERROR):
    """Place, what was found, and remedy, of all findings of a level."""
    (report,) = check(folder)
    return [(f.place, f.found, f.remedy) for f in report.findings if f.level == level]


def only(folder, place, what, remedy, level=ERROR):
    """The one finding of a level, which must be as told."""
    (told,) = found(folder, level)
    assert re.fullmatch(place, told[0]), told
    assert re.search(what, told[1]), told
    assert re.search(remedy, told[2]), told


# What is whole


@pytest.mark.reliability("scales")
def test_generated_files_have_no_error(generated):
    (report,) = check(generated)
    assert (report.errors, report.layout, report.files) == (0, "avec2015", 6 * (6 + 2 + 2))
    assert {f.remedy for f in report.findings} == {"Nothing: each repeats the one before it"}  # of EDA, as generated
    assert check(generated / "avec2015") == [report]


@pytest.mark.reliability("scales")
def test_a_longer_corpus_without_an_alarm(tmp_path):
    """Enough frames for the faces to be lost now and then, and for the two dimensions to differ."""
    generate_avec2015.generate(tmp_path, frames=700, speakers=2, seed=3)
    assert found(tmp_path) == []


# What the loader refuses, the check tells of


@pytest.mark.parametrize("kind", loading.DAMAGE)
def test_whatever_the_loader_refuses_is_told(folder, kind):
    place, change, _ = loading.DAMAGE[kind]
    edit(folder / "avec2015" / place, change)
    (report,) = check(folder)
    assert place in {finding.place for finding in report.findings if finding.level == ERROR}
    shows_no_value(f"{report} {json.dumps(report.plain())}", folder)


def shows_no_value(text, folder):
    """Nothing of the files' rows is shown, but small whole numbers: those that are shown are counts."""
    rows = [row for file in files(folder, "", "*.[ac]*") for row in file.read_text().splitlines()[1:]]
    values = {field for row in rows if not row.startswith("@") for field in re.split("[,;]", row)[1:]}
    assert not set(re.findall(r"-?[\w.]+", text)) & values - SMALL - set(loading.NAMES)


SMALL = {str(k) for k in range(200)} | {"0.04"}


@pytest.mark.parametrize("place", ["features_audio", "features_EDA", "ratings_gold_standard"])
def test_a_missing_folder_is_told(folder, place):
    shutil.rmtree(folder / "avec2015" / place)
    only(folder, r"\.", f"there is no folder {place}", "Copy it, or rename")


def test_missing_files_are_named(folder):
    for name in ("train_1", "dev_2"):
        (folder / f"avec2015/features_ECG/{name}.arff").unlink()
    only(folder, "features_ECG", "no file of train_1, dev_2", "Copy the missing files")


def test_two_files_of_one_speaker(folder):
    shutil.copy(folder / "avec2015" / LONG, (folder / "avec2015" / LONG).with_suffix(".csv"))
    only(folder, "features_audio", "2 files of train_2", "Remove all but one")


def test_sets_that_differ_between_the_dimensions(folder):
    loading.into_dimensions(folder, "features_audio")
    assert found(folder) == []
    edit(folder / "avec2015/features_audio/valence/train_1.arff", set_field(5, 3, "7"))
    only(
        folder, "features_audio/valence/train_1.arff", "other values than", "Put the files to read into features_audio"
    )


# What the loader cannot see


def test_a_file_that_is_a_copy_of_another_speaker_s(folder):
    shutil.copy(folder / "avec2015/features_ECG/train_1.arff", folder / "avec2015/features_ECG/dev_1.arff")
    loads(folder)
    only(folder, "features_ECG/dev_1.arff", "the same values as features_ECG/train_1.arff", "take it from the source")


def test_a_gold_standard_that_names_another_speaker(folder):
    gold = folder / "avec2015/ratings_gold_standard/arousal"
    (gold / "train_1.arff").rename(gold / "x")
    (gold / "dev_1.arff").rename(gold / "train_1.arff")
    (gold / "x").rename(gold / "dev_1.arff")
    loads(folder)
    errors = [told for told in found(folder) if "its rows name 1 other speaker" in told[1]]
    assert [place.rpartition("/")[2] for place, _, _ in errors] == ["train_1.arff", "dev_1.arff"]


@pytest.mark.parametrize(
    ("change", "count"),
    [
        (lambda lines: lines.__setitem__(slice(-2, None), lines[-1:-3:-1]), 2),
        (lambda lines: lines.__setitem__(110, lines[109]), 1),
        (set_field(5, 0, "0.19"), 0),  # within half a frame
        (set_field(5, 0, "0.23"), 1),
        (set_field(5, 0, "?"), 1),
        (lambda lines: lines.__setitem__(slice(105, None), [milliseconds(row) for row in lines[105:]]), FRAMES - 1),
    ],
    ids=["two rows swapped", "a row twice", "rounded", "a time off", "no time", "milliseconds"],
)
def test_frame_times(folder, change, count):
    edit(folder / "avec2015" / LONG, change)
    if count:
        with pytest.raises(ValueError, match="rows 40 ms apart"):
            loads(folder)
        only(folder, LONG, f"the times of {count} rows are not 40 ms apart", "Sort the rows by time")
    else:
        loads(folder)
        assert found(folder) == []


def milliseconds(row):
    time, rest = row.split(",", 1)
    return f"{1000 * float(time):g},{rest}"


@pytest.mark.reliability("lengths")
def test_a_missing_last_row_is_known_and_a_missing_first_one_is_an_error(folder):
    edit(folder / "avec2015" / LONG, lambda lines: lines.pop())
    assert found(folder) == []
    assert (LONG, "29 rows instead of 30", "Nothing: the last row is repeated when it is read") in found(folder, NOTE)
    ecg = "features_ECG/train_1.arff"
    edit(folder / "avec2015" / ecg, lambda lines: lines.pop(lines.index("@data") + 1))
    loads(folder)
    only(folder, ecg, "its rows begin at 0.04 s, those of other files at 0", "Repeat its first row")


def test_where_all_files_begin_at_40_ms_nothing_is_off(folder):
    for file in [file for file in (folder / "avec2015").rglob("*_*") if file.suffix in (".arff", ".csv")]:
        edit(file, a_frame_later)
    assert found(folder) == []


def a_frame_later(lines):
    first, separator = (lines.index("@data") + 1, ",") if "@data" in lines else (1, ";")
    for k, line in enumerate(lines[first:], start=first):
        fields = line.split(separator)
        column = 1 if fields[0].startswith(("train", "dev", "test")) else 0
        fields[column] = f"{float(fields[column]) + 0.04:g}"
        lines[k] = separator.join(fields)


@pytest.mark.reliability("scales")
def test_labels_on_another_scale(folder, monkeypatch):
    """Whatever lies outside [-1, 1] shows the scale; [0, 1] shows by having no negative label."""
    gold = files(folder, "ratings_gold_standard/valence")
    for file in gold:
        edit(file, of_all(lambda x: 100 * x))
    scales = [told for told in found(folder) if "outside [-1, 1]" in told[1]]
    assert len(scales) == len(gold)
    assert all("given on [-100, 100], divide them by its end" in remedy for _, _, remedy in scales)
    for file in gold:
        edit(file, of_all(lambda x: (x / 100 + 1) / 2))
    loads(folder)
    assert found(folder) == []  # of so few frames it may well be so
    monkeypatch.setattr("replica.data_check.labels.ENOUGH_FRAMES", 6 * FRAMES)
    only(folder, "ratings_gold_standard/valence", r"of 6 recordings is negative", "double them and take off 1")


def of_all(change):
    def changed(lines):
        first = lines.index("@data") + 1
        split = [line.rsplit(",", 1) for line in lines[first:]]
        lines[first:] = [f"{before},{change(float(value)):.7f}" for before, value in split]

    return changed


def swap(folder, place):
    root = folder / "avec2015" / place
    (root / "arousal").rename(root / "x")
    (root / "valence").rename(root / "arousal")
    (root / "x").rename(root / "valence")


@pytest.mark.reliability("scales")
def test_dimensions_that_are_swapped_are_told_by_header_and_by_raters(folder):
    swap(folder, "ratings_gold_standard")
    loads(folder)
    told = found(folder)
    headers = [place for place, what, _ in told if "its header says that it holds" in what]
    assert len(headers) == 12
    for file in files(folder, "ratings_gold_standard"):
        edit(file, lambda lines: lines.__setitem__(0, "@relation GOLDSTANDARD"))
    only(folder, "ratings_gold_standard", r"of 6 recordings follows the raters of the other", "each other's names")


@pytest.mark.reliability("scales")
def test_raters_that_are_swapped_are_told_too(folder):
    swap(folder, "ratings_individual")
    only(folder, "ratings_gold_standard", r"of 6 recordings follows the raters of the other", "each other's names")


@pytest.mark.reliability("scales")
def test_in_the_real_recordings_arousal_varies_more(folder, monkeypatch):
    """Where gold standard and raters are swapped together, or there are no raters."""
    shutil.rmtree(folder / "avec2015/ratings_individual")
    for dimension, size in (("arousal", 0.2), ("valence", 0.12)):
        for k, file in enumerate(files(folder, f"ratings_gold_standard/{dimension}")):
            trace = iter(np.random.default_rng([k, int(100 * size)]).normal(0, size, FRAMES))
            edit(file, of_all(lambda x, trace=trace: float(np.clip(next(trace), -1, 1))))
            edit(file, lambda lines: lines.__setitem__(0, "@relation GOLDSTANDARD"))
    (folder / "avec2015/GENERATED.txt").unlink()
    monkeypatch.setattr("replica.data_check.avec2015.FRAMES", FRAMES)
    monkeypatch.setattr("replica.data_check.avec2015.SPEAKERS", loading.SPEAKERS)
    assert found(folder) == []
    swap(folder, "ratings_gold_standard")
    only(folder, "ratings_gold_standard", "valence varies more than arousal", "each other's names")


@pytest.mark.reliability("scales")
def test_one_file_for_both_dimensions(folder):
    gold = folder / "avec2015/ratings_gold_standard"
    shutil.copy(gold / "arousal/dev_1.arff", gold / "valence/dev_1.arff")
    loads(folder)
    told = [what for place, what, _ in found(folder) if place == "ratings_gold_standard/valence/dev_1.arff"]
    assert "the same values as ratings_gold_standard/arousal/dev_1.arff" in told


# Known defects


@pytest.mark.parametrize("value", ["?", "0", "3.5"])
def test_the_detached_sensor(folder, monkeypatch, value):
    monkeypatch.setattr("replica.data_check.avec2015.DETACHED", ("eda", "test_2"))
    assert avec2015.DETACHED == ("eda", "test_7")

    def lose_all(lines):
        first = lines.index("@data") + 1
        lines[first:] = [",".join([line.split(",")[0], *[value] * 62]) for line in lines[first:]]

    edit(folder / "avec2015" / EDA, lose_all)
    assert found(folder) == []
    (note,) = [told for told in found(folder, NOTE) if told[0] == EDA]
    assert "the sensor had come off" in note[1]
    edit(folder / "avec2015/features_EDA/test_1.arff", lose_all)
    assert [place for place, _, _ in found(folder)] == ["features_EDA/test_1.arff"]


def test_faces_that_are_missing(folder):
    app, geo = (folder / f"avec2015/features_video_{kind}/dev_2.arff" for kind in ("appearance", "geometric"))
    for row in (3, 4, 9):
        edit(app, loading.zero_row(row))
    for row in (3, 4):
        edit(geo, loading.zero_row(row))
    notes = [told[1] for told in found(folder, NOTE) if told[0].endswith("appearance/dev_2")]
    assert notes == ["no face in 2 frames", "one video set has a face in 1 frames in which the other has none"]
    for row in range(20):
        edit(app, loading.zero_row(row))
        edit(geo, loading.zero_row(row))
    only(folder, "features_video_appearance/dev_2", "no face in 67% of the frames", "from the source again")


def test_labels_of_test_that_were_never_given_out(folder):
    for place in ("ratings_gold_standard", "ratings_individual"):
        for file in files(folder, place, "test_*"):
            file.unlink()
    assert found(folder) == []
    places = [place for place, what, remedy in found(folder, NOTE) if "from_dev" in remedy]
    assert places[:2] == ["ratings_gold_standard/arousal", "ratings_gold_standard/valence"]


def test_speakers_that_the_mark_of_ones_own_corpus_does_not_count(folder):
    (folder / "avec2015/OWN.txt").write_text(f"frames: {FRAMES}\nspeakers: 1\n")
    (folder / "avec2015/GENERATED.txt").unlink()
    places = [place for place, what, _ in found(folder) if what == "3 files of more speakers than OWN.txt counts"]
    assert len(places) == len(set(places)) == 10
    assert not [what for _, what, _ in found(folder, NOTE) if "no speaker" in what]


def test_files_of_nobody_are_counted(folder):
    shutil.copy(folder / "avec2015" / LONG, folder / "avec2015/features_audio/train_10.arff")
    assert ("features_audio", "1 files of no speaker of the challenge") in [told[:2] for told in found(folder, NOTE)]


# The command


def run(*words):
    return CliRunner().invoke(cli.app, ["data", "check", *map(str, words)])


def test_command_ends_with_1_where_there_is_an_error(folder):
    whole = run(folder)
    assert whole.exit_code == 0
    assert "0 errors, 6 notes" in whole.output
    edit(folder / "avec2015" / GOLD, set_field(4, 2, "?"))
    told = run(folder)
    assert told.exit_code == 1
    assert f"error: {GOLD}: 1 labels are missing, the first in row 5. Copy the file again" in told.output
    assert "1 error, " in told.output


def test_json_holds_every_finding(folder):
    edit(folder / "avec2015" / LONG, set_field(4, 7, "high"))
    told = json.loads(run(folder, "--json").output)
    assert [(report["layout"], report["errors"]) for report in told] == [("avec2015", 1)]
    first = next(f for f in told[0]["findings"] if f["level"] == "error")
    assert (first["place"], first["line"]) == (LONG, 110)
    assert len(told[0]["findings"]) == 7


def test_a_folder_that_holds_neither(tmp_path):
    (tmp_path / "photos").mkdir()
    with pytest.raises(FileNotFoundError, match=r"holds the folders \['photos'\]. Name the folder that holds them"):
        check(tmp_path)
    with pytest.raises(FileNotFoundError, match="nowhere is no folder"):
        check(tmp_path / "nowhere")


def test_nothing_is_written(folder, monkeypatch, tmp_path):
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    monkeypatch.chdir(tmp_path)
    run(folder)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def loads(folder):
    """The loader takes the copy as it is: what is told is beyond what it sees."""
    corpora.load("avec2015", path=folder)


def test_texts_of_a_column(folder):
    file = folder / "avec2015" / GOLD
    assert arff.texts(file, frozenset({"instance_name"})) == ["train_2"] * FRAMES
    assert arff.texts(file, frozenset({"frametime"}))[:3] == ["0", "0.04", "0.08"]
    assert arff.texts(file, frozenset({"nothing"})) is None
    assert arff.texts(folder / "avec2015" / RATER, frozenset({"time"}))[1] == "0.04"
