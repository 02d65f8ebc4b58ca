import numpy as np
import pytest

from replica.conventions import FEATURE_WIDTHS
from replica.features import geometry
from replica.features.geometry import COLUMNS, STABLE, face_found, geometric, mean_shape

NAMES = [name for name, _ in COLUMNS]


def columns(features, pattern):
    """Columns whose names start so."""
    return features[:, [name.startswith(pattern) for name in NAMES]]


@pytest.fixture
def face():
    """One face in pixels, no two points alike."""
    rng = np.random.default_rng(0)
    face = rng.uniform(-50, 50, (49, 2)) + [300, 200]
    face[19], face[28] = [230, 190], [370, 205]  # the outer eye corners, apart and not level
    return face


@pytest.fixture
def talking(face):
    """Twenty frames in which every point moves."""
    return face + np.random.default_rng(1).normal(0, 2, (20, 49, 2))


def turned(landmarks, degrees=20.0, scale=1.7, shift=(40.0, -15.0)):
    """The same face seen by a camera that is rolled, nearer and elsewhere."""
    radians = np.radians(degrees)
    turn = np.array([[np.cos(radians), -np.sin(radians)], [np.sin(radians), np.cos(radians)]])
    return scale * landmarks @ turn.T + np.array(shift)


# Hand values


def test_widths_and_names():
    assert len(COLUMNS) == FEATURE_WIDTHS["video_geo"] == 316
    assert len(set(NAMES)) == 316
    assert all(source for _, source in COLUMNS)
    counted = {p: sum(n.startswith(p) for n in NAMES) for p in ("shape_", "movement_", "distance_to_median_")}
    assert counted == {"shape_": 98, "movement_": 98, "distance_to_median_": 49}
    assert sum("_distance_" in n for n in NAMES) == 37 and sum("_angle_" in n for n in NAMES) == 34


def test_names_are_those_of_earlier_files():
    assert NAMES[0] == "shape_x_0" and NAMES[99] == "movement_y_0"
    assert NAMES[196] == "left_eye_distance_5_6" and NAMES[200] == "left_eye_distance_9_25"
    assert NAMES[233] == "left_eye_angle_6" and NAMES[-1] == "distance_to_median_48"


def test_hand_values(face):
    # The mouth's first points make a right angle of sides 3 and 4 eye distances.
    shape = mean_shape([face[None]])
    shape[31:34] = [[0, 0], [3, 0], [3, 4]]
    features = geometric(np.stack([shape, shape]), shape)
    assert columns(features, "mouth_distance_31_32")[0] == 3 and columns(features, "mouth_distance_32_33")[0] == 4
    np.testing.assert_allclose(columns(features, "mouth_angle_32"), np.pi / 2)
    np.testing.assert_allclose(columns(features, "shape_"), 0, atol=1e-12)
    median = np.median(shape[list(STABLE)], axis=0)
    np.testing.assert_allclose(features[0, -49:], np.linalg.norm(shape - median, axis=1), rtol=1e-6)


def test_the_mean_shape_of_one_face_has_level_eyes_at_distance_1(face):
    shape = mean_shape([face[None]])
    np.testing.assert_allclose(shape[28] - shape[19], [1, 0], atol=1e-12)
    np.testing.assert_allclose(shape[list(STABLE)].mean(axis=0), 0, atol=1e-12)
    assert (19, 22, 25, 28, *range(10, 19)) == STABLE


# Independent oracle


def test_agrees_with_least_squares_and_loops(talking, face):
    shape = mean_shape([face[None]])
    features = geometric(talking, shape)
    before = None
    for row, points in zip(features, talking, strict=True):
        # x' = a x - b y + c, y' = b x + a y + d over the stable points, solved as an ordinary least-squares problem.
        x, y = points[list(STABLE)].T
        one, zero = np.ones_like(x), np.zeros_like(x)
        system = np.vstack([np.stack([x, -y, one, zero], 1), np.stack([y, x, zero, one], 1)])
        a, b, c, d = np.linalg.lstsq(system, shape[list(STABLE)].T.ravel(), rcond=None)[0]
        aligned = points @ np.array([[a, b], [-b, a]]) + [c, d]
        expected = [(aligned - shape).ravel(), (aligned - aligned if before is None else aligned - before).ravel()]
        groups = [[*range(5, 10), *range(25, 31)], [*range(5), *range(19, 25)], [*range(31, 49)]]
        for g in groups:
            expected.append([np.linalg.norm(aligned[j] - aligned[i]) for i, j in zip(g, g[1:], strict=False)])
        for g in groups:
            for i, j, k in zip(g, g[1:], g[2:], strict=False):
                u, v = aligned[i] - aligned[j], aligned[k] - aligned[j]
                expected.append([np.arccos(u @ v / np.linalg.norm(u) / np.linalg.norm(v))])
        expected.append(np.linalg.norm(aligned - np.median(aligned[list(STABLE)], axis=0), axis=1))
        np.testing.assert_allclose(row, np.concatenate(expected), rtol=1e-5, atol=1e-6)  # float32
        before = aligned


# Relations


def test_the_camera_does_not_matter(talking):
    np.testing.assert_allclose(geometric(turned(talking)), geometric(talking), atol=1e-5)
    shape = mean_shape([talking])
    np.testing.assert_allclose(geometric(turned(talking), shape), geometric(talking, shape), atol=1e-5)


def test_a_smile_moves_the_mouth_alone(face):
    smiling = face.copy()
    smiling[31] += [-8, -5]
    shape = mean_shape([face[None]])
    changed = np.abs(np.diff(geometric(np.stack([face, smiling]), shape), axis=0))[0] > 1e-6
    moved = {name for name, differs in zip(NAMES, changed, strict=True) if differs}
    assert moved == {
        *("shape_x_31", "shape_y_31", "movement_x_31", "movement_y_31"),
        *("mouth_distance_31_32", "mouth_angle_32", "distance_to_median_31"),
    }


def test_a_head_that_only_moves_does_not_move_its_points(face):
    nodding = np.concatenate([turned(face[None], 2.0 * k, 1 + 0.1 * k, (5 * k, k)) for k in range(5)])
    np.testing.assert_allclose(columns(geometric(nodding), "movement_"), 0, atol=1e-6)


def test_the_mean_shape_is_that_of_the_training_speakers(talking, face):
    other = face + np.random.default_rng(2).normal(0, 10, (30, 49, 2))
    together = mean_shape([talking, turned(other)])
    np.testing.assert_allclose(together, mean_shape([turned(other), talking]), atol=1e-6)
    difference = geometric(talking, together) - geometric(talking)
    # Another mean shape moves and scales the coordinates, but angles have no use for it.
    np.testing.assert_allclose(difference[:, ["_angle_" in n for n in NAMES]], 0, atol=1e-5)
    assert np.abs(columns(difference, "shape_")).max() > 1e-3


# Degenerate input


def test_without_a_face_all_is_0(talking):
    talking[5:8] = np.nan
    talking[11, 3] = np.nan  # one lost point is no face
    talking[13] = 250.0  # all points in one place
    found = face_found(talking)
    assert np.flatnonzero(~found).tolist() == [5, 6, 7, 11, 13]
    features = geometric(talking)
    assert np.isfinite(features).all()
    assert not features[~found].any() and features[found].any(axis=1).all()
    # The frame after a gap has no frame before it.
    assert not columns(features, "movement_")[[0, 8, 12, 14]].any()
    assert columns(features, "movement_")[[1, 4, 9]].all()


@pytest.mark.reliability("constant_columns")
@pytest.mark.parametrize("frames", [0, 1, 7501])
def test_no_face_at_all(frames):
    nobody = np.full((frames, 49, 2), np.nan)
    assert not geometric(nobody).any() and geometric(nobody).shape == (frames, 316)
    assert geometric(nobody).dtype == np.float32
    assert not face_found(nobody).any()


@pytest.mark.reliability("short_recordings")
def test_one_frame(face):
    features = geometric(face[None])
    np.testing.assert_allclose(columns(features, "shape_"), 0, atol=1e-6)
    assert columns(features, "distance_to_median_").all()


def test_points_on_one_spot_have_the_angle_0(face):
    face[40:43] = face[40]
    features = geometric(face[None])
    assert np.isfinite(features).all()
    assert columns(features, "mouth_angle_41") == 0


# Error messages


@pytest.mark.parametrize("shape", [(5, 68, 2), (49, 2), (5, 98)])
def test_other_points_are_refused(shape):
    with pytest.raises(ValueError, match=r"Read 68-point files with replica\.features\.landmarks\.read"):
        geometric(np.zeros(shape))


def test_a_mean_shape_needs_a_face(talking):
    with pytest.raises(ValueError, match="Leave the recordings out"):
        mean_shape([np.full((3, 49, 2), np.nan)])
    for shape in (np.zeros((68, 2)), np.full((49, 2), np.nan)):
        with pytest.raises(ValueError, match="Make one with mean_shape"):
            geometric(talking, shape)


def test_the_regions_hold_every_point_of_brows_eyes_and_mouth_once():
    points = [k for region in geometry.REGIONS.values() for k in region]
    assert sorted(points) == [*range(10), *range(19, 49)]
