"""Face patches from files, as the appearance features take them.

Two layouts are read: an array in a ``.npy`` file, and a folder of pictures of the aligned face (one a frame, numbered
by their names from 1), as OpenFace writes it with ``-simalign``.
"""

import tokenize
from pathlib import Path
from typing import NoReturn

import cv2
import numpy as np
from numpy.typing import NDArray

from replica.features.appearance import PATCH
from replica.features.frame_files import numbered

__all__ = ["PICTURES", "read"]

PICTURES = (".bmp", ".jpg", ".jpeg", ".png")


def read(path: str | Path) -> NDArray[np.uint8]:
    """Face patches of one recording, a row for each frame of 40 ms.

    Args:
        path: A ``.npy`` file of the patches, or a folder of square pictures, which are made grey and scaled.

    Returns:
        ``(frames, 48, 48)`` uint8, grey; 0 in frames without a picture. Of a ``.npy`` file, only what is looked at is
        read.

    Raises:
        FileNotFoundError: If there is no such file or folder, or the folder holds no picture.
        ValueError: If a file is damaged or holds something else; the error names it.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(
            f"Face patches are a .npy file or a folder of pictures. Found nothing at {path}. "
            "Correct the path, or cut the faces out first."
        )
    return _pictures(path) if path.is_dir() else _array(path)


def _pictures(folder: Path) -> NDArray[np.uint8]:
    files, rows = numbered(folder, PICTURES)
    patches = np.zeros((rows.max() + 1, PATCH, PATCH), np.uint8)
    for file, row in zip(files, rows, strict=True):
        patches[row] = _picture(file)
    return patches


def _picture(file: Path) -> NDArray[np.uint8]:
    try:
        picture = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
    except cv2.error:  # such as a header that speaks of more pixels than any picture has
        picture = None
    if picture is None:
        _refuse(file, "a picture", "a file that is damaged or of another kind", "Write the frame's picture again")
    if picture.shape[0] != picture.shape[1]:
        found = f"{picture.shape[1]} x {picture.shape[0]} pixels"
        _refuse(file, "a square picture", found, "Let the tracker write aligned faces, not whole frames")
    # Averaging over what falls into one pixel; anything sharper would add patterns of its own.
    return np.asarray(cv2.resize(picture, (PATCH, PATCH), interpolation=cv2.INTER_AREA), np.uint8)


def _array(file: Path) -> NDArray[np.uint8]:
    try:
        patches = np.load(file, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, OSError, SyntaxError, tokenize.TokenError) as error:  # its header is Python text
        _refuse(file, "an array written by numpy.save", str(error), "Write it with numpy.save")
    if not isinstance(patches, np.memmap) or patches.shape[1:] != (PATCH, PATCH) or patches.dtype != np.uint8:
        found = f"shape {getattr(patches, 'shape', None)} of type {getattr(patches, 'dtype', None)}"
        remedy = "Cut the aligned face out of each frame, make it grey and scale it to that size"
        _refuse(file, f"an array (frames, {PATCH}, {PATCH}) uint8", found, remedy)
    beyond = file.stat().st_size - patches.offset - patches.nbytes  # a file that is cut did not load at all
    if beyond:
        _refuse(file, "a file as long as its header tells", f"{beyond} bytes more", "Write it with numpy.save")
    return patches


def _refuse(file: Path, required: str, received: str, remedy: str) -> NoReturn:
    raise ValueError(f"Face patches need {required}. Received {received}, in {file}. {remedy}.")
