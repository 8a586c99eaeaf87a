"""The fold: one visit's events, in any order, into its contacts."""

from datetime import timedelta
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st
from stays import at, event

from onesystem.contacts.fold import fold
from onesystem.contacts.stretches import Told, key_of, odd
from onesystem.vocabulary import Act


def folded(*events):
    """The stretches as short rows: service, requested, started, ready, ended, cancelled."""

    def clock(moment):
        return moment and (moment - at("00:00")).total_seconds() / 3600

    return [
        (
            s.service,
            clock(s.requested),
            clock(s.started),
            clock(s.ready),
            clock(s.ended),
            s.cancelled,
        )
        for s in fold(Told(e, 1) for e in events)
    ]


class TestTheOrdinaryStay:
    def test_an_arrival_a_move_and_a_discharge_are_two_contacts(self):
        assert folded(
            event("start", "08:00", service="ed"),
            event("move", "11:00", service="ward-a"),
            event("ready", "15:00"),
            event("end", "17:00"),
        ) == [("ed", None, 8, None, 11, False), ("ward-a", None, 11, 15, 17, False)]

    def test_a_request_then_a_start_is_one_contact(self):
        assert folded(
            event("request", "07:00", service="ed"), event("start", "08:00", service="ed")
        ) == [("ed", 7, 8, None, None, False)]

    def test_a_start_in_another_service_is_a_move(self):
        assert folded(
            event("start", "08:00", service="ed"), event("start", "11:00", service="ward-a")
        ) == [("ed", None, 8, None, 11, False), ("ward-a", None, 11, None, None, False)]

    def test_a_move_within_the_service_changes_the_bed_only(self):
        stretches = fold(
            [
                Told(event("start", "08:00", service="ward-a", bed="1"), 1),
                Told(event("move", "11:00", service="ward-a", bed="2"), 1),
            ]
        )
        assert [(s.bed, s.started) for s in stretches] == [("2", at("08:00"))]

    def test_keys_of_further_stretches_follow_the_visit(self):
        assert [key_of("V1", i) for i in range(3)] == ["V1", "V1/2", "V1/3"]

    def test_a_start_after_the_end_opens_a_further_stretch(self):
        assert folded(
            event("start", "08:00", service="ed"),
            event("end", "09:00"),
            event("start", "14:00", service="ed"),
        ) == [("ed", None, 8, None, 9, False), ("ed", None, 14, None, None, False)]


class TestTakingBack:
    def test_unmove_goes_back_to_the_service_before(self):
        assert folded(
            event("start", "08:00", service="ed"),
            event("move", "11:00", service="ward-a"),
            event("unmove", "11:05", service="ward-a"),
        ) == [("ed", None, 8, None, None, False)]

    def test_unmove_keeps_what_came_after_the_move(self):
        assert folded(
            event("start", "08:00", service="ed"),
            event("move", "11:00", service="ward-a"),
            event("ready", "11:30"),
            event("unmove", "11:35"),
        ) == [("ed", None, 8, 11.5, None, False)]

    def test_unend_and_unready_open_again(self):
        assert folded(
            event("start", "08:00", service="ed"),
            event("ready", "09:00"),
            event("unready", "09:10"),
            event("end", "10:00", outcome="home"),
            event("unend", "10:10"),
        ) == [("ed", None, 8, None, None, False)]

    def test_cancel_takes_the_visit_away_and_a_new_start_brings_it_back(self):
        start = event("start", "08:00", service="ed")
        cancel = event("cancel", "08:10")
        again = event("start", "09:00", service="ed")
        assert folded(start, cancel) == [("ed", None, 8, None, None, True)]
        assert folded(start, cancel, again) == [("ed", None, 9, None, None, False)]

    def test_cancel_of_a_further_attendance_leaves_the_first(self):
        assert folded(
            event("start", "08:00", service="ed"),
            event("end", "09:00"),
            event("start", "14:00", service="ed"),
            event("cancel", "14:05"),
        ) == [("ed", None, 8, None, 9, False), ("ed", None, 14, None, None, True)]

    def test_taking_back_what_was_never_said_changes_nothing(self):
        assert folded(
            event("start", "08:00", service="ed"), event("unmove", "08:05"), event("unend", "08:06")
        ) == [("ed", None, 8, None, None, False)]


class TestLateAndPartial:
    def test_a_feed_that_begins_in_the_middle_has_its_start_from_the_visit(self):
        assert folded(event("end", "17:00", service="ward-a", started=at("08:00"))) == [
            ("ward-a", None, 8, None, 17, False)
        ]

    def test_a_correction_of_the_start_is_of_the_visit_not_of_the_last_move(self):
        assert folded(
            event("start", "08:00", service="ed"),
            event("move", "11:00", service="ward-a"),
            event("note", "12:00", started=at("07:45")),
        ) == [("ed", None, 7.75, None, 11, False), ("ward-a", None, 11, None, None, False)]

    def test_a_note_corrects_the_service(self):
        assert folded(
            event("start", "08:00", service="ward-a"), event("note", "08:05", service="ward-b")
        ) == [("ward-b", None, 8, None, None, False)]

    def test_a_move_recorded_after_the_end_is_put_in_where_it_belongs(self):
        assert folded(
            event("start", "08:00", service="ed"),
            event("end", "17:00"),
            event("move", "11:00", service="ward-a", recorded=at("18:00")),
        ) == [("ed", None, 8, None, 11, False), ("ward-a", None, 11, None, 17, False)]

    def test_a_row_of_an_extract_then_a_live_end(self):
        row = event("state", service="ward-a", started=at("08:00"), recorded=at("09:00"))
        assert folded(event("end", "10:00"), row) == [("ward-a", None, 8, None, 10, False)]

    def test_a_later_row_replaces_the_whole_visit(self):
        assert folded(
            event("start", "08:00", service="ed"),
            event("move", "11:00", service="ward-a"),
            event("state", service="ward-b", started=at("08:30"), recorded=at("12:00")),
        ) == [("ward-b", None, 8.5, None, None, False)]

    def test_an_end_before_the_start_is_kept_and_flagged(self):
        assert folded(
            event("start", "08:00", service="ed"), event("end", "07:00", recorded=at("09:00"))
        ) == [("ed", None, 8, None, 7, False)]
        assert odd(at("08:00"), at("07:00"), at("09:00")) == ("ends-before-it-starts",)
        assert odd(at("08:00", day=9), None, at("09:00")) == ("in-the-future",)


EVENTS = st.builds(
    lambda act, minute, lag, service, second: event(
        act,
        f"{minute // 60:02}:{minute % 60:02}",
        service=service,
        recorded=at("00:00") + timedelta(minutes=minute + lag),
        started=at("06:00") if second else None,
        order=str(lag),
    ),
    st.sampled_from([act.value for act in Act]),
    st.integers(0, 23 * 60),
    st.integers(0, 2),
    st.sampled_from(["", "ed", "ward-a", "ward-b"]),
    st.booleans(),
)


class TestAnyOrder:
    @given(st.lists(EVENTS, max_size=9), st.randoms(use_true_random=False))
    @settings(max_examples=150, deadline=None)
    def test_any_order_with_doubles_ends_as_the_orderly_stream(self, events, random):
        orderly = fold(Told(e, 1) for e in events)
        shuffled = [*events, *random.sample(events, len(events) // 2)]
        random.shuffle(shuffled)
        assert fold(Told(e, 1) for e in shuffled) == orderly

    def test_every_order_of_one_stay(self):
        stay = [
            event("start", "08:00", service="ed"),
            event("move", "11:00", service="ward-a"),
            event("unmove", "11:10"),
            event("move", "12:00", service="ward-b"),
            event("end", "17:00"),
        ]
        assert {tuple(folded(*order)) for order in permutations(stay)} == {tuple(folded(*stay))}
