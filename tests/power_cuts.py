"""What a disk may hold after a power cut: every state that the writes seen so far allow.

A disk keeps what it was told to keep: the content of a file from its fsync on, the names in a folder from the folder's
fsync on. Of everything later, it may keep any part, in any order; of content, any number of eighths.
"""

import itertools
import os
import stat
import tempfile
from pathlib import Path

EIGHTHS = [part / 8 for part in range(9)]
FOLDER = object()  # what a name may stand for beside bytes


class Disk:
    """Notes what is written, by standing between a program and the functions that write.

    Args:
        root: The folder that is written to.
        monkeypatch: Of pytest.
    """

    def __init__(self, root, monkeypatch):
        self.root, self.events = Path(root), []
        self.before = {p: FOLDER if p.is_dir() else p.read_bytes() for p in self.root.rglob("*")}
        for owner, name, note in (
            (tempfile, "mkstemp", lambda made, *_: self.events.append(("create", Path(made[1])))),
            (os, "mkdir", lambda _, path, *__: self.events.append(("mkdir", Path(path)))),
            (os, "unlink", lambda _, path, *__: self.events.append(("unlink", Path(path)))),
            (os, "fsync", lambda _, handle: self._synced(handle)),
            (os, "replace", lambda _, old, new: self._renamed(Path(old), Path(new))),
        ):
            monkeypatch.setattr(owner, name, _noted(getattr(owner, name), note))

    def _synced(self, handle):
        path = Path(os.readlink(f"/proc/self/fd/{handle}"))
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            self.events.append(("keep names", path))
        else:
            self.events += [("write", path, path.read_bytes()), ("keep content", path)]

    def _renamed(self, old, new):
        self.events += [("write", old, new.read_bytes()), ("rename", old, new)]  # written at the latest by now

    def states(self):
        """Each state that a cut after any event may leave, once; and those after the last event, which are final."""
        seen, final = [], []
        for cut in range(len(self.events) + 1):
            final = []
            for state in _after(self.before, self.events[:cut]):
                final += [state] * (state not in final)
            seen += [state for state in final if state not in seen]
        return seen, final


def _noted(function, note):
    def call(*args, **options):
        result = function(*args, **options)
        note(result, *args)
        return result

    return call


def _after(before, events):
    """Every state after these events: what each place holds."""
    names = dict(before)  # that the disk keeps: of each place, its bytes, FOLDER, or the first name of a new file
    contents, certain, first_name, pending = {}, set(), {}, []
    for what, place, *more in events:
        if what == "create":
            first_name[place] = place
            pending.append({place: place})
        elif what == "mkdir":
            pending.append({place: FOLDER})
        elif what == "write":
            contents[first_name[place]] = more[0]
        elif what == "keep content":
            certain.add(first_name[place])
        elif what == "rename":
            first_name[more[0]] = first_name.pop(place)
            pending.append({place: None, more[0]: first_name[more[0]]})
        elif what == "unlink":
            pending.append({place: None})
        elif what == "keep names":
            names |= {p: held for change in pending for p, held in change.items() if p.parent == place}
            pending = [change for change in pending if not any(p.parent == place for p in change)]
    made = {place for what, place, *_ in events if what == "mkdir"}
    for done in itertools.product([False, True], repeat=len(pending)):
        state = dict(names)
        for change in itertools.compress(pending, done):
            state |= change
        there = {p: held for p, held in state.items() if held and all(state.get(f) for f in p.parents if f in made)}
        uncertain = sorted({held for held in there.values() if isinstance(held, Path)} - certain)
        for parts in itertools.product(EIGHTHS, repeat=len(uncertain)):
            part = dict(zip(uncertain, parts, strict=True))
            yield {p: _content(held, contents, part) for p, held in there.items()}


def _content(held, contents, part):
    if not isinstance(held, Path):
        return held
    content = contents.get(held, b"")
    return content[: int(len(content) * part.get(held, 1))]


def laid_out(states, root, target):
    """Each state of a folder with a new folder in `target` that holds it."""
    for number, state in enumerate(states):
        folder = target / str(number)
        folder.mkdir()
        for place, held in sorted(state.items()):
            path = folder / place.relative_to(root)
            if held is FOLDER:
                path.mkdir(exist_ok=True)
            else:
                path.write_bytes(held)
        yield state, folder
