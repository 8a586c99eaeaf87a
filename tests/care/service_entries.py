"""Entries of services for tests, made up by hypothesis: any that a form could have kept."""

from datetime import date, time, timedelta

from hypothesis import strategies as st

from onesystem.care.requests.states import KINDS, URGENCIES
from onesystem.care.services.entry import (
    TYPES,
    Amount,
    Entry,
    Field,
    Holiday,
    Notice,
    Orderable,
    Timer,
)
from onesystem.care.services.hours import Opening

DAY = date(2026, 1, 1)
words = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], include_characters=" \u0101\u00e9"),
    min_size=1, max_size=30,
).map(str.strip).filter(bool)  # fmt: skip
some_words = st.one_of(st.just(""), words)
days = st.dates(DAY, DAY + timedelta(days=600))
minutes = st.integers(0, 24 * 4 - 1).map(lambda n: time(n // 4, n % 4 * 15))
weekdays = st.frozensets(st.integers(0, 6), min_size=1)
openings = st.builds(Opening, weekdays, minutes, minutes).filter(
    lambda o: o.opens != o.closes or o.opens == time(0)
)


@st.composite
def holidays(draw):
    since = draw(days)
    until = since + timedelta(days=draw(st.integers(0, 9)))
    spans = draw(
        st.sampled_from([(), ((time(10), time(14)),), ((time(8), time(9)), (time(20), time(0)))])
    )
    return Holiday(since=since, until=until, words=draw(some_words), spans=spans)


@st.composite
def notices(draw):
    since = draw(st.none() | days)
    until = (
        (since or DAY) + timedelta(days=draw(st.integers(1, 90))) if draw(st.booleans()) else None
    )
    return Notice(words=draw(words), since=since, until=until, closed=draw(st.booleans()))


@st.composite
def amounts(draw):
    since = draw(st.none() | days)
    until = None
    if draw(st.booleans()):
        until = (since or DAY) + timedelta(days=draw(st.integers(1, 90)))
    amount = draw(st.integers(0, 99))
    return Amount(amount=amount, since=since, until=until, words=draw(some_words))


@st.composite
def fields(draw):
    kind = draw(st.sampled_from(TYPES))
    label = draw(words)
    options = ("one", "two", draw(words.filter(lambda w: ";" not in w))) if kind == "choice" else ()
    known = draw(st.sampled_from(["", "AllergyIntolerance", "%patient.telecom.value"]))
    name = draw(st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True))
    return Field(
        name=name, label=label, type=kind, required=draw(st.booleans()), help=draw(some_words),
        options=options, known=known,
    )  # fmt: skip


@st.composite
def timers(draw):
    chosen = draw(st.sets(st.sampled_from(URGENCIES)))
    made = []
    for urgency in URGENCIES:
        if urgency in chosen:
            triage = draw(st.integers(1, 100))
            made.append(
                Timer(urgency=urgency, triage=triage, answer=triage + draw(st.integers(0, 500)))
            )
    return tuple(made)


orderables = st.builds(
    Orderable,
    name=st.sampled_from(["Chest X-ray", "CT of the head"]),
    criteria=some_words,
    condition=st.sampled_from(["", "%age >= 18"]),
)


def entries(base: Entry):
    """Entries on top of what the district says of a service."""
    from dataclasses import replace

    return st.builds(
        lambda **said: replace(base, **said),
        words=some_words, whom=some_words, criteria=some_words,
        condition=st.sampled_from(["", "%age >= 65"]),
        accepts=st.sets(st.sampled_from(KINDS)).map(lambda s: tuple(k for k in KINDS if k in s)),
        form=st.lists(fields(), max_size=3, unique_by=lambda f: f.name).map(tuple),
        orders=st.lists(orderables, max_size=2, unique_by=lambda o: o.name).map(tuple),
        hours=st.lists(openings, max_size=3).map(tuple),
        holidays=st.lists(holidays(), max_size=2).map(tuple),
        phone=st.sampled_from(["", "01632 960001"]),
        email=st.sampled_from(["", "team@example.org"]),
        places=st.sampled_from([(), ("site",)]),
        addresses=st.lists(words, max_size=2, unique=True).map(tuple),
        notices=st.lists(notices(), max_size=2).map(tuple),
        timers=timers(),
        amounts=st.lists(amounts(), max_size=2).map(tuple),
        tags=st.lists(words.filter(lambda w: "," not in w), max_size=2, unique=True).map(tuple),
        review_days=st.integers(7, 1100),
    )  # fmt: skip
