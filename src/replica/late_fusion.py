"""Late fusion of section 5.7: "a linear regression of the different predictions from multiple subsystems"."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.linear_model import LinearRegression

__all__ = ["LateFusion"]

Floats = NDArray[np.float64]


class LateFusion:
    """An ordinary least squares regression with intercept over the predictions of subsystems.

    Source: section 5.7. Whether the authors had an intercept is not said; without one, a regression moves the level of
    its members by scaling only.

    Attributes:
        weights: One for each subsystem, ``(subsystems,)``, once fitted.
        intercept: In rating units.
    """

    weights: Floats
    intercept: float

    def fit(self, predictions: Sequence[ArrayLike], gold: ArrayLike) -> "LateFusion":
        """Find the weights.

        Args:
            predictions: One array a subsystem, ``(frames,)``: the recordings one after the other.
            gold: The gold standard of the same frames.

        Returns:
            Itself.

        Raises:
            ValueError: If there are no subsystems, their lengths differ, or a value is not finite.
        """
        members, target = _columns(predictions), np.asarray(gold, np.float64)
        if target.shape != members.shape[:1] or not np.isfinite(target).all():
            raise ValueError(
                f"The gold standard of a fusion has one finite value for each of its {len(members)} frames. "
                f"Received an array of shape {target.shape}. Pass the recordings in the order of the predictions."
            )
        fitted = LinearRegression().fit(members, target)
        self.weights, self.intercept = fitted.coef_, float(fitted.intercept_)
        return self

    def predict(self, predictions: Sequence[ArrayLike]) -> Floats:
        """The weighted sum of the subsystems' predictions and the intercept, ``(frames,)``.

        Raises:
            ValueError: If nothing was fitted or other subsystems were, their lengths differ, or a value is not finite.
        """
        members = _columns(predictions)
        if not hasattr(self, "weights"):
            raise ValueError("A fusion predicts with weights. Received none yet. Call fit() first.")
        if members.shape[1] != len(self.weights):
            raise ValueError(
                f"A fusion predicts from the {len(self.weights)} subsystems that it was fitted on. "
                f"Received {members.shape[1]}. Pass the same subsystems in the same order."
            )
        return members @ self.weights + self.intercept


def _columns(predictions: Sequence[ArrayLike]) -> Floats:
    """A column for each subsystem, ``(frames, subsystems)``."""
    members = [np.asarray(prediction, np.float64) for prediction in predictions]
    if len({m.shape for m in members}) != 1 or members[0].ndim != 1 or not all(np.isfinite(m).all() for m in members):
        raise ValueError(
            "Subsystems are fused from finite predictions of the same frames, (frames,) each. "
            f"Received arrays of shape {[m.shape for m in members]}. Join the recordings of a subsystem to one array."
        )
    return np.stack(members, axis=1)
