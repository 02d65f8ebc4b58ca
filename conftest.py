"""How notebooks are compared with their records; property tests that do not depend on the machine; `make torture`."""

from pathlib import Path

import hypothesis
import living_kernels  # noqa: F401  # as it is imported, nbval learns to look whether a kernel lives
import notebook_environment
import pytest

notebook_environment.prepare()

# A busy machine is no failure, and every run tries the same examples.
hypothesis.settings.register_profile("replica", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("replica")

NOT_COMPARED = (
    "stderr",  # log lines; the record holds none
    "image/svg+xml",  # pictures differ with the fonts of the machine
    "application/papermill.record/image/png",
    "application/papermill.record/image/svg+xml",
)


def pytest_collectstart(collector):
    if getattr(collector, "skip_compare", None) and collector.path.suffix == ".ipynb":
        collector.skip_compare += NOT_COMPARED


def pytest_addoption(parser):
    parser.addoption("--torture", metavar="FILE", help="try everything, and count it into FILE")


def pytest_configure(config):
    if config.option.torture and not hasattr(config, "workerinput"):
        from counting import Counting

        config.pluginmanager.register(Counting(Path(config.option.torture)))


def pytest_collection_modifyitems(items):
    """Have each report tell its row; here and not in the plugin, since it is where the test runs that this is told."""
    for item in items:
        for mark in item.iter_markers("reliability"):
            item.user_properties.append(("row", mark.args[0]))


@pytest.fixture(scope="session")
def torture(request):
    """Whether to try everything, which takes its time, and not the part that `make test` tries."""
    return request.config.option.torture is not None
