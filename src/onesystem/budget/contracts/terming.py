"""The terms that an agreement comes to, in the words of the engine that settles them. Pure.

The facts that they ask for have plain names, so that a settlement can be read without us:

    cost, cost.ORGANISATION      what the services in scope cost, of all or one member, by month
    contacts.N                   how many contacts the services of payment N had, by month
    passed.N                     the same for what is passed on
    quality                      the part of the quality that was reached, between 0 and 1
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from onesystem.budget.contracts import agreement as of
from onesystem.budget.contracts.agreement import Agreement, Payment
from onesystem.budget.terms import schedule
from onesystem.budget.terms import terms as to
from onesystem.budget.terms.rates import Rate, Table
from onesystem.vocabulary.said import say, say_date

POT = "alliance"
COST, QUALITY = "cost", "quality"
OPEN_BOOK, SHARED, VARIATION = (
    say("open-book cost"),
    say("gain and loss share"),
    say("variation from plan"),
)


def cost_of(organisation: str) -> str:
    """The fact that says what a member's services in scope cost."""
    return f"{COST}.{organisation}"


def contacts_of(nth: int) -> str:
    """The fact that counts the contacts of a payment."""
    return say("contacts.{nth}", nth=nth + 1)


def passed_of(nth: int) -> str:
    """The fact that counts the contacts for which something is passed on."""
    return f"passed.{nth + 1}"


def terms_of(made: Agreement, *, code: str, version: int, currency: str) -> to.Terms:
    """The terms of an agreement."""
    rates: list[Table] = []
    work = _Work(made, currency, rates)
    return to.Terms(
        code=code, name=made.name, currency=currency, version=version, payer=made.funder,
        parties=tuple(to.Party(code=p.organisation, role=_role(made, p)) for p in made.parties),
        since=made.since, until=made.until, form=made.kind, source=work.source,
        elements=tuple(work.elements()), pots=tuple(work.pots()),
        subcontracts=tuple(work.subcontracts()), rates=tuple(rates),
        funders=tuple(to.Weight(party=p.organisation, share=p.share) for p in made.contributions),
        year_starts=made.since.month,
    )  # fmt: skip


def _role(made: Agreement, party: of.Party) -> str:
    prime = {each.under for each in made.passes}
    if party.role == of.PROVIDER and party.organisation in prime:
        return to.PRIME
    return party.role


class _Work:
    """The parts of the terms; what they cost is put among the rates as they are made."""

    def __init__(self, made: Agreement, currency: str, rates: list[Table]) -> None:
        self.made, self.currency, self.rates = made, currency, rates
        self.source = say(
            "{name}, in force from {since}", name=made.name, since=say_date(made.since, "%-d %B %Y")
        )

    def rate(self, name: str, value: int, words: str, unit: str) -> str:
        """A figure of the contract, put among its rates; gives its name."""
        dated = Rate(value=Fraction(value), since=self.made.since, until=self.made.until,
                     source=self.source)  # fmt: skip
        self.rates.append(
            Table(name=name, rates=(dated,), words=words, unit=unit, currency=self.currency)
        )
        return name

    def elements(self) -> Iterator[to.Element]:
        """What is paid, line by line."""
        if self.made.kind == of.ALLIANCE and self.made.reimbursed:
            yield from self._open_book()
        for nth, payment in enumerate(self.made.payments):
            yield from self._payment(nth, payment)
        if self.made.kind == of.ALLIANCE and self.made.target:
            yield self._shared()

    def _open_book(self) -> Iterator[to.Element]:
        for member in self.made.members:
            yield to.Element(
                rule=f"{OPEN_BOOK}: {member}", pays=member, source=self.source,
                words=say("The member is paid what its services in scope cost, by its open books"),
                outturn=to.Measured(fact=cost_of(member), words=say("What its services cost")),
                schedule=schedule.flat(of.ONE), goal=_goal(self.made),
            )  # fmt: skip

    def _shared(self) -> to.Element:
        made = self.made
        target = self.rate("target", made.target, say("The target cost"), say("a year"))
        return to.Element(
            rule=SHARED,
            pays=POT,
            scope=POT,
            source=self.source,
            goal=_goal(made),
            words=say(
                "The members share what they cost under the target, and bear what they cost "
                "over it, together"
            ),
            baseline=to.Measured(rate=target, per="year", words=say("The target cost")),
            outturn=to.Measured(fact=COST, words=say("What the services in scope cost")),
            schedule=shared(made),
        )

    def _payment(self, nth: int, payment: Payment) -> Iterator[to.Element]:
        scope = POT if payment.organisation in self.made.members else ""
        usual: dict[str, Any] = {
            "pays": payment.organisation, "payer": payment.payer, "source": self.source,
            "goal": payment.goal, "scope": scope,
        }  # fmt: skip
        if payment.way == of.EACH:
            yield to.Element(
                rule=f"price for each, line {nth + 1}",
                words=say("Each contact is paid at its price"),
                outturn=self._units(nth, payment),
                schedule=schedule.flat(of.ONE),
                **usual,
            )
            return
        fixed = self.rate(
            say("fixed sum {nth}", nth=nth + 1), payment.amount, say("The fixed sum"), say("a year")
        )
        yield to.Element(
            rule=f"fixed sum, line {nth + 1}", base=of.ONE,
            words=say("The fixed sum is paid, whatever is done"),
            baseline=to.Measured(rate=fixed, per="year", words=say("The fixed sum")), **usual,
        )  # fmt: skip
        if payment.way == of.PLAN:
            plan = self.rate(
                say("plan {nth}", nth=nth + 1),
                payment.units * payment.price,
                say("The contacts of the plan at their price"),
                say("a year"),
            )
            yield to.Element(
                rule=f"{VARIATION}, line {nth + 1}",
                words=say(
                    "A share of the price is paid for contacts above the plan, and given back for "
                    "those below it"
                ),
                baseline=to.Measured(rate=plan, per="year", words=say("The plan at its price")),
                outturn=self._units(nth, payment),
                schedule=schedule.two_way(up=payment.above, down=payment.below),
                **usual,
            )

    def _units(self, nth: int, payment: Payment) -> to.Measured:
        price = self.rate(
            say("price {nth}", nth=nth + 1), payment.price, say("The price"), say("a contact")
        )
        return to.Measured(fact=contacts_of(nth), rate=price, whose=payment.organisation,
                           words=say("Contacts at their price"))  # fmt: skip

    def pots(self) -> Iterator[to.Pot]:
        """What is worked out once for all members, and divided."""
        if self.made.kind == of.ALLIANCE:
            weights = tuple(
                to.Weight(party=p.organisation, share=p.share) for p in self.made.of(of.MEMBER)
            )
            words = say("What the members gain or lose together")
            yield to.Pot(code=POT, weights=weights, words=words, source=self.source)

    def subcontracts(self) -> Iterator[to.Subcontract]:
        """What is passed on."""
        for nth, each in enumerate(self.made.passes):
            amount = None
            if each.share is None:
                name = self.rate(
                    say("passed price {nth}", nth=nth + 1),
                    each.price,
                    say("The price"),
                    say("a contact"),
                )
                amount = to.Measured(fact=passed_of(nth), rate=name, whose=each.organisation,
                                     words=say("Contacts at their price"))  # fmt: skip
            yield to.Subcontract(
                rule=f"passed on, line {nth + 1}",
                words=each.words or say("What the prime contractor passes on"),
                prime=each.under, party=each.organisation, source=self.source,
                share=each.share, amount=amount,
            )  # fmt: skip


def _goal(made: Agreement) -> str:
    return made.goals[0] if made.goals else ""


def shared(made: Agreement) -> schedule.Schedule:
    """The schedule by which the members share: what is saved is above zero, what is over below."""
    return schedule.Schedule(
        of=schedule.SAVING,
        slices=tuple(sorted((_slice(each) for each in made.slices), key=_begins)),
        threshold=(
            schedule.Threshold(share=made.threshold, first_dollar=made.first)
            if made.threshold
            else None
        ),
        gate=(
            schedule.Gate(score=QUALITY, full=made.full, scaled=made.scaled)
            if made.quality
            else None
        ),
        cap=_limit(made.cap), collar=_limit(made.collar),
    )  # fmt: skip


def _slice(each: of.Slice) -> schedule.Slice:
    if each.side == of.UNDER:
        return schedule.Slice(start=each.low, end=each.high, share=each.share)
    start = None if each.high is None else -each.high
    return schedule.Slice(start=start, end=-each.low, share=each.share)


def _begins(each: schedule.Slice) -> Fraction:
    return Fraction(-(10**9)) if each.start is None else each.start


def _limit(share: Fraction | None) -> tuple[schedule.Limit, ...]:
    return () if share is None else (schedule.Limit(share=share),)
