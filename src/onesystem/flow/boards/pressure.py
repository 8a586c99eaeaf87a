"""The pressure on the district as the call sees it: by organisation with beds, and outside."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from onesystem.district import current
from onesystem.flow import now, presenters, queries
from onesystem.flow.boards import showing, watching
from onesystem.flow.boards.queries import gridlock_days
from onesystem.vocabulary.kept import to_micros

COUNTS = ("here", "waiting", "ready", "over_limit", "crews")
_FIVE = 5
_NO_DAYS = {"week": 0, "month": 0, "year": 0}


def by_organisation(at: datetime) -> list[dict[str, Any]]:
    """The true pressure of each organisation as rows that can be kept, with days of gridlock."""
    here, days = current(), gridlock_days(at)
    rows = []
    for each in watching.pressure_now(here, queries.true_board(at=at), to_micros(at)):
        organisation = here.organisations.get(each.organisation)
        counted = days.get(each.organisation)
        rows.append(
            {
                **asdict(each),
                "occupancy": each.occupancy,
                "name": organisation.name if organisation else each.organisation,
                "days": asdict(counted) if counted else _NO_DAYS,
            }
        )
    return rows


def without_small(rows: Iterable[Mapping[str, Any]], *, below: int) -> list[dict[str, Any]]:
    """The same for those who may not see people. Pure.

    Wards stand beside their sum on other pages: where the sum were exact, the one ward whose count
    is hidden could be taken from it. So sums are rounded to fives, and so is their share of beds.
    """
    return [_rounded(row, below) for row in rows]


def _rounded(row: Mapping[str, Any], below: int) -> dict[str, Any]:
    told: dict[str, Any] = {key: _about(row.get(key), below) for key in COUNTS}
    beds = row.get("capacity")
    share = told["here"] / beds if beds and told["here"] is not None else None
    return {**row, **told, "occupancy": share}


def _about(count: int | None, below: int) -> int | None:
    if count is None or 0 < count < below:
        return None
    return round(count / _FIVE) * _FIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Care of one setting outside the hospital: what it can take, who waits for it; in words."""

    name: str
    services: int
    capacity: int
    free: str
    waiting: str
    heard: presenters.Heard | None


def outside(board: queries.Board) -> list[Outside]:
    """Each setting outside the hospital whose places are said; `board` as the actor may see it."""
    found: dict[str, list[now.ServiceNow]] = {}
    for figures in board.services.values():
        if figures.setting in showing.COMMUNITY and figures.capacity:
            found.setdefault(figures.setting, []).append(figures)
    return [_outside(setting, some, board) for setting, some in sorted(found.items())]


def _outside(setting: str, some: list[now.ServiceNow], board: queries.Board) -> Outside:
    heard = [each for figures in some if (each := presenters.newest(figures, board))]
    free = [None if f.free is None else max(0, f.free) for f in some]
    return Outside(
        name=presenters.setting_name(setting), services=len(some),
        capacity=sum(f.capacity or 0 for f in some), free=showing.added(free),
        waiting=showing.added(f.waiting for f in some),
        heard=max(heard, key=lambda each: (each.last is not None, each.last), default=None),
    )  # fmt: skip
