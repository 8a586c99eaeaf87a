from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.vocabulary import wording


@pytest.mark.parametrize(
    ("stretch", "words"),
    [
        (timedelta(seconds=20), "under 1 min"),
        (timedelta(minutes=25), "25 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=47, minutes=59), "47 h 59 min"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=13, hours=5), "13 days 5 h"),
        (timedelta(days=40), "40 days"),
        (timedelta(days=365), "12 months"),
        (timedelta(days=900), "2 years"),
    ],
)
def test_a_length_names_its_units(stretch, words):
    assert wording.length(stretch) == words


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=40_000)))
def test_no_length_is_a_bare_number(stretch):
    assert any(unit in wording.length(stretch) for unit in ("min", " h", "day", "month", "year"))


def test_the_hour_that_happens_twice_says_which_it_was():
    """Clocks in London went back at 02:00 BST on 25 October 2026."""
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert wording.local(first, "Europe/London") == "25 Oct 2026, 01:30 BST"
    assert wording.local(first + timedelta(hours=1), "Europe/London") == "25 Oct 2026, 01:30 GMT"
    assert wording.local(first + timedelta(hours=2), "Europe/London") == "25 Oct 2026, 02:30"


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (date(2026, 11, 20), "2 days"),
        (date(2026, 10, 1), "7 weeks"),
        (date(2025, 1, 22), "22 months"),
        (date(1946, 11, 23), "79 years"),
        (date(2027, 1, 1), "not yet born"),
    ],
)
def test_an_age_is_said_as_clinicians_say_it(born, words):
    assert wording.age(born, on=date(2026, 11, 22)) == words


@pytest.mark.parametrize("text", ["=1+1", "+44", "-1+1", "@SUM(A1)", "\t=1", " =1"])
def test_text_that_a_spreadsheet_would_run_is_kept_as_text(text):
    assert wording.safe_cell(text).startswith("'")


def test_a_csv_file_quotes_what_needs_it_and_begins_with_the_mark_that_excel_needs():
    lines = list(
        wording.safe_csv(["name", "note"], [["Māia", 'said "no", then\nleft'], ["x", None]])
    )
    assert lines == ["\ufeffname,note\r\n", 'Māia,"said ""no"", then\nleft"\r\n', "x,\r\n"]


@given(
    away=st.integers(-40 * 86_400 * 10, 800 * 86_400 * 10),
    share=st.floats(0, 1, exclude_max=True),
)
def test_an_age_is_said_alike_until_it_is_not_steady(away, share):
    """At any moment before the end that was told: tenths of a second, past and to come."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    now = moment + timedelta(seconds=away / 10)
    until = wording.steady_until(moment, now=now)
    assert until >= now
    later = now + (until - now) * share
    if later < until:
        assert wording.ago(moment, now=later) == wording.ago(moment, now=now)
