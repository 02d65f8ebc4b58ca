"""Early stopping as the authors' library had it, on a dev loss that has been looked at before."""

from collections.abc import Sequence

__all__ = ["DOWNHILL_FAILURES", "kept_look"]

# Downhill 0.2 stops when more than `patience` (5) looks in a row, one every 10 epochs, bring no improvement.
DOWNHILL_FAILURES = 6


def kept_look(dev_loss: Sequence[float], failures: int = DOWNHILL_FAILURES) -> int:
    """Which look at the dev loss a training keeps the weights of, if it stops after some looks without improvement.

    Source: section 5, "Training stops if there is no improvement after 50 epochs"; downhill 0.2 for what counts as an
    improvement (a strictly smaller loss) and for the number of failures.

    Args:
        dev_loss: The loss at each look, the first before any training. Looks after the stop are ignored.
        failures: Looks in a row without improvement at which training stops, at least 1.

    Returns:
        Index of the look, 0 for the untrained network.

    Raises:
        ValueError: If there is no look, or no failure is allowed.
    """
    if not len(dev_loss) or failures < 1:
        raise ValueError(
            "A stopping rule needs at least one look at the dev loss and one failure that it waits for. "
            f"Received {len(dev_loss)} looks and failures={failures}. Pass the dev_loss of a result's history."
        )
    best = 0
    for look, loss in enumerate(dev_loss):
        if loss < dev_loss[best]:
            best = look
        elif look - best == failures:
            break
    return best
