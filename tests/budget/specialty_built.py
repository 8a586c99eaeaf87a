"""A small specialty's budget, for the tests of specialty budgets."""

from datetime import date

from onesystem.access import Actor
from onesystem.budget.funds import actions as funds
from onesystem.budget.funds.shape import Line
from onesystem.budget.specialty.shape import Item, Post, Released, Specialty, Step, Work

DILIP = Actor(name="dilip", roles=frozenset({"clinical-director"}), organisation="hospital")
FERN = Actor(name="fern", roles=frozenset({"finance"}), organisation="hospital")


def skin(year="2025/26", **more):
    """Dermatology: a clinic and small operations."""
    said = {
        "slug": "dermatology", "year": year, "name": "Dermatology", "organisation": "hospital",
        "services": ("ed",), "line": "outpatients",
        "works": (
            Work(code="clinic", name="Clinic visits", volume=4000, growth=5, tariff="outpatient",
                 source="Last year's log",
                 steps=(Step(words="Seen", group="consultant", minutes=15),
                        Step(words="Helped", group="nurse", minutes=10))),
            Work(code="operations", name="Small operations", volume=300, tariff="JC42C-dc", days=50,
                 steps=(Step(words="Operation", group="consultant", minutes=40),
                        Step(words="Theatre", group="nurse", minutes=60))),
        ),
        "posts": (
            Post(words="Consultants", group="consultant", grade="consultant", point="middle",
                 hundredths=150),
            Post(words="Nurses", group="nurse", grade="5", point="top", hundredths=200),
        ),
        "items": (
            Item(words="Dressings", kind="consumables", basis="each", amount=12_00, work="clinic"),
            Item(words="Pathology", kind="diagnostics", basis="year", amount=30_000_00),
            Item(words="Premises and running", kind="overheads", basis="pay", amount=25_00),
        ),
        "released": Released(days=100, percent=80, work="operations", source="The log"),
    }  # fmt: skip
    return Specialty(**(said | more))


def money(pounds=1_000_000, month=date(2025, 4, 1)):
    """A fund with a line that the specialty's money comes from."""
    funds.open_fund(code="nhs", name="NHS", since=date(2025, 4, 1), by=FERN)
    line = Line(code="outpatients", name="Outpatients", fund="nhs", organisation="hospital")
    funds.open_line(line=line, by=FERN)
    funds.contribute(fund="nhs", organisation="hospital", amount=pounds * 100, month=month,
                     words="Allocation", by=FERN)  # fmt: skip
    funds.allot(amounts={"outpatients": pounds * 100}, month=month, words="Outpatients", by=FERN)
