"""Requests in words, colours and links, for their senders."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from onesystem.care.requests import telling
from onesystem.care.requests.machine import MOVES
from onesystem.care.requests.queries import Request, Step
from onesystem.care.requests.states import (
    ACCEPTED,
    BOOKED,
    DONE,
    IN_PROGRESS,
    NEEDS_MORE,
    RETURNED,
    REVOKED,
)
from onesystem.care.requests.timers import Clock
from onesystem.district import District, now
from onesystem.vocabulary import to_local
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import listed, say, say_counted
from onesystem.vocabulary.tables import Cell, Column
from onesystem.vocabulary.wording import length

_TAGS = {
    NEEDS_MORE: "warn", ACCEPTED: "info", BOOKED: "info", IN_PROGRESS: "info", RETURNED: "bad",
    DONE: "good", REVOKED: "quiet",
}  # fmt: skip
COLUMNS = (
    Column("name", "Person"),
    Column("what", "What was asked"),
    Column("service", "Service"),
    Column("state", "How it stands"),
    Column("clock", "Next, by when"),
    Column("sent", "Sent"),
    Column("urgency", "Urgency"),
    Column("number", "Number"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWords:
    """One request as a list or the head of its page shows it."""

    request: int
    number: str
    kind: str
    what: str
    service: str
    service_code: str
    state: str
    state_code: str
    tag: str
    urgency: str
    urgent: bool
    sent: datetime
    by: str
    since: datetime
    clock: str
    late: bool
    due: datetime | None
    mine: bool  # whether the next step is the sender's
    booked: datetime | None
    open: bool
    href: str


def request_words(
    each: Request,
    clock: Clock | None,
    here: District,
    at: datetime,
    staff: Mapping[str, str] | None = None,
) -> RequestWords:
    """A request in words. `staff`: what users are called, by their user names."""
    late = clock is not None and clock.overdue(at)
    return RequestWords(
        request=each.request, number=number(each), kind=telling.KINDS.get(each.kind, each.kind),
        what=each.what or telling.KINDS.get(each.kind, each.kind),
        service=here.service_name(each.service) or say("not said"), service_code=each.service,
        state=telling.state(each.state)[:1].upper() + telling.state(each.state)[1:],
        state_code=each.state, tag=_TAGS.get(each.state, "info"),
        urgency=telling.URGENCIES[each.urgency], urgent=each.urgency in {"urgent", "emergency"},
        sent=each.at, by=(staff or {}).get(each.sender, each.sender) or each.by, since=each.since,
        clock=clock_words(clock, at), late=late, due=clock.due if clock else None,
        mine=clock is not None and clock.whose == "sender", booked=each.booked, open=each.open,
        href=f"/requests/{each.request}/",
    )  # fmt: skip


def number(each: Request) -> str:
    """What a request is called on the telephone: its reference number, or its sender's key."""
    return each.key if each.source == "care" else each.key.rpartition("/")[2][:20]


def clock_words(clock: Clock | None, at: datetime) -> str:
    """What is due next, in words: `look at it within 2 days`."""
    if clock is None:
        return ""
    if clock.overdue(at):
        return say("{what}: {length} late", what=clock.what, length=length(at - clock.due))
    return say("{what} within {due}", what=clock.what, due=length(clock.due - at))


def row(words: RequestWords, name: str, here: District) -> list[Any]:
    """A row of the list, in the order of COLUMNS."""
    local = to_local(words.sent, here.zone)
    return [
        Cell(name, value=name.casefold(), href=words.href),
        Cell(words.what, note=words.kind if words.kind != words.what else ""),
        words.service,
        Cell(words.state, value=words.state, tag=words.tag),
        Cell(words.clock, value=words.due.isoformat() if words.due else "",
             tag="bad" if words.late else "", title=say("of you") if words.mine else ""),
        Cell(_day(local, here), value=words.sent.isoformat(), title=f"{local:%H:%M}"),
        Cell(words.urgency, value=_ORDER[words.urgency], tag="warn" if words.urgent else ""),
        words.number,
    ]  # fmt: skip


def _day(local: datetime, here: District) -> str:
    """A day; this year's without the year."""
    this = to_local(now(), here.zone).year
    return f"{local:%-d %b}" if local.year == this else f"{local:%-d %b %Y}"


_ORDER = {words: number for number, words in enumerate(telling.URGENCIES.values())}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWords:
    """One step of a history."""

    title: str
    by: str
    at: datetime
    words: str
    more: tuple[tuple[str, str], ...]
    kind: str
    overtaken: bool


def step_words(
    steps: Sequence[Step],
    here: District,
    labels: Mapping[str, str],
    staff: Mapping[str, str],
) -> list[StepWords]:
    """A history in words, the newest first. `labels` are those of the form's fields."""
    told = [_step(each, here, labels) for each in reversed(steps)]
    return [replace(each, by=staff.get(each.by, each.by)) for each in told]


def _step(step: Step, here: District, labels: Mapping[str, str]) -> StepWords:
    said, act = step.said, step.act
    more = []
    if act == "redirect":
        more += [("From", here.service_name(str(said.get("from", "")))),
                 ("To", here.service_name(str(said.get("service", ""))))]  # fmt: skip
    if act in {"triage", "accept"} and said.get("urgency"):
        more.append(("Urgency", telling.URGENCIES.get(said["urgency"], said["urgency"])))
    if act == "book" and said.get("booked"):
        more.append(("For", booked_words(int(said["booked"]), here)))
    if act == "send":
        more += form_words(said.get("form", {}), labels)
    if act in {"supply", "told"}:
        more += form_words(said.get("form", {}), labels)
    words = str(said.get("words", "")) if act == "send" else step.reason
    state = step.state.replace("-", " ")
    title = MOVES[act].words if act in MOVES else _told(step, state)
    return StepWords(
        title=title[:1].upper() + title[1:], by=step.by or "its source", at=step.recorded,
        words=words, more=tuple(more), kind=_TAGS.get(step.state, "info"),
        overtaken=step.overtaken,
    )  # fmt: skip


def _told(step: Step, state: str) -> str:
    """What a source said by itself: how it stands, or what was written into its form."""
    if step.said.get("form") and not step.said.get("status"):
        return say("sent the form")
    return say("told: {state}", state=state)


def booked_words(micros: int, here: District) -> str:
    """The day and the time of a booking."""
    return f"{to_local(from_micros(micros), here.zone):%-d %B %Y, %H:%M}"


def form_words(form: Mapping[str, Any], labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was written into a form, field by field; empty fields are left out."""
    return [(labels.get(name, name), str(value)) for name, value in form.items()
            if str(value).strip()]  # fmt: skip


def counted(found: Iterable[RequestWords]) -> str:
    """How many are open, how many of them late or waiting for the sender, in one line."""
    some = list(found)
    open_ = [each for each in some if each.open]
    parts = [
        say("{open_} of {some} are open", open_=len(open_), some=len(some))
        if some
        else say("none yet")
    ]
    if mine := sum(each.mine for each in open_):
        parts.append(say_counted("{n} waits for you", "{n} wait for you", mine))
    if late := sum(each.late and not each.mine for each in open_):
        parts.append(say_counted("{n} is late", "{n} are late", late))
    return listed(parts)
