"""What a page of opportunities shows, all of it in the address. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Self
from urllib.parse import urlencode

from onesystem.flow.chances.question import Period

SORTS = ("days", "money", "people")
_KEYS = ("from", "to", "kind", "service", "sort")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The period, what it is narrowed to, and by what opportunities are ranked."""

    period: Period
    said: Mapping[str, str]
    kind: str = ""
    service: str = ""
    sort: str = "days"

    @classmethod
    def of(cls, query: Mapping[str, str], *, today: date) -> Self:
        """From a query string. Raises UserError where a day is none."""
        said = {key: query.get(key, "").strip() for key in _KEYS if query.get(key, "").strip()}
        sort = said.get("sort", "").lstrip("-")
        return cls(
            period=Period.of(said, today=today),
            said=said,
            kind=said.get("kind", ""),
            service=said.get("service", ""),
            sort=sort if sort in SORTS else "days",
        )

    def link(self, path: str = "", **changes: str) -> str:
        """The address of the same, changed; an empty text takes a part away."""
        kept = {k: v for k, v in {**self.said, **changes}.items() if v}
        return f"{path}?{urlencode(kept)}" if kept else path or "?"
