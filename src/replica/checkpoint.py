"""The full state of a training between two epochs, so that a killed one goes on as if nothing had happened.

Keras' ``BackupAndRestore`` keeps weights and optimiser, but neither the best weights nor how often in a row the dev
loss failed to improve. There is no random state to keep: every order of updates follows from the seed and the epoch.
"""

import io
import time
import zipfile
from pathlib import Path

import numpy as np

from replica.files import write_atomically

State = dict[str, np.ndarray]


class Checkpoint:
    """One file that holds the last saved state of one training.

    Args:
        path: The file; its folder is made at the first save.
        key: What the state rests on, such as run, data and code. A file that was saved under another key is no state of
            this training.
        every_seconds: Least time between two saves.
    """

    def __init__(self, path: Path, key: str, every_seconds: float = 30.0) -> None:
        self.path, self.key, self.every_seconds = Path(path), key, every_seconds
        self.earlier_seconds = 0.0  # that the training had taken when the loaded state was saved
        self._start = self._last = time.monotonic()

    def load(self) -> State | None:
        """The saved state; None where there is none, or where it is another's, cut or altered."""
        try:
            with np.load(io.BytesIO(self.path.read_bytes()), allow_pickle=False) as arrays:
                state = {name: arrays[name] for name in arrays.files}  # zip checks a sum of each
        except (OSError, ValueError, EOFError, RuntimeError, zipfile.BadZipFile):  # RuntimeError: of an altered header
            return None
        if str(state.pop("key", "")) != self.key:
            return None
        self.earlier_seconds = float(state.pop("seconds"))
        return state

    def is_due(self) -> bool:
        """Whether the last save was long enough ago."""
        return time.monotonic() - self._last >= self.every_seconds

    def save(self, state: State) -> None:
        """Save the state, atomically.

        Raises:
            OSError: If the disk does not take it; the earlier state is then still there.
        """
        now = time.monotonic()
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = io.BytesIO()
        about = {"key": np.array(self.key), "seconds": np.array(self.earlier_seconds + now - self._start)}
        np.savez(file, **state, **about)  # type: ignore[arg-type]  # numpy's stub takes the names for options
        write_atomically(self.path, file.getvalue())
        self._last = now
