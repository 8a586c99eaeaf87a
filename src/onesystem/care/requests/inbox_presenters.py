"""A request as a dense row: words, signs and links. No colour without its sign and its word."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from onesystem.care.requests import inbox_verbs, telling
from onesystem.care.requests.inbox_queries import Last, Row
from onesystem.care.requests.inbox_verbs import Verb
from onesystem.care.requests.machine import MOVES
from onesystem.care.requests.states import (
    ACCEPTED,
    BOOKED,
    DONE,
    IN_PROGRESS,
    NEEDS_MORE,
    RECEIVED,
    REDIRECTED,
    RETURNED,
    REVOKED,
)
from onesystem.district import District
from onesystem.vocabulary import to_local
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say
from onesystem.vocabulary.words import length_of

SHOWN = 140  # letters of a last word
SHAPES = {"good": "●", "warn": "▲", "bad": "■", "info": "◆", "quiet": "○"}
_STATES: Mapping[str, tuple[str, str]] = {
    RECEIVED: (say("New"), "info"),
    REDIRECTED: (say("New, redirected"), "info"),
    NEEDS_MORE: (say("Needs more"), "warn"),
    ACCEPTED: (say("Accepted"), "good"),
    BOOKED: (say("Booked"), "good"),
    IN_PROGRESS: (say("In progress"), "good"),
    DONE: (say("Answered"), "quiet"),
    RETURNED: (say("Returned"), "quiet"),
    REVOKED: (say("Revoked"), "quiet"),
}
_URGENCIES = {"routine": "quiet", "soon": "info", "urgent": "warn", "emergency": "bad"}
HEAD = (
    "request",
    "person",
    "name",
    "age",
    "practice",
    "kind",
    "what",
    "urgency",
    "from",
    "organisation",
    say("asked at"),
    "state",
    "since",
    say("booked for"),
    "due",
    "overdue",
    say("last word"),
    say("last word by"),
    say("last word at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row in words. `value` is what a check box sends: the request and the steps one saw."""

    request: int
    value: str
    name: str
    person: int
    age: int | None
    died: bool
    practice: str
    what: str
    kind: str
    urgency: str
    urgency_sign: str
    urgency_words: str
    sender: str
    organisation: str
    asked: datetime
    state: str
    state_sign: str
    state_words: str
    booked: datetime | None
    booked_words: str
    due: datetime | None
    late: bool
    clock: str
    last: str
    last_by: str
    last_at: datetime | None
    first: Verb | None


def lines(rows: Iterable[Row], here: District, *, at: int, today: date, names: bool) -> list[Line]:
    """Rows in words; without `names` people are known by number."""
    return [_line(row, here, at=at, today=today, names=names) for row in rows]


def _line(row: Row, here: District, *, at: int, today: date, names: bool) -> Line:
    words, sign = _STATES[row.state]
    late, clock = clock_words(row.due, row.state, at=at)
    last_by, last = _last(row.last)
    return Line(
        request=row.request,
        value=f"{row.request}.{row.seen}",
        name=called(row.family, row.given, row.person)
        if names
        else say("Person {person}", person=row.person),
        person=row.person,
        age=_age(row.born, today),
        died=bool(row.died),
        practice=practice_name(here, row.practice),
        what=row.what or telling.KINDS.get(row.kind, row.kind),
        kind="" if row.kind == "referral" else telling.KINDS.get(row.kind, row.kind),
        urgency=row.urgency,
        urgency_sign=_URGENCIES[row.urgency],
        urgency_words=telling.URGENCIES[row.urgency],
        sender=row.sender or row.by,
        organisation=_organisation(here, row),
        asked=from_micros(row.at),
        state=row.state,
        state_sign=sign,
        state_words=words,
        booked=from_micros(row.booked) if row.booked and row.state == BOOKED else None,
        booked_words=_local(row.booked, here) if row.booked and row.state == BOOKED else "",
        due=from_micros(row.due) if row.due else None,
        late=late,
        clock=clock,
        last=last,
        last_by=last_by,
        last_at=from_micros(row.last.at) if row.last else None,
        first=inbox_verbs.first(row.state),
    )


def clock_words(due: int, state: str, *, at: int) -> tuple[bool, str]:
    """Whether it is overdue, and its clock in words.

    >>> clock_words(0, "needs-more", at=5)
    (False, 'Waits for the sender')
    >>> clock_words(7_200_000_000, "received", at=0)
    (False, 'Due in 2 h')
    """
    if not due:
        return False, say("Waits for the sender") if state == NEEDS_MORE else ""
    length = length_of(abs(at - due) / 1_000_000)
    return (
        (True, say("Overdue {length}", length=length))
        if due < at
        else (False, say("Due in {length}", length=length))
    )


def called(family: str, given: str, person: int) -> str:
    """Family name first; somebody of whom no name is known has a number."""
    return f"{family}, {given}".strip(", ") or say("Person {person}", person=person)


def _age(born: str, today: date) -> int | None:
    if len(born) < 4 or not born[:4].isdigit():
        return None
    before = len(born) >= 10 and born[5:10] > today.isoformat()[5:]
    return today.year - int(born[:4]) - before


def practice_name(here: District, practice: str) -> str:
    """A practice by its name where the district knows it, by its number where not."""
    return _practices(_Known(here)).get(practice, practice)


class _Known:
    """A district by its identity: it is replaced, never changed, when its file changes."""

    def __init__(self, district: District) -> None:
        self.district = district

    def __hash__(self) -> int:
        return id(self.district)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and other.district is self.district


@lru_cache(maxsize=4)
def _practices(known: _Known) -> dict[str, str]:
    found = {}
    for code, organisation in known.district.organisations.items():
        found[code] = organisation.name
        if organisation.national_code:
            found[organisation.national_code] = organisation.name
    return found


def _organisation(here: District, row: Row) -> str:
    code = row.organisation
    if not code and row.source in here.sources:
        code = here.sources[row.source].organisation
    return here.organisations[code].name if code in here.organisations else code


def _last(last: Last | None) -> tuple[str, str]:
    """Who said the last word, and what: the act, and the beginning of what was written."""
    if last is None:
        return "", ""
    did = MOVES[last.act].words if last.act in MOVES else last.state.replace("-", " ")
    reason = " ".join(last.reason.split())
    if len(reason) > SHOWN:
        reason = f"{reason[: SHOWN - 1].rstrip()}…"
    return last.by, f"{did}: {reason}" if reason else did


def _local(micros: int | None, here: District) -> str:
    if not micros:
        return ""
    return f"{to_local(from_micros(micros), here.zone):%a %-d %b %H:%M}"


def csv_rows(shown: Sequence[Line], here: District) -> list[list[Any]]:
    """What is shown as a table; times by the district's clocks."""

    def when(moment: datetime | None) -> str:
        return f"{to_local(moment, here.zone):%Y-%m-%d %H:%M}" if moment else ""

    return [
        [
            line.request,
            line.person,
            line.name,
            line.age,
            line.practice,
            line.kind or say("Referral"),
            line.what,
            line.urgency_words,
            line.sender,
            line.organisation,
            when(line.asked),
            line.state_words,
            when(line.last_at),
            when(line.booked),
            when(line.due),
            "yes" if line.late else "no",
            line.last,
            line.last_by,
            when(line.last_at),
        ]
        for line in shown
    ]
