"""Two purses with money on the ledger, somebody whose budget it is, and who keeps it."""

from datetime import date

import pytest
from page_data import adt, person_of
from personal_data import HEALTH, HOLDER, JOB, KEEPER, SOCIAL, a_year

from onesystem import feeds, wiring
from onesystem.access import actions as users
from onesystem.access import choices
from onesystem.budget.funds import actions as funds
from onesystem.budget.funds.shape import Line
from onesystem.budget.ledger import actions as ledger
from onesystem.budget.ledger.entry import Leg
from onesystem.budget.personal import actions
from onesystem.budget.personal.indication import Need
from onesystem.budget.personal.posting import today


@pytest.fixture
def joined(db, district):
    """The district with its rooms introduced to each other."""
    wiring.connect()
    return district


@pytest.fixture
def purses(joined):
    """A line of health with 5,000 pounds and one of social care with 3,000."""
    funds.open_fund(code="one", name="One budget", since=date(2026, 4, 1), by=JOB)
    for code, name, pence in (("phb", "Personal health budgets", 500_000),
                              ("asc", "Adult social care, personal", 300_000)):  # fmt: skip
        funds.open_line(line=Line(code=code, name=name, fund="one", organisation="community"),
                        by=JOB)  # fmt: skip
        ledger.post(
            book="plan", month=today().replace(day=1), words="Opening budget", by=JOB,
            legs=[Leg("budget", pence, line=code), Leg("contributed", -pence, line=code)],
        )  # fmt: skip


@pytest.fixture
def somebody(joined):
    """The number of a person who signs in as `maia`."""
    feeds.take_messages([feeds.Arrival(source="pas", data=adt(1), name="live.hl7")],
                        district=joined)  # fmt: skip
    person = person_of()
    for who, role in (("maia", "person"), ("sol", "social-worker"), ("sue", "social-worker")):
        users.add_user(username=who, password="three blind mice run", roles=(role,),
                       organisation="" if role == "person" else "hospital", by=JOB)  # fmt: skip
    choices.give_own_record(person=person, username="maia", by=JOB)
    return person


@pytest.fixture
def assessed(purses, somebody):
    """A budget of 650 from health and 260 from social care, up to the floor of 1,000."""
    starts, ends = a_year()
    return actions.assess(
        person=somebody, programme="integrated", cohort="long-term", starts=starts, ends=ends,
        purses=[HEALTH, SOCIAL], by=KEEPER, goals="To walk to the shop again",
        needs=[Need(words="Help to wash", purse="asc", a_week=500),
               Need(words="Physiotherapy", purse="phb", a_week=1250)],
    )  # fmt: skip


@pytest.fixture
def live(assessed):
    """It is agreed as 1,000 (714.29 and 285.71), half held by us and half paid out, and signed."""
    actions.agree(budget=assessed, by=KEEPER, sums={"phb": 71429, "asc": 28571},
                  ways={"notional": 50000, "direct": 50000})  # fmt: skip
    actions.sign(budget=assessed, by=HOLDER)
    return assessed
