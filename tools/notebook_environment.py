"""The environment in which notebooks run, both under papermill and under nbval: quiet, on one thread, repeatable."""

import os

ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONHASHSEED": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
}


def prepare() -> None:
    """Set the variables in this process; the kernels inherit them."""
    os.environ.update(ENVIRONMENT)
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    os.environ.pop("MPLBACKEND", None)  # the kernel then takes matplotlib's inline backend
