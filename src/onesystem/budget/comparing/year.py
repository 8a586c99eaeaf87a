"""What a provider, or one of its services, did in twelve months. Pure words."""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """Twelve months: contacts by month, of them the elective ones, and what they cost."""

    months: tuple[date, ...]
    contacts: tuple[Fraction, ...]
    elective: tuple[Fraction, ...]
    cost: tuple[int, ...]
    people: int = 0  # who are looked after: the population, for capitation
    before: int = 0  # contacts of the twelve months before, where the log has them
    source: str = ""
    unit: str = "contacts"

    @property
    def done(self) -> Fraction:
        """Contacts of the year."""
        return sum(self.contacts, start=Fraction(0))

    @property
    def spent(self) -> int:
        """What they cost."""
        return sum(self.cost)

    @property
    def mean(self) -> int:
        """What a contact cost, in whole minor units."""
        return round(Fraction(self.spent) / self.done) if self.done else 0

    @property
    def part(self) -> Fraction:
        """The elective part of the contacts."""
        return sum(self.elective, start=Fraction(0)) / self.done if self.done else Fraction(0)

    def changed(self, by: Fraction, each: Fraction) -> "Year":
        """With so many times the contacts more (or fewer), each of which costs so much."""
        return replace(
            self,
            contacts=tuple(n * (1 + by) for n in self.contacts),
            elective=tuple(n * (1 + by) for n in self.elective),
            cost=tuple(
                max(0, cost + round(n * by * each))
                for cost, n in zip(self.cost, self.contacts, strict=True)
            ),
        )

    def with_more(self, contacts: int, each: Fraction) -> "Year":
        """With a contact more or fewer in the last month, of the usual mix."""
        return replace(
            self,
            contacts=(*self.contacts[:-1], self.contacts[-1] + contacts),
            elective=(*self.elective[:-1], self.elective[-1] + contacts * self.part),
            cost=(*self.cost[:-1], self.cost[-1] + round(contacts * each)),
        )
