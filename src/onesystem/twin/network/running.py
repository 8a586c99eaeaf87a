"""Replications of a model: run apart on all cores, and the same whatever the number of cores."""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Condition, Event
from typing import Any

import numpy as np

from onesystem.twin.network import layout as at
from onesystem.twin.network.checks import checked
from onesystem.twin.network.compiled import kernel
from onesystem.twin.network.model import Model
from onesystem.twin.network.tables import Run, Tables, tables_of, ticks
from onesystem.vocabulary import BadConfig, UserError

_PORTION = 2_000_000  # events between two looks at whether somebody cancelled


STANDS = (at.WAITING, at.BUSY, at.BLOCKED)
Step = float | Sequence[float]  # a length, or the ends of all but the last
Sink = Callable[[int, Any], None]  # takes the number of a replication and some of its contacts


class Cancelled(UserError):
    """Somebody stopped the run."""


@dataclass(frozen=True)
class Replication:
    """What one replication counted after the warm-up, and its contacts where they were asked for.

    `span` is the time counted over, in ticks; `rows` has the columns of `layout.R_...`; `steps` has
    the `area` of each step of time, where steps were asked for (steps by nodes by areas). `ways`
    has how many went from each node (row) to each (column); outside is one after the last. With
    steps, `stands` has who waits, is served and is blocked at the end of each (steps by nodes by
    `STANDS`), and `came` how many have come to each node by then.
    """

    number: int
    span: int
    count: Any
    area: Any
    pool_area: Any
    seen: Any
    ways: Any
    rows: Any
    inside: int
    events: int
    steps: Any = None
    stands: Any = None
    came: Any = None


def replications(
    model: Model,
    *,
    contacts: bool | Sink = False,
    workers: int | None = None,
    stop: Event | None = None,
    first: int = 0,
    step: Step | None = None,
) -> Iterator[Replication]:
    """Each replication of a model as it is done, in order. Raises BadConfig; Cancelled by `stop`.

    At most `workers` (all cores) are under way at a time, and no more are held than are under way.
    They are numbered from `first` on, so that more can be run of what was run before. With `step`,
    a length of time (or the times at which steps end), each also says what its nodes were in every
    step of it.

    With `contacts`, each has its contacts; given a function, that takes them block by block
    instead, one replication after another, and none are held.
    """
    tables = tables_of(checked(model))
    kernel()
    turns = _Turns(contacts, first) if callable(contacts) else None
    stop, crew_size = stop or Event(), workers or os.cpu_count() or 1
    with ThreadPoolExecutor(crew_size) as crew:
        waiting: deque[Future[Replication]] = deque()
        try:
            for number in range(first, first + model.replications):
                asked = (tables, number, turns or bool(contacts), stop, step)
                waiting.append(crew.submit(_replication, *asked))
                if len(waiting) > crew_size:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            if waiting:  # an error, or nobody reads on: what is under way need not end
                stop.set()
                for each in waiting:
                    each.cancel()


class _Turns:
    """Hands over contacts in the order of the replications; who is ahead waits."""

    def __init__(self, sink: Sink, first: int) -> None:
        self._sink, self._turn, self._changed = sink, first, Condition()

    def take(self, number: int, rows: Any, stop: Event) -> None:
        """Hand over some contacts of a replication when those before it are done."""
        with self._changed:
            while self._turn != number:
                _halted(stop)
                self._changed.wait(0.1)
        self._sink(number, rows)

    def done(self, number: int) -> None:
        """It is the turn of the next."""
        with self._changed:
            self._turn = number + 1
            self._changed.notify_all()


def _replication(
    tables: Tables, number: int, contacts: "bool | _Turns", stop: Event, step: Step | None
) -> Replication:
    model = tables.model
    state = Run(tables, seed=model.seed * 1_000_003 + number, keep=bool(contacts))
    rows: list[Any] = []

    def take(some: Any) -> None:
        if isinstance(contacts, _Turns) and state[at.NOW] > ticks(model.warm_up):
            contacts.take(number, some, stop)
        elif contacts is True:
            rows.append(some)

    if model.warm_up:
        _until(state, ticks(model.warm_up), tables, take, stop)
        for counted in (state.count, state.area, state.pool_area, state.seen, state.ways):
            counted[:] = 0
        state.area[:, at.A_LONGEST] = state.node[:, at.WAITING]
        rows.clear()
    steps, stands, came = [], [], []
    for each in _steps(model, step):
        before = state.area.copy()
        _until(state, ticks(each), tables, take, stop)
        steps.append(state.area - before)
        stands.append(state.node[:, STANDS])
        came.append(state.count[:, at.ARRIVED].copy())
    if contacts:
        take(_open(state))
    if isinstance(contacts, _Turns):
        contacts.done(number)
    return Replication(
        number=number,
        span=ticks(model.horizon) - ticks(model.warm_up),
        count=state.count,
        area=state.area,
        pool_area=state.pool_area,
        seen=state.seen,
        ways=state.ways,
        rows=np.concatenate(rows) if contacts is True else None,
        inside=state[at.INSIDE],
        events=state[at.DONE_EVENTS],
        steps=np.stack(steps) if step else None,
        stands=np.stack(stands) if step else None,
        came=_of_all(np.stack(came), tables) if step else None,
    )


def _of_all(came: Any, tables: Tables) -> Any:
    """Steps by nodes, of steps by rows of nodes and classes."""
    by_class = came.reshape(len(came), len(tables.nodes) + 1, len(tables.classes))
    return by_class.sum(axis=2)[:, :-1]


def _steps(model: Model, step: Step | None) -> Iterator[float]:
    """The ends of the steps of the time that is counted; without a step, its end."""
    if isinstance(step, Sequence):
        yield from (each for each in step if model.warm_up < each < model.horizon)
        step = None
    nth = 1
    while step and model.warm_up + nth * step < model.horizon:
        yield model.warm_up + nth * step
        nth += 1
    yield model.horizon


def _until(state: Run, time: int, tables: Tables, take: Callable[[Any], None], stop: Event) -> None:
    run = kernel().run
    while True:
        why = run(state.head, time, _PORTION)
        _halted(stop)
        if why in (at.FINISHED_ALL, at.MORE_ROWS):
            take(state.rows())
        if why == at.FINISHED_ALL:
            return
        _helped(state, why, tables)


def _halted(stop: Event) -> None:
    if stop.is_set():
        msg = "The run was cancelled"
        raise Cancelled(msg, "Nothing of it is kept; run it again.")


def _helped(state: Run, why: int, tables: Tables) -> None:
    """More room for what ran out of it; an error for what cannot go on."""
    if why == at.MORE_PEOPLE:
        state.enlarge(at.PERSON)
    elif why == at.MORE_EVENTS:
        state.enlarge(at.EVENT)
    elif why == at.MORE_ROWS and 4 * state[at.INSIDE] + 256 > state[at.ROWS_ROOM]:
        state.enlarge(at.ROW)
    elif why == at.LOCKED:
        raise BadConfig(
            f"nodes.{_stuck(state, tables)}: at {state[at.NOW] / at.TICKS:g} everybody there is "
            "blocked by people who are blocked by them, so nobody can ever move",
            "Give one of the nodes a waiting room, or more servers.",
        )
    elif why == at.STANDS_STILL:
        raise BadConfig(
            f"{_stuck(state, tables)}: time stands still at {state[at.NOW] / at.TICKS:g}; people "
            "go round without any time passing",
            "Give one of the services on the way a length above 0.",
        )


def _stuck(state: Run, tables: Tables) -> str:
    node = state[at.STUCK_AT]
    return tables.nodes[node] if node >= 0 else "arrivals"


def _open(state: Run) -> Any:
    """Contacts of those who are still there at the end."""
    people = state.people()
    rows = np.full((len(people), at.ROW_COLUMNS), at.NOBODY, np.int64)
    columns = (
        (at.R_PERSON, at.NUMBER), (at.R_NODE, at.AT), (at.R_CLASS, at.CAME_AS),
        (at.R_ASKED, at.ASKED), (at.R_BEGAN, at.BEGAN), (at.R_READY, at.READY),
    )  # fmt: skip
    for to, source in columns:
        rows[:, to] = people[:, source]
    rows[:, at.R_ENDED] = at.UNSET
    rows[:, at.R_OUTCOME] = at.OPEN
    return rows
