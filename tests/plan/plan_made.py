"""Small plans of money and of staff, and who keeps them, for the tests of both."""

from datetime import date

from onesystem.access import Actor
from onesystem.plan.money.shape import Doubled, Funder, Line, MoneyPlan
from onesystem.plan.workforce.shape import Commission, Mix, Service, Staff, Workforce

PIA = Actor(name="pia", roles=frozenset({"planner"}), organisation="hospital")
FRED = Actor(name="fred", roles=frozenset({"critical-friend"}))


def money(**more):
    """Five years of wards and district nurses, with a fund for running both."""
    said = {
        "slug": "five-years", "name": "Five years", "base": "2026/27", "pay": (350, 280),
        "price": (250,), "inflation": (200,), "efficiency": (150,),
        "rates_source": "Assumed for tests",
        "lines": (
            Line(code="wards", name="Wards", setting="ward", amount=100_000_000_00, demand=(180,),
                 keeps=50, unit=4_000_00, source="Ledger"),
            Line(code="nurses", name="District nurses", setting="community",
                 amount=30_000_000_00, pay=85, demand=(250,)),
        ),
        "funders": (Funder(code="hospital", name="Board", amount=130_000_000_00, growth=(300,)),),
        "doubled": (Doubled(code="both", name="Home first beside wards", amount=2_000_000_00,
                            first=date(2027, 4, 1), last=date(2029, 3, 1), after=500_000_00,
                            benefit="40 beds not needed", top=True),),
    }  # fmt: skip
    return MoneyPlan(**(said | more))


def staff(**more):
    """Five years of nurses and support workers, with work for both."""
    said = {
        "slug": "wards", "name": "Staff of wards", "base": date(2026, 4, 1), "area": "QMM",
        "money": 4_000_000_00,
        "staff": (
            Staff(role="nurse", in_post=1_000_00, needed=1_080_00, growth=150, source="Counted"),
            Staff(role="support-worker", in_post=600_00, needed=600_00, joiners=80_00),
        ),
        "commissions": (
            Commission(role="nurse", places=100, decided=date(2026, 11, 1), then=200),
            Commission(role="support-worker", places=120),
        ),
        "mixes": (Mix(words="Washing and meals", from_role="nurse", to_role="support-worker",
                      share=5, start=date(2027, 4, 1)),),
        "services": (
            Service(code="ward-days", name="Days on wards", tier=1, volume=400_000,
                    minutes={"nurse": 200}),
            Service(code="hips", name="New hips", tier=3, volume=20_000, minutes={"nurse": 600}),
        ),
    }  # fmt: skip
    return Workforce(**(said | more))
