"""Cells, dates and files as strangers write them."""

import io
from datetime import date, datetime, timedelta

import pytest
from openpyxl import Workbook

from onesystem.flow.sheets import Turn, at, column_of, day, days_of, figure, is_figure, rows_of
from onesystem.vocabulary import BadConfig, BadInput

DAYS = {
    "2024-01-31": (2024, 1, 31), "31/01/2024": (2024, 1, 31), "31.01.2024": (2024, 1, 31),
    "31-01-2024": (2024, 1, 31), "1/2/24": (2024, 2, 1), "2024/1/5": (2024, 1, 5),
    "20240131": (2024, 1, 31), "2024-01-31T10:00:00Z": (2024, 1, 31),
    "31/01/2024 00:00": (2024, 1, 31), "1st Jan 2024": (2024, 1, 1),
    "31-Jan-2024": (2024, 1, 31), "Jan 31, 2024": (2024, 1, 31), "Jan-24": (2024, 1, 1),
    "January 2024": (2024, 1, 1), "Apr2024": (2024, 4, 1), "2024 Jan": (2024, 1, 1),
    "2024-01": (2024, 1, 1), "202401": (2024, 1, 1), "2024M03": (2024, 3, 1),
    "01/2024": (2024, 1, 1), "2024": (2024, 1, 1), "2024-Q2": (2024, 4, 1), "Q42010": (2010, 10, 1),
    "2010:Q4": (2010, 10, 1), "Q1 2023/24": (2023, 4, 1), "2023-24 Q4": (2024, 1, 1),
    "2023/24": (2023, 4, 1), "2024-W05": (2024, 1, 29), "w/e 07/01/2024": (2024, 1, 7),
    "week ending 7 January 2024": (2024, 1, 7), "Jan-98": (1998, 1, 1),
}  # fmt: skip
FIGURES = {
    "12": 12, "12.5": 12.5, "1,234": 1234, "1 234": 1234, "\N{POUND SIGN}1,234.50": 1234.5,
    "85.3%": 85.3, "-3": -3, "\N{MINUS SIGN}3": -3, "1e3": 1000, ".5": 0.5, "5.": 5,
    "00:23:30": 23.5, "": None, "*": None, "<5": None, "#N/A": None, ".": None, "[low]": None,
}  # fmt: skip


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_read_however_it_is_written(text):
    assert day(text, 2, "date") == date(*DAYS[text])


@pytest.mark.parametrize("text", ["", "5", "x", "2024-13", "2024-02-30", "13/13/2024", "1e15"])
def test_what_is_no_day_names_its_row(text):
    with pytest.raises(BadInput, match="row 7, column when"):
        day(text, 7, "when")


@pytest.mark.parametrize("text", FIGURES)
def test_a_figure_is_read_however_it_is_written(text):
    assert figure(text, 2, "value") == FIGURES[text]


@pytest.mark.parametrize("text", ["12,5", "1,23", "3 4", "1.2.3", "inf", "--5", "many", "1:75:00"])
def test_what_may_be_two_numbers_is_none(text):
    """12,5 with a comma as thousands would be 125; nobody guesses."""
    assert not is_figure(text)


class TestColumnsOfDates:
    def test_a_day_over_twelve_tells_the_order_of_all(self):
        found = days_of(["1/31/2024", "2/29/2024", "3/1/2024"], "d")
        assert found.days[2] == date(2024, 3, 1)
        assert "month first" in found.notes[0]

    def test_months_of_several_years_that_would_all_be_januaries(self):
        found = days_of(["1/1/2023", "2/1/2023", "3/1/2023", "1/1/2024"], "d")
        assert found.days[1] == date(2023, 2, 1)
        assert found.notes

    def test_otherwise_the_day_stands_first(self):
        assert days_of(["1/1/2023", "1/2/2023", "1/3/2023"], "d").days[2] == date(2023, 3, 1)

    def test_financial_years_and_months_look_alike(self):
        assert days_of(["2010-11", "2011-12"], "year").days == (date(2010, 4, 1), date(2011, 4, 1))
        assert days_of(["2010-11", "2010-12"], "month").days[1] == date(2010, 12, 1)

    def test_years_beside_months(self):
        found = days_of(["12", "1"], "month", ["2002", "2003"])
        assert found.days == (date(2002, 12, 1), date(2003, 1, 1))

    def test_days_of_spreadsheets(self):
        found = days_of(["45292", "45323"], "date")
        assert found.days == (date(2024, 1, 1), date(2024, 2, 1))
        assert "spreadsheet" in found.notes[0]

    def test_numbers_stand_for_themselves(self):
        found = days_of(["1", "2", "10"], "sample").days
        assert [str(d) for d in found] == ["1", "2", "10"]
        assert at("2", found) == Turn.of(2)
        with pytest.raises(BadInput, match="numbers its periods"):
            at("2024-01", found)

    def test_what_is_given_beside_the_file_stands_in_no_row(self):
        with pytest.raises(BadInput, match=r"^--rebase: 'soon' is not a date"):
            at("soon", [date(2024, 1, 31)], "--rebase")

    def test_a_month_is_its_first_day_there(self):
        days = (date(2024, 1, 31), date(2024, 2, 29))
        assert at("2024-02", days) == date(2024, 2, 29)
        assert at("2024-02-01", days) == date(2024, 2, 1)


class TestFiles:
    def test_semicolons_and_decimal_commas(self):
        assert rows_of(b"when;value\n01.2024;1,5\n") == (["when", "value"], [["01.2024", "1.5"]])

    def test_points_for_thousands_beside_decimal_commas(self):
        assert rows_of(b"a;b\n1.234,5;2.000\n")[1] == [["1234.5", "2000"]]
        assert rows_of(b"a;b\n1.234;2.5\n")[1] == [["1.234", "2.5"]]

    def test_titles_above_the_head(self):
        text = b"Performance of our ED\nas published\n\nMonth,Value\n2024-01,5\n"
        assert rows_of(text) == (["Month", "Value"], [["2024-01", "5"]])

    def test_a_workbook_of_excel(self):
        book = Workbook()
        for row in (["ED"], [], ["Month", "Share", "Took"],
                    [datetime(2024, 1, 1), 0.5, timedelta(minutes=90)]):  # noqa: DTZ001 # fmt: skip
            book.active.append(row)
        data = io.BytesIO()
        book.save(data)
        assert rows_of(data.getvalue()) == (
            ["Month", "Share", "Took"], [["2024-01-01", "0.5", "1:30:00"]],
        )  # fmt: skip
        with pytest.raises(BadInput, match="no workbook"):
            rows_of(data.getvalue()[:200])

    def test_tabs_in_utf_16(self):
        assert rows_of("a\tb\n1\t2\n".encode("utf-16")) == (["a", "b"], [["1", "2"]])

    def test_half_a_letter_at_the_end_of_utf_16_shows(self):
        assert rows_of("a,b\n1,2".encode("utf-16") + b"3")[1] == [["1", "2\ufffd"]]

    def test_the_code_page_of_windows(self):
        assert rows_of("Gr\xf6\xdfe,b\n1,2\n".encode("cp1252"))[0] == ["Gr\xf6\xdfe", "b"]

    def test_a_column_of_row_numbers_has_no_name(self):
        assert rows_of(b",a\n0,5\n")[0] == ["column 1", "a"]

    def test_empty_columns_and_lines_are_left_out(self):
        assert rows_of(b"\n\na,b,\n1,2,\n,,\n3,4,\n,\n") == (
            ["a", "b"], [["1", "2"], ["3", "4"]],
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("text", "rule"),
        [(b"", "sheet.empty"), (b"a,b\n", "sheet.empty"), (b"a,a\n1,2\n", "sheet.column-twice"),
         (b"a,b\n1,2,3\n", "sheet.ragged"), (b'a,b\n1,"' + 200_000 * b"x", "sheet.no-lines")],
    )  # fmt: skip
    def test_what_is_no_table(self, text, rule):
        with pytest.raises(BadInput) as caught:
            rows_of(text)
        assert caught.value.rule == rule


def test_names_of_columns_are_read_without_their_punctuation():
    known = ["First_Treat", "value"]
    assert column_of(known, "", ("first treat",)) == "First_Treat"
    assert column_of(known, "first.treat", ()) == "First_Treat"
    with pytest.raises(BadConfig, match="Did you mean 'value'"):
        column_of(known, "valu", ())
