"""The demo's plans of money: the district's own over five years, and its board's over twenty.

The first begins with what the ledger has; its planner then writes whose growth it is, what stays
with the hospital as elective work, and what runs side by side for two years. The second begins
with what the case for change says that the board's people cost.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from onesystem.access import Actor
from onesystem.plan.money import actions, queries
from onesystem.plan.money.shape import Doubled, MoneyPlan, Rule

PLANNER = Actor(name="planner", roles=frozenset({"planner"}), organisation="icb")
AREA = "QMM"
_CANTERBURY = (
    "As Canterbury did: growth of 3 to 6 per cent a year in real terms, most of it put outside the "
    "hospital"
)
_RATES = "Planning assumption of the board, to be replaced by the settlement when it is published"
_ELECTIVE = 4_100_00  # about what an ordinary elective stay costs; an assumption


def plan(say: Callable[[str], None]) -> None:
    """Write both plans, and one change to the first."""
    if queries.slugs():
        return
    year = queries.this_year()
    own = queries.begun(slug="five-years", name="Five-year plan of the district", year=year,
                        years=5, area=AREA)  # fmt: skip
    if not own.lines:
        return
    seen = actions.keep(plan=own, seen=0, by=PLANNER, why="As the ledger has this year")
    actions.keep(plan=_planned(own, year.first), seen=seen, by=PLANNER,
                 why="Growth outside the hospital; home first beside wards")  # fmt: skip
    board = queries.begun(slug="norfolk-and-waveney", name="Norfolk and Waveney to 2046",
                          year=year, years=20, area=AREA, whence=queries.CASE)  # fmt: skip
    actions.keep(plan=replace(board, rates_source=_RATES), seen=0, by=PLANNER,
                 why="The case for change, doing nothing")  # fmt: skip
    say(f"{len(queries.slugs())} plans of money, over 5 and 20 years")


def _planned(own: MoneyPlan, first: date) -> MoneyPlan:
    """Rates by year, growth shared, efficiency kept by wards, and a fund that ends."""
    wards = max((x.amount for x in own.lines if x.setting == "ward"), default=0)
    both = Doubled(
        code="home-first-beside-wards", name="Care at home beside the wards it will relieve",
        amount=wards * 4 // 100, first=date(first.year + 1, 4, 1), last=date(first.year + 3, 3, 1),
        after=wards // 100, funder=own.funders[0].code,
        benefit="Fewer bed-days of people over 75, by the days-at-home measure",
    )  # fmt: skip
    return replace(
        own, pay=(360, 300, 280), price=(270, 240), inflation=(240, 210, 200),
        efficiency=(120,), rates_source=_RATES, doubled=(both,),
        rule=Rule(kind="share", rate=6_500, source=_CANTERBURY),
        funders=tuple(replace(f, growth=(100, 60, 50)) for f in own.funders),
        lines=tuple(
            replace(x, keeps=60, unit=_ELECTIVE) if x.setting == "ward" else x for x in own.lines
        ),
    )  # fmt: skip
