"""Notebooks whose kernels die, whose writing is cut, whose parameters would be code, and many at once."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
import run_notebooks
from nbformat.v4 import new_code_cell, new_notebook, new_output
from test_hostile_input import PARAMETERS

TESTS = Path(__file__).resolve().parents[1]
HEAD = """\
# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

"""
DYING = HEAD + "# %%\nx = 1\n\n# %%\nimport os\n\nos.kill(os.getpid(), 9)\n"
PLAIN = """\
# %% tags=["parameters"]
{assigned}

# %%
import json

print(json.dumps([{names}]))
"""


def page(*names):
    """A notebook that prints its parameters."""
    return HEAD + PLAIN.format(assigned="\n".join(f"{name} = None" for name in names), names=", ".join(names))


@pytest.fixture
def build(tmp_path, monkeypatch, capfd):
    """Execute text notebooks by their names; the exit code, what was told, and the folder of the executed."""
    monkeypatch.setattr(run_notebooks, "key", lambda *_: "the same")
    monkeypatch.setattr(run_notebooks, "ROOT", tmp_path)
    (tmp_path / "notebooks").mkdir()

    def run(sources, *options):
        for name, text in sources.items():
            (tmp_path / "notebooks" / f"{name}.py").write_text(text)
        monkeypatch.setattr("sys.argv", ["run_notebooks.py", str(tmp_path / "out"), *options])
        return run_notebooks.main(), capfd.readouterr(), tmp_path / "out"

    return run


@pytest.mark.reliability("dead_kernels")
def test_a_kernel_that_dies_is_told_with_its_cell(build, record_property):
    began = time.monotonic()
    code, told, out = build({"00_dying": DYING})
    record_property("most seconds until told", seconds := time.monotonic() - began)
    assert code == 1 and not (out / "00_dying.ipynb").exists()
    assert "died in cell 1, which begins with 'import os'. Perhaps memory ran out" in told.err
    assert seconds < 60


@pytest.mark.reliability("dead_kernels")
def test_a_kernel_that_dies_under_the_comparison_of_records(tmp_path, torture, record_property):
    if not torture:
        pytest.skip("takes its time: make torture")
    cells = [new_code_cell("x = 1", execution_count=1), new_code_cell("import os; os.kill(os.getpid(), 9)")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "dying.ipynb")
    options = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=120", "-pno:cacheprovider", "-pliving_kernels"]
    environment = os.environ | {"PYTHONPATH": str(TESTS)}
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", *options, "dying.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, stdout=-1, text=True)
    record_property("most seconds until told", seconds := time.monotonic() - began)
    assert done.returncode == 1 and "Cell 1" in done.stdout
    assert seconds < 60


@pytest.mark.reliability("parallel_notebooks")
def test_many_notebooks_at_once(build, torture, record_property):
    count = 20 if torture else 3
    plain = {f"{k:02d}_plain": page(f"x{k}") for k in range(count)}
    code, told, out = build(plain, "-j", "4")
    executed = len(list(out.glob("*.ipynb")))
    record_property("tried", count)
    record_property("lost", count - executed)
    assert code == 0 and executed == count, told.err


@pytest.mark.reliability("parameters")
def test_hostile_parameters_reach_the_notebook_as_they_are(build, tmp_path, torture, record_property):
    if not torture:
        pytest.skip("takes its time: make torture")
    names = [f"p{k}" for k in range(len(PARAMETERS))]
    given = [word for k, text in enumerate(PARAMETERS) for word in ("-p", f"p{k}", text)]
    code, told, out = build({"00_plain": page(*names)}, *given)
    assert code == 0, told.err
    printed = nbformat.read(out / "00_plain.ipynb", as_version=4).cells[-1].outputs[0].text
    expected = [run_notebooks.literal(text) for text in PARAMETERS]
    lost = sum(a != b for a, b in zip(json.loads(printed), expected, strict=True)) + len([*tmp_path.rglob("executed")])
    record_property("tried", len(PARAMETERS))
    record_property("lost", lost)
    assert lost == 0


@pytest.mark.reliability("cut_notebooks")
def test_a_killed_write_leaves_the_old_notebook_or_the_new(tmp_path, torture, record_property):
    """Two large notebooks are written in turn, and the process that writes them is killed."""
    file, count, generator = tmp_path / "page.ipynb", 200 if torture else 20, random.Random(0)
    pages = [
        new_notebook(cells=[new_code_cell(f"{k}", id=f"c{k}", outputs=[new_output("stream", text="x" * 3_000_000)])])
        for k in range(2)
    ]
    whole = [(nbformat.writes(page) + "\n").encode() for page in pages]
    run_notebooks.write(pages[0], file)
    lost = 0
    for _ in range(count):
        pid = os.fork()
        if pid == 0:
            while True:
                for page in reversed(pages):
                    run_notebooks.write(page, file)
        time.sleep(generator.uniform(0, 0.1))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        lost += file.read_bytes() not in whole
    record_property("tried", count)
    record_property("lost", lost)
    assert lost == 0
