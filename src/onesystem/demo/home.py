"""Care at and near home: community nursing, rehabilitation, enablement."""

import numpy as np

from onesystem.demo import flareups
from onesystem.demo.everyday import who
from onesystem.demo.hours import draw_clock, draw_days, on_weekday, to_utc
from onesystem.demo.people import NEVER
from onesystem.demo.rates import hours
from onesystem.demo.seconds import DAY, HOUR, MINUTE
from onesystem.demo.streams import Stream, numbered, stream, word, words
from onesystem.demo.world import World

_VISITS = 38  # of an episode of nursing at home, on average
_TO_BEDS, _TO_ENABLEMENT = 0.12, 0.16  # of people over 65 who leave a ward after a night
_NEEDS = ("Wound care", "Insulin", "Catheter care", "Leg ulcer", "Pressure area care",
          "End of life care", "Medication", "Continence", "Falls prevention")  # fmt: skip


def nursing(world: World, span: tuple[int, int], rng: np.random.Generator) -> Stream:
    """Visits by community nurses, in episodes; each visit is caused by the first."""
    patient = who(world, "nursing", span, rng)
    count = len(patient)
    begin = on_weekday(draw_days(count, span, rng))
    visits = 1 + rng.geometric(1 / _VISITS, count)
    every = rng.choice([1, 2, 3, 4, 7], count, p=[0.22, 0.22, 0.22, 0.14, 0.2])
    row = np.repeat(np.arange(count), visits)
    turn = np.arange(len(row)) - np.repeat(np.cumsum(visits) - visits, visits)
    day = begin[row] + turn * every[row]
    at = to_utc(day * DAY + draw_clock(len(row), hours("visit"), rng), world.zone)
    lead = (rng.exponential(2.2, count) * DAY).astype(np.int64)
    asked = to_utc(begin * DAY + 10 * HOUR, world.zone) - lead
    team = _team(world)[world.people.authority[patient]]
    missed = rng.random(len(row)) < 0.02
    made = stream(
        "N", patient[row], source=world.source("community"), service=team[row],
        requested=np.where(turn == 0, np.minimum(asked[row], at - HOUR), at - 12 * HOUR),
        started=np.where(missed, NEVER, at),
        ended=np.where(missed, at, at + rng.integers(12, 50, len(row)) * MINUTE), cancelled=missed,
        mode=word("home visit"), reason=rng.choice(words(*_NEEDS), count)[row],
        outcome=np.where(missed, word("not at home"), word("done")),
        by=words("Nurse Teal", "Nurse Wigeon", "Nurse Sandling", "Nurse Curlew")[row % 4],
        cause_series="N",
    )  # fmt: skip
    base = world.counters.get("N", 0)
    made.number = base + 1 + np.arange(len(row))
    later = turn > 0
    made.cause[later] = (made.number - turn)[later]
    made.cause_part[later] = 1
    world.counters["N"] = base + len(row)
    return made


def flareups_at_home(
    world: World, spared: dict[str, np.ndarray], rng: np.random.Generator
) -> Stream:
    """Daily visits by the acute demand team to those whose flare-up is looked after at home."""
    rows = np.flatnonzero(spared["flare"])
    visits = np.clip(1 + rng.poisson(flareups.EPISODE - 2, len(rows)), 2, 10)
    row = np.repeat(rows, visits)
    turn = np.arange(len(row)) - np.repeat(np.cumsum(visits) - visits, visits)
    first = spared["at"][row] + rng.integers(1, 4, len(rows)).repeat(visits) * HOUR
    at = first + turn * DAY
    made = stream(
        "N", spared["who"][row], source=world.source("community"),
        service=world.plan.use["acute-demand"][0],
        requested=np.where(turn == 0, spared["at"][row], at - 12 * HOUR),
        started=at, ended=at + rng.integers(20, 50, len(row)) * MINUTE,
        mode=word("home visit"), reason=word(flareups.REASON), outcome=word("done"),
        by=words("Nurse Teal", "Nurse Wigeon", "Dr Samphire")[row % 3], cause_series="N",
    )  # fmt: skip
    base = world.counters.get("N", 0)
    made.number = base + 1 + np.arange(len(row))
    later = turn > 0
    made.cause[later], made.cause_part[later] = (made.number - turn)[later], 1
    world.counters["N"] = base + len(row)
    return made


def _team(world: World) -> np.ndarray:
    """The nursing team of each authority."""
    teams = list(world.here.facts["teams"])
    return np.array([
        world.plan.use["nursing"][teams.index(a["team"])]
        for a in world.here.facts["authorities"].values()
    ])  # fmt: skip


def after_hospital(world: World, wards: Stream, rng: np.random.Generator) -> dict[str, Stream]:
    """Rehabilitation beds and enablement at home for old people who leave a ward."""
    last = (wards.ready < NEVER) & (wards.outcome != word("died"))
    old = world.people.age(int(np.max(wards.started, initial=0)) // DAY)[wards.person] >= 65
    long = wards.ended - wards.started > 2 * DAY
    rows = np.flatnonzero(last & old & long)
    draw = rng.random(len(rows))
    beds, home = draw < _TO_BEDS * 1.6, draw > 1 - _TO_ENABLEMENT * 1.6
    made, full = _rehabilitation(world, wards, rows[beds], rng)
    home[np.flatnonzero(beds)[full]] = True  # who finds no bed is helped at home
    beds &= ~home
    wards.outcome[rows[beds]] = word("to rehabilitation")
    wards.outcome[rows[home]] = word("discharged home with care")
    return {"R": made, "B": _enablement(world, wards, rows[home], rng)}


def _rehabilitation(
    world: World, wards: Stream, rows: np.ndarray, rng: np.random.Generator
) -> tuple[Stream, np.ndarray]:
    """The stays in the beds that are free, and for each of `rows` whether none was."""
    units, count = world.plan.use["rehabilitation"], len(rows)
    begun = wards.ended[rows] + rng.integers(1, 4, count) * HOUR
    stay = (rng.gamma(2.4, 8.5, count) * DAY).astype(np.int64) + DAY
    unit = units[rng.integers(0, len(units), count)]
    others = {int(u): [int(o) for o in units if o != u] for u in units}
    unit, bed = world.beds.take(
        unit, begun, begun + stay, world.plan.ward_beds, others, crowd=False
    )  # fmt: skip
    made = stream(
        "R", wards.person[rows], source=world.source("community"), service=unit, bed=bed,
        requested=wards.ready[rows], started=begun,
        ready=begun + stay - np.minimum(stay // 3, (rng.exponential(2.2, count) * DAY).astype(int)),
        ended=begun + stay, mode=word("from hospital"), reason=wards.reason[rows],
        outcome=rng.choice(words("discharged home", "discharged home with care",
                                 "to a care home"), count, p=[0.58, 0.3, 0.12]),
        cause=wards.number[rows], cause_part=wards.part[rows], cause_series="S",
    )  # fmt: skip
    return counted(world, made.where(bed > 0)), bed == 0


def _enablement(world: World, wards: Stream, rows: np.ndarray, rng: np.random.Generator) -> Stream:
    count = len(rows)
    teams = list(world.here.facts["teams"])
    place = np.array([teams.index(a["team"]) for a in world.here.facts["authorities"].values()])
    person = wards.person[rows]
    begun = wards.ended[rows] + rng.integers(3, 40, count) * HOUR
    return counted(world, stream(
        "B", person, source=world.source("council"),
        service=world.plan.use["enablement"][place[world.people.authority[person]]],
        requested=wards.ready[rows], started=begun,
        ended=begun + (np.clip(rng.gamma(4, 8, count), 3, 90) * DAY).astype(np.int64),
        mode=word("from hospital"), reason=word("Enablement after hospital"),
        outcome=rng.choice(words("independent", "home care continues", "back to hospital",
                                 "to a care home"), count, p=[0.56, 0.28, 0.12, 0.04]),
        cause=wards.number[rows], cause_part=wards.part[rows], cause_series="S",
    ))  # fmt: skip


def counted(world: World, made: Stream) -> Stream:
    """With the numbers that come next in its series."""
    base = world.counters.get(made.series, 0)
    world.counters[made.series] = base + len(made)
    return numbered(made, base)
