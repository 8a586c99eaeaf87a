"""What a page of the ledger was asked, as its address says it. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from onesystem.budget.ledger.entry import ACCOUNTS, BOOKS, DIMENSIONS
from onesystem.vocabulary.errors import NotFound
from onesystem.vocabulary.said import say

NAMES = ("book", "account", *DIMENSIONS, "by", "cause")


@dataclass(frozen=True, slots=True)
class Asked:
    """Filters of entries; what is empty does not narrow."""

    q: str = ""
    month_from: date | None = None
    month_to: date | None = None
    said: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        """From an address. Raises NotFound for a book, an account or a month that cannot be."""
        said = {name: query.get(name, "").strip()[:200] for name in NAMES}
        if said["book"] and said["book"] not in BOOKS:
            raise NotFound(
                say("there is no book {book}", book=repr(said["book"])),
                say("There are {books}", books=", ".join(BOOKS)),
            )
        known = {name for book in ACCOUNTS.values() for name in book}
        if said["account"] and said["account"] not in known:
            raise NotFound(
                say("there is no account {account}", account=repr(said["account"])),
                say("There are {known}", known=", ".join(sorted(known))),
            )
        return cls(
            q=query.get("q", "").strip()[:200],
            month_from=month_of(query.get("from", "")),
            month_to=month_of(query.get("to", "")),
            said={name: value for name, value in said.items() if value},
        )

    @property
    def filters(self) -> dict[str, Any]:
        """As `queries.entries` takes them."""
        return {**self.said, "search": self.q, "month_from": self.month_from,
                "month_to": self.month_to}  # fmt: skip

    @property
    def of_cells(self) -> dict[str, Any] | None:
        """As `queries.balances` takes them; None where cells cannot tell."""
        if self.q or "by" in self.said or "cause" in self.said:
            return None
        return {**self.said, "month_from": self.month_from, "month_to": self.month_to}

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.q or self.said or self.month_from or self.month_to)


def month_of(text: str) -> date | None:
    """A month as an address or a form says it: 2026-04; None for nothing. Raises NotFound."""
    if not text.strip():
        return None
    found = re.fullmatch(r"(\d{4})-(\d{2})(?:-01)?", text.strip())
    if not found or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1900:
        raise NotFound(say("{text} is no month", text=repr(text[:20])), "Write it as 2026-04")
    return date(int(found[1]), int(found[2]), 1)
