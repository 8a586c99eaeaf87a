"""Requests for correction in words, for the lists and the pages about one."""

from dataclasses import dataclass
from datetime import date

from onesystem.district import District
from onesystem.record.corrections.due import SOON
from onesystem.record.corrections.facts import NAMES
from onesystem.record.corrections.rows import ACCEPTED, OPEN, REFUSED, WITHDRAWN, Correction
from onesystem.record.corrections.things import Thing
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.wording import counted, day

_STATES = {
    OPEN: (say("Waits for a decision"), "info"), ACCEPTED: (say("Put right"), "good"),
    REFUSED: (say("Left, with a statement"), "quiet"), WITHDRAWN: (say("Taken back"), "quiet"),
}  # fmt: skip
_ABOUT = say_each({"entry": "Entry", "contact": "Contact", "person": "Who they are"})
_LONG = {"words", "address", "reason", "outcome"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowWords:
    """One request as a line of the list."""

    number: int
    what: str
    about: str
    source: str
    asked: str
    by: str
    state: str
    kind: str
    due: str
    due_kind: str


def row_words(row: Correction, here: District, today: date) -> RowWords:
    """One line."""
    state, kind = _STATES[row.state]
    if row.undone_at:
        state, kind = say("Taken back"), "quiet"
    elif row.again_at and not row.again_by:
        state, kind = say("Look again: the source says something else"), "warn"
    elif row.state in {ACCEPTED, REFUSED} and not row.told_at:
        state = say("{state}; tell the source", state=state)
        kind = "warn"
    due, due_kind = due_words(row, today)
    return RowWords(
        number=row.pk, what=row.what, about=_ABOUT[row.about], source=here.source(row.source).name,
        asked={"person": "the person", "proxy": "who acts for them"}.get(
            row.asked_as, row.asked_by),
        by=row.asked_by, state=state, kind=kind, due=due, due_kind=due_kind,
    )  # fmt: skip


def due_words(row: Correction, today: date) -> tuple[str, str]:
    """By when to answer, and how urgent that is."""
    if row.state != OPEN:
        return "", ""
    last = date.fromisoformat(row.due)
    left = (last - today).days
    if left < 0:
        return say("{last}, {days} overdue", last=day(last), days=counted(-left, "day")), "bad"
    return say(
        "{last}, {days} left", last=day(last), days=counted(left, "day")
    ), "warn" if left <= SOON else "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactField:
    """A fact as the form asks for it."""

    name: str
    label: str
    value: str
    long: bool
    options: tuple[tuple[str, str], ...] = ()


def fields_of(about: Thing, here: District, given: dict[str, str]) -> list[FactField]:
    """What the officer may write, with what stands there now."""
    found = []
    for name in about.only:
        options: tuple[tuple[str, str], ...] = ()
        if name == "service":
            options = tuple((code, s.name) for code, s in here.services.items())
            if about.facts[name] not in here.services:
                options = ((about.facts[name], about.facts[name]), *options)
        elif name == "cancelled":
            options = (("", say("It happened")), ("yes", say("It never happened")))
        found.append(
            FactField(name=name, label=NAMES[name], value=given.get(name, about.facts[name]),
                      long=name in _LONG, options=options)
        )  # fmt: skip
    return found


def now_facts(about: Thing) -> list[tuple[str, str]]:
    """The thing as it stands: what it says and nothing empty."""
    return [(NAMES[name], value) for name, value in about.facts.items() if value]
