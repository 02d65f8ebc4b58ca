import json

import list_notebooks

RUN = {"seconds": 12, "finished": "2026-01-02 03:04 UTC", "machine": "P, 2 cores, Linux", "versions": {"numpy": "2.4"}}


def test_a_row_for_each_notebook_whether_executed_here_or_not(tmp_path):
    sources = [tmp_path / "00_a.py", tmp_path / "01_b.py"]
    for source in sources:
        source.write_text("# %% [markdown]\n# (label)=\n# # Of a Loss\n#\n# Text.\n")
    (tmp_path / "00_a.json").write_text(json.dumps(RUN))
    lines = list_notebooks.listed(sources, tmp_path).splitlines()
    assert lines[2].startswith("| [Of a Loss](../notebooks/00_a) | 12 | 2026-01-02 03:04 UTC |")
    assert '<a href="../_static/notebooks/00_a.py" download>' in lines[2]
    assert '<a href="../_sources/notebooks/00_a.ipynb" download>' in lines[2]
    assert "not executed here" in lines[3]
    assert "1 of 2 notebooks were executed, in 12 s together." in lines
    assert lines[-1] == "Machine and versions: P, 2 cores, Linux: numpy 2.4."


def test_every_notebook_of_the_book_has_a_title():
    for source in (list_notebooks.ROOT / "notebooks").glob("[0-9]*.py"):
        assert list_notebooks.title(source) != source.stem
