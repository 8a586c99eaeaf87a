"""Peer review: case mix, limits, funnels, who sees whom, the learning log, and its pages."""

import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from seating import actor
from test_journeys import add, journey  # noqa: F401

from onesystem import contacts, people
from onesystem.access.models import User
from onesystem.alliance.learning.peers import (
    actions,
    adjusting,
    practices,
    queries,
    reading,
    seeing,
    working,
)
from onesystem.alliance.learning.peers.actions import Entry
from onesystem.alliance.learning.peers.adjusting import ALARM, byar, edges, funnel, lines
from onesystem.alliance.learning.peers.figures import book
from onesystem.alliance.learning.peers.rows import PeerEntry
from onesystem.alliance.learning.peers.seeing import ANOTHER, Viewer
from onesystem.flow import answers
from onesystem.flow.chances.question import Period
from onesystem.flow.chances.seeing import Eyes
from onesystem.vocabulary import Act, ContactEvent, NotPermitted, UserError

GP, INES = actor("gita", "general-practitioner"), actor("ines", "improvement")
CHAIR = actor("chair", "alliance-chair")
COUNTS = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 400), min_size=1)


class TestPublished:
    def test_byar_of_a_hundred(self):
        """Class documentation of the gem `byar`: 100 observed, 90 expected, z = 1.96."""
        low, high = byar(100, 1.96)
        assert high == pytest.approx(121.628347, abs=1e-5)
        assert (low / 90, high / 90) == pytest.approx((0.9040199, 1.3514261), abs=1e-6)

    @pytest.mark.parametrize(("count", "low", "high"), [(10, 4.795, 18.39), (30, 20.24, 42.83)])
    def test_byar_within_a_fifth_of_a_percent_of_exact_limits(self, count, low, high):
        """Exact 95 % Poisson limits, as tabled (E. J. Calabrese, Biological Effects of Low Level
        Exposures, 1992, table 7.5); from ten on Byar's lie within 0.2 % of them (Public Health
        England, Technical Guide: Confidence Intervals, 2018).
        """
        assert byar(count) == pytest.approx((low, high), rel=0.002)

    def test_a_ratio_of_nearly_two(self):
        """The same, worked example: 30 observed, 15.21 expected, limits 1.33 to 2.82."""
        line = adjusting.Line(practice="a", observed=30, expected=15.21)
        assert [round(each, 2) for each in line.limits()] == [1.33, 2.82]

    def test_none_observed_has_an_upper_limit_all_the_same(self):
        low, high = byar(0)
        assert (low, high) == (0, pytest.approx(3.69, rel=0.02))  # exact: -ln 0.025 = 3.689


class TestCaseMix:
    def test_by_hand(self):
        under = {"old": {"young": 100, "old": 300}, "new": {"young": 300, "old": 100}}
        events = {"old": {"young": 1, "old": 30}, "new": {"young": 3, "old": 10}}
        found = {x.practice: (x.observed, x.expected, x.ratio) for x in lines(events, under)}
        assert found["old"] == (31, pytest.approx(31), pytest.approx(1))  # three times the people
        assert found["new"] == (13, pytest.approx(13), pytest.approx(1))  # who are ill: no signal

    @given(st.dictionaries(st.sampled_from("pqrst"), COUNTS, min_size=2))
    def test_all_together_have_what_is_expected_of_them(self, events):
        under = {p: {s: n + 1 for s, n in has.items()} for p, has in events.items()}
        found = lines(events, under)
        assert sum(x.expected for x in found) == pytest.approx(sum(x.observed for x in found))

    def test_who_had_nothing_to_be_expected_is_left_out(self):
        assert lines({}, {"a": {"x": 10}}) == []


class TestFunnel:
    @given(st.integers(0, 500), st.floats(0.5, 400))
    def test_a_point_lies_outside_where_its_own_limits_leave_one_out(self, count, expected):
        low, high = edges(expected, ALARM)
        line = adjusting.Line(practice="a", observed=count, expected=expected)
        mine = line.limits(ALARM)
        if abs(line.ratio - low) > 1e-6 and abs(line.ratio - high) > 1e-6:
            assert (mine[0] > 1) == (line.ratio > high)
            assert (mine[1] < 1) == (line.ratio < low)

    @given(st.floats(1, 300), st.floats(1.1, 10))
    def test_larger_lists_have_narrower_limits(self, expected, times):
        small, large = edges(expected, ALARM), edges(expected * times, ALARM)
        assert small[0] <= large[0] + 1e-9
        assert large[1] <= small[1] + 1e-9
        assert small[0] <= 1 <= small[1]

    def test_limits_widen_where_all_differ_more_than_by_chance(self):
        alike = [adjusting.Line(practice=str(i), observed=100 + i, expected=100) for i in range(9)]
        apart = [adjusting.Line(practice=str(i), observed=40 + 15 * i, expected=100)
                 for i in range(9)]  # fmt: skip
        assert funnel(alike).widened == 1
        made = funnel(apart)
        assert made.widened > 2
        assert made.at(100).upper_alarm > funnel(alike).at(100).upper_alarm


FOUND = {
    "start": "2025-11-01", "end": "2026-11-01",
    "people": {p: {"female 75-84": 100.0} for p in ("D1", "D2", "D3")},
    "found": {"ED": {"D1": {"female 75-84": 30}, "D2": {"female 75-84": 31},
                     "D3": {"female 75-84": 2}}, "discharges": {}},
}  # fmt: skip
ED = book().figures["ed-attendances"]


def viewer(*, mine="D2", names=False, below=0):
    return Viewer(mine=mine, names=names, eyes=Eyes(below=below, chance="x"),
                  name_of={"D1": "Elm", "D2": "Ash", "D3": "Oak"}.get)  # fmt: skip


class TestWhoSeesWhom:
    def test_a_practice_sees_itself_by_name_and_others_without(self):
        seen = seeing.review(FOUND, ED, viewer()).seen
        assert {s.line.practice: s.name for s in seen} == {
            "D1": ANOTHER, "D2": "Ash", "D3": ANOTHER}  # fmt: skip

    def test_by_name_and_never_by_rank(self):
        seen = seeing.review(FOUND, ED, viewer(names=True)).seen
        assert [s.name for s in seen] == ["Ash", "Elm", "Oak"]

    def test_small_counts_are_left_out_whole(self):
        review = seeing.review(FOUND, ED, viewer(names=True, below=6))
        assert (review.of("D3"), review.hidden) == (None, 1)
        assert all(s.line.observed % 3 == 0 for s in review.seen)

    @given(st.integers(0, 200))
    def test_where_it_lies_does_not_depend_on_how_counts_are_moved(self, observed):
        counts = {**FOUND["found"]["ED"], "D1": {"female 75-84": observed}}
        found = {**FOUND, "found": {"ED": counts, "discharges": {}}}
        exact = seeing.review(found, ED, viewer(names=True))
        moved = seeing.review(found, ED, viewer(names=True, below=6))
        assert all(s.signal == exact.of(s.line.practice).signal for s in moved.seen)

    def test_names_are_for_who_keeps_the_alliance_or_brings_improvement(self, joined):
        named = {a.name: practices.names_all(a) for a in (GP, INES, CHAIR)}
        assert named == {"gita": False, "ines": True, "chair": True}

    def test_shares_of_a_list(self):
        made = seeing.profile(FOUND, "D1", ("65-74", "75-84"))
        assert made == [("65-74", 0, 0), ("75-84", 1, 1)]


@pytest.fixture
def known(joined, monkeypatch):
    """Three practices."""
    names = {"D1": "Elm", "D2": "Ash", "D3": "Oak"}
    monkeypatch.setattr(actions, "practices", lambda: names)
    return names


def entry(**more):
    said = {"held": date(2026, 1, 9), "practices": ["D1", "D2"], "looked": "ED by hour",
            "learnt": "Mondays differ", "tries": "Two more answer on Mondays"}  # fmt: skip
    return Entry(**(said | more))


@pytest.mark.django_db
class TestLog:
    def test_what_was_learnt_is_found_by_word_and_by_practice(self, known):
        number = actions.write(entry=entry(), by=GP)
        assert [e.number for e in queries.entries("mondays")] == [number]
        assert [e.number for e in queries.entries(practice="D2")] == [number]
        assert queries.entries(practice="D3") == []

    @pytest.mark.parametrize(("wrong", "says"), [
        ({"practices": ["D1"]}, "two practices"), ({"practices": ["D1", "D9"]}, "no practice"),
        ({"learnt": " "}, "what was learnt is missing"), ({"held": date(2100, 1, 1)}, "to come"),
        ({"again": date(2026, 1, 9)}, "before they met"),
    ])  # fmt: skip
    def test_what_cannot_be_is_refused(self, known, wrong, says):
        with pytest.raises(UserError, match=says):
            actions.write(entry=entry(**wrong), by=GP)

    def test_what_came_of_it_is_said_once(self, known):
        number = actions.write(entry=entry(again=date(2026, 4, 9)), by=GP)
        actions.tell(number=number, came="Fewer on Mondays", by=INES)
        with pytest.raises(UserError, match="somebody has said"):
            actions.tell(number=number, came="More", by=GP)

    def test_taken_back_by_who_wrote_it(self, known):
        number = actions.write(entry=entry(), by=GP)
        with pytest.raises(NotPermitted, match="who wrote it"):
            actions.take_back(number=number, by=INES)
        actions.take_back(number=number, by=CHAIR)
        assert queries.entries() == []

    def test_the_database_keeps_what_was_written(self, known):
        number = actions.write(entry=entry(), by=GP)
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            PeerEntry.objects.filter(number=number).update(learnt="Nothing")

    def test_others_do_not_write(self, known):
        with pytest.raises(NotPermitted):
            actions.write(entry=entry(), by=actor("nadia", "ed-nurse"))


ZERO = datetime(2026, 1, 10, 10, tzinfo=UTC)
PERIOD = Period(start=date(2025, 11, 1), end=date(2026, 11, 1))


def had(person, service, day, *, hours=24.0, **more):
    """Somebody was in a service, so many days after the tenth of January."""
    start = ZERO + timedelta(days=day)
    visit = f"{person}-{service}-{day}"
    return ("pas", person, visit, ContactEvent(
        visit=visit, subject=person, act=Act.STATE, at=start, recorded=start, service=service,
        started=start, ended=start + timedelta(hours=hours), **more,
    ))  # fmt: skip


ROWS = [
    *(had("ann", "ed", day, hours=3) for day in (0, 20, 40, 60, 80, 100, 120)),
    had("ann", "ward-a", 1, mode="emergency", reason="Pneumonia"),
    had("ann", "ward-b", 2.1, mode="transfer"),  # within six hours: the same spell
    had("ann", "ward-a", 12, mode="from ED", reason="Hip fracture"),
    had("ann", "ward-a", 60, mode="planned"),
    had("ben", "ward-a", 5, mode="emergency", outcome="died"),
    *(had("ben", "ed", day, hours=3) for day in range(8)),
    had("cis", "ed", 3, hours=3),  # on no list
]
WHO = {"ann": ("practice", "1940-05-01", "female"), "ben": ("D9", "1990-05-01", "male"),
       "cis": ("", "1990-05-01", "male")}  # fmt: skip


@pytest.fixture
def lists(joined, monkeypatch):
    """Ann on the list of Mill Road Surgery, Ben on that of another practice, Cis on none."""
    monkeypatch.setattr(working, "usual", lambda: PERIOD)
    at = datetime.now(UTC)
    with transaction.atomic():
        known = people.identify([("pas", p) for p in WHO], known_at=at)
        rows = [(s, known[s, p], number, e) for number, (s, p, _, e) in enumerate(ROWS, 1)]
        contacts.take(rows, known_at=at)
        for person, facts in WHO.items():
            with connection.cursor() as cursor:
                cursor.execute("UPDATE people_identity SET practice = %s, birth_date = %s, sex = %s"
                               " WHERE id = %s", [*facts, known["pas", person]])  # fmt: skip
    return joined


class TestCounting:
    def test_of_whom_how_often(self, lists):
        found = reading.counted(lists, PERIOD)
        made = {rule: {p: sum(has.values()) for p, has in cells.items()}
                for rule, cells in found["found"].items()}  # fmt: skip
        assert made["ED"] == {"practice": 7, "D9": 8}
        assert made["emergency"] == {"practice": 2, "D9": 1}
        assert made["sensitive"] == {"practice": 1}
        assert made["discharges"] == {"practice": 3}  # Ben died
        assert made["readmitted"] == {"practice": 1}  # the planned stay is none
        assert found["people"]["practice"] == {"female 85+": pytest.approx(1, rel=0.01)}


class TestPages:
    def test_waits_is_counted_and_shows_a_funnel(self, lists, sign_in):
        client = sign_in("improvement")
        assert "Waiting for its turn" in client.get("/peers/").content.decode()
        answers.work()
        shown = client.get("/peers/").content.decode()
        assert "ED attendances, November 2025 to October 2026: 2 practices" in shown
        assert shown.index("D9") < shown.index("Mill Road Surgery")  # by name
        pack = client.get("/peers/practice/").content.decode()
        assert "Mill Road Surgery beside its peers" in pack
        assert "hidden or none" in pack  # one admission is too few to show

    def test_a_practice_opens_its_own_pack_alone(self, lists, sign_in):
        client = sign_in("general-practitioner", "gita")
        User.objects.filter(username="gita").update(organisation="practice")
        client.get("/peers/")
        answers.work()
        shown = client.get("/peers/").content.decode()
        assert ANOTHER in shown
        assert not re.search(r"\bD9\b", shown)  # alone: tokens of a page may hold the letters
        assert client.get("/peers/practice/").status_code == 200
        assert client.get("/peers/D9/").status_code == 403

    def test_the_workbook_has_the_definitions(self, lists, sign_in):
        client = sign_in("improvement")
        client.get("/peers/practice/")
        answers.work()
        book_ = load_workbook(io.BytesIO(client.get("/peers/practice/?format=xlsx").content))
        assert [sheet.title for sheet in book_] == ["Figures", "Definitions"]
        assert book_["Figures"].max_row == 8
        said = client.get("/peers/practice/?format=csv").content.decode("utf-8-sig")
        assert said.startswith("Figure,Observed,Expected,Ratio")

    def test_no_such_practice_or_month(self, lists, sign_in):
        client = sign_in("improvement")
        client.get("/peers/")
        answers.work()
        assert client.get("/peers/nowhere/").status_code == 404
        for wrong in ("soon", "2999-01"):
            assert client.get(f"/peers/?to={wrong}").status_code == 400

    def test_it_can_be_stopped_and_counted_again(self, lists, sign_in):
        client = sign_in("improvement")
        waits = working.ask(PERIOD, by=INES)
        client.post(f"/peers/cancel/{waits.digest}/")
        assert "Stopped" in client.get("/peers/").content.decode()
        client.post("/peers/anew/")
        assert "Waiting for its turn" in client.get("/peers/").content.decode()

    def test_others_do_not_see_it(self, lists, sign_in):
        assert sign_in("ed-nurse").get("/peers/").status_code == 403

    def test_what_somebody_wrote_is_shown_as_they_wrote_it(self, known, sign_in):
        actions.write(entry=entry(learnt="<b>Mondays</b>"), by=GP)
        client = sign_in("improvement")
        shown = client.get("/peers/log/").content.decode()
        assert "&lt;b&gt;Mondays" in shown
        assert client.get("/peers/log/?format=csv").content.decode("utf-8-sig").startswith("No,Met")

    def test_a_refused_entry_keeps_what_was_typed(self, joined, sign_in):
        client = sign_in("improvement")
        said = {"held": "2026-01-09", "practices": ["Mill Road Surgery"], "looked": "ED by hour",
                "learnt": "Mondays", "tries": "More on Mondays", "again": ""}  # fmt: skip
        answer = client.post("/peers/log/new/", said)
        assert answer.status_code == 422
        assert "two practices or more" in answer.content.decode()
        assert "More on Mondays" in answer.content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_peer_writes_down_what_was_learnt(journey, add, lists, monkeypatch):  # noqa: F811
    names = {"practice": "Mill Road Surgery", "D9": "Elm Surgery"}
    for module in (actions, practices):
        monkeypatch.setattr(module, "practices", lambda: names)
    add("general-practitioner", "practice")
    working.ask(PERIOD, by=GP)
    answers.work()
    journey.given_i_signed_in_as("general-practitioner")
    journey.go("/peers/")
    journey.page.get_by_role("link", name="Our pack").press("Enter")
    journey.then_i_see("Mill Road Surgery beside its peers")
    journey.and_the_page_is_for_everybody()
    journey.go("/peers/log/new/")
    page = journey.page
    page.get_by_label("Which practices were there, 2").fill("Elm Surgery")
    page.get_by_label("What did you look at").fill("ED by hour")
    page.get_by_label("What did you learn").fill("Mondays differ")
    page.get_by_label("What will you try, and where").fill("Two more answer on Mondays")
    page.get_by_role("button", name="Save").press("Enter")
    journey.then_i_see("It is in the log.")
    page.get_by_text("Say what came of it").click()
    page.get_by_label("What came of it").fill("Fewer on Mondays")
    page.get_by_role("button", name="Save").press("Enter")
    journey.then_i_see("Fewer on Mondays")
    journey.and_the_page_is_for_everybody()
