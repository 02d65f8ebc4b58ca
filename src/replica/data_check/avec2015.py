"""A copy of AV+EC 2015: is every file there, and is it what the loader takes it for."""

from pathlib import Path

import numpy as np

from replica.conventions import DIMENSIONS, FEATURE_WIDTHS, PARTITIONS
from replica.corpora import mark
from replica.corpora.avec2015 import DETACHED, FRAMES, RATERS, SPEAKERS
from replica.corpora.avec2015_files import FOLDERS, GOLD, INDIVIDUAL, SPEAKER, candidates
from replica.data_check import labels
from replica.data_check.finding import ERROR, NOTE, Report
from replica.data_check.tables import Files

__all__ = ["check", "is_one"]

OPTIONAL = ("audio_short",)
VIDEO = ("video_app", "video_geo")
MOST_WITHOUT_FACE = 0.5


def is_one(folder: Path) -> bool:
    """Whether a folder holds one of the challenge's folders."""
    known = {name.lower() for name in (*FOLDERS.values(), GOLD, INDIVIDUAL)}
    return any(place.is_dir() and place.name.lower() in known for place in folder.iterdir())


def check(folder: Path) -> Report:
    """Read every file of a copy and note what is wrong with it.

    Args:
        folder: The one that holds ``ratings_gold_standard`` and the folders of features.
    """
    marked = mark.find(folder)
    frames, speakers = (FRAMES, SPEAKERS) if marked is None else mark.read(marked)
    names = [f"{partition}_{number}" for partition in PARTITIONS for number in range(1, speakers + 1)]
    files = Files(folder, frames)
    gold = _labels(files, GOLD, "gold standard", 1, names)
    raters = _labels(files, INDIVIDUAL, "raters", RATERS, names)
    labels.dimensions(files, _place(folder, GOLD) or folder, gold, raters, real=marked is None)
    video = {feature: values for feature in FEATURE_WIDTHS if (values := _features(files, feature, names))}
    _faces(files, video, names)
    files.tell_late()
    return Report(folder, "avec2015", files.count, tuple(files.findings))


def _labels(files: Files, name: str, what: str, width: int, names: list[str]) -> dict[str, dict[str, np.ndarray]]:
    """By emotion dimension and recording, ``(frames, width)``; those that are whole."""
    folder = _place(files.root, name)
    if folder is None:
        if name == GOLD:
            files.note(ERROR, files.root, f"there is no folder {name}", "Copy it, or rename the one that holds them")
        return {}
    found = {}
    for dimension in DIMENSIONS:
        place = folder / dimension
        if not place.is_dir():
            files.note(ERROR, folder, f"there is no folder {dimension}", "Copy it, or rename the one that holds it")
            continue
        there = _files(files, place, names, labelled=True)
        tables = {n: values for n, file in there.items() if (values := files.read(file, what, width)) is not None}
        labels.ranges(files, {there[n]: values for n, values in tables.items()})
        for n in tables:
            _relation(files, there[n], dimension)
        found[dimension] = {n: v for n, v in tables.items() if len(v) and np.isfinite(v).all()}
        if name == GOLD:
            labels.never_negative(files, place, found[dimension].values())
    return found


def _relation(files: Files, file: Path, dimension: str) -> None:
    """Note a header that names the other emotion dimension."""
    with file.open("rb") as opened:
        head = opened.readline(200).decode(errors="replace").lower()
    (other,) = set(DIMENSIONS) - {dimension}
    if head.startswith("@relation") and other in head and dimension not in head:
        files.note(ERROR, file, f"its header says that it holds {other}", labels.SWAPPED)


def _features(files: Files, feature: str, names: list[str]) -> dict[str, np.ndarray]:
    """Of a video set, by recording, whether each frame has a value beside 0; of any other, nothing."""
    folder = _place(files.root, FOLDERS[feature])
    if folder is None:
        if feature not in OPTIONAL and not (files.root / mark.OWN).exists():
            remedy = "Copy it, or rename the one that holds them"
            files.note(ERROR, files.root, f"there is no folder {FOLDERS[feature]}", remedy)
        return {}
    places = [folder / dimension for dimension in DIMENSIONS if (folder / dimension).is_dir()] or [folder]
    seen: dict[str, np.ndarray] = {}
    for place in places:
        for name, file in _files(files, place, names).items():
            values = files.read(file, feature, FEATURE_WIDTHS[feature])
            if values is None or not len(values):
                continue
            _gaps(files, file, values, (feature, name))
            if name in seen and not np.array_equal(seen[name], values, equal_nan=True):
                found = f"other values than the file of {DIMENSIONS[0]}"
                files.note(ERROR, file, found, f"Put the files to read into {FOLDERS[feature]} itself")
            seen[name] = values
    return {name: (values != 0).any(axis=1) for name, values in seen.items()} if feature in VIDEO else {}


def _gaps(files: Files, file: Path, values: np.ndarray, of: tuple[str, str]) -> None:
    """Note missing values, columns without any value, and a whole file that does not move."""
    missing = np.isnan(values)
    empty = int(missing.all(axis=0).sum())
    still = bool(np.ptp(np.nan_to_num(values), axis=0).max() == 0)
    if of == DETACHED and (empty or still):
        found = f"{empty} columns without a value" if empty else "no column that moves"
        files.note(NOTE, file, f"{found}: the sensor had come off", "Nothing: missing columns are read as 0")
    elif empty:
        remedy = "Write 0 for each of them if nothing was measured, and say so with the results"
        files.note(ERROR, file, f"{empty} columns without a value", remedy)
    elif still and of[0] not in VIDEO:
        files.note(ERROR, file, "no column moves", "Leave the set out, or take the file from the source again")
    elif missing.any():
        files.note(NOTE, file, f"{missing.sum()} values are missing", "Nothing: each repeats the one before it")


def _faces(files: Files, video: dict[str, dict[str, np.ndarray]], names: list[str]) -> None:
    """Note frames without a face, and recordings of which the two video sets tell otherwise."""
    for name in names:
        seen = [video[feature][name] for feature in VIDEO if name in video.get(feature, {})]
        if len(seen) < len(VIDEO) or len(seen[0]) != len(seen[1]):
            continue
        place = (_place(files.root, FOLDERS[VIDEO[0]]) or files.root) / name
        without = ~(seen[0] | seen[1])
        if without.mean() > MOST_WITHOUT_FACE:
            found = f"no face in {without.mean():.0%} of the frames"
            files.note(ERROR, place, found, "Take the video sets of this speaker from the source again")
        elif without.any():
            found = f"no face in {without.sum()} frames"
            files.note(NOTE, place, found, "Nothing: both video sets are 0 there, and the frames are marked")
        differ = int((seen[0] != seen[1]).sum())
        if differ:
            found = f"one video set has a face in {differ} frames in which the other has none"
            files.note(NOTE, place, found, "Nothing: a face counts as found where either has one")


def _files(files: Files, place: Path, names: list[str], *, labelled: bool = False) -> dict[str, Path]:
    """The file of each speaker; note those that are missing, twice there, or of nobody."""
    found = {name: candidates(place, name) for name in names}
    for name, of in found.items():
        if len(of) > 1:
            files.note(ERROR, place, f"{len(of)} files of {name}", "Remove all but one")
    missing = [name for name in names if not found[name]]
    test = [name for name in names if name.startswith("test")]
    if labelled and set(test) <= set(missing):
        remedy = "Load with test='from_dev': test labels were never given out"
        files.note(NOTE, place, "no labels of test", remedy)
        missing = [name for name in missing if name not in test]
    if missing:
        files.note(ERROR, place, f"no file of {', '.join(missing)}", "Copy the missing files")
    strange = [file for file in place.iterdir() if file.suffix in (".arff", ".csv") and file.stem not in names]
    beyond = [file.name for file in strange if SPEAKER.fullmatch(file.stem)] if (files.root / mark.OWN).exists() else []
    if beyond:
        remedy = f"Count all speakers of a partition in {mark.OWN}, or move the files"
        files.note(ERROR, place, f"{len(beyond)} files of more speakers than {mark.OWN} counts", remedy)
    if len(strange) > len(beyond):
        remedy = "Nothing, unless they are recordings under another name"
        files.note(NOTE, place, f"{len(strange) - len(beyond)} files of no speaker of the challenge", remedy)
    return {name: of[0] for name, of in found.items() if len(of) == 1}


def _place(root: Path, name: str) -> Path | None:
    return next((p for p in root.iterdir() if p.is_dir() and p.name.lower() == name.lower()), None)
