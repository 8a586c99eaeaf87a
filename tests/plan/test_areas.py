"""Which area a code or a name leads to, in any style and from any time."""

import pytest

from onesystem.plan.areas import catalogue
from onesystem.plan.areas.people import people_of, reference
from onesystem.plan.areas.renaming import newer, older, successors
from onesystem.vocabulary import NotFound, UserError


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("QMM", "QMM"),
        ("qmm", "QMM"),
        ("E54000022", "QMM"),
        ("NHS Norfolk and Waveney Integrated Care Board", "QMM"),
        ("Norfolk & Waveney ICB", "QMM"),
        ("E54000052", "QXU"),  # Surrey Heartlands until 2023
        ("E54000063", "QXU"),  # and since
        ("E38000239", "26A"),  # its location within a board
        ("06M", "26A"),  # a clinical commissioning group of 2013, merged in 2020
        ("Canterbury", "NZ-CANTERBURY"),
        ("E07000148", "E07000148"),
        ("Cumbria", "2014-cumbria"),
    ],
)
def test_every_style_of_code_and_name_leads_to_the_area_of_today(said, code):
    """Codes of the Office for National Statistics' lookups of 2022 and 2024, and NHS codes."""
    assert catalogue.find(said).code == code


@pytest.mark.parametrize(
    ("said", "error", "words"),
    [
        ("Norfok", NotFound, "Did you mean 'Norfolk'"),
        ("Q99", NotFound, "Did you mean 'QU9'"),
        ("London", UserError, "QKK"),
        ("", UserError, "Give a code"),
        ("RW6", NotFound, "R0A, RM3 today"),  # Pennine Acute, shared out in October 2021
    ],
)
def test_what_leads_nowhere_is_said_with_its_cure(said, error, words):
    with pytest.raises(error) as raised:
        catalogue.find(said)
    assert words in str(raised.value)


def test_forty_two_boards_have_all_people_of_england():
    """56,550,138 people in mid-2020 (Office for National Statistics); the tables sum to it."""
    boards = catalogue.areas("board")
    assert len(boards) == 42
    assert sum(people_of(board).total for board in boards) == pytest.approx(56_550_138)
    assert reference("United Kingdom").sum() == pytest.approx(56_550_138)


def test_norfolk_and_waveney_as_published():
    """1,032,661 people in mid-2020; attendances of the year to August 2024 (NHS England)."""
    now = people_of(catalogue.find("QMM"))
    assert now.total == pytest.approx(1_032_661)
    assert now.counts.sum() == pytest.approx(now.ages.sum())
    assert 0.50 < now.ages[0].sum() / now.total < 0.52
    assert catalogue.published("QMM").attendances == 436_812


def test_canterbury_has_its_health_service_users():
    """596,120 in 2022 (Health New Zealand)."""
    assert people_of(catalogue.find("Canterbury")).total == pytest.approx(596_120)


def test_the_eleven_economies_are_on_todays_map():
    found = catalogue.areas("economy")
    assert len(found) == 11
    cumbria = people_of(catalogue.find("Cumbria"))
    assert 495_000 < cumbria.total < 505_000  # 499,846 in the estimates of mid-2020
    assert {"QHM", "QE1"} == set(cumbria.area.boards)


def test_small_areas_of_two_years_are_told_apart():
    """E01000010 was split in 2021 (Office for National Statistics, lookup of small areas)."""
    assert set(newer("E01000010")) >= {"E01034473", "E01034474"}
    assert older("E01034473") == ("E01000010",)
    assert newer("E01000001") == ("E01000001",)


def test_mergers_are_followed_to_their_end():
    assert successors("RQ8") == ("RAJ",)  # Mid Essex, 2020
    assert successors("RM1") == ()
