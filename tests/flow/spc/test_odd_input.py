"""Odd files through every chart: a drawing, a stated result, or the line with its cure."""

import pytest
from click.testing import CliRunner

from onesystem.cli.spc import spc
from onesystem.vocabulary import UserError

COUNTS = "date,numerator,denominator\n"
VALUES = "date,value\n"
ODD = {
    "nothing": "",
    "a head alone": VALUES,
    "one point": VALUES + "2024-01-01,5\n",
    "all the same": VALUES + "2024-01-01,5\n2024-02-01,5\n2024-03-01,5\n",
    "gaps": VALUES + "2024-01-01,5\n2024-04-01,6\n2024-05-01,\n2024-06-01,7\n",
    "no date": VALUES + "2024-01-01,5\n2024-02-30,6\n",
    "no number": VALUES + "2024-01-01,5\n2024-02-01,x\n",
    "without end": VALUES + "2024-01-01,inf\n2024-02-01,5\n",
    "nan": VALUES + "2024-01-01,nan\n2024-02-01,5\n",
    "a date twice": VALUES + "2024-01-01,5\n2024-01-01,6\n",
    "another column": "month,amount,more\n2024-01-01,5,6\n",
    "no dates": "when,value\n2024-01-01,5\n",
    "a column twice": "date,date,value\n2024-01-01,5,3\n",
    "a cell too many": VALUES + "2024-01-01,5,9\n",
    "nothing to count from": COUNTS + "2024-01-01,0,0\n2024-02-01,1,0\n2024-03-01,2,5\n",
    "never anything": COUNTS + "2024-01-01,0,0\n2024-02-01,0,0\n",
    "more than there were": COUNTS + "2024-01-01,7,5\n2024-02-01,1,5\n",
    "below nought": COUNTS + "2024-01-01,-7,5\n2024-02-01,1,5\n",
    "events": "date\n2024-01-01\n2024-02-01\n2024-04-01\n",
    "one event": "date\n2024-01-01\n",
    "two events of a day": "date\n2024-01-01\n2024-01-01\n",
}
CHARTS = ("", "xmr", "p", "pp", "u", "up", "c", "t", "g")


def asked(text, tmp_path, *words):
    file = tmp_path / "odd.csv"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(spc, [str(file), *words])


@pytest.mark.parametrize("odd", ODD)
def test_every_chart_has_a_result_or_a_cure(odd, tmp_path):
    for chart in CHARTS:
        words = ("--chart", chart) if chart else ()
        for more in ((), ("--json",), ("--baseline", "12"), ("--rebase", "2024-02-01")):
            done = asked(ODD[odd], tmp_path, *words, *more)
            if done.exception is not None:
                assert isinstance(done.exception, UserError), repr(done.exception)
                assert done.exception.cure, str(done.exception)


@pytest.mark.parametrize(
    ("odd", "words", "said"),
    [
        ("a head alone", (), "no rows stand under the head. Give a line of column names"),
        ("no date", (), "row 3, column date: '2024-02-30' is not a date"),
        ("no number", (), "row 3, column value: 'x' is not a number"),
        ("a date twice", (), "row 3, column date: 2024-01-01 stands in row 2 already"),
        ("events", (), "of events by their dates alone, ask for --chart t"),
        ("two events of a day", ("--chart", "t"), "Give events of one day as one"),
        ("one point", ("--chart", "up"), "an up chart wants counts"),
        ("more than there were", ("--chart", "p"), "Ask for a u or up chart"),
    ],
)
def test_the_line_and_the_cure_are_named(odd, words, said, tmp_path):
    with pytest.raises(UserError) as raised:
        raise asked(ODD[odd], tmp_path, *words).exception
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ("one point", "There are no limits from 2024-01-01"),
        ("nothing to count from", "2 of 3 points not known: left out."),
        ("gaps", "they stand on 3 points"),
    ],
)
def test_a_poor_series_has_a_stated_result(odd, said, tmp_path):
    assert said in asked(ODD[odd], tmp_path).output
