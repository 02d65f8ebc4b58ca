"""Hostile files: seeded mutations of good ones, and an independent, strict reading that says what they hold."""

import io
import re
import signal
import struct
import time
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


def survived(read, same, make, count, seed, file, record_property):
    """Give a reader so many hostile files, and record how many it refused, and how many it read as they are.

    Any error but a ValueError that names the file, a hang, and a reading that `same` does not confirm are lost.
    """
    told, lost, most_seconds = {"refused": 0, "read as they are": 0}, [], 0.0
    for k in range(count):
        content = make(np.random.default_rng([seed, k]))
        file.write_bytes(content)
        began = time.monotonic()
        try:
            with time_limit(60):
                found = read(file)
        except ValueError as error:
            told["refused"] += 1
            if str(file) not in str(error):
                lost.append((k, error))
        except Exception as error:  # a crash, or a hang
            lost.append((k, repr(error)))
        else:
            told["read as they are"] += 1
            if not same(content, found):
                lost.append((k, "read as something else than it holds"))
        most_seconds = max(most_seconds, time.monotonic() - began)
    told |= {"tried": count, "lost": len(lost), "most seconds for one": most_seconds}
    for name, value in told.items():
        record_property(name, value)
    assert lost == []
    assert told["refused"] and told["read as they are"]  # else it were no test of both


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
    """Whether sound agrees with SciPy's reading of it, where SciPy reads it, and takes no more memory than it may."""
    signal_read, rate = found
    if not (signal_read.dtype == np.float32 and 0 < signal_read.nbytes <= 4 * len(content) and rate > 0):
        return False
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
    """A whole wav file of any kind that is read: 8 to 32 bits or floating point, one to six channels, 8 to 96 kHz."""
    channels, rate = int(rng.choice([1, 1, 2, 2, 6])), int(rng.choice([8000, 16000, 44100, 96000]))
    tag, bits = [(1, 16), (1, 16), (1, 8), (1, 24), (1, 32), (3, 32)][rng.integers(6)]
    samples = rng.normal(0, 0.03, 200 * channels)
    data = samples.astype("<f4").tobytes() if tag == 3 else rng.bytes(200 * channels * bits // 8)
    align = channels * bits // 8
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * align, align, bits)
    chunks = b"fmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def good_physiology(rng):
    """Time, EDA and ECG at 100 Hz, a value missing."""
    rows = [f"{k / 100:g};{a:.4f};{b:.4f}" for k, (a, b) in enumerate(rng.normal(0, 1, (60, 2)))]
    return "\n".join(["time;EDA;ECG", *rows, "0.6;;1.5", ""]).encode()


POINT_COLUMNS = [f"{axis}_{k}" for axis in "xy" for k in range(49)]


def good_landmarks(rng):
    """Three frames of 49 points, as a tracker writes them, the second without a face."""
    rows = [[k + 1, f"{k * 0.04:.2f}", int(k != 1), *np.round(rng.uniform(0, 500, 98), 2)] for k in range(3)]
    return "\n".join(
        ",".join(map(str, row)) for row in [["frame", "timestamp", "success", *POINT_COLUMNS], *rows]
    ).encode()


def same_landmarks(content, found):
    """Whether points and frames agree with a plain reading, NaN where there is no face."""
    names, *lines = [line.split(",") for line in content.decode("utf-8-sig", errors="replace").splitlines() if line]
    names = [name.strip() for name in names]
    if any(len(line) != len(names) for line in lines) or len(set(names)) < len(names):
        return False
    table = {name: np.array([line[k] for line in lines]) for k, name in enumerate(names)}
    try:
        rows = table.get("frame", np.arange(1, len(lines) + 1)).astype(float).astype(int) - 1
        expected = np.full((rows.max() + 1, 49, 2), np.nan)
        for row, of_row in zip(rows, range(len(lines)), strict=True):
            if float(table.get("success", ["1"] * len(lines))[of_row]) == 1:
                numbers = [float(table[name][of_row]) for name in POINT_COLUMNS]
                expected[row] = np.reshape(numbers, (2, 49)).T
    except (ValueError, KeyError):
        return False
    return np.allclose(found, expected, equal_nan=True)


def good_points(rng):
    """One frame of iBUG's, 68 points between braces."""
    rows = "\n".join(f"{x:.3f} {y:.3f}" for x, y in rng.uniform(0, 500, (68, 2)))
    return f"version: 1\nn_points: 68\n{{\n{rows}\n}}\n".encode()


def same_points(content, found):
    """Whether the points agree with those between the first braces."""
    body = content.decode("ascii", errors="replace").split("{", 1)[1].split("}", 1)[0]
    points = np.array([float(word) for word in body.split()]).reshape(68, 2)
    return np.allclose(found, points[[k for k in range(17, 68) if k not in (60, 64)]][None])


def good_patches(rng):
    """Three face patches in a file of NumPy's."""
    buffer = io.BytesIO()
    np.save(buffer, rng.integers(0, 256, (3, 48, 48), np.uint8))
    return buffer.getvalue()


def same_patches(content, found):
    """Whether the patches are the last bytes of the file, which must be whole."""
    return found.tobytes() == content[-found.size :] if found.size else found.shape == (0, 48, 48)
