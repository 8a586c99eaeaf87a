"""What a portfolio is chosen from, and what it must keep to, as frozen data. Pure.

A problem has periods of equal length (months, quarters), years of periods, and moments at which
options may start. Work is done by groups of staff; what nobody does is unmet. An option, once on,
stays on: it costs, it needs staff, and after its lag it takes work away, or adds places.

Money is whole minor units. Unmet work counts as money too, so that it can be weighed: what one
unit left undone counts as is an assumption of the plan, said on the service.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

NEVER = -1


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group of staff. `minutes` are those that one whole post works in a period.

    `coming` are those already in training, by the period in which they arrive; who is hired now
    arrives `training` periods later. `pay` and `agency` are for a post and a period; an agency
    costs more, and gives at most `most_agency` posts at a time.
    """

    name: str
    minutes: float
    there: float
    leaving: float = 0.0
    training: int = 0
    most_hired: float = float("inf")
    hiring: int = 0
    pay: int = 0
    agency: int = 0
    most_agency: float = 0.0
    coming: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Service:
    """What people come for: units wanted in each period, and what one left undone counts as.

    `minutes` says which groups can do a unit (any one of them), and in how many minutes, `also` who
    is needed besides, whoever does it; `cost` is what else a unit costs. At least the share
    `floor` of what is wanted has to be done. `place` names what a unit
    takes up (`beds`), and `takes` how much of it.
    """

    name: str
    wanted: tuple[float, ...]
    undone: int
    minutes: Mapping[str, float] = field(default_factory=dict)
    also: Mapping[str, float] = field(default_factory=dict)
    cost: int = 0
    floor: float = 0.0
    place: str = ""
    takes: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An option as the optimiser knows it.

    `less` is how many units of a service it takes away in a period (below 0: adds), `places` what
    it adds to a place, both in full from `lag` periods after its start. `effort` is what its start
    takes of the capacity for change. It may start from moment `earliest`; with `by` it must have
    started by that moment; `banned` keeps it out. `needs` are options that must be on with it,
    `apart` those that may not.
    """

    name: str
    setup: int = 0
    running: int = 0
    lag: int = 0
    staff: Mapping[str, float] = field(default_factory=dict)
    less: Mapping[str, float] = field(default_factory=dict)
    places: Mapping[str, float] = field(default_factory=dict)
    effort: float = 1.0
    earliest: int = 0
    by: int | None = None
    banned: bool = False
    needs: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Services, staff, options and limits over so many periods.

    `every` is how many periods lie between two moments at which options may start, `moments` how
    many such moments there are. `money` is the envelope of each year, `change` the effort of
    starts that each moment can bear, `places` what there is of each place in each period,
    `training` what may be spent on hiring in each year (empty: as much as `money` allows).
    """

    periods: int
    a_year: int
    services: tuple[Service, ...]
    groups: tuple[Group, ...] = ()
    choices: tuple[Choice, ...] = ()
    money: tuple[int, ...] = ()
    change: tuple[float, ...] = ()
    places: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    training: tuple[int, ...] = ()
    every: int = 1
    moments: int = 0

    @property
    def years(self) -> int:
        """How many years the periods make, the last one perhaps begun."""
        return -(-self.periods // self.a_year)

    def running_from(self, moment: int) -> int:
        """The period in which an option of that moment begins."""
        return moment * self.every


Starts = Mapping[str, int]
"""The moment at which each option starts; NEVER where it does not."""
