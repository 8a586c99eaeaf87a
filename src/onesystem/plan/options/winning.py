"""Who pays and who gains or loses by a set of options: by funder, and by organisation. Pure.

What an organisation does less of is told at the average cost of it: money that it loses only where
it is paid by what it does. What options pay goes to whoever delivers them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from onesystem.plan.options import wording
from onesystem.plan.options.pricing import Priced
from onesystem.plan.options.weighing import FUNDER, ORGANISATION, Row, SetResult
from onesystem.vocabulary.said import say

_LEAST = 100_00  # minor units a year under which somebody neither gains nor loses


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What a funder pays once and a year for options, and what its services cost more or less."""

    funder: str
    set_up: int
    running: int
    services: int
    sure: bool

    @property
    def net(self) -> int:
        """A year, once everything works: options less what services cost less."""
        return self.running + self.services


def paid(found: SetResult, priced: Sequence[Priced], funders: Mapping[str, str]) -> list[Paid]:
    """By funder: the options' own money, and the cost of services that there are today."""
    made = []
    for kind, words in funders.items():
        row = found.row("cost", kind=FUNDER, label=kind)
        once = sum(each.by_funder("set-up").get(kind, 0) for each in priced)
        yearly = sum(each.by_funder().get(kind, 0) for each in priced)
        services = _minor(row)
        if once or yearly or services:
            made.append(Paid(funder=words, set_up=once, running=yearly, services=services,
                             sure=bool(row and row.sure)))  # fmt: skip
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """How an organisation stands: what its work comes to, and what options pay it to do."""

    name: str
    work: int
    delivers: int
    sure: bool
    contacts: str
    days: str

    @property
    def verdict(self) -> tuple[str, str]:
        """In a word: by its work where that is more than chance, and by what it is paid to do."""
        net = (self.work if self.sure else 0) + self.delivers
        if abs(net) < _LEAST:
            return say("neither"), "quiet"
        return (say("gain"), "good") if net > 0 else (say("lose"), "warn")


def standing(
    found: SetResult, delivered: Sequence[tuple[str, Priced]], deliverers: Mapping[str, str],
    currency: str,
) -> list[Stands]:  # fmt: skip
    """By organisation, the largest loss first. `delivered` says what kind delivers each option."""
    told = list(dict.fromkeys(row.label for row in found.of(ORGANISATION)))
    pays: dict[str, int] = {}
    for kind, priced in delivered:
        name = deliverers.get(kind, kind)
        pays[name] = pays.get(name, 0) + priced.running
    made = []
    for name in dict.fromkeys((*told, *pays)):
        cost = found.row("cost", kind=ORGANISATION, label=name)
        contacts, days = (found.row(each, kind=ORGANISATION, label=name)
                          for each in ("contacts", "bed-days"))  # fmt: skip
        each = Stands(
            name=name, work=_minor(cost), delivers=pays.get(name, 0), sure=bool(cost and cost.sure),
            contacts=_of(contacts, currency), days=_of(days, currency),
        )  # fmt: skip
        if each.work or each.delivers:
            made.append(each)
    return sorted(made, key=lambda each: (each.work + each.delivers, each.name))


def _minor(row: Row | None) -> int:
    return round((row.difference.mean or 0.0) * 100) if row else 0


def _of(row: Row | None, currency: str) -> str:
    if row is None:
        return ""
    before = wording.number(row.figure, row.nothing.mean, currency)
    return say(
        "{difference} of {before}", difference=wording.difference(row, currency), before=before
    )
