"""Changes carried out by the rooms they belong to, through those rooms' own acts.

Each is done within the caller's transaction: where one is refused, none was done. A change is the
act of the alliance, so it is done by a job that carries the decision's number; who confirmed last
is in the trail beside it. What can be ended again knows how: places end with a day, a table is
switched off, an urgent note says that a pathway is no longer paid for.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from onesystem.access import Actor
from onesystem.alliance.commit.rows import CarriedOut
from onesystem.alliance.meeting import changes as of
from onesystem.alliance.meeting.proposal import Change
from onesystem.budget.contracts import actions as contracts
from onesystem.budget.contracts import queries as contracted
from onesystem.care.episodes.packages import packages
from onesystem.care.pathways import actions as pathways
from onesystem.care.pathways import queries as written
from onesystem.care.services import actions as services
from onesystem.care.services import reading
from onesystem.care.services.entry import Amount
from onesystem.care.triage import actions as triage
from onesystem.care.triage import queries as tables
from onesystem.district import current
from onesystem.flow.marks import actions as marks
from onesystem.flow.measures import library
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.said import say, say_date


class Done(NamedTuple):
    """What a change did, and its number in the room that did it."""

    words: str
    mark: int = 0


class Cause(NamedTuple):
    """The decision that a change belongs to, and the day from which it holds."""

    number: int
    title: str
    day: date

    @property
    def by(self) -> Actor:
        """Who does it: the decision itself, as a named job."""
        return Actor.job(say("decision {number}", number=self.number))

    @property
    def words(self) -> str:
        """Why, as other rooms write it down."""
        return say(
            "Decision {number} of the alliance: {title}", number=self.number, title=self.title
        )


def carry(change: Change, cause: Cause) -> Done:
    """Carry a change out. Raises UserError with what stands against it, and the cure."""
    return _DO[change.kind](change, cause)


def _pathway(change: Change, cause: Cause) -> Done:
    """The signed version that waits; where none is named, one that is in force already will do."""
    wanted = int(change.number or 0)
    there, waits = written.found(change.code), written.open_version(change.code)
    if there and wanted in (0, there.number) and not _signed(waits):
        return Done(
            say(
                "{title}: version {number} is in force already",
                title=there.title,
                number=there.number,
            ),
            there.number,
        )
    if waits is None or wanted not in (0, waits.number):
        known = written.history(change.code)[0].version  # NotFound where there is none
        raise UserError(
            say(
                "no version {number} of {code} waits to be put in force",
                number=change.number,
                code=change.code,
            ),
            say(
                "The latest is version {number}: name that, or write and sign the next.",
                number=known.number,
            ),
        )
    if not _signed(waits):
        raise UserError(
            say(
                "the pathway {title} is not signed by a clinical lead and a subject expert",
                title=repr(waits.title),
            ),
            say("Let both sign version {number}, then try again.", number=waits.number),
        )
    pathways.publish(slug=change.code, seen=waits.seen, by=cause.by)
    return Done(
        say("{title}: version {number} put in force", title=waits.title, number=waits.number),
        waits.number,
    )


def _signed(version: written.Version | None) -> bool:
    return version is not None and bool(version.lead and version.expert)


def _service(change: Change, cause: Cause) -> Done:
    there = reading.entry(change.code)
    amount = Amount(amount=int(change.number), since=change.since or cause.day, words=cause.words)
    kept = replace(there, amounts=(*there.amounts, amount))
    step = services.keep(entry=kept, seen=there.number, by=cause.by, why=cause.words)
    return Done(
        say(
            "{name} takes {amount} at once from {since}",
            name=there.name,
            amount=amount.amount,
            since=say_date(amount.since, "%-d %B %Y"),
        ),
        step,
    )


def _ambulance(change: Change, cause: Cause) -> Done:
    version = int(change.number or tables.latest_of(change.code))
    triage.switch(key=change.code, version=version, on=True, reason=cause.words, by=cause.by)
    title = tables.table_of(change.code, version).title
    return Done(say("Crews decide by {title}", title=repr(title)), version)


def _package(change: Change, cause: Cause) -> Done:
    day = change.since or cause.day
    known = {each.name: each for each in packages(current().path).on(day)}
    if change.code not in known:
        raise NotFound(
            say(
                "no package {code} is given on {day}",
                code=repr(change.code),
                day=say_date(day, "%-d %B %Y"),
            ),
            say("Write it in packages.toml. Known: {known}.", known=", ".join(sorted(known))),
        )
    return Done(say("{title} is given at home", title=known[change.code].title))


def _goal(change: Change, cause: Cause) -> Done:
    goal = of.goal_of(change.number)
    if goal is None:
        raise UserError(
            say("{number} is no goal", number=repr(change.number)), "Write it as: at least 40"
        )
    text = say("{words}. It is to be {number}.", words=cause.words, number=change.number)
    number = marks.mark(kind="note", measure=change.code, scope="", day=change.since or cause.day,
                        text=text, by=cause.by)  # fmt: skip
    title = library.measure(change.code).title
    return Done(
        say("{title} is to be {number}, and its chart says so", title=title, number=change.number),
        number,
    )


def _terms(change: Change, cause: Cause) -> Done:
    known = contracted.contract(change.code)
    waiting = known.open
    if waiting is None or (change.number and waiting.number != int(change.number)):
        holds = known.in_force(change.since or cause.day)
        if holds is None or (change.number and holds.number != int(change.number)):
            raise UserError(
                say(
                    "no version {number} of {name} is signed and waiting",
                    number=change.number or "",
                    name=known.name,
                ),
                "Write it and let its parties sign, then confirm again.",
            )
        return Done(
            say(
                "{name}: version {number} is in force already", name=known.name, number=holds.number
            ),
            holds.number,
        )
    contracts.publish(slug=change.code, seen=known.steps, by=cause.by)
    return Done(
        say("{name}: version {number} put in force", name=known.name, number=waiting.number),
        waiting.number,
    )


def _other(change: Change, _cause: Cause) -> Done:
    return Done(say("By hand: {words}", words=change.words or change.code))


_DO: Mapping[str, Callable[[Change, Cause], Done]] = {
    of.PATHWAY: _pathway, of.SERVICE: _service, of.AMBULANCE: _ambulance,
    of.PACKAGE: _package, of.GOAL: _goal, of.TERMS: _terms, of.OTHER: _other,
}  # fmt: skip


def end(row: CarriedOut, cause: Cause) -> str:
    """End what a change set going, from a day on; what it did, in words."""
    if row.kind == of.SERVICE:
        return _end_places(row, cause)
    if row.kind == of.AMBULANCE:
        triage.switch(key=row.code, version=row.mark, on=False, reason=cause.words, by=cause.by)
        return say("Switched off")
    if row.kind == of.PATHWAY and written.found(row.code):
        pathways.note(slug=row.code, words=f"{cause.words} has ended: ask before you rely on it.",
                      until=0, by=cause.by)  # fmt: skip
        return say("Stays in force with an urgent note, until its clinical lead withdraws it")
    return say("Stays as it is: whoever keeps it decides")


def _end_places(row: CarriedOut, cause: Cause) -> str:
    """Places that are there end with a day; those that were still to come never do."""
    there, mine = reading.entry(row.code), say("Decision {number} ", number=cause.number)
    amounts = tuple(
        replace(each, until=cause.day) if each.words.startswith(mine) and not each.until else each
        for each in there.amounts
        if not each.words.startswith(mine) or (each.since or cause.day) < cause.day
    )  # fmt: skip
    services.keep(entry=replace(there, amounts=amounts), seen=there.number, by=cause.by,
                  why=cause.words)  # fmt: skip
    return say("Its places end on {day}", day=say_date(cause.day, "%-d %B %Y"))
