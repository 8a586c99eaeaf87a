"""What follows from an entry: hours, closings, checks, editing, steps, sessions. No store."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from service_entries import entries, openings

from onesystem.care.services.checks import Around, problems
from onesystem.care.services.codec import packed, unpacked
from onesystem.care.services.editing import ROWS, entry_from, raw_of
from onesystem.care.services.entry import Entry, Field, Holiday, Notice, Orderable, Timer
from onesystem.care.services.hours import merged, opening_of, overlap
from onesystem.care.services.keeping import Step, standing, undoable
from onesystem.care.services.search import found
from onesystem.care.services.sessions import cut, pattern_of
from onesystem.vocabulary import UserError

BARE = Entry(service="clinic", name="Chest clinic", setting="outpatient", organisation="hospital")
MONDAY = date(2026, 11, 23)
AROUND = Around(entries={"clinic": BARE, "ward": replace(BARE, service="ward", name="Ward")},
                places={"site": "Hospital site"}, today=MONDAY)  # fmt: skip


def at(day, hour, minute=0):
    return datetime.combine(MONDAY + timedelta(days=day), time(hour, minute))


def wrong(**said):
    return [str(each) for each in problems(replace(BARE, **said), AROUND)]


class TestWhatMayBeOrdered:
    def test_it_is_found_by_its_name_or_its_code(self):
        ecg = Orderable(name="24-hour ECG", code="252417001")
        entry = replace(BARE, orders=(Orderable(name="Echo"), ecg))
        assert entry.orderable("24-HOUR  ecg") is ecg
        assert entry.orderable("Holter", "252417001") is ecg
        assert entry.orderable("") is None

    def test_one_name_twice_no_name_and_no_orders_are_told(self):
        two = (Orderable(name="Echo"), Orderable(name="echo"), Orderable(name="", code="1"))
        assert wrong(orders=two) == [
            (
                "echo may be ordered twice. Take one of the two away, or give them other names and"
                " codes."
            ),
            "What may be ordered has no name. Write what people call it.",
            (
                "It names what may be ordered, and takes no orders."
                " Tick orders, or take what may be ordered away."
            ),
        ]


class TestHours:
    def test_what_runs_past_midnight_is_open_in_the_morning_after(self):
        night = replace(BARE, hours=(opening_of("fri 18:30-08:00"),))
        assert night.open_at(at(4, 23))
        assert night.open_at(at(5, 7, 59))
        assert not night.open_at(at(5, 8))
        assert night.opens_next(at(0, 9)) == at(4, 18, 30)

    def test_a_holiday_is_kept_instead_of_the_week(self):
        feast = Holiday(since=MONDAY, until=MONDAY, spans=((time(10), time(12)),))
        entry = replace(BARE, hours=(opening_of("mon-fri 08:00-18:00"),), holidays=(feast,))
        assert not entry.open_at(at(0, 9))
        assert entry.open_at(at(0, 11))
        assert entry.open_at(at(1, 9))

    def test_a_closed_service_is_open_at_no_hour(self):
        shut = Notice(words="Flood", closed=True, since=MONDAY, until=MONDAY + timedelta(days=2))
        entry = replace(BARE, hours=(opening_of("mon-sun 00:00-24:00"),), notices=(shut,))
        assert not entry.open_at(at(1, 12))
        assert entry.open_at(at(2, 0))
        assert entry.closed_on(MONDAY).words == "Flood"

    @given(st.lists(openings, max_size=4))
    def test_hours_overlap_where_some_minute_is_in_two(self, hours):
        day = timedelta(days=1)
        spans = [
            o.span(MONDAY + n * day) for o in hours for n in range(-7, 14) if n % 7 in o.days
        ]  # three weeks, so that Sunday's night meets Monday
        length = sum((b - a for a, b in spans), timedelta())
        joined = sum((b - a for a, b in merged(spans)), timedelta())
        assert (overlap(hours) is not None) == (joined < length)

    @given(openings)
    def test_hours_are_read_as_they_are_written(self, opening):
        assert opening_of(opening.words) == opening


class TestChecks:
    def test_each_mistake_is_named_with_its_cure(self):
        overlapping = (opening_of("mon-fri 08:00-18:00"), opening_of("fri 17:00-20:00"))
        [said] = wrong(hours=overlapping)
        assert said.startswith("mon-fri 08:00-18:00 and fri 17:00-20:00 overlap. Make them one")
        [said] = wrong(timers=(Timer(urgency="urgent", triage=9, answer=4),))
        assert "before it is looked at" in said
        assert wrong(places=("sight",)) == [
            "There is no place 'sight' in the district. Did you mean 'site'?"
        ]
        assert "no address" in wrong(email="nobody")[0]
        assert "nothing to choose" in wrong(form=(Field(name="a", label="A", type="choice"),))[0]
        twice = (Field(name="a", label="A"), Field(name="a", label="B"))
        assert len(wrong(form=twice)) == 2

    def test_a_notice_does_not_lead_to_what_is_closed_or_to_itself(self):
        shut = replace(AROUND.entries["ward"], notices=(Notice(words="x", closed=True),))
        around = replace(AROUND, entries={**AROUND.entries, "ward": shut})
        closing = Notice(words="Moved", closed=True, instead="ward")
        [said] = problems(replace(BARE, notices=(closing,)), around)
        assert said.what == "Ward is closed too"
        assert wrong(notices=(replace(closing, instead="clinic"),))[0].startswith("It names itself")
        assert wrong(notices=(replace(closing, instead="wart"),))[0].endswith("mean 'ward'?")

    def test_a_condition_that_cannot_be_asked_is_named(self):
        from onesystem.care.services.conditions import wrong as asked

        assert asked("%age >= 65") == ""
        assert "%agee" in asked("%agee >= 65")
        around = replace(AROUND, condition=asked)
        [said] = problems(replace(BARE, condition="%age >="), around)
        assert said.where == "condition"


class TestEditing:
    @given(entries(BARE))
    def test_an_entry_comes_back_from_its_form(self, entry):
        made, problems_ = entry_from(raw_of(entry), BARE)
        assert not problems_
        assert packed(made) == packed(entry)

    @given(entries(BARE))
    def test_an_entry_comes_back_from_the_store(self, entry):
        assert unpacked(packed(entry), BARE) == entry

    def test_a_row_in_which_nothing_was_typed_is_none(self):
        made, _ = entry_from({"form.0.type": "line", "hours.0.days": ""}, BARE)
        assert (made.form, made.hours) == ((), ())

    def test_a_row_is_taken_away_and_one_is_added(self):
        raw = {"hours.0.days": "mon", "hours.1.days": "tue", "words": "kept"}
        left = ROWS.after(raw, "drop:hours.0")
        assert left == {"hours.0.days": "tue", "words": "kept"}
        assert ROWS.after(left, "add:hours")["more.hours"] == "1"
        assert ROWS.after(left, "drop:nothing.7") == left

    def test_what_cannot_be_read_is_named_where_it_stands(self):
        raw = {"hours.0.days": "moonday", "hours.0.span": "8-9", "timers.soon.triage": "quickly"}
        _, slips = entry_from(raw, BARE)
        assert {slip.where for slip in slips} == {"review_days", "hours.0", "timers.soon"}


class TestSteps:
    @given(st.lists(st.sampled_from(["kept", "confirmed", "undo"]), max_size=12))
    def test_what_is_taken_back_leaves_what_stood_before(self, verbs):
        steps, stack = [], []
        for verb in verbs:
            number = len(steps) + 1
            moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)
            if verb == "undo":
                last = undoable(steps)
                assert (last.number if last else None) == (stack[-1][0] if stack else None)
                if last is None:
                    continue
                stack.pop()
                steps.append(
                    Step(number=number, kind="undone", at=moment, by="x", undoes=last.number)
                )
            else:
                body = f"{number}" if verb == "kept" else ""
                steps.append(Step(number=number, kind=verb, at=moment, by="x", body=body))
                stack.append((number, verb, body))
        stands = standing(steps)
        kept = [body for _, verb, body in stack if verb == "kept"]
        assert stands.body == (kept[-1] if kept else "")
        assert (stands.confirmed_at is not None) == any(verb == "confirmed" for _, verb, _ in stack)


class TestSessions:
    PATTERN = {"days": "mon", "span": "09:00-12:00", "minutes": "40", "many": "2",
               "since": "2026-11-23", "until": "2026-12-06"}  # fmt: skip

    def test_what_is_left_over_at_the_end_is_no_slot(self):
        made = cut(pattern_of(**self.PATTERN), BARE)
        assert len(made.slots) == 2 * 4 * 2
        assert made.slots[-1][1].time() == time(11, 40)

    def test_a_closed_day_gives_no_slots(self):
        closed = Holiday(since=date(2026, 11, 30), until=date(2026, 11, 30))
        entry = replace(BARE, hours=(opening_of("mon-fri 08:00-18:00"),), holidays=(closed,))
        made = cut(pattern_of(**self.PATTERN), entry)
        assert len(made.slots) == 8
        assert made.closed == (date(2026, 11, 30),)

    def test_a_session_outside_the_hours_is_refused(self):
        entry = replace(BARE, hours=(opening_of("mon-fri 10:00-18:00"),))
        with pytest.raises(UserError, match="outside the hours") as refused:
            cut(pattern_of(**self.PATTERN), entry)
        assert "mon-fri 10:00-18:00" in refused.value.cure

    @pytest.mark.parametrize(
        ("said", "why"),
        [({"until": "2026-11-01"}, "before the first"), ({"minutes": "0"}, "cannot be"),
         ({"days": "someday"}, "no days"), ({"span": "late"}, "no hours"),
         ({"since": ""}, "no day"), ({"until": "2029-01-01"}, "more than a year")],
    )  # fmt: skip
    def test_a_pattern_that_makes_no_sense_is_named(self, said, why):
        with pytest.raises(UserError, match=why):
            pattern_of(**{**self.PATTERN, **said})


class TestSearch:
    def test_words_are_found_without_macrons_and_by_other_names(self):
        maori = replace(BARE, service="m", name="Hauora Māori", tags=("leg ulcers",))
        assert found([BARE, maori], "maori") == [maori]
        assert found([BARE, maori], "leg ulc") == [maori]
        assert found([BARE, maori], "Chest clinic") == [BARE]
        assert found([BARE, maori], "chest maori") == []
        assert found([maori, BARE], "") == [BARE, maori]
