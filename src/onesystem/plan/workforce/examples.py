"""The figures of the article of 16 May 2014 as worked examples, each with its arithmetic. Pure.

What the article says is marked `said`; what has to be assumed to work with it is marked `assumed`,
and what follows is worked out, never typed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from onesystem.plan.workforce.mixing import worth
from onesystem.plan.workforce.pipeline import afford
from onesystem.plan.workforce.projecting import project
from onesystem.plan.workforce.roles import role
from onesystem.plan.workforce.shape import Commission, Mix, Staff, Workforce

TOLD = date(2014, 5, 16)
SOURCE = "Blog of a Norwich commissioner, 'The retirement challenge', 16 May 2014"
_BASE = date(2014, 4, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure of an example: its words, the figure, and whether it is said or follows."""

    words: str
    value: str
    kind: str  # said, assumed, follows
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One worked example."""

    code: str
    title: str
    rows: tuple[Row, ...]


def nurses(*, times: int = 1) -> Workforce:
    """Nurses of Norfolk and Suffolk: 17 % over 55, and 2,000 short by 2019.

    The article names neither staff in post nor commissions. With 10,000 in post and as many needed,
    1,700 retire by 2019; that 2,000 are short then follows where need grows by 1.5 % a year and
    as many come as otherwise leave, but for 473 who come on top.
    """
    staff = Staff(role="nurse", in_post=10_000_00, needed=10_000_00, growth=150, turnover=0,
                  over_55=17, joiners=9_457)  # fmt: skip
    places = (Commission(role="nurse", places=0, decided=TOLD, then=115 * (times - 1)),)
    return Workforce(slug="norfolk-suffolk-2014", name="Nurses of Norfolk and Suffolk, 2014",
                     base=_BASE, years=5, staff=(staff,), commissions=places)  # fmt: skip


def examples() -> tuple[Example, ...]:
    """All of them."""
    return tuple(make() for make in _ALL)


def _retiring() -> Example:
    plan = nurses()
    bare = replace(plan, staff=(replace(plan.staff[0], joiners=0),), commissions=())
    years = project(bare).years["nurse"]
    return Example(
        code="retiring", title="17 per cent are over 55, and retire within five years",
        rows=(
            Row(words="Over 55", value="17 %", kind="said"),
            Row(words="In post", value="10,000", kind="assumed", why="a round figure to work with"),
            Row(words="Retire in each of five years", value=f"{years[0].retire:,.0f}",
                kind="follows", why="10,000 x 17 % / 5"),
            Row(words="Retired after five", value=f"{sum(y.retire for y in years):,.0f}",
                kind="follows", why="10,000 x 17 %"),
        ),
    )  # fmt: skip


def _short() -> Example:
    found = project(nurses())
    last = found.years["nurse"][-1]
    return Example(
        code="nurses", title="2,000 nurses short in Norfolk and Suffolk by 2019",
        rows=(
            Row(words="Short by 2019", value="2,000", kind="said"),
            Row(words="In post and needed in 2014", value="10,000", kind="assumed"),
            Row(words="Need grows by", value="1.5 % a year", kind="assumed"),
            Row(words="Needed in 2019", value=f"{last.needed:,.0f}", kind="follows",
                why="10,000 x 1.015 ** 5"),
            Row(words="Retire", value="1,700", kind="follows", why="10,000 x 17 %"),
            Row(words="Come on top of those who otherwise leave",
                value=f"{sum(y.join for y in found.years['nurse']):,.0f}", kind="assumed",
                why="what must be true for 2,000 to be short"),
            Row(words="In post in 2019", value=f"{last.closes:,.0f}", kind="follows"),
            Row(words="Short in 2019", value=f"{last.short:,.0f}", kind="follows"),
        ),
    )  # fmt: skip


def _doubled() -> Example:
    nurse, doctor, gp = role("nurse"), role("doctor"), role("gp")
    once, twice = project(nurses()), project(nurses(times=2))
    eased = once.short("nurse", 5) - twice.short("nurse", 5)
    return Example(
        code="double", title="Double the commissions tomorrow",
        rows=(
            Row(words="Decided", value=f"{TOLD:%-d %B %Y}", kind="said"),
            Row(words="Nurses begin to work", value="the summer of 2018", kind="said"),
            Row(words="First intake that can still be changed",
                value=f"{nurse.intake(TOLD):%B %Y}", kind="follows",
                why=f"applications close {nurse.lead} months before a September"),
            Row(words="They begin to work", value=f"{nurse.reaches(TOLD):%B %Y}", kind="follows",
                why=f"{nurse.months} months of training"),
            Row(words="Doctors", value=f"{doctor.reaches(TOLD):%B %Y}", kind="follows",
                why="said: later than 2020"),
            Row(words="General practitioners", value=f"{gp.reaches(TOLD):%B %Y}", kind="follows"),
            Row(words="115 places more a year ease 2019 by", value=f"{eased:,.0f} nurses",
                kind="follows", why="one intake by then, of whom 80 % finish"),
        ),
    )  # fmt: skip


def _paramedics() -> Example:
    kind = role("paramedic")
    places = -(-400 * 100 // kind.completion)
    return Example(
        code="paramedics", title="400 more paramedics for the East of England",
        rows=(
            Row(words="Needed more, already", value="400", kind="said"),
            Row(words="Of those who begin, finish", value=f"{kind.completion} %", kind="assumed"),
            Row(words="Places in one intake that close it", value=f"{places:,}", kind="follows",
                why=f"400 / {kind.completion} %, rounded up"),
            Row(words="They begin to work", value=f"{kind.reaches(TOLD):%B %Y}", kind="follows"),
            Row(words="Cost of the places", value=f"£{places * kind.place / 100:,.0f}",
                kind="follows", why=f"£{kind.place / 100:,.0f} a place, assumed"),
        ),
    )  # fmt: skip


def _afford() -> Example:
    price = role("nurse").place
    paid = afford({"nurse": 500}, 300 * price)["nurse"]
    return Example(
        code="afford", title="Fewer than we need, as many as we can afford",
        rows=(
            Row(words="Places needed a year", value="500", kind="assumed"),
            Row(words="Money for places", value=f"£{300 * price / 100:,.0f}", kind="assumed"),
            Row(words="Places that it pays for", value=f"{paid:,}", kind="follows",
                why=f"£{price / 100:,.0f} a place, assumed"),
        ),
    )  # fmt: skip


def _assistants() -> Example:
    hca = role("support-worker")
    mix = Mix(words="Help that needs no nurse", from_role="nurse", to_role="support-worker",
              share=10, start=date(2014, 9, 1))  # fmt: skip
    made = worth(mix, 10_000, {})
    return Example(
        code="assistants", title="All hail Bands 1-4",
        rows=(
            Row(words="From new to ready", value="three months", kind="said"),
            Row(words="Begin to work", value=f"{hca.reaches(TOLD):%B %Y}", kind="follows",
                why="no fixed intake; begun in June 2014"),
            Row(words="Of nurses' hours that others can do", value="10 %", kind="assumed"),
            Row(words="Given back as supervision", value="5 %", kind="assumed"),
            Row(words="Nurses' work eased", value=f"{made.eased:,.0f} full-time", kind="follows"),
            Row(words="Support workers for it", value=f"{made.instead:,.0f}", kind="follows"),
        ),
    )  # fmt: skip


_ALL: tuple[Callable[[], Example], ...] = (
    _retiring, _short, _doubled, _paramedics, _afford, _assistants,
)  # fmt: skip
