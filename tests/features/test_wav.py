import os
import struct
import wave

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.io import wavfile

from replica.features import wav

RATE = 16000


FORM = struct.pack("<HHIIHH", 1, 1, RATE, 2 * RATE, 2, 16)


def made(form=FORM, data=b"\0\0" * 4, *, before=b"", told=None):
    """A wav file from its parts; `told` is the length that the header of its samples claims."""
    length = len(data) if told is None else told
    chunks = before + b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", length) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


@pytest.fixture
def written(tmp_path):
    def write(content):
        (tmp_path / "x.wav").write_bytes(content)
        return tmp_path / "x.wav"

    return write


# Hand values


@pytest.mark.reliability("sound")
@pytest.mark.parametrize(
    ("tag", "bits", "data", "expected"),
    [
        (1, 8, bytes([0, 128, 192]), [-1, 0, 0.5]),
        (1, 16, struct.pack("<3h", -32768, 0, 16384), [-1, 0, 0.5]),
        (1, 24, b"\x00\x00\x80" + b"\x00\x00\x00" + b"\x00\x00\x40", [-1, 0, 0.5]),
        (1, 32, struct.pack("<3i", -(2**31), 0, 2**30), [-1, 0, 0.5]),
        (3, 32, struct.pack("<3f", -1, 0, 2.5), [-1, 0, 2.5]),
        (3, 64, struct.pack("<3d", -1, 0, 2.5), [-1, 0, 2.5]),
    ],
)
@pytest.mark.parametrize("extensible", [False, True])
def test_every_kind_of_sample_by_hand(written, tag, bits, data, expected, extensible):
    form = struct.pack("<HHIIHH", 0xFFFE if extensible else tag, 1, 44100, 44100 * bits // 8, bits // 8, bits)
    if extensible:
        form += struct.pack("<HHIH", 22, bits, 4, tag) + wav.SUBTYPE_TAIL
    signal, rate = wav.read(file := written(made(form, data)))
    assert (signal.tolist(), rate, signal.dtype) == (expected, 44100, np.float32)
    assert wav.length(file) == (len(expected), 44100)


def test_channels_are_averaged(written):
    form = struct.pack("<HHIIHH", 1, 2, RATE, 4 * RATE, 4, 16)
    signal, _ = wav.read(file := written(made(form, struct.pack("<4h", 16384, 0, -16384, -16384))))
    assert signal.tolist() == [0.25, -0.5]
    assert wav.length(file) == (2, RATE)


def test_other_chunks_are_passed_over(written):
    odd = b"LIST" + struct.pack("<I", 3) + b"abc\0"  # of odd length, and so one byte longer
    assert len(wav.read(written(made(before=odd)))[0]) == 4


# Independent oracles: the writers of the standard library and of SciPy


@pytest.mark.parametrize(("width", "scale"), [(1, 128), (2, 2**15), (3, 2**23), (4, 2**31)])
def test_files_of_the_standard_library(tmp_path, width, scale):
    ints = np.random.default_rng(0).integers(-scale, scale, 5000)
    with wave.open(str(tmp_path / "x.wav"), "wb") as file:
        file.setparams((1, width, RATE, 0, "NONE", ""))
        if width == 1:
            file.writeframes((ints + 128).astype(np.uint8).tobytes())
        else:
            file.writeframes(ints.astype("<i4").view("u1").reshape(-1, 4)[:, :width].tobytes())
    signal, rate = wav.read(tmp_path / "x.wav")
    np.testing.assert_allclose(signal, ints / scale, atol=1e-7)
    assert rate == RATE


@pytest.mark.parametrize("kind", [np.int16, np.int32, np.float32, np.float64])
def test_files_of_scipy_longer_than_a_block(tmp_path, kind, monkeypatch):
    monkeypatch.setattr(wav, "FRAMES_AT_ONCE", 1000)
    noise = np.random.default_rng(0).uniform(-0.9, 0.9, (2500, 2))
    scale = np.iinfo(kind).max if np.issubdtype(kind, np.integer) else 1
    wavfile.write(tmp_path / "x.wav", 48000, (noise * scale).astype(kind))
    signal, rate = wav.read(tmp_path / "x.wav")
    np.testing.assert_allclose(signal, noise.mean(axis=1), atol=1e-4)
    assert rate == 48000


def test_nan_is_kept(written):
    form = struct.pack("<HHIIHH", 3, 1, RATE, 4 * RATE, 4, 32)
    signal, _ = wav.read(written(made(form, struct.pack("<3f", 0.5, float("nan"), float("inf")))))
    assert signal[0] == 0.5 and np.isnan(signal[1]) and np.isinf(signal[2])


# Bad input


@pytest.mark.reliability("sound")
@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "Convert the recording"),
        (b"ID3 an mp3 file of some bytes", "Convert the recording"),
        (b"RIFX" + made()[4:], "Convert the recording"),
        (made()[:30], "The file is cut"),
        (made()[:20], "The file is cut"),
        (made(told=100), "The file is cut"),
        (made(told=0xFFFFFFFF), "The file is cut"),
        (made(data=b""), "Leave the file out"),
        (made(data=b"\0\0\0"), "Leave the file out"),
        (made(form=b"\1\0\1\0"), "damaged"),
        (made(form=struct.pack("<HHIIHH", 1, 0, RATE, 0, 0, 16)), "damaged"),
        (made(form=struct.pack("<HHIIHH", 1, 1, 0, 0, 2, 16)), "damaged"),
        (made(form=struct.pack("<HHIIHH", 1, 65535, RATE, 0, 65535, 16)), "damaged"),
        (made(form=struct.pack("<HHIIHH", 2, 1, RATE, 0, 2, 4)), "Convert it to 16 bits"),
        (made(form=struct.pack("<HHIIHH", 0xFFFE, 1, RATE, 0, 2, 16)), "Convert it to 16 bits"),
        (made()[:12] + b"data" + struct.pack("<I", 4) + bytes(4), "damaged"),
        (made()[:12] + (b"junk" + struct.pack("<I", 0)) * 100_000, "Write the recording anew"),
    ],
)
def test_a_bad_file_is_named_with_its_cause(written, content, cause):
    path = written(content)
    for reading in (wav.read, wav.length):
        with pytest.raises(ValueError, match=cause) as error:
            reading(path)
        assert str(path) in str(error.value)


@pytest.mark.reliability("sound")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(place=st.integers(0, 51), byte=st.integers(0, 255), cut=st.integers(0, 52))
def test_no_byte_of_the_header_can_do_more_than_raise(written, place, byte, cut):
    content = bytearray(made())
    content[place] = byte
    try:
        signal, rate = wav.read(written(bytes(content[: len(content) - cut])))
    except ValueError:
        return
    assert 1 <= len(signal) <= 8 and rate > 0


def test_no_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.wav")  # opening it would wait for a writer
    for name in ("none.wav", "pipe.wav", "."):
        for reading in (wav.read, wav.length):
            with pytest.raises(FileNotFoundError, match="Correct the path"):
                reading(tmp_path / name)
