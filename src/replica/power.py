"""Whether a test on as few people as the paper's could have shown an effect of the size that it prints.

The paper compares systems on nine speakers, with one training each. An interval from this book's runs tells how far a
difference moves with the people that are tested; scaled to nine of them, it tells how far the paper's would have moved.
"""

import math

from scipy.stats import norm

from replica.statistics import Interval

__all__ = ["PEOPLE", "detectable", "of_equality", "of_sign", "standard_error"]

PEOPLE = 9  # section 3: "each partition containing 9 different speakers"
LEVEL = 0.95  # of every interval of this book


def standard_error(interval: Interval, people: int, wanted: int = PEOPLE) -> float:
    """Standard error of a difference measured on some people, from a 95 % interval of it on others.

    Half the interval's width is 1.96 standard errors, and these shrink with the root of the number of people.

    Args:
        interval: Of the difference, on ``people``.
        people: On how many the interval rests.
        wanted: On how many the difference is to be measured.

    Returns:
        In the difference's own unit.

    Raises:
        ValueError: If the interval has no width, as of one person, or a number of people is below 1.

    Note:
        Normal, and the people independent. The part of the width that is due to seeds is scaled with the rest; an
        interval from a single seed has no such part, so that the standard error is then rather too small.
    """
    width = interval.high - interval.low
    if not (width > 0 and people > 0 and wanted > 0):
        raise ValueError(
            "A standard error needs an interval of some width, and people on both sides. "
            f"Received a width of {width}, {people} and {wanted} people. "
            "Take an interval over the recordings of more than one person."
        )
    return width / 2 / _quantile() * math.sqrt(people / wanted)


def of_sign(effect: float, standard_error: float) -> float:
    """Probability that a 95 % interval lies wholly above 0, where the true difference is ``effect``."""
    return float(norm.cdf(effect / standard_error - _quantile()))


def of_equality(effect: float, margin: float, standard_error: float) -> float:
    """Probability that a 95 % interval lies wholly between ``-margin`` and ``margin``, the true difference given."""
    reach = margin / standard_error - _quantile()  # how far from 0 an estimate may lie, in standard errors
    centre = effect / standard_error
    return float(max(0.0, norm.cdf(reach - centre) - norm.cdf(-reach - centre)))


def detectable(standard_error: float, power: float = 0.8) -> float:
    """The true difference at which :func:`of_sign` reaches ``power``."""
    return float((_quantile() + norm.ppf(power)) * standard_error)


def _quantile() -> float:
    return float(norm.ppf((1 + LEVEL) / 2))
