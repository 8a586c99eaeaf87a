"""The quarterly return: income and expenditure, conditions, measures, and what is said of them.

In the shape of a Better Care Fund quarterly return, in our own words. Pure: what the books, the
log and the people say comes in, the return goes out, as plain values for JSON and for tables.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from onesystem.budget.months import Year
from onesystem.budget.pooled.agreement import KINDS, LEFT, TYPES, Agreement
from onesystem.budget.pooled.frameworks import Framework
from onesystem.budget.pooled.phasing import phased
from onesystem.budget.pooled.sharing import ShareOut
from onesystem.vocabulary.said import say, say_date

FORMAT = "onesystem-pooled-return/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """A contribution: the year's plan, what was due by the quarter's end, what came in."""

    code: str
    partner: str
    kind: str
    words: str
    year: int
    due: int
    received: int
    quarter: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """A scheme: the year's plan, what was planned by the quarter's end, what was spent."""

    code: str
    name: str
    type: str
    owner: str
    provider: str
    paid_from: str
    year: int
    planned: int
    spent: int
    quarter: int
    goal: str
    measure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A condition: whether it is met, what the books say of it, and the evidence that was given."""

    code: str
    name: str
    words: str
    met: str  # yes, no, or "" where nobody has said
    evidence: str
    books: str
    holds: str  # yes, no, or "" where the books cannot tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A measure of the fund; `value` is of the quarter, `so_far` of the year to its end."""

    name: str
    title: str
    asked: str
    unit: str
    headline: bool
    target: float | None
    value: float | None
    so_far: float | None
    before: float | None
    on_track: str  # yes, no, or "" where it cannot be told
    signal: str
    notes: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """All that stands in a return."""

    fund: str
    name: str
    board: str
    host: str
    year: str
    quarter: int
    until: date
    currency: str
    framework: str
    source: str
    signed: str
    income: tuple[Income, ...]
    spending: tuple[Spending, ...]
    conditions: tuple[Met, ...]
    measures: tuple[Measured, ...]
    successes: str
    challenges: str
    support: str
    data_to: str

    @property
    def came(self) -> int:
        """All that came in so far."""
        return sum(each.received for each in self.income)

    @property
    def went(self) -> int:
        """All that was spent so far."""
        return sum(each.spent for each in self.spending)


def income(a: Agreement, received: Any, quarter: int) -> tuple[Income, ...]:
    """Each contribution; what is in kind is valued and never comes in."""
    year = Year.of(a.year)
    months = [m for n in range(1, quarter + 1) for m in year.quarter(n)]
    return tuple(
        Income(
            code=c.code, partner=_name(a, c.partner), kind=KINDS[c.kind], words=c.words,
            year=c.amount, due=due(c.amount, c.phasing, year, months),
            received=received(c.code, months), quarter=received(c.code, year.quarter(quarter)),
        )
        for c in a.contributions
    )  # fmt: skip


def spending(
    a: Agreement, spent: Any, quarter: int, providers: Mapping[str, str]
) -> tuple[Spending, ...]:
    """Each scheme that is paid from money."""
    year = Year.of(a.year)
    months = [m for n in range(1, quarter + 1) for m in year.quarter(n)]
    return tuple(
        Spending(
            code=s.code, name=s.name, type=TYPES[s.type], owner=_name(a, s.owner),
            provider=providers.get(s.provider, s.provider), paid_from=s.paid_from, year=s.amount,
            planned=due(s.amount, s.phasing, year, months), spent=spent(s.code, months),
            quarter=spent(s.code, year.quarter(quarter)), goal=s.goal, measure=s.measure,
        )
        for s in a.cash_schemes
    )  # fmt: skip


def due(amount: int, phasing: str, year: Year, months: Sequence[date]) -> int:
    """What of an amount falls in some months."""
    return sum(part for month, part in phased(amount, phasing, year).items() if month in months)


def _name(a: Agreement, partner: str) -> str:
    found = a.partner(partner)
    return found.name if found else partner


def conditions(
    a: Agreement, framework: Framework, answers: Mapping[str, Any], returned: int, quarter: int
) -> tuple[Met, ...]:
    """Each condition with what the books say, whatever anybody answers."""
    made = []
    for each in framework.conditions:
        said, holds = _books(a, each.check, returned, quarter)
        made.append(
            Met(code=each.code, name=each.name, words=each.words, books=said, holds=holds,
                met=str(answers.get(f"met.{each.code}", "")),
                evidence=str(answers.get(f"evidence.{each.code}", "")).strip())
        )  # fmt: skip
    return tuple(made)


def _books(a: Agreement, check: str, returned: int, quarter: int) -> tuple[str, str]:
    """What can be told of a condition without asking, and whether it holds by that."""
    kind, _, about = check.partition(":")
    if kind == "signed":
        if a.signed is None:
            return say("No agreement under section 75 is dated."), "no"
        return say(
            "The agreement under section 75 is dated {signed}.",
            signed=say_date(a.signed, "%-d %B %Y"),
        ), "yes"
    if kind == "minimum-social-care":
        return _minimum(a)
    if kind == "objective":
        mine = [s for s in a.schemes if s.objective and about in ("both", s.objective)]
        money = sum(s.amount for s in mine) / 100
        return say(
            "{mine} schemes of {money} name the objective.", mine=len(mine), money=f"{money:,.2f}"
        ), "yes" if mine else "no"
    if kind == "returns":
        return say(
            "{returned} of {quarter} earlier returns of the year were made.",
            returned=returned,
            quarter=quarter - 1,
        ), ("yes" if returned >= quarter - 1 else "no")
    return "", ""


def _minimum(a: Agreement) -> tuple[str, str]:
    given = sum(s.amount for s in a.cash_schemes if s.social_care and a.of_the_nhs(s))
    words = say(
        "{given} of the NHS minimum goes to adult social care; the year's minimum is "
        "{minimum_social_care}.",
        given=f"{given / 100:,.2f}",
        minimum_social_care=f"{a.minimum_social_care / 100:,.2f}",
    )
    if not a.minimum_social_care:
        return say(
            "{given} goes to adult social care; no minimum was written down.",
            given=f"{given / 100:,.2f}",
        ), ""
    return words, "yes" if given >= a.minimum_social_care else "no"


def packed(made: Return) -> dict[str, Any]:
    """The return as plain values, with what each part is."""
    return {"format": FORMAT, **asdict(made), "until": made.until.isoformat(),
            "received": made.came, "spent": made.went}  # fmt: skip


def packed_share(result: ShareOut) -> dict[str, Any]:
    """A share-out as plain values."""
    return {
        "lines": [asdict(line) for line in result.lines], "pays": dict(result.pays),
        "variance": result.variance, "carried": result.carried, "uncovered": result.uncovered,
    }  # fmt: skip


def definitions(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What each figure of the return is."""
    yield (
        say("Fund"),
        say(
            "{name}, {year}, quarter {quarter}",
            name=said["name"],
            year=said["year"],
            quarter=said["quarter"],
        ),
    )
    yield say("Rules of the year"), f"{said['framework']}. {said['source']}"
    yield (
        say("Money"),
        say(
            "From the ledger, in {currency}, up to {until}",
            currency=said["currency"],
            until=said["until"],
        ),
    )
    yield from _DEFINED.items()
    yield say("Figures up to"), said["data_to"] or say("nothing is kept yet")
    for each in said["measures"]:
        for note in each["notes"]:
            yield each["title"], note


_DEFINED = {
    "Due, planned by now": say("The year's amount over the months as agreed, to the quarter's end"),
    "Received": say(
        "Posted as received from the partner. What is in kind is valued and never comes in"
    ),
    "Spent": say("Posted as spent on the scheme's line, whatever was ordered besides"),
    "What is left at the end": say(
        "{return_}, or {carry}, as the agreement says", return_=LEFT["return"], carry=LEFT["carry"]
    ),
    "On track": say("The year so far is no worse than the target; empty where it cannot be told"),
    "Signal": say("By the rules of statistical process control over months: common cause is noise"),
}
