"""What people put right on a board: a message, a new version, shown with who and when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem import access, contacts, feeds, people
from onesystem.access.models import Audit
from onesystem.flow.stays import acting
from onesystem.flow.stays.facts import Now, Said, conflicts, standing
from onesystem.flow.stays.reading import stay
from onesystem.flow.stays.rows import SaidRow
from onesystem.flow.stays.taking import forget, standing_of
from onesystem.vocabulary import NotFound, NotPermitted, UserError, contact_id

NURSE = access.Actor(name="kiri", roles=frozenset({"ed-nurse"}), kind="person")
MANAGER = access.Actor(name="moana", roles=frozenset({"manager"}), kind="person")
stored = pytest.mark.django_db


def said(text):
    """Facts from a table: at, act, fact, value, undoes."""
    rows = [[c.strip() for c in line.split("|")] for line in text.strip().splitlines()[1:]]
    return [
        Said(act=act, visit=1, contact=1, fact=fact, by="kiri", at=int(at), value=value,
             undoes=undoes)
        for at, act, fact, value, undoes in rows
    ]  # fmt: skip


SHIFT = said("""
    at | act | fact  | value     | undoes
    1  | a   | ready | 09:00     |
    1  | a   | delay | transport |
    2  | b   | leave | 15:00     |
    3  | c   | delay | medicines |
    4  | d   | undo  | yes       | c
    5  | e   | leave | 16:00     |
""")


class TestStanding:
    """The last word stands; what was taken back does not."""

    def test_a_shift(self):
        assert [(s.fact, s.value) for s in standing(SHIFT)] == [
            ("delay", "transport"), ("ready", "09:00"), ("leave", "16:00"),
        ]  # fmt: skip

    def test_taking_back_the_taking_back_lets_it_stand(self):
        again = [*SHIFT, *said("h\n6|f|undo|yes|d")]
        assert ("delay", "medicines") in [(s.fact, s.value) for s in standing(again)]

    @given(st.permutations(SHIFT))
    def test_in_whatever_order_they_come(self, shuffled):
        assert standing(shuffled) == standing(SHIFT)


class TestConflicts:
    """A source that goes back on what a board said; what is simply new is none."""

    @pytest.mark.parametrize(
        ("fact", "value", "before", "now", "source"),
        [
            ("ready", "09:00", "", {"ready": True}, None),
            ("ready", "09:00", "", {"ready": False}, "not ready to leave"),
            ("ready", "", "09:00", {"ready": True}, "ready to leave"),
            ("bed", "B4", "B2", {"bed": "B4"}, None),
            ("bed", "B4", "B2", {"bed": "B2"}, "B2"),
            ("bed", "B4", "B2", {"bed": "C1"}, None),
            ("moved", "ward-b", "ward-a", {"service": "ward-a"}, "ward-a"),
            ("moved", "ward-b", "ward-a", {"service": "ward-c"}, None),
            ("left", "12:00", "", {"ended": True}, None),
            ("left", "12:00", "", {"ended": False}, "still here"),
        ],
    )
    def test_table(self, fact, value, before, now, source):
        word = Said(act="a", visit=1, contact=1, fact=fact, by="kiri", at=1, value=value,
                    before=before)  # fmt: skip
        stands = Now(contact=1, **{"service": "ward-b", **now})
        assert [c.source for c in conflicts([word], stands)] == ([source] if source else [])

    def test_one_that_was_settled_is_none(self):
        word, end = said("h\n1|a|ready|09:00|\n2|b|settled|yes|")
        stands = Now(contact=1, service="ed")
        assert conflicts([word], stands)
        assert not conflicts([word, end], stands)


def minutes(ago):
    return datetime.now(UTC) - timedelta(minutes=ago)


def hl7(number, act, ago, *, place="WARDA", bed="1", visit="V1", ready=False):
    """An HL7 v2 message of the hospital, so many minutes ago by its clock in Winter."""
    at = minutes(ago).astimezone(UTC).strftime("%Y%m%d%H%M%S+0000")
    began = minutes(300).strftime("%Y%m%d%H%M%S+0000")
    pending = at if ready else ""
    return (
        f"MSH|^~\\&|PAS|RM1|ONE|DIST|{at}||ADT^{act}|{number}|P|2.4|||||GBR|UNICODE UTF-8\r"
        f"EVN|{act}|{at}|{pending}\r"
        "PID|1||P1^^^RM1^MR||Reed^Sedge||19500304|F\r"
        f"PV1|1|I|{place}^1^{bed}||||||||||||||||{visit}^^^RM1|||||||||||||||||||||||||{began}\r"
    ).encode()


@pytest.fixture
def ward(db, district):
    """One person on ward A, as the hospital told it over HL7 v2."""
    from onesystem import wiring

    wiring.connect()
    send(district, hl7("M1", "A01", 300))
    return district


def send(district, *messages):
    arrivals = [feeds.Arrival(source="pas", data=m, name="live.hl7") for m in messages]
    outcomes = feeds.take_messages(arrivals, district=district)
    assert {o.state for o in outcomes} == {"read"}


def here():
    """The open contact on the board."""
    [row] = contacts.inside()
    return row


def facts_of(row):
    found = standing_of([contact_id(row.source, row.key.partition("/")[0])])
    return {s.fact: s for all_of in found.values() for s in all_of}


@stored
class TestActs:
    """Each is one gesture, in the landing, in the trail, and to be undone."""

    def test_ready_with_a_reason(self, ward):
        acting.ready(contact=here().contact, reason="transport", by=NURSE)
        row = here()
        assert row.ready is not None
        assert row.version == 2
        said = facts_of(row)
        assert (said["ready"].by, said["delay"].value) == ("kiri", "transport")
        trail = Audit.objects.latest("id")
        assert (trail.act, trail.person) == (
            "board.said",
            people.person_of([row.identity])[row.identity],
        )
        acting.undo(act=said["ready"].act, contact=row.contact, by=NURSE)
        assert here().ready is None
        assert facts_of(row).keys() == {"undo"} or not facts_of(row)

    def test_undoing_gives_back_what_the_source_had_said(self, ward):
        acting.ready(contact=here().contact, at=minutes(60), by=NURSE)
        was = here().ready
        acting.not_ready(contact=here().contact, why="temperature", by=NURSE)
        assert here().ready is None
        acting.undo(act=facts_of(here())["ready"].act, contact=here().contact, by=NURSE)
        assert here().ready == was

    def test_another_bed_another_ward_and_back(self, ward):
        first = here().contact
        acting.bed(contact=first, bed="B4", by=NURSE)
        assert (here().contact, here().bed) == (first, "B4")
        acting.moved(contact=first, service="ward-b", bed="2", by=NURSE)
        row = here()
        assert (row.service, row.bed) == ("ward-b", "2")
        with pytest.raises(UserError, match="left already"):
            acting.ready(contact=first, by=NURSE)
        acting.undo(act=facts_of(row)["moved"].act, contact=row.contact, by=NURSE)
        assert (here().contact, here().service, here().bed) == (first, "ward-a", "B4")

    def test_gone_and_not_gone(self, ward):
        number = here().contact
        acting.left(contact=number, outcome="home", by=NURSE)
        assert contacts.inside() == []
        row = stay(number)
        acting.undo(act=standing_of([row.visit])[row.visit][0].act, contact=number, by=NURSE)
        assert here().contact == number

    def test_what_a_contact_does_not_hold(self, ward):
        number, at = here().contact, datetime.now(UTC) + timedelta(hours=3)
        acting.leaves(contact=number, at=at, by=NURSE)
        acting.comes_next(contact=number, step="Porter", owner="Portering", by=NURSE)
        acting.step_done(contact=number, step="77", words="Chest X-ray", by=NURSE)
        said = facts_of(here())
        assert said["leave"].value == at.isoformat()
        assert (said["next"].value, said["next"].note) == ("Porter", "Portering")
        assert said["done"].value == "77"
        assert here().version == 1

    def test_who_may_not(self, ward):
        with pytest.raises(NotPermitted):
            acting.ready(contact=here().contact, by=MANAGER)
        with pytest.raises(NotFound):
            acting.ready(contact=1, by=NURSE)
        assert not SaidRow.objects.exists()

    @pytest.mark.parametrize(
        ("verb", "more", "words"),
        [
            ("ready", {"reason": "transprot"}, "Did you mean 'transport'"),
            ("ready", {"at": datetime(2020, 1, 1, tzinfo=UTC)}, "before they came"),
            ("moved", {"service": "ward-bb"}, "Did you mean 'ward-b'"),
            ("moved", {"service": "ward-a"}, "there already"),
            ("bed", {"bed": " "}, "no bed"),
            ("leaves", {"at": datetime(2036, 1, 1, tzinfo=UTC)}, "out of reach"),
            ("undo", {"act": "nothing"}, "nothing to take back"),
            ("step_done", {"step": "x"}, "no such step"),
        ],
    )
    def test_what_makes_no_sense_is_refused_with_a_cure(self, ward, verb, more, words):
        with pytest.raises(UserError, match=words):
            getattr(acting, verb)(contact=here().contact, by=NURSE, **more)
        assert not SaidRow.objects.exists()

    def test_what_the_source_says_later_is_shown_against_it(self, ward):
        number = here().contact
        acting.bed(contact=number, bed="B4", by=NURSE)
        assert not conflicts(facts_of(here()).values(), stay(number).as_now())
        send(ward, hl7("M2", "A08", -0.2, bed="1"))
        [found] = conflicts(facts_of(here()).values(), stay(number).as_now())
        assert (found.source, found.said.value) == ("1-1", "B4")
        acting.settled(contact=number, by=NURSE)
        assert not conflicts(facts_of(here()).values(), stay(number).as_now())

    def test_a_replay_gives_the_same_state(self, ward):
        number = here().contact
        acting.ready(contact=number, reason="medicines", by=NURSE)
        acting.bed(contact=number, bed="B4", by=NURSE)
        acting.moved(contact=number, service="ward-b", by=NURSE)
        acting.undo(act=facts_of(here())["moved"].act, contact=here().contact, by=NURSE)
        acting.left(contact=number, by=NURSE)

        def state():
            rows = contacts.of_identities(people.identity_ids_of(stay(number).person))
            return [
                (r.contact, r.service, r.bed, r.ready, r.ended, r.version, r.cancelled)
                for r in rows
            ], list(SaidRow.objects.order_by("at", "fact").values_list(
                "act", "contact", "fact", "value", "latest", "by", "at"))  # fmt: skip

        before = state()
        feeds.replay(everything=True)
        assert state() == before

    def test_it_goes_with_the_record(self, ward):
        acting.ready(contact=here().contact, by=NURSE)
        assert forget([here().identity]) == 1
        assert forget([]) == 0
