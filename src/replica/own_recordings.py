"""The features of one's own recordings, made or read as those that a model was trained on.

A folder may hold features in the layout that ``replica features`` writes, or raw recordings, see
:mod:`replica.raw_recordings`; the recordings may have any name.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from replica.corpora import arff, avec2015, frame_times
from replica.corpora.avec2015_files import FOLDERS, candidates
from replica.features.framing import hold_edges
from replica.raw_recordings import RawRecording, check_name, find
from replica.trained_model import SHARED, Model, Recipe

__all__ = ["Features", "collect"]

QUALITY = "quality"  # as in replica.extraction, which needs OpenCV
SHARED_FOLDER = "of_training_speakers"
MOST_HELD = 1  # frames by which a feature set may end early: 7500 for 7501


@dataclass(frozen=True, eq=False)
class Features:
    """What is known of one recording, at 25 Hz.

    Attributes:
        values: Feature set to ``(frames, width)`` float32, finite.
        measured: Feature set to ``(frames,)``, whether a frame was measured; None where nobody wrote it down. Where no
            column of a set moves, none of its frames was.
    """

    values: Mapping[str, NDArray[np.float32]]
    measured: Mapping[str, NDArray[np.bool_] | None]


def collect(
    model: Model, source: Path, processes: int = 2, tell: Callable[[str], None] = lambda _: None
) -> tuple[dict[str, Features], dict[str, str]]:
    """The features of each recording of a folder.

    Args:
        model: Which features, and how they are made.
        source: The folder. Features are taken where they are there and comparable with those of the training; else
            they are made of raw recordings, in a folder that is removed again.
        processes: How many extract features at a time; 1 extracts in this process, which then must not have loaded
            TensorFlow.
        tell: Is called with a line for each feature file that was made.

    Returns:
        Features by the recordings' names; and for each recording that has none, why.

    Raises:
        FileNotFoundError: If nothing is there.
        ValueError: If the features are not comparable with those of the training, or names are unusual.
    """
    folder = source / "avec2015"
    itself = [FOLDERS[name] for name in model.recipes if (source / FOLDERS[name]).is_dir()]
    if itself and not folder.is_dir():
        raise FileNotFoundError(
            f"Features are read from the folder avec2015 in the one that is named. {source} holds {itself[0]} itself. "
            "Name the folder above it, and the folder of features avec2015."
        )
    if any((folder / FOLDERS[name]).is_dir() for name in model.recipes):
        reason = _incomparable(model, folder)
        if not reason:
            return _read_all(model, folder)
        try:
            raw = find(source, any_name=True)
        except FileNotFoundError:
            raise ValueError(reason) from None
    else:
        raw = find(source, any_name=True)
    given = [name for name, recipe in model.recipes.items() if not recipe.extracted]
    if given:
        raise ValueError(
            f"Raw recordings are predicted by a model whose features `replica features` made. It was trained on "
            f"{', '.join(given)} that came from elsewhere. Make these features in the same way, and name the folder "
            f"that holds them as avec2015/{FOLDERS[given[0]]}."
        )
    with tempfile.TemporaryDirectory(prefix="replica-") as temporary:
        output = Path(temporary) / "avec2015"
        failed = _extract(model, raw, output, processes, tell)
        there = [recording.name for recording in raw if recording.name not in failed]
        done, unread = _read_all(model, output, there)
    return done, failed | unread


def _extract(
    model: Model, raw: list[RawRecording], output: Path, processes: int, tell: Callable[[str], None]
) -> dict[str, str]:
    """Make the features that the model takes, of recordings that have what they need; why others have not."""
    from replica import extraction  # here: features may be given where OpenCV is not installed
    from replica.features.sets import MODALITIES

    (output / SHARED_FOLDER).mkdir(parents=True)
    for name, data in model.shared.items():
        (output / SHARED_FOLDER / name).write_bytes(data)
    failed = {}
    for recording in raw:
        missing = sorted({MODALITIES[name] for name in model.recipes} - set(recording.files))
        if missing:
            failed[recording.name] = (
                f"The model takes {', '.join(model.recipes)}. There is no file of '{recording.name}' with "
                f"{', '.join(missing)}. Add it, or train a model without."
            )
    jobs = [
        extraction.Job(recording, name, output, None)
        for name in MODALITIES  # the costliest first
        for recording in raw
        if name in model.recipes and recording.name not in failed
    ]
    for made in extraction.make_all(jobs, processes):
        tell(str(made))
        if made.error:
            failed.setdefault(made.job.recording.name, made.error)
    return failed


def _incomparable(model: Model, folder: Path) -> str:
    """Why features that are there cannot be taken for what the model was trained on; empty if they can."""
    missing = [FOLDERS[name] for name in model.recipes if not (folder / FOLDERS[name]).is_dir()]
    if missing:
        return (
            f"The model takes {', '.join(model.recipes)}. {folder} lacks {', '.join(missing)}. "
            "Add them, or name a folder of raw recordings."
        )
    for name, (file, _) in SHARED.items():
        if file not in model.shared:
            continue
        here = folder / SHARED_FOLDER / file
        if not here.is_file() or here.read_bytes() != model.shared[file]:
            received = "others" if here.is_file() else "none beside the features"
            return (
                f"Features of {name} can be compared if they were made with the training's {SHARED_FOLDER}/{file}. "
                f"{folder} has {received}. Name a folder of raw recordings, whose features are then made with it."
            )
    return ""


def _read_all(
    model: Model, folder: Path, names: Sequence[str] | None = None
) -> tuple[dict[str, Features], dict[str, str]]:
    if names is None:
        names = _names(model, folder)
    done, failed = dict[str, Features](), dict[str, str]()
    for name in names:
        try:
            done[name] = _of_one_length(name, _read(model, folder, name))
        except (ValueError, OSError) as error:
            failed[name] = str(error)
    return done, failed


def _names(model: Model, folder: Path) -> list[str]:
    """The recordings that have a file of at least one of the feature sets."""
    places = [folder / FOLDERS[name] for name in model.recipes]
    files = [file for place in places for file in place.iterdir() if file.suffix in (".arff", ".csv")]
    names = set()
    for file in files:
        if not file.name.startswith("."):
            check_name(file.stem, file)
            names.add(file.stem)
    if not names:
        raise FileNotFoundError(
            f"Features are read from files such as {places[0] / 'anna.arff'}. There is none. "
            "Make them with `replica features`, or name another folder."
        )
    return sorted(names)


def _read(model: Model, folder: Path, name: str) -> Features:
    values, measured = dict[str, NDArray[np.float32]](), dict[str, NDArray[np.bool_] | None]()
    for feature, recipe in model.recipes.items():
        place = folder / FOLDERS[feature]
        found = candidates(place, name)
        if len(found) != 1:
            raise ValueError(
                f"The model takes {', '.join(model.recipes)}. There {'are two files' if found else 'is no file'} of "
                f"'{name}' in {place}. {'Remove one' if found else 'Add it'}, or leave the recording out."
            )
        table = arff.read(found[0])
        frame_times.check(table)
        _check_columns(table, feature, recipe)
        unknown = np.isnan(table.values)
        if not len(table.values) or unknown.all(axis=0).any():
            what = "a row" if not len(table.values) else "a value in each column"
            raise ValueError(
                f"{table.file} must hold at least {what}. Received none. "
                "Record again, or train a model without this feature set."
            )
        values[feature] = avec2015.fill(table.values, unknown)
        flags = _flags(folder / QUALITY / feature / f"{name}.csv", len(unknown))
        if unknown.any():
            flags = (np.ones(len(unknown), bool) if flags is None else flags) & ~unknown.any(axis=1)
        if len(unknown) > 1 and not np.ptp(values[feature], axis=0).any():  # as of a sensor that came off
            flags = np.zeros(len(unknown), bool)
        measured[feature] = flags
    return Features(values, measured)


def _check_columns(table: arff.Table, feature: str, recipe: Recipe) -> None:
    if table.columns == recipe.columns:
        return
    pairs = zip(recipe.columns, table.columns, strict=False)
    differ = next(((k, a, b) for k, (a, b) in enumerate(pairs, 1) if a != b), None)
    received = f"'{differ[2]}' instead of '{differ[1]}' as number {differ[0]}" if differ else f"{len(table.columns)}"
    raise ValueError(
        f"{table.file} must hold the {len(recipe.columns)} columns of {feature} that the model was trained on. "
        f"Received {received}. Make the features as those of the training."
    )


def _flags(file: Path, frames: int) -> NDArray[np.bool_] | None:
    """Which frames were measured, if that was written down."""
    if not file.is_file():
        return None
    table = arff.read(file)
    if table.columns != ("measured",) or len(table.values) != frames or not np.isin(table.values, (0, 1)).all():
        raise ValueError(
            f"{file} must hold 0 or 1 in one column 'measured', for each of {frames} frames. "
            f"Received {len(table.values)} rows of {', '.join(table.columns[:3])}. Make the features again."
        )
    return table.values[:, 0] == 1


def _of_one_length(name: str, features: Features) -> Features:
    """A feature set that lacks the last frame has the one before it twice, not measured there."""
    lengths = {feature: len(values) for feature, values in features.values.items()}
    frames = max(lengths.values())
    if frames - min(lengths.values()) > MOST_HELD:
        told = ", ".join(f"{count} of {feature}" for feature, count in lengths.items())
        raise ValueError(
            f"The feature sets of '{name}' must have as many frames as each other, but for {MOST_HELD}. "
            f"Received {told}. Check that the files are of one recording."
        )
    measured = {
        feature: None if flags is None and lengths[feature] == frames else np.pad(
            np.ones(lengths[feature], bool) if flags is None else flags, (0, frames - lengths[feature])
        )
        for feature, flags in features.measured.items()
    }  # fmt: skip
    return replace(features, values={k: hold_edges(v, frames) for k, v in features.values.items()}, measured=measured)
