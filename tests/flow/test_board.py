"""The board as it is read, put into words, shown and streamed."""

import re
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from django.db import connection, transaction

from onesystem import contacts
from onesystem.access import Actor
from onesystem.access.models import Audit
from onesystem.flow import presenters, queries
from onesystem.flow.live import LiveBoard
from onesystem.vocabulary import Act, ContactEvent, NotFound, NotPermitted

NURSE = Actor("kiri", frozenset({"ed-nurse"}))
PLANNER = Actor("moana", frozenset({"planner"}))


def read(by=NURSE):
    return queries.board(by=by, at=datetime.now(UTC))


def line(code, by=NURSE):
    board = read(by)
    return presenters.line(board.services[code], board)


def arrive(visit, service):
    now = datetime.now(UTC)
    event = ContactEvent(
        visit=visit, subject=visit, act=Act.STATE, at=now, recorded=now, service=service,
        started=now - timedelta(seconds=1),
    )  # fmt: skip
    with transaction.atomic():
        contacts.take([("pas", 99, 99, event)], known_at=now)


class TestQueries:
    def test_figures_come_from_the_store(self, busy):
        ed = read().services["ed"]
        assert (ed.here, ed.waiting, ed.ready, ed.arrivals, ed.departures) == (9, 1, 1, 10, 1)
        assert ed.capacity == 30
        assert ed.over_limit == 3  # 260, 300 and 340 minutes
        assert read().services["ward-a"].here == 3
        assert read().services["nursing"].here == 0

    def test_a_change_is_seen_at_once(self, busy):
        before = read().services["ward-a"].here
        arrive("new", "ward-a")
        assert read().services["ward-a"].here == before + 1

    def test_small_counts_are_hidden_from_those_who_may_not_see_people(self, busy):
        board = read(PLANNER)
        assert board.services["ward-a"].here is None
        assert board.services["ward-b"].here == 21
        assert board.totals.about

    def test_someone_without_the_right_sees_nothing(self, busy):
        with pytest.raises(NotPermitted):
            read(Actor("nobody"))

    def test_who_is_inside_is_for_those_who_open_people_and_is_recorded(self, busy):
        people = queries.inside("ed", by=NURSE, at=datetime.now(UTC))
        assert len(people) == 10
        assert people[0].started < people[1].started
        assert Audit.objects.latest("id").act == "service.listed"
        with pytest.raises(NotPermitted):
            queries.inside("ed", by=PLANNER, at=datetime.now(UTC))

    def test_an_unknown_service_is_answered_with_the_nearest(self, busy):
        with pytest.raises(NotFound, match="Did you mean 'ward-a'"):
            queries.known("ward-aa", read())


class TestWords:
    def test_the_first_line_answers_the_question(self, busy):
        assert presenters.headline(read()) == (
            "34 people are in a service now, 1 waits to start, and 1 is ready to go. "
            "3 have been in an ED for more than 4 hours. Ward B is over capacity."
        )
        assert presenters.headline(read(PLANNER)).startswith("About 35 people are")

    def test_a_row_says_where_its_figures_come_from(self, busy):
        found = line("ward-b")
        assert (found.here, found.capacity, found.percent) == ("21", "20", "105%")
        assert found.state == ("Over capacity", "bad")
        assert [h.name for h in found.heard] == ["Hospital patient administration"]

    def test_hidden_counts_are_words(self, busy):
        assert line("ward-a", PLANNER).here == "<5"
        assert line("ward-a", PLANNER).here_since is None

    def test_a_place_that_is_not_mapped_shows_as_it_came(self, busy):
        found = line("pas/WARDX")
        assert (found.name, found.mapped, found.href) == ("pas/WARDX", False, "/now/pas%2FWARDX/")

    def test_settings_that_decide_flow_come_first(self, busy):
        groups = presenters.groups(read(), presenters.Filter(everything=True))
        assert [g.name for g in groups][:2] == ["Emergency departments", "Wards"]
        assert [each.name for each in groups[1].lines] == ["Ward A", "Ward B"]

    @pytest.mark.parametrize(
        ("query", "codes"),
        [
            ({"setting": "ED"}, {"ed"}),
            ({"organisation": "practice", "all": "1"}, {"gp"}),
            ({"service": "WARD b"}, {"ward-b"}),
            ({"service": "nothing like it"}, set()),
        ],
    )
    def test_filters(self, busy, query, codes):
        groups = presenters.groups(read(), presenters.Filter.of(query))
        assert {each.code for g in groups for each in g.lines} == codes

    def test_a_silent_source_makes_its_rows_stale(self, busy):
        from dataclasses import replace

        source = replace(busy.sources["pas"], silent_after_minutes=10)
        board = read()
        district = replace(busy, sources={**busy.sources, "pas": source})
        for minutes, stale in ((5, False), (11, True)):
            heard = {"pas": board.at - timedelta(minutes=minutes)}
            aged = replace(board, district=district, heard=heard)
            assert presenters.line(aged.services["ed"], aged).stale is stale


class TestPages:
    def test_the_board(self, signed_in):
        client = signed_in("ed-nurse")
        page = client.get("/").content.decode()
        assert "Who is where now, and who waits?" in page
        assert "34 people are in a service now" in page
        assert client.get("/?setting=ED").content.decode().count('<tr id="now-') == 1
        assert "No service is like this" in client.get("/?service=zzz").content.decode()

    def test_columns_words_and_thresholds_are_the_districts(self, signed_in, district):
        (district.path / "boards.toml").write_text(
            '[now]\ncolumns = ["waiting", "here", "ready"]\nwords = { here = "In beds" }\n'
            "[threshold]\nready = { look = 0, act = 99 }\n",
            encoding="utf-8",
        )
        client = signed_in("ed-nurse")
        shown = client.get("/").content.decode()
        heads = re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', shown)
        assert heads == ["Service", "Waiting", "In beds", "Ready to go"]
        assert 'data-label="In beds"' in shown
        assert 'data-label="By hour"' not in shown
        assert '<span class="tag tag-warn"><span aria-hidden="true">▲</span> ' in shown
        assert 'colspan="4"' in client.get("/now/rows/").content.decode()

    def test_the_same_page_is_not_sent_twice(self, signed_in):
        client = signed_in("ed-nurse")
        first = client.get("/")
        again = client.get("/", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        arrive("new", "ed")
        changed = client.get("/", headers={"If-None-Match": first.headers["ETag"]})
        assert changed.status_code == 200

    def test_the_file_holds_what_the_page_shows(self, signed_in):
        client = signed_in("planner")
        text = client.get("/?setting=ward&format=csv").content.decode("utf-8-sig")
        rows = [row.split(",") for row in text.splitlines()]
        assert rows[0][0] == "service"
        assert {row[0]: row[4] for row in rows[1:]} == {"ward-a": "<5", "ward-b": "21"}

    def test_a_service_lists_people_to_those_who_may_open_them(self, signed_in):
        client = signed_in("ed-nurse")
        page = client.get("/now/ed/").content.decode()
        assert page.count("Person ") >= 10
        assert "Your role sees counts, not people" not in page

    def test_and_counts_to_the_others(self, signed_in):
        client = signed_in("planner")
        page = client.get("/now/ed/").content.decode()
        assert "Your role sees counts, not people" in page
        assert "/people/" not in page
        assert client.get("/now/nowhere/").status_code == 404

    def test_an_empty_district_says_what_to_do(self, signed_in):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM contacts_contact")
        queries.forget_board()
        client = signed_in("viewer")
        page = client.get("/?all=0").content.decode()
        assert "No contact is open" in page


class TestLive:
    def test_an_event_carries_only_the_rows_that_changed(self, busy):
        live = LiveBoard()
        assert live.poll() is None
        arrive("new", "ward-a")
        event = live.poll()
        full, small = orjson.loads(event.full), orjson.loads(event.small)
        assert list(full["rows"]) == [presenters.row_id("ward-a")]
        here = re.compile(r'data-label="Here">([^<]*|&lt;5)</td>')
        assert here.search(full["rows"][presenters.row_id("ward-a")])[1] == "4"
        assert here.search(small["rows"][presenters.row_id("ward-a")])[1] == "&lt;5"
        assert full["headline"].startswith("35 people")
        assert event.id == contacts.last_change()
        assert live.poll() is None

    def test_a_row_is_the_same_on_the_page_and_in_the_stream(self, signed_in):
        client = signed_in("ed-nurse")
        live = LiveBoard()
        arrive("new", "ward-b")
        row = orjson.loads(live.poll().full)["rows"][presenters.row_id("ward-b")]
        words = re.compile(r"<[^>]+>|\s+")
        page = client.get("/").content.decode()
        assert words.sub("", row) in words.sub("", page)

    def test_what_only_time_changed_is_told_too(self, busy):
        live = LiveBoard()
        assert live.tick() is None
        live.sent["ed"] = live.sent["ward-a"]
        event = live.tick()
        assert list(orjson.loads(event.full)["rows"]) == [presenters.row_id("ed")]
