"""The world of the district that this process serves, for the engines."""

from datetime import datetime
from functools import lru_cache

from onesystem.district import District
from onesystem.district.clock import now as here_and_now
from onesystem.flow.measures import library
from onesystem.flow.measures.days import clock
from onesystem.flow.measures.world import World
from onesystem.vocabulary.kept import to_micros


def world(district: District, horizon: int) -> World:
    """The district at a horizon (ms): the last moment up to which open contacts are counted."""
    return _world(_Same(district), horizon)


class _Same:
    """A district that is told apart by being the same object."""

    def __init__(self, district: District) -> None:
        self.district = district

    def __hash__(self) -> int:
        return id(self.district)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.district is self.district


@lru_cache(maxsize=8)
def _world(same: _Same, horizon: int) -> World:
    district = same.district
    return World(
        clock=clock(district.zone),
        horizon=horizon,
        organisations={code: each.organisation for code, each in district.services.items()},
        places={code: each.place for code, each in district.services.items()},
        codes=library.codes(),
        prices=library.prices(),
    )


def horizon(district: District, at: datetime | None = None) -> int:
    """The beginning of the district's day, in milliseconds: whole days only are counted open."""
    hands = clock(district.zone)
    moment = to_micros(at or here_and_now()) // 1000
    return hands.midnight(hands.day(moment))
