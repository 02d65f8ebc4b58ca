"""Write files with simulated values in the layout of AV+EC 2015, to try loader and experiments without the corpus.

Gold standard and raters are those of the simulated cohort; each feature set mixes the cues of one modality, with
noise. Nothing is taken from a recording of anybody. The folder gets a marker, by which the loader tells the version.

python tools/generate_avec2015.py FOLDER [--frames 7501] [--speakers 9] [--seed 0], then REPLICA_DATA=FOLDER
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from replica.conventions import FEATURE_WIDTHS, FRAME_RATE_HZ, PARTITIONS
from replica.corpora import avec2015, avec2015_files, mark, simulated
from replica.simulation import write_labels

CUES = {
    "audio_short": "voice",
    "audio_long": "voice",
    "video_app": "face",
    "video_geo": "face",
    "ecg": "heart",
    "eda": "skin",
}
MISSING_ROWS = 3  # of EDA, in the middle of each file
MARKER = """Simulated values in the layout of AV+EC 2015, by tools/generate_avec2015.py. Nobody was recorded.
frames: {frames}
speakers: {speakers}
seed: {seed}
"""


def generate(folder: Path, frames: int = avec2015.FRAMES, speakers: int = avec2015.SPEAKERS, seed: int = 0) -> Path:
    """Write ``folder/avec2015``.

    Args:
        folder: The folder that ``REPLICA_DATA`` is to name.
        frames: Rows of each file, at least 4.
        speakers: Speakers of each partition, at least 2.
        seed: Of the simulated cohort, the mixtures and the noise.

    Returns:
        The folder with the files.

    Raises:
        ValueError: If there are too few frames or speakers.
        FileExistsError: If the folder is there already: a real copy is never written over.
    """
    if frames < 4 or speakers < 2:
        raise ValueError(
            f"Generated files need 4 frames and 2 speakers or more. Received {frames} and {speakers}. Give more."
        )
    root = folder / "avec2015"
    try:
        root.mkdir(parents=True)
    except FileExistsError:
        raise FileExistsError(
            f"Generated files need a folder of their own. There is {root} already. Name another folder, or remove it."
        ) from None
    (root / mark.GENERATED).write_text(MARKER.format(frames=frames, speakers=speakers, seed=seed))
    for number in range(speakers * len(PARTITIONS)):
        name = f"{PARTITIONS[number // speakers]}_{number % speakers + 1}"
        _write_speaker(root, name, simulated.speaker(seed, number + 1, frames), seed)
    return root


def _write_speaker(root: Path, name: str, speaker: simulated.Speaker, seed: int) -> None:
    write_labels(root, name, speaker.annotations)
    times = np.arange(len(speaker.state)) / FRAME_RATE_HZ
    for feature, folder in avec2015_files.FOLDERS.items():
        values = _mixture(feature, speaker, seed, name)
        form = ",".join(["%.2f"] + ["%.6g"] * values.shape[1])
        rows = [form % (time, *row) for time, row in zip(times, values, strict=True)]
        if feature == "eda":
            middle = len(rows) // 2
            lost = [row.rsplit(",", 1)[0] + ",?" for row in rows[middle : middle + MISSING_ROWS]]
            rows[middle : middle + MISSING_ROWS] = lost
        attributes = ["frameTime numeric", *(f"{feature}_{k} numeric" for k in range(values.shape[1]))]
        _write_arff(root / folder / f"{name}.arff", feature.upper(), attributes, rows)


def _mixture(feature: str, speaker: simulated.Speaker, seed: int, name: str) -> np.ndarray:
    """Columns of one feature set: the same weights for all speakers, another noise for each."""
    cues = speaker.features[CUES[feature]]
    place = list(FEATURE_WIDTHS).index(feature)
    weights = np.random.default_rng([seed, place]).standard_normal((cues.shape[1], FEATURE_WIDTHS[feature]))
    noise = np.random.default_rng([seed, place, *name.encode()]).standard_normal((len(cues), FEATURE_WIDTHS[feature]))
    values = cues @ weights + noise
    if CUES[feature] == "face":
        values[~speaker.face_found] = 0.0  # as in the challenge where no face is found
    return values


def _write_arff(file: Path, relation: str, attributes: list[str], rows: list[str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    header = [f"@relation {relation}", *(f"@attribute {attribute}" for attribute in attributes), "@data"]
    file.write_text("\n".join([*header, *rows]) + "\n")


def main(arguments: list[str] | None = None) -> int:
    """Write the files that the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--frames", type=int, default=avec2015.FRAMES)
    parser.add_argument("--speakers", type=int, default=avec2015.SPEAKERS)
    parser.add_argument("--seed", type=int, default=0)
    try:
        print(generate(**vars(parser.parse_args(arguments))))
    except (ValueError, FileExistsError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
