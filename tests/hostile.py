"""Hostile files: seeded mutations of good ones, and an independent, strict reading that says what they hold."""

import io
import re
import signal
import struct
import warnings
from contextlib import contextmanager

import numpy as np
from scipy.io import wavfile

NASTY = [
    *[
        b"",
        b"?",
        b"nan",
        b"-inf",
        b"1e400",
        b"1e39",
        b"0x10",
        b"1_0",
        b"1,5",
        b"True",
        b"NA",
        b"--1",
        b"9" * 400,
        b"1e" + b"9" * 400,
        b"e-" + b"9" * 400,
    ],
    *[b";", b",", b'"', b"'", b"\0", b"\r", b"\r\n", b"\n", b"\t", b"%", b"\xff\xfe", b"\xef\xbb\xbf"],
    *[b"@data\n", b"@attribute x numeric\n", b"{1 2}", "\uff11".encode()],
    *[b"=cmd()", b"$(id)", b"../../x", b"<script>"],
]


def mutated(rng, content):
    """A file with one to three of its places cut, doubled, moved, overwritten or filled with something nasty."""
    for _ in range(rng.integers(1, 4)):
        start = int(rng.integers(0, len(content) + 1))
        length = int(rng.choice([1, 2, 8, 40, 300]))
        part, rest = content[start : start + length], content[start + length :]
        nasty = NASTY[rng.integers(len(NASTY))]
        content = [
            content[:start] + rest,
            content[:start] + part + part + rest,
            content[:start] + nasty + content[start:],
            content[:start] + nasty + rest,
            content[:start],
            content[:start] + bytes(rng.integers(0, 256, len(part), np.uint8)) + rest,
            content.replace(
                *[(b",", b";"), (b";", b","), (b".", b","), (b"\n", b"\r\n"), (b"\n", b"\r")][rng.integers(5)]
            ),
            lines_changed(rng, content),
        ][rng.integers(8)]
    return content


def lines_changed(rng, content):
    """One line dropped, doubled, or given a field more or less."""
    lines = content.split(b"\n")
    k = int(rng.integers(len(lines)))
    separator = b";" if b";" in lines[k] else b","
    fields = lines[k].split(separator)
    lines[k : k + 1] = [[], [lines[k]] * 2, [lines[k] + separator + b"1"], [separator.join(fields[1:])]][
        rng.integers(4)
    ]
    return b"\n".join(lines)


@contextmanager
def time_limit(seconds):
    """A hang is an error of its own."""

    def stop(*_):
        raise TimeoutError("a hang")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def survived(read, same, make, count, seed, file):
    """Give a reader so many hostile files; how many it refused, and how many it read as they are.

    Any error but ValueError, a hang, and a reading that `same` does not confirm fail the test.
    """
    refused = 0
    for k in range(count):
        content = make(np.random.default_rng([seed, k]))
        file.write_bytes(content)
        try:
            with time_limit(60):
                found = read(file)
        except ValueError as error:
            assert str(file) in str(error), (k, error)
            refused += 1
        else:
            assert same(content, found), f"number {k} was read as something else than it holds"
    return refused, count - refused


NOT_READ = {"name", "class", "frametime", "timestamp", "time", "instance_name"}


def plain_table(content, arff):
    """Names and numbers of a table, the plain way; ValueError where it is none."""
    lines = content.decode("utf-8-sig", errors="replace").split("\n")
    if arff:
        data = next(k for k, line in enumerate(lines) if line.strip(" \t\r").lower() == "@data")
        declared = [line.strip() for line in lines[:data] if line.strip() and not line.strip().startswith("%")]
        declared = [line for line in declared if not line.lower().startswith("@relation")]
        names = [re.match(r"@attribute\s+('[^']*'|\"[^\"]*\"|\S+)\s", line, re.I)[1].strip("'\"") for line in declared]
        separator, rows = ",", lines[data + 1 :]
    else:
        separator = ";" if ";" in lines[0] else ","
        names, rows = [name.strip().strip("'\"") for name in lines[0].split(separator)], lines[1:]
    kept = [k for k, name in enumerate(names) if name.lower() not in NOT_READ]
    split = [row.split(separator) for row in rows if row.strip() and not row.lstrip().startswith("%")]
    if any(len(row) != len(names) for row in split):
        raise ValueError("rows of another length")
    numbers = [[float("nan") if row[k].strip() == "?" else float(row[k]) for k in kept] for row in split]
    return [names[k] for k in kept], np.array(numbers).reshape(len(split), len(kept))


def same_table(arff):
    """Whether a table was read as the plain reading has it."""

    def same(content, table):
        try:
            names, numbers = plain_table(content, arff)
        except (ValueError, StopIteration, TypeError):
            return False
        return list(table.columns) == names and np.allclose(
            table.values, numbers, rtol=1e-6, atol=1e-30, equal_nan=True
        )

    return same


def plain_signal(content, signal_name):
    """One column of a table of physiology, NaN where it is empty."""
    lines = [line for line in re.split("\r\n|\r|\n", content.decode("utf-8-sig", errors="replace")) if line.strip()]
    separator = ";" if ";" in lines[0] else ","
    names = [name.strip().lower() for name in lines[0].split(separator)]
    rows = [line.split(separator) for line in lines[1:]]
    if any(len(row) != len(names) for row in rows):
        raise ValueError("rows of another length")
    fields = [row[names.index(signal_name)].strip() for row in rows]
    return np.array([float("nan") if field in ("", "?", "NA") else float(field) for field in fields])


def same_signal(content, found):
    """Whether ECG was read as the plain reading has it."""
    try:
        expected = plain_signal(content, "ecg")
    except ValueError:
        return False
    return np.allclose(found[0], expected, rtol=1e-9, equal_nan=True)


def same_sound(content, found):
    """Whether sound agrees with SciPy's reading of it, where SciPy reads it."""
    signal_read, rate = found
    assert signal_read.dtype == np.float32 and 0 < signal_read.nbytes <= 4 * len(content) and rate > 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            told, values = wavfile.read(io.BytesIO(content))
    except Exception:  # whatever SciPy makes of a hostile file
        return True
    if values.dtype != np.int16 or told != rate:
        return told == rate
    mean = values.reshape(len(values), -1).mean(axis=1) / 2**15
    return len(mean) == len(signal_read) and np.allclose(mean, signal_read, atol=1e-6)


def good_sound(rng):
    """A whole wav file of 16 bits, one or two channels."""
    channels = int(rng.integers(1, 3))
    data = rng.integers(-999, 999, 200 * channels).astype("<i2").tobytes()
    form = struct.pack("<HHIIHH", 1, channels, 16000, 32000 * channels, 2 * channels, 16)
    chunks = b"fmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def good_physiology(rng):
    """Time, EDA and ECG at 100 Hz, a value missing."""
    rows = [f"{k / 100:g};{a:.4f};{b:.4f}" for k, (a, b) in enumerate(rng.normal(0, 1, (60, 2)))]
    return "\n".join(["time;EDA;ECG", *rows, "0.6;;1.5", ""]).encode()
