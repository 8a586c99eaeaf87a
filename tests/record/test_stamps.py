"""The stamp of an identity's record changes with whatever is kept of it, and with nothing else."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from django.db import transaction

from onesystem import record
from onesystem.record import stamps, store
from onesystem.record.summary import asking
from onesystem.vocabulary import Entry
from onesystem.vocabulary.kept import to_micros

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def entry(key="c1", *, status="active", hours=0):
    """A condition as a source sends it."""
    body = {"resourceType": "Condition", "id": key, "clinicalStatus": status}
    at = NOW + timedelta(hours=hours)
    return Entry(
        kind="Condition", key=f"Condition/{key}", subject="Patient/1", at=at, recorded=at,
        status=status, body=orjson.dumps(body),
    )  # fmt: skip


@pytest.fixture
def take(db, district):
    """Take entries of identities in, as the feeds do."""

    def takes(*told, at=NOW):
        with transaction.atomic():
            return record.take_entries([("gp", identity, 1, said) for identity, said in told], at)

    return takes


def of(*identities, part="problems"):
    """The stamps of a part by identity."""
    return dict(stamps.stamps_of(identities)[part].of)


def test_what_is_new_changes_the_stamp_of_its_own_identity(take):
    """And of no other."""
    take((1, entry()), (2, entry("c2")))
    before = of(1, 2)
    take((2, entry("c3")))
    after = of(1, 2)
    assert after[1] == before[1]
    assert after[2] != before[2]


def test_another_version_changes_it_and_the_same_again_does_not(take):
    """Sending again what is known changes nothing."""
    take((1, entry()))
    before = of(1)
    take((1, entry()))
    assert of(1) == before
    take((1, entry(status="resolved", hours=1)))
    assert of(1) != before


def test_an_entry_that_moves_changes_both(take):
    """The one that it was of has one less."""
    take((1, entry()), (2, entry("c2")))
    before = of(1, 2)
    take((2, entry(status="resolved", hours=1)))
    after = of(1, 2)
    assert after[1] != before[1]
    assert after[2] != before[2]


def test_no_stamp_comes_again(take):
    """After everything was forgotten and read anew, as a replay does."""
    take((1, entry()))
    before = of(1)
    store.erase()
    assert of(1) == {}
    take((1, entry()))
    assert of(1) != before


def test_it_knows_when_the_newest_became_known(take):
    """Whatever order things come in."""
    take((1, entry()), at=NOW)
    take((1, entry("c2")), at=NOW - timedelta(days=1))
    assert stamps.stamps_of([1, 2])["problems"].known_by == to_micros(NOW)
    assert stamps.stamps_of([3])["problems"].known_by == 0


def test_a_stamp_of_what_came_late_is_new_too(take):
    """Though the newest entry was known before."""
    take((1, entry()), at=NOW)
    before = of(1)
    take((1, entry("c2")), at=NOW - timedelta(days=1))
    assert of(1) != before


def test_a_part_changes_by_itself(take):
    """A problem that comes in has nothing else told anew; a note beside a thing has everything."""
    take((1, entry()))
    others = {part: of(1, part=part) for part in stamps.PARTS if part != "problems"}
    assert not any(others.values())
    before = of(1)
    stamps.change_all([1])
    assert of(1) != before
    assert all(of(1, part=part) for part in others)
    assert stamps.stamps_of([1])["problems"].known_by == to_micros(NOW)


def test_what_the_page_does_not_tell_changes_nothing(take):
    """Of a kind that is in no part."""
    said = Entry(kind="Encounter", key="Encounter/1", subject="Patient/1", at=NOW, recorded=NOW,
                 status="finished", body=b"{}")  # fmt: skip
    take((1, said))
    assert not any(each.of for each in stamps.stamps_of([1]).values())


def test_every_kind_of_the_page_is_in_one_part():
    """Or it would be told and never anew."""
    kinds = [kind for kinds in stamps.PARTS.values() for kind in kinds]
    assert sorted(kinds) == sorted(asking.KINDS)


def test_what_is_about_nobody_has_none(take):
    """Identity 0."""
    take((0, entry()))
    assert of(0) == {}
