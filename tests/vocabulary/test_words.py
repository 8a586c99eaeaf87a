"""Money, time, the contact and the errors."""

import doctest
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.vocabulary import (
    BadConfig,
    BadInput,
    Contact,
    Interval,
    Money,
    NotFound,
    Setting,
    Standing,
    contact_id,
    nearest,
    to_local,
    to_utc,
)

LONDON = "Europe/London"


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("name", ["money", "identifiers"])
def test_examples_in_the_docstrings_run(name):
    assert doctest.testmod(import_module(f"onesystem.vocabulary.{name}")).failed == 0


class TestMoney:
    @given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 1000), min_size=1, max_size=20))
    def test_a_split_sums_exactly_to_the_whole(self, minor, weights):
        if sum(weights) == 0:
            with pytest.raises(ValueError, match="weights"):
                Money(minor, "GBP").split(weights)
        else:
            parts = Money(minor, "GBP").split(weights)
            assert sum(part.minor for part in parts) == minor

    def test_two_currencies_do_not_add(self):
        with pytest.raises(ValueError, match="NZD and GBP"):
            Money(1, "NZD") + Money(1, "GBP")

    @pytest.mark.parametrize("wrong", [1.5, "1", True, None])
    def test_only_whole_minor_units(self, wrong):
        with pytest.raises(TypeError, match="whole minor units"):
            Money(wrong, "GBP")

    def test_shown_with_its_symbol(self):
        assert str(Money(-123456, "GBP")) == "-£1,234.56"
        assert str(Money(5, "NZD")) == "$0.05"


class TestTime:
    def test_an_hour_that_happens_twice_happens_twice(self):
        first, second = at("2025-10-26T01:30+01:00"), at("2025-10-26T01:30+00:00")
        assert to_utc(second, LONDON) - to_utc(first, LONDON) == timedelta(hours=1)

    def test_without_an_offset_it_is_the_first_of_the_two(self):
        assert to_utc(at("2025-10-26T01:30"), LONDON) == at("2025-10-26T00:30+00:00")

    def test_a_local_time_that_never_was_is_read_as_after_the_gap(self):
        """On 30 March 2025 London went from 01:00 to 02:00."""
        moment = to_utc(at("2025-03-30T01:30"), LONDON)
        assert to_local(moment, LONDON).replace(tzinfo=None) == at("2025-03-30T02:30")

    @given(st.datetimes(at("2000-01-01"), at("2040-01-01"), timezones=st.just(UTC)))
    def test_there_and_back(self, moment):
        assert to_utc(to_local(moment, "Pacific/Auckland"), LONDON) == moment

    def test_an_interval_holds_its_start_and_not_its_end(self):
        stay = Interval(at("2025-01-01T00:00+00:00"), at("2025-01-02T00:00+00:00"))
        assert stay.start in stay
        assert stay.end not in stay

    def test_an_open_interval_lasts_until_now(self):
        start = at("2025-01-01T00:00+00:00")
        assert Interval(start).length(now=start + timedelta(hours=3)) == timedelta(hours=3)
        assert Interval(start).length(now=start - timedelta(hours=3)) == timedelta(0)

    def test_an_interval_does_not_end_before_it_starts(self):
        with pytest.raises(ValueError, match="cannot end"):
            Interval(at("2025-01-02T00:00+00:00"), at("2025-01-01T00:00+00:00"))

    @given(*[st.integers(0, 20)] * 4)
    def test_meeting_is_mutual_and_means_a_shared_moment(self, a, b, c, d):
        hour = lambda n: at("2025-01-01T00:00+00:00") + timedelta(hours=n)  # noqa: E731
        one = Interval(hour(min(a, b)), hour(max(a, b)))
        two = Interval(hour(min(c, d)), hour(max(c, d)))
        shared = any(hour(n) in one and hour(n) in two for n in range(21))
        assert one.meets(two) == two.meets(one)
        assert not shared or one.meets(two)


class TestContact:
    def contact(self, **times):
        moments = {name: at(f"2025-01-01T{hour}+00:00") for name, hour in times.items()}
        return Contact(
            contact=1,
            source="pas",
            key="1",
            identity=1,
            service="ed",
            setting=Setting.ED,
            **moments,
        )

    def test_it_stands_where_its_times_say(self):
        assert self.contact(requested="08:00").standing is Standing.WAITING
        assert self.contact(started="08:00").standing is Standing.HERE
        assert self.contact(started="08:00", ready="09:00").standing is Standing.READY
        assert self.contact(started="08:00", ended="09:00").standing is Standing.ENDED

    def test_its_id_is_the_same_in_sql(self):
        duckdb = pytest.importorskip("duckdb")
        sql = "SELECT CAST(md5_number_lower('pas' || chr(31) || 'Visit ū1') >> 1 AS BIGINT)"
        assert duckdb.sql(sql).fetchone() == (contact_id("pas", "Visit ū1"),)

    @given(st.text(), st.text())
    def test_its_id_fits_a_signed_column(self, source, key):
        assert 0 <= contact_id(source, key) < 2**63


class TestErrors:
    def test_an_error_offers_the_cure(self):
        assert (
            str(BadConfig("zone is 'X'", "Use an IANA name.")) == "zone is 'X'. Use an IANA name."
        )

    def test_input_that_cannot_be_used_says_where_why_and_what_to_do(self):
        error = BadInput("the time is 'x'", rule="csv.bad-time", cure="Mend it.", where="row 3")
        assert str(error) == "row 3: the time is 'x'. Mend it."

    def test_the_nearest_known_name_is_offered(self):
        assert nearest("curency", ["currency", "zone"]) == "Did you mean 'currency'?"
        assert nearest("xyz", ["currency", "zone"]) == "Known: currency, zone"
        assert nearest("xyz", []) == "None is known yet"

    def test_an_error_is_also_the_built_in_it_resembles(self):
        assert issubclass(NotFound, LookupError)
        assert issubclass(BadInput, ValueError)
