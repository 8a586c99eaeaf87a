"""The directory of services: what it says before anybody wrote, and what follows from an entry."""

from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection
from racing import on_many_connections

from onesystem.access import Actor
from onesystem.care.services import actions, queries, slots
from onesystem.care.services.entry import Amount
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


def test_what_a_coordinator_says_of_capacity_goes_before_the_districts(somebody):
    today = now().date()
    entry = replace(
        queries.entry("ed"),
        amounts=(
            Amount(amount=10),
            Amount(amount=4, since=today - timedelta(days=2), until=today - timedelta(days=1)),
        ),
    )
    actions.keep(entry=entry, seen=0, by=KIRI)
    assert (queries.capacity("ed").free, queries.capacity("ed").of) == (9, 10)
    later = replace(queries.entry("ed"), amounts=(Amount(amount=0),))
    actions.keep(entry=later, seen=1, by=KIRI)
    assert queries.capacity("ed").full


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


def test_whose_a_slot_was_is_forgotten_with_the_request(joined):
    at = to_micros(now() + timedelta(hours=2))
    SlotRow.objects.create(service="nursing", key="a", starts=at, ends=at + 1, state="free")
    [one] = queries.free_slots("nursing", now(), now() + timedelta(days=1))
    slots.book_slot(slot=one.id, request=7, by=KIRI)
    assert [each.id for each in queries.slots_of(7)] == [one.id]
    assert slots.forget([5]) == 1  # of request 7 nothing is kept any more
    assert (queries.slot(one.id).state, queries.slot(one.id).request) == ("booked", 0)


def test_slots_that_are_ahead_are_given_back_when_a_request_ends(joined):
    for key, hours in (("a", -2), ("b", 2), ("c", 4)):
        at = to_micros(now() + timedelta(hours=hours))
        SlotRow.objects.create(service="nursing", key=key, starts=at, ends=at + 1, state="free")
    for each in queries.slots("nursing", now() - timedelta(days=1), now() + timedelta(days=1)):
        slots.book_slot(slot=each.id, request=7, by=KIRI)
    assert slots.free_slots_of(request=7, by=KIRI, why="revoked") == 2
    assert [each.key for each in queries.slots_of(7)] == ["a"]


def test_nobody_gives_back_what_is_anothers(joined):
    at = to_micros(now() + timedelta(hours=2))
    SlotRow.objects.create(service="nursing", key="a", starts=at, ends=at + 1, state="free")
    [one] = queries.free_slots("nursing", now(), now() + timedelta(days=1))
    slots.book_slot(slot=one.id, request=7, by=KIRI)
    with pytest.raises(UserError, match="another's"):
        slots.free_slot(slot=one.id, request=8, by=KIRI)
    with pytest.raises(NotFound):
        queries.slot(999)


@pytest.mark.postgres
@on_many_connections
@pytest.mark.django_db(transaction=True)
def test_of_many_who_book_the_last_slot_at_once_one_has_it(joined):
    at = to_micros(now() + timedelta(hours=2))
    SlotRow.objects.create(service="nursing", key="a", starts=at, ends=at + 1, state="free")
    [one] = queries.free_slots("nursing", now(), now() + timedelta(days=1))
    told = []

    def book(request):
        try:
            slots.book_slot(slot=one.id, request=request, by=Actor(name=f"user {request}"))
            told.append(f"booked {request}")
        except UserError as error:
            told.append(str(error))
        finally:
            connection.close()

    threads = [Thread(target=book, args=(n,)) for n in range(1, 7)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    [winner] = [each for each in told if each.startswith("booked")]
    assert len(told) == 6
    who = winner.split()[1]
    assert all(f"was booked by user {who}" in each for each in told if each != winner)
    assert queries.slot(one.id).request == int(who)
