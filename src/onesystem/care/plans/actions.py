"""What is done about a care plan: each by somebody who may open the person, in one message."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django.db import transaction

from onesystem import access
from onesystem.access import Asker
from onesystem.care.message import Said as Reading
from onesystem.care.plans import store, telling
from onesystem.care.plans.plan import ACTIVE, DROPPED, REACHED, Goal, HandOver, Plan
from onesystem.care.saying import say, whose
from onesystem.care.tasks import notifying
from onesystem.care.tasks.naming import about
from onesystem.care.tasks.telling import note as note_entry
from onesystem.district import current, now
from onesystem.people.mapping import identity_ids_of
from onesystem.vocabulary import CareAct, NotFound, UserError, nearest
from onesystem.vocabulary.wording import local

_LONG, _LONGEST = 2000, 20_000


@transaction.atomic
def write(
    *, person: int, by: Asker, matters: str = "", know: str = "", review: date | None = None,
    seen: int | None = None,
) -> None:  # fmt: skip
    """Write what matters to the person, in their own words, and what everybody should know."""
    plan = _plan(person, by)
    if seen is not None and seen != plan.turns:
        at = local(plan.at, current().zone) if plan.at else ""
        raise UserError(
            f"{plan.by} wrote the plan meanwhile ({at})",
            "Yours is kept below: look at theirs, and put the two together.",
        )
    if review and review < now().date():
        raise UserError("the day of the review is over", "Choose a day to come.")
    said = {"matters": matters.strip()[:_LONG], "know": know.strip()[:_LONG],
            "review": review.isoformat() if review else ""}  # fmt: skip
    _say(person, by, "plan.written", f"plan-{whose(person).identity}", "written", said)


@transaction.atomic
def set_goal(
    *, person: int, by: Asker, words: str, steps: str = "", until: date | None = None,
    key: str = "", seen: int | None = None,
) -> str:  # fmt: skip
    """Set a goal in the person's own words, or put it in other words; gives its key."""
    if not words.strip():
        raise UserError("no goal was said", "Write it as the person says it.")
    if key:
        _goal(_plan(person, by), key, seen)
    key = key or f"goal-{uuid4().hex[:20]}"
    said = {"words": words.strip()[:_LONG], "steps": steps.strip()[:_LONG],
            "until": until.isoformat() if until else ""}  # fmt: skip
    _say(person, by, "goal.set", key, "goal", said)
    return key


@transaction.atomic
def end_goal(
    *, person: int, by: Asker, key: str, state: str, why: str = "", seen: int | None = None
) -> None:
    """A goal is reached, or given up, or taken up again."""
    _goal(_plan(person, by), key, seen)
    if state not in {REACHED, DROPPED, ACTIVE}:
        raise UserError(f"there is no state {state!r}", nearest(state, {REACHED, DROPPED, ACTIVE}))
    said = {"state": state, "why": why.strip()[:500]}
    _say(person, by, "goal.ended", key, "goal-ended", said)


@transaction.atomic
def note(
    *, person: int, by: Asker, text: str, about: str = "", team: str = "", gesture: str = ""
) -> str:
    """Write a note, which becomes part of the record; gives its key."""
    if not text.strip():
        raise UserError("nothing was written", "Write the note.")
    if len(text) > _LONGEST:
        raise UserError("the note is too long", "Write it as two notes.")
    key = f"note-{uuid4().hex[:20]}"
    said = {"text": text.strip(), "about": about.strip()[:200] or "Note", "team": team}
    entry = note_entry(key, said["text"], at=now(), recorded=now(), by=by.actor.name,
                       about=said["about"])  # fmt: skip
    _say(person, by, "note.written", key, "noted", said, entry, gesture=gesture)
    return key


@transaction.atomic
def strike(*, person: int, by: Asker, key: str, why: str) -> None:
    """Strike a note out that is wrong; it stays to be read, with the reason."""
    found = next((n for n in _plan(person, by).notes if n.key == key), None)
    if found is None:
        raise NotFound("there is no such note", "Look at the page again.")
    if found.struck:
        raise UserError(f"it was struck out already, by {found.struck_by}", "Look again.")
    if not why.strip():
        raise UserError("no reason was said", "Say in a few words what is wrong with it.")
    _say(person, by, "note.struck", key, "struck", {"why": why.strip()[:500]})


@transaction.atomic
def join(
    *, person: int, by: Asker, name: str, role: str = "", phone: str = "", reach: str = ""
) -> str:
    """Name somebody who looks after the person, and how to reach them; gives the key."""
    if not name.strip():
        raise UserError("nobody was named", "Write who looks after the person.")
    key = f"member-{uuid4().hex[:20]}"
    said = {"name": name.strip()[:150], "role": role.strip()[:150], "phone": phone.strip()[:60],
            "reach": reach.strip()[:200]}  # fmt: skip
    _say(person, by, "team.joined", key, "joined", said)
    return key


@transaction.atomic
def leave(*, person: int, by: Asker, key: str) -> None:
    """Somebody who was named does not look after the person any more."""
    if key not in {m.key for m in _plan(person, by).members}:
        raise NotFound("nobody of the team is named so", "Look at the page again.")
    _say(person, by, "team.left", key, "left", {})


@transaction.atomic
def hand_over(*, person: int, by: Asker, matters: str, team: str = "", owner: str = "") -> str:
    """Hand the person over to a team or somebody, with what matters; gives the key."""
    if not matters.strip():
        raise UserError("nothing was said of what matters", "Write what they have to know.")
    if not team and not owner.strip():
        raise UserError("nobody was named", "Choose a team, or who takes over.")
    if team and team not in current().services:
        raise UserError(f"there is no service {team!r}", nearest(team, current().services))
    key = f"over-{uuid4().hex[:20]}"
    said = {"matters": matters.strip()[:_LONG], "team": team, "owner": owner.strip()[:150]}
    _say(person, by, "care.handed-over", key, "handed-over", said, what=team)
    notifying.handed_over(team=team, owner=owner.strip()[:150], person=person, by=by)
    return key


@transaction.atomic
def take_over(*, person: int, by: Asker, key: str, answer: str = "") -> None:
    """Say that one has it: by name, and once."""
    found: HandOver | None = next((o for o in _plan(person, by).hand_overs if o.key == key), None)
    if found is None:
        raise NotFound("there is no such hand-over", "Look at the page again.")
    if not found.waits:
        raise UserError(f"{found.taken_by} has taken it over already", "Nothing is left to do.")
    _say(person, by, "care.taken-over", key, "taken-over", {"answer": answer.strip()[:500]},
         what=found.team)  # fmt: skip


def _plan(person: int, by: Asker) -> Plan:
    access.require(by.actor, "care.act")
    access.require_open(by, person)
    return store.plan_of(identity_ids_of(person))


def _goal(plan: Plan, key: str, seen: int | None) -> Goal:
    found = next((g for g in plan.goals if g.key == key), None)
    if found is None:
        raise NotFound("there is no such goal", "Look at the page again.")
    if seen is not None and seen != found.turns:
        raise UserError(f"{found.by} changed this goal meanwhile", "Look at it as it is now.")
    return found


def _say(
    person: int, by: Asker, act: str, thing: str, verb: str, said: dict[str, Any],
    *more: Reading, what: str = "", gesture: str = "",
) -> None:  # fmt: skip
    """Say it in one message: the act, and what the record keeps of it."""
    access.require(by.actor, "care.act")
    told = CareAct(
        part=store.PART, verb=verb, thing=thing, act=gesture or uuid4().hex, by=by.actor.name,
        recorded=now(), said=said,
    )  # fmt: skip
    readings = about(person, [told, *more, *_kept(person, thing, told)])
    say(person=person, by=by, act=act, what=what, readings=readings)


def _kept(person: int, thing: str, told: CareAct) -> Sequence[Reading]:
    """What of the plan changed, as the record keeps it."""
    ids = identity_ids_of(person)
    plan = store.plan_with(ids, told)
    if told.verb == "written":
        return [telling.care_plan(thing, plan, told.recorded)]
    if told.verb in {"goal", "goal-ended"}:
        return [telling.goal(g, told.recorded) for g in plan.goals if g.key == thing]
    if told.verb in {"joined", "left"}:
        return [telling.care_team(f"team-{ids[0]}", plan.members, told.recorded)]
    return []
