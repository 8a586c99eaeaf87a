"""An inbox as somebody sees it: counts and choices kept until something changes, rows read anew."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from onesystem.access.quick import rows
from onesystem.care.requests import inbox, inbox_presenters, inbox_queries
from onesystem.care.requests.filters import PER_PAGE, TABS, Wanted
from onesystem.care.requests.inbox_clock import Clock
from onesystem.care.requests.inbox_presenters import Line
from onesystem.care.requests.states import URGENCIES
from onesystem.care.requests.timers import hours
from onesystem.care.services import queries as services
from onesystem.district import current, now
from onesystem.vocabulary import Setting, to_local
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

_KEPT_FOR = 15_000_000  # microseconds for which counts stand while nothing is announced


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One look at an inbox. `change` is the last that is in it: the live stream goes on there."""

    service: str
    wanted: Wanted
    change: int
    at: int
    today: date
    page: inbox_queries.Page
    counts: dict[str, int]
    practices: list[tuple[str, str]]
    names: bool

    @property
    def lines(self) -> list[Line]:
        """The rows in words."""
        return inbox_presenters.lines(
            self.page.rows, current(), at=self.at, today=self.today, names=self.names
        )


def see(service: str, wanted: Wanted, *, whole: bool = False) -> Seen:
    """The inbox of a service as it is asked for; `whole` for all of its pages."""
    moment = now()
    at, here, change = to_micros(moment), current(), last_change()
    today = to_local(moment, here.zone).date()
    clock, names = clock_of(service), inbox.names_shown(service)
    if whole or wanted.q:
        found = inbox_queries.page(
            service, wanted, clock, at=at, today=today, names=names, limit=0 if whole else PER_PAGE
        )
    else:
        every = _places(service, wanted, clock, at=at, today=today)
        found = inbox_queries.cut(every, wanted, clock, limit=PER_PAGE)
    return Seen(
        service=service, wanted=wanted, change=change, at=at, page=found, names=names,
        today=today,
        counts=counts(service, at=at, change=change),
        practices=practices(service, change=change // 50),
    )  # fmt: skip


def _places(
    service: str, wanted: Wanted, clock: Clock, *, at: int, today: date
) -> inbox_queries.Places:
    """The order of an inbox: the same until a step of some request is written, or 15 s pass.

    To order thousands by their clocks takes longer than all else of a page.
    """
    narrowed = replace(wanted, after=None, before=None)
    steps = rows("SELECT coalesce(max(id), 0) FROM care_step")[0][0]
    return _order(
        _Asked(
            (str(current().path), service, narrowed, clock, steps, at // _KEPT_FOR, today),
            lambda: inbox_queries.places(service, narrowed, clock, at=at, today=today),
        )
    )


def last_change() -> int:
    """The last that was announced."""
    return int(rows("SELECT coalesce(max(id), 0) FROM contacts_change")[0][0])


def clock_of(service: str) -> Clock:
    """The hours of a service, as its entry in the directory has them; else the usual ones."""
    entry = services.entries().get(service)
    own = {timer.urgency: timer for timer in (entry.timers if entry else ())}
    day = now().date()
    told = [own.get(urgency) or hours(urgency, day) for urgency in URGENCIES]
    return Clock(
        triage=tuple(each.triage for each in told),
        answer=tuple(each.answer for each in told),
        orders=current().setting_of(service) is Setting.DIAGNOSTICS,
    )


def counts(service: str, *, at: int, change: int) -> dict[str, int]:
    """How many each tab has; the same until something is announced or a quarter minute passes."""
    return _kept(
        ("counts", service, clock_of(service), change, at // _KEPT_FOR),
        lambda: inbox_queries.counts(service, clock_of(service), at=at),
    )


def practices(service: str, *, change: int) -> list[tuple[str, str]]:
    """The practices of whom something is open, by name with how many."""
    return _kept(("practices", service, change), lambda: _named(service))


def _named(service: str) -> list[tuple[str, str]]:
    here = current()
    named = [
        (code, f"{inbox_presenters.practice_name(here, code)} ({many:,})")
        for code, many in inbox_queries.practices(service)
    ]
    return sorted(named, key=lambda pair: pair[1].casefold())


class _Asked:
    """A question by its key alone, so that its answer is kept by `lru_cache`."""

    def __init__(self, key: tuple[Any, ...], ask: Callable[[], Any]) -> None:
        self.key, self.ask = key, ask

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and other.key == self.key


@lru_cache(maxsize=64)
def _answer(asked: _Asked) -> Any:
    return asked.ask()


@lru_cache(maxsize=32)  # thousands of numbers each
def _order(asked: _Asked) -> Any:
    return asked.ask()


def _kept(key: tuple[Any, ...], ask: Callable[[], Any]) -> Any:
    """The answer, kept by the district as well: another one has other people."""
    return _answer(_Asked((str(current().path), *key), ask))


def tabs(seen: Seen) -> list[tuple[str, str, int, str, bool]]:
    """The tabs: key, words, how many, address, whether it is this one."""
    return [
        (tab, words, seen.counts[tab], seen.wanted.link(tab=tab), tab == seen.wanted.tab)
        for tab, (words, _) in TABS.items()
    ]


def said(seen: Seen) -> str:
    """What is shown, in words."""
    shown, of = len(seen.page.rows), seen.counts[seen.wanted.tab]
    found = seen.page.found
    if found is not None:
        return (
            say("{found} of {of} fit", found=f"{found:,}", of=f"{of:,}")
            if found == shown
            else say("{shown} of {found} that fit", shown=f"{shown:,}", found=f"{found:,}")
        )
    return say("{shown} of {of}", shown=f"{shown:,}", of=f"{of:,}") if shown != of else f"{of:,}"
