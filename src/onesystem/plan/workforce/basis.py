"""A plan of staff out of what is published of an area, and its case for change.

Hospital nurses and doctors are those that trusts report for beds, practice doctors those that
practices do, the practice team those in primary care networks. What the area needs, and how that
grows, is the case's, doing nothing. What nobody publishes is assumed, and each row says so.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from onesystem.plan.areas import catalogue
from onesystem.plan.areas.area import Area
from onesystem.plan.case import queries as cases
from onesystem.plan.case.figures import Case, Figure
from onesystem.plan.workforce.roles import role
from onesystem.plan.workforce.shape import AGES, Commission, Service, Staff, Workforce
from onesystem.vocabulary.said import say

HOURS = 1_550
_PCN = say(
    "NHS England, Primary Care Network Workforce, 30 September 2022; not all networks report"
)
_FILL = say("As many come from elsewhere as leave for other reasons than age: assumed")
_TRAINED = 3  # places a year for 100 in post; assumed
_VISITS = 30  # hours of visits a week of one full-time home carer; assumed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A role: who is in post, the figure of the case that its need follows, and the sources."""

    role: str
    in_post: float
    needed: float
    follows: Figure
    source: str


def begun(*, slug: str, name: str, base: date, years: int, area: str = "") -> Workforce:
    """A plan as it begins: empty without an area. Raises NotFound."""
    empty = Workforce(slug=slug, name=name, base=base, years=years, area=area, hours=HOURS)
    if not area:
        return empty
    where, case = catalogue.by_code(area), cases.do_nothing(area)
    rows = list(_rows(where, case))
    needed = {each.role: each.needed for each in rows}
    return Workforce(
        slug=slug, name=name, base=base, years=years, area=area, hours=HOURS,
        staff=tuple(_staff(each, case, base, years) for each in rows),
        commissions=tuple(
            Commission(role=each.role, places=max(1, round(each.in_post * _TRAINED / 100)),
                       source="Assumed: three places a year for 100 in post")
            for each in rows
        ),
        services=tuple(_services(case, needed)),
    )  # fmt: skip


def _rows(where: Area, case: Case) -> list[_Row]:
    nurses, community, gps = (case.of(k) for k in ("nurses", "community-nurses", "gps"))
    carers = case.of("home-care-hours")
    made = [
        _Row(role="nurse", in_post=nurses.today, needed=float(nurses.middle[0]), follows=nurses,
             source=nurses.source),
        _Row(role="community-nurse", in_post=community.today, needed=float(community.middle[0]),
             follows=community, source=f"{community.source}; all posts taken as filled: assumed"),
        _Row(role="gp", in_post=gps.today, needed=float(gps.middle[0]), follows=gps,
             source=gps.source),
    ]  # fmt: skip
    if team := sum(networks().get(board, 0.0) for board in where.boards) if where.whole else 0.0:
        made.append(_Row(role="practice-team", in_post=team, needed=team, follows=gps,
                         source=_PCN))  # fmt: skip
    if doctors := _doctors(where):
        made.append(_Row(role="doctor", in_post=doctors, needed=doctors, follows=case.of("beds"),
                         source="Health Foundation, doctors by trust, May 2024 to May 2025, by "
                                "bed; all posts taken as filled: assumed"))  # fmt: skip
    visits = float(carers.middle[0]) / _VISITS
    told = say(
        "{source}; {visits} hours of visits a week: assumed", source=carers.source, visits=_VISITS
    )
    made.append(_Row(role="home-carer", in_post=visits, needed=visits, follows=carers, source=told))
    return made


def _doctors(where: Area) -> float:
    if not where.whole or len(where.boards) != 1:
        return 0.0
    told = catalogue.published(where.boards[0])
    return (told.doctors_a_bed or 0.0) * (told.beds or 0.0)


def _staff(row: _Row, case: Case, base: date, years: int) -> Staff:
    kind = role(row.role)
    young = row.in_post * (100 - AGES[-1]) / 100
    return Staff(
        role=row.role, in_post=round(row.in_post * 100), needed=round(row.needed * 100),
        growth=_growth(row.follows, case, base, years),
        joiners=round(young * kind.turnover / 100), source=f"{row.source}. {_FILL}"[:900],
    )  # fmt: skip


def _growth(figure: Figure, case: Case, base: date, years: int) -> int:
    """The even yearly growth that leads from the base year to the plan's last."""
    first = min(max(base.year - case.years[0], 0), len(case.years) - 2)
    last = min(first + years, len(case.years) - 1)
    whole = float(figure.middle[last] / figure.middle[first])
    return round((whole ** (1 / (last - first)) - 1) * 10_000)


def _services(case: Case, needed: dict[str, float]) -> list[Service]:
    """Work that today's need is just enough for: minutes of one piece follow from that."""
    told = (
        (
            "days",
            say("Days in hospital beds"),
            1,
            "occupied",
            365.0,
            {"nurse": 0.85, "doctor": 0.7},
        ),
        (
            "planned",
            say("Treatments of planned care"),
            3,
            "planned",
            1.0,
            {"nurse": 0.15, "doctor": 0.3},
        ),
        ("gp", say("Appointments in practices"), 2, "gp", 1.0, {"gp": 1.0, "practice-team": 1.0}),
        (
            "visits",
            say("Contacts of community nurses"),
            2,
            "community",
            1.0,
            {"community-nurse": 1.0},
        ),
        ("home-care", say("Weeks of care at home"), 2, "home-care", 52.0, {"home-carer": 1.0}),
    )
    made = []
    for code, name, tier, key, times, parts in told:
        figure = case.of(key)
        volume = round(float(figure.middle[0]) * times)
        minutes = {
            each: round(needed[each] * part * HOURS * 60 / volume)
            for each, part in parts.items()
            if each in needed and volume
        }
        years = len(case.years) - 1
        growth = float(figure.middle[-1] / figure.middle[0]) ** (1 / years) - 1
        made.append(Service(code=code, name=name, tier=tier, volume=volume,
                            growth=round(growth * 10_000), minutes=minutes))  # fmt: skip
    return made


@lru_cache(maxsize=1)
def networks() -> dict[str, float]:
    """Full-time equivalents in primary care networks who care for people, by board."""
    made: dict[str, float] = {}
    for row in _table():
        made[row["board"]] = made.get(row["board"], 0.0) + float(row["fte"])
    return made


def in_networks(board: str) -> list[tuple[str, float, int]]:
    """The same of one board by role: full-time equivalents and posts, most first."""
    rows = [(r["role"], float(r["fte"]), int(r["posts"])) for r in _table() if r["board"] == board]
    return sorted(rows, key=lambda each: -each[1])


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], ...]:
    text = files("onesystem.plan.workforce").joinpath("data/pcn_2022_09.csv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))
