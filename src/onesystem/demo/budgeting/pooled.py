"""The demo's pooled fund: the board and the council, a settled last year and a running one.

The schemes are the district's own services. What they cost is what costing posted of their
contacts, of which the pool pays its part; what has no contacts is paid by the month.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from onesystem.access import Actor
from onesystem.budget.ledger import queries as ledger
from onesystem.budget.months import Year
from onesystem.budget.pooled import actions, books, reading
from onesystem.budget.pooled.agreement import Agreement, Contribution, Partner, Scheme, Test
from onesystem.budget.pooled.phasing import phased
from onesystem.budget.pooled.queries import quarter_now, today
from onesystem.district import District, current
from onesystem.vocabulary import UserError

FUND = "better-care"
_COUNCIL = "council"
_TARGETS = {"discharge-delay": 2.5, "discharged-home": 92.0, "reablement-91-days": 82.0,
            "emergency-admissions-65": 21000.0, "care-home-admissions-65": 560.0,
            "falls-65": 2000.0}  # fmt: skip
# Pounds a year for 1,000 people of the district.
_HOMES = 10_000


def fund(say: Callable[[str], None]) -> None:
    """Agree two years, let money move, settle the first, make and sign returns."""
    here = current()
    board = next((c for c, o in here.organisations.items() if o.kind.startswith("integrated")), "")
    if not board or _COUNCIL not in here.organisations or reading.funds():
        return
    people = _people() / 1000
    bea = _as("better.care", "better-care-lead", _COUNCIL)
    other = _as("commissioner", "commissioner", board)
    running = Year.on(today())
    for year in (running.before, running):
        a = _agreement(here, board, year, people, before=year != running)
        actions.keep(agreement=a, seen=0, by=bea, why="Agreed by the health and wellbeing board")
        _move(a, year, bea)
    _end(running.before, bea, other)
    _returns(running, bea, other)
    say("A pooled fund of board and council: last year settled, this one running")


def _people() -> int:
    from onesystem import people

    return people.people_count()


def _as(name: str, role: str, organisation: str) -> Actor:
    """The sign-in of the demo, acting for a partner from now on."""
    from onesystem.access.models import User

    User.objects.filter(username=name, organisation="").update(organisation=organisation)
    return Actor(name=name, roles=frozenset({role}), organisation=organisation)


def _agreement(
    here: District, board: str, year: Year, people: float, *, before: bool
) -> Agreement:  # fmt: skip
    grown = 1.0 if before else 1.039

    def money(a_thousand: float) -> int:
        return round(a_thousand * people * grown) * 100

    names = {c: here.organisations[c].name for c in (board, _COUNCIL)}
    schemes = tuple(_fitted(each, grown) for each in _schemes(here, board, year, money))
    paid = {
        code: sum(s.amount for s in schemes if s.paid_from == code) * 103 // 100
        for code in ("nhs-minimum", "council-grant")
    }
    care = sum(s.amount for s in schemes if s.social_care and s.paid_from == "nhs-minimum")
    outside = sum(s.amount for s in schemes if s.out_of_hospital)
    return Agreement(
        fund=FUND, year=year.name, name=f"Better Care Fund, {here.name}", host=_COUNCIL,
        board="Norfolk and Waveney Integrated Care Partnership and health and wellbeing boards",
        signed=date(year.first.year, 6, 2),
        partners=(
            Partner(code=board, name=names[board], most=paid["nhs-minimum"] // 40),
            Partner(code=_COUNCIL, name=names[_COUNCIL], most=paid["nhs-minimum"] // 60,
                    body="council"),
        ),
        contributions=(
            Contribution(code="nhs-minimum", partner=board, kind="minimum",
                         amount=paid["nhs-minimum"], words="NHS minimum contribution"),
            Contribution(code="council-grant", partner=_COUNCIL, kind="minimum",
                         amount=paid["council-grant"], words="Local authority Better Care grant"),
            Contribution(code="homes-grant", partner=_COUNCIL, kind="capital",
                         amount=money(_HOMES), words="Disabled facilities grant",
                         phasing="quarters"),
            Contribution(code="nhs-more", partner=board, kind="additional", amount=money(4_000),
                         words="NHS, additional for winter", phasing="winter"),
            Contribution(code="rooms", partner=_COUNCIL, kind="in-kind", amount=money(600),
                         words="Rooms for the joint teams"),
        ),
        schemes=schemes, risk_pool=sum(paid.values()) // 100, targets=_TARGETS,
        minimum_social_care=care * 9 // 10, minimum_out_of_hospital=outside * 9 // 10,
    )  # fmt: skip


_PLANNED = {"enablement": 101, "community-nursing": 98, "home-care": 102}  # per cent of the cost


def _fitted(scheme: Scheme, grown: float) -> Scheme:
    """A scheme whose plan is what its services' contacts cost last year, and a little besides."""
    if scheme.code not in _PLANNED:
        return scheme
    last = Year.on(today()).before
    rows = ledger.balances(("service",), book="actual", account="spent",
                           service=list(scheme.services), month_from=last.first,
                           month_to=last.months[-1])  # fmt: skip
    cost = sum(row["amount"] for row in rows) * scheme.share // 100
    if cost <= 0:
        return scheme
    amount = round(cost * _PLANNED[scheme.code] / 100 * grown / 1000) * 1000
    return replace(scheme, amount=amount, held=amount // 100 if scheme.held else 0)


def _schemes(
    here: District, board: str, year: Year, money: Callable[[float], int]
) -> Iterator[Scheme]:
    def those(start: str) -> tuple[str, ...]:
        return tuple(sorted(c for c in here.services if c.startswith(start)))

    nurses = next((s.organisation for s in here.services.values() if str(s.setting) == "community"),
                  board)  # fmt: skip
    common: dict[str, Any] = {"owner": _COUNCIL, "provider": _COUNCIL}
    yield Scheme(
        code="enablement", name="Enablement at home", type="reablement", paid_from="nhs-minimum",
        amount=money(34_000), social_care=True, objective="right-care", **common,
        services=those("enablement-"), share=60, measure="reablement-91-days",
        goal="People who leave hospital are still at home three months later",
    )  # fmt: skip
    yield Scheme(
        code="community-nursing", name="Community nursing for people who would else be admitted",
        owner=board, provider=nurses, type="community-health", paid_from="nhs-minimum",
        amount=money(44_000), out_of_hospital=True, objective="at-home",
        services=those("nursing-"), share=40, measure="emergency-admissions-65", held=money(800),
        goal="Fewer people of 65 and more are admitted as an emergency",
    )  # fmt: skip
    yield Scheme(
        code="home-care", name="Home care packages", type="home-care", paid_from="council-grant",
        amount=money(44_000), social_care=True, objective="at-home", **common,
        services=those("homecare-"), share=25, measure="care-home-admissions-65",
        goal="People live at home for as long as they wish",
    )  # fmt: skip
    yield Scheme(
        code="homes", name="Adapted homes", type="adaptations", paid_from="homes-grant",
        amount=money(_HOMES), phasing="quarters", objective="at-home", **common,
        goal="Homes in which people can stay", measure="falls-65",
    )  # fmt: skip
    yield Scheme(
        code="home-from-hospital", name="Home from hospital in winter", type="discharge",
        paid_from="nhs-more", amount=money(4_000), phasing="winter", objective="right-care",
        services=those("home-from-hospital"), measure="discharge-delay", fixed=True,
        owner=board, provider=_COUNCIL, goal="Nobody waits in a ward for a lift and a warm house",
    )  # fmt: skip
    # The year that runs ends it; of a year that is over it lasted to the end.
    ends = date(year.first.year, 12, 31) if year.holds(today().replace(day=1)) else year.ends
    yield Scheme(
        code="falls-response", name="Falls response by two crews", type="transformation",
        owner=board, provider=nurses, paid_from="nhs-minimum", amount=money(6_000),
        objective="at-home", services=those("falls"), measure="falls-65",
        until=ends,
        test=Test(measure="falls-65", figure=2000.0, due=ends,
                  words="Fewer are admitted after a fall, or the money goes back into the pool"),
        goal="Who has fallen is helped up at home and not taken to hospital",
    )  # fmt: skip


def _move(a: Agreement, year: Year, by: Actor) -> None:
    """Contributions come in as agreed, schemes spend: by their contacts, else by the month."""
    first = ledger.first_open()
    months = [m for m in year.months if m < today().replace(day=1) and not (first and m < first)]
    for paid in a.contributions:
        if paid.kind != "in-kind":
            for month, amount in phased(paid.amount, paid.phasing, year).items():
                if month in months:
                    actions.receive(
                        fund=FUND,
                        year=a.year,
                        contribution=paid.code,
                        month=month,
                        amount=amount,
                        by=by,
                        key=f"demo:{paid.code}:{month}",
                    )
    for month in months:
        actions.recharge(fund=FUND, year=a.year, month=month, by=by)
    known = books.read(FUND, year)
    for number, scheme in enumerate(a.cash_schemes):
        if scheme.code not in known.spent:
            _invoices(a, scheme, year, months, number, by)


def _invoices(
    a: Agreement, scheme: Scheme, year: Year, months: list[date], number: int, by: Actor
) -> None:  # fmt: skip
    """A scheme that no contacts are known of is paid by invoices, some higher, some lower."""
    for month, amount in phased(scheme.amount, scheme.phasing, year).items():
        if month in months and not (scheme.until and month > scheme.until):
            cost = amount * (97 + (month.month * 7 + number * 5) % 8) // 100
            actions.spend(fund=FUND, year=a.year, scheme=scheme.code, month=month, amount=cost,
                          words=f"{scheme.name}, invoice of {month:%B %Y}", by=by,
                          key=f"demo:{scheme.code}:{month}")  # fmt: skip


def _end(year: Year, by: Actor, other: Actor) -> None:
    """Settle last year, and return its fourth quarter."""
    try:
        actions.settle(fund=FUND, year=year.name, seen=1, by=by, why="Accounts agreed")
    except UserError:  # more was spent than the partners ever agreed to carry: they still decide
        return
    _return(year, 4, by, other)


def _returns(year: Year, by: Actor, other: Actor) -> None:
    last = quarter_now(year)
    for quarter in range(1, last + 1):
        _return(year, quarter, by, other if quarter < last else None)


def _return(year: Year, quarter: int, by: Actor, other: Actor | None) -> None:
    from onesystem.budget.pooled.frameworks import framework

    answers = {
        "successes": "Enablement starts within two days of leaving hospital in every locality.",
        "challenges": "Home care in the coastal parts is hard to find in the holidays.",
        "support": "None now.",
    }
    for each in framework(year).conditions:
        answers |= {
            f"met.{each.code}": "yes",
            f"evidence.{each.code}": "Minutes of the health and wellbeing board",
        }
    version = actions.make_return(
        fund=FUND, year=year.name, quarter=quarter, answers=answers, by=by
    )
    for signer in filter(None, (by, other)):
        actions.sign(fund=FUND, year=year.name, quarter=quarter, version=version, by=signer)
