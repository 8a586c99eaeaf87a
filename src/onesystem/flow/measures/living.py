"""People in the middle of each year: kept up from what is known of each person."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from onesystem.flow.measures import days, store
from onesystem.flow.measures.world import Somebody

_YEARS = 10  # up to the year of the horizon

Line = tuple[int, int, str, str, str, str]


def middles(horizon: int) -> list[tuple[int, int]]:
    """The years that are counted, each with its day: 30 June, or the last known day before it."""
    last = days.date_of(horizon).year
    return [
        (year, min(days.day_of(date(year, 6, 30)), horizon))
        for year in range(last - _YEARS + 1, last + 1)
    ]


def lines_of(somebody: Somebody, middles_: list[tuple[int, int]]) -> list[Line]:
    """The counts that a person is in."""
    return [
        (year, days.band_of(days.years_between(somebody.born, middle)), somebody.sex,
         somebody.practice, somebody.area, somebody.deprivation)
        for year, middle in middles_
        if (somebody.born is None or somebody.born <= middle)
        and (somebody.died is None or somebody.died > middle)
    ]  # fmt: skip


def change(before: Mapping[int, Somebody], after: Mapping[int, Somebody], horizon: int) -> None:
    """Take people out of the counts as they were, and put them in as they are."""
    counted = middles(horizon)
    moved: Counter[Line] = Counter()
    for people, sign in ((before, -1), (after, 1)):
        for somebody in people.values():
            for line in lines_of(somebody, counted):
                moved[line] += sign
    store.add_living([(*line, n) for line, n in sorted(moved.items()) if n])
    store.run("DELETE FROM flow_living WHERE people = 0")


def rebuild(horizon: int) -> None:
    """Count everybody anew, from what the cells know of them: when a day has ended."""
    counted = middles(horizon)
    found: Counter[Line] = Counter()
    last = None
    for person, *facts in store.rows(
        "SELECT person, born, died, sex, practice, area, deprivation FROM flow_who ORDER BY person"
    ):
        if person != last:
            found.update(lines_of(Somebody(person, *facts), counted))
            last = person
    store.run("DELETE FROM flow_living")
    store.add_living([(*line, n) for line, n in sorted(found.items())])
