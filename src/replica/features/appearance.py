"""Appearance of a face (section 4.2): local Gabor binary patterns from three orthogonal planes, in 84 numbers a frame.

Documented of the challenge's features: a bank of Gabor filters; the x-y plane in 4 x 4 blocks, x-t and y-t in 4 x 1;
a histogram of local binary patterns for each block; all of them in one vector, compressed by a randomised principal
component analysis. Our reading: the filters of the bank; patterns of the eight neighbours in the square, told apart by
the 58 uniform ones; volumes of nine frames; which frames the components are fitted on.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from threadpoolctl import threadpool_limits

from replica.features.binary_patterns import LABELS, PIXELS, block_counts, pattern_labels
from replica.features.framing import hold_edges
from replica.features.gabor import BANKS, gabor_bank, gabor_pictures
from replica.files import write_atomically

__all__ = [
    "COLUMNS",
    "COMPONENTS",
    "LGBPTOP",
    "PATCH",
    "VOLUME_FRAMES",
    "face_found",
]

Patches = NDArray[np.uint8]
Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

PATCH = 48  # pixels, each way
COMPONENTS = 84
BLOCKS = 4
VOLUME_FRAMES = 9

COLUMNS: tuple[tuple[str, str], ...] = tuple(
    (f"component_{k}", "84 components of LGBP-TOP are documented; the filters and the fit are our reading")
    for k in range(COMPONENTS)
)

FIT_VOLUMES = 250  # of each training recording: 2250 of nine speakers, each of which sees the same share
CHUNK = 128  # frames that are worked on at once, so that they stay in the processor's cache

TIME, Y, X = 0, 1, 2
PLANES = ((Y, X), (TIME, X), (TIME, Y))  # x-y, x-t, y-t

_BLOCK_OF_PIXEL = (np.arange(PATCH) * BLOCKS // PATCH)[PIXELS]
# The block of each pixel, (y, x), in each plane: 4 x 4 in x-y, columns in x-t, rows in y-t.
_BLOCKS_OF_PLANES = (
    _BLOCK_OF_PIXEL[:, None] * BLOCKS + _BLOCK_OF_PIXEL,
    np.broadcast_to(_BLOCK_OF_PIXEL, (len(_BLOCK_OF_PIXEL),) * 2),
    np.broadcast_to(_BLOCK_OF_PIXEL[:, None], (len(_BLOCK_OF_PIXEL),) * 2),
)
XY_BINS, BINS = BLOCKS**2 * LABELS, (BLOCKS**2 + 2 * BLOCKS) * LABELS  # of one filter


class LGBPTOP:
    """Local Gabor binary patterns from three orthogonal planes, compressed to 84 components.

    Source: section 4.2, "computed by using Local Gabor Binary Patterns from Three Orthogonal Planes (LGBP-TOP) and
    applied PCA to compress to 84 dimensions".

    Attributes:
        filters: 8, or the challenge's 18.
        mean: Mean histogram of the training volumes, ``(bins,)``, once fitted.
        components: Principal components, ``(84, bins)``.
        explained: Share of the training volumes' variance that the components hold, in [0, 1].

    Raises:
        ValueError: If there is no bank of so many filters.

    Note:
        The challenge kept 98 % of the variance; how much 84 components keep depends on the faces, see ``explained``.
    """

    mean: Floats
    components: Floats
    explained: float

    def __init__(self, filters: int = 8) -> None:
        if filters not in BANKS:
            raise ValueError(
                f"LGBP-TOP has a bank of {' or '.join(map(str, BANKS))} filters. "
                f"Received filters={filters!r}. Pass 8, or 18 for the challenge's bank."
            )
        self.filters = filters
        self._bank = gabor_bank(*BANKS[filters])

    def fit(self, training: Sequence[ArrayLike], found: Sequence[ArrayLike] | None = None) -> Self:
        """Find the components.

        Args:
            training: Patches of each training recording, ``(frames, 48, 48)`` uint8; no other partition's.
            found: Whether each frame has a face, ``(frames,)`` bool a recording; by default as :func:`face_found`.

        Returns:
            Itself.

        Raises:
            ValueError: If an array has another shape or type, or fewer than 84 whole volumes have a face in each frame.
        """
        founds = [None] * len(training) if found is None else found
        pairs = [_checked(patches, known) for patches, known in zip(training, founds, strict=True)]
        sampled = [_sampled(known) for _, known in pairs]
        if (volumes := sum(map(len, sampled))) < COMPONENTS:
            raise ValueError(
                f"Fitting needs at least {COMPONENTS} stretches of {VOLUME_FRAMES + 2} frames with a face. "
                f"Received {volumes} in {len(training)} recordings. Fit on more, or longer, training recordings."
            )
        of_all = zip(pairs, sampled, strict=True)
        histograms = [self._histograms(patches, first) for (patches, _), first in of_all if len(first)]
        from sklearn.decomposition import PCA  # seconds to import, and only needed here

        pca = PCA(COMPONENTS, svd_solver="randomized", random_state=0).fit(np.concatenate(histograms))
        self.mean, self.components = pca.mean_.astype(np.float32), pca.components_.astype(np.float32)
        self.explained = float(pca.explained_variance_ratio_.sum())
        return self

    def transform(self, patches: ArrayLike, found: ArrayLike | None = None) -> Floats:
        """The features of one recording.

        Args:
            patches: ``(frames, 48, 48)`` uint8, grey, aligned by the eyes, 25 frames a second.
            found: Whether each frame has a face, ``(frames,)`` bool; by default as :func:`face_found`.

        Returns:
            ``(frames, 84)``; 0 where there is no face. A volume is centred on its frame, and the first and the last
            four frames repeat the vector of the nearest whole one. Frames without a face do not count in a volume, nor
            do their neighbours in its planes over time.

        Raises:
            ValueError: If an array has another shape or type, or nothing was fitted.
        """
        patches, found = _checked(patches, found)
        if not hasattr(self, "components"):
            raise ValueError(
                "LGBP-TOP transforms with components that were fitted or loaded. Received none. "
                "Call fit with the patches of the training recordings, or load."
            )
        features = np.zeros((len(patches), COMPONENTS), np.float32)
        if found.any():
            moving = found & np.r_[False, found[:-1]] & np.r_[found[1:], False]
            # Products of small matrices: more threads would wait for each other, at twice the processor time.
            with threadpool_limits(1, user_api="blas"):
                space, time = self._projected(patches)
            features[found] = (_volume_mean(space, found) + _volume_mean(time, moving))[found]
        return features

    def save(self, path: Path) -> None:
        """Write what was fitted to a ``.npz`` file, whole or not at all."""
        buffer = io.BytesIO()
        np.savez_compressed(
            buffer, filters=self.filters, mean=self.mean, components=self.components, explained=self.explained
        )
        write_atomically(path, buffer.getvalue())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what :meth:`save` wrote.

        Raises:
            OSError: If there is no such file, or it cannot be read.
            ValueError: If it holds no components of a bank of this version.
        """
        content = io.BytesIO(Path(path).read_bytes())
        try:
            with np.load(content, allow_pickle=False) as file:
                loaded = cls(int(file["filters"]))
                loaded.mean, loaded.components = file["mean"], file["components"]
                loaded.explained = float(file["explained"])
            shapes = loaded.mean.shape, loaded.components.shape
            bins = loaded.filters * BINS
            whole = shapes == ((bins,), (COMPONENTS, bins)) and np.isfinite(loaded.components).all()
        except (KeyError, ValueError, EOFError, OSError, zipfile.BadZipFile, zlib.error):
            whole = False
        if not whole:
            raise ValueError(
                f"Components of LGBP-TOP are read from a file that save wrote. Received {path}. "
                "Fit on the training recordings again."
            )
        return loaded

    def _projected(self, patches: Patches) -> tuple[Floats, Floats]:
        """Each frame's histograms less their mean, on the components: x-y alone, and the two planes over time."""
        weights = np.split(self.components.T, self.filters)
        means = np.split(self.mean, self.filters)
        space, time = (np.zeros((len(patches), COMPONENTS), np.float32) for _ in range(2))
        for first in range(0, len(patches), CHUNK):
            rows = slice(first, min(first + CHUNK, len(patches)))
            # The first and the last frame stand in for their own neighbours; transform leaves their planes out.
            around = np.clip(np.arange(first - 1, rows.stop + 1), 0, len(patches) - 1)
            for counts, weight, mean in zip(self._counts(patches[around]), weights, means, strict=True):
                centred = counts - mean
                space[rows] += centred[:, :XY_BINS] @ weight[:XY_BINS]
                time[rows] += centred[:, XY_BINS:] @ weight[XY_BINS:]
        return space, time

    def _histograms(self, patches: Patches, first: NDArray[np.intp]) -> Floats:
        """Mean over each volume of its frames' histograms, ``(volumes, bins)``, by the first frames of stretches.

        A stretch has a frame on either side of its volume, which is only looked at.
        """
        length, histograms = VOLUME_FRAMES + 2, []
        # What overlaps is counted once: counts are whole numbers, so that their sums do not tell how they were added.
        apart = (np.diff(first) >= length) | (np.diff(first // CHUNK) > 0)
        for near in np.split(first, np.flatnonzero(apart) + 1):
            means = [
                [counts[at : at + VOLUME_FRAMES].mean(axis=0) for at in near - near[0]]
                for counts in self._counts(patches[near[0] : near[-1] + length])
            ]
            histograms.append(np.hstack(means))
        return np.concatenate(histograms)

    def _counts(self, patches: Patches) -> Iterator[Floats]:
        """Histograms of all frames but the first and the last, ``(frames - 2, BINS)``, filter by filter."""
        for picture in gabor_pictures(patches, self._bank):
            labels = [pattern_labels(picture, plane) for plane in PLANES]
            yield np.hstack([block_counts(*pair) for pair in zip(labels, _BLOCKS_OF_PLANES, strict=True)])


def face_found(patches: ArrayLike) -> Flags:
    """Whether each frame has a face: ``(frames,)``, False where all pixels of a patch are alike.

    Raises:
        ValueError: If the patches have another shape or type.
    """
    return _checked(patches, None)[1]


def _sampled(found: Flags) -> NDArray[np.intp]:
    """First frames of evenly spaced stretches, a volume and a frame on either side, that all have a face."""
    length = VOLUME_FRAMES + 2
    if len(found) < length:
        return np.empty(0, np.intp)
    whole = np.flatnonzero(np.lib.stride_tricks.sliding_window_view(found, length).all(axis=1))
    return (
        whole[np.unique(np.linspace(0, len(whole) - 1, FIT_VOLUMES).round().astype(np.intp))] if len(whole) else whole
    )


def _volume_mean(values: Floats, counted: Flags) -> NDArray:
    """Mean of the counted frames in each frame's volume, edges held; 0, which is the training mean, without any."""
    return _volume_sum(values * counted[:, None]) / np.maximum(_volume_sum(counted[:, None].astype(np.float32)), 1)


def _volume_sum(values: Floats) -> NDArray:
    if len(values) <= VOLUME_FRAMES:
        return hold_edges(values.sum(axis=0, keepdims=True), len(values))
    running = np.cumsum(np.vstack([np.zeros((1, values.shape[1])), values]), axis=0)
    whole = running[VOLUME_FRAMES:] - running[:-VOLUME_FRAMES]
    return hold_edges(whole, len(values), VOLUME_FRAMES // 2)


def _checked(patches: ArrayLike, found: ArrayLike | None) -> tuple[Patches, Flags]:
    patches = np.asarray(patches)
    if patches.ndim != 3 or patches.shape[1:] != (PATCH, PATCH) or patches.dtype != np.uint8:
        raise ValueError(
            f"Face patches are grey pictures of {PATCH} x {PATCH} pixels, (frames, {PATCH}, {PATCH}) uint8. "
            f"Received shape {patches.shape} of type {patches.dtype}. "
            "Cut the aligned face out of each frame, make it grey and scale it to that size."
        )
    varied = (patches != patches[:, :1, :1]).any(axis=(1, 2))
    if found is None:
        return patches, varied
    found = np.asarray(found)
    if found.shape != varied.shape or found.dtype != bool:
        raise ValueError(
            f"Whether a face was found is told for each of the {len(patches)} frames, as bool. "
            f"Received shape {found.shape} of type {found.dtype}. Pass one flag a patch."
        )
    return patches, found & varied
