"""What most contacts are: practices, pharmacies, telephone advice, out of hours."""

import numpy as np

from onesystem.demo.hours import OFFICE, WEEKDAYS, draw_clock, draw_days, to_utc, weekday
from onesystem.demo.people import NEVER
from onesystem.demo.rates import A_YEAR, hours, use
from onesystem.demo.seconds import DAY, HOUR, MINUTE
from onesystem.demo.streams import Stream, stream, word, words
from onesystem.demo.world import World

REFERRED, TESTED = "referred to hospital", "test ordered"
_WINTER_USE = np.array([1.1, 1.06, 1.04, 0.98, 0.97, 0.97, 0.96, 0.9, 1.0, 1.06, 1.06, 0.98])
_GP_REASONS = (
    "Cough", "Blood pressure review", "Medication review", "Back pain", "Skin rash", "Tiredness",
    "Diabetes review", "Low mood", "Joint pain", "Earache", "Urinary symptoms", "Asthma review",
    "Child unwell", "Contraception", "Blood test", "Vaccination", "Wound check", "Headache",
    "Skin lesion removed", "Coil for heavy periods",
)  # fmt: skip
_CLINICIANS = ("Dr Alder", "Dr Bracken", "Dr Linnet", "Dr Samphire", "Nurse Curlew", "Nurse Withy",
               "Pharmacist Dunlin", "Physiotherapist Gorse", "Dr Lapwing")  # fmt: skip


def who(
    world: World, kind: str, span: tuple[int, int], rng: np.random.Generator, part: float = 1.0
) -> np.ndarray:
    """Who has a contact of that kind in the span, once for each contact, in order of person."""
    people = world.people
    weight = use(kind, people.age(span[0]), people.decile, people.frailty)
    living = weight * people.presence(*span)
    level = A_YEAR[kind] * part * (span[1] - span[0]) / 365.25 / living.mean()
    return np.repeat(np.arange(len(people)), rng.poisson(weight * level))


def practices(
    world: World, span: tuple[int, int], rng: np.random.Generator, *, only_referred: bool = False
) -> Stream:
    """Contacts with a practice; some lead on. Before the history begins, only those that do."""
    refer = world.goal.referred / (A_YEAR["gp"] * len(world.people))
    # advice or prescription, review, referred, tested
    share = np.array([0.71 - refer, 0.16, refer, 0.13])
    part = share[2:].sum() if only_referred else 1.0
    person = who(world, "gp", span, rng, part)
    count = len(person)
    days = draw_days(count, span, rng, week=WEEKDAYS, season=_WINTER_USE)
    at = to_utc(days * DAY + draw_clock(count, OFFICE, rng), world.zone)
    wait = np.where(rng.random(count) < 0.43, rng.uniform(0.3, 4, count) * HOUR,
                    rng.exponential(7, count) * DAY + DAY)  # fmt: skip
    long = np.clip(rng.normal(11, 5, count), 2, 45) * MINUTE
    outcome = rng.choice(
        words("advice and prescription", "review planned", REFERRED, TESTED), count,
        p=np.where([0, 0, 1, 1], share, 0) / part if only_referred else share,
    )  # fmt: skip
    missed = (rng.random(count) < 0.04) & (outcome == word("advice and prescription"))
    return stream(
        "G", person, source=world.source("practices"),
        service=world.plan.use["gp"][world.people.practice[person]],
        requested=at - wait.astype(np.int64), started=np.where(missed, NEVER, at),
        ended=np.where(missed, at + HOUR, at + long.astype(np.int64)), cancelled=missed,
        mode=rng.choice(words("face to face", "telephone", "online", "home visit"), count,
                        p=[0.66, 0.27, 0.05, 0.02]),
        reason=rng.choice(words(*_GP_REASONS), count),
        outcome=np.where(missed, word("did not attend"), outcome),
        by=rng.choice(words(*_CLINICIANS), count),
    )  # fmt: skip


def pharmacies(world: World, span: tuple[int, int], rng: np.random.Generator) -> Stream:
    """Medicines dispensed: asked for, ready for collection, collected."""
    person = who(world, "pharmacy", span, rng)
    count = len(person)
    week = np.array([1.1, 1.05, 1.0, 1.0, 1.1, 0.6, 0.05])
    days = draw_days(count, span, rng, week=week)
    at = to_utc(days * DAY + draw_clock(count, hours("shop"), rng), world.zone)
    other = rng.random(count) < 0.12
    shop = np.where(other, rng.integers(0, len(world.plan.use["pharmacy"]), count),
                    world.people.practice[person])  # fmt: skip
    return stream(
        "X", person, source=world.source("pharmacies"), service=world.plan.use["pharmacy"][shop],
        requested=at - (rng.gamma(2, 0.5, count) * DAY).astype(np.int64), started=at,
        ended=at + rng.integers(2, 20, count) * MINUTE,
        mode=rng.choice(words("repeat prescription", "new prescription", "advice", "delivery"),
                        count, p=[0.68, 0.2, 0.04, 0.08]),
        outcome=word("dispensed"),
    )  # fmt: skip


def telephone(world: World, span: tuple[int, int], rng: np.random.Generator) -> Stream:
    """Calls for urgent advice, day and night."""
    person = who(world, "calls", span, rng)
    count = len(person)
    week = np.array([0.95, 0.85, 0.85, 0.85, 0.95, 1.45, 1.35])
    days = draw_days(count, span, rng, week=week, season=_WINTER_USE)
    at = to_utc(days * DAY + draw_clock(count, hours("ambulance"), rng), world.zone)
    wait = np.exp(rng.normal(np.log(3), 1.1, count)) * MINUTE
    begun = at + wait.astype(np.int64)
    return stream(
        "C", person, source=world.source("out-of-hours"), service=world.plan.use["calls"][0],
        requested=at, started=begun, ended=begun + rng.integers(4, 18, count) * MINUTE,
        mode=word("telephone"), reason=rng.choice(words(*_GP_REASONS[:12]), count),
        outcome=rng.choice(words("self care", "see practice", "out of hours visit", "go to ED",
                                 "ambulance sent"), count, p=[0.3, 0.36, 0.14, 0.1, 0.1]),
    )  # fmt: skip


def out_of_hours(world: World, span: tuple[int, int], rng: np.random.Generator) -> Stream:
    """Consultations when practices are shut."""
    person = who(world, "ooh", span, rng)
    count = len(person)
    week = np.array([0.75, 0.7, 0.7, 0.7, 0.8, 1.9, 1.7])
    days = draw_days(count, span, rng, week=week, season=_WINTER_USE)
    clock = np.where(weekday(days) >= 5, draw_clock(count, hours("ooh_weekend"), rng),
                     draw_clock(count, hours("ooh"), rng))  # fmt: skip
    at = to_utc(days * DAY + clock, world.zone)
    begun = at + (np.exp(rng.normal(np.log(80), 0.8, count)) * MINUTE).astype(np.int64)
    return stream(
        "H", person, source=world.source("out-of-hours"), service=world.plan.use["ooh"][0],
        requested=at, started=begun, ended=begun + rng.integers(8, 35, count) * MINUTE,
        mode=rng.choice(words("base visit", "telephone", "home visit"), count, p=[0.5, 0.35, 0.15]),
        reason=rng.choice(words(*_GP_REASONS[:12]), count),
        outcome=rng.choice(words("advice and prescription", "see practice", "go to ED",
                                 "admitted"), count, p=[0.66, 0.22, 0.08, 0.04]),
        urgency=rng.choice(words("within 1 hour", "within 2 hours", "within 6 hours"), count,
                           p=[0.1, 0.35, 0.55]),
    )  # fmt: skip


def rung(world: World, spared: dict[str, np.ndarray], rng: np.random.Generator) -> Stream:
    """The practice that a crew rings sees the person the same or the next day."""
    rows = np.flatnonzero(~spared["flare"])
    count, people = len(rows), spared["who"][rows]
    at = spared["at"][rows] + rng.integers(1, 20, count) * HOUR
    return stream(
        "G", people, source=world.source("practices"),
        service=world.plan.use["gp"][world.people.practice[people]],
        requested=spared["at"][rows], started=at, ended=at + rng.integers(8, 30, count) * MINUTE,
        mode=rng.choice(words("home visit", "telephone"), count, p=[0.6, 0.4]),
        reason=rng.choice(words(*_GP_REASONS), count), outcome=word("advice and prescription"),
        by=rng.choice(words(*_CLINICIANS), count),
    )  # fmt: skip
