"""Real and foreign logs: which kind each is, and errors beside seasonal-naive on what is held back.

Over the whole of the shared data where it is there; what each kind of file is taken for, on small
made ones.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from onesystem.district.shape import Capacity, District, Service
from onesystem.twin.calibration import district, telling
from onesystem.twin.calibration.tables import Backtest, backtests
from onesystem.vocabulary import BadConfig, Setting


def of_file(folder: Path, *parts: str) -> Backtest:
    """The backtest of one shared file."""
    return next(iter(backtests(folder.joinpath(*parts))))


class TestReal:
    def test_arrivals_of_a_department_are_nearer_than_seasonal_naive(
        self, shared_data: Path
    ) -> None:
        """patientflow's 12,636 arrivals (MIT): a third less error, intervals about as stated."""
        found = of_file(
            shared_data, "event_logs", "ed_visits_patientflow", "inpatient_arrivals.parquet"
        )
        whole = telling.summed(found.series["arrivals a day"])
        assert whole["error"] < 0.75 * whole["naive"]
        assert 0.7 < whole["covered80"] < 0.9

    def test_daily_discharges_by_board(self, shared_data: Path) -> None:
        """NHS England (OGL v3.0), 40 boards: nearer in most, intervals as stated."""
        found = of_file(
            shared_data, "capacity", "uk_hospital_flow", "england_icb_discharged_patients.parquet"
        )
        whole = telling.summed(found.series["discharged_total"])
        assert whole["series"] >= 40
        assert whole["better"] > 0.6
        assert whole["covered80"] == pytest.approx(0.8, abs=0.05)
        assert whole["covered95"] == pytest.approx(0.95, abs=0.03)

    def test_beds_by_trust_month_by_month(self, shared_data: Path) -> None:
        """NHS England (OGL v3.0), beds of 135 trusts: half the error of a year ago."""
        found = of_file(
            shared_data, "capacity", "uk_hospital_flow",
            "england_critical_general_acute_beds.parquet",
        )  # fmt: skip
        whole = telling.summed(found.series["general_acute_beds_occupied"])
        assert whole["series"] == 135
        assert whole["error"] < 0.6 * whole["naive"]
        assert 0.75 < whole["covered80"] < 0.87
        assert 0.92 < whole["covered95"] < 0.99

    def test_ward_moves_whose_dates_were_moved(self, shared_data: Path) -> None:
        """MIMIC-III demo (ODbL 1.0): people are held back, since there is no calendar."""
        found = of_file(shared_data, "event_logs", "mimic_iii_demo", "transfers.parquet")
        assert found.moved is not None
        assert found.moved.people == 100
        assert found.moved.covered80 > 0.6
        assert found.moved.ways > found.moved.ways_naive


class TestKinds:
    def test_dates_and_numbers_are_daily_figures(self, tmp_path: Path) -> None:
        """Each number column for each word, forecast by itself."""
        day = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(200)]
        beds = np.random.default_rng(1).poisson(50, 400).astype(float)
        table = pa.table({"date": day * 2, "trust": ["A"] * 200 + ["B"] * 200, "beds": beds})
        pq.write_table(table, tmp_path / "beds.parquet")
        found = next(iter(backtests(tmp_path)))
        assert [each.name for each in found.series["beds"]] == ["A", "B"]

    def test_what_is_none_of_them_says_what_is_needed(self, tmp_path: Path) -> None:
        """A folder without a log names the columns."""
        pq.write_table(pa.table({"x": [1, 2]}), tmp_path / "x.parquet")
        with pytest.raises(BadConfig, match="Give columns person, service"):
            list(backtests(tmp_path))


class TestDistrict:
    def test_wards_and_practices_are_told_at_the_grain_of_a_model(self) -> None:
        """Two wards of a specialty are one with their places; practices are one."""
        found = described()
        assert district.nodes_of(found) == {
            "older-1": "older", "older-2": "older", "gp-a1": "general practice",
            "gp-b2": "general practice",
        }  # fmt: skip
        known = district.known_of(found, datetime(2026, 1, 5))  # noqa: DTZ001
        places = known["older"].places
        assert places is not None
        assert places(np.array([12.0, 24 * 10 + 12])).tolist() == [30, 26]
        assert known["general practice"].places is None

    def test_services_that_are_one_have_the_words_that_they_share(self) -> None:
        """By their code where they share none, or where something else is called so."""

        def clinic(code: str, name: str) -> Service:
            return Service(code=code, name=name, setting=Setting.OUTPATIENT, organisation="trust")

        found = district.nodes_of(described(
            **{"op-1": clinic("op-1", "City Eye clinic"), "op-2": clinic("op-2", "City clinic")},
            **{"a-1": clinic("a-1", "Feet"), "a-2": clinic("a-2", "Hands")},
            **{"b-1": clinic("b-1", "Twin 1"), "b-2": clinic("b-2", "Twin 2")},
            odd=clinic("odd", "Twin (all 2)"),
        ))  # fmt: skip
        assert found["op-1"] == found["op-2"] == "City clinic (all 2)"
        assert (found["a-1"], found["b-1"], found["odd"]) == ("a", "b", "odd")

    def test_places_are_those_of_the_service_at_every_hour(self) -> None:
        """Line by line, as the district itself says: days, hours, nights, dates."""
        lines = (
            Capacity(amount=2),
            Capacity(amount=5, days=frozenset({0, 1}), opens=_at(8), closes=_at(18)),
            Capacity(amount=1, days=frozenset({4}), opens=_at(20), closes=_at(6)),
            Capacity(amount=0, since=date(2026, 1, 14), until=date(2026, 1, 16)),
        )
        service = ward("x", lines)
        zero = datetime(2026, 1, 5)  # noqa: DTZ001
        hours = np.arange(24 * 14) + 0.5
        said = [
            service.capacity_at((zero + timedelta(hours=h)).replace(tzinfo=UTC), "UTC")
            for h in hours
        ]
        known = district.known_of(described(x=service), zero)["x"].places
        assert known is not None
        assert known(hours).tolist() == said


def _at(hour: int) -> object:
    return datetime(2026, 1, 1, hour, tzinfo=UTC).time()


def ward(code: str, capacity: tuple[Capacity, ...]) -> Service:
    """A ward."""
    return Service(
        code=code, name=code, setting=Setting.WARD, organisation="trust", capacity=capacity
    )


def described(**others: Service) -> District:
    """A district of two wards of a specialty and two practices."""
    wards = [
        ward("older-1", (Capacity(amount=20),)),
        ward("older-2", (Capacity(amount=10), Capacity(amount=6, since=date(2026, 1, 10)))),
    ]
    practices = [
        Service(code=code, name=code, setting=Setting.GENERAL_PRACTICE, organisation=code)
        for code in ("gp-a1", "gp-b2")
    ]
    services = {each.code: each for each in (*wards, *practices)} | others
    return District(
        path=Path(), code="d", name="D", zone="UTC", currency="GBP", number="nhs",
        number_name="NHS number", services=services,
    )  # fmt: skip
