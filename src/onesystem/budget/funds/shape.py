"""Funds, the lines of their budgets, and the shared goals that lines serve.

A line is what money is for: a programme, an organisation that spends it, and where it is known
the service, setting and place. What a fund has and nobody has allotted yet lies on its own line.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from onesystem.vocabulary import BadConfig, nearest
from onesystem.vocabulary.said import say

ATTRIBUTES = ("fund", "programme", "organisation", "service", "setting", "place", "line")
KINDS = (
    say("core allocation"),
    say("ring-fenced grant"),
    say("council budget"),
    say("minimum contribution"),
    say("additional contribution"),
    say("charges to people"),
    "other",
)
UNALLOTTED = "unallotted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fund:
    """Money that is looked after together, from when until when."""

    code: str
    name: str
    since: date
    until: date | None = None
    words: str = ""
    number: int = 0

    @property
    def unallotted(self) -> str:
        """The code of the line on which lies what nobody has allotted yet."""
        return f"{self.code}.{UNALLOTTED}"

    def holds(self, month: date) -> bool:
        """Whether it is open in a month."""
        return self.since <= month and (self.until is None or month <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What the district has agreed to reach together."""

    code: str
    words: str
    measure: str = ""
    number: int = 0


def programme_of(text: str) -> str:
    """A programme in its one form: small letters, but for words that are capitals throughout.

    >>> programme_of(" Community  health services"), programme_of("NHS continuing care")
    ('community health services', 'NHS continuing care')
    """
    return " ".join(w if w.isupper() and len(w) > 1 else w.lower() for w in text.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a budget. Its programme is in one form, however it was written."""

    code: str
    name: str
    fund: str
    programme: str = ""
    organisation: str = ""
    service: str = ""
    setting: str = ""
    place: str = ""
    goal: str = ""
    number: int = 0

    def __post_init__(self) -> None:
        """Bring the programme into its form."""
        object.__setattr__(self, "programme", programme_of(self.programme))

    @property
    def unallotted(self) -> bool:
        """Whether it only holds what nobody has allotted yet."""
        return self.code == f"{self.fund}.{UNALLOTTED}"

    def said(self, attribute: str) -> str:
        """What it has of one of `ATTRIBUTES`."""
        return self.code if attribute == "line" else str(getattr(self, attribute))


@dataclass(frozen=True, slots=True)
class Where:
    """Which lines are meant: by each attribute, any of some values. Nothing said means all."""

    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def covers(self, line: Line) -> bool:
        """Whether a line is meant."""
        return all(line.said(name) in values for name, values in self.parts.items())

    @property
    def words(self) -> str:
        """As people say it: setting ED, outpatient or ward."""
        said = [f"{name} {_or(sorted(values))}" for name, values in sorted(self.parts.items())]
        return "; ".join(said) or say("all lines")

    def __str__(self) -> str:
        return "; ".join(f"{name}={'|'.join(sorted(v))}" for name, v in sorted(self.parts.items()))


def _or(values: list[str]) -> str:
    *first, last = values
    return say("{first} or {last}", first=", ".join(first), last=last) if first else last


def where(text: str) -> Where:
    """From words: `programme=mental health; setting=community|home care`. Raises BadConfig.

    >>> str(where("setting=ward|ED; fund=nhs"))
    'fund=nhs; setting=ED|ward'
    """
    parts: dict[str, frozenset[str]] = {}
    for part in filter(None, (each.strip() for each in text.split(";"))):
        name, equals, said = (each.strip() for each in part.partition("="))
        values = frozenset(v.strip() for v in said.split("|") if v.strip())
        if not equals or not values:
            raise BadConfig(
                say("{part} names no lines", part=repr(part)), "Write it as programme=mental health"
            )
        if name not in ATTRIBUTES:
            raise BadConfig(say("lines have no {name}", name=repr(name)), nearest(name, ATTRIBUTES))
        if name in parts:
            raise BadConfig(
                say("{name} stands twice", name=repr(name)),
                say("Write {name}=one|other", name=name),
            )
        parts[name] = frozenset(map(programme_of, values)) if name == "programme" else values
    return Where(parts)


def total(lines: Iterable[Line], amounts: Mapping[str, int], at: Where) -> int:
    """What the lines meant hold together."""
    return sum(amounts.get(line.code, 0) for line in lines if at.covers(line))
