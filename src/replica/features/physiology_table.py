"""ECG and EDA from the tables that a recorder of physiology writes: a line of names, a column of time in seconds."""

import io
import re
from pathlib import Path
from typing import NoReturn

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from replica.features.text_tables import name_twice, uneven_line

__all__ = ["read"]

RATES_HZ = (20.0, 20_000.0)
UNEVEN_SECONDS = 0.02  # half a frame: more, and samples are missing
ROUNDED_HZ = 0.05


def read(path: str | Path, signal: str) -> tuple[NDArray[np.float64], float]:
    """One signal of a recording, and its sampling rate as its times tell.

    Args:
        path: A ``.csv`` with semicolons or commas, such as RECOLA's: ``time``, ``EDA``, ``ECG``, in any order and case.
        signal: ``ecg``, ``eda`` or another column, in lower case.

    Returns:
        ``(samples,)`` in the unit of the file, NaN where a value is missing, and the rate in Hz.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it has no such column, no even times in seconds, or something else than numbers; the error names
            the file.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"Physiology is read from a .csv file. There is none at {path}. Correct the path.")
    content = path.read_bytes()
    separator = ";" if b";" in re.split(rb"[\r\n]", content, maxsplit=1)[0] else ","
    line = uneven_line(content, separator)
    if line is not None:
        received = f"others, or what is no number, in line {line}"
        _refuse(path, "as many values in each row as names in its first line", received, "Copy the file again")
    if twice := name_twice(content, separator, any_case=True):
        _refuse(path, "each column once, in whichever case", f"{twice!r} twice", "Rename or drop one in its first line")
    try:
        table = pd.read_csv(
            io.BytesIO(content), sep=separator, encoding_errors="replace", na_values=["?"], skipinitialspace=True
        )
    except ValueError as error:  # pandas' own errors are of this kind
        _refuse(path, "a table of numbers", f"something else ({error})", "Copy the file again")
    table.columns = [str(name).strip().lower().lstrip("\ufeff") for name in table.columns]
    found = list(table.columns)
    if signal not in found or "time" not in found:
        _refuse(path, f"the columns 'time' and '{signal}'", f"{found}", "Name the columns so in its first line")
    if not all(pd.api.types.is_numeric_dtype(table[name]) for name in ("time", signal)) or len(table) < 2:
        received = f"{len(table)} rows of types {[str(table[name].dtype) for name in ('time', signal)]}"
        _refuse(path, "two rows of numbers or more", received, "Correct what is no number")
    return table[signal].to_numpy(np.float64), _rate(path, table["time"].to_numpy(np.float64))


def _rate(path: Path, times: NDArray[np.float64]) -> float:
    step = (times[-1] - times[0]) / (len(times) - 1)
    lowest, highest = RATES_HZ
    if not 1 / highest <= step <= 1 / lowest:
        received = f"{times[0]:g} to {times[-1]:g} in {len(times)} rows"
        _refuse(path, f"times in seconds at {lowest:g} to {highest:g} Hz", received, "Write its times in seconds")
    off = np.abs(times - times[0] - step * np.arange(len(times)))
    uneven = np.flatnonzero(~(off <= max(UNEVEN_SECONDS, step)))
    if len(uneven):
        row = int(uneven[0])
        received = f"{times[row]:g} s in row {row + 1}, where steps of {step:g} s lead to {times[0] + step * row:g} s"
        _refuse(path, "times in even steps", received, "Fill in the rows that are missing, with empty values")
    # Times are rounded in print: what comes out as 999.997 Hz was recorded at 1000.
    return float(round(1 / step)) if abs(1 / step - round(1 / step)) < ROUNDED_HZ else 1 / step


def _refuse(path: Path, required: str, received: str, remedy: str) -> NoReturn:
    raise ValueError(f"{path} must hold {required}. Received {received}. {remedy}.")
