"""What open boards of a district's own are told: the figures that changed, each reader theirs."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from django.db import transaction

from onesystem import contacts
from onesystem.flow.boards.live import LiveBoards, channel
from onesystem.flow.live import LiveBoard
from onesystem.vocabulary import Act, ContactEvent

NURSES, PLANNERS = ("beds", True), ("beds", False)


@pytest.fixture
def opened(busy, district):
    """The board of beds, open and told once."""
    live, boards = LiveBoard(), LiveBoards()
    first = boards.poll([NURSES], live.board, live.take_changed())
    return live, boards, first


def come(place, number, *, gone=False, ready=False):
    """Somebody comes to a place, and may be ready or have left again."""
    at = datetime.now(UTC)
    start = at - timedelta(hours=2)
    event = ContactEvent(
        visit=f"N{number}", subject=f"N{number}", act=Act.STATE, at=at, recorded=at, service=place,
        started=start, ended=at if gone else None, ready=start if ready else None,
    )  # fmt: skip
    with transaction.atomic():
        contacts.take([("pas", 900 + number, 900 + number, event)], known_at=at)


def told(live, boards, *opened):
    """The data of the one event that a change makes for these boards, with what it was sent as."""
    live.poll()
    (event,) = boards.poll(opened, live.board, live.take_changed())
    return event, orjson.loads(event.full if opened[0][1] else event.small)


class TestChanges:
    def test_a_board_that_is_opened_is_told_whole(self, opened):
        _, _, (event,) = opened
        assert event.name == "board"
        assert event.channel == channel("beds", full=True)
        pieces = orjson.loads(event.full)["pieces"]
        assert {"headline", "sources", "block-services"} <= set(pieces)

    def test_only_the_row_that_changed_is_sent(self, opened, signed_in):
        live, boards, _ = opened
        come("ward-a", 1)
        event, said = told(live, boards, NURSES)
        assert event.id == live.last
        (row,) = [piece for piece in said["pieces"] if piece.startswith("services-")]
        assert set(said["pieces"]) == {"headline", "sources", row}
        assert said["pieces"][row].startswith(f'<tr id="{row}"')
        page = signed_in("ed-nurse").get("/now/board/beds/").content.decode()
        assert f'<tr id="{row}"' in page
        assert all(f'id="{each}"' in page for each in said["pieces"])
        assert said["watch"]

    def test_what_is_of_another_place_is_not_told(self, opened):
        live, boards, _ = opened
        come("gp", 1)
        live.poll()
        assert boards.poll([NURSES], live.board, live.take_changed()) == []

    def test_the_same_again_is_not_told(self, opened):
        live, boards, _ = opened
        come("ward-a", 1)
        told(live, boards, NURSES)
        assert boards.poll([NURSES], live.board, live.board.services) == []

    def test_a_part_that_comes_is_asked_for(self, opened):
        """Nobody was ready: where somebody is, the board has one part more."""
        live, boards, _ = opened
        come("ward-a", 1, ready=True)
        _, said = told(live, boards, NURSES)
        assert said == {"whole": True}

    def test_no_event_names_somebody(self, opened):
        live, boards, (first,) = opened
        come("ward-a", 1)
        event, _ = told(live, boards, NURSES)
        assert b"stay-" not in first.full + event.full

    def test_who_may_not_see_people_is_told_other_figures(self, opened):
        live, boards, _ = opened
        boards.poll([NURSES, PLANNERS], live.board, [])
        come("ward-b", 1)
        event, said = told(live, boards, PLANNERS)
        assert event.channel == channel("beds", full=False)
        assert event.full == b"{}"
        assert "at least" in said["pieces"]["headline"]

    def test_a_board_that_was_closed_meanwhile_is_told_whole_again(self, opened):
        live, boards, _ = opened
        boards.poll([], live.board, [])
        (event,) = boards.poll([NURSES], live.board, [])
        assert "block-services" in orjson.loads(event.full)["pieces"]

    def test_a_board_that_is_not_there_any_more(self, opened):
        live, boards, _ = opened
        assert boards.poll([("gone", True)], live.board, []) == []
