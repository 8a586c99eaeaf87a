"""A pooled fund of the small district, for the tests of pooled funds."""

from datetime import date

from onesystem.access import Actor
from onesystem.budget.pooled.agreement import Agreement, Contribution, Partner, Scheme, Test

BEA = Actor(name="bea", roles=frozenset({"better-care-lead"}), organisation="hospital")
CORA = Actor(name="cora", roles=frozenset({"commissioner"}), organisation="community")
NOBODY = Actor(name="nina", roles=frozenset({"ed-nurse"}), organisation="hospital")


def agreement(year="2025/26", **more):
    """Two partners, three contributions, three schemes: 1,000.00 in money."""
    said = {
        "fund": "better-care", "year": year, "name": "Better Care Fund", "host": "hospital",
        "board": "Health and Wellbeing Board", "signed": date(int(year[:4]), 5, 1),
        "partners": (Partner(code="hospital", name="The NHS"),
                     Partner(code="community", name="The council", most=20_00)),
        "contributions": (
            Contribution(code="minimum", partner="hospital", kind="minimum", amount=600_00),
            Contribution(code="grant", partner="community", kind="additional", amount=300_00),
            Contribution(code="homes", partner="community", kind="capital", amount=100_00),
            Contribution(code="rooms", partner="community", kind="in-kind", amount=50_00),
        ),
        "schemes": (
            Scheme(code="reablement", name="Reablement at home", owner="community",
                   type="reablement", provider="community", paid_from="minimum", amount=400_00,
                   social_care=True, objective="right-care", measure="reablement-91-days",
                   goal="People are at home after hospital"),
            Scheme(code="home-care", name="Home care", owner="community", type="home-care",
                   provider="community", paid_from="grant", amount=300_00, social_care=True,
                   objective="at-home", goal="People live at home"),
            Scheme(code="homes", name="Adapted homes", owner="community", type="adaptations",
                   provider="community", paid_from="homes", amount=100_00, phasing="quarters",
                   goal="Homes that fit"),
            Scheme(code="falls-car", name="Falls car", owner="hospital", type="transformation",
                   provider="hospital", paid_from="minimum", amount=100_00,
                   until=date(int(year[:4]), 12, 31), measure="falls-65",
                   goal="Fewer people taken to hospital after a fall",
                   test=Test(measure="falls-65", figure=2000, due=date(int(year[:4]), 12, 31))),
        ),
        "risk_pool": 50_00, "minimum_social_care": 350_00,
        "targets": {"discharge-delay": 4.0},
    }  # fmt: skip
    return Agreement(**(said | more))
