"""A model of services from a log of contacts, each part of it with what it rests on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from onesystem.twin.calibration.capacity import limit
from onesystem.twin.calibration.fitting import Fit, Known, fit, kind_profiles, trait_shares
from onesystem.twin.calibration.log import NONE, Log, followers, taken
from onesystem.vocabulary import BadConfig

WITHIN, FEWEST = 4.0, 50
_FEWEST_ENDED = 50


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """The services of a log as estimated, and the log as it was used.

    `left_out` says why; `pooled` as part of what; `apart` are those whose waits are no part of it;
    `forgotten` counts contacts that nobody ever ended; `traits` are shares of everybody, classes by
    levels.
    """

    log: Log
    services: dict[str, Fit]
    traits: Mapping[str, Any]
    left_out: dict[str, str]
    pooled: dict[str, str]
    apart: frozenset[str]
    forgotten: dict[str, int]
    within: float
    name: str
    zone: str = "UTC"


def calibrated(
    log: Log,
    *,
    known: Mapping[str, Known] | None = None,
    within: float = WITHIN,
    fewest: int = FEWEST,
    name: str = "twin",
    zone: str = "UTC",
) -> Calibration:
    """Estimate every service of a log. Raises BadConfig where there is too little to go by.

    A contact that is asked for within `within` hours of the end of the one before is what that led
    to. Services with fewer than `fewest` contacts become one of their kind, or are left out.
    """
    began = int((~np.isnan(log.begun)).sum())
    if began < fewest or log.last - log.first < 24:
        days = max(log.last - log.first, 0) / 24
        msg = f"{began} contacts that began within {days:.1f} days are too few to calibrate from"
        raise BadConfig(msg, f"It takes {fewest} or more, over at least a day; give a longer log.")
    log, forgotten = without_forgotten(log)
    used, kinds, pooled, left_out = _pooled(log, dict(known or {}), fewest)
    limits = {each: limit(used, used.of(each), kinds[each].places) for each in used.services}
    apart = frozenset(each for each, found in limits.items() if found.apart)
    used = when_seen(used, apart)
    follow = followers(used, within)
    profiles = kind_profiles(used, follow, [kinds[each].kind for each in used.services])
    traits = trait_shares(used)
    services = {
        each: fit(
            used,
            follow,
            n,
            known=kinds[each],
            limit=limits[each],
            profile=profiles[kinds[each].kind],
            traits=traits,
            within=within,
        )
        for n, each in enumerate(used.services)
    }
    for each in [each for each, made in services.items() if made.stay is None]:
        left_out[each] = "nobody's stay has ended, so how long one takes is not known"
    return Calibration(
        log=used,
        services=services,
        traits=traits,
        left_out=left_out,
        pooled=pooled,
        apart=apart,
        forgotten=forgotten,
        within=within,
        name=name,
        zone=zone,
    )


def without_forgotten(log: Log) -> tuple[Log, dict[str, int]]:
    """The log without contacts that are still open though all others ended long ago.

    Long is twice the longest of fifty or more ended ones, and a day.
    """
    open_ = ~np.isnan(log.begun) & np.isnan(log.ended)
    lengths = log.ended - log.begun
    drop = np.zeros(len(log), bool)
    forgotten = {}
    for n, name in enumerate(log.services):
        mine = log.service == n
        ended = lengths[mine & ~np.isnan(lengths)]
        if len(ended) >= _FEWEST_ENDED:
            stale = mine & open_ & (log.last - log.begun > 2 * ended.max() + 24)
            if stale.any():
                drop |= stale
                forgotten[name] = int(stale.sum())
    return (taken(log, np.flatnonzero(~drop)) if forgotten else log), forgotten


def when_seen(log: Log, services: Collection[str]) -> Log:
    """The log with people coming to these services when they are seen; who was not, never came."""
    if not services:
        return log
    mine = np.isin(log.service, [log.services.index(each) for each in services])
    found = taken(log, np.flatnonzero(~mine | ~np.isnan(log.begun)))
    mine = np.isin(found.service, [log.services.index(each) for each in services])
    return replace(found, asked=np.where(mine, np.nan, found.asked))


def _pooled(
    log: Log, known: dict[str, Known], fewest: int
) -> tuple[Log, dict[str, Known], dict[str, str], dict[str, str]]:
    """Small services as one of their kind; too small even so, left out and said."""
    counts = np.bincount(log.service, minlength=len(log.services))
    small = [each for each, count in zip(log.services, counts, strict=True) if count < fewest]
    kinds = {each: known.get(each, Known()) for each in log.services}
    pooled: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for kind in sorted({kinds[each].kind for each in small}):
        mine = [each for each in small if kinds[each].kind == kind]
        total = sum(int(counts[log.services.index(each)]) for each in mine)
        if kind and len(mine) > 1 and total >= fewest:
            pooled |= dict.fromkeys(mine, f"other {kind}")
            kinds[f"other {kind}"] = together([kinds[each] for each in mine])
        else:
            for each in mine:
                many = int(counts[log.services.index(each)])
                left_out[each] = f"{many} contacts; it takes {fewest} for a service of its own"
    return renamed(log, pooled, left_out), kinds, pooled, left_out


def together(parts: list[Known]) -> Known:
    """What is known of several services as of one: their places added up, where all are known."""
    places = [each.places for each in parts if each.places is not None]
    if len(places) < len(parts):
        return Known(kind=parts[0].kind)
    return Known(kind=parts[0].kind, places=lambda hours: sum(each(hours) for each in places))


def renamed(log: Log, pooled: Mapping[str, str], left_out: Collection[str]) -> Log:
    """The log with services under the name of what they are part of, and without some."""
    if not pooled and not left_out:
        return log
    names = [pooled.get(each, each) for each in log.services]
    kept = sorted({each for each in names if each not in left_out})
    code = np.array([kept.index(each) if each in kept else NONE for each in names])
    service = code[log.service]
    rows = np.flatnonzero(service != NONE)
    return replace(taken(log, rows), service=service[rows], services=tuple(kept))
