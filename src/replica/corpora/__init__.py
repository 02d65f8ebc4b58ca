"""The corpora, behind one interface: where the recordings come from is one argument.

- ``simulated``: latent emotion drives cues of voice, face, heart and skin; made from a seed, always there.
  Options ``seed``, ``size``, ``effect``, ``delay_seconds``, ``correlation``.
- ``simulated_signals``: the same cohorts recorded as sound, pictures, ECG and EDA, and the paper's six feature sets
  extracted from these; made by ``replica simulate`` and ``replica features``, read from the folder that
  ``REPLICA_DATA`` names. Options ``path``, ``closed_mouth`` and those of ``simulated``.
- ``studyforrest``: a feature film with nine raters; real, in the public domain; read from the folder that
  ``REPLICA_DATA`` names. Options ``rotation``, ``path``.
- ``ceap360vr``: 32 people rate themselves while they watch eight videos in virtual reality; real, for non-commercial
  use; read from the same folder. Option ``path``.
- ``avec2015``: the paper's own, from your own copy; read from the same folder. Options ``test``, ``path``.
"""

import inspect
from importlib import import_module
from types import ModuleType
from typing import Any

from replica.corpora.recording import Corpus, CorpusKey, Recording

__all__ = ["Corpus", "CorpusKey", "Recording", "available", "key", "load", "load_pinned"]

# One module of this package for each, with load(**options) -> Corpus, key(**options) -> CorpusKey, available() -> bool.
# One that is pinned has DIGESTS: the Corpus.digest of its unaltered copy, for each rotation if it has rotations.
_CORPORA = ("simulated", "simulated_signals", "studyforrest", "ceap360vr", "avec2015")


def load(name: str, **options: Any) -> Corpus:
    """Read or make a corpus.

    Args:
        name: ``simulated``, ``simulated_signals``, ``studyforrest``, ``ceap360vr`` or ``avec2015``.
        **options: The options of the corpus, listed above.

    Returns:
        The corpus with all its recordings.

    Raises:
        ValueError: If the name, an option or its value is unknown, or the data break the contract.
        FileNotFoundError: If the corpus is not on this machine.
    """
    corpus: Corpus = _module(name, options).load(**options)
    return corpus


def key(name: str, **options: Any) -> CorpusKey:
    """The key of a corpus, without its data: a run can be declared where the corpus is missing.

    Options left out stand for their defaults, and the place of the files (``path``) is no part of the key.

    Raises:
        ValueError: If the name, an option or its value is unknown.
    """
    module = _module(name, options)
    corpus_key: CorpusKey = module.key(**{option: value for option, value in options.items() if option != "path"})
    return corpus_key


def load_pinned(key: CorpusKey) -> Corpus:
    """Read or make the corpus of a key, and make sure that it is the data that the key stands for.

    Args:
        key: As :func:`key` gives it, and as a run declares it.

    Raises:
        ValueError: If what is here is another version of the corpus, or an altered copy; or as :func:`load`.
        FileNotFoundError: If the corpus is not on this machine.
    """
    corpus = load(key.name, **dict(key.options))
    if corpus.key != key:
        raise ValueError(
            f"A run is executed on the corpus that it declares, {key}. What is here is {corpus.key}. "
            "Declare the run anew, or get that version."
        )
    digests = getattr(_import(key.name), "DIGESTS", None)
    if digests is not None and corpus.digest != digests[int(dict(key.options).get("rotation", 0))]:
        raise ValueError(
            f"A run on {key.name} is of its version {key.version}. "
            f"The copy in {corpus.recordings[0].source} has other values. Copy the unaltered file again."
        )
    return corpus


def available() -> list[str]:
    """Names of the corpora that can be loaded on this machine."""
    return [name for name in _CORPORA if _import(name).available()]


def _module(name: str, options: dict[str, Any]) -> ModuleType:
    """The module of a corpus, once its name and the options' names are known to be right."""
    if name not in _CORPORA:
        raise ValueError(f"A corpus is one of {_CORPORA}. Received {name!r}. Load one of these, or correct the name.")
    module = _import(name)
    known = tuple(inspect.signature(module.load).parameters)
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise ValueError(
            f"The options of the corpus '{name}' are {known}. Received {unknown}. Leave these out, or correct them."
        )
    return module


def _import(name: str) -> ModuleType:
    """Imported only when asked for: results are read without SciPy."""
    return import_module(f"replica.corpora.{name}")
