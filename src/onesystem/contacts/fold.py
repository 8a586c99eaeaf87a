"""The fold: all that a source said of one visit, made into the stretches that it consists of.

A visit is what a source gives one number to. It holds one stretch (one contact) for each service
that the person was in, in order. `fold` sorts the events as the source wrote them before it
applies them, so the order in which they arrive cannot matter, and an event that came twice counts
once. The rules, where sources leave room:

- A start in another service while the visit goes on is a move. A start after the visit ended
  opens a further stretch (one number for a series of attendances); one that repeats the start
  that is known corrects it.
- A move within one service changes the bed and nothing else. A move recorded after the end, of a
  time before it, is put in where it belongs.
- A feed that begins in the middle of a visit gives a start by what it says of it (`started`).
- A stretch that would have no time at all is not a contact yet; its events wait for more.
- An end before the start and a time in the future are kept as told and flagged (`stretches.odd`):
  the source may mend them, and nobody else knows better.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from onesystem.contacts.stretches import Stretch, Told, Visit
from onesystem.vocabulary import Act

# Events with one time stamp: what states the whole comes first, what takes back comes last.
_RANK = {act: rank for rank, act in enumerate(Act)} | {Act.STATE: -1, Act.CANCEL: 99}
_UNDOES = {Act.UNMOVE: Act.MOVE, Act.UNREADY: Act.READY, Act.UNEND: Act.END}
_TEXTS = ("bed", "mode", "urgency", "reason", "outcome", "by")


def fold(told: Iterable[Told], base: Sequence[Stretch] = ()) -> list[Stretch]:
    """The stretches of one visit, oldest first, from its events in any order.

    `base` is what was known of the visit before any of the events: stretches whose own events are
    no longer kept, because they lie in the contact log.
    """
    visit = Visit(tuple(base), _opened(base))
    steps, unheard = _without_undone(_in_order(told))
    for step in steps:
        if unheard and step in unheard and len(visit.stretches) <= len(base):
            visit = _unmoved(visit)
        visit = _caused(_APPLY[step.event.act](visit, step), step.event.cause)
    return list(visit.stretches)


def _in_order(told: Iterable[Told]) -> list[Told]:
    steps = sorted(told, key=_brief_order)
    if any(_brief_order(a) == _brief_order(b) for a, b in pairwise(steps)):
        # Only what shares a place in the order can be the same event twice.
        steps = sorted(dict.fromkeys(steps), key=_full_order)
    return steps


def _brief_order(told: Told) -> tuple[datetime, str, int]:
    event = told.event
    return event.recorded, event.order, _RANK[event.act]


def _full_order(told: Told) -> tuple[tuple[datetime, str, int], str, int]:
    # The text of the whole event decides between events that the source gave one time and place
    # in its order: any order would do, but it has to be the same one each time.
    return _brief_order(told), repr(told.event), told.identity


def _opened(base: Sequence[Stretch]) -> int:
    """Where the last part of a visit begins whose events are not kept: after its last gap."""
    for i in range(len(base) - 1, 0, -1):
        if base[i].started != base[i - 1].ended:
            return i
    return 0


def _without_undone(steps: list[Told]) -> tuple[list[Told], list[Told]]:
    """The steps that stand, and of these the taken-back moves of which nothing is kept."""
    kept: list[Told] = []
    unheard: list[Told] = []
    for step in steps:
        target = _UNDOES.get(step.event.act)
        if target and not _take_back(kept, target) and target is Act.MOVE:
            unheard.append(step)
        kept.append(step)
    return kept, unheard


def _take_back(kept: list[Told], act: Act) -> bool:
    """Drop the latest step of that kind, unless a statement of the whole visit lies between.

    Whether the step may only lie before all that is kept is told by False.
    """
    for i in range(len(kept) - 1, -1, -1):
        if kept[i].event.act is Act.STATE:
            return True
        if kept[i].event.act is act:
            del kept[i]
            return True
    return False


def _unmoved(visit: Visit) -> Visit:
    """Take back a move whose event is no longer kept: what came after it came where it began."""
    if len(visit.stretches) - visit.opened < 2:
        return visit
    *others, before, after = visit.stretches
    whole = before._replace(ready=after.ready, ended=after.ended, outcome=after.outcome)
    return Visit((*others, whole), visit.opened)


def _caused(visit: Visit, cause: str) -> Visit:
    """What led to a visit led to its first stretch, whenever it is told: the others followed."""
    if not cause or not visit.stretches or visit.stretches[visit.opened].cause == cause:
        return visit
    stretches = list(visit.stretches)
    stretches[visit.opened] = stretches[visit.opened]._replace(cause=cause)
    return Visit(tuple(stretches), visit.opened)


def _request(visit: Visit, told: Told) -> Visit:
    event = told.event
    requested = event.requested or event.at
    current = _current(visit)
    if current is None:
        return _open(visit, told, requested=requested)
    if current.cancelled:
        return _reopen(visit, told, requested=requested, started=None)
    if current.ended and requested and requested > current.ended:
        return _open(visit, told, requested=requested)
    if current.started:
        requested = current.requested or requested
    return _change(visit, _noted(current, told)._replace(requested=requested))


def _start(visit: Visit, told: Told) -> Visit:  # noqa: PLR0911 - a case a line
    event = told.event
    started = event.started or event.at
    current = _current(visit)
    if current is None:
        return _open(visit, told, requested=event.requested, started=started)
    if current.cancelled:
        return _reopen(visit, told, started=started, requested=current.requested)
    if current.ended:
        if started and started > current.ended:
            return _open(visit, told, requested=event.requested, started=started)
        return _note(visit, told)
    if not current.started:
        return _change(visit, _noted(current, told)._replace(started=started))
    if event.service and event.service != current.service:
        return _move(visit, told)
    return _note(visit, told)


def _move(visit: Visit, told: Told) -> Visit:
    event = told.event
    current = _current(visit)
    if current is None:
        return _open(visit, told, started=event.at or event.started)
    if current.cancelled:
        return _reopen(visit, told, requested=None, started=event.at or event.started)
    if current.ended and event.at and event.at > current.ended:
        return _open(visit, told, started=event.at)
    if not current.started and not current.ended:
        return _change(visit, _noted(current, told)._replace(started=event.at or event.started))
    if event.service in {"", current.service}:
        return _note(visit, told)
    # The hour of the move: what was told as such, or a start that lies after the present one.
    later = event.started and current.started and event.started > current.started
    moment = event.started if later and event.act is Act.START else event.at or event.started
    before = current._replace(ended=moment, identity=told.identity)
    after = _from(told, started=moment, ended=event.ended or current.ended, cause="")
    return Visit((*visit.stretches[:-1], before, after), visit.opened)


def _ready(visit: Visit, told: Told) -> Visit:
    visit = _note(visit, told)
    return _change(visit, visit.stretches[-1]._replace(ready=told.event.ready or told.event.at))


def _end(visit: Visit, told: Told) -> Visit:
    visit = _note(visit, told)
    return _change(visit, visit.stretches[-1]._replace(ended=told.event.ended or told.event.at))


def _unmove(visit: Visit, told: Told) -> Visit:
    # The move itself was taken out before the fold. Where it was never heard of, the place that
    # this message names is where the person is; where it was, sources name either of the two.
    return visit if visit.stretches else _note(visit, told)


def _unready(visit: Visit, told: Told) -> Visit:
    visit = visit if visit.stretches else _note(visit, told)
    return _change(visit, visit.stretches[-1]._replace(ready=None))


def _unend(visit: Visit, told: Told) -> Visit:
    if not visit.stretches:
        visit = _note(visit, told)
    return _change(visit, visit.stretches[-1]._replace(ended=None, outcome=""))


def _cancel(visit: Visit, told: Told) -> Visit:
    if not visit.stretches:
        visit = _note(visit, told)
    gone = tuple(s._replace(cancelled=True) for s in visit.stretches[visit.opened :])
    return Visit((*visit.stretches[: visit.opened], *gone), visit.opened)


def _state(visit: Visit, told: Told) -> Visit:
    """Put the whole as it stands in the place of what was told before."""
    event = told.event
    timed = event.requested or event.started or event.ready or event.ended
    stretch = _from(
        told,
        requested=event.requested,
        started=event.started if timed else event.at,
        ready=event.ready,
        ended=event.ended,
        cause=event.cause,
    )
    # Who states a visit that has begun may have no word for when it was due.
    planned = stretch.planned or (visit.stretches[0].planned if visit.stretches else None)
    return Visit((stretch._replace(cancelled=event.cancelled, planned=planned),))


def _note(visit: Visit, told: Told) -> Visit:
    """Correct and fill the current stretch; begin the visit where nothing was known of it."""
    event = told.event
    current = _current(visit)
    if current is None:
        return _open(
            visit,
            told,
            requested=event.requested,
            started=event.started,
            ready=event.ready,
            ended=event.ended,
        )
    visit = _change(visit, _noted(current, told))
    if event.started and event.act is not Act.MOVE:
        # What a message says of the start is the start of the visit, not of the last move.
        first = visit.stretches[visit.opened]
        if first.started:
            stretches = list(visit.stretches)
            stretches[visit.opened] = first._replace(started=event.started)
            visit = Visit(tuple(stretches), visit.opened)
        elif visit.opened == len(visit.stretches) - 1:
            visit = _change(visit, first._replace(started=event.started))
    return visit


def _noted(current: Stretch, told: Told) -> Stretch:
    event = told.event
    said: dict[str, object] = {
        name: value for name in _TEXTS if (value := getattr(event, name)) != ""
    }
    for name in ("requested", "ready", "ended", "planned"):
        if getattr(event, name):
            said[name] = getattr(event, name)
    if event.service and event.service != current.service:
        said["service"], said["setting"] = event.service, event.setting
    elif event.setting:
        said["setting"] = event.setting
    return current._replace(identity=told.identity, **said)  # type: ignore[arg-type]


def _open(
    visit: Visit,
    told: Told,
    *,
    requested: datetime | None = None,
    started: datetime | None = None,
    ready: datetime | None = None,
    ended: datetime | None = None,
) -> Visit:
    stretch = _from(
        told,
        requested=requested,
        started=started,
        ready=ready or told.event.ready,
        ended=ended or told.event.ended,
        cause=told.event.cause,
    )
    return Visit((*visit.stretches, stretch), len(visit.stretches))


def _reopen(
    visit: Visit, told: Told, *, requested: datetime | None, started: datetime | None
) -> Visit:
    """Begin a cancelled part of the visit anew, under the key that it had."""
    kept = Visit(visit.stretches[: visit.opened])
    return _open(kept, told, requested=requested, started=started)


def _from(
    told: Told,
    *,
    requested: datetime | None = None,
    started: datetime | None = None,
    ready: datetime | None = None,
    ended: datetime | None = None,
    cause: str = "",
) -> Stretch:
    event = told.event
    return Stretch(
        told.identity,
        event.service,
        event.setting,
        requested,
        started,
        ready,
        ended,
        event.bed,
        event.mode,
        event.urgency,
        event.reason,
        event.outcome,
        event.by,
        cause,
        planned=None if event.act is Act.MOVE else event.planned,
    )


def _current(visit: Visit) -> Stretch | None:
    return visit.stretches[-1] if visit.stretches else None


def _change(visit: Visit, stretch: Stretch) -> Visit:
    return Visit((*visit.stretches[:-1], stretch), visit.opened)


_APPLY: dict[Act, Callable[[Visit, Told], Visit]] = {
    Act.REQUEST: _request,
    Act.START: _start,
    Act.MOVE: _move,
    Act.READY: _ready,
    Act.END: _end,
    Act.NOTE: _note,
    Act.CANCEL: _cancel,
    Act.UNMOVE: _unmove,
    Act.UNREADY: _unready,
    Act.UNEND: _unend,
    Act.STATE: _state,
}
