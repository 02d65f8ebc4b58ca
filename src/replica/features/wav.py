"""Sound from wav files, read strictly: a file that is cut, or made to mislead, is an error and nothing else.

The libraries that read everything can hang, or take all memory, on a crafted file. What recordings of speech need is
little: uncompressed samples, whose chunks are checked against the file's size before any of them is read.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn

import numpy as np
from numpy.typing import NDArray

__all__ = ["length", "read"]

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
# The rest of the identifier whose first two bytes are the format, in files that have the longer header.
SUBTYPE_TAIL = bytes.fromhex("000000001000800000aa00389b71")

KINDS = {(PCM, 8): "u1", (PCM, 16): "<i2", (PCM, 24): "u1", (PCM, 32): "<i4", (FLOAT, 32): "<f4", (FLOAT, 64): "<f8"}
MOST_CHANNELS, MOST_CHUNKS = 64, 1000
FRAMES_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class _Layout:
    """Where the samples stand, and how they are written."""

    kind: tuple[int, int]  # format and bits
    channels: int
    rate: int
    start: int
    frames: int


def read(path: str | Path) -> tuple[NDArray[np.float32], int]:
    """The sound of a file, as the mean of its channels.

    Args:
        path: A ``.wav`` of 8, 16, 24 or 32 bits, or floating point.

    Returns:
        ``(samples,)`` with full scale at 1, and the sampling rate in Hz. Floating point is taken as it stands: it may
        hold NaN, or exceed 1.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If it is no whole wav file of such samples, or holds none; the error names file and cause.
    """
    path = _found(path)
    with path.open("rb") as file:
        layout = _layout(path, file, path.stat().st_size)
        file.seek(layout.start)
        signal = np.empty(layout.frames, np.float32)
        for first in range(0, layout.frames, FRAMES_AT_ONCE):  # an hour takes no more than its result
            part = signal[first : first + FRAMES_AT_ONCE]
            part[:] = _decoded(file.read(len(part) * _frame_bytes(layout)), layout)
    return signal, layout.rate


def length(path: str | Path) -> tuple[int, int]:
    """How many samples :func:`read` gives, and the sampling rate in Hz, from the file's header.

    Args:
        path: As for :func:`read`.

    Raises:
        FileNotFoundError: As :func:`read`.
        ValueError: As :func:`read`.
    """
    path = _found(path)
    with path.open("rb") as file:
        layout = _layout(path, file, path.stat().st_size)
    return layout.frames, layout.rate


def _found(path: str | Path) -> Path:
    path = Path(path)
    if not path.is_file():  # a folder, or a pipe, which would wait for ever
        raise FileNotFoundError(f"Sound is read from a .wav file. There is none at {path}. Correct the path.")
    return path


def _layout(path: Path, file: BinaryIO, size: int) -> _Layout:
    head = file.read(12)
    if len(head) < 12 or head[:4] != b"RIFF" or head[8:] != b"WAVE":
        _refuse(path, "the head of a wav file, 'RIFF' and 'WAVE'", f"{head!r}", "Convert the recording to .wav")
    form = None
    for _ in range(MOST_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            _refuse(path, "a chunk 'data' with samples", "the end of the file", "The file is cut: copy it again")
        name, length = struct.unpack("<4sI", head)
        start = file.tell()
        if length > size - start:
            received = f"a chunk {name!r} of {length} bytes at byte {start}, of {size} in all"
            _refuse(path, "all the bytes that its header tells of", received, "The file is cut: copy it again")
        if name == b"fmt ":
            form = _form(path, file.read(min(length, 40)))
        if name == b"data":
            return _placed(path, form, start, length)
        file.seek(start + length + length % 2)  # chunks begin at even bytes
    _refuse(path, f"its samples within {MOST_CHUNKS} chunks", "more", "Write the recording anew")


def _form(path: Path, chunk: bytes) -> tuple[tuple[int, int], int, int]:
    """Format and bits, channels, rate."""
    if len(chunk) < 16:
        _refuse(path, "16 bytes that tell its format", f"{len(chunk)}", "The file is damaged: copy it again")
    tag, channels, rate, _, align, bits = struct.unpack("<HHIIHH", chunk[:16])
    if tag == EXTENSIBLE and len(chunk) >= 40 and chunk[26:40] == SUBTYPE_TAIL:
        tag = int.from_bytes(chunk[24:26], "little")
    if (tag, bits) not in KINDS:
        received = f"format {tag} of {bits} bits"
        _refuse(path, "samples of 8, 16, 24 or 32 bits, or floating point", received, "Convert it to 16 bits")
    if not 1 <= channels <= MOST_CHANNELS or align != channels * bits // 8 or rate == 0:
        received = f"{channels} channels in {align} bytes at {rate} Hz"
        _refuse(path, "a header that agrees with itself", received, "The file is damaged: copy it again")
    return (tag, bits), channels, rate


def _placed(path: Path, form: tuple[tuple[int, int], int, int] | None, start: int, length: int) -> _Layout:
    if form is None:
        _refuse(path, "its format before its samples", "samples", "The file is damaged: copy it again")
    kind, channels, rate = form
    frames, rest = divmod(length, channels * kind[1] // 8)
    if frames == 0 or rest:
        received = f"{length} bytes for {channels} channels of {kind[1]} bits"
        _refuse(path, "one sample or more, the last one whole", received, "Leave the file out, or copy it again")
    return _Layout(kind, channels, rate, start, frames)


def _decoded(content: bytes, layout: _Layout) -> NDArray[np.float32]:
    """The mean of the channels, full scale at 1."""
    (tag, bits), samples = layout.kind, np.frombuffer(content, KINDS[layout.kind])
    if bits == 24:  # three bytes each, to the upper three of four
        wide = np.zeros((len(samples) // 3, 4), np.uint8)
        wide[:, 1:] = samples.reshape(-1, 3)
        samples, bits = wide.view("<i4").ravel(), 32
    if bits == 8:
        samples = samples.astype(np.int16) - 128  # the only kind without a sign
    full_scale = 1.0 if tag == FLOAT else 2.0 ** (bits - 1)
    with np.errstate(over="ignore", invalid="ignore"):
        mean = samples.reshape(-1, layout.channels).mean(axis=1, dtype=np.float64) / full_scale
        return mean.astype(np.float32)


def _frame_bytes(layout: _Layout) -> int:
    return layout.channels * layout.kind[1] // 8


def _refuse(path: Path, required: str, received: str, remedy: str) -> NoReturn:
    raise ValueError(f"{path} must hold {required}. Received {received}. {remedy}.")
