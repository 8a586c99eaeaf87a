"""What a page of funds is asked for: the month, the grouping, the method, which lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from onesystem.budget.funds import queries
from onesystem.budget.funds.shape import Line, programme_of
from onesystem.budget.funds.standing import GROUPINGS, keys
from onesystem.budget.months import Year, later, month_in

FILTERS = ("programme", "organisation", "setting", "place", "fund", "goal", "fence", "service")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """As the address says."""

    month: date
    year: Year
    by: str = "programme"
    method: str = "run-rate"
    q: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    said: bool = False

    def lines(self) -> list[Line]:
        """The lines that fit, by name."""
        every = queries.lines()
        if code := self.filters.get("fence"):
            fence = queries.fence(code)
            every = [line for line in every if fence.covers(line)]
        for name, value in self.filters.items():
            if name != "fence":
                every = [line for line in every if keys(line, name)[0] == value]
        if self.q:
            words = self.q.casefold().split()
            every = [e for e in every if all(w in f"{e.name} {e.code}".casefold() for w in words)]
        return every

    def address(self, **more: str) -> str:
        """The query string that says the month and the method, and what else is given."""
        kept = {"month": f"{self.month:%Y-%m}"} if self.said else {}
        if self.method != "run-rate":
            kept["method"] = self.method
        return urlencode(kept | {k: v for k, v in more.items() if v})


def asked(said: Mapping[str, str]) -> Asked:
    """From the query string. Raises BadConfig for a month that is none."""
    text = said.get("month", "")
    month = month_in(text) if text else later(queries.this_month(), -1)
    by, method = said.get("by", ""), said.get("method", "")
    return Asked(
        month=month, year=Year.on(month, queries.begins()), said=bool(text),
        by=by if by in GROUPINGS else "programme",
        method=method if method in queries.METHODS else "run-rate",
        q=said.get("q", "").strip()[:200],
        filters={name: programme_of(said[name]) if name == "programme" else said[name]
                 for name in FILTERS if said.get(name)},
    )  # fmt: skip
