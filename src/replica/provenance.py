"""Where a result came from: commit, versions, processor, seconds."""

import ast
import functools
import hashlib
import importlib.metadata
import platform
import subprocess
from pathlib import Path
from typing import Any

import replica

# What executing a run imports, though no result depends on it: it keeps, and tells where things came from.
NOT_COMPUTING = ("checkpoint.py", "files.py", "paths.py", "provenance.py", "store.py")
PACKAGES = ("numpy", "scipy", "scikit-learn", "keras", "tensorflow", "tensorflow-cpu")


def provenance(seconds: float, corpus_digest: str) -> dict[str, Any]:
    """What is told beside a result and never part of its key.

    Args:
        seconds: Wall time that the run took.
        corpus_digest: Digest of the data as they were loaded.
    """
    return {
        **checkout(),
        "python": platform.python_version(),
        "packages": packages(),
        "processor": processor(),
        "instruction_set": instruction_set()[:16],
        "threads": 1,
        "seconds": round(seconds, 1),
        "corpus_digest": corpus_digest,
    }


@functools.cache
def checkout() -> dict[str, Any]:
    """The commit of the package's checkout and whether its code differs from it; asked once, when a process starts."""
    commit = _git("rev-parse", "HEAD")
    return {"commit": commit, "uncommitted_changes": bool(_git("status", "--porcelain", "--", "src"))}


def standing(commit: str | None, corpus: str) -> str:
    """How the code of a commit stands to the package's checkout as it is now, in words, for results on a corpus."""
    if commit is None or _git("cat-file", "-e", f"{commit}^{{commit}}") is None:
        return "unknown here"
    if _git("merge-base", "--is-ancestor", commit, "HEAD") is None:
        return "no ancestor of this commit"
    modules = [f"src/replica/{module}" for module in computing(corpus)]
    changed = _git("diff", "--name-only", commit, "--", *modules)
    return f"since changed in {len(changed.split())} modules that compute" if changed else "computes the same"


@functools.cache
def computing(corpus: str) -> tuple[str, ...]:
    """The package's modules that a result on a corpus depends on: all that executing a run imports, sooner or later.

    Args:
        corpus: Its name, which is that of its module.
    """
    package = Path(replica.__file__).parent
    seen, to_come = set[Path](), [package / "execution.py", *_files(package, f"replica.corpora.{corpus}")]
    while to_come:
        file = to_come.pop()
        if file in seen or str(file.relative_to(package)) in NOT_COMPUTING:
            continue
        seen.add(file)
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
                to_come += [found for name in names for found in _files(package, name)]
    return tuple(sorted(str(file.relative_to(package)) for file in seen))


def _files(package: Path, module: str) -> list[Path]:
    """Where a module of the package is written; nowhere, if it is none."""
    first, *rest = module.split(".")
    place = package.joinpath(*rest)
    files = place.with_suffix(".py"), place / "__init__.py"
    return [file for file in files if first == "replica" and file.is_file()]


@functools.cache
def code_digest() -> str:
    """SHA-256 of the package's sources, as they were when a process first asked."""
    package, sha = Path(replica.__file__).parent, hashlib.sha256()
    for source in sorted(package.rglob("*.py")):
        text = source.read_bytes()
        sha.update(f"{source.relative_to(package)} {len(text)}\n".encode() + text)
    return sha.hexdigest()


def packages() -> dict[str, str]:
    """Versions of the packages that compute."""
    return {name: version for name in PACKAGES if (version := _version(name))}


def processor() -> str:
    """The processor's name as the system tells it."""
    return _cpuinfo().get("model name") or platform.processor() or platform.machine()


def instruction_set() -> str:
    """What decides the bits of compiled code, which a brand name leaves open: family, model and flags."""
    info = _cpuinfo()
    told = [info[name] for name in ("cpu family", "model", "flags", "Features") if name in info]
    return hashlib.sha256("\n".join(told or [platform.machine()]).encode()).hexdigest()


def _cpuinfo() -> dict[str, str]:
    """What Linux tells of the first core; nothing elsewhere."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().split("\n\n")[0].splitlines() if info.exists() else []
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _git(*words: str) -> str | None:
    """A line of git about the package's checkout; None where the package was installed without one."""
    folder = Path(replica.__file__).parents[2]
    if not (folder / ".git").exists():
        return None  # not our checkout: git would tell of a folder above
    try:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
