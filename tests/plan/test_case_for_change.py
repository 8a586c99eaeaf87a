"""What doing nothing leads to: figures that were published first, then what must always hold."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onesystem.plan.areas import catalogue, own
from onesystem.plan.areas.people import people_of
from onesystem.plan.case import codec, drawing, presenters, report, wording, workbook
from onesystem.plan.case.asked import asked, query
from onesystem.plan.case.building import case_of
from onesystem.plan.case.figures import GROUPS
from onesystem.plan.case.queries import do_nothing
from onesystem.plan.case.skill import skill
from onesystem.plan.case.skilled import canterbury
from onesystem.vocabulary import BadConfig, NotFound


@pytest.fixture(scope="module")
def norfolk():
    return do_nothing("QMM")


def test_canterbury_of_2007_comes_out():
    """20 % more general practitioners and 40 % more care-home places by 2020 if nothing changed

    (King's Fund 2013, slides; 2,000 more places were a rise of 40 %).
    """
    (_, doctors, here), (_, homes, there) = canterbury()
    assert (doctors, homes) == (0.20, 0.40)
    assert here == pytest.approx(doctors, abs=0.02)
    assert there == pytest.approx(homes, abs=0.03)


def test_today_is_what_is_published(norfolk):
    """The year to August 2024 (NHS England); beds by catchment shares (OHID 2022)."""
    assert norfolk.of("ed").now == pytest.approx(436_812)
    assert norfolk.of("emergency").now == pytest.approx(110_175)
    assert norfolk.of("beds").now == pytest.approx(1951.7)
    assert norfolk.of("gps").now == pytest.approx(641.4)
    assert norfolk.of("waiting").now == 175_543
    assert norfolk.of("ed").kind == "published"
    assert norfolk.of("gp").kind == "assumed"


def test_money_is_englands_when_boards_are_added():
    """Every pound of the collections is in some board, at the prices that the case names.

    Emergency care 6,603,868,653 pounds in 2024/25 (National Cost Collection), by a deflator.
    """
    boards = [case_of(each, since=2024, years=1, draws=2) for each in catalogue.areas("board")]
    spent = sum(each.of("money-ed").middle[0] for each in boards)
    assert spent == pytest.approx(6_603_868_653 * 100 * 1.03, rel=1e-6)


def test_parts_of_a_board_have_what_the_board_has(norfolk):
    """The five districts of East Sussex and the rest sum to Sussex's attendances."""
    sussex, east = do_nothing("QNX"), do_nothing("2014-east-sussex")
    councils = {"E06000043", "E07000223", "E07000224", "E07000225", "E07000226", "E07000227",
                "E07000228", "E07000229"}  # fmt: skip
    parts = [replace(catalogue.by_code(code), boards=("QNX",)) for code in councils]
    rest = [case_of(part, draws=2) for part in parts]
    whole = east.of("ed").now + sum(each.of("ed").now for each in rest)
    assert whole == pytest.approx(sussex.of("ed").now, rel=1e-6)
    assert east.of("ed").kind == "derived"


def test_every_figure_has_its_range_its_source_and_its_place(norfolk):
    for each in norfolk.figures.values():
        assert each.values.shape == (3, 21)
        assert (each.low <= each.middle).all()
        assert (each.middle <= each.high).all()
        assert each.source
        assert each.group in GROUPS
    money = norfolk.of("money")
    assert money.values.dtype == np.int64
    parts = norfolk.of("money-health").middle + norfolk.of("money-council").middle
    assert np.abs(money.middle - parts).max() <= 2


def test_doing_nothing_takes_more_beds_as_people_grow_old(norfolk):
    assert norfolk.of("people-85").rise > 0.4
    assert norfolk.gap("beds", 2046) > 0
    assert norfolk.at("waiting", 2046) > norfolk.of("waiting").now
    with pytest.raises(BadConfig, match="2026 to 2046"):
        norfolk.at("beds", 2050)


def test_canterbury_of_new_zealand_is_told_in_its_own_money():
    case = do_nothing("NZ-CANTERBURY")
    assert case.of("money").unit == "NZD a year"
    assert case.of("people-85").rise > 1
    assert "dollars" in case.notes[0]
    assert presenters.by_deprivation(case) == []
    with pytest.raises(NotFound):
        do_nothing("NZ-NOWHERE")


def test_people_of_ones_own_have_a_case():
    people = "area,age,people\n" + "".join(f"x,{age},1000\n" for age in range(0, 95, 5))
    files = {"people.csv": people, "figures.csv": "figure,value\nattendances,9000\nbeds,40\n"}
    told = own.Brought(code="own-x", name="X", country="United Kingdom", year=2024, files=files,
                       source="A count")  # fmt: skip
    case = case_of(own.read(told))
    assert case.of("ed").now == 9000
    assert case.of("beds").now == 40
    assert case.of("occupied").kind == "assumed"


@settings(max_examples=15)
@given(st.floats(-5, 5), st.floats(0, 1.2))
def test_more_growth_is_never_less_need(growth, healthy):
    """More growth, or fewer healthy years: never less of anything that depends on it."""
    area = people_of(catalogue.by_code("NZ-WAIRARAPA"))
    one = case_of(area, assumptions={"growth-emergency": growth, "healthy": healthy}, draws=2)
    other = case_of(area, assumptions={"growth-emergency": growth + 1, "healthy": healthy}, draws=2)
    assert (other.of("emergency").middle >= one.of("emergency").middle - 1e-6).all()
    well = case_of(area, assumptions={"healthy": 1.2}, draws=2)
    assert (well.of("beds").middle <= one.of("beds").middle + 1e-6).all() or healthy >= 1.2 - 1e-9


@pytest.mark.parametrize(
    ("said", "words"),
    [({"growth-edd": 1}, "Did you mean 'growth-ed'"), ({"healthy": 2}, "0 to 1.2"),
     ({"growth-ed": float("nan")}, "-10 to 10")],
)  # fmt: skip
def test_what_cannot_be_assumed_is_refused(said, words):
    with pytest.raises(BadConfig, match=words):
        case_of(catalogue.by_code("QMM"), assumptions=said)


def test_an_address_holds_what_is_assumed():
    found = asked({"growth-ed": "1.2", "healthy": "0.5", "real-cost": "many", "growth-gp": "99"})
    assert found == {"growth-ed": 1.2}
    assert query(found) == "growth-ed=1.2"
    with pytest.raises(BadConfig):
        asked({"growth-gp": "99"}, strict=True)


def test_series_are_foreseen_no_worse_than_by_the_year_before():
    """The twelve months to August 2024 (NHS England), every board and trust."""
    for measure, growth in (("attendances", 0.01), ("occupied beds", 0.01), ("waiting", 0)):
        each = skill(measure, growth)
        assert each.said < each.naive
        assert each.series >= 42


def test_a_case_is_written_and_read_back(norfolk):
    told = json.loads(json.dumps(codec.written(norfolk)))
    again = codec.read(told)
    assert codec.written(again) == told
    assert wording.sentences(again) == wording.sentences(norfolk)
    assert (again.of("money").middle == norfolk.of("money").middle).all()
    with pytest.raises(BadConfig, match="Small areas"):
        _ = again.small


def test_the_report_stands_alone(norfolk):
    text = report.html(norfolk)
    assert "The case for change: Norfolk and Waveney" in text
    assert "http" not in text.replace("http://www.w3.org", "")
    assert "<style>" in text
    for title in GROUPS.values():
        assert title in text


def test_the_workbook_has_every_figure_with_its_definition(norfolk):
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(workbook.workbook_of(norfolk)), read_only=True)
    assert book.sheetnames[0] == "Case"
    assert {"Definitions", "Assumptions", "Small areas", "Money"} <= set(book.sheetnames)
    keys = [row[0].value for row in book["Definitions"].iter_rows(min_row=2)]
    assert keys == list(norfolk.figures)


def test_words_are_rounded_to_what_can_be_known(norfolk):
    beds, money = norfolk.of("beds"), norfolk.of("money")
    assert wording.plain(beds, 2312.4) == "2,310"
    assert wording.plain(beds, 12.4) == "12"
    assert wording.plain(money, 306_512_345_678) == "£3.07 billion"
    assert wording.plain(money, 4_712_345_678) == "£47 million"
    assert "fewer" in wording.sentences(norfolk)[1]


def test_drawings_are_within_their_frames(norfolk):
    for part in presenters.parts(norfolk):
        for _, chart in part.charts:
            assert all(0 <= y <= chart.height for y, _ in chart.ticks)
    bars = drawing.pyramid(norfolk)["bars"]
    assert max(x for b in bars for x in (*b["now"], *b["then"])) <= 260.01
