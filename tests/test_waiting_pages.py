"""Pages whose runs are not recorded yet run through on made-up results, so that they are ready when those come."""

import dataclasses
from pathlib import Path

import jupytext
import matplotlib.pyplot as plt
import pytest
from made_up import MadeUpStore

import replica.store
from replica import claims

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "notebooks/waiting").glob("*.py"))
PROVENANCE = {
    "commit": "0" * 40,
    "uncommitted_changes": False,
    "processor": "made up",
    "seconds": 1.0,
    "packages": {},
    "python": "3.11",
    "corpus_digest": "0" * 64,
}


class Told(MadeUpStore):
    """Every run is recorded with a CCC that its losses' names decide, with chance and provenance."""

    def __init__(self, folder):
        super().__init__(lambda run, d, p: {"train": 0.5, "dev": 0.3, "test": 0.2}[p] + len(str(run)) % 97 / 1000)

    def load(self, run):
        chance = {p: {d: [0.01] * 20 for d in run.dimensions} for p in ("train", "dev", "test")}
        return dataclasses.replace(super().load(run), shifted_ccc=chance, provenance=PROVENANCE)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_it_runs_through(page, monkeypatch):
    monkeypatch.setattr(replica.store, "Store", Told)
    monkeypatch.setattr(claims, "confirm", lambda computed, stated, *, binds=True: computed)
    monkeypatch.setattr(plt, "show", plt.close)
    names = {}
    for cell in jupytext.read(page).cells:
        if cell.cell_type == "code":
            exec(cell.source, names)
    assert names["recorded"].seeds


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_it_is_not_in_the_book(page):
    assert page.stem not in (ROOT / "_toc.yml").read_text()
    assert not (ROOT / "notebooks" / page.name).exists()
