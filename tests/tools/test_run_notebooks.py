import json
import os

import nbformat
import pytest
import run_notebooks
from nbformat.v4 import new_code_cell, new_notebook, new_output

from replica import paths

DECIDING = (
    "notebooks/00_a.py",
    "src/replica/metrics.py",
    "reference/claims.csv",
    "measured/m.csv",
    "benchmarks/results/b.json",
    "tests/data/t.npz",
    "results/r.npz",
)


@pytest.fixture
def checkout(tmp_path):
    """The least that decides the outputs of one notebook."""
    for name in DECIDING:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def key(checkout, **parameters):
    return run_notebooks.key(checkout / "notebooks/00_a.py", parameters, checkout)


@pytest.mark.parametrize(
    "name",
    [*DECIDING, "results/new.npz"],
)
def test_key_changes_with_what_decides_the_outputs(checkout, name):
    before = key(checkout)
    (checkout / name).write_text("other")
    assert key(checkout) != before


def test_key_changes_with_parameters_names_and_places(checkout):
    assert len({key(checkout), key(checkout, seed=1), key(checkout, seed="1")}) == 3
    before = key(checkout)
    (checkout / "results/r.npz").rename(checkout / "results/s.npz")
    assert key(checkout) != before


def test_key_ignores_times_byte_code_and_other_files(checkout):
    before = key(checkout)
    (checkout / "src/replica/__pycache__").mkdir()
    (checkout / "src/replica/__pycache__/metrics.pyc").write_text("byte code")
    (checkout / "notebooks/01_b.py").write_text("another notebook")
    os.utime(checkout / "src/replica/metrics.py", (0, 0))
    assert key(checkout) == before


KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def notebook():
    outputs = [new_output("stream", name="stderr", text="log"), new_output("stream", name="stdout", text="1\n")]
    cell = new_code_cell("print(1)", id="random", outputs=outputs, execution_count=1)
    cell.metadata = {"tags": ["parameters"], "mystnb": {}, "papermill": {"duration": 0.1}}
    metadata = {"kernelspec": KERNEL, "papermill": {"duration": 1}, "language_info": {"name": "python"}}
    return new_notebook(cells=[cell], metadata=metadata)


def test_normalise_keeps_what_is_the_same_in_every_run():
    result = run_notebooks.normalise(notebook(), "00_a")
    assert result.metadata == {"kernelspec": KERNEL}
    assert result.cells[0].id == "00_a-00"
    assert result.cells[0].metadata == {"tags": ["parameters"]}
    assert [output.name for output in result.cells[0].outputs] == ["stdout"]
    nbformat.validate(result)
    assert run_notebooks.normalise(notebook(), "00_a") == result


def test_declared_are_the_names_of_the_tagged_cell():
    tagged = new_code_cell("seed = 0\ncorpus = 'simulated'  # or another", metadata={"tags": ["parameters"]})
    assert run_notebooks.declared(new_notebook(cells=[new_code_cell("x = 1"), tagged])) == {"seed", "corpus"}


@pytest.mark.parametrize(
    ("text", "value"), [("1", 1), ("0.5", 0.5), ("True", True), ("[1, 2]", [1, 2]), ("simulated", "simulated")]
)
def test_literal(text, value):
    assert run_notebooks.literal(text) == value


def test_an_unknown_parameter_or_notebook_is_an_error():
    with pytest.raises(SystemExit, match="Choose from"):
        run_notebooks.parameters_of(run_notebooks.select([]), {"no such parameter": 1})
    with pytest.raises(SystemExit, match="Choose from"):
        run_notebooks.select(["no such notebook"])


def test_records_are_never_the_target(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["run_notebooks.py", str(run_notebooks.ROOT / "notebooks"), "-p", "seed", "1"])
    with pytest.raises(SystemExit):
        run_notebooks.main()
    assert "make records" in capsys.readouterr().err


PAGE = """\
# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["parameters"]
corpus = "studyforrest"

# %%
from replica import claims

verdict = claims.judge("5.3c", corpus, -0.3, -0.4, -0.2, seeds=3)
claims.confirm(verdict, "{stated}", binds=corpus == "studyforrest")
"""


def test_a_verdict_that_is_not_the_stated_one_stops_the_build(tmp_path, monkeypatch, capsys):
    """An honest "does not hold here" is a green build; the same numbers under "holds here" are a red one."""
    for name in ("reference", "_toc.yml"):
        (tmp_path / name).symlink_to(run_notebooks.ROOT / name)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks/00_honest.py").write_text(PAGE.format(stated="does not hold here"))
    (tmp_path / "notebooks/01_changed.py").write_text(PAGE.format(stated="holds here"))
    monkeypatch.setattr(run_notebooks, "ROOT", tmp_path)
    monkeypatch.setattr(run_notebooks, "key", lambda *_: "the same")

    def build(*options):
        monkeypatch.setattr("sys.argv", ["run_notebooks.py", str(tmp_path / "out"), *options])
        code = run_notebooks.main()
        return code, capsys.readouterr(), {file.stem for file in (tmp_path / "out").glob("*.ipynb")}

    code, told, executed = build()
    assert code == 1 and executed == {"00_honest"}
    assert "01_changed: FAILED" in told.err
    assert "It states 'holds here'; the results give 'does not hold here'" in told.err
    # With another corpus the page states nothing, so that it runs through.
    code, told, executed = build("01_changed", "-p", "corpus", "ceap360vr")
    assert code == 0 and "01_changed" in executed


def test_what_the_status_page_tells_of_an_execution():
    told = json.loads(run_notebooks.told(12.6))
    assert told["seconds"] == 13 and set(told) == {"seconds", "finished", "machine", "versions"}
    assert {"python", "numpy"} <= set(told["versions"])


def test_notebooks_read_other_results_beside_the_checkouts_own(tmp_path, monkeypatch):
    own, mine = tmp_path / "checkout/results/0a/own.json", tmp_path / "mine/0a/mine.json"
    for file in (own, mine):
        file.parent.mkdir(parents=True)
        file.write_text("{}")
    for name in ("reference", "measured", "benchmarks", "tests"):
        (tmp_path / "checkout" / name).symlink_to(run_notebooks.ROOT / name)
    monkeypatch.setattr(run_notebooks, "ROOT", tmp_path / "checkout")
    for _ in range(2):
        folder = run_notebooks.folder_with(tmp_path / "mine", tmp_path / "out")
        monkeypatch.chdir(folder)
        assert sorted(file.name for file in paths.results().glob("??/*.json")) == ["mine.json", "own.json"]
        assert (paths.reference() / "claims.csv").is_file() and (paths.measured() / "voicing.csv").is_file()
        for other in ("benchmarks/results/features.json", "tests/data/theanets.npz"):
            assert (paths.root() / other).is_file()
        monkeypatch.chdir(tmp_path)
