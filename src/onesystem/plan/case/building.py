"""What doing nothing leads to in an area, year by year, with its range. Pure but for tables read.

Doing nothing is today's model of care and today's rates by age for the people of each year: no
efficiency, no new service. `working` says what moves a line besides people, `needing` what lines
take, `spending` what they cost.
"""

from collections.abc import Mapping
from dataclasses import replace

from onesystem.plan.areas.area import Area
from onesystem.plan.areas.people import PeopleNow, people_of
from onesystem.plan.case import levels
from onesystem.plan.case.assuming import assumed
from onesystem.plan.case.figures import ASSUMED, DERIVED, PUBLISHED, Case, Figure
from onesystem.plan.case.lines import lines
from onesystem.plan.case.needing import needs, waiting
from onesystem.plan.case.spending import money
from onesystem.plan.case.working import Drawn, Work
from onesystem.plan.population.projecting import DRAWS, SEED, project

SINCE = 2026
_LEVEL_YEAR = 2024  # the year to August 2024 is published
_AGES = (("people", "Everybody", 0, 100), ("people-0-17", "Under 18", 0, 17),
         ("people-18-64", "18 to 64", 18, 64), ("people-65-74", "65 to 74", 65, 74),
         ("people-75-84", "75 to 84", 75, 84), ("people-85", "85 and over", 85, 100))  # fmt: skip
_RATES = "United Nations, World Population Prospects 2024"
_NEW_ZEALAND = (
    "No activity is published by district in the tables at hand: rates are England's for people of "
    "these ages, and a pound is taken as 2.10 dollars. Put your own figures in their place."
)
_PART = (
    "Figures of the board go to this part of it by what its people would use, by age and "
    "deprivation."
)


def case_of(
    area: Area | PeopleNow, *, years: int = 20, since: int = SINCE,
    assumptions: Mapping[str, float] | None = None, draws: int = DRAWS, seed: int = SEED,
) -> Case:  # fmt: skip
    """The case of an area, or of people that somebody brought. Raises BadConfig, UserError."""
    now = area if isinstance(area, PeopleNow) else people_of(area)
    begins = max(now.year, min(_LEVEL_YEAR, since))
    whole = project(now, years=since + years - begins, since=begins, draws=draws, seed=seed)
    taken = assumed(lines(), assumptions or {})
    work = Work(now, whole, since, lines(), taken, seed)
    figures = (*_people(work), *_activity(work), *needs(work), waiting(work), *money(work))
    told = replace(whole, years=whole.years[work.first :], courses=whole.courses[:, work.first :])
    return Case(
        area=now.area, years=told.years, prices=lines().settings["prices"], projection=told,
        figures={each.key: each for each in figures}, assumptions=taken.told,
        level_year=whole.years[0], notes=tuple(_notes(now)),
    )  # fmt: skip


def _people(work: Work) -> list[Figure]:
    source = f"{work.now.source}; rates: {_RATES}"
    return [
        Figure(key=key, name=name, group="people", unit="people", kind=PUBLISHED, source=source,
               values=work.whole.between(first, last)[:, work.first :])
        for key, name, first, last in _AGES
    ]  # fmt: skip


def _activity(work: Work) -> list[Figure]:
    return [
        Figure(key=key, name=of.line.name, group="activity", unit=of.line.unit, values=of.range(),
               source=of.line.source, setting=of.line.setting, kind=_kind(work, of), now=of.used)
        for key, of in work.drawn.items()
    ]  # fmt: skip


def _kind(work: Work, of: Drawn) -> str:
    if of.level.published:
        return PUBLISHED
    told = of.line.level and levels.published(of.line.level, of.line, work.now)
    return DERIVED if told else ASSUMED


def _notes(now: PeopleNow) -> list[str]:
    notes = [now.area.note] if now.area.note else []
    if now.area.country == "New Zealand" and now.known is None:
        notes.append(_NEW_ZEALAND)
    elif now.area.boards and not now.area.whole:
        notes.append(_PART)
    return notes
