"""Rules and contacts as the tests of costing write them."""

from datetime import UTC, date, datetime

import pyarrow as pa
from django.test import TestCase

from onesystem import contacts as contact_log
from onesystem.budget.costing.columns import ASKED
from onesystem.budget.costing.reading import read

GROUND = """
since = 2024-04-01
[deflator.prices]
source = "made up for tests"
index = { "2023-24" = 90, "2024-25" = 100, "2025-26" = 103, "2026-27" = 105 }
[[staff]]
group = "nurse"
words = "nurse"
since = 2024-04-01
cost = 6_000_000
minutes = 60_000
source = "a nurse"
[[staff]]
group = "gp"
words = "doctor"
since = 2024-04-01
cost = 100
minutes = 3
source = "a third of a pound a minute"
[[national]]
code = "stay"
words = "A day in a bed"
minor = 70_001
since = 2024-04-01
prices = "2024-25"
deflator = "prices"
source = "a national average"
[[rule]]
name = "visit"
words = "A visit"
setting = "community"
since = 2024-04-01
source = "own minutes"
lines = [
  { kind = "staff", group = "nurse", minutes = 1, per = "minute", most = 90 },
  { kind = "staff", group = "nurse", minutes = 12, words = "On the way" },
  { kind = "consumables", minor = 250 },
  { kind = "overhead", percent = 12.5 },
]
[[rule]]
name = "gp"
words = "General practice"
setting = "general practice"
since = 2024-04-01
source = "own minutes"
lines = [{ kind = "staff", group = "gp", minutes = 1, per = "minute" }]
[[rule]]
name = "ward"
words = "A ward"
setting = "ward"
since = 2024-04-01
source = "national"
lines = [
  { kind = "national", code = "stay", per = "day" },
  { kind = "tests", minor = 900 },
]
[[rule]]
name = "package"
words = "Home care, a package"
setting = "home care"
from_hours = 24
since = 2024-04-01
source = "own minutes"
lines = [
  { kind = "staff", group = "nurse", minutes = 45, per = "day" },
  { kind = "bed", minor = 100, per = "week" },
  { kind = "bed", minor = 7, per = "hour" },
]
[[rule]]
name = "home-visit"
words = "Home care, a visit"
setting = "home care"
below_hours = 24
since = 2024-04-01
source = "own minutes"
lines = [{ kind = "staff", group = "nurse", minutes = 1, per = "minute" }]
[none]
meals = "Nobody has said what a meal costs."
"""


def ground():
    return read(GROUND, name="ground.toml")


def on(more, *, ground_rules=None):
    """The district's own file on the ground of the tests."""
    return read(more, name="costs.toml", ground=ground_rules or ground())


def at(text):
    """`2025-01-31 23:30` in UTC as milliseconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def contacts(*rows):
    """Contacts as the log has them: (service, setting, mode, started, ended) with texts in UTC."""
    times = pa.timestamp("ms", tz="UTC")
    told = [
        {
            "contact": number, "version": 1, "service": service, "setting": setting, "mode": mode,
            "started": None if start is None else at(start),
            "ended": None if end is None else at(end), "cancelled": False,
        }
        for number, (service, setting, mode, start, end) in enumerate(rows, 1)
    ]  # fmt: skip
    kinds = {"contact": pa.int64(), "version": pa.int32(), "started": times, "ended": times,
             "cancelled": pa.bool_()}  # fmt: skip
    return pa.table({n: pa.array([r[n] for r in told], kinds.get(n, pa.string())) for n in ASKED})


def costed(table, rules, day=date(2026, 11, 1)):
    from onesystem.budget.costing.columns import cost_table

    return cost_table(table, rules, day, zone="Europe/London")


def by_month(made):
    """{(contact, month): minor} of what was costed."""
    return {
        (row["contact"], f"{1970 + row['month'] // 12}-{row['month'] % 12 + 1:02}"): row["minor"]
        for row in made.table.to_pylist()
    }


def told(*rows, message=1, source="pas"):
    """Rows of an extract: (key, service, setting, started, ended, cancelled)."""
    names = ("key", "service", "setting", "started", "ended", "cancelled")
    columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    times = pa.timestamp("us", tz="UTC")
    for name in ("started", "ended"):
        columns[name] = pa.array([_moment(each) for each in columns[name]], times)
    table = pa.table({**columns, "identity": pa.array(range(1, len(rows) + 1), pa.int64())})
    at = datetime(2026, 10, 14, 12, message, tzinfo=UTC)
    with TestCase.captureOnCommitCallbacks(execute=True):  # the test's transaction never ends
        contact_log.append(table, source=source, message=message, known_at=at)


def _moment(text):
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


VISITS = [
    (f"v{n}", "nursing", "community", f"2026-05-{n % 28 + 1:02} 09:00",
     f"2026-05-{n % 28 + 1:02} 09:{20 + n % 30}", False)
    for n in range(60)
]  # fmt: skip
STAY = ("s1", "ward-a", "ward", "2026-04-29 10:00", "2026-06-03 10:00", False)
