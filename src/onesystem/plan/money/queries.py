"""What can be asked of plans of money; what the ledger says of who gives. Nothing of a person."""

from dataclasses import dataclass, replace

from onesystem.budget.funds import queries as funds
from onesystem.budget.funds.books import PLAN, by_line, contributed
from onesystem.budget.months import Year
from onesystem.district import current
from onesystem.plan.money import casing
from onesystem.plan.money.beginning import EMPTY, of_case
from onesystem.plan.money.keeping import KEPT
from onesystem.plan.money.shape import Funder, Line, MoneyPlan
from onesystem.plan.money.working import Worked, work
from onesystem.vocabulary.said import say, say_each

every, maybe, standing, steps, version, slugs = (
    KEPT.every, KEPT.maybe, KEPT.standing, KEPT.steps, KEPT.version, KEPT.slugs,
)  # fmt: skip


_NAMES = say_each({"other": "Lines of no setting", "ward": "Wards", "ED": "Emergency departments",
          "outpatient": "Clinics", "care home": "Care homes"})  # fmt: skip
LEDGER, CASE = "ledger", "case"
beside = casing.beside


def plan_of(area: str) -> MoneyPlan | None:
    """The plan of money of an area that was changed last."""
    found = KEPT.for_area(area)
    return found.plan if found else None


def worked(slug: str) -> Worked:
    """A plan worked out. Raises NotFound."""
    return work(KEPT.standing(slug).plan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a funder gives in the plan's base year, beside what the ledger has."""

    code: str
    name: str
    planned: int
    ledger: int

    @property
    def differs(self) -> int:
        """What the plan has more than the ledger."""
        return self.planned - self.ledger


def given(plan: MoneyPlan) -> list[Given]:
    """Contributions by funder: the plan's base year beside the ledger, to the penny."""
    books = _contributed(plan.first)
    names = {each.code: each.name for each in plan.funders}
    planned = {each.code: each.amount for each in plan.funders}
    return [
        Given(code=code, name=names.get(code) or _organisation(code),
              planned=planned.get(code, 0), ledger=books.get(code, 0))
        for code in [*planned, *(c for c in books if c not in planned)]
    ]  # fmt: skip


def _contributed(year: Year) -> dict[str, int]:
    made: dict[str, int] = {}
    for (_, organisation), amount in contributed(year).items():
        made[organisation] = made.get(organisation, 0) + amount
    return made


def _organisation(code: str) -> str:
    found = current().organisations.get(code)
    return found.name if found else code or say("nobody named")


def begun(*, slug: str, name: str, year: Year, years: int, area: str = "",
          whence: str = LEDGER) -> MoneyPlan:  # fmt: skip
    """A plan as it begins: with what the ledger has of the year, or with what the case of an area
    says that a year costs. Demand is as the case foresees it, where there is one.
    """
    if whence == CASE:
        return of_case(slug=slug, name=name, area=area, year=year, years=years)
    return replace(
        EMPTY, slug=slug, name=name, base=year.name, begins=year.first.month, years=years,
        area=area, lines=_ledger_lines(area, year, years), funders=_ledger_funders(year),
    )  # fmt: skip


def _ledger_lines(area: str, year: Year, years: int) -> tuple[Line, ...]:
    grows = casing.growth(area, year, years)
    return tuple(
        Line(code=setting.casefold().replace(" ", "-"), name=_name(setting),
             setting=setting, amount=amount, demand=grows.get(setting, casing.ASSUMED),
             source=f"Ledger, plan of {year.name}. {casing.source(setting, grows)}")
        for setting, amount in sorted(_by_setting(year).items(), key=lambda each: -each[1])
        if amount > 0
    )  # fmt: skip


def _name(setting: str) -> str:
    return _NAMES.get(setting, setting[:1].upper() + setting[1:])


def _ledger_funders(year: Year) -> tuple[Funder, ...]:
    return tuple(
        Funder(code=code, name=_organisation(code), amount=amount, growth=casing.REAL,
               source=f"Ledger, contributions of {year.name}; growth assumed")
        for code, amount in sorted(_contributed(year).items(), key=lambda each: -each[1])
        if amount > 0
    )  # fmt: skip


def _by_setting(year: Year) -> dict[str, int]:
    made: dict[str, int] = {}
    amounts = by_line(PLAN, year.first, year.last)
    for line in funds.lines():
        where = line.setting or "other"
        made[where] = made.get(where, 0) + amounts.get(line.code, 0)
    return made


def this_year() -> Year:
    """The financial year that runs."""
    return funds.year_at()
