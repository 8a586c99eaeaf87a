"""Boards as a district sets them: ours, its own over them, and mistakes answered with a cure."""

import os
from datetime import UTC, datetime
from math import inf

import pytest

from onesystem.access import Actor
from onesystem.flow import queries
from onesystem.flow.boards import parts, showing
from onesystem.flow.boards.layout import FILE, Threshold, check, layout
from onesystem.flow.now import HOUR
from onesystem.flow.stays.steps import Step, next_steps
from onesystem.vocabulary import BadConfig, NotFound

NURSE = Actor("kiri", frozenset({"ed-nurse"}))
PLANNER = Actor("moana", frozenset({"planner"}))


@pytest.fixture
def own(district):
    """Write the district's own boards.toml; gives what is read."""

    def writes(text):
        file = district.path / FILE
        file.write_text(text, encoding="utf-8")
        os.utime(file, ns=(1, hash(text) % 10**15 + 1))
        return layout(district.path)

    return writes


class TestOurs:
    def test_three_boards_and_the_national_reasons(self, district):
        found = layout(district.path)
        assert list(found.boards) == ["ed", "beds", "community"]
        letters = [r.letter for r in found.reasons.values() if r.letter]
        assert letters == ["A", "B", "C", "Di", "Dii", "E", "F", "G", "H", "I", "O"]
        assert all(r.owner for r in found.reasons.values())
        assert not check(district)

    @pytest.mark.parametrize(
        ("look", "act", "value", "asks"),
        [
            (0.92, 1, 0.9, ""), (0.92, 1, 0.92, "look"), (0.92, 1, 1.2, "act"),
            (2, 0, 3, ""), (2, 0, 2, "look"), (2, 0, -1, "act"), (2, 0, None, ""),
            (inf, 30, 5, ""), (inf, 30, 30, "act"), (15, inf, 90, "look"), (inf, inf, 90, ""),
        ],
    )  # fmt: skip
    def test_thresholds_both_ways(self, look, act, value, asks):
        assert Threshold(look=look, act=act).of(value) == asks


class TestOwn:
    def test_a_board_may_have_its_own_thresholds(self, own):
        found = own("""
            [[board]]
            name = "beds"
            threshold = { ready = { look = 1, act = 2 } }
        """)
        assert found.asks("ready", 2, found.board("beds")) == "act"
        assert found.asks("ready", 2, found.board("ed")) == found.asks("ready", 2) == ""

    def test_over_ours_key_by_key(self, own):
        found = own("""
            [words]
            here = "In beds"
            [threshold]
            occupancy = { look = 0.85 }
            [[board]]
            name = "ed"
            off = true
            [[board]]
            name = "beds"
            services = ["ward-b", "ward-a"]
            columns = ["here", "free"]
            [[board]]
            name = "flow-room"
            title = "Flow room"
            organisation = "hospital"
            [[reason]]
            code = "transport"
            owner = "Riverside transport"
        """)
        assert list(found.boards) == ["beds", "community", "flow-room"]
        assert found.board("beds").title == "Beds and flow"
        assert found.board("beds").columns == ("here", "free")
        assert found.asks("occupancy", 0.9) == "look"
        assert (found.words["here"], found.words["free"]) == ("In beds", "Free")
        assert found.reasons["transport"].owner == "Riverside transport"
        assert found.reasons["transport"].words == "Transport"
        with pytest.raises(NotFound, match="Did you mean 'beds'"):
            found.board("bed")

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("[[bord]]", "no key 'bord'.*Did you mean 'board'"),
            ('[[board]]\nname = "x"', "no title"),
            ('[[board]]\ntitle = "x"', "board 1 has no name"),
            ('[[board]]\nname = "a/b"\ntitle = "x"', "part of an address"),
            ('[[board]]\nname = "beds"\ncolums = []', "Did you mean 'columns'"),
            ('[[board]]\nname = "beds"\ncolumns = ["fre"]', "columns names 'fre'.*'free'"),
            ('[[board]]\nname = "beds"\nsettings = ["wards"]', "Did you mean 'ward'"),
            ('[[board]]\nname = "beds"\nwall = "names"', "wall is 'names'"),
            ('[[board]]\nname = "beds"\nrotate_seconds = 0', "whole number"),
            ("[threshold]\nocupancy = { look = 1, act = 2 }", "Did you mean 'occupancy'"),
            ("[threshold]\noccupancy = { look = 'x' }", "look is no number"),
            ("[threshold]\noccupied_day = { look = 1 }", "act is no number"),
            ("[words]\nheer = 'x'", "Did you mean 'here'"),
            ('[[reason]]\ncode = "new"', "has no words"),
            ("[[step]]\nowner = 'x'", "step 1 has no words"),
            ("words = 1", "is no table"),
            ('[now]\ncolumns = ["wating"]', "now: columns names 'wating'.*'waiting'"),
            ("[now.words]\nhear = 'x'", "Did you mean 'here'"),
            ("[[board", "boards.toml"),
        ],
    )
    def test_a_mistake_is_named_with_its_cure(self, own, text, words):
        with pytest.raises(BadConfig, match=words):
            own(text)

    def test_the_doctor_finds_what_the_district_does_not_have(self, own, district):
        from onesystem.cli.checks import boards

        assert [f.level for f in boards(district)] == ["well"]
        own('[[board]]\nname = "beds"\nservices = ["ward-x"]\norganisation = "hospitl"')
        told = [f.what for f in boards(district)]
        assert "Did you mean 'ward-" in told[0]
        assert "Did you mean 'hospital'" in told[1]
        with pytest.raises(BadConfig):
            own("[wrds]")
        assert [f.level for f in boards(district)] == ["broken"]


class TestSteps:
    AT = 1000 * HOUR

    def test_whose_turn_it_is(self):
        steps = [
            Step(words="X-ray", since=self.AT - HOUR, id="1"),
            Step(words="Bed", since=self.AT - 2 * HOUR, id="2"),
            Step(words="Clinic, last spring", since=self.AT - 900 * HOUR, id="3"),
            Step(words="Blood test, done", since=self.AT - HOUR, id="4"),
            Step(words="Booked for later", since=self.AT + HOUR, id="5"),
            Step(words="Porter", since=self.AT),
        ]
        found = next_steps(steps, began=self.AT - 3 * HOUR, at=self.AT, done=frozenset({"4"}))
        assert [s.words for s in found] == ["Porter", "Bed", "X-ray"]


class TestParts:
    def test_queues_and_what_is_due(self):
        at = 100 * HOUR
        found = parts.queues([("a", at - HOUR), ("b", at - HOUR), ("a", at - 3 * HOUR)], at=at)
        assert [(q.key, q.count, q.longest, q.hours) for q in found] == [
            ("a", 2, at - 3 * HOUR, 4.0), ("b", 1, at - HOUR, 1.0),
        ]  # fmt: skip
        assert (found[0].hide(5).count, found[0].hide(5).longest) == (None, None)
        due = parts.dues([("w", 5, None), ("w", 4, 90), ("w", None, 80)], ["v", "w"])
        assert [(d.service, d.planned, d.first, d.asked, d.longest) for d in due] == [
            ("w", 2, 80, 1, 5)
        ]
        assert due[0].hide(5).planned is None

    def test_a_board_from_the_store(self, busy, own):
        found = own('[[board]]\nname = "beds"\nservices = ["ward-b", "ward-a"]')
        at = datetime.now(UTC)
        for by, words in ((NURSE, "24 here, 21 free"), (PLANNER, "at least 21 here")):
            board = queries.board(by=by, at=at)
            exact = queries.sees_people(by)
            shown = showing.show(board, found, found.board("beds"), exact=exact)
            assert shown.headline.startswith(words)
            assert [row.code for row in shown.parts[0].rows] == ["ward-b", "ward-a"]
        [first, second] = shown.parts[0].rows
        cells = {cell.column: cell for cell in first.cells}
        assert (cells["here"].text, cells["occupancy"].asks, cells["free"].asks) == (
            "21", "act", "act",
        )  # fmt: skip
        assert {c.column: c.text for c in second.cells}["here"] == "<5"
