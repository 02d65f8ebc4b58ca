"""What feature extraction costs: CPU seconds of every set for five minutes of one speaker, and memory for an hour.

    python benchmarks/features.py [--seconds 300] [--hour 3600] [--output FILE]

The signals are made up, at the rates and sizes of the paper's corpus: a synthetic voice at 44.1 kHz, heartbeats and
skin at 1 kHz, 49 wandering landmarks and noise in place of faces at 25 Hz. What is counted is what ``replica features``
does for each file: reading, extracting, and the flags. To fit the components of the appearance, which is done once a
corpus, is told apart. Each audio set of the hour is extracted in a process of its own, whose peak memory is that of
everything in it.
Written is ``benchmarks/results/features.json``.
"""

import argparse
import datetime
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
from scipy.io import wavfile
from scipy.signal import resample_poly

from replica.features import sets
from replica.features.synthetic_voice import SAMPLING_RATE_HZ, voice
from replica.provenance import checkout, processor

ROOT = Path(__file__).resolve().parents[1]
SOUND_HZ, PHYSIOLOGY_HZ, VIDEO_HZ = 44_100, 1000, 25
LONG_SETS = ("audio_short", "audio_long")  # of the hour
VOICE_SECONDS = 20  # said again and again: to make more takes longer than to extract
PACKAGES = ("numpy", "scipy", "opensmile", "opencv-python-headless", "neurokit2", "scikit-learn")


def write_sound(file: Path, seconds: float) -> None:
    """The synthetic voice, repeated."""
    once = resample_poly(voice(min(VOICE_SECONDS, seconds), seed=0).signal, SOUND_HZ // 100, SAMPLING_RATE_HZ // 100)
    whole = np.resize((32767 * np.clip(once, -1, 1)).astype(np.int16), round(seconds * SOUND_HZ))
    wavfile.write(file, SOUND_HZ, whole)


def write_recording(folder: Path, seconds: float) -> dict[str, Path]:
    """A file of each modality."""
    rng = np.random.default_rng(0)
    files = {
        "audio": folder / "train_1.wav",
        "physiology": folder / "train_1.csv",
        "landmarks": folder / "landmarks.csv",
        "faces": folder / "faces.npy",
    }
    write_sound(files["audio"], seconds)
    times = np.arange(round(seconds * PHYSIOLOGY_HZ)) / PHYSIOLOGY_HZ
    beats = np.exp(-(((times * 1.2) % 1 - 0.5) ** 2) / 0.0005) + rng.normal(0, 0.01, len(times))
    skin = 5 + np.cumsum(rng.normal(0, 0.001, len(times)))
    table = np.column_stack([times, skin, beats])
    np.savetxt(files["physiology"], table, "%.5f", ";", header="time;EDA;ECG", comments="")
    frames = round(seconds * VIDEO_HZ)
    points = rng.uniform(100, 200, (49, 2)) + rng.normal(0, 1, (frames, 49, 2))
    names = ",".join(f"{axis}_{k}" for axis in "xy" for k in range(49))
    np.savetxt(files["landmarks"], np.hstack([points[..., 0], points[..., 1]]), "%.3f", ",", header=names, comments="")
    np.save(files["faces"], rng.integers(0, 256, (frames, 48, 48), dtype=np.uint8))
    return files


def five_minutes(seconds: float) -> dict[str, dict[str, float]]:
    """CPU seconds, rows and columns of each set; of what is shared, the seconds."""
    measured = {}
    with tempfile.TemporaryDirectory() as folder:
        shared = Path(folder, "shared")
        shared.mkdir()
        files = write_recording(Path(folder), seconds)
        for feature, (name, make) in sets.SHARED.items():
            start = time.process_time()
            make(shared / name, [files[sets.MODALITIES[feature]]], None)
            measured[f"{feature}, fitted once"] = {"cpu_seconds": time.process_time() - start}
        for feature, modality in sets.MODALITIES.items():
            start = time.process_time()
            _, values, _ = sets.EXTRACTORS[feature](files[modality], None, shared)
            used = time.process_time() - start
            measured[feature] = {"cpu_seconds": used, "frames": len(values), "columns": values.shape[1]}
            print(feature, measured[feature], flush=True)
    return measured


def long_recording(seconds: float) -> dict[str, dict[str, float]]:
    """Each audio set of one long sound, in a process of its own: its CPU seconds and peak memory."""
    measured = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "train_1.wav")
        write_sound(file, seconds)
        for feature in LONG_SETS:
            command = [sys.executable, __file__, "--serve", feature, file]
            told = subprocess.run(command, check=True, capture_output=True, text=True)
            measured[feature] = json.loads(told.stdout)
            print(feature, measured[feature], flush=True)
    return measured


def serve(feature: str, file: Path) -> None:
    """In that process."""
    _, values, _ = sets.EXTRACTORS[feature](file, None, file.parent)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = usage.ru_utime + usage.ru_stime
    told = {"frames": len(values), "columns": values.shape[1], "cpu_seconds": used, "peak_mb": usage.ru_maxrss / 1024}
    print(json.dumps(told))


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--hour", type=float, default=3600)
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks/results/features.json")
    parser.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        serve(args.serve[0], Path(args.serve[1]))
        return
    versions = {name: version(name) for name in PACKAGES}
    record = {
        "date": datetime.date.today().isoformat(),
        "machine": {**checkout(), "processor": processor(), "cores": os.cpu_count(), "packages": versions},
        "load_average": os.getloadavg()[0],
        "seconds": args.seconds,
        "sound_hz": SOUND_HZ,
        "sets": five_minutes(args.seconds),
    }
    args.output.write_text(json.dumps(record, indent=1) + "\n")  # the hour may take long
    record["long_recording"] = {"seconds": args.hour, "sets": long_recording(args.hour)}
    args.output.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
