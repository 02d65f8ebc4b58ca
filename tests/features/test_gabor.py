import numpy as np

from replica.features.gabor import BANKS, gabor_bank, gabor_pictures

# Hand values


def test_as_many_filters_as_a_bank_says():
    assert {n: len(gabor_bank(*BANKS[n])) for n in BANKS} == {8: 8, 18: 18}
    assert BANKS[8] == ((3.0, 5.0), 4)  # what components in files were fitted with


def test_an_even_brightness_has_no_response():
    for even, odd in gabor_bank(*BANKS[18]):
        assert abs(even.sum()) < 1e-5 and abs(odd.sum()) < 1e-5


# Independent oracle


def test_kernels_are_gabors_formula():
    """Waves under a round Gaussian of half a wavelength, two deviations far, less their mean; along x, then along y."""
    y, x = np.mgrid[-5:6, -5:6]
    gaussian = np.exp(-(x**2 + y**2) / 2 / 2.5**2)
    for along, pair in zip((x, y), gabor_bank((5.0,), 2), strict=True):
        for wave, kernel in zip((np.cos, np.sin), pair, strict=True):
            expected = gaussian * wave(2 * np.pi * along / 5)
            expected -= expected.mean()
            assert kernel.shape == (11, 11)
            same, turned = (np.abs(sign * kernel - expected).max() for sign in (1, -1))
            assert min(same, turned) < 1e-5  # squared, a sign is nothing


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


# Relations


def test_frames_do_not_touch_each_other():
    patches, bank = np.random.default_rng(4).integers(0, 256, (4, 48, 48), dtype=np.uint8), gabor_bank((3.0, 5.0), 1)
    together = list(gabor_pictures(patches, bank))
    for k in range(4):
        for whole, alone in zip(together, gabor_pictures(patches[k : k + 1], bank), strict=True):
            np.testing.assert_array_equal(whole[k], alone[0])


def test_a_picture_goes_on_mirrored():
    patch, bank = np.random.default_rng(6).integers(0, 256, (1, 48, 48), dtype=np.uint8), gabor_bank((3.0, 5.0), 2)
    mirrored = np.pad(patch, [(0, 0), (12, 12), (12, 12)], mode="reflect")
    for alone, within in zip(gabor_pictures(patch, bank), gabor_pictures(mirrored, bank), strict=True):
        np.testing.assert_allclose(alone, within[:, 12:-12, 12:-12], rtol=1e-4, atol=1)  # of 1e5, in float32
