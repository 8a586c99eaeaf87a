"""What a practice or a hospital asks for: clinics and tests, and the waits for both."""

import numpy as np

from onesystem.demo.everyday import REFERRED, TESTED
from onesystem.demo.hours import OFFICE, draw_clock, on_weekday, to_local, to_utc
from onesystem.demo.people import NEVER
from onesystem.demo.seconds import DAY, HOUR, MINUTE
from onesystem.demo.streams import Stream, joined, stream, word, words
from onesystem.demo.world import World

_FOLLOW_UPS = 2.3  # appointments after a first one
_NOT_COMING = 0.07
# Waits for a first appointment, in days: a fifth are urgent. With this spread as many wait over
# 18 and over 52 weeks as England's list says.
_SOON, _SOONER, _SPREAD = 0.2, 0.08, 0.5
_BOOKED = (14, 43)  # days ahead at which a follow-up is booked; until then nobody waits for it
_CLINICIANS = ("Mr Grebe", "Ms Bittern", "Dr Whimbrel", "Dr Osprey", "Nurse Reed", "Miss Avocet")
_TESTS = ("Blood tests", "X-ray", "Ultrasound", "CT scan", "MRI scan", "Endoscopy", "ECG",
          "Echocardiogram")  # fmt: skip
_TEST_PLACE = np.array([1, 0, 0, 0, 0, 2, 3, 3])  # pathology, imaging ...
_TEST_SHARE = np.array([0.48, 0.17, 0.12, 0.07, 0.05, 0.05, 0.04, 0.02])


def clinics(world: World, gp: Stream, rng: np.random.Generator) -> Stream:
    """First appointments after a referral, then follow-ups, each caused by the one before."""
    rows = np.flatnonzero((gp.outcome == word(REFERRED)) & ~gp.cancelled)
    person = gp.person[rows]
    specialty = rng.integers(0, 8, len(rows))
    soon = rng.random(len(rows)) < _SOON
    wait = _wait(world) * rng.lognormal(0, _SPREAD, len(rows)) * np.where(soon, _SOONER, 1.0)
    first = _appointments(world, person, specialty, gp.ended[rows], wait, rng)
    first.cause, first.cause_part = gp.number[rows], np.ones(len(rows), dtype=np.int64)
    first.urgency = np.where(soon, word("two weeks"), word("routine"))
    first.number = np.arange(len(rows))
    chain, before, turn = [first], first, 0
    goes_on = _FOLLOW_UPS / (1 + _FOLLOW_UPS)
    while len(before) and turn < 14:
        turn += 1
        on = np.flatnonzero(rng.random(len(before)) < goes_on)
        asked = np.where(before.cancelled, before.ended, before.ended)[on]
        gap = rng.gamma(2.2, 42, len(on))
        group = specialty[before.number[on]] if turn == 1 else specialty[on]
        following = _appointments(world, before.person[on], group, asked, gap, rng)
        ahead = rng.integers(*_BOOKED, len(on)) * DAY
        following.requested = np.maximum(asked, following.planned - ahead)
        following.cause, following.cause_part = before.number[on], np.full(len(on), turn)
        following.number = np.arange(len(on))
        following.urgency[:] = word("follow-up")
        specialty, before = group, following
        chain.append(following)
    return _numbered_chain(world, chain)


def _wait(world: World) -> float:
    """Median days of who is not urgent, so that as many wait as published: who joins times how
    long they wait.
    """
    mean = world.goal.waiting / world.goal.referred * 365.25
    return float(mean / np.exp(_SPREAD**2 / 2) / (1 - _SOON * (1 - _SOONER)))


def _numbered_chain(world: World, chain: list[Stream]) -> Stream:
    """One numbering over all turns; causes of follow-ups become numbers of appointments."""
    base = world.counters.get("O", 0)
    for turn, made in enumerate(chain):
        made.number = base + 1 + np.arange(len(made))
        base += len(made)
        if turn:
            made.cause = chain[turn - 1].number[made.cause]
            made.cause_part = np.full(len(made), -1)  # of its own series
    world.counters["O"] = base
    return joined(chain)


def _appointments(
    world: World, person: np.ndarray, specialty: np.ndarray, asked: np.ndarray, wait: np.ndarray,
    rng: np.random.Generator,
) -> Stream:  # fmt: skip
    count = len(person)
    hospital = world.people.hospital[person]
    rooms = np.stack([world.plan.use[f"clinic-{h.code}"] for h in world.here.hospitals])
    day = on_weekday((to_local(asked, world.zone) + wait * DAY).astype(np.int64) // DAY)
    due = to_utc(day * DAY + draw_clock(count, OFFICE, rng) // 300 * 300, world.zone)
    due = np.where(due <= asked + HOUR, due + 7 * DAY, due)
    missed = rng.random(count) < _NOT_COMING
    seen = due + (rng.gamma(1.2, 9, count) * MINUTE).astype(np.int64)
    return stream(
        "O", person, source=hospital, service=rooms[hospital, specialty], requested=asked,
        started=np.where(missed, NEVER, seen),
        ended=np.where(missed, due + HOUR, seen + rng.integers(10, 45, count) * MINUTE),
        planned=due, cancelled=missed,
        mode=rng.choice(words("in person", "telephone", "video"), count, p=[0.78, 0.18, 0.04]),
        outcome=np.where(missed, word("did not attend"), rng.choice(
            words("follow-up", "discharged to practice", "put on the list for surgery"), count,
            p=[0.6, 0.34, 0.06])),
        by=rng.choice(words(*_CLINICIANS), count), cause_series="G",
    )  # fmt: skip


def tests(world: World, gp: Stream, ed: Stream, clinic: Stream, rng: np.random.Generator) -> Stream:
    """Tests that a practice, an ED or a clinic ordered; they end when the result is out."""
    made = []
    for parent, chance, waits in ((gp, 0.0, 9.0), (ed, 0.55, 0.0), (clinic, 0.3, 24.0)):
        asked_for = parent.outcome == word(TESTED) if parent is gp else (
            (rng.random(len(parent)) < chance) & ~parent.cancelled)  # fmt: skip
        rows = np.flatnonzero(asked_for)
        made.append(_tests(world, parent.where(rows), waits, rng))
    both = joined(made)
    both.cause_series = ""
    base = world.counters.get("D", 0)
    rank = np.empty(len(both), dtype=np.int64)
    rank[np.argsort(both.first, kind="stable")] = np.arange(len(both))
    both.number = base + 1 + rank
    world.counters["D"] = base + len(both)
    return both


def _tests(world: World, parent: Stream, waits: float, rng: np.random.Generator) -> Stream:
    count = len(parent)
    kind = rng.choice(8, count, p=_TEST_SHARE)
    hospital = world.people.hospital[parent.person]
    rooms = np.stack([world.plan.use[f"tests-{h.code}"] for h in world.here.hospitals])
    if waits:
        slow = np.where(kind == 0, 0.3, 1.6)
        day = (rng.exponential(waits, count) * slow).astype(np.int64) + 1
        local = on_weekday(to_local(parent.ended, world.zone) // DAY + day)
        start = to_utc(local * DAY + draw_clock(count, OFFICE, rng), world.zone)
        start = np.maximum(start, parent.ended + HOUR)
        asked = parent.ended
    else:
        asked = parent.started + rng.integers(10, 50, count) * MINUTE
        start = asked + rng.integers(5, 60, count) * MINUTE
    report = rng.exponential(30 if waits else 0.7, count) * HOUR + 20 * MINUTE
    return stream(
        "D", parent.person, source=world.source("diagnostics"),
        service=rooms[hospital, _TEST_PLACE[kind]], requested=asked, started=start,
        ended=start + report.astype(np.int64), reason=words(*_TESTS)[kind],
        outcome=rng.choice(words("normal", "abnormal"), count, p=[0.7, 0.3]),
        urgency=word("routine") if waits else word("urgent"),
    )  # fmt: skip
