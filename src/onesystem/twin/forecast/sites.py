"""Hospitals in a run: who is in their beds, who waits for one, and when that is gridlock. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from onesystem.flow.boards.gridlock import Limits
from onesystem.twin.forecast.beginning import onward
from onesystem.twin.forecast.running import Ran
from onesystem.twin.network.model import Model


@dataclass(frozen=True, kw_only=True)
class Site:
    """A hospital: the nodes that are its beds and its emergency departments.

    `places` are its open beds at the hours told of.
    """

    code: str
    name: str
    beds: tuple[str, ...]
    gates: tuple[str, ...] = ()
    places: tuple[int, ...] = ()


def needed(model: Model, base: Ran) -> Any:
    """Places that would be needed: those inside, those who wait, and those kept before for it."""
    ways = np.zeros((len(base.nodes), len(base.nodes)))
    where = {name: n for n, name in enumerate(base.nodes)}
    for name, node in model.nodes.items():
        for to, share in onward(node.next):
            if model.nodes[to].waiting_room == 0:
                ways[where[name], where[to]] += share
    total = ways.sum(axis=1, keepdims=True)
    ways = np.divide(ways, total, out=np.zeros_like(ways), where=total > 0)
    return base.inside + base.waiting + np.rint(base.blocked @ ways).astype(np.int64)


def gridlocked(base: Ran, site: Site, limits: Limits) -> Any:
    """Replications by hours: whether the beds are over their limit while people wait for one."""
    places = np.array(site.places or [0] * base.inside.shape[1])
    full = in_beds(base, site) > limits.occupancy * places
    return (places > 0) & full & (waiting(base, site) >= limits.waiting)


def in_beds(base: Ran, site: Site) -> Any:
    """Replications by hours: people in the beds of a hospital."""
    return base.inside[..., at_nodes(base, site.beds)].sum(axis=-1)


def waiting(base: Ran, site: Site) -> Any:
    """Replications by hours: people who wait for one of its beds, or are kept in its ED for one."""
    beds, gates = at_nodes(base, site.beds), at_nodes(base, site.gates)
    return base.waiting[..., beds].sum(axis=-1) + base.blocked[..., gates].sum(axis=-1)


def at_nodes(base: Ran, names: Sequence[str]) -> list[int]:
    """Where these nodes are among all."""
    return [n for n, each in enumerate(base.nodes) if each in names]
