"""A person's timeline, from plain contacts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from onesystem.record.choosing import Names, choose
from onesystem.record.strip import draw
from onesystem.record.timeline import Choice, build, visit_of
from onesystem.vocabulary import Asked, Contact, Setting, Standing, contact_id

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def hours_ago(hours):
    return None if hours is None else NOW - timedelta(hours=hours)


def contact(key, service="ed", setting=Setting.ED, *, source="pas", cause="", **times):
    """A contact whose times are given in hours before NOW."""
    said = {k: v for k, v in times.items() if isinstance(v, str | bool)}
    clock = {k: hours_ago(v) for k, v in times.items() if k not in said}
    return Contact(
        contact=contact_id(source, key), source=source, key=key, identity=1, service=service,
        setting=setting, cause=contact_id(source, cause) if cause else None, **clock, **said,
    )  # fmt: skip


def request(key, at):
    return Asked(
        request=contact_id("practice", key), source="practice", key=key, at=hours_ago(at),
        what="Cardiology opinion", open=True,
    )  # fmt: skip


class TestOrder:
    def test_what_is_open_comes_first_and_then_the_newest(self):
        contacts = [
            contact("old", started=500, ended=499),
            contact("open", "ward-a", Setting.WARD, started=900),
            contact("new", started=5, ended=2),
        ]
        lines = build(contacts, [request("r", 700)], at=NOW).lines
        assert [getattr(line, "id", None) for line in lines] == [
            None, contact_id("pas", "open"), contact_id("pas", "new"), contact_id("pas", "old"),
        ]  # fmt: skip

    def test_a_visit_is_one_line_whose_stretches_run_from_the_oldest(self):
        contacts = [
            contact("v1/2", "ward-a", Setting.WARD, started=20, ended=10, cause="v1"),
            contact("v1", started=24, ended=20),
            contact("v1/3", "ward-b", Setting.WARD, started=10, cause="v1/2"),
        ]
        (visit,) = build(contacts, [], at=NOW).lines
        assert [s.contact.key for s in visit.stretches] == ["v1", "v1/2", "v1/3"]
        assert visit.standing is Standing.HERE
        assert visit.stayed == timedelta(hours=24)

    def test_a_number_after_a_slash_is_not_always_a_stretch(self):
        assert visit_of("Encounter/7", {"Encounter/7"}) == "Encounter/7"
        assert visit_of("v1/2", {"v1", "v1/2"}) == "v1"

    def test_two_sources_may_use_one_number(self):
        contacts = [
            contact("7", started=4, ended=3),
            contact("7", source="ooh", started=9, ended=8),
        ]
        assert len(build(contacts, [], at=NOW).lines) == 2

    @given(st.permutations(["v", "v/2", "v/3", "w", "x"]))
    def test_the_order_of_arrival_does_not_matter(self, keys):
        made = {k: contact(k, started=50 - i, ended=49 - i) for i, k in enumerate(sorted(keys))}
        ordered = build(made.values(), [], at=NOW)
        assert build([made[k] for k in keys], [], at=NOW) == ordered


class TestLengths:
    def test_a_wait_runs_from_the_request_to_the_start_and_goes_on_until_then(self):
        (ended,) = build([contact("a", requested=10, started=7, ended=2)], [], at=NOW).lines
        (waits,) = build([contact("a", requested=10)], [], at=NOW).lines
        assert ended.stretches[0].waited == timedelta(hours=3)
        assert waits.stretches[0].waited == timedelta(hours=10)
        assert waits.stretches[0].stayed is None

    def test_ready_to_leave_is_counted_until_the_person_left(self):
        (visit,) = build([contact("a", started=30, ready=12)], [], at=NOW).lines
        assert visit.standing is Standing.READY
        assert visit.stretches[0].held == timedelta(hours=12)

    def test_times_that_run_backwards_give_no_length_and_are_marked(self):
        (visit,) = build([contact("a", requested=2, started=7, ended=9)], [], at=NOW).lines
        stretch = visit.stretches[0]
        assert (stretch.waited, stretch.stayed, stretch.disordered) == (None, None, True)

    def test_a_gap_is_the_time_with_no_contact_anywhere(self):
        """The long stay covers the short visit, so the gap before the last counts from its end."""
        contacts = [
            contact("first", started=1000, ended=990),
            contact("home", "care", Setting.CARE_HOME, started=900, ended=200),
            contact("short", started=800, ended=799),
            contact("last", started=100, ended=99),
        ]
        gaps = {v.stretches[0].contact.key: v.gap for v in build(contacts, [], at=NOW).lines}
        assert gaps == {
            "first": None,
            "home": timedelta(hours=90),
            "short": None,
            "last": timedelta(hours=100),
        }


class TestChains:
    def test_each_contact_knows_what_it_led_to(self):
        contacts = [contact("amb", "ambulance", Setting.AMBULANCE, started=9, ended=8),
                    contact("ed", started=8, ended=3, cause="amb")]  # fmt: skip
        lines = build(contacts, [], at=NOW).lines
        led = {v.stretches[0].contact.key: v.stretches[0].led_to for v in lines}
        assert led == {"amb": (contact_id("pas", "ed"),), "ed": ()}


NAMES = Names(organisation_of=lambda s: "hospital" if s != "gp" else "practice", words_of=str)


class TestChoosing:
    CONTACTS = (
        contact("ed", started=24, ended=20, reason="Short of breath"),
        contact("ed/2", "ward-a", Setting.WARD, started=20, cause="ed"),
        contact("gp", "gp", Setting.GENERAL_PRACTICE, started=900, ended=899, by="Dr Siân Llŷr"),
        contact("no", started=2000, ended=1999, cancelled=True),
    )

    def keys(self, **choice):
        timeline = build(self.CONTACTS, [], at=NOW)
        return [v.stretches[0].contact.key for v in choose(timeline, Choice(**choice), NAMES)]

    def test_nothing_asked_gives_everything(self):
        assert self.keys() == ["ed", "gp", "no"]

    def test_a_visit_is_shown_whole_when_one_stretch_fits(self):
        assert self.keys(settings=frozenset({Setting.WARD})) == ["ed"]

    def test_by_organisation(self):
        assert self.keys(organisation="practice") == ["gp"]

    def test_open_only(self):
        assert self.keys(open_only=True) == ["ed"]

    def test_a_stay_that_reaches_into_the_time_is_in_it(self):
        assert self.keys(since=hours_ago(1)) == ["ed"]
        assert self.keys(until=hours_ago(100)) == ["gp", "no"]

    def test_words_are_found_without_their_accents(self):
        assert self.keys(text="sian lly") == ["gp"]
        assert self.keys(text="BREATH") == ["ed"]


class TestStrip:
    def test_the_oldest_is_left_and_now_is_right(self):
        strip = draw([contact("a", started=100, ended=90), contact("b", started=10)], at=NOW,
                     zone_name="Europe/London")  # fmt: skip
        (lane,) = strip.lanes
        assert [round(b.left) for b in lane.bars] == [0, 90]
        assert round(lane.bars[1].left + lane.bars[1].width) == 100
        assert lane.bars[1].open

    def test_contacts_too_close_to_tell_apart_are_one_bar_that_counts_them(self):
        many = [contact(f"k{i}", started=10_000 - i / 60, ended=10_000 - i / 60) for i in range(50)]
        strip = draw([*many, contact("z", started=1, ended=0)], at=NOW, zone_name="Europe/London")
        assert [b.contacts for b in strip.lanes[0].bars] == [50, 1]

    def test_cancelled_contacts_are_not_drawn(self):
        gone = contact("a", started=3, cancelled=True)
        assert draw([gone], at=NOW, zone_name="Europe/London") is None

    @given(
        st.lists(st.tuples(st.integers(0, 40_000), st.integers(0, 900)), min_size=1, max_size=60)
    )
    def test_nothing_is_drawn_outside_the_strip(self, spans):
        contacts = [
            contact(str(i), started=a, ended=max(0, a - b)) for i, (a, b) in enumerate(spans)
        ]
        strip = draw(contacts, at=NOW, zone_name="Pacific/Auckland")
        for lane in strip.lanes:
            assert sum(b.contacts for b in lane.bars) == lane.contacts
            for bar in lane.bars:
                assert 0 <= bar.left <= 100
                assert bar.left + bar.width <= 100.000001
        assert len(strip.ticks) <= 12
        assert [t.left for t in strip.ticks] == sorted(t.left for t in strip.ticks)


class TestContactsOfTheLog:
    """The log keeps no keys: what belongs together is told by causes and times."""

    def keyless(self, *contacts):
        return [replace(each, key="") for each in contacts]

    def test_two_visits_to_one_source_stay_two(self):
        found = self.keyless(
            contact("a", started=9000, ended=8999), contact("b", started=500, ended=499)
        )
        lines = build(found, [], at=NOW).lines
        assert [len(line.stretches) for line in lines] == [1, 1]
        assert lines[0].stayed == timedelta(hours=1)

    def test_a_move_is_one_visit(self):
        found = self.keyless(
            contact("v", started=500, ended=490),
            contact("v/2", "ward-a", Setting.WARD, cause="v", started=490, ended=400),
            contact("v/3", "ward-b", Setting.WARD, cause="v/2", started=400, ended=300),
        )
        (line,) = build(found, [], at=NOW).lines
        assert [s.contact.service for s in line.stretches] == ["ed", "ward-a", "ward-b"]

    def test_what_a_visit_led_to_later_is_another(self):
        found = self.keyless(
            contact("clinic", started=900, ended=899),
            contact("stay", "ward-a", Setting.WARD, cause="clinic", started=500, ended=400),
        )
        assert len(build(found, [], at=NOW).lines) == 2
