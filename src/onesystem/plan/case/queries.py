"""What can be asked of a case by rooms beside and above: what doing nothing leads to."""

from functools import lru_cache

from onesystem.plan.areas import catalogue
from onesystem.plan.case.building import SINCE, case_of
from onesystem.plan.case.figures import Case

_KEPT = 16


def do_nothing(area_code: str, *, since: int = SINCE, years: int = 20) -> Case:
    """The case of an area by its code, on what is assumed as shipped.

    Figures by key: `people`, `people-85`, lines of activity (`ed`, `emergency`, `occupied`,
    `planned`, `gp`, `community`, `home-care`, `care-home` ...), what they take (`beds`,
    `clinic-hours`, `treatments`, `waiting`, `nurses`, `community-nurses`, `gps`,
    `care-home-places`, `home-care-hours`), and `money`, `money-health`, `money-council` and
    `money-` with each line, in minor units. Raises NotFound.
    """
    return _case(catalogue.by_code(area_code).code, since, years)


@lru_cache(maxsize=_KEPT)
def _case(code: str, since: int, years: int) -> Case:
    return case_of(catalogue.by_code(code), since=since, years=years)
