import numpy as np
import pytest

from replica.conventions import FEATURE_WIDTHS
from replica.features import appearance
from replica.features.appearance import COLUMNS, LGBPTOP, face_found
from replica.features.binary_patterns import block_counts, pattern_labels
from replica.features.gabor import BANKS, gabor_bank, gabor_pictures

BINS = 24 * 59  # 16 + 4 + 4 blocks of 59 labels, for each filter


def recording(frames, seed):
    """A smooth pattern that drifts, with a little noise: texture that moves, as a face does."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:48, :48] / 48 * 2 * np.pi
    waves = rng.integers(1, 9, (6, 2))
    phases = rng.uniform(0, 6, 6) + np.cumsum(rng.normal(0, 0.2, (frames, 6)), axis=0)
    picture = sum(np.sin(a * x + b * y + phases[:, k, None, None]) for k, (a, b) in enumerate(waves))
    return (128 + 15 * picture + rng.normal(0, 1, (frames, 48, 48))).clip(0, 255).astype(np.uint8)


def with_components(filters=8):
    """A model whose components are random, so that a test need not fit any."""
    rng = np.random.default_rng(5)
    model = LGBPTOP(filters)
    model.mean = rng.uniform(0, 40, filters * BINS).astype(np.float32)
    model.components = rng.normal(0, 0.01, (84, filters * BINS)).astype(np.float32)
    return model


def histogram(patches, filters=8):
    """Mean histogram of all frames but the first and the last, by the parts that have tests of their own."""
    y, x = np.mgrid[1:47, 1:47] * 4 // 48
    rows = []
    for picture in gabor_pictures(patches, gabor_bank(*BANKS[filters])):
        for plane, blocks in (((1, 2), 4 * y + x), ((0, 2), x), ((0, 1), y)):
            rows.append(block_counts(pattern_labels(picture, plane), blocks).mean(axis=0))
    return np.concatenate(rows)


@pytest.fixture(scope="module")
def fitted():
    return LGBPTOP().fit([recording(60, seed=1), recording(48, seed=2)])


# Hand values


def test_widths_and_names():
    assert len({name for name, _ in COLUMNS}) == FEATURE_WIDTHS["video_app"] == 84
    assert COLUMNS[0][0] == "component_0" and all(source for _, source in COLUMNS)


# Independent oracle


def test_projecting_first_and_summing_after_is_the_same():
    # Each frame is projected and volumes are summed after; the definition is one histogram a volume, then projected.
    patches, model = recording(24, seed=3), with_components()
    features = model.transform(patches)
    for frame in (5, 12, 18):
        volume = patches[frame - 5 : frame + 6]
        expected = (histogram(volume) - model.mean) @ model.components.T
        np.testing.assert_allclose(features[frame], expected, rtol=1e-3, atol=1e-3)  # float32 sums of 11328 terms


@pytest.mark.parametrize("first", [[0], [0, 1, 5, 12], [2, 13, 24], [0, 4, 9]])
def test_overlapping_volumes_are_counted_once_and_alike(first, monkeypatch):
    monkeypatch.setattr(appearance, "CHUNK", 8)  # the last of them lies beyond it
    patches = recording(36, seed=4)
    found = LGBPTOP()._histograms(patches, np.array(first))
    np.testing.assert_array_equal(found, [histogram(patches[at : at + 11]) for at in first])


def test_a_long_recording_is_fitted_on_in_even_steps():
    found = np.ones(1010, bool)  # 1000 stretches of eleven frames
    found[600:] = False  # and 590 with a face throughout
    first = appearance._sampled(found)
    assert len(first) == 250 and first[[0, -1]].tolist() == [0, 589]
    assert set(np.diff(first)) == {2, 3}


# Relations


@pytest.mark.parametrize(
    ("frame", "moving", "outermost"), [(4, slice(0, 10), [0, 0, 1]), (15, slice(10, 20), [18, 19, 19])]
)
def test_the_outermost_frames_have_no_planes_over_time(frame, moving, outermost):
    # A volume at an end holds nine frames, of which eight have a frame on either side and so move.
    patches, model = recording(20, seed=17), with_components()
    parts, alone = (histogram(patches[rows]).reshape(8, BINS) for rows in (moving, outermost))
    space = slice(0, 16 * 59)
    parts[:, space] = (8 * parts[:, space] + alone[:, space]) / 9
    expected = (parts.ravel() - model.mean) @ model.components.T
    np.testing.assert_allclose(model.transform(patches)[frame], expected, rtol=1e-3, atol=1e-3)  # float32 sums


def test_contrast_does_not_matter():
    # Twice the contrast is exact in binary arithmetic, and patterns know larger and smaller only.
    faint = recording(11, seed=5) // 2
    np.testing.assert_array_equal(histogram(2 * faint), histogram(faint))


def test_only_the_planes_over_time_see_the_order_of_frames():
    patches = recording(11, seed=6)
    shuffled = patches.copy()
    shuffled[1:-1] = patches[np.random.default_rng(0).permutation(np.arange(1, 10))]
    difference = (histogram(shuffled) - histogram(patches)).reshape(8, 24, 59)
    np.testing.assert_allclose(difference[:, :16], 0, atol=1e-5)
    assert (np.abs(difference[:, 16:]).max(axis=2) > 1).all()


@pytest.mark.reliability("long_recordings")
def test_chunks_do_not_show(monkeypatch):
    patches, model = recording(40, seed=7), with_components()
    whole = model.transform(patches)
    monkeypatch.setattr(appearance, "CHUNK", 7)
    np.testing.assert_allclose(model.transform(patches), whole, rtol=1e-4, atol=1e-4)  # float32 sums


def test_the_components_are_principal(fitted):
    assert fitted.components.shape == (84, 8 * BINS)
    np.testing.assert_allclose(fitted.components @ fitted.components.T, np.eye(84), atol=1e-3)
    # So few frames are all fitted on, and there components are centred, uncorrelated and in order of their variance.
    training = [recording(60, seed=1), recording(48, seed=2)]
    features = np.concatenate([fitted.transform(patches)[5:-5] for patches in training])
    covariance = np.cov(features.T)
    deviations = np.sqrt(np.diag(covariance))
    assert np.abs(features.mean(axis=0)).max() < 1e-3 * deviations[0]
    assert np.abs(covariance - np.diag(np.diag(covariance))).max() < 1e-3 * deviations[0] ** 2
    assert (np.diff(deviations) < 1e-3 * deviations[0]).all()
    assert 0.9 < fitted.explained <= 1 + 1e-6  # 84 of at most 87 directions


def test_saved_and_loaded(fitted, tmp_path):
    fitted.save(tmp_path / "components.npz")
    loaded = LGBPTOP.load(tmp_path / "components.npz")
    patches = recording(12, seed=8)
    np.testing.assert_array_equal(loaded.transform(patches), fitted.transform(patches))
    assert loaded.explained == fitted.explained


# Degenerate input


def test_edges_are_held():
    features = with_components().transform(recording(20, seed=9))
    assert features.shape == (20, 84) and features.dtype == np.float32
    for frame in range(4):
        np.testing.assert_array_equal(features[frame], features[4])
        np.testing.assert_array_equal(features[19 - frame], features[15])
    assert np.ptp(features[4:16], axis=0).all()


@pytest.mark.reliability("constant_columns")
def test_without_a_face_all_is_0():
    patches = recording(40, seed=10)
    patches[20:23] = 0
    found = face_found(patches)
    assert np.flatnonzero(~found).tolist() == [20, 21, 22]
    model = with_components()
    features = model.transform(patches)
    assert np.isfinite(features).all()
    assert not features[~found].any() and features[found].any(axis=1).all()
    # What stands in a frame without a face does not matter, nor does it reach the frames beside it.
    patches[21] = recording(1, seed=11)[0]
    np.testing.assert_array_equal(model.transform(patches, found), features)
    # A patch without a picture is no face, whatever a flag says.
    patches[21] = 0
    np.testing.assert_array_equal(model.transform(patches, np.ones(40, bool)), features)


@pytest.mark.reliability("short_recordings")
def test_a_lone_face_has_no_planes_over_time():
    patches = np.zeros((15, 48, 48), np.uint8)
    patches[7] = recording(1, seed=12)[0]
    model = with_components()
    features = model.transform(patches)
    assert np.flatnonzero(features.any(axis=1)).tolist() == [7]
    model.components.reshape(84, 8, BINS)[:, :, 16 * 59 :] = 0
    np.testing.assert_allclose(model.transform(patches), features, rtol=1e-5)


@pytest.mark.reliability("short_recordings")
@pytest.mark.parametrize("frames", [0, 1, 5, 9])
def test_short_recordings(frames):
    model = with_components()
    assert model.transform(np.zeros((frames, 48, 48), np.uint8)).shape == (frames, 84)
    features = model.transform(recording(frames, seed=13) if frames else np.zeros((0, 48, 48), np.uint8))
    assert features.shape == (frames, 84) and np.isfinite(features).all()
    assert features.any(axis=1).all()


# Error messages


@pytest.mark.parametrize("patches", [np.zeros((5, 96, 96), np.uint8), np.zeros((5, 48, 48)), np.zeros((48, 48))])
def test_other_patches_are_refused(patches):
    for function in (face_found, with_components().transform, lambda p: LGBPTOP().fit([p])):
        with pytest.raises(ValueError, match="make it grey and scale it"):
            function(patches)


def test_flags_are_checked():
    for found in (np.ones(4, bool), np.ones(5)):
        with pytest.raises(ValueError, match="Pass one flag a patch"):
            with_components().transform(recording(5, seed=14), found)


def test_too_few_training_frames():
    nobody = np.zeros((500, 48, 48), np.uint8)
    with pytest.raises(ValueError, match=r"Received 10 in 2 recordings\. Fit on more"):
        LGBPTOP().fit([recording(20, seed=15), nobody])


def test_nothing_was_fitted():
    with pytest.raises(ValueError, match="Call fit with the patches"):
        LGBPTOP().transform(recording(5, seed=16))
    with pytest.raises(ValueError, match="Pass 8, or 18"):
        LGBPTOP(filters=9)


def test_damaged_components(fitted, tmp_path):
    file = tmp_path / "components.npz"
    fitted.save(file)
    whole = file.read_bytes()
    np.savez(tmp_path / "other.npz", filters=8, mean=np.zeros(3), components=np.zeros((84, 3)), explained=1.0)
    np.savez(tmp_path / "object.npz", filters=8, mean=np.array([None]), components=0, explained=1.0)
    for damaged in (whole[:1000], b"", (tmp_path / "other.npz").read_bytes(), (tmp_path / "object.npz").read_bytes()):
        file.write_bytes(damaged)
        with pytest.raises(ValueError, match="Fit on the training recordings again"):
            LGBPTOP.load(file)
    with pytest.raises(FileNotFoundError):
        LGBPTOP.load(tmp_path / "none.npz")
