"""The events of a file put together into visits: a case that comes back, a visit without an end."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from onesystem.feeds.extract.mapping import Deed
from onesystem.vocabulary import Act, ContactEvent

_ENDS = frozenset({Act.END, Act.CANCEL})


class Happened(NamedTuple):
    """An event as its row says it. `unended` is the outcome that closes a visit without an end."""

    event: ContactEvent
    deed: Deed | None
    unended: str


def whole_visits(happened: Iterable[Happened]) -> Iterator[ContactEvent]:
    """The events by visit, in the order of their times and rows.

    Where a deed says that a new visit begins, this and what follows of the case is a visit of its
    own, caused by the one before; its key holds the time at which it begins, so that the same key
    comes out of a later, longer extract of the same case. Where the mapping says so, a visit that
    never ends is closed at its last event: a log of cases past says nothing of an end that nobody
    recorded, and without one the person would stand in the department for ever.
    """
    cases: dict[str, list[Happened]] = {}
    for each in happened:
        cases.setdefault(each.event.visit, []).append(each)
    for case in cases.values():
        case.sort(key=lambda each: (each.event.recorded, each.event.order))
        for visit in _visits(case):
            yield from (each.event for each in visit)
            yield from _end_of(visit)


def _visits(case: list[Happened]) -> list[list[Happened]]:
    visits: list[list[Happened]] = [[]]
    key, cause = case[0].event.visit, ""
    for each in case:
        if each.deed and each.deed.new_visit and visits[-1]:
            cause = key
            key = f"{case[0].event.visit}@{each.event.recorded:%Y%m%dT%H%M%SZ}"
            visits.append([])
        first = not visits[-1]
        event = replace(each.event, visit=key, cause=each.event.cause or (cause if first else ""))
        visits[-1].append(each._replace(event=event))
    return visits


def _end_of(visit: list[Happened]) -> Iterator[ContactEvent]:
    last = visit[-1]
    outcome = next((each.unended for each in visit if each.unended), "")
    if outcome and not any(each.event.act in _ENDS for each in visit):
        yield replace(
            last.event, act=Act.END, order=last.event.order + "~", outcome=outcome, reason="",
            service="", setting=None, cause="",
        )  # fmt: skip
