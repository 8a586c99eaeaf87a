"""The record page that a process kept is the page that it would assemble now, for whoever asks.

Two people with different sights look in turn while sources write, the person changes their mind
about sharing, items are sealed, and time passes.
"""

import random
import re
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from page_data import adt, give_purpose, person_of

from onesystem import district as districts
from onesystem import people
from onesystem.access import Actor, choices
from onesystem.access.models import Consent, Seal
from onesystem.record.entries import entries_of
from onesystem.record.stamps import PARTS
from onesystem.record.summary import keeping, pages, telling

DESK = Actor.job("test")
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PATIENT = {
    "resourceType": "Patient",
    "id": "7",
    "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9434765919"}],
    "name": [{"family": "Ngāpuhi", "given": ["Māia"]}],
    "birthDate": "1950-03-04",
    "gender": "female",
}
_DRAWN = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": "[^"]+"|data-now="[^"]+"'
)


class Counting:
    """Tells a part as the page does, and counts how often it had to."""

    def __init__(self):
        self.times, self.parts = 0, []

    def __call__(self, view, name):
        self.times += 1
        self.parts.append(name)
        return telling.tell_part(view, name)


@pytest.fixture
def clock(monkeypatch):
    """The district's clock, to be moved on."""
    held = {"at": NOW}
    monkeypatch.setattr(districts, "now", lambda: held["at"])
    return held


def written(dice):
    """A resource that a source may send: some new, some further versions, some withdrawn."""
    days = dice.choice((0, 1, 13, 14, 179, 180, 400))
    when = (NOW - timedelta(days=days, minutes=dice.randrange(90))).isoformat()
    about, name = {"reference": "Patient/7"}, f"x{dice.randrange(6)}"
    held = dice.choice(("active", "resolved"))
    state = {"coding": [{"code": held}]}
    common = {"id": name, "code": {"text": dice.choice(("Asthma", "asthma", "Gout <b>", "Latex"))}}
    security = [{"code": "PSY"}] if dice.random() < 0.3 else []
    made = {
        "Condition": {"clinicalStatus": state, "recordedDate": when, "subject": about},
        "AllergyIntolerance": {"clinicalStatus": state, "recordedDate": when, "patient": about},
        "MedicationDispense": {"status": "completed", "whenHandedOver": when, "subject": about},
        "Observation": {"status": "final", "effectiveDateTime": when, "subject": about,
                        "valueQuantity": {"value": dice.randrange(9), "unit": "mmol/L"}},
    }  # fmt: skip
    kind = dice.choice(list(made))
    meta = {"lastUpdated": (NOW + timedelta(seconds=dice.randrange(10**6))).isoformat()}
    found = {"resourceType": kind, **common, **made[kind], "meta": {**meta, "security": security}}
    if kind == "MedicationDispense":
        found["medicationCodeableConcept"] = found.pop("code")
    return found


def write(dice, person, send, clock):
    """A source sends something."""
    send(orjson.dumps(written(dice)), source=dice.choice(("practice", "gp")), name="r.ndjson")


def wait(dice, person, send, clock):
    """Time passes."""
    steps = (timedelta(seconds=20), timedelta(minutes=1), timedelta(hours=7), timedelta(days=3))
    clock["at"] += dice.choice(steps)


def opt_out(dice, person, send, clock):
    """The person shares less."""
    if not Consent.objects.filter(until=None).exists():
        which = dice.choice(({"source": "practice"}, {"kind": "mental-health"}))
        choices.opt_out(person=person, reason="mine", by=DESK, **which)


def opt_in(dice, person, send, clock):
    """The person shares all again."""
    for each in Consent.objects.filter(until=None):
        choices.opt_in(choice=each.id, reason="mine", by=DESK)


def seal(dice, person, send, clock):
    """An item becomes confidential."""
    for each in entries_of(people.identity_ids_of(person))[:1]:
        if not Seal.objects.filter(item=each.entry, until=None).exists():
            choices.seal(item=each.entry, kind="entry", identity=each.identity, by=DESK)


def unseal(dice, person, send, clock):
    """And no longer."""
    for each in Seal.objects.filter(until=None):
        choices.unseal(seal=each.id, by=DESK)


HAPPENINGS = (write, write, wait, opt_out, opt_in, seal, unseal)


def page_of(client, person):
    """The page's own part, without what is drawn anew for each answer.

    The frame around it says how long ago the last message came, by a clock that goes on.
    """
    answer = client.get(f"/people/{person}/record/")
    own = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return _DRAWN.sub("", own), answer.status_code


@pytest.mark.parametrize("seed", range(6))
def test_what_was_kept_is_what_would_be_assembled(send, sign_in, clock, monkeypatch, seed):
    """Word for word, whoever looks, whatever happened in between."""
    dice, counting = random.Random(seed), Counting()
    send(adt("1"))
    for source in ("practice", "gp"):
        sent = [PATIENT, *(written(dice) for _ in range(4))]
        send(*map(orjson.dumps, sent), source=source, name="r.ndjson")
    person = person_of()
    doctor, nurse = sign_in("hospital-doctor"), sign_in("ed-nurse")
    for each in (doctor, nurse):
        give_purpose(each, person, "direct care")
    warm = keeping.Shelf(telling=counting)
    asked = 0
    for _ in range(14):
        if dice.random() < 0.6:
            dice.choice(HAPPENINGS)(dice, person, send, clock)
        looked = dice.choice((None, NOW - timedelta(days=1), datetime.now(UTC)))
        monkeypatch.setattr(pages, "last_look", lambda *_, at=looked, **__: at)
        client = dice.choice((doctor, nurse))
        monkeypatch.setattr(pages, "SHELF", warm)
        kept = page_of(client, person)
        monkeypatch.setattr(pages, "SHELF", keeping.Shelf())
        fresh = page_of(client, person)
        assert kept[0].splitlines() == fresh[0].splitlines()
        assert kept[1] == fresh[1]
        asked += 1
    assert counting.times < asked * len(PARTS), "nothing was ever kept"


def test_a_sealed_item_is_gone_at_the_next_look(send, opened):
    """Though the page was kept a moment before."""
    send(adt("1"))
    sent = [PATIENT, {"resourceType": "AllergyIntolerance", "id": "a", "code": {"text": "Latex"},
                      "patient": {"reference": "Patient/7"}}]  # fmt: skip
    send(*map(orjson.dumps, sent), source="practice", name="r.ndjson")
    person = person_of()
    client = opened(person)
    for _ in range(2):
        assert "Latex" in page_of(client, person)[0]
    (latex,) = entries_of(people.identity_ids_of(person), kinds={"AllergyIntolerance"})
    choices.seal(item=latex.entry, kind="entry", identity=latex.identity, by=DESK)
    assert "Latex" not in page_of(client, person)[0]


def test_only_the_last_are_kept(db, district):
    """The one that was longest not asked for goes first."""
    counting, parts = Counting(), len(PARTS)
    shelf = keeping.Shelf(2 * parts, counting)
    telling_of = [view(district, person) for person in (1, 2, 3)]
    stamp(*(v.identities[0] for v in telling_of))
    for each in (*telling_of, *telling_of[1:]):
        shelf.told(each)
    assert counting.times == 3 * parts
    shelf.told(telling_of[0])
    assert counting.times == 4 * parts


def test_what_is_written_has_its_own_part_told_anew(send, opened):
    """And no other, though the reader looked before it came."""
    send(adt("1"))
    held = {"resourceType": "Condition", "id": "c", "code": {"text": "Gout"},
            "subject": {"reference": "Patient/7"}}  # fmt: skip
    send(*map(orjson.dumps, [PATIENT, held]), source="practice", name="r.ndjson")
    person = person_of()
    counting = Counting()
    shelf = keeping.Shelf(telling=counting)
    here = districts.current()
    ids = tuple(people.identity_ids_of(person))

    def looks(since):
        return shelf.told(telling.View(person=person, identities=ids, seen=("1 = 1", ()),
                                       since=since, district=here, at=NOW))  # fmt: skip

    assert looks(None).news == 0
    assert sorted(counting.parts) == sorted(PARTS)
    counting.parts.clear()
    looked = datetime.now(UTC)
    send(orjson.dumps(held | {"id": "d", "code": {"text": "Asthma"}}), source="practice",
         name="r.ndjson")  # fmt: skip
    told = looks(looked)
    assert counting.parts == ["problems"]
    assert "Asthma" in told.pieces["problems"]
    assert told.news == 1


def view(district, person):
    """What somebody who may see all sees of one identity."""
    return telling.View(
        person=person, identities=(person,), seen=("1 = 1", ()), since=None, district=district,
        at=NOW,
    )  # fmt: skip


def stamp(*identities):
    """As if a source had written of them."""
    from onesystem.record import stamps

    stamps.change_all(identities, 1)
