"""Recordings that are very short, or an hour long; lengths in between are in the tests of each feature set."""

import json
import subprocess
import sys

import numpy as np
import pytest

from replica.features import audio, ecg, eda
from replica.features.framing import frame_count

SHORT = {  # samples at these rates
    "audio_short": (audio.short_time, 16000, 76),
    "audio_long": (audio.long_time, 16000, 102),
    "ecg": (ecg.ecg_features, 250, 54),
    "eda": (eda.eda_features, 50, 62),
}
SECONDS = [0.039, 1.0, 3.0, 4.0]


def signals(samples):
    """One that varies, a flat one, and one that is no number."""
    rng = np.random.default_rng(samples)
    return 0.5 + 0.1 * rng.normal(size=samples), np.full(samples, 0.5), np.full(samples, np.nan)


@pytest.mark.reliability("short_recordings")
@pytest.mark.parametrize("name", SHORT)
def test_short_signals(name, record_property):
    """Finite features of every frame, or an error that says what is needed."""
    extract, rate, width = SHORT[name]
    told = {"tried": 0, "refused": 0, "lost": 0}
    for samples in [0, 1, *(int(seconds * rate) for seconds in SECONDS)]:
        for signal in signals(samples):
            told["tried"] += 1
            try:
                values = extract(signal, rate)
            except ValueError as error:
                told["refused"] += 1
                told["lost"] += "Pass one channel" not in str(error)
            else:
                whole = values.shape == (frame_count(samples / rate), width) and np.isfinite(values).all()
                told["lost"] += not whole
    for key, value in told.items():
        record_property(key, value)
    assert told["lost"] == 0
    assert told["refused"] == 3  # those without a sample


HOUR = """
import json, resource, sys
import numpy as np
from replica.features import ecg, eda

rng = np.random.default_rng(0)
samples = 3600 * int(sys.argv[2])
if sys.argv[1] == "ecg":
    signal = np.zeros(samples)
    signal[:: int(0.8 * int(sys.argv[2]))] = 1.0
    signal = np.convolve(signal, np.hanning(11), "same") + rng.normal(0, 0.01, samples)
    values = ecg.ecg_features(signal, int(sys.argv[2]))
else:
    values = eda.eda_features(5 + np.cumsum(rng.normal(0, 1e-3, samples)), int(sys.argv[2]))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([list(values.shape), bool(np.isfinite(values).all()), peak]))
"""


@pytest.mark.reliability("long_recordings")
@pytest.mark.parametrize(("name", "rate"), [("ecg", 250), ("eda", 50)])
def test_an_hour_of_physiology(name, rate, torture, record_property):
    if not torture:
        pytest.skip("takes its time: make torture")
    done = subprocess.run([sys.executable, "-c", HOUR, name, str(rate)], stdout=-1, check=True, timeout=1800)
    shape, finite, peak = json.loads(done.stdout)
    record_property("most megabytes", peak)
    assert shape == [90001, SHORT[name][2]] and finite
