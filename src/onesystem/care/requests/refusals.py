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
from onesystem.vocabulary.said import say, say_date
from onesystem.vocabulary.wording import any_of


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
        more = len(refusals) - 1
        what = say("{what} ({n} more)", what=first.what, n=more) if more else first.what
        super().__init__(what, first.cure)
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
            rule="died",
            what=say("This person died on {died}", died=say_date(known.died, "%-d %B %Y")),
            cure=say("If that is wrong, ask a records officer to put the record right first."),
        )
    if known.opted_out and not asking.agreed:
        yield Refusal(
            rule="opted-out",
            what=say("This person has chosen not to share their record"),
            cure=say(
                "Ask them. If they agree that this request is sent with what it says, say so "
                "below; or write a letter that they take with them."
            ),
            field="agreed",
        )


def _service(asking: Asking, entry: Entry, day: date) -> Iterable[Refusal]:
    closed = entry.closed_on(day)
    if entry.listed:
        yield Refusal(
            rule="listed", what=say("{name} takes no requests here", name=entry.name),
            cure=say("Ring it, or choose a service of the district."),
            link=f"?from={entry.service}", link_words=say("Another service"),
        )  # fmt: skip
    elif closed is not None:
        to = f"service={closed.instead}&" if closed.instead else ""
        yield Refusal(
            rule="closed",
            what=say("{name} takes nobody now: {words}", name=entry.name, words=closed.words),
            cure=say("Send it to another service; what you wrote goes along."),
            link=f"?{to}from={entry.service}",
            link_words=say("The service that stands in") if to else say("Another service"),
        )
    elif not entry.takes(asking.kind):
        kinds = any_of([telling.MANY[kind] for kind in entry.accepts])
        yield Refusal(
            rule="kind",
            field="kind",
            what=say("{name} takes no {kinds}", name=entry.name, kinds=telling.MANY[asking.kind]),
            cure=say("It takes {kinds}.", kinds=kinds or say("nothing through here")),
        )


def _ordered(asking: Asking, entry: Entry) -> Iterable[Refusal]:
    if asking.kind == "order" and entry.orders and not asking.order:
        names = ", ".join(each.name for each in entry.orders)
        yield Refusal(
            rule="order", field="order", what=say("It does not say which test"),
            cure=say("Choose one: {names}. For anything else, ask for advice.", names=names),
        )  # fmt: skip


def _again(asking: Asking, known: Known, entry: Entry) -> Iterable[Refusal]:
    if known.open_ones and not asking.anyway:
        request, number, since = known.open_ones[0]
        yield Refusal(
            rule="duplicate",
            field="anyway",
            what=say(
                "A request to {name} is open already: {number}, of {since}",
                name=entry.name,
                number=number,
                since=since,
            ),
            cure=say("Open it and write there, or say below why another one is needed."),
            link=f"/requests/{request}/",
            link_words=say("Open {number}", number=number),
        )


def _worked_up(asking: Asking, known: Known, entry: Entry) -> Iterable[Refusal]:
    if known.unmet and asking.kind != "advice" and not asking.despite.strip():
        yield Refusal(
            rule="criteria",
            field="despite",
            what=say(
                "The record does not meet what {order} asks for: {unmet}",
                order=asking.order or entry.name,
                unmet=known.unmet,
            ),
            cure=say("Put that right first, ask for advice instead, or say why it is sent still."),
        )


def _missing(asking: Asking, entry: Entry) -> Iterable[Refusal]:
    for each in entry.form:
        value = asking.form.get(each.name, "")
        if each.required and not str(value).strip():
            yield Refusal(
                rule="missing", field=each.name, what=say("Missing: {label}", label=each.label),
                cure=each.help or say("{name} does not decide without it.", name=entry.name),
            )  # fmt: skip
        elif each.type == "number" and str(value).strip() and not _is_number(value):
            yield Refusal(
                rule="number", field=each.name, what=say("Not a number: {label}", label=each.label),
                cure=say("Write digits, with a point for parts."),
            )  # fmt: skip
        elif each.type == "choice" and str(value).strip() and str(value) not in each.options:
            yield Refusal(
                rule="choice",
                field=each.name,
                what=say("None of the choices: {label}", label=each.label),
                cure=say("Choose one: {options}.", options=", ".join(each.options)),
            )
    if not any(str(value).strip() for value in (asking.words, *asking.form.values())):
        yield Refusal(
            rule="words", field="words", what=say("Nothing is asked yet"),
            cure=say("Write what you ask, and why."),
        )  # fmt: skip


def _is_number(value: object) -> bool:
    try:
        float(str(value).replace(",", "."))
    except ValueError:
        return False
    return True
