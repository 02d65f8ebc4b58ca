"""The package's layers: a module imports only from modules above it, and most of it runs without TensorFlow."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src/replica"

# Modules and subpackages of replica, from the ground up.
LAYERS = (
    "paths",
    "files",
    "conventions",
    "fixed_point",
    "declared_arrays",
    "metrics",
    "gold_standard",
    "normalisation",
    "smoothing",
    "late_fusion",
    "statistics",
    "split_half",
    "power",
    "forensics",
    "stopping",
    "losses",
    "layers",
    "optimizers",
    "features",
    "corpora",
    "raw_recordings",
    "pool",
    "extraction",
    "simulation",
    "planted",
    "recovery",
    "ratings",
    "models",
    "runs",
    "inputs",
    "evaluation",
    "frame_regression",
    "smoothed",
    "fused",
    "checkpoint",
    "training",
    "provenance",
    "store",
    "execution",
    "trained_model",
    "model_declaration",
    "model_folder",
    "own_recordings",
    "predicting",
    "model_making",
    "workers",
    "claiming",
    "sweep",
    "cost",
    "progress",
    "audit",
    "experiments",
    "tables",
    "provenance_line",
    "figures",
    "claims",
    "mathematics",
    "printed",
    "verdicts",
    "claim_cards",
    "data_check",
    "doctor",
    "data_commands",
    "model_commands",
    "cli",
)
ARRAYS_ONLY = (
    "conventions",
    "declared_arrays",
    "fixed_point",
    "metrics",
    "gold_standard",
    "normalisation",
    "smoothing",
    "statistics",
    "split_half",
    "power",
    "forensics",
    "stopping",
)
USES_TENSORFLOW = ("losses", "layers", "optimizers", "models", "training", "mathematics")
TENSORFLOW = {"keras", "tensorflow"}


def imports(tree, package, *, top_level_only):
    """Full names that the module imports; `from a import b` gives both a and a.b, since b may be a module."""
    for node in tree.body if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def modules():
    """Every module of the package: full name -> (syntax tree, package that relative imports start from)."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = ("replica", *file.relative_to(PACKAGE).with_suffix("").parts)
        package = parts[:-1]
        name = package if parts[-1] == "__init__" else parts
        found[".".join(name)] = (ast.parse(file.read_text()), ".".join(package))
    return found


MODULES = modules()


def layer(name):
    """`replica.losses.correlation` -> `losses`; `replica` itself has none."""
    return name.split(".")[1] if "." in name else None


def outside(name, *, top_level_only=False):
    """First parts of the names that a module imports from elsewhere."""
    names = imports(*MODULES[name], top_level_only=top_level_only)
    return {full.split(".")[0] for full in names} - {"replica"}


def upward(name, tree, package):
    """Imports of modules that are not above this one."""
    own = LAYERS.index(layer(name))
    targets = {layer(full) for full in imports(tree, package, top_level_only=False) if full.startswith("replica.")}
    return sorted(target for target in targets if target in LAYERS and LAYERS.index(target) > own)


def test_every_module_has_a_layer():
    unplaced = {layer(name) for name in MODULES} - {None} - set(LAYERS)
    assert not unplaced, f"put {sorted(unplaced)} into LAYERS at their place"


@pytest.mark.parametrize("name", [name for name in MODULES if layer(name) in LAYERS])
def test_imports_point_upwards_only(name):
    assert upward(name, *MODULES[name]) == []


@pytest.mark.parametrize(
    "text", ["import replica.store", "from replica import store", "from ..store import Store", "from .. import store"]
)
def test_an_upward_import_is_found(text):
    assert upward("replica.losses.correlation", ast.parse(text), "replica.losses") == ["store"]
    assert upward("replica.experiments.sec5_3", ast.parse(text), "replica.experiments") == []


def test_the_package_itself_stays_thin():
    tree, package = MODULES["replica"]
    assert [name for name in imports(tree, package, top_level_only=False) if name.startswith("replica")] == []


@pytest.mark.parametrize("name", [name for name in MODULES if layer(name) in ARRAYS_ONLY])
def test_numpy_and_scipy_only(name):
    assert outside(name) - set(sys.stdlib_module_names) <= {"numpy", "scipy"}


@pytest.mark.parametrize("name", [name for name in MODULES if layer(name) not in USES_TENSORFLOW])
def test_no_tensorflow_directly(name):
    assert not outside(name) & TENSORFLOW


@pytest.mark.parametrize("name", [name for name in MODULES if layer(name) not in USES_TENSORFLOW])
def test_no_tensorflow_through_the_package(name):
    """Importing a module runs the top level of all it imports; a lazy import inside a function is allowed."""
    reached, waiting = set(), [name]
    while waiting:
        module = waiting.pop()
        if module in MODULES and module not in reached:
            reached.add(module)
            waiting += imports(*MODULES[module], top_level_only=True)
    assert sorted({layer(module) for module in reached} & set(USES_TENSORFLOW)) == []


def test_importing_leaves_tensorflow_out():
    names = [name for name in MODULES if layer(name) not in USES_TENSORFLOW]
    program = f"import sys, {', '.join(names)}; print(sorted({TENSORFLOW} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (run.stdout.strip(), run.returncode) == ("[]", 0), run.stderr


def test_every_module_is_on_the_api_page():
    page = (ROOT / "book/api.md").read_text()
    missing = [name for name in MODULES if f"automodule:: {name}\n" not in page]
    commands = {"replica", "replica.cli", "replica.data_commands", "replica.model_commands"}
    assert set(missing) <= commands, f"add {missing} to book/api.md"
