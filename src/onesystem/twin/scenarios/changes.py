"""What a scenario may change, as frozen data. Pure.

A change holds from `since` (the beginning, where it is not given) until `until`: a day or a moment
(`"2026-05-01"`), or a time in the model's unit. `who` narrows it to people: levels by attribute,
`{"class": ("COPD",), "age": ("75-84", "85+")}`. Names are those of the model.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

Moment = date | datetime | float | None
Who = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Change:
    """Something that is otherwise from a date on."""

    word: ClassVar[str]
    about: ClassVar[str]
    since: Moment = None
    until: Moment = None


@dataclass(frozen=True, kw_only=True)
class Places(Change):
    """More or fewer places of a service, or staff of a pool: one of the three is given."""

    word: ClassVar[str] = "places"
    about: ClassVar[str] = "More or fewer places or staff"
    service: str
    more: int | None = None
    to: int | None = None
    times: float | None = None


@dataclass(frozen=True, kw_only=True)
class Staffing(Change):
    """Another rota: how many places or staff there are, from each time of a cycle on."""

    word: ClassVar[str] = "staffing"
    about: ClassVar[str] = "Another rota over the day or the week"
    service: str
    changes: tuple[tuple[float, int], ...]
    every: float | None = None


@dataclass(frozen=True, kw_only=True)
class Close(Change):
    """A service takes nobody any more; its people go to another, or out."""

    word: ClassVar[str] = "close"
    about: ClassVar[str] = "A service closes"
    service: str
    instead: str


@dataclass(frozen=True, kw_only=True)
class Open(Change):
    """A new service opens that works like another one; `Send` says who goes there."""

    word: ClassVar[str] = "open"
    about: ClassVar[str] = "A new service opens"
    service: str
    like: str
    places: int


@dataclass(frozen=True, kw_only=True)
class Arrivals(Change):
    """Arrivals of an inflow (of all of them, where none is named) times a factor.

    `who` may name classes; `hours` are those of the day between which it holds, by the model's
    clock: (8, 18) is from 08:00 to 18:00, and (22, 6) over midnight.
    """

    word: ClassVar[str] = "arrivals"
    about: ClassVar[str] = "More or fewer people come"
    times: float
    inflow: str = ""
    hours: tuple[float, float] | None = None
    who: Who = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Send(Change):
    """A share of those who leave a service, or come with an inflow, go somewhere else instead.

    `instead_of` narrows it to those who would have gone there.
    """

    word: ClassVar[str] = "send"
    about: ClassVar[str] = "A share goes somewhere else instead"
    leaving: str
    share: float
    to: str
    instead_of: str = ""
    who: Who = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Stays(Change):
    """Stays at a service (at all, where none is named) times a factor.

    With `over`, only those that would be longer than that, a length in the model's unit: of stays
    drawn as 20 days, over 14 days, times 0.9, each becomes 18.
    """

    word: ClassVar[str] = "stays"
    about: ClassVar[str] = "Stays become shorter or longer"
    times: float
    service: str = ""
    over: float | str | None = None
    who: Who = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Patience(Change):
    """How long people wait before they leave, times a factor."""

    word: ClassVar[str] = "patience"
    about: ClassVar[str] = "People wait longer, or less long, before they leave"
    service: str
    times: float
    who: Who = field(default_factory=dict)


KINDS: tuple[type[Change], ...] = (
    Places, Close, Open, Send, Arrivals, Stays, Patience, Staffing,
)  # fmt: skip
BY_WORD: dict[str, type[Change]] = {kind.word: kind for kind in KINDS}


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A named list of changes. Without any it is doing nothing."""

    name: str
    changes: tuple[Change, ...] = ()
    note: str = ""


NOTHING = Scenario(name="Do nothing")
