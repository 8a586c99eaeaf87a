"""`district.toml`: what it may say, how it is refused, and what changes over time."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from onesystem.district import load, parse
from onesystem.vocabulary import BadConfig, NotFound, Setting

HEAD = {"code": "t", "name": "Testshire", "zone": "Europe/London", "currency": "GBP"}
ORGANISATION = {"hospital": {"name": "Hospital"}}


def district(**tables):
    return parse({"district": HEAD, "organisations": ORGANISATION, **tables}, path=Path())


def with_capacity(*lines):
    ward = {"name": "W", "setting": "ward", "organisation": "hospital", "capacity": list(lines)}
    return district(services={"ward": ward}).services["ward"]


def refusal(**tables):
    with pytest.raises(BadConfig) as error:
        district(**tables)
    return str(error.value)


class TestChecks:
    def test_an_unknown_key_is_answered_with_the_nearest_known_one(self):
        with pytest.raises(BadConfig, match=r"district\.curency is not a setting.*'currency'"):
            parse({"district": {**HEAD, "curency": "GBP"}}, path=Path())

    def test_an_unknown_key_deep_down_names_its_full_path(self):
        message = refusal(organisations={"h": {"name": "H", "kin": "trust"}})
        assert "organisations.h.kin" in message
        assert "'kind'" in message

    def test_a_service_needs_a_known_organisation(self):
        service = {"name": "ED", "setting": "ED", "organisation": "hopsital"}
        assert "Did you mean 'hospital'?" in refusal(services={"ed": service})

    def test_a_setting_is_one_of_the_settings(self):
        service = {"name": "ED", "setting": "A&E", "organisation": "hospital"}
        assert "services.ed.setting is 'A&E'" in refusal(services={"ed": service})

    def test_a_source_maps_only_to_known_services(self):
        assert "names no service: 'ed'" in refusal(sources={"pas": {"services": {"ED": "ed"}}})

    def test_each_source_has_a_port_of_its_own(self):
        message = refusal(sources={"one": {"listen": 2575}, "two": {"listen": 2575}})
        assert "sources.two.listen is the port of one too" in message
        assert "from 1 to 65535" in refusal(sources={"one": {"listen": 70000}})

    @pytest.mark.parametrize(
        ("key", "value", "cure"),
        [
            ("zone", "Norwich", "IANA"),
            ("number", "ssn", "nhs"),
            ("suppress_below", "five", "int"),
        ],
    )
    def test_each_bad_value_is_named_with_its_cure(self, key, value, cure):
        with pytest.raises(BadConfig, match=f"district.{key}.*{cure}"):
            parse({"district": {**HEAD, key: value}}, path=Path())

    def test_a_missing_key_is_named(self):
        with pytest.raises(BadConfig, match=r"district\.zone is missing"):
            parse({"district": {k: v for k, v in HEAD.items() if k != "zone"}}, path=Path())

    def test_an_unknown_encoding_is_named(self):
        assert "latin-1" in refusal(sources={"pas": {"encoding": "latin-99"}})

    def test_a_folder_without_a_district_says_how_to_make_one(self, tmp_path):
        with pytest.raises(BadConfig, match="onesystem new DIR"):
            load(tmp_path)

    def test_broken_toml_names_the_file_and_the_line(self, tmp_path):
        (tmp_path / "district.toml").write_text("[district\n")
        with pytest.raises(BadConfig, match=r"is not TOML.*line 1"):
            load(tmp_path)


class TestCapacity:
    def at(self, service, text):
        return service.capacity_at(datetime.fromisoformat(text).astimezone(UTC), "Europe/London")

    def test_the_last_line_in_force_counts(self):
        ward = with_capacity(
            {"amount": 20}, {"amount": 26, "from": date(2025, 11, 1), "to": date(2026, 4, 1)}
        )
        assert self.at(ward, "2025-10-31T12:00+00:00") == 20
        assert self.at(ward, "2025-11-01T00:00+00:00") == 26
        assert self.at(ward, "2026-04-01T00:30+01:00") == 20

    def test_hours_of_the_week_are_local(self):
        clinic = with_capacity({"amount": 5, "days": "mon-fri", "hours": "08:00-18:30"})
        assert self.at(clinic, "2025-07-01T08:00+01:00") == 5
        assert self.at(clinic, "2025-07-01T18:30+01:00") == 0
        assert self.at(clinic, "2025-07-05T12:00+01:00") == 0

    def test_hours_that_close_the_next_morning_belong_to_the_evening_they_opened(self):
        night = with_capacity({"amount": 2, "days": "fri", "hours": "22:00-06:00"})
        assert self.at(night, "2025-07-04T23:00+01:00") == 2
        assert self.at(night, "2025-07-05T05:59+01:00") == 2
        assert self.at(night, "2025-07-04T05:59+01:00") == 0

    def test_nobody_has_said(self):
        assert self.at(with_capacity(), "2025-07-04T23:00+01:00") is None

    @pytest.mark.parametrize("days", ["sat-mon", "sat, sun, mon"])
    def test_days_may_run_over_the_weekend(self, days):
        (line,) = with_capacity({"amount": 1, "days": days}).capacity
        assert line.days == {5, 6, 0}

    def test_bad_hours_and_days_are_named(self):
        service = {"name": "W", "setting": "ward", "organisation": "hospital"}
        line = {"amount": 1, "hours": "8-25"}
        assert "capacity[0].hours" in refusal(services={"w": {**service, "capacity": [line]}})
        line = {"amount": 1, "days": "mo"}
        assert "capacity[0].days" in refusal(services={"w": {**service, "capacity": [line]}})
        line = {"amount": -1}
        assert "0 or more" in refusal(services={"w": {**service, "capacity": [line]}})


class TestHistory:
    MERGED = {
        "old": {"name": "Old trust", "to": date(2020, 4, 1)},
        "new": {"name": "New trust", "from": date(2020, 4, 1), "succeeds": ["old"]},
    }

    def test_an_organisation_that_merged_keeps_its_name_in_its_own_time(self):
        both = parse({"district": HEAD, "organisations": self.MERGED}, path=Path())
        assert both.organisation_on("old", date(2019, 1, 1)).name == "Old trust"
        assert both.organisation_on("old", date(2021, 1, 1)).name == "New trust"

    def test_an_unknown_organisation_is_not_found(self):
        with pytest.raises(NotFound, match="no organisation"):
            district().organisation_on("x", date(2021, 1, 1))

    def test_dates_the_wrong_way_round_are_refused(self):
        message = refusal(
            organisations={"h": {"name": "H", "from": date(2021, 1, 1), "to": date(2020, 1, 1)}}
        )
        assert "before it begins" in message


def test_a_place_that_is_not_mapped_shows_as_it_came(district):
    assert district.service_name("ed") == "Emergency department"
    assert district.service_name("pas/XRAY") == "pas/XRAY"
    assert district.setting_of("pas/XRAY") is None
    assert district.setting_of("ed") is Setting.ED


def test_a_source_that_nobody_declared_still_works(district):
    assert district.source("new-one").declared is False
    assert district.source("pas").declared is True


def test_an_unknown_service_is_answered_with_the_nearest(district):
    with pytest.raises(NotFound, match="Did you mean 'ward-a'"):
        district.service("ward-aa")


def test_the_district_is_read_again_when_its_file_changes(district):
    from onesystem.district import current

    file = district.path / "district.toml"
    file.write_text(file.read_text().replace("Testshire Hospital", "Renamed"), encoding="utf-8")
    import os

    os.utime(file, ns=(1, 1))
    assert current().organisations["hospital"].name == "Renamed"
