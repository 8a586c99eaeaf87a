"""Charts as pictures and as words: axes, shapes, icons, and what a reader without eyes gets."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.flow.charts import drawing, scale, svg, words
from onesystem.flow.spc import Asked, Improve, Series, draw

DAYS = [date(2025, 1, 6) + timedelta(weeks=i) for i in range(40)]
SHIFTED = [10.0, 11.0] * 13 + [16.0] * 14


def chart(values=SHIFTED, **asked):
    return draw(Series.of(DAYS[: len(values)], values), Asked(**asked))


class TestScale:
    @pytest.mark.parametrize(
        ("low", "high", "expected"),
        [
            (3, 17, [0, 5, 10, 15, 20]),
            (0.12, 0.29, [0.1, 0.15, 0.2, 0.25, 0.3]),
            (0, 100, [0, 20, 40, 60, 80, 100]),
            (7, 7, [6, 8]),
        ],
    )
    def test_marks_are_round_numbers(self, low, high, expected):
        found = scale.numbers(low, high)
        assert found == pytest.approx(expected) or (found[0] <= low and found[-1] >= high)

    @given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9))
    def test_marks_hold_what_is_shown_and_are_few(self, low, span):
        found = scale.numbers(low, low + span)
        assert 2 <= len(found) <= 8
        slack = 1e-6 * (abs(low) + span)
        assert found[0] <= low + slack
        assert found[-1] >= low + span - slack

    @given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 20_000))
    def test_days_of_an_axis_are_few_in_order_and_within(self, first, span):
        last = first + timedelta(days=span)
        found = [day for day, _ in scale.times(first, last)]
        assert len(found) <= 24
        assert found == sorted(set(found))
        assert all(first <= day <= last for day in found)


class TestPictures:
    def test_a_large_chart_is_told_in_words_to_those_who_do_not_see_it(self):
        made = str(svg.large(chart(improve=Improve.DOWN, target=12), title="Beds & more"))
        tree = ET.fromstring(made)
        assert tree.get("role") == "img"
        said = {each.tag.rsplit("}")[-1]: each.text for each in tree if each.text}
        assert said["title"] == "Beds & more"
        assert "40 points from 6 Jan 2025" in said["desc"]
        assert "The target is 12" in said["desc"]

    def test_each_kind_has_a_shape_of_its_own(self):
        made = drawing.draw(
            chart([10.0, 11.0] * 15 + [16.0, 5.0], improve=Improve.DOWN), words.PLAIN
        )
        shapes = dict(made.points)
        assert set(shapes) == {"common", "improvement", "concern"}
        assert "a" in shapes["improvement"]
        assert "h" in shapes["concern"]

    def test_pages_need_no_style_of_their_own_and_files_carry_it(self):
        """The pages' policy allows no style but that of their own files."""
        on_page = str(svg.large(chart(), title="x"))
        alone = str(svg.large(chart(), title="x", alone=True))
        assert "<style" not in on_page
        assert 'style="' not in on_page
        assert "--spc-improvement: #00b0f0" in alone
        assert "http" not in alone.replace("http://www.w3.org/2000/svg", "")

    def test_a_step_breaks_the_line_and_has_its_letter(self):
        day = DAYS[26]
        made = drawing.draw(
            chart(rebase=(day,)), words.PLAIN, marks=[drawing.Mark(day=day, label="A", step=True)]
        )
        assert made.line.count("M") == 2
        assert [label for _, label, step in made.notes if step] == ["A"]

    @pytest.mark.parametrize("values", [[], [5.0], [5.0, 5.0], [None, None], [1.0, None, 3.0]])
    def test_short_and_broken_series_are_drawn(self, values):
        for made in (svg.large(chart(values), title="x"), svg.small(chart(values), title="x")):
            assert not made or ET.fromstring(str(made)) is not None
            assert "nan" not in made
            assert "None" not in made

    def test_small_is_small(self):
        assert len(svg.small(chart(), title="x")) < 4_000

    @pytest.mark.parametrize("icon", [*words.VARIATIONS.values(), *words.ASSURANCES.values()])
    def test_icons_say_what_they_mean(self, icon):
        made = str(svg.icon(icon, of_target=icon in words.ASSURANCES.values()))
        assert f"<title>{icon.title}: {icon.words}</title>" in made
        assert (f">{icon.letter}</text>" in made) or not icon.letter


class TestWords:
    def test_the_headline_answers_first(self):
        said = words.headline(chart(improve=Improve.DOWN, target=5), words.Unit(after=" d"))
        assert said.startswith("16 d on 6 Oct 2025: of concern, significantly higher")
        assert said.endswith("the target of 5 d will not be met.")

    @pytest.mark.parametrize(
        ("unit", "value", "said"),
        [
            (words.PLAIN, 1204, "1,204"),
            (words.PLAIN, 0.0456, "0.0456"),
            (words.PLAIN, -3.25, "-3.25"),
            (words.SHARE, 0.8312, "83.1%"),
            (words.Unit(before="£"), 12.5, "£12.5"),
            (words.PLAIN, None, "\N{EN DASH}"),
            (words.SHARE, -0.0001, "0.0%"),
        ],
    )
    def test_figures(self, unit, value, said):
        assert unit.said(value) == said

    def test_every_marked_point_has_its_reason(self):
        reasons = {words.cause(p) for p in chart().points() if p.cause}
        assert all(re.search(r"mean|limit|rise|fall", reason) for reason in reasons)
