"""What one replication has for itself: its tables, and the head that tells the kernel of them."""

from typing import Any

import numpy as np

from onesystem.twin.network import layout as at
from onesystem.twin.network.numbers import signed
from onesystem.twin.network.tables import Tables
from onesystem.vocabulary import BadConfig

_ROOM = {at.PERSON: at.PEOPLE_ROOM, at.EVENT: at.EVENTS_ROOM, at.ROW: at.ROWS_ROOM}


class Run:
    """One replication: its tables by name, and the head that tells the kernel where they lie."""

    def __init__(self, tables: Tables, *, seed: int, keep: bool) -> None:
        nodes, classes = len(tables.nodes), len(tables.classes)
        attributes = 1 + len(tables.model.attributes)
        rows = (nodes + 1) * classes
        self.head = np.zeros(at.HEAD, np.int64)
        self._tables: dict[int, Any] = {}
        self.inflow = self._keep(at.INFLOW, tables.inflow.copy())
        self.inflow[:, at.I_KEY] ^= signed(f"seed {seed}")
        self.node = self._keep(at.NODE, tables.node.copy())
        self.node[:, at.THROUGH] &= not keep
        self.count = self._keep(at.COUNT, np.zeros((rows, at.COUNTS)))
        self.area = self._keep(at.AREA, np.zeros((nodes, at.AREAS)))
        self.pool_area = self._keep(at.POOL_AREA, np.zeros((len(tables.pool), 2)))
        self.ways = self._keep(at.WAYS, np.zeros((nodes + 1, nodes + 1), np.int64))
        self.seen = self._keep(at.SEEN, np.zeros((rows, at.BUCKETS), np.int64))
        self._keep(at.QUEUE, np.full((nodes * tables.levels, 2), at.NOBODY, np.int64))
        self._keep(at.INFLOW_F, tables.inflow_f.copy())
        self._keep(at.SCHEDULE, tables.schedule.copy())
        self._keep(at.POOL, tables.pool.copy())
        self._keep(at.STACK, np.zeros(nodes + 1, np.int64))
        width = at.ATTRIBUTES + attributes + nodes + attributes  # as they are, and as they came
        groups = sum(len(each.levels) for each in tables.model.attributes.values())
        self.first = tables.shared[at.ATTRIBUTE][:, at.B_FIRST]
        self.group = self._keep(at.GROUP, np.zeros((nodes * groups, at.GROUP_COLUMNS)))
        self._keep(at.PERSON, np.zeros((1024, width), np.int64))
        self._keep(at.NEEDS, np.zeros((len(tables.inflow), at.NEEDS_AHEAD)))
        self._keep(at.LUCKS, np.zeros((len(tables.inflow), at.LUCKS_WIDTH), np.int64))
        self._keep(at.COMING, np.zeros((len(tables.inflow), width), np.int64))
        self._keep(at.EVENT, _events(4096))
        self._keep(at.ROW, np.zeros((1 << 18 if keep else 1, at.ROW_COLUMNS), np.int64))
        for where, table in tables.shared.items():
            self._keep(where, table)
        self.head[at.NODES], self.head[at.CLASSES] = nodes, classes
        self.head[at.LEVELS], self.head[at.ATTRIBUTES_N] = tables.levels, attributes
        self.head[at.PEOPLE_WIDTH] = 8 * width
        self.head[at.INFLOWS], self.head[at.SCHEDULES] = len(tables.inflow), len(tables.schedule)
        self.head[at.POOLS], self.head[at.KEEPS] = len(tables.pool), int(keep)
        self.head[at.GROUPS] = groups
        self.head[at.SEED] = signed(f"seed {seed}")
        self.head[at.FREE] = at.NOBODY
        self.head[at.THERE_N] = len(tables.shared[at.THERE])
        self.head[at.THERE_WIDTH] = 8 * tables.shared[at.THERE].shape[1]

    def __getitem__(self, what: int) -> int:
        """One of the single numbers of the head."""
        return int(self.head[what])

    def rows(self) -> Any:
        """The contacts that were written since they were last taken; takes them."""
        written = self._tables[at.ROW][: self.head[at.ROWS_N]].copy()
        self.head[at.ROWS_N] = 0
        return written

    def people(self) -> Any:
        """Everybody who is inside."""
        people = self._tables[at.PERSON][: self.head[at.USED]]
        return people[people[:, at.STATE] != at.GONE]

    def enlarge(self, where: int) -> None:
        """Make the table of people, of events or of contacts twice as large."""
        table = self._tables[where]
        size = 2 * len(table)
        if where == at.PERSON and size > at.MOST_INSIDE:
            raise BadConfig(
                f"more than {len(table):,} people are inside at the same time",
                "Look for a queue that grows without end: onesystem twin check MODEL.json.",
            )
        bigger = (
            _events(size) if where == at.EVENT else np.zeros((size, table.shape[1]), table.dtype)
        )
        bigger[: len(table)] = table
        self._keep(where, bigger)

    def _keep(self, where: int, table: Any) -> Any:
        """Hold a table and tell the kernel its address, and its size where it can grow."""
        table = np.ascontiguousarray(table)  # the kernel counts in rows
        self._tables[where] = table
        self.head[where] = table.ctypes.data
        if where in _ROOM:
            self.head[_ROOM[where]] = len(table)
        return table


def _events(count: int) -> Any:
    """Places for events, none taken; the four branches of each lie in one line of the cache."""
    table = np.full((count + 4, 2), at.NEVER_COMES, np.int64)
    first = (-table.ctypes.data // 16 - 1) % 4
    return table[first : first + count]
