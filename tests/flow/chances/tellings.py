"""Contacts as small tables that a clinician can read, and what a rule finds in them.

A time is a day of January 2026 and a clock: `3 14:05`. The period is January unless said.
"""

from datetime import UTC, date, datetime

import duckdb

from onesystem.flow.chances import summing
from onesystem.flow.chances.declaration import read
from onesystem.flow.chances.library import OURS
from onesystem.flow.chances.question import Period
from onesystem.flow.chances.rules import RULES, Ground
from onesystem.flow.measures.days import day_of

JANUARY = Period(start=date(2026, 1, 1), end=date(2026, 2, 1))
HOUR, DAY = 3_600_000, 86_400_000
_TIMES = ("requested", "started", "ready", "ended")
_TEXTS = ("service", "setting", "organisation", "practice", "mode", "urgency", "reason", "outcome")
_PRICES = [
    ("ward", 0, 80000), ("rehabilitation", 0, 60000), ("ED", 28000, 0), ("outpatient", 14000, 0),
    ("diagnostics", 13000, 0), ("general practice", 4000, 0), ("ambulance", 27000, 0),
    ("telephone", 1500, 0), ("community", 8000, 0),
]  # fmt: skip


def moment(text):
    """A day of January 2026 and a clock, in milliseconds; nothing for no text."""
    if not text:
        return None
    day, clock = text.split()
    hour, minute = clock.split(":")
    at = datetime(2026, 1, 1, int(hour), int(minute), tzinfo=UTC).timestamp() * 1000
    return int(at) + (int(day) - 1) * DAY


def table(text):
    """The rows of a table of text, by its heads."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def told(rows, *, born=None):
    """Rows of the table `contact`, each with a number of its own in the order of the table."""
    made = []
    for number, row in enumerate(rows, 1):
        person = int(row["person"])
        texts = {name: row.get(name, "") for name in _TEXTS}
        texts["setting"] = texts["setting"] or texts["service"]
        texts["organisation"] = texts["organisation"] or "trust"
        times = [moment(row.get(name, "")) for name in _TIMES]
        cause = int(row["cause"]) if row.get("cause") else None
        made.append((
            number, person, person, texts["practice"], (born or {}).get(person), cause,
            texts["service"], texts["organisation"], texts["organisation"], texts["setting"],
            *times, texts["mode"], texts["urgency"], texts["reason"], texts["outcome"],
        ))  # fmt: skip
    return made


def ground(rows, *, period=JANUARY, persons=None, ways=None, asked=(), medicine=(), born=None):
    """What rules work on, in memory; `asked` and `medicine` are pairs of person and time."""
    duck = duckdb.connect()
    made = Ground(
        duck=duck,
        period=period,
        start=day_of(period.start) * DAY,
        until=day_of(period.end) * DAY,
        persons=persons or {},
        ways=ways or {},
    )
    made.table(
        "contact",
        ("contact BIGINT", "identity BIGINT", "person BIGINT", "practice VARCHAR", "born BIGINT",
         "cause BIGINT", "service VARCHAR", "organisation VARCHAR", "organisation_name VARCHAR",
         "setting VARCHAR", *(f"{name} BIGINT" for name in _TIMES), "mode VARCHAR",
         "urgency VARCHAR", "reason VARCHAR", "outcome VARCHAR"),
        told(rows, born=born),
    )  # fmt: skip
    made.table("price", ("setting VARCHAR", "once BIGINT", "night BIGINT"), _PRICES)
    for name, pairs in (("asked", asked), ("medicine", medicine)):
        lines = [(person, moment(at), "MedicationRequest") for person, at in pairs]
        made.table(name, ("person BIGINT", "moment BIGINT", "kind VARCHAR"), lines)
    return made


def kind(name):
    """One of the kinds that are shipped."""
    return read((OURS / f"{name}.toml").read_text(encoding="utf-8"), name)


def terms(name, **changes):
    """The terms of a shipped kind, with changes."""
    return {**kind(name).on(date(2026, 12, 1)), **changes}


class Finding:
    """What a kind finds in a table: its rows by contact, what it looked at, its sums."""

    def __init__(self, name, text, changes=None, **how):
        self.ground = ground(table(text) if isinstance(text, str) else text, **how)
        self.looked = RULES[kind(name).rule](self.ground, terms(name, **(changes or {})))
        rows = self.ground.duck.execute("SELECT * FROM found ORDER BY contact")
        heads = [column[0] for column in rows.description]
        self.rows = [dict(zip(heads, row, strict=True)) for row in rows.fetchall()]
        self.contacts = [row["contact"] for row in self.rows]

    def hours(self):
        """Contact to the hours that it lost."""
        return {row["contact"]: row["lost"] / HOUR for row in self.rows}

    def by(self, column):
        """Contact to one column."""
        return {row["contact"]: row[column] for row in self.rows}

    def cells(self):
        return summing.cells(self.ground.duck)
