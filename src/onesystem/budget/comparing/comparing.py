"""Payment forms side by side: who is paid what, and which way each one pulls. Pure.

The pull is what a contact more, and one fewer, does to what is left after its cost. A provider on
a block keeps the money for whom it does not see; one on a price for each is paid for whom it does.
"""

from dataclasses import dataclass
from fractions import Fraction

from onesystem.budget.comparing.asked import Asked
from onesystem.budget.comparing.forming import PROVIDER, TITLES, facts_of, terms_of
from onesystem.budget.comparing.year import Year
from onesystem.budget.terms import Settlement, settle
from onesystem.vocabulary.said import say_each

MORE, FEWER, NEITHER, UNSURE = "more", "fewer", "neither", "both"
PULLS = say_each(
    {
        MORE: "towards more contacts",
        FEWER: "towards fewer contacts",
        NEITHER: "neither way",
        UNSURE: "both ways",
    }
)
STEPS = tuple(Fraction(step, 100) for step in range(-20, 21, 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One form: what is paid for the year, and what a contact more or fewer moves."""

    name: str
    title: str
    paid: int
    cost: int
    more: int  # paid for one more contact
    fewer: int  # no longer paid for one fewer
    each: int  # what that contact costs
    settlement: Settlement
    curve: tuple[int, ...] = ()  # paid, with a fifth fewer to a fifth more contacts

    @property
    def left(self) -> int:
        """What is left after the cost; below zero it is missing."""
        return self.paid - self.cost

    @property
    def keeps_more(self) -> int:
        """What one more contact leaves the provider."""
        return self.more - self.each

    @property
    def keeps_fewer(self) -> int:
        """What one fewer leaves it."""
        return self.each - self.fewer

    @property
    def pull(self) -> str:
        """Which way it pulls: a penny is no pull."""
        up, down = self.keeps_more > 1, self.keeps_fewer > 1
        return {(True, False): MORE, (False, True): FEWER, (True, True): UNSURE}.get(
            (up, down), NEITHER
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """All forms for one year. `asked` has plan and price; `costs` goes with the curves."""

    asked: Asked
    year: Year
    results: tuple[Result, ...]
    costs: tuple[int, ...]

    def of(self, name: str) -> Result | None:
        """One of them."""
        return next((each for each in self.results if each.name == name), None)


def compared(wanted: Asked, known: Year, currency: str) -> Compared:
    """The year under every form, with what the address sets."""
    asked = wanted.filled(known)
    each = asked["extra"] * known.mean
    year = known.changed(asked["change"], each)
    steps = [known.changed(asked["change"] + step, each) for step in STEPS]
    results = tuple(_result(name, asked, year, steps, each, currency) for name in TITLES)
    costs = tuple(step.spent for step in steps)
    return Compared(asked=asked, year=year, results=results, costs=costs)


def _result(
    name: str, asked: Asked, year: Year, steps: list[Year], each: Fraction, currency: str
) -> Result:
    # plan, price and the elective part are those of the year as it was: they were agreed before
    terms = terms_of(name, asked, year, currency)

    def made(of: Year) -> Settlement:
        return settle(terms, facts_of(asked, of, currency))

    def paid(of: Year) -> int:
        return int(made(of).by_party[PROVIDER])

    now = made(year)
    here = now.by_party[PROVIDER]
    return Result(
        name=name, title=TITLES[name], paid=here, cost=year.spent, settlement=now,
        more=paid(year.with_more(1, each)) - here, fewer=here - paid(year.with_more(-1, each)),
        each=round(each), curve=tuple(paid(step) for step in steps),
    )  # fmt: skip
