"""Lay out the book's source as Sphinx shall see it.

    python tools/stage_book.py EXECUTED GENERATED SOURCE BUILT

SOURCE receives _config.yml, _toc.yml, book/, the notebooks in EXECUTED with their text form for download, what tools
wrote into GENERATED/book, and MathJax. Only what differs is copied, so
that Sphinx reads again only the pages that changed. Pages may show numbers of any notebook; so where a notebook, the
configuration or the table of contents changed, or a file vanished, BUILT is removed and the whole book is built.
"""

import importlib.util
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MATHJAX = ("tex-chtml.js", "output/chtml/fonts/woff-v2", "input/tex/extensions")


def mathjax() -> dict[str, Path]:
    """The files of MathJax that a page may load, by their place in the book."""
    spec = importlib.util.find_spec("sphinx-mathjax-offline")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "Formulas need the package sphinx-mathjax-offline. It is not installed here. Run this through `make book`."
        )
    package = Path(spec.origin).parent / "static/mathjax"
    files = [file for part in MATHJAX for file in [package / part, *(package / part).rglob("*")] if file.is_file()]
    return {f"book/_static/mathjax/{file.relative_to(package)}": file for file in files}


def contents(root: Path, executed: Path, generated: Path) -> dict[str, Path]:
    """Every file of the book's source: its place there, and where it comes from."""
    own = {name: root / name for name in ("_config.yml", "_toc.yml")}
    pages = {
        str(f.relative_to(base)): f for base in (root, generated) for f in (base / "book").rglob("*") if f.is_file()
    }
    notebooks = {f"notebooks/{file.name}": file for file in executed.glob("*.ipynb")}
    sources = {f"book/_static/notebooks/{file.name}": file for file in (root / "notebooks").glob("*.py")}
    return own | pages | notebooks | sources


def stage(files: dict[str, Path], target: Path) -> tuple[list[str], list[str]]:
    """Make `target` hold exactly these files; the places that changed, and those that vanished."""
    changed = []
    for place, file in files.items():
        copy = target / place
        if copy.exists() and copy.read_bytes() == file.read_bytes():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
        changed.append(place)
    vanished = [file for file in target.rglob("*") if file.is_file() and str(file.relative_to(target)) not in files]
    for file in vanished:
        file.unlink()
    return changed, [str(file.relative_to(target)) for file in vanished]


def needs_all(changed: list[str], vanished: list[str]) -> bool:
    """Whether pages that did not change themselves may look different now."""
    return bool(vanished) or any(not place.startswith("book/") for place in changed)


def main() -> int:
    """Stage the book; remove what was built before where it cannot be trusted."""
    executed, generated, target, built = map(Path, sys.argv[1:])
    changed, vanished = stage(contents(ROOT, executed, generated) | mathjax(), target)
    if needs_all(changed, vanished) and built.exists():
        shutil.rmtree(built)
    print(f"{target}: {len(changed)} files changed, {len(vanished)} vanished")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
