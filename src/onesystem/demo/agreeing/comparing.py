"""What the demo publishes: its own figures where they are worked out, and two made-up districts'.

Measures are worked out while the demo is served, so that its chair mostly publishes later, by hand.
The two others are plainly made up: there is no third district here.
"""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from onesystem.access import Actor
from onesystem.access.models import User
from onesystem.alliance.comparing import actions, gathering, shelf
from onesystem.alliance.comparing.publication import DISTRICTS, NATION, Month, Publication, Told
from onesystem.alliance.comparing.rows import Published
from onesystem.budget.months import later
from onesystem.flow.measures import library
from onesystem.vocabulary import UserError

_MADE_UP = (
    ("example-coast", "Example Coast (made up)", DISTRICTS, 1.0, 0.97),
    ("example-hills", "Example Hills (made up)", NATION, 0.6, 1.06),
)
# Of a month: the share, and of how many; or the figure alone where it is no share.
_LEVELS: dict[str, tuple[float, int]] = {
    "ed-4-hours": (0.72, 21_000), "ed-12-hours": (0.07, 21_000),
    "ambulance-handover-30": (0.66, 6_400), "discharged-home": (0.93, 9_800),
    "emergency-readmission-30": (0.13, 9_800), "emergency-admissions-65": (1_850.0, 0),
    "acute-bed-days": (52.0, 0), "length-of-stay": (6.4, 0), "long-stays-21": (240.0, 0),
    "discharge-delay": (1.6, 0), "days-at-home": (356.0, 0),
}  # fmt: skip


def agree(say: Callable[[str], None]) -> None:
    """Publish where there is something to, and lay two made-up publications beside it."""
    chair = User.objects.filter(username="chair").first()
    if chair is None or Published.objects.exists():
        return
    by = Actor.of(chair)
    empty = gathering.gathered(by=by, number=1, audience=DISTRICTS)
    for code, name, audience, size, way in _MADE_UP:
        shelf.lay(_made_up(empty, code, name, audience, size, way))
    try:
        own = actions.publish(by=by, audience=DISTRICTS, note="The demo's own figures")
    except UserError:
        say("Two made-up districts published for the nation; the chair publishes ours")
    else:
        say(f"{len(own.measures)} measures published for the nation, beside two made-up districts")


def _made_up(
    like: Publication, code: str, name: str, audience: str, size: float, way: float
) -> Publication:
    end = date.fromisoformat(like.made[:10]).replace(day=1)
    known, months = gathering.names(end)
    dice = random.Random(code)  # noqa: S311 - made-up figures, the same each time
    measures = tuple(
        _told(each, [later(end, -n) for n in range(months, 0, -1)], dice, size, way)
        for each in known if each in _LEVELS
    )  # fmt: skip
    return replace(like, code=code, name=name, audience=audience, measures=measures,
                   data_to=later(end, 0).isoformat(),
                   note="Made up: plausible figures of no real district")  # fmt: skip


def _told(name: str, months: list[date], dice: random.Random, size: float, way: float) -> Told:
    declared = library.measure(name)
    level, many = _LEVELS[name]
    below = round(many * size)
    return Told(
        name=name, title=declared.title, unit=declared.unit, direction=declared.direction,
        words=declared.words, source=declared.source, shares=declared.unit == "percent",
        counts=bool(many), over=bool(many),
        months=tuple(_months(months, level * way, below, dice)),
    )  # fmt: skip


def _months(months: list[date], level: float, below: int, dice: random.Random) -> Iterator[Month]:
    """A level with a winter in it, and some chance."""
    for month in months:
        winter = 0.03 * math.cos((month.month - 1) / 12 * 2 * math.pi)
        figure = level * (1 + winter + dice.gauss(0, 0.015))
        if not below:
            yield Month(month=month.isoformat(), value=round(figure, 3))
            continue
        here = round(below * dice.uniform(0.96, 1.04))
        above = min(here - 100, round(here * figure))
        yield Month(month=month.isoformat(), value=round(100 * above / here, 2), above=above,
                    below=here)  # fmt: skip
