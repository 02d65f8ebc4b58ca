"""Arrays of a ``.npz`` or ``.npy`` file from a stranger, read only if they are those that were declared.

``numpy.load`` without pickle executes nothing, but it asks for as much memory as a header claims. Here names, types and
shapes are known beforehand: what a member may take is compared with what it says before it is unpacked, and each header
before its array is made.
"""

import io
import math
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Specs", "most_bytes", "parse"]

Specs = Mapping[str, tuple[str, tuple[int, ...]]]
"""Name of an array to its type and shape. The name "" stands alone, for the array of a ``.npy`` file."""

HEADER_BYTES = 4096  # more than the header of an array, or of a member of an archive, ever takes
ENTRY = b"PK\x01\x02"  # begins each entry in the list of an archive's members
SPARE_ENTRIES = 10  # numbers may hold that mark by chance
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the other ways may ask for gigabytes to unpack


def most_bytes(specs: Specs) -> int:
    """What a file of these arrays may take."""
    return HEADER_BYTES + sum(2 * HEADER_BYTES + _content_bytes(spec) for spec in specs.values())


def parse(data: bytes, specs: Specs) -> dict[str, NDArray[Any]]:
    """The arrays of a file's content.

    Args:
        data: What the file holds, at most :func:`most_bytes` of it.
        specs: What it must hold: these arrays and no others.

    Raises:
        ValueError: If it holds anything else, or a number that is not finite. The text says what was found.
    """
    try:
        arrays = {name: _array(content, specs[name]) for name, content in _members(data, specs).items()}
    except Exception as error:  # zipfile, zlib and NumPy raise a dozen kinds of files that are made to break them
        raise ValueError(str(error)[:300] or type(error).__name__) from error
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise ValueError(f"NaN or infinity in {name or 'its array'}")
    return arrays


def _content_bytes(spec: tuple[str, tuple[int, ...]]) -> int:
    return np.dtype(spec[0]).itemsize * math.prod(spec[1])


def _members(data: bytes, specs: Specs) -> dict[str, bytes]:
    """Each array's file, read up to the size that the array may have and no byte further."""
    if set(specs) == {""}:
        return {"": data}
    if data.count(ENTRY) > len(specs) + SPARE_ENTRIES:  # a million of them would take a gigabyte to list
        raise ValueError(f"more than {len(specs)} members")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
        if sorted(info.filename for info in infos) != sorted(f"{name}.npy" for name in specs):
            raise ValueError(f"the members {ascii([info.filename for info in infos])[:200]}")
        found = {}
        for info in infos:
            name = info.filename.removesuffix(".npy")
            most = HEADER_BYTES + _content_bytes(specs[name])
            if info.file_size > most or info.compress_type not in PACKED:
                raise ValueError(
                    f"{info.file_size} bytes in {name}.npy, which may have {most}, packed in way {info.compress_type}"
                )
            with archive.open(info) as member:
                found[name] = member.read(most)
        return found


def _array(content: bytes, spec: tuple[str, tuple[int, ...]]) -> NDArray[Any]:
    """One array, once its header was compared with what it must be: no memory is asked for before."""
    stream = io.BytesIO(content)
    version = np.lib.format.read_magic(stream)
    if version != (1, 0):
        raise ValueError(f"an array of version {version}")
    shape, in_columns, dtype = np.lib.format.read_array_header_1_0(stream, max_header_size=HEADER_BYTES)
    if (shape, dtype) != (spec[1], np.dtype(spec[0])):
        told = f"{ascii(shape)[:100]} of type {dtype}"
        raise ValueError(f"an array of shape {told}, instead of {spec[1]} of type {np.dtype(spec[0])}")
    values = content[stream.tell() :]
    if len(values) != _content_bytes(spec):
        raise ValueError(f"an array of {len(values)} bytes instead of {_content_bytes(spec)}")
    return np.frombuffer(values, dtype).reshape(shape, order="F" if in_columns else "C")
