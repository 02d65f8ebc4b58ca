"""Hostile files get an error that names them, or are read as they are: no crash, no hang, nothing else than they hold.

A part of what `make torture` runs.
"""

import ast
import io
import sys
import zipfile
from pathlib import Path

import generate_avec2015
import hostile
import list_predictions
import list_results
import numpy as np
import papermill.translators
import pytest
import run_notebooks

from replica import corpora
from replica.corpora import arff, studyforrest
from replica.features import faces, landmarks, physiology_table, wav

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """Small generated files, by ending."""
    folder = tmp_path_factory.mktemp("good")
    root = generate_avec2015.generate(folder, frames=12, speakers=2)
    return {ending: [file.read_bytes() for file in sorted(root.rglob(f"*_1{ending}"))] for ending in (".arff", ".csv")}


def tables(good, ending):
    return lambda rng: hostile.mutated(rng, good[ending][rng.integers(len(good[ending]))])


@pytest.mark.reliability("arff")
def test_arff(good, tmp_path, torture, record_property):
    count, file = 2000 if torture else 150, tmp_path / "dev_1.arff"
    hostile.survived(arff.read, hostile.same_table(True), tables(good, ".arff"), count, 1, file, record_property)


@pytest.mark.reliability("tables")
def test_raters(good, tmp_path, torture, record_property):
    count, file = 1000 if torture else 150, tmp_path / "dev_1.csv"
    hostile.survived(arff.read, hostile.same_table(False), tables(good, ".csv"), count, 2, file, record_property)


def read_points(file):
    return landmarks.read(file.parent)


KINDS = {  # of files with a row of their own: the reader, the plain reading, a good file, and its name
    "physiology": (
        lambda file: physiology_table.read(file, "ecg"),
        hostile.same_signal,
        hostile.good_physiology,
        ".csv",
    ),
    "landmarks": (landmarks.read, hostile.same_landmarks, hostile.good_landmarks, ".csv"),
    "points": (read_points, hostile.same_points, hostile.good_points, ".pts"),
    "patches": (faces.read, hostile.same_patches, hostile.good_patches, ".npy"),
    "sound": (wav.read, hostile.same_sound, hostile.good_sound, ".wav"),
}
MARKED = [pytest.param(kind, marks=pytest.mark.reliability("sound" if kind == "sound" else "tables")) for kind in KINDS]


@pytest.mark.parametrize("kind", MARKED)
def test_raw_files(kind, tmp_path, torture, record_property):
    read, same, make, ending = KINDS[kind]
    count, file = 1000 if torture else 100, tmp_path / f"train_1{ending}"
    seed = 3 + list(KINDS).index(kind)
    hostile.survived(read, same, lambda rng: hostile.mutated(rng, make(rng)), count, seed, file, record_property)


HAND_MADE = {
    "no @data": b"@relation r\n@attribute a numeric\n1\n",
    "nominal": b"@relation r\n@attribute a {x,y}\n@data\nx\n",
    "sparse": b"@relation r\n@attribute a numeric\n@attribute b numeric\n@data\n{0 1, 1 2}\n",
    "too large": b"@relation r\n@attribute a numeric\n@data\n1e400\n",
    "comma decimals": b"@relation r\n@attribute a numeric\n@data\n1,5\n",
    "NUL": b"@relation r\n@attribute a numeric\n@data\n1\0\n",
    "twice": b"@relation r\n@attribute a numeric\n@attribute a numeric\n@data\n1,2\n",
    "a million columns": b"@relation r\n@attribute a numeric\n@data\n" + b"1," * 10**6 + b"1\n",
    "one long line": b"9" * 10**6,
    "only @data": b"@data\n" * 1000,
    "UTF-16": "@relation r\n@attribute a numeric\n@data\n1\n".encode("utf-16"),
}


@pytest.mark.reliability("arff")
@pytest.mark.parametrize("kind", HAND_MADE)
def test_made_by_hand(tmp_path, kind):
    file = tmp_path / "dev_1.arff"
    file.write_bytes(HAND_MADE[kind])
    with hostile.time_limit(60), pytest.raises(ValueError, match=str(file)):
        arff.read(file)


# Archives: read in memory, never unpacked, never unpickled


def archive(names, content=b"x"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name in names:
            opened.writestr(name, content)
    return buffer.getvalue()


def npy(header):
    text = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


class Bomb:
    """What would run if it were unpickled."""

    def __reduce__(self):
        return (open, ("executed", "w"))


def pickled():
    buffer = io.BytesIO()
    np.save(buffer, np.array([Bomb()], dtype=object), allow_pickle=True)
    return buffer.getvalue()


ARCHIVES = {
    "paths that lead out": lambda: archive(["../out.npy", "/tmp/out.npy", "a/../../out.npy", "C:\\out.npy"]),
    "pickles": lambda: archive([f"{name}.npy" for name in studyforrest.SHAPES], pickled()),
    "a huge shape": lambda: archive(
        [f"{name}.npy" for name in studyforrest.SHAPES],
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000000,)}"),
    ),
    "code for a header": lambda: archive(
        [f"{name}.npy" for name in studyforrest.SHAPES], npy("__import__('os').system('touch executed')")
    ),
    "no archive": lambda: b"PK\x03\x04" + b"\0" * 200,
    "a bare pickle": lambda: __import__("pickle").dumps(Bomb()),
}


@pytest.mark.reliability("archives")
@pytest.mark.parametrize("kind", ARCHIVES)
def test_archives(tmp_path, monkeypatch, kind):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "data" / studyforrest.FILE
    file.parent.mkdir(parents=True)
    file.write_bytes(ARCHIVES[kind]())
    with hostile.time_limit(60), pytest.raises(ValueError, match=f"{file} must"):
        corpora.load("studyforrest", path=tmp_path / "data")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]


FORBIDDEN = {
    *("eval", "exec", "os.system", "extractall", "yaml.load", "full_load", "unsafe_load", "load_model", "read_pickle"),
    *("pickle", "dill", "cloudpickle", "joblib", "marshal", "shelve", "allow_pickle=True", "shell=True"),
}


def calls(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Call):
            yield ast.unparse(node.func)
            yield ast.unparse(node.func).rpartition(".")[2]
            for keyword in node.keywords:
                if ast.unparse(keyword) in ("allow_pickle=True", "shell=True"):
                    yield ast.unparse(keyword)


def forbidden(text):
    return sorted({call for call in calls(ast.parse(text))} & FORBIDDEN)


def test_nothing_executes_what_it_reads():
    files = [*ROOT.glob("src/replica/**/*.py"), *ROOT.glob("tools/*.py"), *ROOT.glob("book/_ext/*.py")]
    assert len(files) > 100
    assert {str(file): found for file in files if (found := forbidden(file.read_text()))} == {}


@pytest.mark.parametrize(
    "text",
    ["import pickle", "yaml.load(x)", "np.load(f, allow_pickle=True)", "z.extractall()", "eval(x)", "os.system('x')"],
)
def test_what_would_execute_it_is_found(text):
    assert forbidden(text)


# Parameters of notebooks: data, whatever they spell

PARAMETERS = [
    "__import__('os').system('touch executed')",
    "1; import os",
    '"); import os; ("',
    "\\'); import os #",
    "'''\nimport os\n'''",
    "{'a': __import__('os')}",
    "[" * 500,
    "9" * 5000,
    "\n%%bash\ntouch executed",
    "!touch executed",
    "%run x",
    "{{ config }}",
    "{0.__class__}",
    "!!python/object/apply:os.system ['touch executed']",
    "&a [*a]",
    "\0",
    "\ud7ff",
    "None",
    "lambda: 0",
    "../../x",
]


@pytest.mark.reliability("parameters")
@pytest.mark.parametrize("text", PARAMETERS, ids=range(len(PARAMETERS)))
def test_a_parameter_stays_a_value(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    value = run_notebooks.literal(text)
    assert value is None or isinstance(value, str | int)
    written = papermill.translators.PythonTranslator.translate(value)
    (assignment,) = ast.parse(f"x = {written}").body
    assert isinstance(assignment.value, ast.Constant)  # one value and nothing that runs
    assert assignment.value.value == value
    assert list(tmp_path.iterdir()) == []


@pytest.mark.reliability("parameters")
@pytest.mark.parametrize("name", ["x; import os", "corpus\nimport os", "__builtins__", "corpus.__class__", "", "print"])
def test_a_parameter_that_no_notebook_declares_is_refused(name):
    with pytest.raises(SystemExit, match="assigns. Received"):
        run_notebooks.parameters_of(run_notebooks.select(["04_6_smoothing"]), {name: 1})


# Names in the book

SCRIPT = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.mark.reliability("names_in_pages")
def test_a_name_that_is_a_script_is_only_a_name():
    text = list_predictions.script(SCRIPT.replace("<", "\\u003c"), {"recordings": [{"name": SCRIPT}], SCRIPT: 1})
    assert "<" not in text.replace("window.replicaExplorer ??=", "")
    row = dict.fromkeys([*list_results.TEXTS, *list_results.NUMBERS, "digest"], SCRIPT)
    assert "<" not in list_results.script([row])


@pytest.mark.parametrize("call", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("])
def test_scripts_of_the_book_write_text_and_no_markup(call):
    scripts = list((ROOT / "book/_static").glob("*.js"))
    assert scripts
    assert [script.name for script in scripts if call in script.read_text()] == []


@pytest.mark.reliability("parameters")
def test_deeply_nested_text_is_no_value():
    assert run_notebooks.literal("(" * sys.getrecursionlimit()) == "(" * sys.getrecursionlimit()
