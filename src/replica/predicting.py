"""Arousal and valence of one's own recordings, by a model's folder: what ``replica predict`` does.

The features are made, or read, as those of the training; averaged and normalised as the run says; and given to the
network. Beside each prediction stands which features were measured, and how far they are from those of the training.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from replica import execution, files, inputs
from replica.conventions import FRAME_SECONDS
from replica.normalisation import normalise, z_score
from replica.own_recordings import Features, collect
from replica.runs import SCALES, Run
from replica.trained_model import Model, width

__all__ = ["Predicted", "check_new", "distance", "predict", "row_seconds", "write_table"]


@dataclass(frozen=True, eq=False)
class Predicted:
    """One recording, at the frame rate of the run: a row for each ``frames_averaged`` frames of its scale.

    Attributes:
        name: Of the recording.
        seconds: Middle of each row's frames, ``(rows,)``.
        predictions: ``(rows, dimensions)``, rating units of the training.
        measured: Feature set to the share of each row's frames that were measured, ``(rows,)``; NaN where unknown.
        distance: From the training, ``(rows,)``, unitless, see :func:`distance`.
        unlike: Whether that is further than all but one in a hundred frames of dev were.
    """

    name: str
    seconds: NDArray[np.floating]
    predictions: NDArray[np.float32]
    measured: Mapping[str, NDArray[np.float64]]
    distance: NDArray[np.floating]
    unlike: NDArray[np.bool_]

    def __str__(self) -> str:
        """One line."""
        known = [shares for shares in self.measured.values() if not np.isnan(shares).any()]
        measured = f"{np.mean(known):.1%} measured, " if known else ""
        return f"{self.name}  {len(self.seconds)} rows, {measured}{self.unlike.mean():.1%} unlike training"


def distance(frames: NDArray, mean: NDArray[np.float64], deviation: NDArray[np.float64]) -> NDArray[np.floating]:
    r"""How far frames are from those of a training: the root mean square of their z-scores.

    .. math:: d = \sqrt{\frac{1}{F} \sum_f \left(\frac{x_f - m_f}{s_f}\right)^2}

    the Mahalanobis distance under a diagonal covariance, by the square root of the number of features. It is about 1
    for the training itself.

    Args:
        frames: ``(frames, width)``, before the z-score of the run.
        mean: ``(width,)``, of all frames of train pooled.
        deviation: The same, above 0.

    Returns:
        ``(frames,)``, unitless, 0 or more; 0 at the training's mean.

    Note:
        It looks at each feature by itself: an unusual combination of usual values is not seen. A small distance does
        not make a prediction right, and a large one does not make it wrong; where a run normalises by speaker, the
        network never sees a constant offset that is counted here.
    """
    z = (frames - mean) / deviation
    return np.sqrt(np.mean(z * z, axis=1))


def row_seconds(run: Run, rows: int) -> NDArray[np.floating]:
    """The middle of the frames that each row is the mean of, ``(rows,)``, in seconds from the recording's start."""
    averaged = SCALES[run.scale].frames_averaged
    return (np.arange(rows) * averaged + (averaged - 1) / 2) * FRAME_SECONDS


def predict(
    model: Model, source: Path, processes: int = 2, tell: Callable[[str], None] = lambda _: None
) -> tuple[list[Predicted], dict[str, str]]:
    """Predict each recording of a folder.

    Args:
        model: As :func:`replica.model_folder.read` gives it.
        source: As for :func:`replica.own_recordings.collect`.
        processes: The same.
        tell: The same.

    Returns:
        What was predicted, by name; and for each recording that could not be, why.

    Raises:
        FileNotFoundError: If nothing is there that could be predicted.
        ValueError: If the features are not comparable with those of the training, or names are unusual.
    """
    execution.prepare_process()
    collected, failed = collect(model, source, processes, tell)
    unscaled = dict[str, NDArray[np.float32]]()
    for name, features in collected.items():
        try:
            unscaled[name] = inputs.frames(features.values, model.run)
            _check_length(model, name, [unscaled[name]])
        except ValueError as error:
            unscaled.pop(name, None)
            failed[name] = str(error)
    if not unscaled:
        return [], failed
    if model.run.normalisation == "partition":
        _check_length(model, "all recordings together", list(unscaled.values()), total=True)
    from replica import training  # here, since what was refused above needs no TensorFlow

    network = training.predictor(model.run, tuple(map(width, model.run.features)), model.weights)
    done = []
    for name, frames in _normalised(model, unscaled).items():
        try:
            predictions = network(frames)
        except ValueError as error:  # not longer than the label delay
            failed[name] = str(error)
            continue
        far = distance(unscaled[name], model.mean, model.deviation)
        seconds = row_seconds(model.run, len(far))
        done.append(Predicted(name, seconds, predictions, _shares(model, collected[name]), far, far > model.far))
    return done, failed


def write_table(file: Path, run: Run, predicted: Sequence[Predicted]) -> None:
    """Write what was predicted as CSV, the whole file or none: a line of names, then a line for each row.

    Args:
        file: A new one; folders above it are made.
        run: Names the emotion dimensions.
        predicted: At least one recording, all by the same model.

    Raises:
        FileExistsError: If there is such a file.
        OSError: If the place, or the disk, does not take it.
    """
    check_new(file)
    sets = list(predicted[0].measured)
    names = [
        "recording",
        "time",
        *run.dimensions,
        *(f"measured_{name}" for name in sets),
        "distance",
        "unlike_training",
    ]
    lines = [",".join(names)]
    for one in predicted:
        for row, seconds in enumerate(one.seconds):
            values = [f"{value:.6f}" for value in one.predictions[row]]
            shares = ["" if np.isnan(s := one.measured[name][row]) else f"{s:.2g}" for name in sets]
            far = f"{one.distance[row]:.3f}", f"{one.unlike[row]:d}"
            lines.append(",".join([one.name, f"{seconds:.2f}", *values, *shares, *far]))
    file.parent.mkdir(parents=True, exist_ok=True)
    files.write_atomically(file, ("\n".join(lines) + "\n").encode())


def check_new(file: Path) -> None:
    """Refuse a place where no table can be written; as :func:`replica.files.check_new`."""
    files.check_new(file, "Predictions are written to a new file.")


def _check_length(model: Model, what: str, frames: list[NDArray], *, total: bool = False) -> None:
    """Whether there is a row, and enough for statistics of its own where the run asks for them."""
    rows = sum(map(len, frames))
    row_length = SCALES[model.run.scale].frames_averaged * FRAME_SECONDS
    own = total or model.run.normalisation == "speaker"
    least = model.least_seconds if own else 0.0
    if not rows or rows * row_length < least:
        required = f"at least {least:g} s, whose own mean and deviation normalise it" if least else "a whole row"
        raise ValueError(
            f"To be predicted by this model, '{what}' must have {required}. Received {rows} rows of {row_length:g} s. "
            "Take a longer recording, or train a model with --normalisation train."
        )


def _normalised(model: Model, unscaled: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    by = model.run.normalisation
    if by == "train":
        return {name: z_score(frames, model.mean, model.deviation) for name, frames in unscaled.items()}
    return normalise(unscaled, dict.fromkeys(unscaled, "test"), by=by)


def _shares(model: Model, features: Features) -> dict[str, NDArray[np.float64]]:
    averaged = SCALES[model.run.scale].frames_averaged
    rows = len(next(iter(features.values.values()))) // averaged
    return {
        name: np.full(rows, np.nan) if flags is None else inputs.average_frames(flags[:, None], averaged)[:, 0]
        for name, flags in features.measured.items()
    }
