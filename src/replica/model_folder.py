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
import math
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from replica.conventions import FEATURE_WIDTHS
from replica.declared_arrays import Specs, most_bytes, parse
from replica.inputs import LONG_TIME
from replica.runs import Run, canonical, from_canonical

__all__ = ["CARD", "Model", "Recipe", "base", "check_new", "is_plain", "read", "weight_shapes", "width", "write"]

DECLARATION, WEIGHTS, STATISTICS = "model.json", "weights.npz", "statistics.npz"
CARD, SUMS = "MODEL_CARD.md", "SHA256SUMS"
FORMAT = 1

MOST_TEXT_BYTES = 1_000_000  # of the declaration, and of the card
MOST_WEIGHTS = 20_000_000  # the paper's largest network has 0.6 million
MOST_LAYERS = 10
LARGEST = 1e9  # of a distance, and of a number of seconds

Arrays = Mapping[str, NDArray[Any]]

# Feature set -> the file that the features of all recordings share, and what is in it. Written out here, since the
# extractors need OpenCV, and a model is read without it.
_BINS = 8 * 24 * 59  # filters, blocks of three planes, labels of a pattern
SHARED: Mapping[str, tuple[str, Specs]] = {
    "video_geo": ("mean_shape.npy", {"": ("<f8", (49, 2))}),
    "video_app": (
        "appearance.npz",
        {
            "filters": ("<i8", ()),
            "mean": ("<f4", (_BINS,)),
            "components": ("<f4", (FEATURE_WIDTHS["video_app"], _BINS)),
            "explained": ("<f8", ()),
        },
    ),
}

_SUM = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_.]+)")
_PLAIN = re.compile(r"[ -~]{1,200}")


@dataclass(frozen=True)
class Recipe:
    """How one feature set of the training was made.

    Attributes:
        columns: Names of its columns, in order.
        extracted: Whether ``replica features`` made it, so that raw recordings can be treated alike.
    """

    columns: tuple[str, ...]
    extracted: bool


@dataclass(frozen=True, eq=False)
class Model:
    """All that a prediction rests on.

    Attributes:
        run: The training, as declared.
        recipes: Feature set to how it was made, for those that the run's sets are made of.
        weights: As :func:`replica.training.train` gives them.
        mean: Of each feature over the frames of train, ``(width,)``, before the z-score, at the run's frame rate.
        deviation: The same, 1 where a feature is constant.
        far: Distance from train that one in a hundred frames of dev exceeds, see
            :func:`replica.predicting.distance`.
        least_seconds: The shortest stretch whose own statistics may make z-scores; 0 where those of train do.
        corpus_digest: SHA-256 of what it was trained on.
        versions: Package to version, of those that compute and extract.
        shared: Files that the features of all recordings share, by name.
    """

    run: Run
    recipes: Mapping[str, Recipe]
    weights: Sequence[NDArray[np.float32]]
    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    far: float
    least_seconds: float
    corpus_digest: str
    versions: Mapping[str, str]
    shared: Mapping[str, bytes] = field(default_factory=dict)


def base(feature: str) -> str:
    """The feature set of the corpus that a run's feature set is made of: ``audio_short`` for ``audio_short_3s``."""
    return feature.removesuffix(LONG_TIME)


def width(feature: str) -> int:
    """Columns of a run's feature set; a KeyError tells of one that is none of the paper's."""
    return FEATURE_WIDTHS[base(feature)] * (2 if feature.endswith(LONG_TIME) else 1)


def weight_shapes(run: Run) -> list[tuple[int, ...]]:
    """Shapes of the weights of a run's network, in Keras' order, without building it."""
    shapes, below = list[tuple[int, ...]](), 0
    for layer, units in enumerate(run.layer_sizes, start=1):
        enters = run.enters or (1,) * len(run.features)
        entering = below + sum(width(name) for name, at in zip(run.features, enters, strict=True) if at == layer)
        halves = 2 if run.direction == "bidirectional" else 1
        shapes += [(entering, 4 * units), (units, 4 * units), (4 * units,), (3, units)] * halves
        below = halves * units
    return [*shapes, (below, len(run.dimensions)), (len(run.dimensions),)]


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
    files = {
        DECLARATION: (json.dumps(_declaration(model), indent=1) + "\n").encode(),
        WEIGHTS: _archive({_weight(k): np.asarray(w, "<f4") for k, w in enumerate(model.weights)}),
        STATISTICS: _archive({"mean": np.asarray(model.mean, "<f8"), "deviation": np.asarray(model.deviation, "<f8")}),
        CARD: card.encode(),
    } | dict(model.shared)
    files[SUMS] = "".join(f"{_sha256(data)}  {name}\n" for name, data in sorted(files.items())).encode()
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        for name, data in files.items():
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


def check_new(folder: Path) -> None:
    """Refuse a place where something is.

    Raises:
        FileExistsError: If so.
    """
    if os.path.lexists(folder):
        raise FileExistsError(
            f"A model is written to a folder of its own. There is {folder} already. Name another, or remove it."
        )


def _declaration(model: Model) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "run": canonical(model.run),
        "features": {
            name: {"columns": list(recipe.columns), "extracted": recipe.extracted}
            for name, recipe in model.recipes.items()
        },
        "far": model.far,
        "least_seconds": model.least_seconds,
        "corpus_digest": model.corpus_digest,
        "versions": dict(model.versions),
    }


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
    model = _model(folder, _file(folder, DECLARATION, MOST_TEXT_BYTES, sums))
    run = model.run
    weights: Specs = {_weight(k): ("<f4", shape) for k, shape in enumerate(weight_shapes(run))}
    features = sum(map(width, run.features))
    statistics: Specs = {name: ("<f8", (features,)) for name in ("mean", "deviation")}
    arrays = _checked(folder / WEIGHTS, _file(folder, WEIGHTS, most_bytes(weights), sums), weights)
    train = _checked(folder / STATISTICS, _file(folder, STATISTICS, most_bytes(statistics), sums), statistics)
    if not (train["deviation"] > 0).all():
        _refuse(folder / STATISTICS, "deviations above 0", f"{train['deviation'].min():g}")
    shared = {}
    for feature, recipe in model.recipes.items():
        if feature in SHARED and recipe.extracted:
            name, specs = SHARED[feature]
            shared[name] = _file(folder, name, most_bytes(specs), sums)
            _checked(folder / name, shared[name], specs)
    _file(folder, CARD, MOST_TEXT_BYTES, sums)
    return replace(
        model,
        weights=[arrays[name] for name in weights],
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
        _refuse(
            folder / SUMS, "a SHA-256, two blanks and the plain name of a file in each line, no name twice", "others"
        )
    return sums


def _file(folder: Path, name: str, most: int, sums: Mapping[str, str]) -> bytes:
    data = _bytes(folder / name, most)
    if sums.get(name) != _sha256(data):
        _refuse(folder / name, f"what {SUMS} says", "another SHA-256" if name in sums else "no SHA-256 for it")
    return data


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
        _refuse(file, "a plain file", "a link, folder or device")
    if about.st_size > most:
        _refuse(file, f"at most {most} bytes", f"{about.st_size}")
    with file.open("rb") as opened:
        return opened.read(most)


def _model(folder: Path, data: bytes) -> Model:
    """The declaration, each value checked; arrays and shared files are still missing."""
    file = folder / DECLARATION
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError) as error:
        _refuse(file, "JSON", f"{type(error).__name__}")
    names = {"format", "run", "features", "far", "least_seconds", "corpus_digest", "versions"}
    if not isinstance(plain, dict) or set(plain) != names:
        _refuse(file, f"the fields {', '.join(sorted(names))}", f"{_shown(plain)}")
    if plain["format"] != FORMAT:
        _refuse(file, f"format {FORMAT}", _shown(plain["format"]))
    run = _run(file, plain["run"])
    for name in ("far", "least_seconds"):
        value = plain[name]
        if type(value) not in (int, float) or not 0 <= value <= LARGEST:
            _refuse(file, f"a number from 0 to {LARGEST:g} as {name}", _shown(value))
    if not isinstance(plain["corpus_digest"], str) or not re.fullmatch("[0-9a-f]{64}", plain["corpus_digest"]):
        _refuse(file, "a SHA-256 as corpus_digest", _shown(plain["corpus_digest"]))
    versions = plain["versions"]
    if not isinstance(versions, dict) or not all(map(is_plain, [*versions, *versions.values()])):
        _refuse(file, "versions of packages", _shown(versions))
    recipes = _recipes(file, plain["features"], run)
    none = np.empty(0)
    return Model(
        run, recipes, [], none, none, plain["far"], plain["least_seconds"], plain["corpus_digest"], versions
    )  # fmt: skip


def _run(file: Path, plain: Any) -> Run:
    """The declared training, if this package would declare it so and it is of a bearable size."""
    required = "a training as replica.runs.canonical tells it, of the paper's feature sets"
    if not isinstance(plain, dict) or plain.get("kind") != "Run":
        _refuse(file, required, _shown(plain))
    try:
        run = from_canonical(plain)
        key = run.corpus
        told = [key.name, key.version, *(str(value) for option in key.options for value in option)]
        if json.loads(json.dumps(canonical(run))) != plain or not all(map(is_plain, told)):
            raise ValueError("something that it is not made of")
        if not isinstance(run, Run):
            raise TypeError
        if len(run.layer_sizes) > MOST_LAYERS:
            raise ValueError(f"{len(run.layer_sizes)} layers, which are more than {MOST_LAYERS}")
        weights = sum(math.prod(shape) for shape in weight_shapes(run))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        _refuse(file, required, str(error)[:300] or _shown(plain))
    if weights > MOST_WEIGHTS:
        _refuse(file, f"a network of at most {MOST_WEIGHTS} weights", "one of more")
    return run


def _recipes(file: Path, plain: Any, run: Run) -> dict[str, Recipe]:
    """How each feature set was made that the run's are made of."""
    names = list(dict.fromkeys(map(base, run.features)))
    if not isinstance(plain, dict) or list(plain) != names:
        _refuse(file, f"features of {', '.join(names)}, in this order", _shown(plain))
    for name, told in plain.items():
        sound = (
            isinstance(told, dict)
            and set(told) == {"columns", "extracted"}
            and type(told["extracted"]) is bool
            and isinstance(told["columns"], list)
            and len(told["columns"]) == FEATURE_WIDTHS[name]
            and all(map(is_plain, told["columns"]))
            and len(set(told["columns"])) == len(told["columns"])
        )
        if not sound:
            _refuse(file, f"{FEATURE_WIDTHS[name]} different columns of {name}, and whether it was extracted", "others")
    return {name: Recipe(tuple(told["columns"]), told["extracted"]) for name, told in plain.items()}


def _checked(file: Path, data: bytes, specs: Specs) -> dict[str, NDArray[Any]]:
    try:
        return parse(data, specs)
    except ValueError as error:
        _refuse(file, "the arrays that its declaration asks for", str(error))


def is_plain(text: Any) -> bool:
    """Whether it is a short text of ASCII, which shows as what it is wherever it is printed."""
    return isinstance(text, str) and _PLAIN.fullmatch(text) is not None


def _shown(value: Any) -> str:
    """The beginning of a value, for an error."""
    return ascii(value)[:100]


def _refuse(file: Path, required: str, received: str) -> NoReturn:
    shown = ascii(received)[1:-1]  # a terminal must not obey it
    raise ValueError(
        f"{file} must hold {required}. Received {shown}. It was altered, or another tool wrote it: "
        "use a folder that `replica train` wrote."
    )
