"""The facts of a period: what the log, the measures and the ledger say, and where each is from.

What was found is kept with the settlement. So its figures stay as they were known, each with the
months, services, measures and ledger entries that it is the sum of.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from onesystem.budget.contracts import attributing, costs, measuring, terming
from onesystem.budget.contracts.agreement import ALLIANCE, Agreement
from onesystem.budget.contracts.costs import Cost
from onesystem.budget.contracts.owing import Part, owed
from onesystem.budget.contracts.scoping import Around, services_in, services_of
from onesystem.budget.contracts.wording import population
from onesystem.budget.contracts.working import Already, source_of
from onesystem.budget.months import months_from
from onesystem.budget.terms.terms import Facts
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say, say_date

MONEY, CONTACTS, SHARE = "money", "contacts", "share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a fact comes from: in words, and as the parts that it is the sum of."""

    fact: str
    words: str
    unit: str
    total: str
    kind: str  # costs, measures or ledger: where the parts lead to
    parts: tuple[dict[str, Any], ...] = ()

    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "fact": self.fact, "words": self.words, "unit": self.unit, "total": self.total,
            "kind": self.kind, "parts": list(self.parts),
        }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The facts of a period, with where they come from."""

    facts: Facts
    already: tuple[Already, ...] = ()
    origins: tuple[Origin, ...] = field(default=())


def months_of(since: date, until: date) -> tuple[date, ...]:
    """The months from one first to another (which is not among them). Raises UserError."""
    if since.day != 1 or until.day != 1 or until <= since:
        raise UserError(
            say(
                "from {since} to {until} is no span of whole months",
                since=say_date(since, "%-d %B %Y"),
                until=say_date(until, "%-d %B %Y"),
            ),
            "Give the first of a month, and the first of a later one.",
        )
    count = (until.year - since.year) * 12 + until.month - since.month
    return months_from(since, count)


def gathered(
    made: Agreement,
    slug: str,
    since: date,
    until: date,
    around: Around,
    *,
    currency: str,
) -> Found:
    """Everything that the agreement asks of a period."""
    months = months_of(since, until)
    every = services_of(made, around.services)
    told = costs.of_services(every, months[0], months[-1])
    part: Part = {}
    if made.scope.limited:
        whole, told = told, attributing.of_people(made.scope, every, months[0], months[-1])
        part = parts_of(told, whole)
    work = _Work(made, around, months, told)
    work.all_costs()
    work.all_contacts()
    if made.quality:
        work.quality()
    already = owed(slug, made, months, every, part if made.scope.limited else None)
    work.origins += [_ledger(each) for each in already]
    facts = Facts(
        months=months, currency=currency, monthly=work.monthly, whole=work.whole,
        sources={each.fact: source_of(each.fact, each.words) for each in work.origins},
        contract=slug,
    )  # fmt: skip
    kept = tuple(
        Already(party=each.party, amount=each.amount, source=source_of(each.fact, each.words))
        for each in already
    )
    return Found(facts=facts, already=kept, origins=tuple(work.origins))


def parts_of(told: Iterable[Cost], whole: Iterable[Cost]) -> Part:
    """Of what each service's contacts cost in a month, the part that people meant cost."""
    sums: dict[tuple[str, date], list[int]] = {}
    for at, some in enumerate((told, whole)):
        for each in some:
            sums.setdefault((each.service, each.month), [0, 0])[at] += each.minor
    return {key: Fraction(mine, all_) for key, (mine, all_) in sums.items() if all_}


def _ledger(each: Any) -> Origin:
    return Origin(
        fact=each.fact, words=each.words, unit=MONEY, total=str(each.amount), kind="ledger",
        parts=each.parts,
    )  # fmt: skip


class _Work:
    """The facts as they are found, with their origins."""

    def __init__(
        self, made: Agreement, around: Around, months: Sequence[date], told: Iterable[Cost]
    ) -> None:
        self.made, self.around, self.months = made, around, tuple(months)
        self.told = sorted(told, key=lambda c: (c.month, c.service, c.basis))
        self.monthly: dict[str, tuple[int | Fraction, ...]] = {}
        self.whole: dict[str, int | Fraction] = {}
        self.origins: list[Origin] = []

    def all_costs(self) -> None:
        """What the services in scope cost, of all and of each member."""
        if self.made.kind != ALLIANCE:
            return
        inside = services_in(self.made.scope, self.around.services)
        self._sum(terming.COST, say("What the services in scope cost"), MONEY, inside)
        for member in self.made.members:
            mine = [s for s in inside if self.around.services[s].organisation == member]
            name = self.around.organisations.get(member, member)
            self._sum(
                terming.cost_of(member),
                say("What {name}'s services in scope cost", name=name),
                MONEY,
                mine,
            )

    def all_contacts(self) -> None:
        """How many contacts are paid for."""
        for nth, payment in enumerate(self.made.payments):
            if payment.way != "block":
                words = say("Contacts of the services of line {nth}", nth=nth + 1)
                self._sum(terming.contacts_of(nth), words, CONTACTS, payment.services)
        for nth, each in enumerate(self.made.passes):
            if each.share is None:
                words = say("Contacts of the services of subcontract {nth}", nth=nth + 1)
                self._sum(terming.passed_of(nth), words, CONTACTS, each.services)

    def _sum(self, fact: str, words: str, unit: str, services: Collection[str]) -> None:
        value: Callable[[Cost], int] = _minor if unit == MONEY else _contacts
        wanted = [each for each in self.told if each.service in set(services)]
        by_month: Mapping[date, int] = {
            month: sum(value(each) for each in wanted if each.month == month)
            for month in self.months
        }
        self.monthly[fact] = tuple(by_month.values())
        if self.made.scope.limited:
            words += say(", of {population}", population=population(self.made.scope, self.around))
        parts = tuple(
            {"service": each.service, "month": str(each.month), "contacts": each.contacts,
             "minor": each.minor, "basis": each.basis}
            for each in wanted
        )  # fmt: skip
        self.origins.append(
            Origin(fact=fact, words=words, unit=unit, total=str(sum(by_month.values())),
                   kind="costs", parts=parts)
        )  # fmt: skip

    def quality(self) -> None:
        """Which measures were reached, and so which part of the quality."""
        inside = services_in(self.made.scope, self.around.services)
        found = measuring.measured(self.made, inside, self.months, self.around)
        score = sum((each.weight for each in found if each.met), Fraction(0))
        self.whole[terming.QUALITY] = score
        self.origins.append(
            Origin(
                fact=terming.QUALITY,
                words=say("The part of the quality that was reached"),
                unit=SHARE,
                total=str(score),
                kind="measures",
                parts=tuple(each.plain() for each in found),
            )
        )


def _minor(each: Cost) -> int:
    return each.minor


def _contacts(each: Cost) -> int:
    return each.contacts
