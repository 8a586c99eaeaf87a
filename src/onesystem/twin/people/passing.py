"""What the rates of a year do to people of each class, whose name says its ages. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from onesystem.twin.people.ageing import MOVING, OLDEST, Rates, Sexes, Year
from onesystem.twin.people.growing import ages_of


@dataclass(frozen=True)
class Passing:
    """What a year does to people of a class, for each of them."""

    dies: float = 0.0
    moves: float = 0.0  # in less out
    grows: float = 0.0  # into the next class


def passing(classes: Iterable[str], people: Sexes, rates: Rates) -> dict[str, Passing]:
    """What a year does to each class; not told where a name says no ages, or nobody has them."""
    here, found = Year(0, people), {}
    everybody = here.between(0)
    for name in classes:
        if (ages := ages_of(name)) is None:
            continue
        first, last = ages
        if not (many := here.between(first, last)):
            continue
        died = sum(
            n * rates.deaths[sex][first + k]
            for sex, each in people.items() for k, n in enumerate(each[first : last + 1])
        )  # fmt: skip
        moving = len(set(range(first, last + 1)) & set(MOVING)) / len(MOVING)
        eldest = here.between(last, last) if last < OLDEST else 0.0
        found[name] = Passing(died / many, rates.moves * everybody * moving / many, eldest / many)
    return found
