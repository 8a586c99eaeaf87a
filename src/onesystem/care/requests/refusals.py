"""What stands against a request before it is sent, each with its cure. Pure.

All that stands against it is told at once, and nothing that was typed is lost: the page keeps the
form as it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from onesystem.care.requests import telling
from onesystem.care.services.entry import Entry
from onesystem.vocabulary import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One thing that stands against it. `field` is the field of the form that it is about.

    `link` leads to the cure where a page is one; `link_words` say what is there.
    """

    rule: str
    what: str
    cure: str
    field: str = ""
    link: str = ""
    link_words: str = ""


class NotSent(UserError):
    """A request that cannot be sent as it is, with all that stands against it."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        first = refusals[0]
        more = f" ({len(refusals) - 1} more)" if len(refusals) > 1 else ""
        super().__init__(f"{first.what}{more}", first.cure)
        self.refusals = tuple(refusals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A request that somebody is about to send."""

    kind: str
    urgency: str
    form: Mapping[str, Any]
    words: str = ""
    agreed: bool = False  # the person agrees to this one, though they share nothing
    anyway: bool = False  # another one like it is open, and this one is wanted too
    despite: str = ""  # why it is sent though the criteria are not met
    order: str = ""  # what is ordered, of what the service names; or what another act led to


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about whom it is for."""

    died: date | None = None
    opted_out: bool = False
    open_ones: tuple[tuple[int, str, str], ...] = ()  # request, its number, since when
    unmet: str = ""  # what of the service's criteria the record says is not so


def against(asking: Asking, known: Known, entry: Entry, day: date) -> list[Refusal]:
    """Everything that stands against it, what cannot be mended first."""
    return [
        *_person(asking, known),
        *_service(asking, entry, day),
        *_ordered(asking, entry),
        *_again(asking, known, entry),
        *_worked_up(asking, known, entry),
        *_missing(asking, entry),
    ]


def _person(asking: Asking, known: Known) -> Iterable[Refusal]:
    if known.died is not None:
        yield Refusal(
            rule="died", what=f"This person died on {known.died:%-d %B %Y}",
            cure="If that is wrong, ask a records officer to put the record right first.",
        )  # fmt: skip
    if known.opted_out and not asking.agreed:
        yield Refusal(
            rule="opted-out", what="This person has chosen not to share their record",
            cure="Ask them. If they agree that this request is sent with what it says, say so"
            " below; or write a letter that they take with them.",
            field="agreed",
        )  # fmt: skip


def _service(asking: Asking, entry: Entry, day: date) -> Iterable[Refusal]:
    closed = entry.closed_on(day)
    if entry.listed:
        yield Refusal(
            rule="listed", what=f"{entry.name} takes no requests here",
            cure="Ring it, or choose a service of the district.",
            link=f"?from={entry.service}", link_words="Another service",
        )  # fmt: skip
    elif closed is not None:
        to = f"service={closed.instead}&" if closed.instead else ""
        yield Refusal(
            rule="closed", what=f"{entry.name} takes nobody now: {closed.words}",
            cure="Send it to another service; what you wrote goes along.",
            link=f"?{to}from={entry.service}",
            link_words="The service that stands in" if to else "Another service",
        )  # fmt: skip
    elif not entry.takes(asking.kind):
        kinds = " or ".join(f"{telling.KINDS[kind].lower()}s" for kind in entry.accepts)
        yield Refusal(
            rule="kind", field="kind",
            what=f"{entry.name} takes no {telling.KINDS[asking.kind].lower()}",
            cure=f"It takes {kinds or 'nothing through here'}.",
        )  # fmt: skip


def _ordered(asking: Asking, entry: Entry) -> Iterable[Refusal]:
    if asking.kind == "order" and entry.orders and not asking.order:
        names = ", ".join(each.name for each in entry.orders)
        yield Refusal(
            rule="order", field="order", what="It does not say which test",
            cure=f"Choose one: {names}. For anything else, ask for advice.",
        )  # fmt: skip


def _again(asking: Asking, known: Known, entry: Entry) -> Iterable[Refusal]:
    if known.open_ones and not asking.anyway:
        request, number, since = known.open_ones[0]
        yield Refusal(
            rule="duplicate", field="anyway",
            what=f"A request to {entry.name} is open already: {number}, of {since}",
            cure="Open it and write there, or say below why another one is needed.",
            link=f"/requests/{request}/", link_words=f"Open {number}",
        )  # fmt: skip


def _worked_up(asking: Asking, known: Known, entry: Entry) -> Iterable[Refusal]:
    if known.unmet and asking.kind != "advice" and not asking.despite.strip():
        yield Refusal(
            rule="criteria", field="despite",
            what=f"The record does not meet what {asking.order or entry.name} asks for:"
            f" {known.unmet}",
            cure="Put that right first, ask for advice instead, or say why it is sent still.",
        )  # fmt: skip


def _missing(asking: Asking, entry: Entry) -> Iterable[Refusal]:
    for each in entry.form:
        value = asking.form.get(each.name, "")
        if each.required and not str(value).strip():
            yield Refusal(
                rule="missing", field=each.name, what=f"Missing: {each.label}",
                cure=each.help or f"{entry.name} does not decide without it.",
            )  # fmt: skip
        elif each.type == "number" and str(value).strip() and not _is_number(value):
            yield Refusal(
                rule="number", field=each.name, what=f"Not a number: {each.label}",
                cure="Write digits, with a point for parts.",
            )  # fmt: skip
        elif each.type == "choice" and str(value).strip() and str(value) not in each.options:
            yield Refusal(
                rule="choice", field=each.name, what=f"None of the choices: {each.label}",
                cure=f"Choose one: {', '.join(each.options)}.",
            )  # fmt: skip
    if not any(str(value).strip() for value in (asking.words, *asking.form.values())):
        yield Refusal(
            rule="words", field="words", what="Nothing is asked yet",
            cure="Write what you ask, and why.",
        )  # fmt: skip


def _is_number(value: object) -> bool:
    try:
        float(str(value).replace(",", "."))
    except ValueError:
        return False
    return True
