"""A small district's contracts, for tests: an alliance of three, and what its services cost."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from django.db import IntegrityError, OperationalError
from django.db.utils import InternalError, ProgrammingError

from onesystem.budget.contracts import agreement as of
from onesystem.budget.contracts.agreement import Agreement, Gate, Party, Pass, Payment, Slice
from onesystem.budget.contracts.agreement import Scope as Scoped
from onesystem.budget.contracts.costs import Cost
from onesystem.budget.contracts.scoping import Around, Known

REFUSED = (IntegrityError, OperationalError, InternalError, ProgrammingError)
SINCE, UNTIL = date(2025, 4, 1), date(2026, 4, 1)
MONTHS = [date(2025 + (m > 12), (m - 1) % 12 + 1, 1) for m in range(4, 16)]
AROUND = Around(
    organisations={"icb": "The board", "hospital": "Testshire Hospital",
                   "community": "Testshire Community Care", "practice": "Mill Road Surgery"},
    services={
        "ed": Known(name="Emergency department", organisation="hospital", setting="ED"),
        "ward-a": Known(name="Ward A", organisation="hospital", setting="ward"),
        "nursing": Known(name="District nursing", organisation="community", setting="community"),
        "gp": Known(name="Mill Road Surgery", organisation="practice", setting="general practice"),
    },
    measures={"ed-4-hours": "ED in four hours"},
    goals={"home": "Well at home"}, lines={"urgent": "Urgent care"},
)  # fmt: skip
GATE = Gate(
    cost_low=4_800_000_00, cost_high=5_200_000_00, cost_words="Last year's costs, uprated.",
    price="Agreed on 3 March by all finance directors.", tax="exempt",
    guarantees="None needed: all are public bodies.", exit_months=6,
    exit="The board takes the services on.",
)  # fmt: skip


def alliance(**changes):
    """The hospital, community care and the practice share half of what lies off their target."""
    made = Agreement(
        name="Urgent care alliance", kind=of.ALLIANCE, since=SINCE, until=UNTIL, line="urgent",
        goals=("home",),
        parties=(
            Party(organisation="icb", role=of.FUNDER),
            Party(organisation="hospital", role=of.MEMBER, share=Fraction(1, 2)),
            Party(organisation="community", role=of.MEMBER, share=Fraction(3, 10)),
            Party(organisation="practice", role=of.MEMBER, share=Fraction(1, 5)),
        ),
        scope=Scoped(services=("ed", "nursing", "gp")), target=5_000_000_00,
        slices=(Slice(side=of.UNDER, share=Fraction(1, 2), low=Fraction(0)),
                Slice(side=of.OVER, share=Fraction(1, 2), low=Fraction(0))),
        cap=Fraction(1, 20), collar=Fraction(1, 20), gate=GATE,
    )  # fmt: skip
    return replace(made, **changes)


def direct(**changes):
    """The hospital is paid a fixed sum for a plan of stays, and three quarters of the rest."""
    made = Agreement(
        name="Stays on Ward A", kind=of.DIRECT, since=SINCE, until=UNTIL, line="urgent",
        parties=(Party(organisation="icb", role=of.FUNDER),
                 Party(organisation="hospital", role=of.PROVIDER)),
        payments=(Payment(organisation="hospital", way=of.PLAN, services=("ward-a",),
                          amount=1_000_000_00, units=10_000, price=100_00,
                          above=Fraction(3, 4), below=Fraction(3, 4), goal="home"),),
        gate=GATE,
    )  # fmt: skip
    return replace(made, **changes)


def prime(**changes):
    """Community care is paid a price, and passes most of it on."""
    made = Agreement(
        name="Care at home", kind=of.PRIME, since=SINCE, until=UNTIL, line="urgent",
        parties=(Party(organisation="icb", role=of.FUNDER),
                 Party(organisation="community", role=of.PROVIDER),
                 Party(organisation="practice", role=of.SUBCONTRACTOR)),
        payments=(Payment(organisation="community", way=of.EACH, services=("nursing",),
                          price=40_00),),
        passes=(Pass(organisation="practice", under="community", share=Fraction(1, 4)),),
        gate=GATE,
    )  # fmt: skip
    return replace(made, **changes)


def costs(ed=3_000_000_00, nursing=1_200_000_00, gp=500_000_00, contacts=900):
    """What the services cost in a year, spread over its months; the first has what is left."""
    found = []
    for service, whole in (("ed", ed), ("nursing", nursing), ("gp", gp), ("ward-a", 900_000_00)):
        for n, month in enumerate(MONTHS):
            minor = whole // 12 + (whole % 12 if n == 0 else 0)
            found.append(Cost(service=service, month=month, contacts=contacts, minor=minor,
                              basis="own"))  # fmt: skip
    return found
