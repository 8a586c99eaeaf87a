"""What is wrong with an entry before it is kept: each thing with its place and its cure. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from onesystem.care.requests.states import KINDS, URGENCIES
from onesystem.care.services.entry import TYPES, Entry
from onesystem.care.services.hours import Opening, overlap
from onesystem.vocabulary import nearest
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem

_PHONE = re.compile(r"[-+0-9() .x/]{3,40}( \(.*\))?")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
_LEAST_REVIEW, _MOST_REVIEW = 7, 1100
_LONGEST = 365 * 24  # hours of a timer


@dataclass(frozen=True, slots=True)
class Around:
    """What an entry may name: the other entries, the district's places, and who reads FHIRPath."""

    entries: Mapping[str, Entry]
    places: Mapping[str, str]
    today: date
    condition: Callable[[str], str] = lambda _: ""  # what is wrong with an expression


def problems(entry: Entry, around: Around) -> list[Problem]:
    """Everything that is wrong, in the order of the form."""
    return [found for check in _CHECKS for found in check(entry, around)]


def _words(entry: Entry, _: Around) -> Iterator[Problem]:
    if not entry.name.strip():
        yield Problem("name", say("The service has no name"), say("Write what people call it."))


def _requests(entry: Entry, around: Around) -> Iterator[Problem]:
    for kind in entry.accepts:
        if kind not in KINDS:
            yield Problem(
                "accepts",
                say("{kind} is no kind of request", kind=repr(kind)),
                nearest(kind, KINDS),
            )
    if entry.listed and entry.accepts:
        yield Problem(
            "accepts", say("A service that is only listed takes no requests here"),
            say("Take the ticks away, or have the service added to district.toml."),
        )  # fmt: skip
    if entry.condition and (wrong := around.condition(entry.condition)):
        yield Problem("condition", wrong, say("Mend the expression, or leave it empty."))


def _timers(entry: Entry, _: Around) -> Iterator[Problem]:
    for timer in entry.timers:
        where = f"timers.{timer.urgency}"
        if timer.urgency not in URGENCIES:
            yield Problem(
                where,
                say("{urgency} is no urgency", urgency=repr(timer.urgency)),
                nearest(timer.urgency, URGENCIES),
            )
        elif not 0 < timer.triage <= timer.answer:
            yield Problem(
                where,
                say(
                    "What is {urgency} would be answered before it is looked at",
                    urgency=timer.urgency,
                ),
                say(
                    "Let the time to look be at least an hour, and no longer than the time to "
                    "answer."
                ),
            )
        elif timer.answer > _LONGEST:
            yield Problem(
                where, say("A request waits a year for its answer"), say("Write a shorter time.")
            )


def _form(entry: Entry, around: Around) -> Iterator[Problem]:
    names = Counter(field.name for field in entry.form)
    for number, field in enumerate(entry.form):
        where = f"form.{number}"
        if not field.label.strip():
            yield Problem(where, say("A question has no words"), say("Write what is asked."))
        if names[field.name] > 1:
            yield Problem(
                where,
                say("Two questions are called {name}", name=repr(field.name)),
                say("Word one differently."),
            )
        if field.type not in TYPES:
            yield Problem(
                where,
                say("{type} is no kind of answer", type=repr(field.type)),
                nearest(field.type, TYPES),
            )
        if field.type == "choice" and len(field.options) < 2:
            yield Problem(
                where, say("{label} has nothing to choose from", label=repr(field.label)),
                say("Write two or more choices, with a semicolon between."),
            )  # fmt: skip
        if not field.known.isalnum() and field.known and (wrong := around.condition(field.known)):
            yield Problem(where, wrong, say("Mend where the record knows it, or leave it empty."))


def _orders(entry: Entry, around: Around) -> Iterator[Problem]:
    for number, order in enumerate(entry.orders):
        where = f"orders.{number}"
        if not order.name.strip():
            yield Problem(
                where, say("What may be ordered has no name"), say("Write what people call it.")
            )
        elif entry.orderable(order.name, order.code) is not order:
            yield Problem(
                where, say("{name} may be ordered twice", name=order.name),
                say("Take one of the two away, or give them other names and codes."),
            )  # fmt: skip
        if order.condition and (wrong := around.condition(order.condition)):
            yield Problem(where, wrong, say("Mend the expression, or leave it empty."))
    if entry.orders and not entry.takes("order"):
        yield Problem(
            "accepts", say("It names what may be ordered, and takes no orders"),
            say("Tick orders, or take what may be ordered away."),
        )  # fmt: skip


def _hours(entry: Entry, _: Around) -> Iterator[Problem]:
    if (both := overlap(entry.hours)) is not None:
        one, other = both
        number = max(entry.hours.index(one), len(entry.hours) - 1 - entry.hours[::-1].index(other))
        yield Problem(
            f"hours.{number}",
            say("{words} and {words2} overlap", words=one.words, words2=other.words),
            say("Make them one line, or let one end where the other begins."),
        )


def _holidays(entry: Entry, _: Around) -> Iterator[Problem]:
    for number, holiday in enumerate(entry.holidays):
        where = f"holidays.{number}"
        if holiday.until < holiday.since:
            yield Problem(
                where, say("The last day is before the first"), say("Mend one of the days.")
            )
        whole = frozenset({0})
        if overlap([Opening(whole, *span) for span in holiday.spans]) is not None:
            yield Problem(
                where, say("Its hours overlap"), say("Let one end where the next begins.")
            )
        for other in entry.holidays[:number]:
            if other.since <= holiday.until and holiday.since <= other.until:
                yield Problem(
                    where,
                    say(
                        "It shares a day with {words}", words=other.words or other.since.isoformat()
                    ),
                    say("Give each day one line of other hours."),
                )


def _notices(entry: Entry, around: Around) -> Iterator[Problem]:
    for number, notice in enumerate(entry.notices):
        where = f"notices.{number}"
        if not notice.words.strip():
            yield Problem(
                where, say("A notice says nothing"), say("Write what everybody should know.")
            )
        if notice.since and notice.until and notice.until <= notice.since:
            yield Problem(
                where, say("The notice ends before it begins"), say("Mend one of its days.")
            )
        if notice.instead:
            yield from _instead(entry, notice.instead, where, around)


def _amounts(entry: Entry, _: Around) -> Iterator[Problem]:
    for number, amount in enumerate(entry.amounts):
        if amount.since and amount.until and amount.until <= amount.since:
            yield Problem(
                f"amounts.{number}", say("It ends before it begins"), say("Mend one of the days.")
            )


def _instead(entry: Entry, instead: str, where: str, around: Around) -> Iterator[Problem]:
    other = around.entries.get(instead)
    if other is None:
        cure = nearest(instead, around.entries)
        yield Problem(
            where, say("There is no service {instead} to use instead", instead=repr(instead)), cure
        )
    elif instead == entry.service:
        yield Problem(where, say("It names itself to use instead"), say("Name another service."))
    elif other.closed_on(around.today):
        yield Problem(
            where, say("{name} is closed too", name=other.name), say("Name a service that is open.")
        )


def _reached(entry: Entry, around: Around) -> Iterator[Problem]:
    if entry.phone and not _PHONE.fullmatch(entry.phone):
        yield Problem(
            "phone",
            say("{phone} is no phone number", phone=repr(entry.phone)),
            say("Write it as it is dialled."),
        )
    if entry.email and not _EMAIL.fullmatch(entry.email):
        yield Problem(
            "email",
            say("{email} is no address", email=repr(entry.email)),
            say("Write it like: team@example.org"),
        )
    for place in entry.places:
        if place not in around.places:
            cure = nearest(place, around.places)
            yield Problem(
                "places", say("There is no place {place} in the district", place=repr(place)), cure
            )


def _review(entry: Entry, _: Around) -> Iterator[Problem]:
    if not _LEAST_REVIEW <= entry.review_days <= _MOST_REVIEW:
        yield Problem(
            "review_days",
            say(
                "It would be confirmed anew every {review_days} days", review_days=entry.review_days
            ),
            say(
                "Write from {least_review} to {most_review} days.",
                least_review=_LEAST_REVIEW,
                most_review=_MOST_REVIEW,
            ),
        )


_CHECKS = (
    _words, _requests, _timers, _form, _orders, _hours, _holidays, _amounts, _notices, _reached,
    _review,
)  # fmt: skip
