"""What would help most: a few things that can be done today, each on the luck of the forecast."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from math import ceil
from threading import Event
from typing import Any

import numpy as np

from onesystem.flow.boards.gridlock import Limits
from onesystem.twin.forecast.beginning import IS, READY, SENT
from onesystem.twin.forecast.running import Ran, ran
from onesystem.twin.forecast.sites import Site, at_nodes, gridlocked, in_beds, needed, waiting
from onesystem.twin.forecast.told import Lever
from onesystem.twin.network.model import Model
from onesystem.twin.scenarios import changes as of
from onesystem.twin.scenarios.applying import applied
from onesystem.twin.scenarios.comparing import Estimate, estimate, paired
from onesystem.vocabulary import Setting

_MORE_BEDS, _FEWER_COME, _SHORTER = 0.05, 0.9, 0.9
_DOORS = {Setting.ED.value, Setting.AMBULANCE.value}


def tried(
    model: Model, base: Ran, marks: Sequence[int], sites: Sequence[Site], limits: Limits,
    settings: Mapping[str, str], workers: int | None, stop: Event | None,
) -> tuple[Lever, ...]:  # fmt: skip
    """Each lever beside doing nothing, what helps most first; none where there are no beds."""
    if not any(site.beds for site in sites):
        return ()
    spans = np.diff([0, *marks])
    nothing = _figures(base, sites, limits, spans)
    found = []
    for name, more, make in _levers(model, base, sites, settings):
        run = ran(make(model), tuple(marks), workers=workers, stop=stop)
        opened = [replace(s, places=_more(s, more.get(s.code, 0))) for s in sites]
        figures = _figures(run, opened, limits, spans)
        found.append(_lever(name, figures, nothing))
    return tuple(sorted(found, key=lambda each: (
        not each.sure, each.gridlock[0] or 0.0, each.waiting[0] or 0.0, each.inside[0] or 0.0
    )))  # fmt: skip


def _lever(name: str, figures: Sequence[Any], nothing: Sequence[Any]) -> Lever:
    pairs = zip(figures, nothing, strict=True)
    gaps = [estimate(paired(a.tolist(), b.tolist())) for a, b in pairs]
    gridlock, waits, inside = (tuple(asdict(each).values()) for each in gaps)
    return Lever(
        name=name, gridlock=gridlock, waiting=waits, inside=inside,
        sure=any(_lowers(each) for each in gaps[:2]) or _lowers(gaps[2]),
    )  # fmt: skip


def _lowers(gap: Estimate) -> bool:
    return gap.high is not None and gap.high < 0


def _figures(base: Ran, sites: Sequence[Site], limits: Limits, spans: Any) -> tuple[Any, ...]:
    """Of each replication: gridlock anywhere, people waiting for a bed, people in beds."""
    locked = np.any([gridlocked(base, each, limits) for each in sites], axis=0)
    waits = np.sum([waiting(base, each) for each in sites], axis=0)
    inside = np.sum([in_beds(base, each) for each in sites], axis=0)
    share = spans / spans.sum()
    return locked.any(axis=1).astype(float), waits @ share, inside @ share


def _more(site: Site, number: int) -> tuple[int, ...]:
    return tuple(each + number for each in site.places)


_Made = tuple[str, Mapping[str, int], Callable[[Model], Model]]


def _levers(
    model: Model, base: Ran, sites: Sequence[Site], settings: Mapping[str, str]
) -> Iterator[_Made]:
    """Name, how many more beds in which hospital, and what it makes of the model."""
    ready = sum(each.attributes.get(READY) == IS for each in model.inside)
    if ready:
        people = "the one person" if ready == 1 else f"all {ready} people"
        yield f"Let {people} go who are ready to", {}, _sent
    beds = {name: site for site in sites for name in site.beds}
    if fullest := _fullest(model, base, beds):
        site = beds[fullest]
        number = max(2, ceil(_MORE_BEDS * max(site.places, default=0)))
        yield (
            f"Open {number} more beds on {fullest}",
            {site.code: number},
            _changed(of.Places(service=fullest, more=number)),
        )
    doors = [name for name, each in model.arrivals.items() if settings.get(each.node) in _DOORS]
    if doors:
        yield (
            "One in ten fewer come to emergency departments or call an ambulance",
            {},
            _changed(*(of.Arrivals(inflow=name, times=_FEWER_COME) for name in doors)),
        )
    yield (
        "Stays on wards become a tenth shorter",
        {},
        _changed(*(of.Stays(service=name, times=_SHORTER) for name in beds)),
    )


def _sent(model: Model) -> Model:
    """Whoever is ready leaves at once; everybody keeps their luck."""
    inside = tuple(
        replace(each, attributes={**each.attributes, READY: SENT})
        if each.attributes.get(READY) == IS else each
        for each in model.inside
    )  # fmt: skip
    return replace(model, inside=inside)


def _changed(*changes: of.Change) -> Callable[[Model], Model]:
    scenario = of.Scenario(name="lever", changes=changes)
    return lambda model: applied(model, scenario)


def _fullest(model: Model, base: Ran, beds: Mapping[str, Site]) -> str:
    """The service with beds that are a limit whose need is largest beside them."""
    need, found = needed(model, base).mean(axis=(0, 1)), []
    for name in beds:
        servers = model.nodes[name].servers
        if servers is not None:
            places = max(servers.mean, 0.5)  # type: ignore[union-attr]
            found.append((float(need[at_nodes(base, [name])[0]]) / places, name))
    return max(found, default=(0.0, ""))[1]
