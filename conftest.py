"""How notebooks are compared with their records; property tests that do not depend on the machine."""

import hypothesis
import notebook_environment

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
