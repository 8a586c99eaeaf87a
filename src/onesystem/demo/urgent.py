"""Everything urgent in one stretch of time, tied together: who is in a bed comes to no ED."""

import numpy as np

from onesystem.demo.everyday import rung
from onesystem.demo.flareups import spared
from onesystem.demo.home import flareups_at_home
from onesystem.demo.hospital import ambulances, arrivals, ed_stays, stay_home
from onesystem.demo.seconds import DAY
from onesystem.demo.streams import Stream, joined, word
from onesystem.demo.wards import admissions, lengths, ward_stays
from onesystem.demo.world import World


def urgent(world: World, span: tuple[int, int], rng: np.random.Generator) -> dict[str, Stream]:
    """Ambulances, ED attendances and ward stays of the days from span[0] to span[1].

    Where a way that ends at home is in force, also what those who take it have instead.
    """
    seen, home = _parted(world, arrivals(world, span, rng), world.rng("spared", span[0]))
    ed = ed_stays(world, seen, rng)
    came = admissions(world, seen, ed, span, rng)
    was = dict(world.tuned)
    _, end = lengths(world, came, span, rng)
    keep_ed, keep_stay = _apart(world, ed, came, end)
    seen = {name: column[keep_ed] for name, column in seen.items()}
    ed = ed.where(keep_ed)
    fresh = np.cumsum(keep_ed) - 1
    came = {name: column[keep_stay] for name, column in came.items()}
    came["cause"] = np.where(came["cause"] >= 0, fresh[came["cause"]], -1)
    world.tuned = {**world.tuned, "stays": was["stays"]} if "stays" in was else {
        name: v for name, v in world.tuned.items() if name != "stays"
    }  # fmt: skip
    ready, end = lengths(world, came, span, rng)
    wards = ward_stays(world, came, ready, end, rng)
    calls = ambulances(world, seen, ed, rng, int(home["ambulance"].sum()))
    calls = joined([calls, stay_home(world, home, rng)])
    _number(world, ed, wards, calls, seen)
    _remember(world, came, end, span)
    made = {"A": calls, "E": ed, "S": wards}
    return made | _instead(world, home, world.rng("instead", span[0]))


def _parted(
    world: World, seen: dict[str, np.ndarray], rng: np.random.Generator
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Those who come to hospital, with those who come after all; and those who stay at home."""
    stays, back = spared(world.ways, seen, rng)
    home = {name: column[stays] for name, column in seen.items()}
    after = {name: column[back] for name, column in seen.items()}
    after["at"] = after["at"] + rng.integers(1, 28, len(after["at"])) * DAY
    after["ambulance"] = np.zeros(len(after["at"]), dtype=bool)
    comes = {name: np.concatenate([seen[name][~stays], after[name]]) for name in seen}
    return comes, home


def _instead(
    world: World, home: dict[str, np.ndarray], rng: np.random.Generator
) -> dict[str, Stream]:
    """Visits at home and of the practice, of those who are there and alive at the time."""
    there = _lives_here(world, home["who"], home["at"]) & ~world.away(home["who"], home["at"])
    home = {name: column[there] for name, column in home.items()}
    if not len(home["at"]):
        return {}
    return {"N": flareups_at_home(world, home, rng), "G": rung(world, home, rng)}


def _apart(
    world: World, ed: Stream, came: dict[str, np.ndarray], end: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Which attendances and stays remain, so that nobody is in two places at once."""
    out = ed.ended.copy()
    by_ed = came["cause"] >= 0
    out[came["cause"][by_ed]] = end[by_ed]
    alone = np.flatnonzero(~by_ed)
    old = world.stays
    who = np.concatenate([old[0], ed.person, came["who"][alone]])
    start = np.concatenate([old[1], ed.started, came["at"][alone]])
    until = np.concatenate([old[2], out, end[alone]])
    order = np.lexsort((start, who))
    shift = who[order] * (1 << 33)
    before = np.maximum.accumulate(until[order] + shift)
    free = np.ones(len(who), dtype=bool)
    free[1:] = (start[order] + shift)[1:] >= before[:-1]
    kept = np.empty(len(who), dtype=bool)
    kept[order] = free
    keep_ed = kept[len(old[0]) : len(old[0]) + len(ed)]
    keep_stay = np.zeros(len(end), dtype=bool)
    keep_stay[alone] = kept[len(old[0]) + len(ed) :]
    keep_ed &= _lives_here(world, ed.person, ed.started)
    keep_stay[by_ed] = keep_ed[came["cause"][by_ed]]
    return keep_ed, keep_stay & _lives_here(world, came["who"], came["at"])


def _lives_here(world: World, person: np.ndarray, at: np.ndarray) -> np.ndarray:
    people = world.people
    begins = np.maximum(people.arrived, people.birth * DAY)[person]
    return (begins <= at) & (at < np.minimum(people.left, people.died)[person])  # type: ignore[no-any-return]


def _number(
    world: World, ed: Stream, wards: Stream, calls: Stream, seen: dict[str, np.ndarray]
) -> None:
    """Numbers in order of time; causes from rows into numbers."""
    for made in (ed, calls):
        rank = np.empty(len(made), dtype=np.int64)
        rank[np.argsort(made.first, kind="stable")] = np.arange(len(made))
        base = world.counters.get(made.series, 0)
        made.number = base + 1 + rank
        world.counters[made.series] = base + len(made)
    carried = np.flatnonzero(seen["ambulance"])
    ed.cause[carried], ed.cause_part[carried] = calls.number[: len(carried)], 1
    base = world.counters.get("S", 0)
    count = int(wards.number.max()) + 1 if len(wards) else 0
    begun = np.zeros(count, dtype=np.int64)
    begun[wards.number[wards.part == 1]] = wards.started[wards.part == 1]
    rank = np.empty(count, dtype=np.int64)
    rank[np.argsort(begun, kind="stable")] = np.arange(count)
    wards.number = base + 1 + rank[wards.number]
    first = (wards.part == 1) & (wards.cause > 0)
    wards.cause[first] = ed.number[wards.cause[first] - 1]
    later = wards.part > 1
    wards.cause[later], wards.cause_part[later] = wards.number[later], wards.part[later] - 1
    world.counters["S"] = base + count


def _remember(
    world: World, came: dict[str, np.ndarray], end: np.ndarray, span: tuple[int, int]
) -> None:
    """Stays that may still matter, and who died in one."""
    old = world.stays[:, world.stays[2] > span[0] * DAY]
    both = np.concatenate([old, np.stack([came["who"], came["at"], end])], axis=1)
    world.stays = both[:, np.lexsort((both[1], both[0]))]


def hospital_deaths(world: World, wards: Stream) -> None:
    """The people who died in a bed are dead from then on."""
    rows = wards.outcome == word("died")
    np.minimum.at(world.people.died, wards.person[rows], wards.ended[rows])
