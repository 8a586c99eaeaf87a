"""The demo's costs: its own `costs.toml` on the shipped rules, all of the log, the past months.

District nurses and home carers are pools: what the teams cost a month, of which contacts use some
five sixths. One emergency department has said its own minutes; the others are national averages.
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from onesystem.access import Actor
from onesystem.budget.costing import actions, loading, queries
from onesystem.budget.costing.asked import whole_months
from onesystem.budget.costing.cells import month_of, number_of
from onesystem.district import current
from onesystem.vocabulary import UserError

FINANCE = Actor(name="finance", roles=frozenset({"finance"}), organisation="icb")
_USED = Fraction(5, 6)  # of a team's practical minutes
_DEARER = Fraction(104, 100)  # than the stated rate
_ED = """
[[rule]]
name = "{service}-own"
words = "Emergency department, its own minutes"
service = "{service}"
since = {since}
source = "Made up for the demo: minutes timed over two weeks by the department"
lines = [
  {{ kind = "staff", group = "nurse", minutes = 0.5, per = "minute", most = 480 }},
  {{ kind = "staff", group = "hospital-doctor", minutes = 34 }},
  {{ kind = "staff", group = "consultant", minutes = 11 }},
  {{ kind = "staff", group = "admin", minutes = 14 }},
  {{ kind = "tests", minor = 2150, words = "Bloods and imaging, on average" }},
  {{ kind = "consumables", minor = 680 }},
  {{ kind = "overhead", percent = 28 }},
]
"""
_POOL = """
[[pool]]
code = "{group}s-{home}"
words = "{words}"
group = "{group}"
services = [{services}]
since = {since}
cost = {cost}
minutes = {minutes}
source = "Made up for the demo: payroll and rota of the team"
"""
_TEAMS = (("district-nurse", "community", "District nurses"),)


def fund(say: Callable[[str], None]) -> None:
    """Say the district's own rates, cost the log by them, and post what is past."""
    path = current().path / loading.FILE
    actions.refresh(by=FINANCE)
    months = whole_months()
    if not months:
        return
    if not path.exists():
        since = month_of(number_of(months[-1]) - 11)
        part = path.with_suffix(".part")
        part.write_text(_said(since, months[-1]), encoding="utf-8")
        part.replace(path)
    rows, posted = bring_up()
    say(f"{rows:,} costs of contacts and months, {posted} months of them in the ledger")


def bring_up() -> tuple[int, int]:
    """Cost what is new and post the months that are over; costs, and months that took money."""
    done = actions.refresh(by=FINANCE)
    posted = sum(_post(month) for month in whole_months() if month >= _first_line())
    return done.rows, posted


def _said(since: date, last: date) -> str:
    """`costs.toml` of the demo, for the year up to a month."""
    text = "# What this district says of its own costs. It lies on the shipped rules.\n"
    for group, setting, words in _TEAMS:
        mine = {c.service for c in queries.cells(since, last, setting=setting)}
        known = {c for c in mine if c in current().services}
        by_home: dict[str, list[str]] = {}
        for code in sorted(known):
            by_home.setdefault(current().services[code].organisation, []).append(code)
        for home, services in by_home.items():
            text += _pool(group, words, home, services, since, last)
    eds = [c for c, s in sorted(current().services.items()) if s.setting == "ED"]
    return text + (_ED.format(service=eds[0], since=since) if eds else "")


def _pool(
    group: str, words: str, home: str, services: list[str], since: date, last: date
) -> str:  # fmt: skip
    rules, minutes = loading.book().rules, Fraction(0)
    lines = {(r.name, n): line for r in rules.rules for n, line in enumerate(r.lines)}
    for cell in queries.cells(since, last, kind="staff", name=group):
        if cell.service in services:
            minutes += cell.quantity * lines[cell.rule, cell.line].minutes
    a_month = max(1, round(minutes / 12 / _USED))
    cost = round(a_month * rules.rate(group, last) * _DEARER)
    run_by = current().organisations[home].name
    return _POOL.format(
        group=group, home=home, words=f"{words} of {run_by}", since=since, cost=cost,
        minutes=a_month, services=", ".join(f'"{each}"' for each in services),
    )  # fmt: skip


def _first_line() -> date:
    """The first month in which lines have a budget: before it there is nothing to post to."""
    from onesystem.budget.funds import queries as funds

    return funds.year_at().before.first


def _post(month: date) -> int:
    try:
        return bool(actions.post_month(month=month, by=FINANCE))
    except UserError:  # a month that is closed stays as it is
        return 0
