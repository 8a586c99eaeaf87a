"""An entry and what a file says of it: who wins, and what is kept of what we have no place for.

A file of ours carries the whole entry beside the parts that the standard knows. Whatever a
standard part says otherwise than we would, somebody changed on the way, and it wins; everything
else stands as we wrote it. So nothing of ours is lost, and nobody's change is overlooked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from onesystem.care.services.entry import Entry

Json = dict[str, Any]
Take = Callable[[Entry, Any], Entry]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a report names: where in the file, what, and what to do about it."""

    where: str
    what: str
    cure: str = ""
    line: int = 0

    def __str__(self) -> str:
        at = f"line {self.line}, " if self.line else ""
        return f"{at}{self.where}: {self.what}" + (f". {self.cure}" if self.cure else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Come:
    """One service as a file tells of it, laid over what the directory has."""

    entry: Entry
    where: str
    line: Callable[[], int] = int
    kept: tuple[str, ...] = ()  # the names of foreign parts that are kept with it
    confirmed_at: datetime | None = None
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """A schedule as a file tells of it."""

    service: str
    key: str
    words: str = ""
    place: str = ""
    pattern: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotTold:
    """A slot as a file tells of it."""

    schedule: str
    key: str
    starts: datetime
    ends: datetime
    state: str
    words: str = ""


@dataclass(slots=True)
class Read:
    """What a file came to."""

    services: list[Come] = field(default_factory=list)
    schedules: list[Sessions] = field(default_factory=list)
    slots: list[SlotTold] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    errors: list[Remark] = field(default_factory=list)


def laid_over(
    base: Entry, said: Mapping[str, Any], ours: Mapping[str, Any], parts: Mapping[str, Take],
    *, whole: bool,
) -> Entry:  # fmt: skip
    """The entry with those parts taken over that a file says otherwise than we would.

    `whole` is for a file of ours: what it does not say was taken out of it.
    """
    for name, take in parts.items():
        if name in said or (whole and name in ours):
            value = said.get(name)
            if value != ours.get(name):
                base = take(base, value)
    return base


def as_told(entry: Entry, made: Json, told: Mapping[str, Any], parts: Mapping[str, Take]) -> Json:
    """The same with those parts in the words of the file they came in, where they still say what
    stands: their details are not ours to lose.
    """
    for name, value in told.items():
        if name in parts and parts[name](entry, value) == entry:
            made[name] = value
    return made


def differing(
    entry: Entry, said: Mapping[str, Any], ours: Mapping[str, Any], parts: Mapping[str, Take]
) -> Json:
    """The parts of a file that we would word otherwise, though they say what stands."""
    return {
        name: said[name] for name, take in parts.items()
        if name in said and said[name] != ours.get(name) and take(entry, said[name]) == entry
    }  # fmt: skip


def texts(values: Sequence[Any]) -> list[str]:
    """Those that are texts with something in them."""
    return [value.strip() for value in values if isinstance(value, str) and value.strip()]
