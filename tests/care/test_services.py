"""The directory of services: what it says before anybody wrote, and what follows from an entry."""

from datetime import timedelta

import pytest

from onesystem.access import Actor
from onesystem.care.services import queries, slots
from onesystem.care.services.rows import SlotRow
from onesystem.district import now
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.kept import to_micros

KIRI = Actor(name="kiri", roles=frozenset({"coordinator"}), organisation="hospital")


def test_what_nobody_has_written_yet_has_what_the_district_says(joined):
    found = queries.entry("nursing")
    assert (found.name, found.number, found.listed) == ("District nursing", 0, False)
    assert found.takes("referral")
    assert found.timer("urgent").answer == 24
    with pytest.raises(NotFound, match="nursing"):
        queries.entry("nursin")


def test_room_is_who_is_there_against_capacity(somebody):
    room = queries.capacity("ed")
    assert (room.free, room.of, room.how) == (29, 30, "people")
    assert queries.capacity("nursing").free is None


def test_the_last_slot_is_booked_once(joined):
    at = now() + timedelta(hours=2)
    SlotRow.objects.create(
        service="nursing", key="a", starts=to_micros(at), ends=to_micros(at) + 1, state="free"
    )
    [one] = queries.free_slots("nursing", now(), at + timedelta(days=1))
    slots.book_slot(slot=one.id, request=7, by=KIRI)
    with pytest.raises(UserError, match="booked by kiri"):
        slots.book_slot(slot=one.id, request=8, by=Actor(name="tom"))
    assert queries.capacity("nursing").of == 1
    slots.free_slot(slot=one.id, request=7, by=KIRI)
    assert queries.capacity("nursing").free == 1


def test_waits_come_from_the_log(somebody):
    assert queries.wait("ed").all.waiting == 0
