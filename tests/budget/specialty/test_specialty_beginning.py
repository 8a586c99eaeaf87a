"""What a budget begins with: the twin's volumes by mode, the minutes of a pathway's own staff."""

import pytest

from onesystem.budget.funds.foreseeing import Volumes
from onesystem.budget.months import Year
from onesystem.budget.specialty import beginning
from onesystem.budget.specialty.beginning import foreseen
from onesystem.budget.specialty.shape import Step

YEAR = Year.of("2026/27")
KNOWN = Volumes({"clinic": [9.0, 11.0]}, {}, 90.0)


@pytest.fixture
def told(monkeypatch):
    """A pathway that a specialty's staff work on, and one that they do not."""
    monkeypatch.setattr(beginning, "_TOLD", [lambda: {
        "skin": ("Skin lesion", [("Look", "gp", 10), ("Cut it out", "hospital-doctor", 20)]),
        "cough": ("Cough", [("Listen", "gp", 10)]),
    }])  # fmt: skip


class TestVolumes:
    def test_the_mean_of_the_runs_over_the_year_in_the_parts_of_the_log(self):
        many, why_not = foreseen(["clinic"], YEAR, {"first": 30, "again": 70}, volumes=KNOWN)
        assert many == {"again": 2_555, "first": 1_095}  # 10 a day, 365 days
        assert why_not == ""

    def test_the_parts_are_the_whole(self):
        many, _ = foreseen(["clinic"], YEAR, {"a": 1, "b": 1, "c": 1}, volumes=KNOWN)
        assert sum(many.values()) == 3_650

    def test_what_the_twin_does_not_know_says_so(self):
        assert foreseen(["ward"], YEAR, {"stay": 4}, volumes=KNOWN) == (
            {}, "The twin does not know this service by itself.",
        )  # fmt: skip
        none = Volumes({}, {}, 1.0, "This district has no twin yet")
        assert foreseen(["clinic"], YEAR, {"a": 1}, volumes=none)[1] == none.why_not


class TestMinutes:
    def test_only_pathways_on_which_the_staff_work_are_offered(self, told):
        assert beginning.pathways() == [("skin", "Skin lesion")]

    def test_their_minutes_become_steps(self, told):
        assert beginning.steps_of_pathway("skin") == (
            Step(words="Cut it out", group="doctor", minutes=20),
        )
        assert beginning.steps_of_pathway("measles") == ()


@pytest.mark.django_db
def test_the_care_room_tells_its_pathways(joined):
    """What is in force is asked of the room of pathways, through the wiring."""
    assert beginning.pathways() == []  # nothing is in force in the small district
