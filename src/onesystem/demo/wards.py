"""Stays in hospital beds: urgent and planned, from ward to ward, and the wait to leave."""

import numpy as np

from onesystem.demo import flareups
from onesystem.demo.hours import draw_clock, draw_days, months, to_local, to_utc
from onesystem.demo.people import NEVER
from onesystem.demo.rates import hours, use
from onesystem.demo.room import cold, make_room
from onesystem.demo.seconds import DAY, HOUR
from onesystem.demo.streams import Stream, joined, stream, word, words
from onesystem.demo.world import World

_NIGHTS_URGENT = 0.88  # of people leaving after a night, the part who came urgently
_MOST_OVERNIGHT = 0.93  # of urgent admissions
_TURNS = 6  # until the lengths of stay give the occupancy that is wanted
_PAST_MIDNIGHT = 0.35  # of short stays: they count as a night in the returns
_REASONS = (
    "Pneumonia", "Heart failure", "Urinary infection", "Hip fracture", "Stroke",
    "Gallstones", "Appendicitis", "Sepsis", "Chest pain", "Falls and frailty", "Cellulitis",
    "Kidney injury", "Bowel obstruction", "Delirium", "Atrial fibrillation",
)  # fmt: skip
_PLANNED = (
    "Hip replacement", "Knee replacement", "Hernia repair", "Hysterectomy", "Prostate surgery",
    "Bowel surgery", "Coronary angioplasty", "Gallbladder surgery",
)  # fmt: skip
_TEAMS = ("Medicine team A", "Medicine team B", "Care of older people", "Surgical team",
          "Orthopaedic team", "Stroke team", "Respiratory team", "Cardiology team")  # fmt: skip


def admissions(
    world: World, seen: dict[str, np.ndarray], ed: Stream, span: tuple[int, int],
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Everyone admitted: from ED, straight in, and planned. `cause` is a row of `ed`, or -1."""
    goal, people = world.goal, world.people
    rows = np.flatnonzero(seen["admitted"])
    count = round(len(rows) * 0.25)  # a fifth of urgent admissions do not pass the ED
    direct = rng.choice(rows, count) if len(rows) else rows
    shift = rng.integers(-10, 10, count) * DAY + rng.integers(-3, 3, count) * HOUR
    planned, when = _planned(world, span, rng)
    who = np.concatenate([seen["who"][rows], seen["who"][direct], planned])
    at = np.concatenate([ed.ended[rows], seen["at"][direct] + shift, when])
    home = people.hospital[who]
    urgent = np.arange(len(who)) < len(rows) + count
    nights = _nights(world)
    long = (nights / goal.emergency_admissions - _PAST_MIDNIGHT) / (1 - _PAST_MIDNIGHT)
    age = people.age(span[0])[who]
    older = np.interp(age, [0, 18, 50, 70, 85], [0.5, 0.75, 0.9, 1.15, 1.25])
    chance = np.clip(np.maximum(long, 0.1)[home] * older, 0, 0.99)
    stays = np.where(urgent, rng.random(len(who)) < chance, True)
    return {
        "who": who, "at": at, "age": age, "hospital": home, "urgent": urgent, "overnight": stays,
        "cause": np.concatenate([rows, np.full(len(who) - len(rows), -1)]),
        "direct": urgent & (np.arange(len(who)) >= len(rows)),
        "flare": np.concatenate([seen["flare"][rows], seen["flare"][direct],
                                 np.zeros(len(planned), dtype=bool)]),
    }  # fmt: skip


def _nights(world: World) -> np.ndarray:
    """Urgent admissions a day that stay a night."""
    goal = world.goal
    return np.minimum(goal.discharged * _NIGHTS_URGENT, goal.emergency_admissions * _MOST_OVERNIGHT)


def _planned(
    world: World, span: tuple[int, int], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """People who come in for an operation, on a weekday morning."""
    people, goal = world.people, world.goal
    a_day = np.maximum(goal.discharged - _nights(world), 0.03 * goal.discharged)
    weight = use("elective", people.age(span[0]), people.decile, people.frailty)
    living = weight * people.presence(*span)
    house = np.bincount(people.hospital, living, minlength=len(a_day))
    level = a_day * (span[1] - span[0]) / np.maximum(house, 1e-9)
    who = np.repeat(np.arange(len(people)), rng.poisson(weight * level[people.hospital]))
    week = np.array([1, 1, 1, 1, 0.8, 0.05, 0.05])
    days = draw_days(len(who), span, rng, week=week)
    return who, to_utc(days * DAY + 7 * HOUR + rng.integers(0, 4 * HOUR, len(who)), world.zone)


def lengths(
    world: World, came: dict[str, np.ndarray], span: tuple[int, int], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """(seconds ready to leave but still here, end): beds occupied come out as published.

    Each hospital's nights are scaled so that on average as many beds are full as its return says,
    and as many of them with people who could be elsewhere. Who comes in winter stays longer: fewer
    come in January than in July, and more beds are full.
    """
    count, goal = len(came["who"]), world.goal
    age, start = came["age"], came["at"]
    care = rng.lognormal(0, 0.95, count) * np.interp(age, [0, 16, 40, 65, 80, 95], [
        0.35, 0.5, 0.7, 1.0, 1.35, 1.4])  # fmt: skip
    care *= np.where(came["urgent"], 1.0, 0.55)
    care *= (goal.season_beds / goal.season)[months(start // DAY)]
    waits = rng.random(count) < np.interp(age, [0, 18, 60, 75, 90], [0.02, 0.06, 0.2, 0.45, 0.6])
    delay = np.where(waits, rng.lognormal(0, 1.0, count), 0.0)
    day = np.where(came["overnight"], 0, rng.uniform(3, 11, count) * HOUR)
    clock = draw_clock(count, hours("discharge"), rng)
    occupied = goal.beds_occupied * world.tuned["lost"][2]
    waiting = goal.no_criteria_to_reside * world.tuned["lost"][3]
    known = world.tuned.get("stays")
    scale, slack = np.ones((2, len(goal.attendances))) if known is None else known
    days = (span[1] - span[0]) * DAY
    end = ready = start
    for turn in range(_TURNS + 1):
        length = care * scale[came["hospital"]] * 4.5 * DAY
        held = delay * slack[came["hospital"]] * 3 * DAY + 2 * HOUR
        end = to_local((start + length + held).astype(np.int64), world.zone) // DAY * DAY + clock
        end = to_utc(end, world.zone)
        end = np.where(end < start + 14 * HOUR, end + DAY, end)
        held = np.minimum(held, (end - start) * 0.8)
        end = np.where(came["overnight"], end, start + day).astype(np.int64)
        ready = np.where(came["overnight"], end - held, end - HOUR).astype(np.int64)
        end = make_room(world, came, end, span)
        ready = np.where(ready < end, ready, np.maximum(end - HOUR, start))
        if known is not None or turn == _TURNS:  # the factors that gave these times are kept
            break
        full = np.bincount(came["hospital"], end - start, minlength=len(scale)) / days
        late = np.bincount(came["hospital"], end - ready, minlength=len(scale)) / days
        slack *= np.clip(waiting / np.maximum(late, 1e-9), 0.5, 2)
        scale *= np.clip((occupied - waiting) / np.maximum(full - late, 1e-9), 0.5, 2)
    world.tuned.setdefault("stays", np.stack([scale, slack]))
    return ready, end


def ward_stays(
    world: World, came: dict[str, np.ndarray], ready: np.ndarray, end: np.ndarray,
    rng: np.random.Generator,
) -> Stream:  # fmt: skip
    """The stretches of each stay. `number` is the row of `came`; parts count from 1."""
    count, at = len(came["who"]), came["at"]
    wards = [world.plan.use[f"ward-{h.code}"] for h in world.here.hospitals]
    first = np.array([w[0] for w in wards])[came["hospital"]]
    later = _later_ward(world, came, wards, rng)
    stay = end - at
    through = came["urgent"] & (~came["overnight"] | (rng.random(count) < 0.7))
    through &= came["age"] >= 16
    moved = through & came["overnight"] & (stay > 20 * HOUR)
    move = at + np.minimum(rng.uniform(5, 40, count) * HOUR, stay * 0.6).astype(np.int64)
    reasons = np.where(came["urgent"], rng.choice(words(*_REASONS), count),
                       rng.choice(words(*_PLANNED), count))  # fmt: skip
    reasons = np.where(came["flare"], word(flareups.REASON), reasons)
    died = came["overnight"] & came["urgent"] & (rng.random(count) < np.interp(
        came["age"], [0, 40, 60, 75, 90], [0.002, 0.008, 0.035, 0.08, 0.15]))  # fmt: skip
    outcome = np.where(died, word("died"), rng.choice(
        words("discharged home", "discharged home with care", "to a care home",
              "to rehabilitation"), count, p=[0.84, 0.1, 0.03, 0.03]))  # fmt: skip
    common = {
        "number": np.arange(count), "source": came["hospital"], "reason": reasons,
        "by": rng.choice(words(*_TEAMS), count),
        "mode": np.where(came["urgent"], np.where(came["direct"], word("direct admission"),
                                                  word("from ED")), word("planned")),
    }  # fmt: skip
    asked = np.where(came["urgent"], NEVER, at - (rng.gamma(2, 45, count) * DAY).astype(np.int64))
    only = stream("S", came["who"], service=np.where(through, first, later), started=at,
                  requested=asked, planned=np.where(came["urgent"], NEVER, at),
                  ready=np.where(moved, NEVER, ready), ended=np.where(moved, move, end),
                  outcome=np.where(moved, 0, outcome),
                  cause=came["cause"] + 1, cause_part=1, cause_series="E", **common)  # fmt: skip
    next_part = stream("S", came["who"], service=later, part=2, started=move,
                       ready=np.maximum(ready, move + HOUR), ended=end, outcome=outcome,
                       cause=np.arange(count) + 1, cause_part=1, cause_series="",
                       **common).where(moved)  # fmt: skip
    made = joined([only, next_part])
    made.cause_series = "E"  # of first parts; of later parts it is their own series
    made.service, made.bed = world.beds.take(
        made.service, made.started, made.ended, world.plan.ward_beds, _others(world, wards),
        shut=(_winter_wards(world), ~cold(made.started)),
    )  # fmt: skip
    return made


def _winter_wards(world: World) -> list[int]:
    return [int(world.plan.use[f"winter-{h.code}"][0]) for h in world.here.hospitals]


def _others(world: World, wards: list[np.ndarray]) -> dict[int, list[int]]:
    """Where who finds a ward full goes: another ward, the winter ward, the assessment unit."""
    found: dict[int, list[int]] = {}
    for own, winter in zip(wards, _winter_wards(world), strict=True):
        every = [*map(int, own[1:]), winter, int(own[0])]
        found |= {ward: [o for o in every if o != ward] for ward in every}
    return found


def _later_ward(
    world: World, came: dict[str, np.ndarray], wards: list[np.ndarray], rng: np.random.Generator
) -> np.ndarray:
    """A ward for each, by how many beds it has; in winter some go to the winter ward."""
    chosen = np.zeros(len(came["who"]), dtype=np.int64)
    winter = cold(came["at"]) & (rng.random(len(chosen)) < 0.06) & (came["age"] > 50)
    for each, hospital in enumerate(world.here.hospitals):
        mine = came["hospital"] == each
        beds = np.array([world.plan.ward_beds[int(w)] for w in wards[each][1:]], dtype=float)
        chosen[mine] = rng.choice(wards[each][1:], mine.sum(), p=beds / beds.sum())
        chosen[mine & winter] = world.plan.use[f"winter-{hospital.code}"][0]
    return chosen
