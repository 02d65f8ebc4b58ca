"""Recorded results: the only writer and reader of ``results/``.

A result is two files, named by the run's digest: a JSON record (run, moments, history, provenance) and an npz archive
of predictions. The record holds the archive's SHA-256 and its own, both checked at each read. Each file is written
beside its place and then renamed, the record last, so that a result is there whole or not at all.
"""

import dataclasses
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from replica.files import write_atomically
from replica.metrics import Moments
from replica.runs import AnyRun, Result, canonical, digest, from_canonical


class Store:
    """A folder of recorded results."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    def __contains__(self, run: AnyRun) -> bool:
        return self._record(digest(run)).exists()

    def __iter__(self) -> Iterator[Result]:
        """Every recorded result, in the order of the digests."""
        return (self._read(path.stem) for path in sorted(self.folder.glob("??/*.json")))

    def save(self, result: Result) -> None:
        """Write a result, whole or not at all; a run that is recorded already is left as it is.

        Raises:
            OSError: If the disk does not take it; nothing of the result is then left.
        """
        if result.run in self:
            return
        key = digest(result.run)
        arrays = {f"{p}/{name}": x for p, by_name in result.predictions.items() for name, x in by_name.items()}
        archive = io.BytesIO()
        np.savez_compressed(archive, **arrays)  # type: ignore[arg-type]  # numpy's stub takes the names for options
        body = {
            "run": canonical(result.run),
            "moments": _round_trip_moments(result),
            "shifted_ccc": result.shifted_ccc,
            "history": result.history,
            "provenance": result.provenance,
            "predictions_sha256": _sha256(archive.getvalue()),
        }
        self._record(key).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self._archive(key), archive.getvalue())
        try:
            write_atomically(self._record(key), _dump(body | {"sha256": _sha256(_dump(body))}))
        except BaseException:
            self._archive(key).unlink()
            raise

    def load(self, run: AnyRun) -> Result:
        """The recorded result of a run.

        Raises:
            FileNotFoundError: If the run is not recorded.
            ValueError: If a file was altered or cut since it was written.
        """
        if run not in self:
            raise FileNotFoundError(
                f"A result is read from its record. There is no {self._record(digest(run))} for {canonical(run)}. "
                "Train it with `replica sweep`, or restore the folder from version control."
            )
        return self._read(digest(run))

    def _read(self, key: str) -> Result:
        record, archive = self._record(key), self._archive(key)
        try:
            body = json.loads(record.read_bytes())
            told = body.pop("sha256")
            whole = told == _sha256(_dump(body)) and digest(from_canonical(body["run"])) == key
        except (ValueError, KeyError, TypeError, AttributeError):
            whole = False
        if not whole:
            raise _altered(record)
        data = archive.read_bytes() if archive.exists() else b""
        if _sha256(data) != body["predictions_sha256"]:
            raise _altered(archive)
        return Result(
            run=from_canonical(body["run"]),
            moments={
                p: {d: {name: Moments(*row) for name, row in rows.items()} for d, rows in by_dimension.items()}
                for p, by_dimension in body["moments"].items()
            },
            shifted_ccc=body["shifted_ccc"],
            predictions=_predictions(data),
            history=body["history"],
            provenance=body["provenance"],
        )

    def _record(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"

    def _archive(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.npz"


def _round_trip_moments(result: Result) -> dict[str, Any]:
    return {
        p: {d: {name: list(dataclasses.astuple(m)) for name, m in rows.items()} for d, rows in by_dimension.items()}
        for p, by_dimension in result.moments.items()
    }


def _predictions(data: bytes) -> dict[str, dict[str, np.ndarray]]:
    predictions: dict[str, dict[str, np.ndarray]] = {}
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        for key in arrays.files:
            partition, name = key.split("/", 1)
            predictions.setdefault(partition, {})[name] = arrays[key]
    return predictions


def _dump(body: dict[str, Any]) -> bytes:
    return (json.dumps(body, sort_keys=True, indent=1) + "\n").encode()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _altered(path: Path) -> ValueError:
    return ValueError(
        f"A recorded result is read only as it was written. {path} is missing, cut or altered. "
        "Restore it from version control, or delete both files of that digest and train again with `replica sweep`."
    )
