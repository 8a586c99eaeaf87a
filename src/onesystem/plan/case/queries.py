"""What can be asked of a case: what doing nothing leads to, and what of it is published."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import orjson

from onesystem.plan.areas import catalogue
from onesystem.plan.case.building import SINCE, case_of
from onesystem.plan.case.codec import read
from onesystem.plan.case.figures import Case

_KEPT = 16


@dataclass(frozen=True, kw_only=True)
class Published:
    """A case as it was published."""

    number: int
    area: str
    at: int
    by: str
    words: str
    case: Case


def do_nothing(area_code: str, *, since: int = SINCE, years: int = 20) -> Case:
    """The case of an area by its code, on what is assumed as shipped.

    Figures by key: `people`, `people-85`, lines of activity (`ed`, `emergency`, `occupied`,
    `planned`, `gp`, `community`, `home-care`, `care-home` ...), what they take (`beds`,
    `clinic-hours`, `treatments`, `waiting`, `nurses`, `community-nurses`, `gps`,
    `care-home-places`, `home-care-hours`), and `money`, `money-health`, `money-council` and
    `money-` with each line, in minor units. Raises NotFound.
    """
    if area_code.startswith("own-"):
        from onesystem.plan.areas.queries import people

        return case_of(people(area_code), since=since, years=years)
    return _case(catalogue.by_code(area_code).code, since, years)


def supposing(area_code: str, assumptions: Mapping[str, float], *, years: int = 20) -> Case:
    """The case with what somebody assumes instead. Raises NotFound, BadConfig."""
    if not assumptions:
        return do_nothing(area_code, years=years)
    from onesystem.plan.areas.queries import people

    return case_of(people(area_code), assumptions=assumptions, years=years)


@lru_cache(maxsize=_KEPT)
def _case(code: str, since: int, years: int) -> Case:
    return case_of(catalogue.by_code(code), since=since, years=years)


def published(area: str) -> Published | None:
    """What is published of an area."""
    from onesystem.plan.case.rows import CaseStep

    row = CaseStep.objects.filter(area=area).order_by("-pk").first()
    if row is None or row.kind != "published":
        return None
    return Published(
        number=row.pk, area=area, at=row.at, by=row.by, words=row.words,
        case=read(orjson.loads(row.body)),
    )  # fmt: skip


def last_step(area: str) -> int:
    """The number of the last step of an area; 0 before any."""
    from onesystem.plan.case.rows import CaseStep

    found = CaseStep.objects.filter(area=area).order_by("-pk").values_list("pk", flat=True).first()
    return int(found or 0)


def all_published() -> list[tuple[str, str, int]]:
    """The areas of which a case is published: code, name, when."""
    from onesystem.plan.case.rows import CaseStep

    last: dict[str, CaseStep] = {}
    for row in CaseStep.objects.order_by("pk"):
        last[row.area] = row
    return sorted(
        (
            (row.area, orjson.loads(row.body)["area"]["name"], row.at)
            for row in last.values() if row.kind == "published"
        ),
        key=lambda each: each[1],
    )  # fmt: skip
