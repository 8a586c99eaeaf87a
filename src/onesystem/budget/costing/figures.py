"""What costing tells the measures: the cost of a contact, and how much of it is known by minutes.

The cost of a person is told by `persons`, that of each pathway by `pathway_figures`.

Sums by service and month, without people. A figure of few contacts has to be hidden as one of few
people is: so each sum is told in as many parts as there are contacts, up to a handful.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from onesystem.budget.costing import pathway_figures, persons, queries, store
from onesystem.district import current
from onesystem.flow.measures.telling import Event, Teller, register_teller
from onesystem.vocabulary import Money, to_utc
from onesystem.vocabulary.kept import to_micros

_HANDFUL = 8  # parts of a sum; districts hide figures of fewer


def connect() -> None:
    """Let the measures ask. Safe to call again."""
    register_teller("contact-cost", Teller(_stamp, _contacts))
    register_teller("cost-by-own-minutes", Teller(_stamp, _own))
    register_teller("cost-per-person-in-contact", Teller(persons.stamp, sums=persons.sums))
    pathway_figures.connect()


def _stamp() -> str:
    return store.current().cells


def _contacts() -> Iterable[Event]:
    for month, service, minor, many, _ in _sums():
        yield from _told(month, service, minor, many, many)


def _own() -> Iterable[Event]:
    for month, service, minor, many, own in _sums():
        if minor:
            yield from _told(month, service, own, minor, many)


def _sums() -> Iterator[tuple[date, str, int, int, int]]:
    """(month, service, minor units, contacts, of them by own minutes), of the last years."""
    months = queries.months_held()[-persons.MONTHS :]
    if not months:
        return
    by = ("month", "service", "basis")
    found: dict[tuple[date, str], list[int]] = {}
    for cost in queries.costs(months[0], months[-1], by=by):
        held = found.setdefault((cost["month"], cost["service"]), [0, 0, 0])
        held[0] += cost.minor
        held[1] += cost.contacts
        held[2] += cost.minor if cost["basis"] == "own" else 0
    for (month, service), (minor, many, own) in found.items():
        yield month, service, minor, many, own


def _told(month: date, service: str, top: int, under: int, many: int) -> Iterator[Event]:
    parts = max(1, min(many, _HANDFUL))
    at = to_micros(to_utc(datetime.combine(month.replace(day=15), time(12)), current().zone))
    tops, unders = (Money(whole, "").split([1] * parts) for whole in (top, under))
    for one, other in zip(tops, unders, strict=True):
        yield Event(at, service, 0, one.minor, other.minor)
