import numpy as np
import pytest

from replica.features import landmarks
from replica.features.geometry import face_found

KEPT = [*range(17, 60), 61, 62, 63, 65, 66, 67]


@pytest.fixture
def points():
    """Four frames of 68 points, with the two decimals that a tracker writes."""
    return np.random.default_rng(0).uniform(0, 500, (4, 68, 2)).round(2)


def openface(points, *, frames=None, success=None, seconds_a_frame=0.04):
    """The text of OpenFace's table: blanks after commas, 3D points in capitals after those in pixels."""
    frames = list(range(1, len(points) + 1)) if frames is None else frames
    success = [1] * len(points) if success is None else success
    count = points.shape[1]
    names = ["frame", "face_id", "timestamp", "confidence", "success"]
    names += [f"{axis}_{k}" for axis in ("x", "y", "X", "Y") for k in range(count)]
    lines = [", ".join(names)]
    for frame, row, found in zip(frames, points, success, strict=True):
        head = [frame, 0, round((frame - 1) * seconds_a_frame, 3), 0.98, found]
        lines.append(", ".join(str(value) for value in [*head, *row.T.ravel(), *-row.T.ravel()]))
    return "\n".join(lines) + "\n"


def table(tmp_path, text):
    file = tmp_path / "dev_2.csv"
    file.write_text(text)
    return file


def folder(tmp_path, points, names=None):
    for k, frame in enumerate(points):
        lines = "\n".join(f"{x} {y}" for x, y in frame)
        name = f"{k + 1:06d}" if names is None else names[k]
        (tmp_path / f"{name}.pts").write_text(f"version: 1\nn_points:  68\n{{\n{lines}\n}}\n")
    return tmp_path


# Hand values


def test_49_of_68_are_kept(tmp_path, points):
    assert tuple(KEPT) == landmarks.KEPT_OF_68 and len(KEPT) == 49
    np.testing.assert_array_equal(landmarks.read(table(tmp_path, openface(points))), points[:, KEPT])


def test_a_table_of_49_is_taken_whole(tmp_path, points):
    text = openface(points[:, KEPT])
    np.testing.assert_array_equal(landmarks.read(table(tmp_path, text)), points[:, KEPT])


def test_a_folder_of_pts_files(tmp_path, points):
    np.testing.assert_array_equal(landmarks.read(folder(tmp_path, points)), points[:, KEPT])


def test_only_the_points_are_needed(tmp_path, points):
    names = ",".join(f"{axis}_{k}" for axis in "xy" for k in range(68))
    rows = [",".join(str(value) for value in row.T.ravel()) for row in points]
    text = "\n".join([names, *rows])
    np.testing.assert_array_equal(landmarks.read(table(tmp_path, text)), points[:, KEPT])


# Frames without a face


def test_no_success_is_no_face(tmp_path, points):
    read = landmarks.read(table(tmp_path, openface(points, success=[1, 0, 1, 1])))
    assert face_found(read).tolist() == [True, False, True, True]


def test_a_frame_that_is_not_there_has_no_face(tmp_path, points):
    read = landmarks.read(table(tmp_path, openface(points, frames=[2, 3, 5, 6])))
    assert face_found(read).tolist() == [False, True, True, False, True, True]
    np.testing.assert_array_equal(read[4], points[2, KEPT])


def test_a_file_that_is_not_there_has_no_face(tmp_path, points):
    read = landmarks.read(folder(tmp_path, points, ["dev_2_frame1", "dev_2_frame10", "dev_2_frame3", "dev_2_frame2"]))
    assert np.flatnonzero(face_found(read)).tolist() == [0, 1, 2, 9]
    np.testing.assert_array_equal(read[9], points[1, KEPT])


# Error messages


def test_nothing_there(tmp_path):
    for path in (tmp_path / "dev_2.csv", tmp_path):
        with pytest.raises(FileNotFoundError, match="run the (landmark )?tracker first"):
            landmarks.read(path)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"frames": [1, 2, 2, 3]}, "Track one face, not several at once"),
        ({"frames": [0, 1, 2, 3]}, "whole frame numbers from 1 on"),
        ({"frames": [1, 2, 3, 4.5]}, "whole frame numbers from 1 on"),
        ({"frames": [1, 2, 3, 10**9]}, "Correct the frame numbers"),
        ({"seconds_a_frame": 1 / 30}, r"frames 0\.03333 s apart.*Re-encode the video"),
    ],
)
def test_frames_that_cannot_be_placed(tmp_path, points, options, message):
    file = table(tmp_path, openface(points, **options))
    with pytest.raises(ValueError, match=message) as error:
        landmarks.read(file)
    assert str(file) in str(error.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace("x_67", "eye_67").replace("x_48", "eye_48"), "Let the tracker write 2D landmarks"),
        (lambda text: text.replace("\n3, 0,", "\n3, 0, 0.08,", 1), "Export it from the tracker again"),
        (lambda text: text.replace("\n3,", "\nthree,"), "'three' in column frame of line 4"),
        (lambda text: text.replace("\n3,", "\nnan,"), "in column frame of line 4"),
        (lambda text: text.partition("\n")[0], "Run the tracker on the whole video"),
        (lambda text: "", "Export it from the tracker again"),
        (lambda text: "\x00\xff" * 50, "Export it from the tracker again"),
        (lambda text: "\x00\xff\n" * 50, "Export it from the tracker again"),
    ],
)
def test_a_damaged_table(tmp_path, points, change, message):
    file = table(tmp_path, change(openface(points)))
    with pytest.raises(ValueError, match=message) as error:
        landmarks.read(file)
    assert str(file) in str(error.value)


def test_damaged_pts_files(tmp_path, points):
    whole = folder(tmp_path, points)
    (whole / "000002.pts").write_text("version: 1\nn_points: 68\n{\n1.0 2.0\n}\n")
    with pytest.raises(ValueError, match=r"2 values between the braces, in .*000002\.pts"):
        landmarks.read(whole)
    (whole / "000002.pts").unlink()
    (whole / "front.pts").write_text((whole / "000001.pts").read_text())
    with pytest.raises(ValueError, match=r"Name it such as 000001\.pts"):
        landmarks.read(whole)


@pytest.mark.parametrize("gap", [0.021, 0.04, 2.8, -0.025])
def test_a_gap_in_the_times_is_named_with_its_line(tmp_path, gap):
    """Without the column frame, rows after the gap would be taken for earlier frames; the mean rate is still right."""
    columns = [f"{axis}_{k}" for axis in "xy" for k in range(49)]
    times = [round(3 + 0.04 * k + (gap if k >= 3000 else 0), 3) for k in range(7431)]
    text = "\n".join([",".join(["timestamp", *columns]), *(f"{t}," + ",".join(["1"] * 98) for t in times)])
    with pytest.raises(ValueError, match=r"each frame at its time.* in line 3002, .*keep the rows"):
        landmarks.read(table(tmp_path, text))


def test_times_that_are_rounded_or_start_elsewhere_are_no_gap(tmp_path):
    columns = [f"{axis}_{k}" for axis in "xy" for k in range(49)]
    lines = [f"{10 + 0.04 * k:.2f}," + ",".join(["1"] * 98) for k in range(200)]
    assert landmarks.read(table(tmp_path, "\n".join([",".join(["timestamp", *columns]), *lines]))).shape == (200, 49, 2)


def test_a_column_twice(tmp_path, points):
    for name in (" x_1 ,", " x_1,"):
        with pytest.raises(ValueError, match=r"each column once. Received 'x_1' twice"):
            landmarks.read(table(tmp_path, openface(points).replace(" x_0,", name, 1)))
