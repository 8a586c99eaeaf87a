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
from onesystem.twin.network.numbers import ticks
from onesystem.twin.network.state import Run
from onesystem.twin.network.tables import Tables, tables_of
from onesystem.vocabulary import BadConfig, UserError

_PORTION = 2_000_000  # events between two looks at whether somebody cancelled


STANDS = (at.WAITING, at.BUSY, at.BLOCKED)
Step = float  # a length of time
Sink = Callable[[int, Any], None]  # takes the number of a replication and some of its contacts


class Cancelled(UserError):
    """Somebody stopped the run."""


@dataclass(frozen=True)
class Replication:
    """What one replication counted after the warm-up, and its contacts where they were asked for.

    `span` is the time counted over, in ticks; `rows` has the columns of `layout.R_...`; `steps` has
    the `area` of each step of time, where steps were asked for (steps by nodes by areas). `ways`
    has how many went from each node (row) to each (column); outside is one after the last. Where
    marks were asked for, `stands` has who waits, is served and is blocked at each (marks by nodes
    by `STANDS`), and `came` how many have come to each node by then.
    """

    number: int
    span: int
    count: Any
    area: Any
    pool_area: Any
    seen: Any
    group: Any
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
    marks: Sequence[float] = (),
) -> Iterator[Replication]:
    """Each replication of a model as it is done, in order. Raises BadConfig; Cancelled by `stop`.

    At most `workers` (all cores) are under way at a time, and no more are held than are under way.
    They are numbered from `first` on, so that more can be run of what was run before. With `step`
    (that of the model), each also says what its nodes were in every step of that length; with
    `marks`, times of which the last is the horizon, how they stood at each.

    With `contacts`, each has its contacts; given a function, that takes them block by block
    instead, one replication after another, and none are held.
    """
    tables, step = tables_of(checked(model)), step or model.step
    kernel()
    turns = _Turns(contacts, first) if callable(contacts) else None
    stop, crew_size = stop or Event(), workers or os.cpu_count() or 1
    with ThreadPoolExecutor(crew_size) as crew:
        waiting: deque[Future[Replication]] = deque()
        try:
            for number in range(first, first + model.replications):
                asked = (tables, number, turns or bool(contacts), stop, step, marks)
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
    tables: Tables, number: int, contacts: "bool | _Turns", stop: Event, step: Step | None,
    marks: Sequence[float],
) -> Replication:  # fmt: skip
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
        for counted in (state.count, state.area, state.pool_area, state.seen, state.group,
                        state.ways):  # fmt: skip
            counted[:] = 0
        _clocked(state, -ticks(model.warm_up))
        state.area[:, at.A_LONGEST] = state.node[:, at.WAITING]
        rows.clear()
    looks = _Looks(state, step=bool(step), marks=bool(marks))
    for each in marks or steps(model, step):
        _until(state, ticks(each), tables, take, stop)
        looks.take()
    _clocked(state, ticks(model.horizon))
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
        group=state.group,
        ways=state.ways,
        rows=np.concatenate(rows) if contacts is True else None,
        inside=state[at.INSIDE],
        events=state[at.DONE_EVENTS],
        **looks.taken(tables),
    )


class _Looks:
    """What a replication was in each step of time, and how it stood at each mark."""

    def __init__(self, state: Run, *, step: bool, marks: bool) -> None:
        self._state, self._step, self._marks = state, step, marks
        self._before = state.area.copy()
        self._steps: list[Any] = []
        self._stands: list[Any] = []
        self._came: list[Any] = []

    def take(self) -> None:
        """Look once."""
        state = self._state
        if self._step:
            self._steps.append(state.area - self._before)
            self._before = state.area.copy()
        if self._marks:
            self._stands.append(state.node.take(STANDS, axis=1))
            self._came.append(state.count[:, at.ARRIVED].copy())

    def taken(self, tables: Tables) -> dict[str, Any]:
        """All that was seen; who came is summed over the classes."""
        found: dict[str, Any] = {}
        if self._step:
            found["steps"] = np.stack(self._steps)
        if self._marks:
            rows = (len(self._came), len(tables.nodes) + 1, len(tables.classes))
            came = np.stack(self._came).reshape(rows).sum(axis=2)
            found |= {"stands": np.stack(self._stands), "came": came[:, :-1]}
        return found


def steps(model: Model, step: Step | None) -> Iterator[float]:
    """The ends of the steps of the time that is counted; without a step, its end."""
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


def _clocked(state: Run, time: int) -> None:
    """Set the clocks of those who are inside to a time: as if they came then, or left.

    The times of leaving, less those of coming, are then the time that all spent there together.
    """
    people, classes = state.people(), state[at.CLASSES]
    here = people[:, at.AT] * classes + people[:, at.CAME_AS]
    whole = state[at.NODES] * classes + people[:, at.ENTERED_AS]
    waits = people[:, at.STATE] == at.WAITS
    for rows, clock in ((here, at.CLOCK_INSIDE), (whole, at.CLOCK_INSIDE),
                        (here[waits], at.CLOCK_WAITING)):  # fmt: skip
        np.add.at(state.count[:, clock], rows, float(time))
    nodes, attributes = state[at.NODES], state[at.ATTRIBUTES_N]
    for a in range(1, attributes):
        level = people[:, at.ATTRIBUTES + attributes + nodes + a] + state.first[a]
        rows = people[:, at.AT] * state[at.GROUPS] + level
        np.add.at(state.group[:, at.G_INSIDE], rows, float(time))
        np.add.at(state.group[:, at.G_WAITING], rows[waits], float(time))


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
