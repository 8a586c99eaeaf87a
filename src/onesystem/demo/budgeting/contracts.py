"""The demo's contracts: an alliance, aligned payment with a hospital, a prime contractor at home.

Their sums follow from what the same services cost in the year before, so that the settled year
gains or loses as its contacts do. Each is signed by its parties, live past its gate, and settled
for the last whole year; the alliance has a renewal with other shares beside it.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction

from onesystem.access import Actor
from onesystem.budget.contracts import actions, attributing, queries, settling
from onesystem.budget.contracts import agreement as of
from onesystem.budget.contracts.agreement import (
    Agreement,
    Gate,
    Party,
    Pass,
    Payment,
    Quality,
    Slice,
)
from onesystem.budget.contracts.agreement import Scope as Scoped
from onesystem.budget.costing import queries as costs
from onesystem.budget.funds import queries as funds
from onesystem.budget.months import Year
from onesystem.district import current
from onesystem.vocabulary import UserError

MANAGER = Actor(name="contracts", roles=frozenset({"contract-manager"}), organisation="icb")
_HOME = (
    "nnuh-older-1", "rehab-norwich-community", "nursing-norwich", "nursing-north", "nursing-south",
    "enablement-norwich", "enablement-north", "enablement-south",
)  # fmt: skip
_CLINICS = tuple(f"nnuh-op-{n}" for n in range(1, 9))
_EAST = ("nursing-east", "nursing-west")
_SIGNED = {
    "icb": "Ivy Illsley, chief executive", "nnuh": "Noor Nash, chief executive",
    "nchc": "Ned Neale, chief executive", "council": "Cleo Corr, director of adult social care",
    "ic24": "Ira Ives, managing director", "eeast": "Eve Eames, chief executive",
}  # fmt: skip


def fund(say: Callable[[str], None]) -> None:
    """Write, sign, publish and settle three contracts."""
    if queries.contracts() or not funds.lines():
        return
    year = funds.year_at().before
    base = Base(year)
    made = [each for each in (_alliance(base), _hospital(base), _at_home(base)) if each]
    slugs = [live(each) for each in made]
    done = sum(_settled(slug, year) for slug in slugs)
    if made and made[0].kind == of.ALLIANCE:
        _renewed(slugs[0], made[0])
    say(f"{len(slugs)} contracts signed, {done} of them settled for {year.name}")


class Base:
    """What services did and cost in the year before a contract's first, or in that year itself."""

    def __init__(self, year: Year) -> None:
        self.year = year
        before = self._of(year.before)
        now = self._of(year)
        whole = [sum(cost for _, cost in each.values()) for each in (before, now)]
        self.known = before if whole[0] * 2 > whole[1] else now
        self.of_year = year.before if self.known is before else year

    def _of(self, year: Year) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for cell in costs.cells(year.first, year.last):
            many, cost = found.get(cell.service, (0, 0))
            begun = cell.begun if cell.line == 0 else 0
            found[cell.service] = (many + begun, cost + cell.minor)
        return found

    def there(self, services: Iterable[str]) -> tuple[str, ...]:
        """Those of the services that the district has."""
        return tuple(code for code in services if code in current().services)

    def cost(self, services: Iterable[str], times: Fraction = Fraction(1)) -> int:
        """What services cost, times a factor, in whole thousands of pounds."""
        whole = sum(self.known.get(code, (0, 0))[1] for code in services) * times
        return max(100_000, round(whole / 100_000) * 100_000)

    def cost_of(self, scope: Scoped, times: Fraction) -> int:
        """What the services cost that people have for whom a contract is, times a factor."""
        told = attributing.of_people(scope, scope.services, self.of_year.first, self.of_year.last)
        return max(100_000, round(sum(c.minor for c in told) * times / 100_000) * 100_000)

    def contacts(self, services: Iterable[str]) -> int:
        """How many contacts services had."""
        return sum(self.known.get(code, (0, 0))[0] for code in services)

    def price(self, services: Iterable[str], times: Fraction = Fraction(1)) -> int:
        """What a contact with services cost on average, in pence."""
        some = tuple(services)
        whole = sum(self.known.get(code, (0, 0))[1] for code in some)
        return max(1, round(whole * times / max(1, self.contacts(some))))

    def gate(self, low: int, high: int, tax: str = "recovered") -> Gate:
        """What the parties had found out before it went live."""
        return Gate(
            cost_low=low, cost_high=high, tax=tax, exit_months=6,
            cost_words="Costs of the services' contacts in the year before, own and national.",
            price="Agreed by the directors of finance on 12 March, minute 7.",
            guarantees="None is needed: every party is a public body or insured as the law asks.",
            exit="The board takes the services on; staff go with them.",
        )  # fmt: skip


def _line(code: str) -> str:
    known = {line.code for line in funds.lines()}
    return code if code in known else ""


def _goals(*codes: str) -> tuple[str, ...]:
    known = funds.goals()
    return tuple(code for code in codes if code in known)


def _alliance(base: Base) -> Agreement | None:
    services = base.there(_HOME)
    if len(services) < 3:
        return None
    scope = Scoped(services=services, from_age=65,
                   whom="older people who live in Norwich and around")  # fmt: skip
    target = base.cost_of(scope, Fraction(102, 100))
    return Agreement(
        name="Well at home alliance", kind=of.ALLIANCE, since=base.year.first,
        until=_two_years(base.year),
        words="The hospital, community care and the council look after older people as one, and "
        "win or lose together.",
        parties=(
            Party(organisation="icb", role=of.FUNDER),
            Party(organisation="nnuh", role=of.MEMBER, share=Fraction(2, 5)),
            Party(organisation="nchc", role=of.MEMBER, share=Fraction(7, 20)),
            Party(organisation="council", role=of.MEMBER, share=Fraction(1, 4)),
        ),
        scope=scope,
        goals=_goals("home-first"), line=_line("nchc-community"), target=target,
        open_book="Minutes of staff, bed days and what contacts use, as the costs of contacts "
        "show them. Every member may look at every book.",
        slices=(
            Slice(side=of.UNDER, low=Fraction(0), high=Fraction(1, 20), share=Fraction(1, 2)),
            Slice(side=of.UNDER, low=Fraction(1, 20), share=Fraction(7, 10)),
            Slice(side=of.OVER, low=Fraction(0), high=Fraction(1, 20), share=Fraction(1, 2)),
            Slice(side=of.OVER, low=Fraction(1, 20), share=Fraction(3, 10)),
        ),
        cap=Fraction(1, 10), collar=Fraction(1, 20),
        quality=(
            Quality(measure="wait-community", most=True, bound=Fraction(2), weight=Fraction(1, 2)),
            Quality(measure="discharged-home", most=False, bound=Fraction(80),
                    weight=Fraction(1, 2)),
        ),
        full=Fraction(1), scaled=Fraction(1, 2),
        gate=base.gate(round(target * Fraction(95, 100)), round(target * Fraction(110, 100))),
    )  # fmt: skip


def _two_years(year: Year) -> date:
    return date(year.first.year + 2, year.first.month, 1)


def _hospital(base: Base) -> Agreement | None:
    clinics = base.there(_CLINICS)
    if not clinics:
        return None
    fixed, units, price = (
        base.cost(clinics), base.contacts(clinics), base.price(clinics),
    )  # fmt: skip
    urgent = base.cost(base.there(("nnuh-ed", "nnuh-amu", "nnuh-acute-1")))
    return Agreement(
        name="Norfolk and Norwich: aligned payment", kind=of.DIRECT, since=base.year.first,
        until=_two_years(base.year),
        words="A fixed sum for urgent care; for clinics a plan, with three quarters of the price "
        "for what lies above or below it.",
        parties=(Party(organisation="icb", role=of.FUNDER),
                 Party(organisation="nnuh", role=of.PROVIDER)),
        goals=_goals("short-waits", "calm-ed"), line=_line("nnuh-outpatient"),
        payments=(
            Payment(organisation="nnuh", way=of.BLOCK, amount=urgent, goal="calm-ed",
                    services=base.there(("nnuh-ed", "nnuh-amu", "nnuh-acute-1"))),
            Payment(organisation="nnuh", way=of.PLAN, services=clinics, amount=fixed, units=units,
                    price=price, above=Fraction(3, 4), below=Fraction(3, 4), goal="short-waits"),
        ),
        gate=base.gate(round((fixed + urgent) * Fraction(95, 100)),
                       round((fixed + urgent) * Fraction(110, 100)), tax="exempt"),
    )  # fmt: skip


def _at_home(base: Base) -> Agreement | None:
    nursing = base.there(_EAST)
    care = base.there(("enablement-east", "enablement-west"))
    if not nursing:
        return None
    whole = base.cost((*nursing, *care), Fraction(104, 100))
    share = Fraction(base.cost(care), whole)
    return Agreement(
        name="Care at home, east and west", kind=of.PRIME, since=base.year.first,
        until=_two_years(base.year),
        words="One prime contractor answers for all care at home, and subcontracts what others do "
        "better.",
        parties=(
            Party(organisation="icb", role=of.FUNDER),
            Party(organisation="nchc", role=of.PROVIDER),
            Party(organisation="council", role=of.SUBCONTRACTOR),
            Party(organisation="ic24", role=of.SUBCONTRACTOR),
        ),
        goals=_goals("home-first"), line=_line("nchc-community"),
        payments=(
            Payment(organisation="nchc", way=of.EACH, services=nursing, goal="home-first",
                    price=base.price(nursing, whole / Fraction(base.cost(nursing)))),
        ),
        passes=(
            Pass(organisation="council", under="nchc", services=care,
                 share=Fraction(round(share * 100) or 1, 100),
                 words="Care workers go in after the nurse"),
            Pass(organisation="ic24", under="nchc", share=Fraction(1, 50),
                 words="Somebody answers the telephone at night"),
        ),
        gate=base.gate(round(whole * Fraction(95, 100)), round(whole * Fraction(112, 100)),
                       tax="borne"),
    )  # fmt: skip


def live(made: Agreement) -> str:
    """Write a contract, let its parties sign it and put it in force; gives its slug."""
    slug = actions.begin(agreement=made, by=MANAGER, why="Agreed at the table of finance")
    for party in made.parties:
        actions.sign(slug=slug, party=party.organisation, by=MANAGER, seen=_seen(slug),
                     signatory=_SIGNED[party.organisation])  # fmt: skip
    actions.publish(slug=slug, seen=_seen(slug), by=MANAGER)
    return slug


def _seen(slug: str) -> int:
    return queries.contract(slug).steps


def _settled(slug: str, year: Year) -> bool:
    """Settle the year, sign and post it; whether its facts reach so far."""
    until = date(year.first.year + 1, year.first.month, 1)
    try:
        number = settling.settle(slug=slug, since=year.first, until=until, by=MANAGER)
    except UserError:
        return False
    for party in settling.unsigned(slug, queries.settled(slug, number)):
        settling.sign(slug=slug, settlement=number, party=party, signatory=_SIGNED[party],
                      by=MANAGER)  # fmt: skip
    settling.post(slug=slug, settlement=number, by=MANAGER)
    return True


def _renewed(slug: str, made: Agreement) -> None:
    """The next version, with more for community care: being signed, so that it can be stressed."""
    shares = {"nnuh": Fraction(3, 10), "nchc": Fraction(9, 20), "council": Fraction(1, 4)}
    since = date(made.since.year + 2, made.since.month, 1)
    renewal = replace(
        made, since=since, until=date(since.year + 2, since.month, 1),
        target=round(made.target * Fraction(103, 100) / 100_000) * 100_000,
        parties=tuple(replace(p, share=shares.get(p.organisation, p.share)) for p in made.parties),
    )  # fmt: skip
    actions.keep(slug=slug, agreement=renewal, seen=_seen(slug), by=MANAGER,
                 why="Renewal: more of the work is done at home by now")  # fmt: skip
    actions.sign(slug=slug, party="nchc", signatory=_SIGNED["nchc"], seen=_seen(slug), by=MANAGER)
