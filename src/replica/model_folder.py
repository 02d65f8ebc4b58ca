"""A trained model as a folder of plain files: what ``replica train`` writes and ``replica predict`` reads.

``model.json`` declares the network (a :class:`replica.runs.Run`) and how its features were made; ``weights.npz`` and
``statistics.npz`` hold arrays; the mean face and the components of the appearance lie beside them where the features
need them; ``MODEL_CARD.md`` is for people; ``SHA256SUMS`` has the sum of each, as ``sha256sum -c`` reads it.

A folder is written whole or not at all. It is read as data from a stranger: only files of these names, none through a
link, each refused by its size before it is read, each array by its header before it is unpacked. Nothing of it is ever
executed, and nothing of it names a place to write to: the network is built by this package from a declaration that it
would accept from a caller.
"""

import hashlib
import io
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replica import files, model_declaration
from replica.declared_arrays import Specs, most_bytes, parse
from replica.model_declaration import refuse
from replica.trained_model import SHARED, Model, weight_shapes, width

__all__ = ["CARD", "check_new", "read", "write"]

DECLARATION, WEIGHTS, STATISTICS = "model.json", "weights.npz", "statistics.npz"
CARD, SUMS = "MODEL_CARD.md", "SHA256SUMS"

MOST_TEXT_BYTES = 1_000_000  # of the declaration, of the card, and of the sums

Arrays = Mapping[str, NDArray[Any]]

_SUM = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_.]+)")


# Writing


def write(folder: Path, model: Model, card: str) -> None:
    """Write a model's folder, all of it or nothing.

    Args:
        folder: A new one.
        model: What to write.
        card: The model card, Markdown.

    Raises:
        FileExistsError: If there is something at that place.
        OSError: If the disk does not take it.
    """
    check_new(folder)
    content = {
        DECLARATION: (json.dumps(model_declaration.declare(model), indent=1) + "\n").encode(),
        WEIGHTS: _archive({_weight(k): np.asarray(w, "<f4") for k, w in enumerate(model.weights)}),
        STATISTICS: _archive({"mean": np.asarray(model.mean, "<f8"), "deviation": np.asarray(model.deviation, "<f8")}),
        CARD: card.encode(),
    } | dict(model.shared)
    content[SUMS] = "".join(f"{_sha256(data)}  {name}\n" for name, data in sorted(content.items())).encode()
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        for name, data in content.items():
            with (beside / name).open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        beside.chmod(0o755)
        check_new(folder)  # a rename takes the place of an empty folder
        beside.rename(folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    files.keep_names(folder)
    files.keep_names(folder.parent)


def check_new(folder: Path) -> None:
    """Refuse a place where no model can be written; as :func:`replica.files.check_new`."""
    files.check_new(folder, "A model is written to a folder of its own.")


def _archive(arrays: Arrays) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)  # type: ignore[arg-type]  # numpy's stub takes the names for options
    return file.getvalue()


def _weight(number: int) -> str:
    return f"weights_{number}"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# Reading


def read(folder: Path) -> Model:
    """Read a model's folder, whoever wrote it.

    Args:
        folder: Where it is.

    Returns:
        The model, each array of the shape and type that its declaration asks for, all numbers finite.

    Raises:
        FileNotFoundError: If it is no folder, or lacks a file.
        ValueError: If anything in it is not as :func:`write` would have written it. The error names the file.
    """
    if not folder.is_dir():
        found = f"the file {folder}" if folder.exists() else f"nothing at {folder}"
        raise FileNotFoundError(
            f"A model is a folder that `replica train` wrote. There is {found}. Name the folder; "
            "files of Keras, HDF5 or pickle are never opened."
        )
    sums = _sums(folder)
    declared = model_declaration.read(folder / DECLARATION, _file(folder, DECLARATION, MOST_TEXT_BYTES, sums))
    of_weights: Specs = {_weight(k): ("<f4", shape) for k, shape in enumerate(weight_shapes(declared["run"]))}
    of_train: Specs = {name: ("<f8", (sum(map(width, declared["run"].features)),)) for name in ("mean", "deviation")}
    weights, _ = _arrays(folder, WEIGHTS, of_weights, sums)
    train, _ = _arrays(folder, STATISTICS, of_train, sums)
    if not (train["deviation"] > 0).all():
        refuse(folder / STATISTICS, "deviations above 0", f"{train['deviation'].min():g}")
    shared = dict[str, bytes]()
    for feature, recipe in declared["recipes"].items():
        if feature in SHARED and recipe.extracted:
            name, specs = SHARED[feature]
            _, shared[name] = _arrays(folder, name, specs, sums)
    _file(folder, CARD, MOST_TEXT_BYTES, sums)
    return Model(
        **declared,
        weights=[weights[name] for name in of_weights],
        mean=train["mean"],
        deviation=train["deviation"],
        shared=shared,
    )


def _sums(folder: Path) -> dict[str, str]:
    """File to SHA-256."""
    lines = _bytes(folder / SUMS, MOST_TEXT_BYTES).decode("ascii", errors="replace").splitlines()
    found = [_SUM.fullmatch(line) for line in lines]
    sums = {line[2]: line[1] for line in found if line}
    if len(sums) != len(lines):
        refuse(
            folder / SUMS, "a SHA-256, two blanks and the plain name of a file in each line, no name twice", "others"
        )
    return sums


def _file(folder: Path, name: str, most: int, sums: Mapping[str, str]) -> bytes:
    data = _bytes(folder / name, most)
    if sums.get(name) != _sha256(data):
        refuse(folder / name, f"what {SUMS} says", "another SHA-256" if name in sums else "no SHA-256 for it")
    return data


def _arrays(folder: Path, name: str, specs: Specs, sums: Mapping[str, str]) -> tuple[dict[str, NDArray[Any]], bytes]:
    """The arrays of a file, and its content as it stands."""
    data = _file(folder, name, most_bytes(specs), sums)
    try:
        return parse(data, specs), data
    except ValueError as error:
        refuse(folder / name, "the arrays that its declaration asks for", str(error))


def _bytes(file: Path, most: int) -> bytes:
    """A plain file of limited size; no link is followed, no device or pipe opened."""
    try:
        about = file.lstat()
    except FileNotFoundError:
        there = sorted(place.name for place in file.parent.iterdir())[:10]
        raise FileNotFoundError(
            f"A model's folder holds {file.name}. {file.parent} has {', '.join(map(repr, there)) or 'no file'}. "
            "Name a folder that `replica train` wrote, or copy all of it again."
        ) from None
    if not stat.S_ISREG(about.st_mode):
        refuse(file, "a plain file", "a link, folder or device")
    if about.st_size > most:
        refuse(file, f"at most {most} bytes", f"{about.st_size}")
    with file.open("rb") as opened:
        return opened.read(most)
