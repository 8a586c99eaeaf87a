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
        yield Problem("name", "The service has no name", "Write what people call it.")


def _requests(entry: Entry, around: Around) -> Iterator[Problem]:
    for kind in entry.accepts:
        if kind not in KINDS:
            yield Problem("accepts", f"{kind!r} is no kind of request", nearest(kind, KINDS))
    if entry.listed and entry.accepts:
        yield Problem(
            "accepts", "A service that is only listed takes no requests here",
            "Take the ticks away, or have the service added to district.toml.",
        )  # fmt: skip
    if entry.condition and (wrong := around.condition(entry.condition)):
        yield Problem("condition", wrong, "Mend the expression, or leave it empty.")


def _timers(entry: Entry, _: Around) -> Iterator[Problem]:
    for timer in entry.timers:
        where = f"timers.{timer.urgency}"
        if timer.urgency not in URGENCIES:
            yield Problem(
                where, f"{timer.urgency!r} is no urgency", nearest(timer.urgency, URGENCIES)
            )
        elif not 0 < timer.triage <= timer.answer:
            yield Problem(
                where, f"What is {timer.urgency} would be answered before it is looked at",
                "Let the time to look be at least an hour, and no longer than the time to answer.",
            )  # fmt: skip
        elif timer.answer > _LONGEST:
            yield Problem(where, "A request waits a year for its answer", "Write a shorter time.")


def _form(entry: Entry, around: Around) -> Iterator[Problem]:
    names = Counter(field.name for field in entry.form)
    for number, field in enumerate(entry.form):
        where = f"form.{number}"
        if not field.label.strip():
            yield Problem(where, "A question has no words", "Write what is asked.")
        if names[field.name] > 1:
            yield Problem(
                where, f"Two questions are called {field.name!r}", "Word one differently."
            )
        if field.type not in TYPES:
            yield Problem(where, f"{field.type!r} is no kind of answer", nearest(field.type, TYPES))
        if field.type == "choice" and len(field.options) < 2:
            yield Problem(
                where, f"{field.label!r} has nothing to choose from",
                "Write two or more choices, with a semicolon between.",
            )  # fmt: skip
        if not field.known.isalnum() and field.known and (wrong := around.condition(field.known)):
            yield Problem(where, wrong, "Mend where the record knows it, or leave it empty.")


def _orders(entry: Entry, around: Around) -> Iterator[Problem]:
    for number, order in enumerate(entry.orders):
        where = f"orders.{number}"
        if not order.name.strip():
            yield Problem(where, "What may be ordered has no name", "Write what people call it.")
        elif entry.orderable(order.name, order.code) is not order:
            yield Problem(
                where, f"{order.name} may be ordered twice",
                "Take one of the two away, or give them other names and codes.",
            )  # fmt: skip
        if order.condition and (wrong := around.condition(order.condition)):
            yield Problem(where, wrong, "Mend the expression, or leave it empty.")
    if entry.orders and not entry.takes("order"):
        yield Problem(
            "accepts", "It names what may be ordered, and takes no orders",
            "Tick orders, or take what may be ordered away.",
        )  # fmt: skip


def _hours(entry: Entry, _: Around) -> Iterator[Problem]:
    if (both := overlap(entry.hours)) is not None:
        one, other = both
        number = max(entry.hours.index(one), len(entry.hours) - 1 - entry.hours[::-1].index(other))
        yield Problem(
            f"hours.{number}", f"{one.words} and {other.words} overlap",
            "Make them one line, or let one end where the other begins.",
        )  # fmt: skip


def _holidays(entry: Entry, _: Around) -> Iterator[Problem]:
    for number, holiday in enumerate(entry.holidays):
        where = f"holidays.{number}"
        if holiday.until < holiday.since:
            yield Problem(where, "The last day is before the first", "Mend one of the days.")
        whole = frozenset({0})
        if overlap([Opening(whole, *span) for span in holiday.spans]) is not None:
            yield Problem(where, "Its hours overlap", "Let one end where the next begins.")
        for other in entry.holidays[:number]:
            if other.since <= holiday.until and holiday.since <= other.until:
                yield Problem(
                    where, f"It shares a day with {other.words or other.since.isoformat()}",
                    "Give each day one line of other hours.",
                )  # fmt: skip


def _notices(entry: Entry, around: Around) -> Iterator[Problem]:
    for number, notice in enumerate(entry.notices):
        where = f"notices.{number}"
        if not notice.words.strip():
            yield Problem(where, "A notice says nothing", "Write what everybody should know.")
        if notice.since and notice.until and notice.until <= notice.since:
            yield Problem(where, "The notice ends before it begins", "Mend one of its days.")
        if notice.instead:
            yield from _instead(entry, notice.instead, where, around)


def _amounts(entry: Entry, _: Around) -> Iterator[Problem]:
    for number, amount in enumerate(entry.amounts):
        if amount.since and amount.until and amount.until <= amount.since:
            yield Problem(f"amounts.{number}", "It ends before it begins", "Mend one of the days.")


def _instead(entry: Entry, instead: str, where: str, around: Around) -> Iterator[Problem]:
    other = around.entries.get(instead)
    if other is None:
        cure = nearest(instead, around.entries)
        yield Problem(where, f"There is no service {instead!r} to use instead", cure)
    elif instead == entry.service:
        yield Problem(where, "It names itself to use instead", "Name another service.")
    elif other.closed_on(around.today):
        yield Problem(where, f"{other.name} is closed too", "Name a service that is open.")


def _reached(entry: Entry, around: Around) -> Iterator[Problem]:
    if entry.phone and not _PHONE.fullmatch(entry.phone):
        yield Problem("phone", f"{entry.phone!r} is no phone number", "Write it as it is dialled.")
    if entry.email and not _EMAIL.fullmatch(entry.email):
        yield Problem("email", f"{entry.email!r} is no address", "Write it like: team@example.org")
    for place in entry.places:
        if place not in around.places:
            cure = nearest(place, around.places)
            yield Problem("places", f"There is no place {place!r} in the district", cure)


def _review(entry: Entry, _: Around) -> Iterator[Problem]:
    if not _LEAST_REVIEW <= entry.review_days <= _MOST_REVIEW:
        yield Problem(
            "review_days", f"It would be confirmed anew every {entry.review_days} days",
            f"Write from {_LEAST_REVIEW} to {_MOST_REVIEW} days.",
        )  # fmt: skip


_CHECKS = (
    _words, _requests, _timers, _form, _orders, _hours, _holidays, _amounts, _notices, _reached,
    _review,
)  # fmt: skip
