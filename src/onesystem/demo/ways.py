"""What the district has decided, as the demo's world feels it.

A decision changes what happens only where all that it needs is in force: a way for flare-ups needs
the pathway and places of the team, a crew leaves people at home only where its screen offers that.
How much each does, with its source, is in `ways.toml`.
"""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from onesystem.demo.flareups import Way
from onesystem.district import current
from onesystem.vocabulary import zone

if TYPE_CHECKING:
    from onesystem.alliance.commit.queries import InForce

_FAR = 1 << 40


def in_force() -> tuple[Way, ...]:
    """The ways that end at home, of the decisions that are carried out."""
    from onesystem.alliance.commit import queries

    return ways_of(queries.in_force("pathway", "service", "ambulance"), current().zone)


def ways_of(changes: Iterable["InForce"], zone_name: str) -> tuple[Way, ...]:
    """The ways that these changes open: each from when the last that it needs holds."""
    every = list(changes)
    found = (_way(kind, said, every, zone_name) for kind, said in _said().items())
    return tuple(way for way in found if way)


@cache
def _said() -> Mapping[str, Any]:
    text = files("onesystem.demo").joinpath("ways.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _way(
    kind: str, said: Mapping[str, Any], changes: list["InForce"], zone_name: str
) -> Way | None:
    needed = []
    for need in said["needs"]:
        mine = [c for c in changes if (c.kind, c.code) == (need, said[need])]
        if not mine:
            return None
        needed.append(mine[-1])  # of several decisions about the same, the last
    places = next((int(c.number) for c in needed if c.kind == "service"), 0)
    return Way(
        kind=kind, since=max(_second(c, zone_name) for c in needed),
        until=min(int(c.until.timestamp()) if c.until else _FAR for c in needed),
        part=said["part"], back=said["back"], places=places,
    )  # fmt: skip


def _second(change: "InForce", zone_name: str) -> int:
    return int(datetime.combine(change.since, time(), tzinfo=zone(zone_name)).timestamp())
