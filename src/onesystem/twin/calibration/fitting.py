"""What one service's contacts say of it: who comes, how long, where next, how many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from onesystem.twin.calibration import arrivals, capacity, routing, stays
from onesystem.twin.calibration.log import NONE, Log

_LEFT_FEWEST = 10  # people who left before being seen, for patience to be known
_BORROWED = 50.0  # people by whom the traits of few are drawn to those of everybody
_CLASS_FEWEST = 200  # ended stays of a class, for it to have a distribution of its own


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a service beside its contacts: its kind, where it is, its places by hour."""

    kind: str = ""
    place: str = ""
    places: capacity.Places | None = None


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A service as estimated. `notes` say what could not be told and why, in whole sentences.

    `stay` is from beginning to end, `treatment` to being ready to go, `delay` from there to the
    end (None where nobody wrote down when people were ready). `arrivals` are those from outside;
    `classes` their shares.
    """

    name: str
    kind: str
    place: str = ""
    events: int
    outside: int
    arrivals: arrivals.Profile | None
    classes: Any
    traits: Mapping[str, Any] = field(default_factory=dict)  # shares, classes by levels
    stay: stays.Fitted | None
    stay_by: dict[int, stays.Fitted] = field(default_factory=dict)
    treatment: stays.Fitted | None = None
    treatment_by: dict[int, stays.Fitted] = field(default_factory=dict)
    delay: stays.Fitted | None = None
    delayed: float = 0.0  # mean delay over all who ended, hours
    delay_onward: float = 0.0  # the share of the delay of people who went on to another service
    ways: routing.Ways
    patience: stays.Fitted | None = None
    left: int = 0
    refused: int = 0
    limit: capacity.Limit
    notes: tuple[str, ...] = ()


def fit(
    log: Log, follow: Any, number: int, *, known: Known, limit: capacity.Limit, profile: Any,
    traits: Mapping[str, Any], within: float,
) -> Fit:  # fmt: skip
    """One service of a log; `follow` says which row each led to, `profile` is its kind's week.

    `traits` are the shares of everybody, to which those of a service with few people are drawn.
    """
    rows = np.flatnonzero(log.service == number)
    notes = list(limit.notes)
    led = np.zeros(len(log), bool)
    led[follow[follow != NONE]] = True
    outside = rows[~led[rows] & (log.came[rows] >= log.first)]
    begun = rows[~np.isnan(log.begun[rows]) & (log.begun[rows] >= log.first)]
    whole, whole_by = _stay(log, begun, log.ended)
    ready = begun[~np.isnan(log.ready[begun])]
    treatment, delay, mean_delay, onward = None, None, 0.0, 0.0
    treatment_by: dict[int, stays.Fitted] = {}
    if len(ready) >= _LEFT_FEWEST:
        treatment, treatment_by = _stay(log, begun, log.served)
        delay, mean_delay, onward = _delay(log, begun, ready, follow)
    if whole is None:
        notes.append("Nobody's stay has ended: how long people stay is not known.")
    elif whole.reaches < 0.9:
        notes.append(
            f"The log sees the end of {whole.reaches:.0%} of stays; "
            "how long the longest are is the shape's guess."
        )
    over = begun[~np.isnan(log.ended[begun]) & (log.ended[begun] + within <= log.last)]
    after = follow[over]
    target = np.where(after == NONE, NONE, log.service[np.maximum(after, 0)])
    patience, left, refused = _patience(log, rows, notes)
    return Fit(
        name=log.services[number], kind=known.kind, place=known.place,
        events=len(rows), outside=len(outside),
        arrivals=(
            arrivals.profile(log.came[outside], log.first, log.last, profile)
            if len(outside) else None
        ),
        classes=_shares(log.kind[outside], len(log.classes), log.kind[rows]),
        traits={name: _trait(log, name, outside, every) for name, every in traits.items()},
        stay=whole, stay_by=whole_by, treatment=treatment, treatment_by=treatment_by,
        delay=delay, delayed=mean_delay, delay_onward=onward,
        ways=routing.ways(log.kind[over], target, len(log.classes)),
        patience=patience, left=left, refused=refused,
        limit=limit, notes=tuple(notes),
    )  # fmt: skip


def _stay(log: Log, begun: Any, until: Any) -> tuple[Any, dict[int, stays.Fitted]]:
    """The distribution of all, and of classes whose means differ by more than a tenth."""
    over = ~np.isnan(until[begun])
    lengths = np.where(over, until[begun], log.last) - log.begun[begun]
    right = lengths >= 0
    lengths, over, kind = lengths[right], over[right], log.kind[begun][right]
    whole = stays.fitted(lengths, over) if len(lengths) else None
    by: dict[int, stays.Fitted] = {}
    present = np.unique(kind)
    if whole is None or len(present) < 2:
        return whole, by
    for each in present:
        mine = kind == each
        if over[mine].sum() >= _CLASS_FEWEST:
            found = stays.fitted(lengths[mine], over[mine])
            if found and abs(found.distribution.mean / whole.distribution.mean - 1) > 0.1:
                by[int(each)] = found
    return whole, by


def _delay(log: Log, begun: Any, ready: Any, follow: Any) -> tuple[Any, float, float]:
    """From ready to gone; its mean over all who ended, and the share of it before going on."""
    over = ~np.isnan(log.ended[ready])
    lengths = np.maximum(np.where(over, log.ended[ready], log.last) - log.ready[ready], 0.0)
    ended = max(int((~np.isnan(log.ended[begun])).sum()), 1)
    spent = lengths[over]
    onward = spent[follow[ready][over] != NONE].sum() / max(spent.sum(), 1e-9)
    return stays.fitted(lengths, over), float(spent.sum() / ended), float(onward)


def _patience(log: Log, rows: Any, notes: list[str]) -> tuple[Any, int, int]:
    """How long people wait before they leave; those who were seen had not left yet."""
    asked = rows[~np.isnan(log.asked[rows])]
    begun, ended = log.begun[asked], log.ended[asked]
    gone = np.isnan(begun) & ~np.isnan(ended)
    stop = np.where(~np.isnan(begun), begun, np.where(gone, ended, log.last))
    lengths = stop - log.asked[asked]
    refused = int((gone & (lengths <= 0)).sum())
    waited = lengths > 0
    left = int((gone & waited).sum())
    if left < _LEFT_FEWEST:
        if left:
            notes.append(f"{left} left before being seen: too few to tell people's patience.")
        return None, left, refused
    return stays.fitted(lengths[waited], gone[waited], shapes=True), left, refused


def _shares(outside: Any, classes: int, everybody: Any) -> Any:
    """Shares of classes among those from outside, drawn to those of all who come, as ten people."""
    prior = np.bincount(everybody, minlength=classes) / max(len(everybody), 1)
    counts = np.bincount(outside, minlength=classes)
    return (counts + 10 * prior) / (counts.sum() + 10)


def trait_shares(log: Log) -> dict[str, Any]:
    """Shares of the levels of each trait, of all people who come: classes by levels."""
    people = np.unique(log.person, return_index=True)[1]
    return {name: _trait(log, name, people, 1 / len(log.levels[name])) for name in log.traits}


def _trait(log: Log, name: str, rows: Any, drawn_to: Any) -> Any:
    counts = np.zeros((len(log.classes), len(log.levels[name])))
    np.add.at(counts, (log.kind[rows], log.traits[name][rows]), 1)
    return (counts + _BORROWED * drawn_to) / (counts.sum(1, keepdims=True) + _BORROWED)


def kind_profiles(log: Log, follow: Any, kinds: Sequence[str]) -> dict[str, Any]:
    """The smoothed weekly profile of outside arrivals of each kind of service, summing to one."""
    led = np.zeros(len(log), bool)
    led[follow[follow != NONE]] = True
    of = np.array([sorted(set(kinds)).index(kind) for kind in kinds])[log.service]
    found = {}
    for n, kind in enumerate(sorted(set(kinds))):
        came = log.came[~led & (of == n)]
        found[kind] = arrivals.smoothed(*arrivals.hours(came, log.first, log.last))
    return found
