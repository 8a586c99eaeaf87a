"""The contract by which the demo's alliance shares what is spent less on urgent stays, or more.

Its target is what the same services cost in the year before. Care at home and the ambulance are in
it, so that nobody gains by what another has to do more of.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction

from onesystem.budget.contracts import agreement as of
from onesystem.budget.contracts import queries
from onesystem.budget.contracts.agreement import Agreement, Party, Quality, Slice
from onesystem.budget.contracts.agreement import Scope as Scoped
from onesystem.budget.funds import queries as funds
from onesystem.demo.budgeting import contracts
from onesystem.district import current
from onesystem.vocabulary import Setting, UserError

NAME = "Urgent care together"
SLUG = "urgent-care-together"
_PARTS = (("nnuh", 2), ("nchc", 2), ("eeast", 1))  # of the gain
_HALF, _TENTH = Fraction(1, 2), Fraction(1, 10)


def share(say: Callable[[str], None]) -> None:
    """Sign it and put it in force, where its parties are there and nothing is paid twice."""
    here, known = current(), {each.slug for each in queries.contracts()}
    if SLUG in known or not {"icb", *dict(_PARTS)} <= set(here.organisations):
        return
    base = contracts.Base(funds.year_at())
    services = base.there(_services())
    target = base.cost(services)
    year = base.year
    try:
        contracts.live(replace(
            _agreement(services, target), since=year.first,
            until=date(year.first.year + 2, year.first.month, 1), gate=base.gate(
                round(target * Fraction(95, 100)), round(target * Fraction(110, 100))),
        ))  # fmt: skip
    except UserError as error:
        say(f"{NAME} is not signed: {error.what}")
        return
    say(f"{NAME}: {len(services)} services whose gain or loss is shared")


def _services() -> list[str]:
    """Wards of its members that no other contract pays for, the ambulance, and care at home."""
    taken = {
        code
        for each in queries.contracts()
        for payment in (*each.last.agreement.payments, each.last.agreement.scope)
        for code in payment.services
    }
    wards = [
        s.code
        for s in current().services.values()
        if s.setting is Setting.WARD and s.organisation in dict(_PARTS)
    ]
    return [c for c in (*wards, "ambulance", "acute-demand") if c not in taken]


def _agreement(services: tuple[str, ...], target: int) -> Agreement:
    whole = sum(part for _, part in _PARTS)
    lines = {line.code for line in funds.lines()}
    return Agreement(
        name=NAME, kind=of.ALLIANCE, since=date(2026, 4, 1), until=date(2028, 4, 1),
        words="Hospital, community care and ambulance share what is spent less on urgent stays, "
        "and carry together what is spent more.",
        parties=(
            Party(organisation="icb", role=of.FUNDER),
            *(Party(organisation=code, role=of.MEMBER, share=Fraction(part, whole))
              for code, part in _PARTS),
        ),
        scope=Scoped(services=services, whom="everybody who lives here"),
        goals=tuple(code for code in ("home-first",) if code in funds.goals()),
        line="nchc-community" if "nchc-community" in lines else "", target=target,
        open_book="Bed days, calls and visits, as the costs of contacts show them.",
        slices=(
            Slice(side=of.UNDER, low=Fraction(0), share=_HALF),
            Slice(side=of.OVER, low=Fraction(0), share=_HALF),
        ),
        cap=_TENTH, collar=_TENTH / 2,
        quality=(Quality(measure="emergency-readmission-30", most=True, bound=Fraction(20),
                         weight=Fraction(1)),),
        full=Fraction(1), scaled=_HALF,
    )  # fmt: skip
