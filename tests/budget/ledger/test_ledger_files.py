"""What goes in and out as a file: postings from CSV and JSON, the ledger as checked text."""

import json
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_checker import ACCOUNT, checked
from ledger_words import ANN, APRIL, JUNE, MAY, bill, funded

from onesystem.budget.ledger import actions, exporting, queries
from onesystem.budget.ledger.entry import Leg
from onesystem.budget.ledger.reading import read
from onesystem.budget.ledger.text import account
from onesystem.vocabulary import BadInput

CSV = """posting,book,month,words,account,amount,line,organisation
1,plan,2026-04,Opening,budget,"1,000.00",ed,hospital
1,plan,2026-04,Opening,contributed,-1000,,icb
2,actual,2026-05,Agency,spent,12.3,ed,hospital
2,actual,2026-05,Agency,owed,-12.30,,hospital
"""


class TestReading:
    def test_lines_with_one_number_are_one_posting(self):
        opening, agency = read(CSV, currency="GBP")
        assert (opening.book, opening.month, opening.words) == ("plan", APRIL, "Opening")
        assert [leg.amount for leg in opening.legs] == [100_000, -100_000]
        assert [leg.amount for leg in agency.legs] == [1_230, -1_230]
        assert agency.legs[0].line == "ed"

    def test_json_says_minor_units(self):
        legs = [{"account": "spent", "minor": 5}, {"account": "owed", "minor": -5}]
        said = [{"book": "actual", "month": "2026-04", "words": "Agency", "key": "k", "legs": legs}]
        [made] = read(json.dumps(said), currency="GBP", json_=True)
        assert (made.key, made.legs) == ("k", (Leg("spent", 5), Leg("owed", -5)))

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("12.3,", "12.345,", "line 4: '12.345' is no amount. Write 12.34"),
            ("-12.30", "-12.31", "line 4: the legs of 'Agency' sum to -1"),
            ("2026-05", "May", "line 4: 'May' is no month. Write it as 2026-04"),
            ("spent", "spend", "line 4: the book actual has no account 'spend'. Did you mean"),
            ("words,", "wrods,", "line 1: there is no column 'wrods'. Did you mean 'words'?"),
            ("organisation\n", "currency\n", "the posting is in hospital, and the ledger is in"),
        ],
    )  # fmt: skip
    def test_a_fault_names_its_line_and_the_cure(self, old, new, told):
        with pytest.raises(BadInput) as error:
            read(CSV.replace(old, new), currency="GBP")
        assert told in str(error.value)

    @pytest.mark.parametrize("text", ["{", "{}", "[5]", '[{"legs": 5}]'])
    def test_what_is_no_list_of_postings(self, text):
        with pytest.raises(BadInput):
            read(text, currency="GBP", json_=True)


class TestText:
    @pytest.fixture(autouse=True)
    def _posted(self, db, district):
        funded(1_000_00)
        funded(50, line="mental health/cmht", month=MAY)
        actions.post_many([bill(1_01), bill(99, month=JUNE, cause='decision:"7"')], by=ANN)
        order = actions.reserve(line="ed", amount=600, month=APRIL, words="Order", by=ANN,
                                person_key="p-1")  # fmt: skip
        actions.draw(reservation=order, amount=200, month=MAY, words="Part", by=ANN)
        actions.correct(posting=3, by=ANN, why="Twice")

    def test_a_program_that_knows_nothing_of_ours_agrees(self):
        text = exporting.as_text()
        wrong, sums = checked(text)
        assert wrong == []
        ours = {}
        for row in queries.balances(by=("book", "account", "line")):
            if row["amount"]:
                name = account(row["book"], Leg(row["account"], 1, line=row["line"]))
                ours[name] = row["amount"]
        assert {name: int(total * 100) for name, total in sums.items()} == ours

    def test_it_tells_when_a_penny_was_changed(self):
        wrong, _ = checked(exporting.as_text().replace("  1000.00 GBP", "  1000.01 GBP", 1))
        assert [each.split(": ")[1] for each in wrong] == [
            "sums to 0.01",
            "Equity:Plan:Budget:Ed is 1000.01, not 1000.00",
        ]

    def test_nobody_is_named_in_it(self):
        text = exporting.as_text()
        assert "p-1" not in text
        assert 'person: "one person"' in text

    def test_the_workbook_says_what_its_columns_mean(self):
        from io import BytesIO

        from openpyxl import load_workbook

        made = load_workbook(BytesIO(exporting.as_workbook({"line": "ed"})))
        assert made.sheetnames == ["Entries", "Balances", "Definitions", "About"]
        entries = list(made["Entries"].values)
        assert entries[0][:5] == ("posting", "month", "book", "account", "amount")
        assert sum(1 for row in entries[1:] if row[3] == "budget") == 1
        said = {row[0] for row in made["Definitions"].values}
        assert set(entries[0]) <= said
        assert "p-1" not in str([list(sheet.values) for sheet in made])


@given(st.text(max_size=30))
def test_every_line_has_an_account_that_beancount_takes(line):
    assert re.fullmatch(ACCOUNT, account("actual", Leg("spent", 1, line=line)))


def test_a_month_is_its_first_day():
    assert read(CSV.replace("2026-04", "2026-04-01"), currency="GBP")[0].month == date(2026, 4, 1)
