"""What can be done with a plan: begin it, weigh options, move it on.

Each act is a step of the plan, numbered, and `seen` is the number that stood on the page.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from onesystem.access import Actor
from onesystem.district import now
from onesystem.plan.areas import catalogue
from onesystem.plan.options import gates, queries
from onesystem.plan.options.keeping import Overtaken, as_json, held, require, step
from onesystem.plan.options.library import option as of_library
from onesystem.plan.options.option import STRENGTHS, plain
from onesystem.plan.options.rows import PlanOption, PlanRow
from onesystem.vocabulary import NotFound, UserError, nearest
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say, say_each

__all__ = ["NotYet", "Overtaken", "adjust", "begin", "change", "choose", "drop", "move", "restore",
           "send_back", "take"]  # fmt: skip

HORIZONS = (5, 20)
TAKEN = {"new", "library", "case", "areas", "workforce", "money", "portfolio", "shocks"}
CRITERIA = say_each({
    "evidence": "Is what it builds on known well enough?",
    "whole system": "Does it look at the whole system, and beyond one year?",
    "people": "Are those who use and give care in it, and is it fair between places?",
    "money": "Do the sums add up, and is every funder's part said?",
    "staff": "Is it possible with the staff that there will be?",
    "delivery": "Is it said who does what by when, and what would stop it?",
})  # fmt: skip
_SLUG = re.compile(r"[^a-z0-9]+")
_MOST_OPTIONS = 12


class NotYet(UserError):
    """A gate asks for something that is not there; `missing` says what."""

    def __init__(self, missing: Sequence[gates.Asked]) -> None:
        super().__init__(
            say("it is not there yet: {words}", words=missing[0].words.lower()), missing[0].cure
        )
        self.missing = missing


def slug_of(name: str) -> str:
    """What a plan is found by: its name in small letters, with a number where it is taken."""
    base = _SLUG.sub("-", name.casefold()).strip("-")[:60] or "plan"
    taken = TAKEN | set(
        PlanRow.objects.filter(slug__startswith=base).values_list("slug", flat=True)
    )
    tries = (base, *(f"{base}-{n}" for n in range(2, len(taken) + 4)))
    return next(each for each in tries if each not in taken)


@transaction.atomic
def begin(
    *, name: str, by: Actor, area: str = "", words: str = "", horizon: int = 5,
    begins: date | None = None, weeks: int = 10, base_year: int | None = None,
    criteria: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """A new plan, in its first stage; gives its slug."""
    require(by)
    first = begins or queries.today()
    row = PlanRow(
        slug=slug_of(name), base_year=base_year or first.year, at=to_micros(now()), by=by.name,
        criteria=as_json(dict(criteria or CRITERIA)),
    )  # fmt: skip
    _about(row, name=name, area=area, words=words, horizon=horizon, begins=first, weeks=weeks)
    step(row, "begun", by)
    return str(row.slug)


@transaction.atomic
def change(
    *, plan: str, seen: int, by: Actor, name: str, area: str, words: str, horizon: int,
    begins: date, weeks: int,
) -> int:  # fmt: skip
    """Say otherwise what a plan is about, for how long, and by when it should be made."""
    require(by)
    row = held(plan, seen)
    _about(row, name=name, area=area, words=words, horizon=horizon, begins=begins, weeks=weeks)
    return step(row, "changed", by)


def _about(
    row: PlanRow, *, name: str, area: str, words: str, horizon: int, begins: date, weeks: int
) -> None:
    if not name.strip():
        raise UserError("the plan has no name", "Write what it is for, so that others find it.")
    if horizon not in HORIZONS:
        raise UserError(
            say("a plan is not over {horizon} years", horizon=horizon), "Choose 5 or 20."
        )
    if not 1 <= weeks <= 104:
        raise UserError(
            say("{weeks} weeks are no clock", weeks=weeks), "Give 1 to 104 weeks; ten are usual."
        )
    row.name, row.words = name.strip()[:200], words.strip()[:2000]
    row.area = catalogue.find(area).code if area.strip() else ""
    row.horizon, row.begins, row.weeks = horizon, begins, weeks


@transaction.atomic
def take(
    *, plan: str, key: str, by: Actor, seen: int | None = None, starts: date | None = None,
    strength: str = "central",
) -> int:  # fmt: skip
    """Take an option of the library into a plan, as the library says it today."""
    require(by)
    row = _open(plan, seen)
    option = of_library(key)
    standing = row.options.filter(gone_at=None)
    if standing.filter(key=key).exists():
        raise UserError(
            say("{title} is in this plan already", title=option.title), "Change it there."
        )
    if standing.count() >= _MOST_OPTIONS:
        raise UserError(
            say("{most_options} options are in the plan", most_options=_MOST_OPTIONS),
            "Take one out before another comes in.",
        )
    PlanOption.objects.create(
        plan=row, key=key, body=as_json({"option": plain(option), "changed": {}}),
        strength=_strength(strength), starts=starts or _usual_start(row), at=to_micros(now()),
        by=by.name,
    )  # fmt: skip
    return step(row, "taken", by, body={"key": key}, detail={"option": key})


def _usual_start(row: PlanRow) -> date:
    """The month after the plan should be made."""
    last = gates.clock(row.begins, row.weeks)[-1].last
    return date(last.year + last.month // 12, last.month % 12 + 1, 1)


def _strength(said: str) -> str:
    if said not in STRENGTHS:
        raise UserError(
            say("an option has no strength {said}", said=repr(said)), nearest(said, STRENGTHS)
        )
    return said


@transaction.atomic
def adjust(
    *, plan: str, key: str, seen: int, by: Actor, strength: str, starts: date, why: str = "",
    effects: Mapping[str, Sequence[float]] | None = None, costs: Mapping[str, int] | None = None,
) -> int:  # fmt: skip
    """Put an option differently from the library: its sizes (least, middle, most), its sums.

    `costs` are by kind, in minor units for the plan's people. Whoever departs says why.
    """
    require(by)
    row = _open(plan, seen)
    mine = _option(row, key)
    body = json.loads(mine.body)
    said = body["option"]["effects"]
    departs = bool(costs)
    for effect in said:
        wanted = (effects or {}).get(effect["name"])
        if wanted is None:
            continue
        _ordered(effect["words"], wanted)
        new = dict(zip(("low", "central", "high"), map(float, wanted), strict=True))
        if any(effect[k] != v for k, v in new.items()):
            effect.update(new | {"assumed": True, "source": f"This plan: {why.strip()[:300]}"})
            departs = True
    if departs and not why.strip():
        raise UserError(
            "it is not said why this plan departs from the library", "Write the reason or source."
        )
    body["changed"] = {k: v for k, v in (costs or {}).items() if v is not None}
    mine.body, mine.strength = as_json(body), _strength(strength)
    mine.starts = starts.replace(day=1)
    mine.save()
    return step(row, "adjusted", by, why=why, body={"key": key}, detail={"option": key})


def _ordered(words: str, said: Sequence[float]) -> None:
    low, central, high = said
    if not low <= central <= high:
        raise UserError(
            say(
                "{words}: {central} is not between {low} and {high}",
                words=words,
                central=f"{central:g}",
                low=f"{low:g}",
                high=f"{high:g}",
            ),
            "Give the least, the middle and the most in order.",
        )
    if low < 0:
        raise UserError(
            say("{words}: {low} is below nothing", words=words, low=f"{low:g}"), "Give 0 or more."
        )


def _open(plan: str, seen: int | None) -> PlanRow:
    """The row of a plan that is not closed, ours until the transaction ends."""
    row = held(plan, seen)
    if row.stage == gates.CLOSED:
        raise UserError("the plan is closed", "Move it back by a stage first, with the reason.")
    return row


def _option(row: PlanRow, key: str) -> PlanOption:
    found: PlanOption | None = row.options.filter(key=key, gone_at=None).first()
    if found is None:
        known = row.options.filter(gone_at=None).values_list("key", flat=True)
        raise NotFound(
            say("there is no option {key} in this plan", key=repr(key)), nearest(key, known)
        )
    return found


@transaction.atomic
def drop(*, plan: str, key: str, seen: int, by: Actor, why: str = "") -> int:
    """Take an option out; it can be brought back."""
    require(by)
    row = _open(plan, seen)
    mine = _option(row, key)
    mine.gone_at, mine.gone_by = to_micros(now()), by.name
    mine.save()
    return step(row, "dropped", by, why=why, body={"key": key}, detail={"option": key})


@transaction.atomic
def restore(*, plan: str, key: str, seen: int, by: Actor) -> int:
    """Bring back an option that was taken out, as it was then."""
    require(by)
    row = _open(plan, seen)
    gone = row.options.filter(key=key).exclude(gone_at=None).order_by("-gone_at").first()
    if gone is None or row.options.filter(key=key, gone_at=None).exists():
        raise UserError(
            say("there is nothing of {key} to bring back", key=repr(key)), "Look at the options."
        )
    gone.gone_at, gone.gone_by = None, ""
    gone.save()
    return step(row, "restored", by, body={"key": key}, detail={"option": key})


@transaction.atomic
def choose(*, plan: str, keys: Sequence[str], seen: int, by: Actor, why: str = "") -> int:
    """Say which options the plan goes on with. People decide: nothing is chosen by itself."""
    require(by)
    row = _open(plan, seen)
    wanted = list(dict.fromkeys(keys))
    for key in wanted:
        _option(row, key)
    if not wanted:
        raise UserError("no option goes on", "Tick one or more.")
    return step(row, "chosen", by, why=why, body={"keys": wanted}, detail={"options": len(wanted)})


@transaction.atomic
def move(*, plan: str, seen: int, by: Actor, override: str = "") -> int:
    """Move a plan to its next stage. Raises NotYet where its gate lacks something.

    With `override`, a reason, it goes on all the same, and everybody sees who said so and why.
    """
    require(by)
    row = held(plan, seen)
    if row.stage == gates.CLOSED:
        raise UserError("the plan is closed", "Begin another one.")
    missing = gates.lacking(row.stage, queries.facts(row.slug))
    if missing and not override.strip():
        raise NotYet(missing)
    lacked = [each.words for each in missing]
    before, row.stage = row.stage, gates.after(row.stage)
    body = {"from": before, "to": row.stage, "lacked": lacked}
    kind = "overridden" if missing else "moved"
    detail: dict[str, Any] = {"from": before, "to": row.stage, "lacked": len(lacked)}
    return step(row, kind, by, why=override if missing else "", body=body, detail=detail)


@transaction.atomic
def send_back(*, plan: str, seen: int, by: Actor, why: str) -> int:
    """Move a plan back by one stage, with the reason."""
    require(by)
    row = held(plan, seen)
    order = [*gates.STAGES, gates.CLOSED]
    at = order.index(row.stage)
    if at == 0:
        raise UserError("the plan is in its first stage", "There is nothing before it.")
    if not why.strip():
        raise UserError("it is not said why the plan goes back", "Write the reason.")
    before, row.stage = row.stage, order[at - 1]
    body = {"from": before, "to": row.stage}
    return step(row, "returned", by, why=why, body=body, detail=body)
