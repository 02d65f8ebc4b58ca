"""Execute notebooks/*.py through papermill and write notebooks with outputs.

    python tools/run_notebooks.py OUT [-j 2] [-p NAME VALUE] [--results FOLDER] [STEM ...]

A notebook runs again only if something that decides its outputs changed: its source, the package, reference/,
measured/, benchmarks/results/, tests/data/, results/, the pinned requirements, a parameter, or this file. With
--results they read the recorded runs of another folder too.
"""

import argparse
import ast
import datetime
import hashlib
import json
import os
import platform
import shutil
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import notebook_environment

ROOT = Path(__file__).resolve().parents[1]
DECISIVE = (
    "src/replica",
    "reference",
    "measured",
    "benchmarks/results",
    "tests/data",
    "results",
    "requirements",
    "tools/run_notebooks.py",
    "tools/notebook_environment.py",
)
KEPT_METADATA = {"tags", "mystnb"}


def normalise(notebook: Any, stem: str) -> Any:
    """Remove what differs from run to run: ids, times, papermill's marks, stderr."""
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"{stem[:40]}-{number:02d}"
        cell.metadata = {key: value for key, value in cell.metadata.items() if key in KEPT_METADATA and value}
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"]}
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def files_under(paths: Iterable[Path]) -> list[Path]:
    """All files at or below the paths, without byte code, in one fixed order."""
    found = {file for path in paths for file in [path, *path.rglob("*")] if file.is_file()}
    return sorted(file for file in found if "__pycache__" not in file.parts)


def key(source: Path, parameters: dict[str, Any], root: Path = ROOT) -> str:
    """SHA-256 over everything that decides the outputs of one notebook."""
    digest = hashlib.sha256(json.dumps(parameters, sort_keys=True, default=str).encode())
    for file in [source, *files_under(root / name for name in DECISIVE)]:
        digest.update(f"{file.relative_to(root)} {file.stat().st_size}\n".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def declared(notebook: Any) -> set[str]:
    """Names that the cell tagged `parameters` assigns."""
    cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    assignments = [node for cell in cells for node in ast.parse(cell.source).body if isinstance(node, ast.Assign)]
    return {target.id for node in assignments for target in node.targets if isinstance(target, ast.Name)}


def literal(text: str) -> Any:
    """The Python value that the text spells, or the text itself."""
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):  # the last two of text that is nested deeply
        return text


def told(seconds: float) -> str:
    """What the status page tells of one execution; it lies beside the notebook, never in it."""
    from replica import provenance

    finished = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
    machine = f"{provenance.processor()}, {os.cpu_count()} cores, {platform.system()}"
    versions = {"python": platform.python_version()} | provenance.packages()
    return json.dumps({"seconds": round(seconds), "finished": finished, "machine": machine, "versions": versions})


def folder_with(results: Path, out: Path) -> Path:
    """A folder to run notebooks in, in which they find these results beside the checkout's own."""
    checkout = out / "checkout"
    shutil.rmtree(checkout, ignore_errors=True)
    for store in (ROOT / "results", results.resolve()):  # a digest is of one run, so the two never clash
        for file in store.glob("??/*.*"):
            link = checkout / "results" / file.relative_to(store)
            link.parent.mkdir(parents=True, exist_ok=True)
            if not link.exists():
                link.symlink_to(file)
    for shared in ("reference", "measured", "benchmarks", "tests"):
        (checkout / shared).symlink_to(ROOT / shared)
    return checkout


def execute(source: Path, out: Path, parameters: dict[str, Any], folder: Path | None = None) -> float:
    """Run one text notebook, in its own folder or another, and write it, normalised, to `out`; the seconds it took."""
    import jupytext
    import nbformat
    import papermill
    from nbclient.exceptions import DeadKernelError

    begin = time.perf_counter()
    raw = out.parent / "raw" / f"{source.stem}.ipynb"  # papermill leaves a failed run here, with its error
    raw.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(normalise(jupytext.read(source), source.stem), raw)
    try:
        papermill.execute_notebook(
            raw,
            raw,
            parameters,
            cwd=str(folder or source.parent),
            kernel_name="python3",
            progress_bar=False,
            start_timeout=120,
            execution_timeout=600,
        )
    except DeadKernelError as error:
        raise RuntimeError(told_of_death(nbformat.read(raw, as_version=4), source)) from error
    write(normalise(nbformat.read(raw, as_version=4), source.stem), out / f"{source.stem}.ipynb")
    return time.perf_counter() - begin


def write(notebook: Any, file: Path) -> None:
    """Write a notebook, whole or not at all."""
    import nbformat

    from replica.files import write_atomically

    write_atomically(file, (nbformat.writes(notebook).rstrip("\n") + "\n").encode())


def told_of_death(notebook: Any, source: Path) -> str:
    """Which cell was running when a kernel died: the last one that papermill says to have started."""
    started = [k for k, cell in enumerate(notebook.cells) if cell.metadata.get("papermill", {}).get("start_time")]
    line = notebook.cells[started[-1]].source.strip().partition("\n")[0] if started else ""
    where = f"cell {started[-1]}, which begins with {line!r}" if started else "none of its cells"
    return (
        f"A kernel lives until the last cell of its notebook. That of {source.name} died in {where}. "
        "Perhaps memory ran out: close what else needs it, and run the notebook again."
    )


def parameters_of(sources: list[Path], given: dict[str, Any]) -> dict[Path, dict[str, Any]]:
    """For each notebook those of the given parameters that it declares."""
    import jupytext

    names = {source: declared(jupytext.read(source)) for source in sources}
    unknown = set(given) - set().union(*names.values())
    if unknown:
        raise SystemExit(
            f"A parameter is a name that some notebook's cell tagged `parameters` assigns. Received {sorted(unknown)}. "
            f"Choose from {sorted(set().union(*names.values()))}."
        )
    return {source: {name: given[name] for name in given if name in names[source]} for source in sources}


def select(stems: list[str]) -> list[Path]:
    """The notebooks named, or all of them."""
    sources = sorted((ROOT / "notebooks").glob("[0-9]*.py"))
    unknown = set(stems) - {source.stem for source in sources}
    if unknown:
        raise SystemExit(
            f"A notebook is named by its file without suffix. Received {sorted(unknown)}. "
            f"Choose from {[source.stem for source in sources]}."
        )
    return [source for source in sources if not stems or source.stem in stems]


def is_current(out: Path, source: Path, parameters: dict[str, Any]) -> bool:
    """Whether the executed notebook is there and its key has not changed."""
    stamp = out / f"{source.stem}.key"
    executed = out / f"{source.stem}.ipynb"
    return executed.exists() and stamp.exists() and stamp.read_text() == key(source, parameters)


def forget_vanished(out: Path) -> None:
    """Remove executed notebooks whose source is gone."""
    for file in [*out.glob("*.ipynb"), *out.glob("*.json"), *out.glob("*.key")]:
        if not (ROOT / "notebooks" / f"{file.stem}.py").exists():
            file.unlink()


def main() -> int:
    """Run what is not current; 1 if a notebook failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("stems", nargs="*")
    parser.add_argument("-j", "--jobs", type=int, default=2)
    parser.add_argument("--results", type=Path)
    parser.add_argument("-p", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"))
    args = parser.parse_intermixed_args()
    out = args.out.resolve()
    if out == ROOT / "notebooks":
        parser.error("OUT must not hold the records; `make records` refreshes them")
    out.mkdir(parents=True, exist_ok=True)
    notebook_environment.prepare()
    forget_vanished(out)
    parameters = parameters_of(select(args.stems), {name: literal(value) for name, value in args.p})
    folder = folder_with(args.results, out) if args.results else None
    due = {source: key(source, chosen) for source, chosen in parameters.items() if not is_current(out, source, chosen)}

    failed = 0
    with ProcessPoolExecutor(args.jobs) as pool:  # not threads: papermill changes the working directory
        jobs = {source: pool.submit(execute, source, out, parameters[source], folder) for source in due}
        for source, job in jobs.items():
            try:
                print(f"{source.stem}: {job.result():.0f} s", flush=True)
                (out / f"{source.stem}.json").write_text(told(job.result()))
                (out / f"{source.stem}.key").write_text(due[source])
            except Exception as error:  # reported, counted, and the exit code says so
                failed += 1
                (out / f"{source.stem}.key").unlink(missing_ok=True)
                print(f"{source.stem}: FAILED\n{error}", file=sys.stderr, flush=True)
    where = os.path.relpath(out, ROOT)
    print(f"{where}: {len(due) - failed} notebooks executed, {len(parameters) - len(due)} current, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    raise SystemExit(main())
