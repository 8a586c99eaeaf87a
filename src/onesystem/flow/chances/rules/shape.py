"""What every rule stands on: the tables, the period, and how its rows are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onesystem.flow.chances.question import Period
from onesystem.flow.journeys.agreed import Way
from onesystem.flow.measures.world import Somebody

HOUR, DAY = 3_600_000, 86_400_000
COLUMNS = (
    "person", "identity", "contact", "moment", "service", "organisation", "practice", "cause",
    "other", "lost", "money", "share",
)  # fmt: skip
ALIKE = "c.person, c.identity, c.contact"
WHERE = "c.service, c.organisation, c.practice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a rule works on. Times in milliseconds since 1970, `until` the last that is counted.

    `duck` holds the tables contact (see `chances.reading`), price, asked (requests) and medicine.
    """

    duck: Any
    period: Period
    start: int
    until: int
    persons: Mapping[int, Somebody]
    ways: Mapping[str, Way]

    def run(self, sql: str, **values: Any) -> Any:
        """Run a statement; values by name, only those that it names."""
        known = {"start": self.start, "until": self.until, **values}
        return self.duck.execute(sql, {k: v for k, v in known.items() if f"${k}" in sql})

    def keep(self, sql: str, **values: Any) -> None:
        """Make `found` of what a query gives, in the order of COLUMNS."""
        self.run(
            f"CREATE OR REPLACE TEMP TABLE found AS SELECT {', '.join(COLUMNS)} FROM ({sql})",
            **values,
        )

    def one(self, sql: str, **values: Any) -> int:
        """The whole number that a query gives."""
        return int(self.run(sql, **values).fetchone()[0] or 0)

    def table(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """A small table: `columns` as SQL declares them."""
        self.duck.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({', '.join(columns)})")
        if rows:
            marks = ", ".join(["?"] * len(columns))
            self.duck.executemany(f"INSERT INTO {name} VALUES ({marks})", list(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a rule says besides its rows: out of how many contacts, and in words or figures more."""

    out_of: int
    more: Mapping[str, Any] = field(default_factory=dict)


def spent(until: str, since: str) -> str:
    """SQL: the time between two in ms; nothing where either is unknown or it runs back."""
    return f"greatest(coalesce({until} - {since}, 0), 0)"


def for_time(lost: str, price: str) -> str:
    """SQL: what time costs at a price a night, in whole minor units."""
    return f"CAST(round({lost} * coalesce({price}, 0) / {DAY}.0) AS BIGINT)"


def for_contact(price: str, lasted: str) -> str:
    """SQL: what a contact costs: its own price, or its nights, one at least."""
    nights = f"greatest(CAST(round({lasted} / {DAY}.0) AS BIGINT), 1)"
    return f"(coalesce({price}.once, 0) + coalesce({price}.night, 0) * {nights})"
