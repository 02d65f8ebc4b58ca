import cv2
import numpy as np
import pytest

from replica.features import faces
from replica.features.appearance import face_found


@pytest.fixture
def pictures():
    """Five grey pictures of 96 x 96 pixels, each made of blocks of 2 x 2 equal ones."""
    blocks = np.random.default_rng(0).integers(0, 256, (5, 48, 48), dtype=np.uint8)
    return blocks.repeat(2, axis=1).repeat(2, axis=2)


def folder(tmp_path, pictures, names=None, ending=".png"):
    for k, picture in enumerate(pictures):
        name = f"frame_det_00_{k + 1:06d}" if names is None else names[k]
        assert cv2.imwrite(str(tmp_path / f"{name}{ending}"), picture)
    return tmp_path


# Hand values


@pytest.mark.parametrize("ending", [".png", ".bmp", ".PNG"])
def test_pictures_are_scaled(tmp_path, pictures, ending):
    np.testing.assert_array_equal(faces.read(folder(tmp_path, pictures, ending=ending)), pictures[:, ::2, ::2])


def test_colours_become_grey(tmp_path):
    picture = np.zeros((48, 48, 3), np.uint8)
    picture[..., 1] = 200  # green, of which grey takes 0.587
    assert (faces.read(folder(tmp_path, [picture]))[0] == 117).all()


def test_an_array_is_taken_as_it_is(tmp_path, pictures):
    np.save(tmp_path / "dev_2.npy", pictures[:, ::2, ::2])
    read = faces.read(tmp_path / "dev_2.npy")
    np.testing.assert_array_equal(read, pictures[:, ::2, ::2])
    assert isinstance(read, np.memmap)


# Frames without a face


def test_a_picture_that_is_not_there_is_no_face(tmp_path, pictures):
    read = faces.read(folder(tmp_path, pictures[:3], ["f_2", "f_10", "f_3"]))
    assert np.flatnonzero(face_found(read)).tolist() == [1, 2, 9]
    np.testing.assert_array_equal(read[9], pictures[1, ::2, ::2])


# Error messages


def test_nothing_there(tmp_path):
    (tmp_path / "notes.txt").write_text("none")
    for path, remedy in ((tmp_path / "dev_2.npy", "cut the faces out first"), (tmp_path, "run the tracker first")):
        with pytest.raises(FileNotFoundError, match=remedy):
            faces.read(path)


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        (b"", "Write the frame's picture again"),
        (b"BM" + bytes(60), "Write the frame's picture again"),
        (None, "Let the tracker write aligned faces"),
    ],
)
def test_damaged_pictures(tmp_path, pictures, content, remedy):
    folder(tmp_path, pictures)
    damaged = tmp_path / "frame_det_00_000003.png"
    if content is None:
        cv2.imwrite(str(damaged), pictures[0][:50])
    else:
        damaged.write_bytes(content)
    with pytest.raises(ValueError, match=remedy) as error:
        faces.read(tmp_path)
    assert str(damaged) in str(error.value)


def test_names_without_a_frame(tmp_path, pictures):
    with pytest.raises(ValueError, match=r"'front\.png', in .*Name it such as 000001\.png"):
        faces.read(folder(tmp_path, pictures[:1], ["front"]))


def test_two_faces_in_a_frame(tmp_path, pictures):
    with pytest.raises(ValueError, match="Track one face, not several at once"):
        faces.read(folder(tmp_path, pictures[:2], ["a_1", "b_1"]))


@pytest.mark.parametrize(
    ("array", "remedy"),
    [
        (np.zeros((3, 48, 48)), "make it grey"),
        (np.zeros((3, 96, 96), np.uint8), r"shape \(3, 96, 96\).*make it grey"),
        (np.array([None]), "Write it with numpy.save"),
    ],
)
def test_other_arrays(tmp_path, array, remedy):
    file = tmp_path / "dev_2.npy"
    np.save(file, array)
    with pytest.raises(ValueError, match=remedy) as error:
        faces.read(file)
    assert str(file) in str(error.value)


def test_damaged_arrays(tmp_path):
    file = tmp_path / "dev_2.npy"
    np.save(file, np.zeros((3, 48, 48), np.uint8))
    whole = file.read_bytes()
    unclosed = whole.replace(b"}", b" ", 1)  # the header's brace
    for content in (whole[:-1], whole + b"\0", whole[:50], unclosed, b"", b"PK" + bytes(30), b"text"):
        file.write_bytes(content)
        with pytest.raises(ValueError, match=r"Write it with numpy\.save|make it grey"):
            faces.read(file)
