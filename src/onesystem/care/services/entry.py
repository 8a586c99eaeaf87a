"""What the directory says of a service. Pure words, and what follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from onesystem.care.services.hours import Opening, Span, merged

TYPES = ("line", "text", "number", "date", "choice", "yes-no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that the service wants to know with a request.

    `known` says where the record knows it already: a FHIRPath expression over what the record
    has, or the kind of its entries (`AllergyIntolerance`), of which the names are taken.
    """

    name: str
    label: str
    type: str = "line"
    required: bool = False
    help: str = ""
    options: tuple[str, ...] = ()  # of a choice
    known: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orderable:
    """One test, or other thing, that may be ordered directly, and what must be so for it.

    `criteria` are words, `condition` the same as FHIRPath over the record where it can be said.
    """

    name: str
    code: str = ""
    system: str = ""
    criteria: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """How soon a request of an urgency is looked at, and answered: hours by the clock."""

    urgency: str
    triage: int
    answer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """Days (the last one included) on which other hours are kept; none: closed."""

    since: date
    until: date
    words: str = ""
    spans: tuple[tuple[time, time], ...] = ()

    def on(self, day: date) -> bool:
        """Whether that day is one of them."""
        return self.since <= day <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """How many people the service takes at once, as its coordinator says: from a day on
    (inclusive) to a day (exclusive).
    """

    amount: int
    since: date | None = None
    until: date | None = None
    words: str = ""

    def on(self, day: date) -> bool:
        """Whether it is so on that day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What everybody who looks should know; `closed` where the service takes nobody meanwhile.

    From a day on (inclusive) to a day (exclusive); without one it stands until it is taken away.
    """

    words: str
    since: date | None = None
    until: date | None = None
    closed: bool = False
    instead: str = ""  # the code of the service to use

    def on(self, day: date) -> bool:
        """Whether it stands on that day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A service as the directory has it. The first part is the district's, the last the keeping's.

    `criteria` are words, `condition` the same as FHIRPath over the record where it can be said
    so. An entry that nobody has written yet has what the district and the setting tell
    (`number` 0). A service that is `listed` only is no service of the district: it takes no
    requests.
    """

    service: str
    name: str
    setting: str = ""
    organisation: str = ""  # the code of who runs it, or a name where it is listed only
    listed: bool = False
    gone: date | None = None  # from that day on the district has it no more

    words: str = ""
    whom: str = ""
    criteria: str = ""
    condition: str = ""
    accepts: tuple[str, ...] = ()
    form: tuple[Field, ...] = ()
    orders: tuple[Orderable, ...] = ()  # where some are named, an order is for one of them
    hours: tuple[Opening, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    phone: str = ""
    email: str = ""
    places: tuple[str, ...] = ()  # codes of the district's places
    addresses: tuple[str, ...] = ()  # where the district has no place for it
    notices: tuple[Notice, ...] = ()
    timers: tuple[Timer, ...] = ()
    amounts: tuple[Amount, ...] = ()  # in the place of the district's capacity; the last counts
    tags: tuple[str, ...] = ()  # other words by which people search for it
    review_days: int = 180
    foreign: Mapping[str, Any] = field(default_factory=dict)  # what came with an import, kept

    number: int = 0  # of the last step of its keeping; what a page hands back as `seen`
    kept_at: datetime | None = None
    kept_by: str = ""
    confirmed_at: datetime | None = None
    confirmed_by: str = ""

    def timer(self, urgency: str) -> Timer | None:
        """How soon a request of that urgency is answered; None where nobody has said."""
        return next((each for each in self.timers if each.urgency == urgency), None)

    def orderable(self, name: str, code: str = "") -> Orderable | None:
        """What may be ordered under a name or a code; None where it is none of them."""
        plain = " ".join(name.casefold().split())
        for each in self.orders:
            if (code and each.code == code) or each.name.casefold() == plain:
                return each
        return None

    def amount_on(self, day: date) -> int | None:
        """How many it takes at once on that day, where its coordinator has said."""
        return next((each.amount for each in reversed(self.amounts) if each.on(day)), None)

    def takes(self, kind: str) -> bool:
        """Whether it takes requests of that kind."""
        return kind in self.accepts

    def notices_on(self, day: date) -> tuple[Notice, ...]:
        """What everybody should know on that day, closings first."""
        found = [notice for notice in self.notices if notice.on(day)]
        return tuple(sorted(found, key=lambda notice: not notice.closed))

    def closed_on(self, day: date) -> Notice | None:
        """Why the service takes nobody on that day: a notice that closes it, if there is one."""
        if self.gone is not None and day >= self.gone:
            return Notice(words="The district has this service no more.", closed=True)
        return next((each for each in self.notices_on(day) if each.closed), None)

    def spans_on(self, day: date) -> list[Span]:
        """The stretches of local time that begin on that day; none where it is closed."""
        if self.closed_on(day):
            return []
        for holiday in self.holidays:
            if holiday.on(day):
                whole = frozenset({day.weekday()})
                return merged(Opening(whole, *span).span(day) for span in holiday.spans)
        return merged(each.span(day) for each in self.hours if day.weekday() in each.days)

    def open_at(self, local: datetime) -> bool:
        """Whether somebody is there at that local time (without a zone)."""
        days = (local.date() - timedelta(days=1), local.date())
        return any(first <= local < last for day in days for first, last in self.spans_on(day))

    def opens_next(self, local: datetime, *, within: int = 14) -> datetime | None:
        """When it next opens after a local time, if it does in so many days."""
        for ahead in range(within + 1):
            day = local.date() + timedelta(days=ahead)
            for first, _ in self.spans_on(day):
                if first > local:
                    return first
        return None

    def due(self) -> date | None:
        """The day on which it is to be confirmed anew; None where it never was confirmed."""
        if self.confirmed_at is None:
            return None
        return self.confirmed_at.date() + timedelta(days=self.review_days)

    def stale(self, day: date) -> bool:
        """Whether nobody has confirmed it for longer than its review allows."""
        due = self.due()
        return due is None or due <= day
