"""Who lives in the served district, as its measures counted them."""

from collections.abc import Iterable

from onesystem.flow.measures import days, population
from onesystem.twin.network.model import Model
from onesystem.twin.people import ageing, growing, known
from onesystem.twin.people.growing import ages_of


def ages() -> ageing.Sexes | None:
    """People of the last year that is counted, by sex and single age; None before any.

    Who has no sex told is shared out between the two.
    """
    found = population.latest()
    if found is None:
        return None
    _, people = found
    other = [bands for sex, bands in people.items() if sex not in known.SEXES]
    bands = {
        sex: {
            band: people.get(sex, {}).get(band, 0) + sum(each.get(band, 0) for each in other) / 2
            for band in days.BANDS
        }
        for sex in known.SEXES
    }
    return {sex: ageing.single(each) for sex, each in bands.items()}


def ahead(model: Model, zone: str, count: int) -> list[ageing.Year]:
    """People now, and in each of so many years, by the country's rates; none before any count."""
    start = ages()
    if start is None:
        return []
    country = "New Zealand" if zone.startswith("Pacific/") else "United Kingdom"
    return list(ageing.years(start, growing.begins(model), count, known.rates_of(country)))


def living(classes: Iterable[str]) -> dict[str, float]:
    """How many people of each class live there, of classes whose names say their ages."""
    found = ages()
    if found is None:
        return {}
    here = ageing.Year(0, found)
    return {
        kind: float(round(here.between(*between))) for kind in classes if (between := ages_of(kind))
    }
