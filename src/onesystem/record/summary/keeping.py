"""What was told a short while ago, kept by the process for the next look at the same person.

Each part of a record is kept by itself, for one view: the same identities, the same condition of
what may be seen, nothing newer to be marked. So whoever may see less is told anew. It is held
against the part's stamps, which change with every write to it, and against the clock, since ages
grow. Nothing is written anywhere.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
import zstandard
from markupsafe import Markup

from onesystem.district import District
from onesystem.record.stamps import Stamps, stamps_of
from onesystem.record.summary.telling import Part, Told, View, tell_part, together
from onesystem.vocabulary.kept import from_micros

MOST = 512  # parts of people and sights: about a kilobyte each, eight to a record


@dataclass(frozen=True, slots=True)
class _Held:
    """A part as it was told, with its pieces packed; for one district as it was read."""

    told: Part
    packed: bytes
    district: District

    def holds(self, view: View) -> bool:
        """Whether it is still true."""
        return self.district is view.district and view.at < self.told.until

    def open(self) -> Part:
        """What was told, with its pieces."""
        pieces = orjson.loads(zstandard.decompress(self.packed))
        return replace(self.told, pieces={name: Markup(said) for name, said in pieces.items()})  # noqa: S704 - as it was told


class Shelf:
    """The last that were told, the one that was longest not asked for goes first."""

    def __init__(self, most: int = MOST, telling: Callable[[View, str], Part] = tell_part) -> None:
        self._most, self._telling = most, telling
        self._held: OrderedDict[Any, _Held] = OrderedDict()

    def told(self, view: View) -> Told:
        """What the view is told: as it was kept, where that is still true."""
        return together(self._parts(view))

    def _parts(self, view: View) -> Iterator[Part]:
        for name, stamps in stamps_of(view.identities).items():  # before the entries are read
            yield self._part(replace(view, since=_newer(view.since, stamps)), name, stamps)

    def _part(self, view: View, name: str, stamps: Stamps) -> Part:
        key = (name, view.person, view.identities, view.seen, view.since, stamps)
        held = self._held.get(key)
        if held is not None and held.holds(view):
            self._held.move_to_end(key)
            return held.open()
        told = self._telling(view, name)
        self._put(key, _packed(told, view.district))
        return told

    def _put(self, key: Any, held: _Held) -> None:
        self._held[key] = held
        self._held.move_to_end(key)
        while len(self._held) > self._most:
            self._held.popitem(last=False)


def _newer(since: datetime | None, stamps: Stamps) -> datetime | None:
    """When they last looked, where something may have become known since."""
    return since if since and since < from_micros(stamps.known_by) else None


def _packed(told: Part, district: District) -> _Held:
    pieces = {name: str(said) for name, said in told.pieces.items()}
    return _Held(replace(told, pieces={}), zstandard.compress(orjson.dumps(pieces), 1), district)


SHELF = Shelf()
