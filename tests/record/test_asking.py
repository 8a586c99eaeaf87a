from datetime import UTC, datetime

from onesystem.record.asking import asking_from, choice_of
from onesystem.vocabulary import Setting


def test_a_filter_survives_the_way_through_the_address():
    params = {
        "setting": ["ward", "nonsense"],
        "open": ["1"],
        "since": ["2026-07-01"],
        "text": ["Ā &"],
    }
    asking = asking_from(params)
    assert asking.settings == ("ward",)
    assert asking.query(start=100) == (
        "setting=ward&open=1&since=2026-07-01&text=%C4%80+%26&start=100"
    )


def test_days_are_the_districts_own_and_the_last_one_is_included():
    asking = asking_from({"since": ["2026-07-01"], "until": ["2026-07-01"], "setting": ["ED"]})
    choice = choice_of(asking, "Europe/London")
    assert choice.settings == {Setting.ED}
    assert choice.since == datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert choice.until == datetime(2026, 7, 1, 23, tzinfo=UTC)


def test_a_date_that_cannot_be_read_is_named_and_left_out():
    asking = asking_from({"since": ["yesterday"], "until": ["9999-12-31"]})
    assert set(asking.problems) == {"since", "until"}
    choice = choice_of(asking, "Europe/London")
    assert (choice.since, choice.until) == (None, None)


def test_numbers_that_are_no_numbers_fall_back():
    asking = asking_from({"start": ["-1"], "show": ["1e9"]})
    assert (asking.start, asking.show) == (0, 100)
