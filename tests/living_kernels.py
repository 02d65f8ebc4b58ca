"""The comparison of records does not wait for a dead kernel: nbval alone would sit out the time of a whole cell."""

import time
from queue import Empty

from nbval.kernel import RunningKernel

STEP_SECONDS = 1.0  # between two looks at the kernel

wait = RunningKernel.get_message


def get_message(self, stream, timeout=None):
    end = time.monotonic() + (float("inf") if timeout is None else timeout)
    while True:
        try:
            return wait(self, stream, min(STEP_SECONDS, max(0.0, end - time.monotonic())))
        except Empty:
            if time.monotonic() >= end or not self.is_alive():
                raise


RunningKernel.get_message = get_message
