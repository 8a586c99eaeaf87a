"""A care plan as it stands: a fold over what was said of a person. Pure.

Nothing is edited: a goal that changed keeps what it was, and a note that was wrong is struck out
with the reason, and stays to be read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

ACTIVE, REACHED, DROPPED = "active", "reached", "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that was said of a person's plan."""

    thing: str
    verb: str
    act: str
    by: str
    at: datetime
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What the person wants, in their own words, and what is done towards it."""

    key: str
    words: str
    steps: str = ""
    until: date | None = None
    state: str = ACTIVE
    why: str = ""
    by: str
    at: datetime
    turns: int = 1  # how often it was said


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody wrote; `struck` says why it does not stand."""

    key: str
    text: str
    about: str
    by: str
    at: datetime
    team: str = ""
    struck: str = ""
    struck_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who looks after the person, and how to reach them."""

    key: str
    name: str
    role: str
    phone: str = ""
    reach: str = ""
    by: str
    at: datetime
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """What matters now, handed to a team or a person, until somebody says that they have it."""

    key: str
    team: str
    owner: str
    matters: str
    by: str
    at: datetime
    taken_by: str = ""
    taken_at: datetime | None = None
    answer: str = ""

    @property
    def waits(self) -> bool:
        """Whether nobody has said yet that they have it."""
        return not self.taken_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan: what matters to the person, what everybody should know, and all that follows."""

    matters: str = ""
    know: str = ""
    review: date | None = None
    by: str = ""
    at: datetime | None = None
    turns: int = 0
    goals: tuple[Goal, ...] = ()
    notes: tuple[Note, ...] = ()
    members: tuple[Member, ...] = ()
    hand_overs: tuple[HandOver, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is planned yet."""
        return not (self.matters or self.know or self.goals)


def fold(told: Iterable[Told]) -> Plan:
    """The plan that these make; the newest notes and hand-overs first."""
    plan = Plan()
    goals: dict[str, Goal] = {}
    notes: dict[str, Note] = {}
    members: dict[str, Member] = {}
    overs: dict[str, HandOver] = {}
    for each in sorted(told, key=lambda t: (t.at, t.act, t.verb)):
        match each.verb:
            case "written":
                plan = _written(plan, each)
            case "goal" | "goal-ended":
                _goal(goals, each)
            case "noted" | "struck":
                _note(notes, each)
            case "joined" | "left":
                _member(members, each)
            case "handed-over" | "taken-over":
                _over(overs, each)
    return replace(
        plan,
        goals=tuple(sorted(goals.values(), key=lambda g: (g.state != ACTIVE, g.at))),
        notes=tuple(sorted(notes.values(), key=lambda n: n.at, reverse=True)),
        members=tuple(m for m in members.values() if not m.gone),
        hand_overs=tuple(sorted(overs.values(), key=lambda o: o.at, reverse=True)),
    )


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def _written(plan: Plan, told: Told) -> Plan:
    said = told.said
    return replace(
        plan, matters=said.get("matters", ""), know=said.get("know", ""),
        review=_day(said.get("review")), by=told.by, at=told.at, turns=plan.turns + 1,
    )  # fmt: skip


def _goal(goals: dict[str, Goal], told: Told) -> None:
    said, was = told.said, goals.get(told.thing)
    turns = was.turns + 1 if was else 1
    if told.verb == "goal":
        goals[told.thing] = Goal(
            key=told.thing, words=said["words"], steps=said.get("steps", ""),
            until=_day(said.get("until")), by=told.by, at=told.at, turns=turns,
        )  # fmt: skip
    elif was:
        goals[told.thing] = replace(
            was, state=said["state"], why=said.get("why", ""), by=told.by, turns=turns
        )


def _note(notes: dict[str, Note], told: Told) -> None:
    said, was = told.said, notes.get(told.thing)
    if told.verb == "noted" and was is None:
        notes[told.thing] = Note(
            key=told.thing, text=said["text"], about=said.get("about", ""), by=told.by,
            at=told.at, team=said.get("team", ""),
        )  # fmt: skip
    elif told.verb == "struck" and was and not was.struck:
        notes[told.thing] = replace(was, struck=said["why"], struck_by=told.by)


def _member(members: dict[str, Member], told: Told) -> None:
    said, was = told.said, members.get(told.thing)
    if told.verb == "joined":
        members[told.thing] = Member(
            key=told.thing, name=said["name"], role=said.get("role", ""),
            phone=said.get("phone", ""), reach=said.get("reach", ""), by=told.by, at=told.at,
        )  # fmt: skip
    elif was:
        members[told.thing] = replace(was, gone=True)


def _over(overs: dict[str, HandOver], told: Told) -> None:
    said, was = told.said, overs.get(told.thing)
    if told.verb == "handed-over":
        overs[told.thing] = HandOver(
            key=told.thing, team=said.get("team", ""), owner=said.get("owner", ""),
            matters=said["matters"], by=told.by, at=told.at,
        )  # fmt: skip
    elif was and was.waits:
        overs[told.thing] = replace(
            was, taken_by=told.by, taken_at=told.at, answer=said.get("answer", "")
        )
