"""Rates made comparable between groups of different ages: direct and indirect standardisation."""

from collections.abc import Mapping

# European Standard Population 2013 (Eurostat, Revision of the European Standard Population, 2013):
# the first year of a five-year band, and people in it of 100,000.
ESP_2013: dict[int, int] = {
    0: 5_000, 5: 5_500, 10: 5_500, 15: 5_500, 20: 6_000, 25: 6_000, 30: 6_500, 35: 7_000,
    40: 7_000, 45: 7_000, 50: 7_000, 55: 6_500, 60: 6_000, 65: 5_500, 70: 5_000, 75: 4_000,
    80: 2_500, 85: 1_500, 90: 1_000,
}  # fmt: skip


def direct(
    events: Mapping[int, float], people: Mapping[int, float], standard: Mapping[int, int]
) -> float | None:
    """The rate a person that the standard population would have: sum(rate * standard) / standard.

    A band in which nobody lives has no rate and is left out of both sums.
    """
    bands = [band for band in standard if people.get(band, 0) > 0]
    whole = sum(standard[band] for band in bands)
    if not whole:
        return None
    return sum(events.get(b, 0) / people[b] * standard[b] for b in bands) / whole


def indirect(
    events: float, people: Mapping[int, float], rates: Mapping[int, float], overall: float
) -> float | None:
    """Observed over expected, times the standard's own rate a person.

    Expected: what the group would have at the standard's rate of each band.
    """
    expected = sum(rates.get(band, 0.0) * count for band, count in people.items())
    return events / expected * overall if expected else None
