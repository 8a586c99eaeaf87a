"""Urgent care, arrival by arrival: ambulance, ED, wards, and the way out of the hospital.

Totals are held to the published flow of each hospital: attendances, the share over four hours,
emergency admissions, nights in beds and days of waiting in them although ready to leave.
"""

import numpy as np

from onesystem.demo import flareups
from onesystem.demo.hours import draw_clock, draw_days, months, to_local, to_utc
from onesystem.demo.people import NEVER
from onesystem.demo.rates import hours, use
from onesystem.demo.seconds import DAY, HOUR, MINUTE
from onesystem.demo.streams import Stream, joined, stream, word, words
from onesystem.demo.world import World

_BY_ED = 0.8  # of emergency admissions; the rest come straight from a practice or a clinic
_COMPLAINTS = (
    "Chest pain", "Breathlessness", "Fall", "Abdominal pain", "Limb injury", "Head injury",
    "Fever", "Collapse", "Confusion", "Wound", "Palpitations", "Back pain", "Stroke symptoms",
    "Feeling unwell", "Allergic reaction", "Overdose",
)  # fmt: skip
_STAFF = ("Dr Reed", "Dr Marram", "Dr Sedge", "Dr Tern", "Sister Plover", "Dr Heron", "Dr Wherry")


def arrivals(
    world: World, span: tuple[int, int], rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Who comes to which ED when, and how: ambulance or not, urgency, admitted or not."""
    people, goal = world.people, world.goal
    age = people.age(span[0])
    weight = use("ed", age, people.decile, people.frailty)
    living = weight * people.presence(*span)
    house = np.bincount(people.hospital, living, minlength=len(goal.attendances))
    season = goal.season[months(np.arange(*span))].sum()
    level = goal.attendances / np.maximum(house, 1e-9) * season * world.tuned["lost"][0]
    who = np.repeat(np.arange(len(people)), rng.poisson(weight * level[people.hospital]))
    count = len(who)
    week = np.array([1.12, 1.02, 0.99, 0.98, 0.97, 0.94, 0.98])
    days = draw_days(count, span, rng, week=week, season=goal.season)
    at = to_utc(days * DAY + draw_clock(count, hours("ed"), rng), world.zone)
    age = age[who]
    flares = flareups.flare(age, at, rng)
    ambulance = rng.random(count) < np.interp(age, [0, 5, 20, 60, 75, 90], [
        0.13, 0.08, 0.2, 0.3, 0.52, 0.74])  # fmt: skip
    sick = np.interp(age, [0, 5, 18, 50, 70, 85], [0.14, 0.07, 0.09, 0.17, 0.33, 0.5])
    chance = np.clip(sick * np.where(ambulance, 1.9, 0.62), 0, 0.92)
    chance = flareups.likelier(chance, flares)
    hospital = people.hospital[who]
    more = world.tuned["lost"][1] / world.tuned["lost"][0]
    share = goal.emergency_admissions * _BY_ED * more / goal.attendances
    admitted = rng.random(count) < _held(world, chance, hospital, share)
    urgency = np.clip(np.round(rng.normal(3.6, 0.8, count) - admitted * 0.9 - ambulance * 0.4),
                      1, 5).astype(int)  # fmt: skip
    return {"who": who, "at": at, "age": age, "ambulance": ambulance, "admitted": admitted,
            "hospital": hospital, "urgency": urgency, "flare": flares}  # fmt: skip


def _held(world: World, chance: np.ndarray, group: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Each one's chance, moved so that each group's share comes out as told."""
    odds = chance / (1 - chance)
    factor = world.tune("admitted", np.array([
        _factor(odds[group == each], wanted) for each, wanted in enumerate(share)
    ]))[group]  # fmt: skip
    return odds * factor / (1 + odds * factor)  # type: ignore[no-any-return]


def _factor(odds: np.ndarray, wanted: float) -> float:
    """What to multiply odds by, so that the mean chance is as wanted."""
    low, high = 1e-3, 1e3
    for _ in range(40):
        middle = float(np.sqrt(low * high))
        mean = (odds * middle / (1 + odds * middle)).mean() if len(odds) else wanted
        low, high = (middle, high) if mean < wanted else (low, middle)
    return middle


def ed_stays(world: World, seen: dict[str, np.ndarray], rng: np.random.Generator) -> Stream:
    """ED attendances. The share over four hours of each hospital comes out as published."""
    count, admitted = len(seen["who"]), seen["admitted"]
    local = to_local(seen["at"], world.zone)
    evening = np.sin((local % DAY) / DAY * 2 * np.pi - np.pi * 0.9)
    busy = world.goal.season[months(local // DAY)] - 1
    sway = rng.normal(0, 0.55, count) + 0.85 * admitted + 0.18 * evening + 1.5 * busy
    sway -= 0.12 * (seen["urgency"] >= 4)
    level = world.tune("four hours", np.array([
        np.quantile(sway[mine], 1 - over) if (mine := seen["hospital"] == each).any() else 0.0
        for each, over in enumerate(world.goal.over_4_hours)
    ]))  # fmt: skip
    length = np.log(4 * HOUR) + sway - level[seen["hospital"]]
    length = np.clip(np.exp(length), 12 * MINUTE, 40 * HOUR)
    # Many are seen off just before four hours: the published curves all have that edge.
    edge = (length > 3 * HOUR) & (length < 4 * HOUR) & (rng.random(count) < 0.45)
    length = np.where(edge, rng.uniform(3.5, 3.99, count) * HOUR, length).astype(np.int64)
    code = [int(world.plan.use[f"ed-{h.code}"][0]) for h in world.here.hospitals]
    how = np.where(seen["ambulance"], word("ambulance"), rng.choice(
        words("walk-in", "referred by practice", "sent by telephone advice"), count,
        p=[0.8, 0.08, 0.12]))  # fmt: skip
    decided = seen["at"] + (length * rng.uniform(0.35, 0.75, count)).astype(np.int64)
    return stream(
        "E", seen["who"], source=seen["hospital"], service=np.array(code)[seen["hospital"]],
        started=seen["at"], ended=seen["at"] + length,
        ready=np.where(admitted, decided, NEVER), mode=how,
        urgency=words("", "1", "2", "3", "4", "5")[seen["urgency"]],
        reason=np.where(seen["flare"], word(flareups.COMPLAINT),
                        rng.choice(words(*_COMPLAINTS), count)),
        outcome=np.where(admitted, word("admitted"), rng.choice(
            words("discharged home", "referred to practice", "referred to clinic", "left early"),
            count, p=[0.72, 0.17, 0.07, 0.04])),
        by=rng.choice(words(*_STAFF), count), cause_series="A",
    )  # fmt: skip


def ambulances(
    world: World, seen: dict[str, np.ndarray], ed: Stream, rng: np.random.Generator,
    spared: int = 0,
) -> Stream:  # fmt: skip
    """One for each arrival by ambulance, and as many again that end at the scene as usual.

    Asked for, on scene, ready when the crew reaches the hospital, ended when it hands over.
    `spared` are those who would have arrived so, had they not stayed at home.
    """
    rows = np.flatnonzero(seen["ambulance"])
    at, count = seen["at"][rows], len(rows)
    response = _minutes(rng, count, 24, 0.7) * np.where(seen["urgency"][rows] <= 2, 0.45, 1.0)
    scene, drive = _minutes(rng, count, 38, 0.35), _minutes(rng, count, 27, 0.45)
    winter = 1 + 3 * np.maximum(0, world.goal.season[months(at // DAY)] - 1)
    over = _minutes(rng, count, 17, 0.75) * winter
    begun = at - ((scene + drive) * MINUTE).astype(np.int64)
    carried = stream(
        "A", seen["who"][rows], source=world.source("ambulance"),
        service=world.plan.use["ambulance"][0], started=begun,
        requested=begun - (response * MINUTE).astype(np.int64), ready=at,
        ended=at + (over * MINUTE).astype(np.int64), mode=word("999"),
        urgency=np.where(seen["urgency"][rows] <= 2, word("category 2"), word("category 3")),
        reason=ed.reason[rows], outcome=word("taken to hospital"),
    )  # fmt: skip
    stayed = rng.choice(rows, int((count + spared) * 0.55)) if count else rows
    begun = draw_near(seen["at"][stayed], rng)
    return joined([carried, _left(world, seen["who"][stayed], begun, ed.reason[stayed], rng)])


def _left(
    world: World, who: np.ndarray, begun: np.ndarray, reason: np.ndarray, rng: np.random.Generator
) -> Stream:
    """Ambulances that end at the scene."""
    response, scene = _minutes(rng, len(who), 30, 0.8), _minutes(rng, len(who), 55, 0.45)
    return stream(
        "A", who, source=world.source("ambulance"),
        service=world.plan.use["ambulance"][0], started=begun,
        requested=begun - (response * MINUTE).astype(np.int64),
        ended=begun + (scene * MINUTE).astype(np.int64), mode=word("999"),
        urgency=rng.choice(words("category 2", "category 3", "category 4"), len(who)),
        reason=reason,
        outcome=rng.choice(words("treated at home", "referred to practice", "not conveyed"),
                           len(who)),
    )  # fmt: skip


def stay_home(world: World, spared: dict[str, np.ndarray], rng: np.random.Generator) -> Stream:
    """Ambulances to those who stay at home by a way that was agreed: they say which."""
    rows = np.flatnonzero(spared["ambulance"])
    flares = spared["flare"][rows]
    reason = np.where(flares, word(flareups.COMPLAINT), rng.choice(words(*_COMPLAINTS), len(rows)))
    made = _left(world, spared["who"][rows], spared["at"][rows] - HOUR, reason, rng)
    made.outcome = np.where(flares, word("referred to acute demand"), word("referred to practice"))
    return made


def draw_near(at: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another day within three weeks, at about that hour."""
    away = rng.integers(1, 21, len(at)) * rng.choice([-1, 1], len(at))
    return at + away * DAY + rng.integers(-HOUR, HOUR, len(at))  # type: ignore[no-any-return]


def _minutes(rng: np.random.Generator, count: int, median: float, spread: float) -> np.ndarray:
    return np.clip(np.exp(rng.normal(np.log(median), spread, count)), 2, 600)
