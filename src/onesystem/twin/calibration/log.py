"""Contacts as columns of numbers, and which contact led to which.

Times are hours from `zero`, a Monday's midnight in local time; NaN where nothing is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

NONE = -1
_STRAYS = 0.001  # the share of ends that may lie long before the rest
WEEK = 168


@dataclass(frozen=True)
class Log:
    """One row a contact, sorted by person and beginning. Use `made` to make one.

    `kind` is the class of the person, `traits` what else is known of them (levels by number, named
    in `levels`); `cause` the row of the contact that led to this one, NONE
    where that is not known. What happened before `first` or after `last` was not watched.
    """

    person: Any
    service: Any
    kind: Any
    asked: Any
    begun: Any
    ready: Any
    ended: Any
    cause: Any
    services: tuple[str, ...]
    classes: tuple[str, ...]
    zero: datetime
    first: float
    last: float
    traits: Mapping[str, Any] = field(default_factory=dict)
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.person)

    @property
    def came(self) -> Any:
        """When each asked for it, or began where nobody wrote down the asking."""
        return np.where(np.isnan(self.asked), self.begun, self.asked)

    @property
    def served(self) -> Any:
        """When each was ready to go on: the end where nothing else was written down."""
        return np.where(np.isnan(self.ready), self.ended, self.ready)

    def moment(self, hours: float) -> datetime:
        """The local time of a number of hours."""
        return self.zero + timedelta(hours=hours)

    def of(self, service: str) -> Any:
        """The rows of a service."""
        return np.flatnonzero(self.service == self.services.index(service))


def made(
    *,
    person: Any,
    service: Any,
    kind: Any,
    asked: Any,
    begun: Any,
    ready: Any,
    ended: Any,
    services: tuple[str, ...],
    classes: tuple[str, ...],
    zero: datetime,
    contact: Any = None,
    cause: Any = None,
    first: float | None = None,
    last: float | None = None,
    traits: Mapping[str, Any] | None = None,
    levels: Mapping[str, tuple[str, ...]] | None = None,
) -> Log:
    """A log of columns in any order. `cause` names a `contact` by its number, NONE is nobody's.

    Watched from the first ends (but for strays) to the last thing that happened, unless it is said
    otherwise: what began before may be there only because it ended later. What is said to end
    before it began ended at once.
    """
    key = np.where(np.isnan(begun), asked, begun)
    known = ~np.isnan(key)
    order = np.lexsort((key[known], person[known]))
    cut = {
        name: column[known][order]
        for name, column in {
            "person": person, "service": service, "kind": kind, "asked": asked,
            "begun": begun, "ready": ready, "ended": ended,
        }.items()
    }  # fmt: skip
    cut["ended"] = np.fmax(cut["ended"], cut["begun"]) + 0 * cut["ended"]
    cut["ready"] = np.fmin(np.fmax(cut["ready"], cut["begun"]), cut["ended"]) + 0 * cut["ready"]
    came = np.where(np.isnan(cut["asked"]), cut["begun"], cut["asked"])
    happened = np.concatenate([came, cut["begun"], cut["ended"]])
    happened = happened[~np.isnan(happened)]
    if first is None:
        ends = cut["ended"][~np.isnan(cut["ended"])]
        first = float(np.quantile(ends, _STRAYS, method="lower")) if len(ends) else 0.0
    if last is None:
        last = float(happened.max()) if len(happened) else 0.0
    return Log(
        **cut,
        cause=_rows(contact, cause, known, order),
        services=services,
        classes=classes,
        zero=zero,
        first=first,
        last=last,
        traits={n: each[known][order].astype(np.int8) for n, each in (traits or {}).items()},
        levels=levels or {},
    )


def taken(log: Log, rows: Any) -> Log:
    """Some rows of a log, in their order; a cause that is not among them is none."""
    where = np.full(len(log) + 1, NONE)
    where[rows] = np.arange(len(rows))
    columns = ("person", "service", "kind", "asked", "begun", "ready", "ended")
    return replace(
        log, **{name: getattr(log, name)[rows] for name in columns},
        cause=where[log.cause[rows]], traits={n: each[rows] for n, each in log.traits.items()},
    )  # fmt: skip


def known_by(log: Log, at: float) -> Log:
    """What was known of the log at a moment: no later contact, no later time of one."""
    cut = taken(log, np.flatnonzero(log.came < at))

    def until(times: Any) -> Any:
        return np.where(times >= at, np.nan, times)

    return replace(
        cut, asked=until(cut.asked), begun=until(cut.begun), ready=until(cut.ready),
        ended=until(cut.ended), last=min(at, log.last),
    )  # fmt: skip


def since(log: Log, at: float) -> Log:
    """The log as if it had been watched from a moment only: what came before is gone."""
    return replace(taken(log, np.flatnonzero(log.came >= at)), first=max(at, log.first))


def followers(log: Log, within: float) -> Any:
    """The row of the contact that each led to, NONE for none: one for one.

    What names its cause follows that; else the person's first contact that begins at or after the
    end. In both cases it was asked for no later than `within` hours after the end. Of several that
    one contact caused the first counts; of several that would claim one, the last before it.
    """
    found = np.full(len(log), NONE)
    if not len(log):
        return found
    came, rows = log.came, np.arange(len(log))
    caused = np.flatnonzero(log.cause != NONE)
    before = log.cause[caused]
    soon = came[caused] <= log.ended[before] + within
    caused, before = caused[soon], before[soon]
    order = np.lexsort((came[caused], before))
    caused, before = caused[order], before[order]
    lead = _firsts(before)
    found[before[lead]] = caused[lead]

    taken = np.zeros(len(log), bool)
    taken[found[found != NONE]] = True
    nxt = _next_begun(log)
    at = np.minimum(nxt, len(log) - 1)
    fits = (
        (found == NONE) & ~np.isnan(log.ended) & (nxt < len(log))
        & (log.person[at] == log.person) & (came[at] <= log.ended + within)
        & ~taken[at] & (log.cause[at] == NONE)
    )  # fmt: skip
    ours = rows[fits]
    order = np.lexsort((-log.ended[ours], at[ours]))
    ours = ours[order]
    lead = _firsts(at[ours])
    found[ours[lead]] = at[ours[lead]]
    return found


def _firsts(values: Any) -> Any:
    """Whether each is another than the one before it."""
    return np.concatenate([np.ones(min(len(values), 1), bool), values[1:] != values[:-1]])


def _next_begun(log: Log) -> Any:
    """For each row the first of the same person that begins at or after its end."""
    begun = np.where(np.isnan(log.begun), log.asked, log.begun)
    span = float(np.nanmax(np.concatenate([begun, log.ended]))) + 1
    low = float(begun.min())
    width = span - low + 1
    rank = np.cumsum(np.concatenate([[0], log.person[1:] != log.person[:-1]]))
    end = np.where(np.isnan(log.ended), span, log.ended)
    found = np.searchsorted(rank * width + (begun - low), rank * width + (end - low) - 1e-6)
    return np.maximum(found, np.arange(len(log)) + 1)


def _rows(contact: Any, cause: Any, known: Any, order: Any) -> Any:
    if contact is None or cause is None:
        return np.full(len(order), NONE)
    contact, cause = contact[known][order], cause[known][order]
    by = np.argsort(contact)
    place = np.minimum(np.searchsorted(contact[by], cause), max(len(by) - 1, 0))
    rows = by[place] if len(by) else place
    return np.where((cause != NONE) & (contact[rows] == cause), rows, NONE)
