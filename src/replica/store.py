"""Recorded results: the only writer and reader of ``results/``.

A result is two files, named by the run's digest: a JSON record (run, moments, history, provenance) and an npz archive
of predictions in fixed point. The record's first line holds the SHA-256 of the rest of it, and the rest that of the
archive; both are checked when a store first reads them. Each file is written beside its place and then renamed, the
record last, so that a result is there whole or not at all.
"""

import dataclasses
import hashlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from replica import fixed_point
from replica.files import write_atomically
from replica.metrics import Moments
from replica.runs import AnyRun, Result, canonical, digest, from_canonical

RECORDED = ("dev", "test")  # partitions whose predictions are kept
LIST_OF_NUMBERS = re.compile(rb"\[\n\s+([^\[\]{}\"]+?)\s+\]")  # over several lines, as json.dumps indents it


class Files(NamedTuple):
    """A result as the two files that record it; also what a worker without a shared disk sends."""

    record: bytes
    archive: bytes


class Record(NamedTuple):
    """What a record tells without the predictions."""

    run: AnyRun
    moments: dict[str, dict[str, dict[str, Moments]]]
    history: dict[str, Any]
    provenance: dict[str, Any]


class Store:
    """A folder of recorded results."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        # A result never changes, and a page asks for it in table after table.
        self._loaded: dict[str, Result] = {}
        self._told: dict[str, Record] = {}

    def __contains__(self, run: AnyRun) -> bool:
        return self._record(digest(run)).exists()

    def __iter__(self) -> Iterator[Result]:
        """Every recorded result, in the order of the digests."""
        return (self._unpack(key) for key in self.digests())

    def digests(self) -> list[str]:
        """Of every recorded run."""
        return sorted(path.stem for path in self.folder.glob("??/*.json"))

    def records(self) -> Iterator[Record]:
        """Every record, without its predictions, in the order of the digests.

        Raises:
            ValueError: If a record was altered or cut when this store first read it.
        """
        for key in self.digests():
            if key not in self._told:
                body = _opened(self._record(key).read_bytes(), key, self._record(key))
                self._told[key] = Record(
                    from_canonical(body["run"]), _moments(body), body["history"], body["provenance"]
                )
            yield self._told[key]

    def altered(self) -> list[Path]:
        """The files that are not as they were written."""
        found = []
        for key in self.digests():
            files = self._files(key)
            try:
                body = _opened(files.record, key, self._record(key))
            except ValueError:
                found.append(self._record(key))
            else:
                found += [self._archive(key)] * (_sha256(files.archive) != body["predictions_sha256"])
        return found

    def save(self, result: Result) -> None:
        """Write a result, whole or not at all; a run that is recorded already is left as it is.

        Raises:
            OSError: If the disk does not take it; nothing of the result is then left.
        """
        self.save_files(digest(result.run), pack(result))

    def save_files(self, key: str, files: Files) -> Result:
        """Write a result that was packed elsewhere, as :meth:`save` does.

        Returns:
            The result.

        Raises:
            OSError: If the disk does not take it; nothing of the result is then left.
            ValueError: If the files are not those of a result of that digest.
        """
        result = unpack(files, key)
        record, archive = self._record(key), self._archive(key)
        if record.exists():
            return result
        record.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(archive, files.archive)
        try:
            write_atomically(record, files.record)
        except BaseException:
            if not record.exists():  # it does where Ctrl-C came after it was renamed
                archive.unlink()
            raise
        return result

    def load(self, run: AnyRun) -> Result:
        """The recorded result of a run, read once: whoever asks again gets the same object, and should not change it.

        Raises:
            FileNotFoundError: If the run is not recorded.
            ValueError: If a file was altered or cut when this store first read it.
        """
        key = self._recorded(run)
        if key not in self._loaded:
            self._loaded[key] = self._unpack(key)
        return self._loaded[key]

    def load_files(self, run: AnyRun) -> Files:
        """The two files of a recorded run, as they are now; raises as :meth:`load` does."""
        key = self._recorded(run)
        files = self._files(key)
        unpack(files, key, self._record(key), self._archive(key))
        return files

    def _recorded(self, run: AnyRun) -> str:
        """Digest of a run that is recorded."""
        key = digest(run)
        if not self._record(key).exists():
            raise FileNotFoundError(
                f"A result is read from its record. There is no {self._record(key)} for {canonical(run)}. "
                "Train it with `replica sweep`, or restore the folder from version control."
            )
        return key

    def _unpack(self, key: str) -> Result:
        return unpack(self._files(key), key, self._record(key), self._archive(key))

    def _files(self, key: str) -> Files:
        archive = self._archive(key)
        return Files(self._record(key).read_bytes(), archive.read_bytes() if archive.exists() else b"")

    def _record(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"

    def _archive(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.npz"


def pack(result: Result) -> Files:
    """A result as its two files, without the predictions of train; equal results give equal bytes."""
    archive = io.BytesIO()
    kept = {p: by_name for p, by_name in result.predictions.items() if p in RECORDED}
    planes = {p: fixed_point.encode(np.stack(list(by_name.values()))) for p, by_name in kept.items()}
    np.savez_compressed(archive, **planes)  # type: ignore[arg-type]  # numpy's stub takes the names for options
    body = {
        "run": canonical(result.run),
        "moments": _plain_moments(result),
        "shifted_ccc": result.shifted_ccc,
        "valleys_and_peaks": result.valleys_and_peaks,
        "history": result.history,
        "provenance": result.provenance,
        "recordings": {p: list(by_name) for p, by_name in kept.items()},
        "predictions_sha256": _sha256(archive.getvalue()),
    }
    rest = _layout(body)
    return Files(_seal(rest) + b"\n" + rest, archive.getvalue())


def unpack(files: Files, key: str, record: Path = Path("the record"), archive: Path = Path("the archive")) -> Result:
    """The result of which :func:`pack` made two files.

    Args:
        files: The two files.
        key: Digest of the run whose result they are.
        record: Where the record was, for the error.
        archive: The same of the archive.

    Raises:
        ValueError: If a file was altered or cut, or is of another run.
    """
    body = _opened(files.record, key, record)
    if _sha256(files.archive) != body["predictions_sha256"]:
        raise _altered(archive)
    try:
        return Result(
            run=from_canonical(body["run"]),
            moments=_moments(body),
            shifted_ccc=body["shifted_ccc"],
            predictions=_predictions(files.archive, body.get("recordings")),
            history=body["history"],
            provenance=body["provenance"],
            valleys_and_peaks=body.get("valleys_and_peaks", {}),
        )
    except (KeyError, TypeError, AttributeError) as error:  # whole, but not as this version writes it
        raise _altered(record) from error


def _moments(body: dict[str, Any]) -> dict[str, dict[str, dict[str, Moments]]]:
    return {
        p: {d: {name: Moments(*row) for name, row in rows.items()} for d, rows in by_dimension.items()}
        for p, by_dimension in body["moments"].items()
    }


def _plain_moments(result: Result) -> dict[str, Any]:
    return {
        p: {d: {name: list(dataclasses.astuple(m)) for name, m in rows.items()} for d, rows in by_dimension.items()}
        for p, by_dimension in result.moments.items()
    }


def _predictions(archive: bytes, recordings: dict[str, list[str]] | None) -> dict[str, dict[str, np.ndarray]]:
    predictions: dict[str, dict[str, np.ndarray]] = {}
    with np.load(io.BytesIO(archive), allow_pickle=False) as arrays:
        if recordings is not None:
            return {p: dict(zip(names, fixed_point.decode(arrays[p]), strict=True)) for p, names in recordings.items()}
        for key in arrays.files:  # of the first results: one float16 array a recording
            partition, name = key.split("/", 1)
            predictions.setdefault(partition, {})[name] = arrays[key]
    return predictions


def _opened(record: bytes, key: str, path: Path) -> dict[str, Any]:
    """What a record holds, once its seal and its run are those it should have."""
    seal, _, rest = record.partition(b"\n")
    try:
        body = json.loads(record)
        sealed = seal == _seal(rest)
        plain = sealed or record == _first_layout(body)  # to lay a record out again takes longer than to read it
        told = body.pop("sha256")
        if plain and (sealed or told == _sha256(_first_layout(body))) and digest(from_canonical(body["run"])) == key:
            return body
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):  # the last of what is nested deeply
        pass
    raise _altered(path)


def _seal(rest: bytes) -> bytes:
    """The first line of a record."""
    return b'{"sha256": "' + _sha256(rest).encode() + b'",'


def _layout(body: dict[str, Any]) -> bytes:
    """A record after its first line: readable and small, one list of numbers a line."""
    text = _first_layout(body).removeprefix(b"{\n")
    return LIST_OF_NUMBERS.sub(lambda found: b"[" + re.sub(rb"\s+", b" ", found[1]) + b"]", text)


def _first_layout(body: dict[str, Any]) -> bytes:
    """How the first results were written, their sum over all but itself: a line for each number."""
    return (json.dumps(body, sort_keys=True, indent=1) + "\n").encode()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _altered(path: Path) -> ValueError:
    return ValueError(
        f"A recorded result is read only as it was written. {path} is missing, cut or altered, or of another version. "
        "Restore it from version control, or delete both files of that digest and train again with `replica sweep`."
    )
