"""Room in a full hospital: whoever is nearest to leaving leaves sooner, as hospitals do.

Without this a small hospital of the demo would stand at one and a half times its beds for days,
since chance weighs more where there are few.
"""

import heapq

import numpy as np

from onesystem.demo.hours import months, to_local
from onesystem.demo.seconds import DAY, HOUR, MINUTE
from onesystem.demo.world import World

WINTER = (10, 11, 0, 1, 2)  # November to March: the winter ward is open
_PUT_UP = 0.02  # of its beds, how many more a hospital puts up before it sends anyone home
_MORNING, _EVENING = 8 * HOUR, 18 * HOUR  # who makes room for the night left the evening before


def cold(at: np.ndarray) -> np.ndarray:
    """Whether winter wards are open at each second."""
    return np.isin(months(at // DAY), WINTER)


def limits(world: World) -> np.ndarray:
    """How many each hospital holds at the most: in summer, in winter (a row each)."""
    plan, rows = world.plan, []
    for hospital in world.here.hospitals:
        own = sum(plan.ward_beds[int(w)] for w in plan.use[f"ward-{hospital.code}"])
        extra = plan.ward_beds[int(plan.use[f"winter-{hospital.code}"][0])]
        rows.append([own, own + extra])
    return np.ceil(np.array(rows) * (1 + _PUT_UP)).astype(np.int64)


def make_room(
    world: World, came: dict[str, np.ndarray], end: np.ndarray, span: tuple[int, int]
) -> np.ndarray:
    """The end of each stay, so that no hospital holds more than its limit.

    Who came in an earlier stretch of time has been told about and stays as they were.
    """
    end = end.copy()
    most = limits(world)
    who, _, until = world.stays
    before = until > span[0] * DAY
    theirs = world.people.hospital[who[before]]
    order = np.argsort(came["at"], kind="stable")
    local = to_local(came["at"], world.zone)
    for each in range(len(most)):
        rows = order[came["hospital"][order] == each]
        fixed = [(int(e), -1) for e in until[before][theirs == each]]
        _one(rows, came["at"], local % DAY, most[each][cold(came["at"]).astype(int)], end, fixed)
    return end


def _one(
    rows: np.ndarray, start: np.ndarray, clock: np.ndarray, most: np.ndarray, end: np.ndarray,
    inside: list[tuple[int, int]],
) -> None:  # fmt: skip
    """One hospital, arrival by arrival: `inside` is a heap of ends, with the row of each stay."""
    heapq.heapify(inside)
    begun = start.tolist()
    for row in rows.tolist():
        now = begun[row]
        while inside and inside[0][0] <= now:
            heapq.heappop(inside)
        if len(inside) >= most[row]:
            _send_home(inside, now, int(clock[row]), begun, end)
        heapq.heappush(inside, (int(end[row]), row))


def _send_home(
    inside: list[tuple[int, int]], now: int, clock: int, begun: list[int], end: np.ndarray
) -> None:
    """The first to leave of those who may leave now does so: nobody before their first night."""
    kept, midnight = [], now - clock
    while inside:
        until, row = heapq.heappop(inside)
        if row >= 0 and begun[row] < midnight:
            before = clock < _MORNING and begun[row] < midnight - DAY
            end[row] = midnight - DAY + _EVENING if before else max(now - 10 * MINUTE, midnight)
            break
        kept.append((until, row))
    for each in kept:
        heapq.heappush(inside, each)
