"""The demo's specialty budgets: dermatology agreed, orthopaedics signed by one, eyes a draft.

Their work is what the log had of their clinics in the year before; their staff are as many as
that work needs, and a little more, so that a district of any size has budgets that make sense.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from onesystem.access import Actor
from onesystem.budget.funds import reading as funds
from onesystem.budget.months import Year
from onesystem.budget.pooled.queries import today
from onesystem.budget.specialty import actions, building, queries, reading
from onesystem.budget.specialty.shape import Item, Post, Released, Specialty, Step, Work
from onesystem.district import current
from onesystem.vocabulary import UserError

_AWARD = 250  # hundredths of a per cent
_AWARD_SOURCE = "Evidence of the government to the NHS Pay Review Body for 2026/27, November 2025"
_GRADES = {"consultant": ("consultant", "middle"), "doctor": ("st3", "entry"),
           "nurse": ("5", "top"), "admin": ("3", "top")}  # fmt: skip
# (slug, name, part of the service's name, minutes by group of a first visit, its unit cost,
#  the procedure: name, share of visits in per cent, unit cost, hundredths of a bed-day, minutes)
_SPECIALTIES = (
    ("dermatology", "Dermatology", "Dermatology clinic",
     {"consultant": 18, "nurse": 12, "admin": 8}, ("Skin operations as day cases", 9, "JC42C-dc",
     0, {"consultant": 35, "nurse": 70})),
    ("orthopaedics", "Orthopaedics", "Orthopaedics clinic",
     {"consultant": 14, "doctor": 12, "nurse": 10, "admin": 9},
     ("Hip replacements", 5, "HN12F-el", 280, {"consultant": 130, "doctor": 130, "nurse": 620})),
    ("ophthalmology", "Ophthalmology", "Ophthalmology clinic",
     {"consultant": 12, "nurse": 16, "admin": 8}, ("Procedures of the retina in the clinic", 14,
     "BZ84B-op", 0, {"consultant": 14, "nurse": 18})),
)  # fmt: skip


def fund(say: Callable[[str], None]) -> None:
    """Build three budgets for the running year; agree the first."""
    if queries.every():
        return
    year = Year.on(today())
    made = [s for spec in _SPECIALTIES if (s := _budget(spec, year))]
    if not made:
        return
    dilip = _as("director", "clinical-director", made[0].organisation)
    fern = Actor(name="finance", roles=frozenset({"finance"}), organisation="icb")
    for number, s in enumerate(made):
        first = replace(s, practical=75)
        seen = actions.keep(budget=first, seen=0, by=dilip, why="Work of last year, staff in post")
        asked = "Four fifths of paid hours are usual: why three quarters here?"
        actions.comment(slug=s.slug, year=s.year, by=fern, words=asked)
        actions.keep(budget=s, seen=seen, by=dilip, why="Four fifths, after finance asked")
        if number < 2:
            _sign(s, dilip, fern if number == 0 else None)
    agreed = sum(each.agreed == each.version for each in queries.every())
    say(f"{len(made)} specialty budgets from the base up, {agreed} agreed")


def _as(name: str, role: str, organisation: str) -> Actor:
    from onesystem.access.models import User

    User.objects.filter(username=name, organisation="").update(organisation=organisation)
    return Actor(name=name, roles=frozenset({role}), organisation=organisation)


def _budget(spec: Any, year: Year) -> Specialty | None:
    slug, name, clinic, minutes, (procedure, share, unit, days, theatre) = spec
    here = current()
    code = next((c for c, s in here.services.items() if s.name.endswith(clinic)), "")
    if not code:
        return None
    service = here.services[code]
    seen = sum(queries.volumes((code,), year).values()) or 120
    line = funds.line_for(service=code, setting=str(service.setting),
                          organisation=service.organisation)  # fmt: skip
    works = (
        Work(code="visits", name="Clinic visits", volume=seen, growth=2, tariff="outpatient",
             source=f"The log of {year.before.name}",
             steps=tuple(Step(words="Clinic", group=g, minutes=m) for g, m in minutes.items())),
        Work(code="procedures", name=procedure, volume=max(1, seen * share // 100), tariff=unit,
             source="Share of visits that lead to it", days=days,
             steps=tuple(Step(words="Theatre", group=g, minutes=m) for g, m in theatre.items())),
    )  # fmt: skip
    s = Specialty(
        slug=slug, year=year.name, name=name, organisation=service.organisation, services=(code,),
        line=line.code if line else "", works=works, award=_AWARD, award_source=_AWARD_SOURCE,
        items=(
            Item(words="Dressings and disposables", kind="consumables", basis="each", amount=640,
                 work="visits"),
            Item(words="Theatre consumables", kind="consumables", basis="each", amount=8_500,
                 work="procedures"),
            Item(words="Tests and imaging", kind="diagnostics", basis="each", amount=1_850,
                 work="visits"),
            Item(words="Premises, records, cleaning", kind="overheads", basis="pay", amount=2_400),
        ),
        released=Released(days=max(9, seen * share // 100), percent=100, work="procedures",
                          source="Shorter stays, by the log") if days else None,
    )  # fmt: skip
    return replace(s, posts=_posts(s))


def _posts(s: Specialty) -> tuple[Post, ...]:
    """As many as the work needs, and a sixth more."""
    needs = {c.group: c.needed for c in building.build(replace(s, posts=())).capacity}
    made = []
    for group, minutes in needs.items():
        grade, point = _GRADES[group]
        weekly = 40 if grade in ("consultant", "st3") else 37.5
        full = s.weeks * weekly * 60 * s.practical / 100
        made.append(Post(words="", group=group, grade=grade, point=point,
                         hundredths=max(2, round(minutes * 118 / full))))  # fmt: skip
    return tuple(made)


def _sign(s: Specialty, dilip: Actor, fern: Actor | None) -> None:
    for as_, by in (("clinical", dilip), ("finance", fern)):
        if by is None:
            return
        try:
            seen = reading.standing(s.slug, s.year).number
            actions.sign(slug=s.slug, year=s.year, seen=seen, as_=as_, by=by)
        except UserError:  # its line has not so much: it stays signed by one
            return
