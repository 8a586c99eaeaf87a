"""A plan that nobody is there to do is no plan: shortages limit activity. Pure.

What must be done first takes the hours that it needs; what is left is for the next tier. In a tier
each service gets as much of its work as the scarcest of its roles allows, every service the same
part of that role. The role that binds is named, and what is not done is told. Staff of options that
were laid in are not there for other work.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onesystem.plan.workforce.projecting import Projection
from onesystem.plan.workforce.shape import TIERS, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """A service in a year: how much is wanted, how much is done, and whose hours bind."""

    code: str
    name: str
    tier: int
    wanted: float
    done: float
    binds: str

    @property
    def undone(self) -> float:
        """What is not done."""
        return self.wanted - self.done


def limit(
    services: Sequence[Service], wanted: Mapping[str, float], minutes: Mapping[str, float]
) -> list[Limited]:
    """What of the wanted work the minutes of each role allow. A role nobody counts is no limit."""
    left = dict(minutes)
    made = []
    for tier in TIERS:
        some = [service for service in services if service.tier == tier]
        needs = _needs(some, wanted)
        parts = {
            role: min(1.0, max(0.0, left[role]) / need)
            for role, need in needs.items()
            if role in left and need > 0
        }
        for service in some:
            binds = min(
                (role for role in service.minutes if role in parts),
                key=lambda role: parts[role], default="",
            )  # fmt: skip
            part = parts.get(binds, 1.0)
            done = wanted[service.code] * part
            made.append(Limited(code=service.code, name=service.name, tier=tier,
                                wanted=wanted[service.code], done=done,
                                binds=binds if part < 1 else ""))  # fmt: skip
            for role in set(service.minutes) & set(left):
                left[role] -= done * service.minutes[role]
    return made


def _needs(services: Sequence[Service], wanted: Mapping[str, float]) -> dict[str, float]:
    made: dict[str, float] = {}
    for service in services:
        for role, minutes in service.minutes.items():
            made[role] = made.get(role, 0.0) + wanted[service.code] * minutes
    return made


def limited(found: Projection, year: int) -> list[Limited]:
    """The plan's services in one of its years, the first being 1."""
    plan = found.plan
    wanted = {s.code: s.volume * (1 + s.growth / 10_000) ** year for s in plan.services}
    minutes = {
        role: (years[year - 1].works + years[year - 1].eased - years[year - 1].lent)
        * plan.hours
        * 60
        for role, years in found.years.items()
    }
    return limit(plan.services, wanted, minutes)
