"""Small tables of contacts in which a flag is looked for."""

from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from pathlib import Path

import pytest

from onesystem.contacts.log import scan
from onesystem.flow.coordination import finding
from onesystem.flow.coordination.definitions import definitions

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
_COLUMNS = {
    "contact": "BIGINT", "person": "BIGINT", "practice": "VARCHAR", "age": "BIGINT",
    "sex": "VARCHAR", "service": "VARCHAR", "setting": "VARCHAR", "organisation": "VARCHAR",
    "source": "VARCHAR", "began": "TIMESTAMPTZ", "ended": "TIMESTAMPTZ", "mode": "VARCHAR",
    "reason": "VARCHAR", "outcome": "VARCHAR", "clinician": "VARCHAR",
}  # fmt: skip
_OTHERS = {
    "plan": "person BIGINT",
    "medicine": "person BIGINT, medicine VARCHAR, prescriber VARCHAR, source VARCHAR,"
    " began TIMESTAMPTZ",
    "request": "person BIGINT, service VARCHAR, source VARCHAR, began TIMESTAMPTZ",
}


def moment(text):
    """A moment as a table says it: days and hours before AT (`10d`, `10d 3h`), or nothing."""
    if text in ("", "now"):
        return AT if text else None
    back = timedelta()
    for part in text.split():
        back += timedelta(**{{"d": "days", "h": "hours", "m": "minutes"}[part[-1]]: int(part[:-1])})
    return AT - back


def read(text):
    """The rows of a table with a head, columns parted by `|`."""
    lines = [line.strip().strip("|") for line in text.strip().splitlines() if line.strip()]
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [dict(zip_longest(head, row, fillvalue="")) for row in rows]


def flag(name):
    """A flag as it is shipped."""
    return next(f for f in definitions(Path("/nowhere")).on(AT.date()) if f.name == name)


@pytest.fixture
def duck():
    """The tables that flags are found in, empty."""
    connection = scan.connect(memory="200MB")
    columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    connection.execute(f"CREATE TEMP TABLE contact ({columns})")
    for name, said in _OTHERS.items():
        connection.execute(f"CREATE TEMP TABLE {name} ({said})")
    yield connection
    connection.close()


@pytest.fixture
def contacts(duck):
    """Fill the table of contacts from a table in words; what it does not say is as usual."""

    def fill(text):
        for number, row in enumerate(read(text), 1):
            began = moment(row["from"])
            usual = {
                "contact": number, "practice": "P1", "age": 70, "sex": "female",
                "organisation": row.get("organisation", "hospital"), "source": "pas",
                "service": row.get("service") or row["setting"], "mode": "", "reason": "",
                "outcome": "", "clinician": "",
            }  # fmt: skip
            told = {k: v for k, v in row.items() if k in _COLUMNS}
            ended = moment(row["to"]) if "to" in row else began + timedelta(minutes=20)
            line = {**usual, **told, "began": began, "ended": ended}
            marks = ", ".join("?" * len(_COLUMNS))
            duck.execute(f"INSERT INTO contact VALUES ({marks})", [line[name] for name in _COLUMNS])

    return fill


@pytest.fixture
def flagged(duck):
    """How many facts of a flag each person has, of those who reach its least."""

    def count(name):
        found = finding.find(duck, flag(name), AT, "Europe/London")
        return {person: sum(f.amount for f in facts) for person, facts in found.items()}

    return count
