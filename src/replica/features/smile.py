"""openSMILE on one signal, with configurations made at run time from those that its package brings.

openSMILE's licence is for research and other non-commercial use (Eyben et al., 2010, 2013). None of its files stands
here: a configuration is patched, or included by a short one of our own, in a folder that is gone after the run.
"""

import ctypes
import os
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from math import ceil, gcd
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import resample_poly

from replica.features.framing import check_signal

__all__ = ["SAMPLING_RATE_HZ", "packaged", "prepared", "run"]

# No descriptor of ours looks above 8 kHz, and its steps of 10 and 40 ms are whole samples, as not at 22.05 kHz.
SAMPLING_RATE_HZ = 16_000

RATES_HZ = (8_000, 96_000)
BLOCK_SAMPLES = 1 << 22
LARGEST = 32767 / 32768  # openSMILE's input has 16 bits, in which 1.0 would become -1.0


def prepared(signal: ArrayLike, sampling_rate_hz: float) -> NDArray[np.float32]:
    """The signal as openSMILE gets it: at 16 kHz, within [-1, 1), 0 where it has no value.

    Args:
        signal: ``(samples,)`` floating point, full scale at 1.
        sampling_rate_hz: A whole number from 8000 to 96000.

    Raises:
        ValueError: If it is no signal, has another rate, or holds integers, whose full scale is unknown.
    """
    rate = _whole_rate(sampling_rate_hz)
    samples = check_signal(signal, rate, np.float32)  # float64 would take 1.3 GB for an hour at 44.1 kHz
    if np.asarray(signal).dtype.kind in "iu":
        raise ValueError(
            f"Audio features need samples in [-1, 1]. Received integers ({np.asarray(signal).dtype}). "
            "Divide by their full scale, such as 32768 for 16 bits."
        )
    if not (samples.min() >= -1.0 and samples.max() <= 1.0):  # NaN too
        samples = np.nan_to_num(np.clip(samples, -1.0, 1.0), copy=False, nan=0.0)
    if rate == SAMPLING_RATE_HZ:
        return np.clip(samples, -1.0, LARGEST)
    samples = _resampled(samples, rate)
    return np.clip(samples, -1.0, LARGEST, out=samples)


def packaged(name: str) -> Path:
    """A configuration file of the installed openSMILE, such as ``egemaps/v02/eGeMAPSv02.conf``.

    Raises:
        ImportError: If openSMILE is not installed.
        FileNotFoundError: If the installed version has no such file.
    """
    file = Path(str(_opensmile().__file__)).parent / "core/config" / name
    if not file.is_file():
        raise FileNotFoundError(
            f"The audio features are made with openSMILE's configuration {name}. The installed version has none. "
            "Install the version that requirements/dev.txt names."
        )
    return file


def run(
    signal: NDArray[np.float32], configuration: str, level: str, files: Mapping[str, str] | None = None
) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """What openSMILE writes for one prepared signal.

    Args:
        signal: From :func:`prepared`.
        configuration: Text of a configuration.
        level: The level of its data memory that is asked for.
        files: Options of the configuration that name a file, with the text of that file.

    Returns:
        Names of the columns, and ``(rows, columns)``.

    Raises:
        ImportError: If openSMILE is not installed.
        RuntimeError: If openSMILE does not take the configuration; the error holds its last messages.
    """
    opensmile = _opensmile()
    with tempfile.TemporaryDirectory(prefix="replica-") as folder:
        options = {
            "bufferModeConf": str(packaged("shared/BufferMode.conf.inc")),
            "bufferModeRbLagConf": str(packaged("shared/BufferModeRbLag.conf.inc")),
        }
        for option, text in (files or {}).items():
            options[option] = _written(Path(folder, f"{option}.conf"), text)
        main, log = _written(Path(folder, "main.conf"), configuration), Path(folder, "log")
        try:
            smile = opensmile.Smile(main, level, options=options, loglevel=1, logfile=str(log))
            values = smile(signal, SAMPLING_RATE_HZ)[0].T  # of (channels, columns, rows)
        except opensmile.core.lib.OpenSmileException as error:
            told = log.read_text()[-500:] if log.exists() else "nothing"
            raise RuntimeError(
                f"openSMILE must take the configuration for '{level}'. It failed ({error}) and told: {told} "
                "Install the version that requirements/dev.txt names."
            ) from error
    return tuple(smile.column_names), np.ascontiguousarray(values, np.float32)


def _resampled(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """At 16 kHz, block by block, which takes no more memory than the result; no longer than before."""
    common = gcd(rate, SAMPLING_RATE_HZ)
    up, down = SAMPLING_RATE_HZ // common, rate // common
    # The filter reaches ten samples of the lower rate each way; blocks and margins are whole steps of both rates.
    margin = down * ceil(11 * max(up, down) / (up * down))
    block = down * max(1, BLOCK_SAMPLES // down)
    result = np.empty(max(1, samples.size * SAMPLING_RATE_HZ // rate), np.float32)
    for start in range(0, len(samples), block):
        first = max(0, start - margin)
        part = resample_poly(samples[first : start + block + margin], up, down)
        place = result[start // down * up :][: block // down * up]
        place[:] = part[(start - first) // down * up :][: len(place)]
    return result


def _written(file: Path, text: str) -> str:
    file.write_text(text)
    return str(file)


def _whole_rate(sampling_rate_hz: float) -> int:
    lowest, highest = RATES_HZ
    if not (lowest <= sampling_rate_hz <= highest and sampling_rate_hz == int(sampling_rate_hz)):
        raise ValueError(
            f"Audio features need a sampling rate of {lowest} to {highest} Hz, a whole number. "
            f"Received {sampling_rate_hz!r}. Resample the signal, or correct its rate."
        )
    return int(sampling_rate_hz)


def _opensmile() -> ModuleType:
    """The package, which only feature extraction needs."""
    try:
        _bind_library()
        import opensmile
    except ImportError as error:
        raise ImportError(
            f"The audio features are made with openSMILE. It cannot be imported ({error}). "
            "Install replica[features]; its licence allows research and other non-commercial use."
        ) from error
    return opensmile


def _bind_library() -> None:
    """Load openSMILE's library so that it finds its own functions first.

    TensorFlow offers C++ functions of the same names to all that is loaded after it, and with those the process would
    end. Elsewhere than on Linux a library finds its own anyway.
    """
    spec = find_spec("opensmile")
    if spec and spec.origin and hasattr(os, "RTLD_DEEPBIND"):
        for library in Path(spec.origin).parent.glob("core/bin/*/libSMILEapi.so"):
            ctypes.CDLL(str(library), os.RTLD_LAZY | os.RTLD_DEEPBIND)
