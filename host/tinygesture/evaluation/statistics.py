"""Figures from counts, each with what the count allows to be said of it (95 %)."""

from dataclasses import dataclass

# scipy.stats takes seconds to import: only where there is something to compute.

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Proportion:
    """A share 0..1 and the interval that holds the true one."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Rate:
    """Events per hour, and the rate that the true one does not exceed."""

    value: float
    upper: float


def proportion(hits: int, of: int) -> Proportion:
    """hits / of with its two-sided Wilson score interval at 95 %.

    Wilson, E. B. (1927), "Probable inference, the law of succession, and statistical inference":
    unlike value ± 2 standard errors it stays within 0..1 and says something of 20 out of 20.
    Raises ValueError unless 0 <= hits <= of and of > 0.
    """
    if not 0 <= hits <= of or of == 0:
        raise ValueError(f"{hits} of {of} is no proportion")
    from scipy.stats import binomtest

    interval = binomtest(hits, of).proportion_ci(CONFIDENCE, method="wilson")
    value = hits / of
    return Proportion(value, min(float(interval.low), value), max(float(interval.high), value))


def rate(count: int, hours: float) -> Rate:
    """count / hours with its exact one-sided Poisson upper bound at 95 %.

    Garwood, F. (1936), "Fiducial limits for the Poisson distribution": no event in 3 hours still
    leaves room for 1 an hour. Raises ValueError for a negative count or no time.
    """
    if count < 0 or not hours > 0:
        raise ValueError(f"{count} events in {hours} hours is no rate")
    from scipy.stats import chi2

    return Rate(count / hours, float(chi2.ppf(CONFIDENCE, 2 * (count + 1))) / 2 / hours)
