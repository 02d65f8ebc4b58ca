"""The notebooks and their records: checks that need no kernel, and one that proves that the comparison bites."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_notebook, new_output

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "notebooks").glob("[0-9]*.py"))
every_notebook = pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)

# Cells whose output depends on the machine: they train or time something live, or hold a sound. Notebook -> first lines
# of the cells.
LIVE_CELLS = {
    "05_3_loss_functions": [
        "from replica import training",
        "fig, (left, right) = plt.subplots(1, 2, figsize=(8.4, 3.2), width_ratios=[1, 1.6])",
    ],
    "07_5_simulated_speaker": ["HEARD = 12"],
}
LIVE_CALLS = re.compile(r"\.fit\(|\bexecute\(|perf_counter\(|process_time\(|time\.time\(")
ABSOLUTE_PATH = re.compile(r"(?<![\w./:<>-])(?:/(?:home|root|work|tmp|usr|opt|var|mnt|Users|private)/|[A-Z]:\\\\)\w")


def record_of(source):
    return nbformat.read(source.with_suffix(".ipynb"), as_version=4)


def tags(cell):
    return cell.metadata.get("tags", [])


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@every_notebook
def test_record_holds_the_cells_of_its_source(source):
    """A run with parameters has one cell more, so it can never pass for the record."""
    cells = [[(cell.cell_type, cell.source, tags(cell)) for cell in notebook.cells] for notebook in
             (record_of(source), jupytext.read(source))]  # fmt: skip
    assert cells[0] == cells[1], "run `make records`"


@every_notebook
def test_record_is_executed_and_clean(source):
    record = record_of(source)
    nbformat.validate(record)
    code = code_cells(record)
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert sum("parameters" in tags(cell) for cell in code) == 1
    assert set(record.metadata) == {"kernelspec"}
    outputs = [output for cell in code for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]


@every_notebook
def test_no_absolute_path(source):
    found = ABSOLUTE_PATH.search(source.with_suffix(".ipynb").read_text())
    assert not found, f"a record must not hold a path of one machine: {found.group()}"


@every_notebook
def test_what_is_glued_into_a_sentence_is_a_plain_value(source):
    """The book formats the text of a value: a NumPy scalar's, np.float64(0.416), stands in the sentence as it is."""
    glued = [data for cell in code_cells(record_of(source)) for output in cell.outputs
             for kind, data in output.get("data", {}).items() if kind.endswith("record/text/plain")]  # fmt: skip
    assert [text for text in glued if text.startswith("np.")] == [], "glue float(value) or int(value)"


def test_an_absolute_path_is_found():
    assert ABSOLUTE_PATH.search('"/home/ann/x.py"') and ABSOLUTE_PATH.search(r"C:\\Users")
    assert not ABSOLUTE_PATH.search('"../home/x" "https://a.org/usr/x" "a/tmp/x" "</var>"')


@every_notebook
def test_cells_that_are_not_compared_are_listed_here(source):
    found = [
        cell.source.splitlines()[0] for cell in code_cells(record_of(source)) if "nbval-ignore-output" in tags(cell)
    ]
    assert found == LIVE_CELLS.get(source.stem, [])


@every_notebook
def test_a_cell_that_shows_what_it_trains_or_times_is_not_compared(source):
    for cell in code_cells(record_of(source)):
        if cell.outputs and LIVE_CALLS.search(cell.source):
            assert "nbval-ignore-output" in tags(cell), cell.source


@every_notebook
def test_no_cell_escapes_the_comparison(source):
    used = {tag for cell in record_of(source).cells for tag in tags(cell)}
    assert not used & {"nbval-skip", "nbval-raises-exception", "raises-exception", "skip-execution"}
    assert "NBVAL" not in source.read_text()


@every_notebook
def test_functions_live_in_the_package(source):
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, definitions):
            assert node.end_lineno - node.lineno < 3, f"move {node.name} into the package"


def test_every_source_has_a_record_and_every_record_a_source():
    assert {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")} == {path.stem for path in SOURCES}


def test_every_notebook_is_in_the_book_and_every_page_is_there():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    pages = [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]
    assert {f"notebooks/{source.stem}" for source in SOURCES} <= set(pages)
    assert [page for page in pages if not list(ROOT.glob(f"{page}.*"))] == []


def recorded(source, kind, **content):
    """An executed cell with one output."""
    return new_code_cell(source, execution_count=1, outputs=[new_output(kind, **content)])


def test_strict_comparison(tmp_path):
    """Under the rules of `make test`, a changed number in a record fails, and a changed picture does not."""
    show = "display({'text/plain': 'p', 'application/papermill.record/image/png': 'AAAA'}, raw=True)"
    picture = {"text/plain": "p", "application/papermill.record/image/png": "b3RoZXIgZm9udHM="}
    cells = [
        recorded("print(0.25)", "stream", text="0.25\n"),
        recorded("print(0.25)", "stream", text="0.26\n"),
        recorded("0.25", "execute_result", data={"text/plain": "0.2501"}, execution_count=1),
        recorded(show, "display_data", data=picture),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), tmp_path / "x.ipynb")
    (tmp_path / "conftest.py").write_text((ROOT / "conftest.py").read_text())
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {ROOT / 'tools'}\n")
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env"]
    command += ["--nbval-sanitize-with", str(ROOT / "tests/nbval.cfg"), "x.ipynb"]
    # Where CI is set, pytest prints each message once more in its summary.
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert re.findall(r"Cell \d (PASSED|FAILED)", run.stdout) == ["PASSED", "FAILED", "FAILED", "PASSED"], run.stdout
    assert run.stdout.count("outputs differ") == 2, run.stdout
