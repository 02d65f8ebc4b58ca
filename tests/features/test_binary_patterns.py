import numpy as np
import pytest

from replica.features import binary_patterns
from replica.features.appearance import PLANES
from replica.features.binary_patterns import block_counts, pattern_labels

# Hand values


def test_58_uniform_patterns_and_the_rest():
    labels = binary_patterns.LABEL_OF_PATTERN
    assert np.bincount(labels).tolist() == [1] * 58 + [256 - 58]
    # No neighbour, all neighbours, one run of them, two runs.
    assert labels[[0b00000000, 0b11111111, 0b01010000]].tolist() == [0, 57, 58]
    assert labels[0b11000001] < 58


def test_patterns_by_hand():
    picture = np.zeros((3, 3, 3), np.float32)
    picture[1, 1, 1] = 1  # higher than all around it: no neighbour is as large
    assert [int(pattern_labels(picture, plane)[0, 0, 0]) for plane in PLANES] == [0, 0, 0]
    picture[0, 1, 1] = 2  # and now one is: in the frame before, seen in the planes over time alone
    assert [int(pattern_labels(picture, plane)[0, 0, 0]) > 0 for plane in PLANES] == [False, True, True]
    picture[1, 0, 1] = 2  # in the row above: seen in x-y and y-t
    picture[0, 1, 1] = 0
    assert [int(pattern_labels(picture, plane)[0, 0, 0]) > 0 for plane in PLANES] == [True, False, True]


# Independent oracle


@pytest.mark.parametrize("plane", PLANES)
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
