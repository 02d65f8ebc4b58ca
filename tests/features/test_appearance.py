import numpy as np
import pytest

from replica.conventions import FEATURE_WIDTHS
from replica.features import appearance
from replica.features.appearance import (
    BANKS,
    COLUMNS,
    LGBPTOP,
    block_counts,
    face_found,
    gabor_bank,
    gabor_pictures,
    pattern_labels,
)

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
    assert {n: len(gabor_bank(*BANKS[n])) for n in BANKS} == {8: 8, 18: 18}


def test_58_uniform_patterns_and_the_rest():
    labels = appearance.LABEL_OF_PATTERN
    assert np.bincount(labels).tolist() == [1] * 58 + [256 - 58]
    # No neighbour, all neighbours, one run of them, two runs.
    assert labels[[0b00000000, 0b11111111, 0b01010000]].tolist() == [0, 57, 58]
    assert labels[0b11000001] < 58


def test_patterns_by_hand():
    picture = np.zeros((3, 3, 3), np.float32)
    picture[1, 1, 1] = 1  # higher than all around it: no neighbour is as large
    assert [int(pattern_labels(picture, plane)[0, 0, 0]) for plane in appearance.PLANES] == [0, 0, 0]
    picture[0, 1, 1] = 2  # and now one is: in the frame before, seen in the planes over time alone
    assert [int(pattern_labels(picture, plane)[0, 0, 0]) > 0 for plane in appearance.PLANES] == [False, True, True]
    picture[1, 0, 1] = 2  # in the row above: seen in x-y and y-t
    picture[0, 1, 1] = 0
    assert [int(pattern_labels(picture, plane)[0, 0, 0]) > 0 for plane in appearance.PLANES] == [True, False, True]


def test_an_even_brightness_has_no_response():
    for even, odd in gabor_bank(*BANKS[18]):
        assert abs(even.sum()) < 1e-5 and abs(odd.sum()) < 1e-5


# Independent oracle


@pytest.mark.parametrize("plane", appearance.PLANES)
def test_patterns_agree_with_loops(plane):
    picture = np.random.default_rng(0).integers(0, 4, (5, 6, 7)).astype(np.float32)  # few values: many ties
    around = [(-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1)]

    def changes(bits):
        return sum(a != b for a, b in zip(bits, bits[1:] + bits[:1], strict=True))

    uniform = sorted({n for n in range(256) if changes([n >> k & 1 for k in range(8)]) <= 2})
    for inner in np.ndindex(3, 4, 5):
        centre = tuple(k + 1 for k in inner)
        pattern = 0
        for steps in around:
            other = list(centre)
            for axis, step in zip(plane, steps, strict=True):
                other[axis] += step
            pattern = 2 * pattern + int(picture[tuple(other)] >= picture[centre])
        expected = uniform.index(pattern) if pattern in uniform else 58
        assert pattern_labels(picture, plane)[inner] == expected


def test_counts_agree_with_loops():
    rng = np.random.default_rng(1)
    labels, blocks = rng.integers(0, 59, (2, 46, 46), dtype=np.uint8), rng.integers(0, 4, (46, 46))
    expected = np.zeros((2, 4, 59))
    for frame, row, column in np.ndindex(labels.shape):
        expected[frame, blocks[row, column], labels[frame, row, column]] += 1
    np.testing.assert_array_equal(block_counts(labels, blocks), expected.reshape(2, -1))


def test_a_filter_answers_to_its_own_grating():
    y, x = np.mgrid[:48, :48]
    wavelengths, orientations = BANKS[8]
    gratings = []
    for wavelength in wavelengths:
        for angle in np.arange(orientations) * np.pi / orientations:
            phase = 2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / wavelength
            gratings.append(np.sin(phase) * 100 + 128)
    energy = [picture.mean(axis=(1, 2)) for picture in gabor_pictures(np.uint8(gratings), gabor_bank(*BANKS[8]))]
    # Larger kernels answer more to everything, so filters are compared with those of their own wavelength.
    for first in (0, 4):
        block = np.array(energy)[first : first + 4, first : first + 4]
        assert block.argmax(axis=0).tolist() == [0, 1, 2, 3]
        assert (np.sort(block, axis=0)[-1] > 3 * np.sort(block, axis=0)[-2]).all()


def test_a_filter_answers_to_every_phase_alike():
    x = np.broadcast_to(np.arange(48), (48, 48))
    gratings = [100 * np.sin(2 * np.pi * x / 5 + phase) + 128 for phase in np.arange(4) * np.pi / 8]
    (picture,) = gabor_pictures(np.uint8(gratings), gabor_bank((5.0,), 1))
    inner = picture[:, 10:-10, 10:-10]
    assert np.ptp(inner) < 0.1 * inner.mean()  # an even or an odd kernel alone would fall to 0


def test_projecting_first_and_summing_after_is_the_same():
    # Each frame is projected and volumes are summed after; the definition is one histogram a volume, then projected.
    patches, model = recording(24, seed=3), with_components()
    features = model.transform(patches)
    for frame in (5, 12, 18):
        volume = patches[frame - 5 : frame + 6]
        expected = (histogram(volume) - model.mean) @ model.components.T
        np.testing.assert_allclose(features[frame], expected, rtol=1e-3, atol=1e-3)  # float32 sums of 11328 terms


# Relations


def test_frames_do_not_touch_each_other():
    patches, bank = recording(4, seed=4), gabor_bank((3.0, 5.0), 1)
    together = list(gabor_pictures(patches, bank))
    for k in range(4):
        for whole, alone in zip(together, gabor_pictures(patches[k : k + 1], bank), strict=True):
            np.testing.assert_array_equal(whole[k], alone[0])


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


def test_a_lone_face_has_no_planes_over_time():
    patches = np.zeros((15, 48, 48), np.uint8)
    patches[7] = recording(1, seed=12)[0]
    model = with_components()
    features = model.transform(patches)
    assert np.flatnonzero(features.any(axis=1)).tolist() == [7]
    model.components.reshape(84, 8, BINS)[:, :, 16 * 59 :] = 0
    np.testing.assert_allclose(model.transform(patches), features, rtol=1e-5)


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
