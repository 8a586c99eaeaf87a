"""What somebody asks of practices: twelve months, a figure; and how they may see the answer."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.http import HttpRequest

from onesystem.access import Actor
from onesystem.alliance.learning.peers import practices, working
from onesystem.alliance.learning.peers.figures import Figure, book
from onesystem.alliance.learning.peers.seeing import Viewer
from onesystem.budget.months import later
from onesystem.district import current
from onesystem.flow import queries
from onesystem.flow.chances.question import Period
from onesystem.flow.chances.seeing import Eyes
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say, say_date

_MONTHS = 12


def period_of(query: Mapping[str, str]) -> Period:
    """The twelve months up to one (`to=2026-10`); the last whole ones where none is said."""
    usual, said = working.usual(), query.get("to", "").strip()
    if not said:
        return usual
    try:
        end = later(date.fromisoformat(f"{said}-01"))
    except ValueError as error:
        raise UserError(
            say("{said} is no month", said=repr(said)), "Write a month such as 2026-09"
        ) from error
    if end > usual.end:
        raise UserError("that month is not over yet", "Choose an earlier one")
    return Period(start=later(end, -_MONTHS), end=end)


def figure_of(query: Mapping[str, str]) -> Figure:
    """The figure that is asked for, or the first."""
    known = book().figures
    return known.get(query.get("figure", "")) or next(iter(known.values()))


def viewer_of(actor: Actor, period: Period) -> Viewer:
    """How somebody may see."""
    sees = queries.sees_people(actor)
    eyes = Eyes(below=0 if sees else current().suppress_below,
                chance=f"{settings.SECRET_KEY}\x1e{period.start}\x1e{period.end}")  # fmt: skip
    return Viewer(mine=practices.mine(actor), names=practices.names_all(actor), eyes=eyes,
                  name_of=practices.name_of)  # fmt: skip


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def words_of(period: Period) -> str:
    """Twelve months in words."""
    return say(
        "{start} to {last}",
        start=say_date(period.start, "%B %Y"),
        last=say_date(period.last, "%B %Y"),
    )
