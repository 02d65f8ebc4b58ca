"""What ``model.json`` declares of a trained model: the network, and how its features were made.

It is read as data from a stranger: the run must be one that this package would accept from a caller, of a bearable
size, and every text one that shows as what it is.
"""

import json
import math
import re
from pathlib import Path
from typing import Any, NoReturn

from replica.conventions import FEATURE_WIDTHS
from replica.runs import Run, canonical, from_canonical
from replica.trained_model import Model, Recipe, base, weight_shapes

__all__ = ["declare", "is_plain", "read", "refuse"]

FORMAT = 1

MOST_WEIGHTS = 20_000_000  # the paper's largest network has 0.6 million
MOST_LAYERS = 10
LARGEST = 1e9  # of a distance, and of a number of seconds

_PLAIN = re.compile(r"[ -~]{1,200}")


def declare(model: Model) -> dict[str, Any]:
    """What JSON takes of a model: all but its arrays and files."""
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


def read(file: Path, data: bytes) -> dict[str, Any]:
    """The fields of a :class:`replica.trained_model.Model` that a declaration tells, each value checked.

    Args:
        file: Where it stands, for the errors.
        data: What the file holds.

    Raises:
        ValueError: If it is not what :func:`declare` makes of a model. The error names the file.
    """
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError) as error:
        refuse(file, "JSON", f"{type(error).__name__}")
    names = {"format", "run", "features", "far", "least_seconds", "corpus_digest", "versions"}
    if not isinstance(plain, dict) or set(plain) != names:
        refuse(file, f"the fields {', '.join(sorted(names))}", f"{_shown(plain)}")
    if plain["format"] != FORMAT:
        refuse(file, f"format {FORMAT}", _shown(plain["format"]))
    run = _run(file, plain["run"])
    for name in ("far", "least_seconds"):
        value = plain[name]
        if type(value) not in (int, float) or not 0 <= value <= LARGEST:
            refuse(file, f"a number from 0 to {LARGEST:g} as {name}", _shown(value))
    if not isinstance(plain["corpus_digest"], str) or not re.fullmatch("[0-9a-f]{64}", plain["corpus_digest"]):
        refuse(file, "a SHA-256 as corpus_digest", _shown(plain["corpus_digest"]))
    versions = plain["versions"]
    if not isinstance(versions, dict) or not all(map(is_plain, [*versions, *versions.values()])):
        refuse(file, "versions of packages", _shown(versions))
    rest = {name: plain[name] for name in ("far", "least_seconds", "corpus_digest", "versions")}
    return {"run": run, "recipes": _recipes(file, plain["features"], run), **rest}


def _run(file: Path, plain: Any) -> Run:
    """The declared training, if this package would declare it so and it is of a bearable size."""
    required = "a training as replica.runs.canonical tells it, of the paper's feature sets"
    if not isinstance(plain, dict) or plain.get("kind") != "Run":
        refuse(file, required, _shown(plain))
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
        refuse(file, required, str(error)[:300] or _shown(plain))
    if weights > MOST_WEIGHTS:
        refuse(file, f"a network of at most {MOST_WEIGHTS} weights", "one of more")
    return run


def _recipes(file: Path, plain: Any, run: Run) -> dict[str, Recipe]:
    """How each feature set was made that the run's are made of."""
    names = list(dict.fromkeys(map(base, run.features)))
    if not isinstance(plain, dict) or list(plain) != names:
        refuse(file, f"features of {', '.join(names)}, in this order", _shown(plain))
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
            refuse(file, f"{FEATURE_WIDTHS[name]} different columns of {name}, and whether it was extracted", "others")
    return {name: Recipe(tuple(told["columns"]), told["extracted"]) for name, told in plain.items()}


def is_plain(text: Any) -> bool:
    """Whether it is a short text of ASCII, which shows as what it is wherever it is printed."""
    return isinstance(text, str) and _PLAIN.fullmatch(text) is not None


def _shown(value: Any) -> str:
    """The beginning of a value, for an error."""
    return ascii(value)[:100]


def refuse(file: Path, required: str, received: str) -> NoReturn:
    """Raise the ValueError of a file in a model's folder that holds something else than it must."""
    shown = ascii(received)[1:-1]  # a terminal must not obey it
    raise ValueError(
        f"{file} must hold {required}. Received {shown}. It was altered, or another tool wrote it: "
        "use a folder that `replica train` wrote."
    )
