"""Where each figure of a run lies in the arrays of the kernel: names for columns. Pure.

A row is what is used together: a person, a node, an inflow. All are whole numbers of 64
bits; times are ticks, a thousand-millionth of the model's unit, so that decimal times stay exact.
"""

TICKS = 1_000_000_000
NOBODY = -1
UNSET = -(1 << 62)  # a time that has not come; times before the start are below 0
PLENTY = 1 << 40  # servers of a node that has as many as it takes

# The head of a run: where each table lies, how large they are, and single numbers.
(NODE, QUEUE, PERSON, EVENT, INFLOW, INFLOW_F, SCHEDULE, POOL, ROW, COUNT, AREA, POOL_AREA, SEEN,
 STACK, STAY, STAY_F, CHOICE, CHANGE, PATH, ATTRIBUTE, PRIORITY, VALUES, LINKS, WHOLES, THERE,
 NODES, CLASSES, LEVELS, ATTRIBUTES_N, PEOPLE_WIDTH, INFLOWS, SCHEDULES, POOLS, KEEPS, SEED,
 PEOPLE_ROOM, EVENTS_ROOM, ROWS_ROOM,
 NOW, EVENTS_N, SERIAL, FREE, USED, INSIDE, ROWS_N, DONE_EVENTS, PEOPLE, STILL, STUCK_AT,
 STACK_N, DIRTY, THERE_N, THERE_WIDTH, BEGUN, HOLE, WAYS, UNTIL, COMING,
 NEEDS, LUCKS, GROUP, GROUPS) = range(62)  # fmt: skip
HEAD = 62

# A node: what it is ...
(CAPACITY, ROOM, LOSES, DISCIPLINE, PREEMPT, BUMP, SERVICE, PATIENCE, LEAVE, ROUTE, BALK, BALKS,
 OVER, OVERS, USES, USES_N, INTERRUPTS, CHANGES, CHANGES_N, KEY, HELD, OPENS, THROUGH,
 # ... and how it stands.
 BUSY, WAITING, BLOCKED, BLOCKERS, BLOCKERS_END, INSIDE_HEAD, LAST, STACKED, TAKEN,
 SINCE) = range(33)  # fmt: skip
NODE_COLUMNS = 33

# A person; `AHEAD` is their stay at the service that they come for, drawn before, or -1.
(LUCK, NUMBER, NTH, AT, STATE, ASKED, BEGAN, READY, DUE, LEFT, WHOLE, ORDER, ENTERED, STEP, DEST,
 LEVEL, NEXT, BEFORE, VISIT, HELD_NEXT, HELD_BEFORE, ATTEMPT, CAME_AS, ENTERED_AS, AHEAD,
 ATTRIBUTES) = range(26)  # fmt: skip

GONE, WAITS, SERVED, STAYS_BLOCKED = range(4)  # the state of a person

# An inflow.
(I_NODE, I_KIND, I_START, I_COUNT, I_CLASS, I_BATCH, I_KEY, I_NTH, I_GAPS, I_AT, I_ROUND, I_MORE,
 I_ONCE, I_STAGE, I_WHEN, I_NEEDS, I_LUCKS, I_ATTRIBUTES) = range(18)  # fmt: skip
INFLOW_COLUMNS = 18  # of an inflow that changes at dates, each stage has a row after the other
NEEDS_AHEAD = 16  # numbers of an inflow that are drawn at once
# Of so many who come: their luck, what says their class, and their stay where all have one kind.
L_LUCK, L_CLASS, L_STAY, LUCKS_WIDTH = (n * NEEDS_AHEAD for n in range(4))
RATES, RENEWAL, GIVEN, CLOSED = range(4)
(F_EVERY, F_BEGINS, F_ENDS, F_CLOCK, F_UNTIL, F_NEED) = range(6)
INFLOW_REALS = 6
IS_OVER, CHANGES_NOW = -1.0, -2.0  # instead of the time of an arrival

# Somebody who is there at the start; the levels of attributes come last, below 0 to be drawn.
(T_NODE, T_CLASS, T_SERVED, T_SPENT, T_NTH, T_LEVELS) = range(6)

# A schedule, and a pool of staff.
(C_NODE, C_POOL, C_START, C_COUNT, C_EVERY, C_AT, C_ROUND) = range(7)
SCHEDULE_COLUMNS = 7
(P_CAPACITY, P_USED, P_NODES, P_NODES_N, P_LAST) = range(5)
POOL_COLUMNS = 5

# Ways on.
TO, CHANCES, SHORTEST, PATHWAY, WHEN, WHEN_INSIDE, BY_LEVEL, BY_DATE, BY_CLOCK = range(9)
FIRST, LAST_IN, AT_RANDOM = range(3)  # who is next
NEVER, RESUME, RESTART, RESAMPLE, BUMPS = range(5)  # what becomes of somebody interrupted

# What a row of nodes by classes counts, and what a node sums over time.
(ARRIVED, STARTED, WAITED, FINISHED, LOST, BALKED, RENEGED, DISPLACED, SUM_WAIT, SUM_SERVICE,
 SUM_BLOCKED, SUM_RENEGED, SUM_STAYED, CLOCK_INSIDE, CLOCK_WAITING) = range(15)  # fmt: skip
COUNTS = 15
CLOCKS = (CLOCK_INSIDE, CLOCK_WAITING)  # times of leaving less times of coming

# An attribute: by which other its shares are (or -1), where they begin, how many levels it has, and
# the first of its levels among those of all; and what is counted of a level at a node.
(B_BY, B_START, B_LEVELS, B_FIRST) = range(4)
ATTRIBUTE_COLUMNS = 4
(G_CAME, G_STARTED, G_WAIT, G_LEFT, G_LOST, G_INSIDE, G_WAITING) = range(7)
GROUP_COLUMNS = 7
(A_WAITING, A_BUSY, A_BLOCKED, A_CAPACITY, A_FULL, A_LONGEST) = range(6)
AREAS = 6

# A contact.
(R_PERSON, R_NODE, R_CLASS, R_ASKED, R_BEGAN, R_READY, R_ENDED, R_OUTCOME) = range(8)
ROW_COLUMNS = 8
DONE, WENT, REFUSED, TURNED_AWAY, MOVED, OPEN = range(6)
OUTCOMES = ("done", "left before being seen", "no room", "turned away by the queue", "moved", "")

# Events, in the order in which they happen at one instant.
PRESENT, END, SHIFT, RENEGE, ARRIVAL = range(5)
KIND, WHOSE = 60, 24  # the bits of an order from which on its kind is, and how many say whose it is
MOST_INSIDE, MOST_PLANNED = 1 << WHOSE, 1 << (KIND - WHOSE)  # from there it counts from 0 again
NEVER_COMES = (1 << 63) - 1  # the time of a place without an event

# Why the kernel came back.
FINISHED_ALL, MORE_PEOPLE, MORE_EVENTS, MORE_ROWS, STOPPED, STANDS_STILL, LOCKED = range(1, 8)

BUCKETS = 4096  # of a histogram: 64 to each doubling
