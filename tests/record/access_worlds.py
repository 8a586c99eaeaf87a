"""Small random worlds of people, ties, choices and agreements, for tests of who may see whom."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from onesystem.access import Actor, Asker, Grain, Scopes
from onesystem.access.models import (
    AgreementRow,
    Caseload,
    Consent,
    ConsentOn,
    Glass,
    GlassOn,
    Seal,
)
from onesystem.care.models import RequestRow
from onesystem.contacts.models import ContactRow
from onesystem.people.models import Identity
from onesystem.record.models import EntryRow
from onesystem.vocabulary.kept import to_micros

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
NOW = to_micros(AT)
HOUR = 3_600_000_000
DAY = 24 * HOUR
SOURCES = ("pas", "practice", "app:visitor")
SERVICES = ("ed", "ward-a", "gp", "nursing", "pas/NEW", "practice/ROOM1")
ORGANISATIONS = ("hospital", "practice", "community")
ROLES = (
    "general-practitioner", "ed-nurse", "paramedic", "social-worker", "coordinator",
    "records-officer", "privacy-officer", "identity-checker", "application", "person", "viewer",
)  # fmt: skip
PURPOSES = (
    "direct care", "care coordination", "records management", "privacy review", "subject access",
    "own record",
)  # fmt: skip


@dataclass
class World:
    """What was made: the identities of each person, and the entries."""

    persons: dict[int, list[int]] = field(default_factory=dict)
    entries: list[EntryRow] = field(default_factory=list)


def identity(number, person, *, source="pas", practice=""):
    """One identity of a person, as the people room keeps it."""
    row = Identity(id=number, source=source, subject=f"S{number}", person=person)
    row.practice = practice
    row.save(force_insert=True)
    return number


def contact(number, of, *, service="ed", source="pas", ended=None, cancelled=False):
    """One contact; `ended` in hours ago, None while it is open."""
    ContactRow(
        contact=number, visit=number, source=source, key=f"V{number}", identity=of,
        service=service, setting="ED", started=NOW - 100 * DAY,
        ended=None if ended is None else NOW - ended * HOUR, bed="", mode="", urgency="",
        reason="", outcome="", by="", cancelled=cancelled, version=1, known_at=NOW, message=1,
    ).save(force_insert=True)  # fmt: skip


def request(number, of, *, service="nursing", state="received", source="pas"):
    """One request."""
    RequestRow(
        request=number, source=source, key=f"R{number}", identity=of, at=NOW, recorded=NOW,
        system="", code="", what="", service=service, urgency="", state=state, by="", reason="",
        known_at=NOW, message=1,
    ).save(force_insert=True)  # fmt: skip


def entry(number, of, *, kind="Condition", label=0, source="pas", status="active"):
    """One entry of the record."""
    row = EntryRow(
        entry=number, source=source, kind=kind, key=f"E{number}", identity=of, at=NOW,
        recorded=NOW, order="", system="", code="", words="", status=status, value="", unit="",
        visit="", version=1, known_at=NOW, message=1, digest=b"", body=None, label=label,
        logical=f"e{number}",
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def choice(person, identities, *, what="all", source="", labels=0, ended=False):
    """A choice not to share."""
    row = Consent.objects.create(
        person=person, what=what, source=source, labels=labels, since=NOW - DAY,
        until=NOW - HOUR if ended else None, by="t",
    )  # fmt: skip
    for each in identities:
        ConsentOn.objects.create(consent=row.id, identity=each)


def glass(person, identities, *, username="kiri", overrides=False, over=False):
    """A broken glass; `over` when its hours have passed."""
    row = Glass.objects.create(
        username=username, person=person, choice="emergency", overrides=overrides, by=username,
        since=NOW - 5 * HOUR, until=NOW - HOUR if over else NOW + HOUR,
    )  # fmt: skip
    for each in identities:
        GlassOn.objects.create(glass=row.id, identity=each)


def agreement(organisations, purposes, *, labels=0, starts=date(2026, 1, 1), ends=None):
    """A sharing agreement."""
    AgreementRow.objects.create(
        name="a", organisations=";".join(organisations), purposes=";".join(purposes),
        labels=labels, basis="article 9(2)(h)", starts=starts, ends=ends, since=NOW - DAY, by="t",
    )  # fmt: skip


def random_world(seed):
    """A world in which everything that the decision knows of happens to somebody."""
    dice, world, number = random.Random(seed), World(), 0
    for _ in range(9):
        number += 1
        person, ids = number, [number]
        for _ in range(dice.choice((0, 0, 1, 2))):
            number += 1
            ids.append(number)
        for each in ids:
            practice = dice.choice(("", "", "practice", "E82001"))
            identity(each, person, source=dice.choice(SOURCES), practice=practice)
        world.persons[person] = ids
        _happen(dice, world, person, ids)
    for _ in range(dice.choice((0, 0, 1, 2))):
        agreement(
            dice.choice((("*",), ("hospital", "practice"), ("community", "hospital"))),
            dice.choice((("direct care",), ("direct care", "care coordination"))),
            labels=dice.choice((0, 4, 31)),
            ends=dice.choice((None, date(2026, 11, 1))),
        )
    return world


def _happen(dice, world, person, ids):
    key = person * 100
    if dice.random() < 0.5:
        contact(
            key, dice.choice(ids), service=dice.choice(SERVICES), source=dice.choice(SOURCES),
            ended=dice.choice((None, 5, 24 * 29, 24 * 31)), cancelled=dice.random() < 0.2,
        )  # fmt: skip
    if dice.random() < 0.3:
        state = dice.choice(("received", "booked", "done", "revoked"))
        request(key, dice.choice(ids), service=dice.choice(SERVICES), state=state)
    if dice.random() < 0.2:
        until = dice.choice((None, NOW - HOUR))
        Caseload.objects.create(
            identity=dice.choice(ids), organisation=dice.choice(ORGANISATIONS),
            since=NOW - DAY, until=until, by="t",
        )  # fmt: skip
    for place in range(4):
        of = dice.choice(ids)
        kind = dice.choice(("Condition", "Patient", "CareTeam", "Observation"))
        status, label = dice.choice(("active", "inactive")), dice.choice((0, 0, 1, 2, 5, 16))
        source = Identity.objects.get(id=of).source  # an entry is of an identity of its source
        made = entry(key + place, of, label=label, kind=kind, source=source, status=status)
        world.entries.append(made)
    if dice.random() < 0.4:
        what = dice.choice(("all", "source", "kind"))
        choice(
            person, ids, what=what, source="pas" if what == "source" else "",
            labels=dice.choice((1, 2)) if what == "kind" else 0, ended=dice.random() < 0.2,
        )  # fmt: skip
    if dice.random() < 0.3:
        covered = ids if dice.random() < 0.8 else ids[:1]
        glass(person, covered, overrides=dice.random() < 0.5, over=dice.random() < 0.2)
    if dice.random() < 0.3:
        Seal.objects.create(item=key, kind="entry", identity=ids[0], since=NOW - DAY, by="t")


def askers(seed, world):
    """Askers of every role and purpose, some with tokens and some on call."""
    dice, persons = random.Random(seed + 1), list(world.persons)
    for role in ROLES:
        for purpose in PURPOSES:
            own = frozenset(dice.sample(ORGANISATIONS, dice.choice((0, 1, 1, 2))))
            bound = dice.random() < 0.2
            grains = (Grain("patient", "*", frozenset("rs")),)
            yield Asker(
                actor=Actor("kiri", frozenset({role})),
                purpose=purpose,
                organisations=own,
                on_call=own if dice.random() < 0.2 else frozenset(),
                person=dice.choice(persons) if role == "person" else None,
                acts_for=frozenset(dice.sample(persons, 2)) if role == "person" else frozenset(),
                scopes=Scopes(grains, dice.choice(persons)) if bound else None,
                at=AT + timedelta(0),
            )
