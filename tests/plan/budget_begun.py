"""A ledger with a year's money in it: a fund, who gives to it, and a line of wards."""

from onesystem.access import Actor
from onesystem.budget.funds import actions as funds
from onesystem.budget.funds.shape import Line
from onesystem.plan.money.queries import this_year

FERN = Actor(name="fern", roles=frozenset({"finance"}), organisation="hospital")


def begun():
    """A million for wards, from the hospital's own commissioner."""
    year = this_year()
    funds.open_fund(code="nhs", name="NHS", since=year.first, by=FERN)
    line = Line(code="wards", name="Wards", fund="nhs", organisation="hospital", setting="ward")
    funds.open_line(line=line, by=FERN)
    funds.contribute(fund="nhs", organisation="hospital", amount=1_000_000_00, month=year.first,
                     words="Allocation", by=FERN)  # fmt: skip
    funds.allot(amounts={"wards": 1_000_000_00}, month=year.first, words="Wards", by=FERN)
