"""A bank of Gabor filters, and what pictures look like through them: the first step of LGBP-TOP (section 4.2)."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["BANKS", "gabor_bank", "gabor_pictures"]

Floats = NDArray[np.float32]

# Number of filters: (wavelengths in pixels, orientations). Three scales and six orientations are read off a public
# implementation of these features; the smaller bank, our default, costs less than half of that.
BANKS: dict[int, tuple[tuple[float, ...], int]] = {8: ((3.0, 5.0), 4), 18: ((3.0, 4.0, 5.0), 6)}


def gabor_bank(wavelengths: Sequence[float], orientations: int) -> list[tuple[Floats, Floats]]:
    """Gabor filters in quadrature: an even and an odd kernel for each wavelength and orientation.

    Args:
        wavelengths: In pixels. The Gaussian's deviation is half of it, and a kernel reaches two deviations far.
        orientations: Number of equal steps of half a turn.

    Returns:
        Pairs of square kernels, both with the sum 0, so that an even brightness gives nothing.
    """
    bank = []
    for wavelength in wavelengths:
        size = 2 * round(wavelength) + 1
        for angle in np.arange(orientations) * np.pi / orientations:
            shape = (size, size), wavelength / 2, angle, wavelength, 1.0
            even, odd = (cv2.getGaborKernel(*shape, phase, cv2.CV_32F) for phase in (0.0, -np.pi / 2))
            bank.append((even - even.mean(), odd - odd.mean()))
    return bank


def gabor_pictures(patches: NDArray[np.uint8], bank: Sequence[tuple[Floats, Floats]]) -> Iterator[Floats]:
    """The squared magnitude of each filter's response, ``(frames, 48, 48)``; patterns see only its order."""
    for even, odd in bank:
        border = len(even) // 2
        # One tall picture: filtering frame by frame costs more in calls than in arithmetic. Mirrored borders keep the
        # frames apart, and on float32 OpenCV filters kernels of up to 11 x 11 pixel by pixel; its way over the Fourier
        # transform would round each frame by what stands beside it, and patterns tell the slightest difference.
        framed = np.pad(patches.astype(np.float32), [(0, 0), (border, border), (border, border)], mode="reflect")
        tall = framed.reshape(-1, framed.shape[-1])
        responses = [cv2.filter2D(tall, cv2.CV_32F, kernel).reshape(framed.shape) for kernel in (even, odd)]
        inner = (slice(None), slice(border, -border), slice(border, -border))
        yield responses[0][inner] ** 2 + responses[1][inner] ** 2
