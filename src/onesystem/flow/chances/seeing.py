"""Kept sums as somebody may see them: exact, or with small numbers hidden. Pure.

Days and money of those who may not see people are a rounded mean times the moved count: money that
is a whole number of prices would otherwise give the count away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onesystem.flow.measures.suppression import digits, shown

DAY = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Contacts, people, days and money (minor units) of a group; None of what is hidden."""

    contacts: int | None
    people: int | None
    days: float | None
    money: int | None

    @property
    def hidden(self) -> bool:
        """Whether so few people are in it that nothing is said."""
        return self.contacts is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """How somebody sees: `below` is the district's threshold, 0 for those who may see people.

    `chance` fixes how counts are moved: the district's secret with the period.
    """

    below: int
    chance: str = ""

    def sums(self, cell: Sequence[int] | None, *, key: str) -> Sums:
        """A kept cell: contacts, people, ms, minor units. `key` names it."""
        contacts, people, lost, money = cell or (0, 0, 0, 0)
        if not self.below:
            return Sums(contacts=contacts, people=people, days=lost / DAY, money=money)
        time = self._shown(lost, contacts, people, key)
        if time.hidden:
            return Sums(contacts=None, people=None, days=None, money=None)
        paid = self._shown(money, contacts, people, key)
        return Sums(
            contacts=int(time.denominator or 0),
            people=time.people,
            days=(time.numerator or 0) / DAY,
            money=paid.numerator,
        )

    def count(self, number: int, *, key: str) -> int | None:
        """A count that is no cell; None where it is hidden."""
        if not self.below:
            return number
        seen = self._shown(0, number, number, key)
        return None if seen.hidden else int(seen.denominator or 0)

    def figure(self, number: float) -> float:
        """An estimate: to two digits for those who may not see people."""
        return digits(number, 2) if self.below else number

    def _shown(self, what: int, contacts: int, people: int, key: str) -> Any:
        return shown(
            what, contacts, people, key=self.chance, label=f"{self.chance}\x1e{key}",
            below=self.below, counts=False, over=True,
        )  # fmt: skip


def cell_of(kind: Mapping[str, Any], split: str, value: str, service: str) -> list[int] | None:
    """A kept cell of a kind: of a split's value ("" and "" for the whole), within a service."""
    cells = kind["cells"]
    if not service:
        found = cells[split].get(value)
    elif not split:
        found = cells["service"].get(service)
    else:
        found = cells.get(f"service+{split}", {}).get(f"{service}\t{value}")
    return found  # type: ignore[no-any-return]


def values_of(kind: Mapping[str, Any], split: str, service: str) -> list[str]:
    """The values of a split, the busiest first; within a service where one is named."""
    cells = kind["cells"]
    if not service:
        return list(cells[split])
    found = cells.get(f"service+{split}", {})
    return [key.split("\t", 1)[1] for key in found if key.split("\t", 1)[0] == service]


def key_of(found: Mapping[str, Any], kind: str, split: str, value: str, service: str) -> str:
    """What a cell is called: the same whenever and by whomever it is asked for."""
    return "\x1f".join((kind, found["start"], found["end"], service, split, value, ""))
