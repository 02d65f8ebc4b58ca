"""A model's folder: what is written is read again, and what a stranger makes of it is refused and does nothing."""

import dataclasses
import hashlib
import io
import json
import os
import pathlib
import pickle
import shutil
import subprocess
import tracemalloc
import warnings
import zipfile

import h5py
import hostile
import keras
import numpy as np
import pytest
from made_up_model import declared, made_up, mean_face

from replica import extraction, model_declaration, model_folder, trained_model, training
from replica.features import sets
from replica.runs import Assumptions

FILES = ("MODEL_CARD.md", "SHA256SUMS", "mean_shape.npy", "model.json", "statistics.npz", "weights.npz")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "model"
    model_folder.write(folder, made_up(declared(("audio_long", "video_geo"))), "# A card\n")
    return folder


@pytest.fixture
def folder(written, tmp_path):
    """A copy to alter, in a place where anything that is written beside it would be seen."""
    return shutil.copytree(written, tmp_path / "inside" / "model")


def sealed(folder):
    """The sums put right, as whoever alters a folder could."""
    names = [file.name for file in sorted(folder.iterdir()) if file.name != "SHA256SUMS" and file.is_file()]
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / "SHA256SUMS").write_text("".join(lines))
    return folder


def altered(folder, **changes):
    plain = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(plain | changes))
    return sealed(folder)


def with_run(folder, **changes):
    run = json.loads((folder / "model.json").read_text())["run"]
    return altered(folder, run=run | changes)


# What is written


def test_what_is_written_is_read(written):
    model, again = made_up(declared(("audio_long", "video_geo"))), model_folder.read(written)
    for field in dataclasses.fields(model):
        expected, found = getattr(model, field.name), getattr(again, field.name)
        if field.name == "weights":
            assert [w.dtype for w in found] == [np.dtype("<f4")] * len(expected)
            assert all(map(np.array_equal, expected, found))
        elif field.name in ("mean", "deviation"):
            np.testing.assert_array_equal(expected, found)
        else:
            assert expected == found, field.name


def test_the_files(written):
    assert tuple(sorted(file.name for file in written.iterdir())) == FILES
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=written, capture_output=True, text=True, check=True)
    assert checked.stdout.count(": OK") == len(FILES) - 1
    assert [file.name for file in written.parent.iterdir()] == ["model"]


STRUCTURES = [
    {},
    {"direction": "backward", "layer_sizes": (4,)},
    {"direction": "bidirectional", "dimensions": ("valence",)},
    {"features": ("audio_short_3s", "audio_short", "eda"), "enters": (1, 2, 2)},
    {"assumptions": Assumptions(output_gate_sees="none", label_delay_seconds=2), "layer_sizes": (2, 3, 4)},
]


@pytest.mark.parametrize("changes", STRUCTURES)
def test_shapes_are_those_of_the_network(changes):
    run = declared(**changes)
    network = training.network(run, tuple(map(trained_model.width, run.features)))
    assert trained_model.weight_shapes(run) == [w.shape for w in network.get_weights()]


@pytest.mark.parametrize("changes", STRUCTURES)
def test_every_structure_is_read_again(changes, tmp_path):
    """With its weights in their order: a bidirectional network has more than ten."""
    model = made_up(declared(**changes))
    model_folder.write(tmp_path / "model", model, "")
    again = model_folder.read(tmp_path / "model")
    assert again.run == model.run
    assert all(map(np.array_equal, again.weights, model.weights))


def test_shared_files_are_those_of_the_extractors(tmp_path):
    """Names as the extractors have them; the shapes are checked where features are made, in test_predicting."""
    assert {name: file for name, (file, _) in trained_model.SHARED.items()} == {k: v[0] for k, v in sets.SHARED.items()}
    model_folder.write(tmp_path / "model", made_up(declared(("video_app",))), "")
    assert list(model_folder.read(tmp_path / "model").shared) == ["appearance.npz"]
    assert (extraction.QUALITY, extraction.SHARED_FOLDER) == ("quality", "of_training_speakers")


@pytest.mark.parametrize("there", ["folder", "file", "link"])
def test_nothing_is_written_over(there, tmp_path):
    place = tmp_path / "model"
    {"folder": place.mkdir, "file": place.touch, "link": lambda: place.symlink_to("nowhere")}[there]()
    with pytest.raises(FileExistsError, match="Name another, or remove it"):
        model_folder.write(place, made_up(), "")
    assert os.listdir(tmp_path) == ["model"]


@pytest.mark.reliability("full_disk")
def test_a_folder_that_appears_meanwhile_is_not_replaced(tmp_path, monkeypatch):
    """A rename would take the place of an empty one."""
    monkeypatch.setattr(os, "fsync", lambda _: (tmp_path / "model").mkdir(exist_ok=True))
    with pytest.raises(FileExistsError, match="Name another, or remove it"):
        model_folder.write(tmp_path / "model", made_up(), "")
    assert list(tmp_path.rglob("*")) == [tmp_path / "model"]


@pytest.mark.parametrize("cut", range(6))
def test_a_failed_write_leaves_nothing(cut, tmp_path, monkeypatch):
    """The disk is full at the cut-th file, or at the rename."""
    synced = []

    def fsync(handle):
        if len(synced) == cut:
            raise OSError(28, "No space left on device")
        synced.append(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    if cut == 5:
        monkeypatch.setattr(model_folder.Path, "rename", lambda *_: fsync(0))
    with pytest.raises(OSError, match="No space"):
        model_folder.write(tmp_path / "model", made_up(), "")
    assert os.listdir(tmp_path) == []


# What a stranger makes of it


@pytest.mark.reliability("model_files")
@pytest.mark.parametrize("name", FILES)
def test_a_missing_file(name, folder):
    (folder / name).unlink()
    with pytest.raises(FileNotFoundError, match=f"holds {name}.*copy all of it again"):
        model_folder.read(folder)


@pytest.mark.reliability("model_files")
@pytest.mark.parametrize("name", FILES)
def test_an_altered_file(name, folder):
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)
    with pytest.raises(ValueError, match="SHA256SUMS|another SHA-256"):
        model_folder.read(folder)


@pytest.mark.reliability("model_files")
@pytest.mark.parametrize("name", FILES)
def test_links_and_pipes_are_not_opened(name, folder):
    file = folder / name
    content = file.read_bytes()
    file.unlink()
    elsewhere = folder.parent / "elsewhere"
    elsewhere.write_bytes(content)
    file.symlink_to(elsewhere)
    with pytest.raises(ValueError, match="a plain file"):
        model_folder.read(folder)
    file.unlink()
    os.mkfifo(file)
    with hostile.time_limit(5), pytest.raises(ValueError, match="a plain file"):
        model_folder.read(folder)


class Writes:
    """Would make a file if it were unpickled."""

    def __init__(self, file):
        self.file = str(file)

    def __reduce__(self):
        return open, (self.file, "w")


def keras_model(canary, ending):
    """A network whose Lambda layer writes a file when it is built or called."""
    path = str(canary)
    layer = keras.layers.Lambda(lambda x: (pathlib.Path(path).touch(), x)[1])
    model = keras.Sequential([keras.Input((2,)), layer])
    file = canary.with_suffix(ending)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of HDF5, which is old
        model.save(file)
    canary.unlink()  # it works
    data = file.read_bytes()
    file.unlink()
    return data


def linked_h5(canary):
    file = canary.with_suffix(".h5")
    with h5py.File(file, "w") as h5:
        h5["weights_0"] = h5py.ExternalLink("/etc/passwd", "/")
    data = file.read_bytes()
    file.unlink()
    return data


def archive(packed=zipfile.ZIP_STORED, **members):
    with zipfile.ZipFile(made := io.BytesIO(), "w", packed) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return made.getvalue()


TERABYTE = "a terabyte"


@pytest.fixture(scope="module")
def payloads(tmp_path_factory):
    """What to do harm with; where it would, a file is written."""
    canary = tmp_path_factory.mktemp("executed") / "executed"
    return canary, {
        "a .keras with a Lambda": keras_model(canary, ".keras"),
        "an .h5 with a Lambda": keras_model(canary, ".h5"),
        "an .h5 with a link to a file": linked_h5(canary),
        "a pickle": pickle.dumps(Writes(canary)),
        "a pickle in an archive": archive(**{"weights_0.npy": pickle.dumps(Writes(canary))}),
        "another place in an archive": archive(**{f"../../{canary.name}.npy": b"x"}),
        "a bomb": archive(zipfile.ZIP_DEFLATED, **{"weights_0.npy": bytes(100_000_000)}),
    }


@pytest.mark.reliability("model_files")
@pytest.mark.parametrize("name", ["SHA256SUMS", "mean_shape.npy", "model.json", "statistics.npz", "weights.npz"])
def test_hostile_files_do_nothing(name, payloads, folder, tmp_path, record_property):
    canary, contents = payloads
    record_property("tried", len(contents) + 1)
    good = (folder / name).read_bytes()
    before = sorted(tmp_path.rglob("*"))
    for what in (*contents, TERABYTE):
        if what == TERABYTE:
            with (folder / name).open("wb") as file:
                file.truncate(10**12)  # of holes: it takes no room
        else:
            (folder / name).write_bytes(contents[what])
            if name != "SHA256SUMS":
                sealed(folder)
        tracemalloc.start()
        try:
            with pytest.raises(ValueError, match=f"{name} must hold .* use a folder that `replica train` wrote"):
                model_folder.read(folder)
            assert tracemalloc.get_traced_memory()[1] < 5_000_000, what
        finally:
            tracemalloc.stop()
        assert sorted(tmp_path.rglob("*")) == before, what
        assert not canary.exists(), what
    (folder / name).write_bytes(good)
    model_folder.read(sealed(folder))  # nothing else was wrong


@pytest.mark.reliability("model_files")
def test_sums_name_no_other_place(folder):
    with (folder / "SHA256SUMS").open("a") as file:
        file.write(f"{'0' * 64}  ../../elsewhere\n")
    with pytest.raises(ValueError, match="the plain name of a file"):
        model_folder.read(folder)


@pytest.mark.reliability("model_files")
@pytest.mark.parametrize("ending", [".keras", ".h5", ".npz", ".pkl"])
def test_a_file_is_no_model(ending, tmp_path):
    file = tmp_path / f"model{ending}"
    file.write_bytes(pickle.dumps(Writes(tmp_path / "executed")))
    with pytest.raises(FileNotFoundError, match="Keras, HDF5 or pickle are never opened"):
        model_folder.read(file)
    with pytest.raises(FileNotFoundError, match="holds SHA256SUMS.*'model"):
        model_folder.read(tmp_path)
    assert not (tmp_path / "executed").exists()


DECLARATIONS = {
    "no JSON": b"{",
    "deep JSON": b"[" * 500_000,
    "a list": b"[]",
    "a field more": {"code": "import os"},
    "another format": {"format": 2},
    "infinity": {"far": 1e999},
    "a number of 4000 digits": {"far": 10**4000},
    "a text for a number": {"far": "1"},
    "a negative length": {"least_seconds": -1},
    "no digest": {"corpus_digest": "../../x"},
    "versions with a bell": {"versions": {"numpy": "\a"}},
    "a Keras config": {"run": {"class_name": "Lambda", "module": "keras.layers", "config": {"function": "os.system"}}},
    "features of others": {"features": {"os.system": {"columns": [], "extracted": True}}},
    "no columns": {"features": {"audio_long": {}, "video_geo": {}}},
}
RUNS = {
    "another kind": {"kind": "RidgeRun"},
    "a field more": {"custom_objects": {"f": "os.system"}},
    "a smoothed run": {"kind": "SmoothedRun", "input": {"kind": "Run"}},
    "a loss of others": {"loss": "os.system"},
    "a direction of others": {"direction": "sideways"},
    "an assumption of others": {"assumptions": {"optimiser": "os.system"}},
    "an assumption more": {"assumptions": {"module": "os"}},
    "a default told": {"direction": "forward"},
    "features of others": {"features": ["audio_long", "../../x"]},
    "features as a text": {"features": "audio_long"},
    "a feature less": {"features": ["audio_long"]},
    "no layer": {"layer_sizes": []},
    "layers of 10^9": {"layer_sizes": [10**9]},
    "layers of 10^4000": {"layer_sizes": [10**4000]},
    "many layers": {"layer_sizes": [1] * 100_000},
    "half a unit": {"layer_sizes": [1.5]},
    "a layer as a text": {"layer_sizes": ["3"]},
    "a scale of others": {"scale": "huge"},
    "a corpus of others": {"corpus": {"name": "\x1b[2J", "version": "", "options": []}},
    "no corpus": {"corpus": None},
    "a seed as a truth": {"seed": True},
    "another network": {"layer_sizes": [4, 2]},
    "another direction": {"direction": "bidirectional"},
    "one dimension": {"dimensions": ["arousal"]},
}


@pytest.mark.reliability("model_files")
@pytest.mark.parametrize("what", DECLARATIONS)
def test_declarations_that_are_none(what, folder):
    told = DECLARATIONS[what]
    if isinstance(told, bytes):
        (folder / "model.json").write_bytes(told)
        sealed(folder)
    else:
        altered(folder, **told)
    with pytest.raises(ValueError, match="model.json must hold"):
        model_folder.read(folder)


@pytest.mark.reliability("model_files")
@pytest.mark.parametrize("what", RUNS)
def test_runs_that_are_none(what, folder):
    """What is another sound network does not fit to the weights."""
    with hostile.time_limit(10), pytest.raises(ValueError, match="use a folder that `replica train` wrote"):
        model_folder.read(with_run(folder, **RUNS[what]))


@pytest.mark.reliability("model_files")
def test_a_terminal_is_not_told_to_do_anything(folder):
    with pytest.raises(ValueError, match="model.json") as error:
        model_folder.read(with_run(folder, assumptions={"\x1b[2J": 1}))
    assert str(error.value).isprintable()


def test_deviations_of_zero(tmp_path):
    model = made_up()
    model_folder.write(tmp_path / "model", dataclasses.replace(model, deviation=model.deviation * 0), "")
    with pytest.raises(ValueError, match="deviations above 0"):
        model_folder.read(tmp_path / "model")


@pytest.mark.reliability("model_files")
def test_a_declaration_is_read_as_it_is_or_refused(folder):
    good = (folder / "model.json").read_bytes()
    refused = 0
    for k in range(200):
        data = hostile.mutated(np.random.default_rng([7, k]), good)
        (folder / "model.json").write_bytes(data)
        try:
            model = model_folder.read(sealed(folder))
        except ValueError as error:
            assert str(folder) in str(error)
            refused += 1
        else:
            assert json.loads(json.dumps(model_declaration.declare(model))) == json.loads(data)
    assert 0 < refused < 200


def test_another_face_is_another_model(folder):
    """A sound file that was exchanged together with its sum is read: a sum does not tell who wrote it."""
    (folder / "mean_shape.npy").write_bytes(mean_face(5))
    assert model_folder.read(sealed(folder)).shared["mean_shape.npy"] == mean_face(5)
