"""Write environment.yml from pyproject.toml, the one list of dependencies.

python tools/make_environment.py
"""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAD = """\
# Made by `make environment` from pyproject.toml: do not edit.
name: replica
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pip
  - pip:
"""


def requirements(project: dict, extra: str) -> list[str]:
    """Everything that the package with this extra asks for, references to its own extras resolved."""
    own = f"{project['name']}["
    asked = []
    for line in project["optional-dependencies"][extra]:
        if line.startswith(own):
            for name in line.removeprefix(own).removesuffix("]").split(","):
                asked += requirements(project, name)
        else:
            asked.append(line)
    return asked


def text(root: Path = ROOT) -> str:
    """What environment.yml has to hold."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *requirements(project, "dev"), "-e ."]
    return HEAD + "".join(f'    - "{line}"\n' for line in asked)


if __name__ == "__main__":
    (ROOT / "environment.yml").write_text(text())
