"""The staff of options in a plan of staff: laid in as posts that are needed, and taken out again.

Posts are those that each option is priced with, from the month in which it starts. Where the plan
of staff is for an area with another number of people than the plan of options, they are scaled to
those; how, is said with each.
"""

from dataclasses import replace
from datetime import date

from django.db import transaction

from onesystem.access import Actor
from onesystem.plan.areas import queries as areas
from onesystem.plan.options import queries as plans
from onesystem.plan.options.keeping import held, require, step
from onesystem.plan.portfolio import queries, together
from onesystem.plan.portfolio.building import QUARTERS
from onesystem.plan.portfolio.work import posts
from onesystem.plan.workforce import actions as workforce
from onesystem.plan.workforce import queries as staff
from onesystem.plan.workforce.shape import Demand, Staff, Workforce
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say

ONLY = say("Nobody yet: the role came into this plan with options")


def plans_of_staff() -> list[tuple[str, str]]:
    """Plans of staff to choose from: address and name."""
    return [(each.plan.slug, each.plan.name) for each in staff.every()]


def laid(plan: str) -> list[tuple[str, str]]:
    """Plans of staff that hold posts of a plan's options: address and name."""
    return [
        (each.plan.slug, each.plan.name) for each in staff.every()
        if any(demand.plan == plan for demand in each.plan.demands)
    ]  # fmt: skip


@transaction.atomic
def lay(*, plan: str, proposal: int, into: str, by: Actor) -> tuple[int, list[str]]:
    """Lay the staff of the options that start into a plan of staff.

    Gives how many rows there are, and the groups of staff that no plan of staff counts. What this
    plan had laid in before gives way. Raises UserError.
    """
    require(by)
    row, mine, kept = held(plan), plans.plan(plan), queries.proposal(plan, proposal)
    there = {each.key: each for each in mine.options}
    if kept.found is None or kept.found.best is None:
        raise UserError("there is no proposal whose staff could be laid in", "Ask for one first.")
    if not (begun := together.starting(kept)):
        raise UserError("no option starts", "Decide which do, or ask for another proposal.")
    standing = staff.standing(into)
    size, words = _size(standing.plan, mine.people)
    first = date.fromisoformat(kept.asked["begins"])
    rows, nowhere = [], list[str]()
    for key, at in begun.items():
        if key not in there:
            raise NotFound(
                say("{key} is not in the plan any more", key=key), "Ask for a proposal again."
            )
        month = first.year * 12 + first.month - 1 + at * 12 // QUARTERS
        start = date(month // 12, month % 12 + 1, 1)
        for group, wte in there[key].priced.by_group().items():
            if (role := posts()[group].role) and round(wte * size * 100):
                rows.append(
                    Demand(plan=plan, option=key, words=there[key].title, role=role,
                           posts=round(wte * size * 100), start=start,
                           source=f"{mine.name}, proposal {proposal}: {words}")
                )  # fmt: skip
            elif not role:
                nowhere.append(posts()[group].name)
    made = _with(standing.plan, plan, rows)
    why = say("Staff of the options of {name} laid in", name=mine.name)
    workforce.keep(plan=made, seen=standing.number, by=by, why=why)
    said = {"into": into, "proposal": proposal}
    step(row, "laid", by, body=said, detail=said)
    return len(rows), list(dict.fromkeys(nowhere))


@transaction.atomic
def take_out(*, plan: str, out_of: str, by: Actor) -> None:
    """Take a plan's options out of a plan of staff again. Raises UserError."""
    require(by)
    row, standing = held(plan), staff.standing(out_of)
    if not any(each.plan == plan for each in standing.plan.demands):
        raise UserError("nothing of this plan is in that plan of staff", "Look at its options.")
    made = _with(standing.plan, plan, [])
    name = plans.plan(plan).name
    why = say("Staff of the options of {name} taken out", name=name)
    workforce.keep(plan=made, seen=standing.number, by=by, why=why)
    step(row, "lifted", by, body={"out of": out_of}, detail={"out of": out_of})


def _size(plan: Workforce, people: float) -> tuple[float, str]:
    """By how much posts are scaled to the area of a plan of staff, and how that is said."""
    if not plan.area or not people:
        return 1.0, say("for {people} people", people=f"{people:,.0f}")
    try:
        every = areas.people(plan.area).total
    except UserError:
        return 1.0, say("for {people} people", people=f"{people:,.0f}")
    return every / people, say(
        "from {people} people to the {every} of the area",
        people=f"{people:,.0f}",
        every=f"{every:,.0f}",
    )


def _with(plan: Workforce, of: str, rows: list[Demand]) -> Workforce:
    """A plan of staff with these posts instead of what it had of a plan of options."""
    demands = (*(each for each in plan.demands if each.plan != of), *rows)
    asked = {each.role for each in demands}
    kept = tuple(s for s in plan.staff if s.source != ONLY or s.role in asked)
    known = {each.role for each in kept}
    new = tuple(
        Staff(role=role, in_post=0, needed=0, source=ONLY)
        for role in dict.fromkeys(each.role for each in demands) if role not in known
    )  # fmt: skip
    return replace(plan, staff=kept + new, demands=demands)
