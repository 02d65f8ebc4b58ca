"""Arrays from strangers: read if they are those declared, and else refused before they cost anything."""

import io
import pickle
import tracemalloc
import zipfile

import hostile
import numpy as np
import pytest

from replica.declared_arrays import most_bytes, parse

SPECS = {"a": ("<f4", (3, 2)), "b": ("<f8", ())}


def archive(packed=zipfile.ZIP_STORED, **members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packed) as members_of:
        for name, content in members.items():
            members_of.writestr(f"{name}.npy", content)
    return file.getvalue()


def npy(array, **options):
    file = io.BytesIO()
    np.lib.format.write_array(file, np.asarray(array), **options)
    return file.getvalue()


def header(descr, shape):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": descr, "fortran_order": False, "shape": shape})
    return file.getvalue()


A, B = np.arange(6, dtype="<f4").reshape(3, 2), np.float64(0.5)


def test_what_numpy_writes_is_read():
    for save in (np.savez, np.savez_compressed):
        file = io.BytesIO()
        save(file, b=B, a=A)
        assert len(file.getvalue()) <= most_bytes(SPECS)
        arrays = parse(file.getvalue(), SPECS)
        assert list(arrays) == ["b", "a"]
        np.testing.assert_array_equal(arrays["a"], A)
        assert arrays["b"] == B
    for array in (A, np.asfortranarray(A)):
        np.testing.assert_array_equal(parse(npy(array), {"": SPECS["a"]})[""], A)


class Writes:
    """Would make a file if it were unpickled."""

    def __init__(self, file):
        self.file = file

    def __reduce__(self):
        return open, (str(self.file), "w")


BOMB = bytes(200_000_000)
HOSTILE = {
    "a pickle": lambda canary: pickle.dumps(Writes(canary)),
    "a pickle as a member": lambda canary: archive(a=pickle.dumps(Writes(canary)), b=npy(B)),
    "objects": lambda canary: archive(a=npy(np.array([Writes(canary)] * 6).reshape(3, 2)), b=npy(B)),
    "10^9 elements": lambda _: archive(a=header("<f4", (10**9,)), b=npy(B)),
    "10^9 elements in bytes": lambda _: archive(a=header("|S1000000000", (3, 2)), b=npy(B)),
    "a bomb": lambda _: archive(zipfile.ZIP_DEFLATED, a=npy(A) + BOMB, b=npy(B)),
    "packed with LZMA": lambda _: archive(zipfile.ZIP_LZMA, a=npy(A), b=npy(B)),
    "a member of another place": lambda _: archive(**{"a": npy(A), "../../b": npy(B)}),
    "a member more": lambda _: archive(a=npy(A), b=npy(B), c=npy(B)),
    "many members": lambda _: archive(**{f"m{k}": b"" for k in range(20_000)}),
    "a member less": lambda _: archive(a=npy(A)),
    "another shape": lambda _: archive(a=npy(A.T.copy()), b=npy(B)),
    "another type": lambda _: archive(a=npy(A.astype("<f8")), b=npy(B)),
    "another version": lambda _: archive(a=npy(A, version=(2, 0)), b=npy(B)),
    "a value less": lambda _: archive(a=npy(A)[:-4], b=npy(B)),
    "a value more": lambda _: archive(a=npy(A) + bytes(4), b=npy(B)),
    "NaN": lambda _: archive(a=npy(np.full((3, 2), np.nan, "<f4")), b=npy(B)),
    "infinity": lambda _: archive(a=npy(A), b=npy(np.float64(np.inf))),
    "no bytes": lambda _: b"",
    "HDF5": lambda _: b"\x89HDF\r\n\x1a\n" + bytes(500),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_anything_else_is_refused(what, tmp_path):
    canary = tmp_path / "executed"
    data = HOSTILE[what](canary)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError):  # noqa: PT011  # the caller names the file; each text is of its own kind
            parse(data, SPECS)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000
    assert not canary.exists()


def test_mutations_are_refused_or_read_as_they_are():
    file = io.BytesIO()
    np.savez_compressed(file, a=A, b=B)
    read = 0
    for k in range(300):
        data = hostile.mutated(np.random.default_rng(k), file.getvalue())
        try:
            arrays = parse(data, SPECS)
        except ValueError:
            continue
        read += 1
        with np.load(io.BytesIO(data), allow_pickle=False) as plain:
            for name in SPECS:
                np.testing.assert_array_equal(arrays[name], plain[name])
    assert 0 < read < 300
