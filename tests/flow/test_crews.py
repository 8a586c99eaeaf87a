"""Ambulances at the door of an ED, and contacts whose end never came."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from onesystem import contacts
from onesystem.access import Actor
from onesystem.flow import now, presenters, queries
from onesystem.flow.boards import parts
from onesystem.flow.boards.layout import layout
from onesystem.flow.boards.rules import Figure, Rule, judge
from onesystem.flow.crews import NOT_SAID, Crew, Reached, doors, queues
from onesystem.flow.live import LiveBoard
from onesystem.vocabulary import Act, BadConfig, ContactEvent
from onesystem.vocabulary.contact import key_elsewhere
from onesystem.vocabulary.kept import to_micros

NURSE = Actor("kiri", frozenset({"ed-nurse"}))
AT = 1_800_000_000 * now.SECOND
MINUTE = 60 * now.SECOND
AMBULANCE = """
[services.ambulance]
name = "Emergency ambulance"
setting = "ambulance"
organisation = "community"
"""


def crew(contact, *, ready, ended=None, identity=0):
    """A crew that came `ready` minutes ago and handed over `ended` minutes ago."""
    left = None if ended is None else AT - ended * MINUTE
    return Crew(contact, identity or contact, "999", AT - ready * MINUTE, left)


class TestDoors:
    def test_the_attendance_that_names_the_crew_says_where_it_stands(self):
        reached = [Reached(1, 71, "ed-a", AT), Reached(None, 72, "ed-b", AT)]
        assert doors([crew(1, ready=20)], reached, {}) == {1: "ed-a"}

    def test_else_the_same_person_at_about_the_same_time(self):
        """Sources number people in their own ways: 5 is 9 to the hospital."""
        reached = [Reached(None, 9, "ed-b", AT - 25 * MINUTE), Reached(2, 9, "ed-a", AT)]
        assert doors([crew(1, ready=20, identity=5)], reached, {5: 5, 9: 5}) == {1: "ed-b"}
        assert doors([crew(1, ready=200, identity=5)], reached, {5: 5, 9: 5}) == {1: NOT_SAID}

    def test_who_has_handed_over_waits_no_more(self):
        found = [crew(1, ready=20), crew(2, ready=40), crew(3, ready=90, ended=60)]
        where = {1: "ed-a", 2: "ed-a", 3: "ed-a"}
        assert queues(found, where, at=AT) == {"ed-a": [AT - 40 * MINUTE, AT - 20 * MINUTE]}

    def test_the_day_of_a_door(self):
        found = [crew(1, ready=20), crew(2, ready=90, ended=60), crew(3, ready=50, ended=40)]
        told = queries.HandOvers(crews=found, doors={1: "ed-a", 2: "ed-a", 3: "ed-a"})
        (door, empty) = parts.doors(told, ["ed-a", "ed-b"], at=AT)
        assert (len(door.waiting), door.handed, door.median) == (1, 2, 20 * MINUTE)
        assert (door.over(15, at=AT), door.over(30, at=AT)) == (1, 0)
        assert (empty.waiting, empty.handed, empty.median) == ([], 0, None)


class TestLost:
    def stretch(self, *, hours):
        return now.Stretch("999", "ambulance", "cad", None, AT - hours * now.HOUR, None, None)

    def test_what_is_open_for_longer_than_it_can_be_is_counted_apart(self):
        made = now.figures(
            [self.stretch(hours=h) for h in (1, 24, 25, 9999)],
            service="999", setting="ambulance", at=AT, longest=24 * now.HOUR,
        )  # fmt: skip
        assert (made.here, made.lost, made.here_since) == (2, 2, AT - 24 * now.HOUR)

    def test_a_setting_without_a_limit_keeps_everybody(self):
        made = now.figures([self.stretch(hours=9999)], service="999", setting="", at=AT)
        assert (made.here, made.lost) == (1, 0)

    def test_few_are_hidden(self):
        few = now.ServiceNow(service="a", setting="ED", at=AT, lost=2, crews=3, crews_since=AT)
        hidden = now.hide_small(few, below=5)
        assert (hidden.lost, hidden.crews, hidden.crews_since) == (None, None, None)

    def test_the_district_sets_the_hours(self, district):
        assert layout(district.path).lost["ambulance"] == 24 * now.HOUR
        (district.path / "boards.toml").write_text("[lost]\nambulance = 0\nED = 48\n")
        assert "ambulance" not in layout(district.path).lost
        assert layout(district.path).lost["ED"] == 48 * now.HOUR
        (district.path / "boards.toml").write_text('[lost]\nED = "long"\n')
        with pytest.raises(BadConfig, match="ED is 'long'"):
            layout(district.path)


@pytest.fixture
def queue(busy, district):
    """Two ambulances at the ED's door, one named by the attendance, one by the person; one lost."""
    at = datetime.now(UTC)
    with (district.path / "district.toml").open("a") as file:
        file.write(AMBULANCE)

    def ago(minutes):
        return None if minutes is None else at - timedelta(minutes=minutes)

    def event(source, number, visit, service, started, ready=None, **more):
        made = ContactEvent(
            visit=visit, subject=visit, act=Act.STATE, at=at, recorded=at, service=service,
            started=ago(started), ready=ago(ready), **more,
        )  # fmt: skip
        return (source, number, number, made)

    with transaction.atomic():
        contacts.take(
            [
                event("cad", 501, "C1", "ambulance", 60, 42),
                event("cad", 502, "C2", "ambulance", 50, 12),
                event("cad", 503, "C3", "ambulance", 9000, 8900),
                event("cad", 504, "C4", "ambulance", 30),
                event("pas", 601, "P1", "ed", 40, cause=key_elsewhere("cad", "C1")),
                event("pas", 502, "P2", "ed", 11),
            ],
            known_at=at,
        )
    queries.forget_board()
    return district


class TestBoard:
    def test_it_counts_them_at_their_ed(self, queue):
        ed = queries.board(by=NURSE, at=datetime.now(UTC)).services["ed"]
        assert ed.crews == 2
        assert 41 <= (ed.at - ed.crews_since) / MINUTE < 44

    def test_the_crew_without_an_end_is_not_counted(self, queue):
        sends = queries.board(by=NURSE, at=datetime.now(UTC)).services["ambulance"]
        assert (sends.here, sends.lost) == (3, 1)

    def test_the_first_line_says_so(self, queue):
        board = queries.board(by=NURSE, at=datetime.now(UTC))
        assert "2 ambulances wait to hand over." in presenters.headline(board)
        line = presenters.line(board.services["ed"], board)
        assert (line.crews, line.asks["crews"]) == ("2", "act")

    def test_an_alert_asks_for_somebody(self, queue):
        board = queries.board(by=NURSE, at=datetime.now(UTC))
        rule = Rule(name="door", title="", figure=Figure.HAND_OVER, at_least=30, clear_below=15)
        (raised,) = judge([rule], board.services, [], at=to_micros(board.at))
        assert (raised.service, round(raised.value)) == ("ed", 42)

    def test_a_crew_that_hands_over_changes_the_row_of_the_ed(self, queue):
        """What a page has open follows, though it was the ambulance that sent the news."""
        live, at = LiveBoard(), datetime.now(UTC)
        left = ContactEvent(
            visit="C1", subject="C1", act=Act.STATE, at=at, recorded=at, service="ambulance",
            started=at - timedelta(minutes=60), ready=at - timedelta(minutes=42), ended=at,
        )  # fmt: skip
        with transaction.atomic():
            contacts.take([("cad", 501, 700, left)], known_at=at)
        told = live.poll()
        assert presenters.row_id("ed").encode() in told.full
        assert live.board.services["ed"].crews == 1

    def test_the_board_of_the_ed_shows_the_queue(self, queue, signed_in):
        page = signed_in("ed-nurse").get("/now/board/ed/").content.decode()
        assert "At the door:" in page
        assert "No end came of 1 contact with a crew: not counted." in page

    def test_a_limit_that_is_never_reached_has_no_column(self, queue, signed_in):
        text = "[threshold]\nhand_over = { look = 15, act = inf }\n"
        (queue.path / "boards.toml").write_text(text)
        page = signed_in("ed-nurse").get("/now/board/ed/").content.decode()
        assert "Over 15 min" in page
        assert "Over inf" not in page
        head = page.split("At the door:")[0].rsplit("<thead>", 1)[1].split("<tbody>")[0]
        row = page.split("At the door:")[1].split("</tr>")[0]
        assert head.count("<th ") == 1 + row.count("<td")
