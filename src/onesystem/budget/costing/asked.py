"""What an address of the cost pages asks for: the months, and by what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from onesystem.budget.costing import queries
from onesystem.budget.costing.cells import month_of, number_of
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say, say_date, say_each

BY = say_each({
    "service": "Service", "organisation": "Provider", "setting": "Setting", "mode": "Mode",
    "month": "Month", "basis": "Basis", "kind": "Kind of line", "rule": "Rule",
})  # fmt: skip
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """The months that figures are of, the first and the last, and what they are by."""

    first: date
    last: date
    by: str
    search: str = ""
    problem: str = ""

    @property
    def words(self) -> str:
        """The months in words."""
        if self.first == self.last:
            return f"{self.first:%B %Y}"
        return say(
            "{first} to {last}",
            first=say_date(self.first, "%B %Y"),
            last=say_date(self.last, "%B %Y"),
        )


def asked(given: Mapping[str, str]) -> Asked:
    """The last twelve whole months that are costed, where the address says nothing."""
    whole = whole_months()
    last = whole[-1] if whole else date(2000, 1, 1)
    usual = month_of(max(number_of(last) - _YEAR + 1, number_of(whole[0]) if whole else 0))
    problem, first = "", usual
    try:
        first = month_in(given.get("from", "")) or usual
        last = month_in(given.get("to", "")) or last
    except BadConfig as error:
        problem, first = str(error), usual
    if first > last:
        problem, first = say("The first month is after the last: turn them round."), last
    by = given.get("by", "service")
    return Asked(first, last, by if by in BY else "service", given.get("q", "")[:100], problem)


def whole_months() -> list[date]:
    """The months held (see `queries.months_held`) and costed to their end, oldest first."""
    day = queries.kept().day
    return [m for m in queries.months_held() if day and month_of(number_of(m) + 1) <= day]


def month_in(text: str) -> date | None:
    """A month as 2026-05; nothing where nothing is said. Raises BadConfig."""
    if not text:
        return None
    try:
        return date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        raise BadConfig(
            say("{text} is no month", text=repr(text)), "Write it as 2026-05."
        ) from None
