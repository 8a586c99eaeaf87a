"""A model that the twin ran itself comes back from its contacts, cut off at the end."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from onesystem.cli.twin import twin
from onesystem.twin import model_of, replications
from onesystem.twin.calibration import arrow, building, telling
from onesystem.twin.calibration.calibrating import Calibration, calibrated, without_forgotten
from onesystem.twin.calibration.log import NONE, Log, followers, known_by
from onesystem.twin.calibration.trust import Report, held_back
from onesystem.twin.network.contacts import table_of
from onesystem.twin.network.distributions import Gamma
from onesystem.twin.network.writing import model_text
from onesystem.vocabulary import BadConfig

TRUTH = {
    "horizon": 9000, "warm_up": 1000, "replications": 1, "seed": 3,
    "classes": {"urgent": 0, "other": 0},
    "nodes": {
        "ED": {
            "servers": 8, "service": {"lognormal": {"mean": 2, "cv": 0.8}},
            "patience": {"exponential": {"mean": 4}},
            "next": {"by": "class", "urgent": {"Ward": 0.5, "out": 0.5},
                     "other": {"Ward": 0.1, "out": 0.9}},
        },
        "Ward": {"service": {"gamma": {"mean": 72, "cv": 0.7}}},
    },
    "arrivals": {
        "walk in": {"node": "ED", "class": {"urgent": 0.2, "other": 0.8},
                    "rates": [2, 1, 2, 5, 6, 4], "every": 24},
    },
}  # fmt: skip


@cache
def contacts() -> Any:
    """The contacts of one run of the truth."""
    model = model_of(json.dumps(TRUTH))
    return table_of(model, next(iter(replications(model, contacts=True))))


@cache
def log() -> Log:
    """The same as a log, that knows nothing of what came in its last weeks."""
    whole = arrow.log_of(contacts())
    return known_by(whole, whole.last - 500)


@cache
def made() -> Calibration:
    """The calibration of it."""
    return calibrated(log())


@cache
def report() -> Report:
    """The calibration of nine tenths, tried on the last."""
    return held_back(log(), replicas=10)


class TestRecovery:
    def test_rates_by_hour_come_back(self) -> None:
        """Every four hours' rate within 8%, the sum of all within 3%."""
        rates = made().services["ED"].arrivals.rates.reshape(7, 6, 4).mean((0, 2))
        assert rates == pytest.approx([2, 1, 2, 5, 6, 4], rel=0.08)
        assert rates.mean() == pytest.approx(20 / 6, rel=0.03)

    def test_stays_come_back_with_their_shape(self) -> None:
        """A log-normal of 2 hours and a gamma of 72, means within 3% and 5%."""
        ed, ward = made().services["ED"].stay, made().services["Ward"].stay
        assert ed.kind == "lognormal"
        assert ed.distribution.mean == pytest.approx(2, rel=0.03)
        assert ed.distribution.cv == pytest.approx(0.8, rel=0.05)
        assert isinstance(ward.distribution, Gamma)
        assert ward.distribution.mean == pytest.approx(72, rel=0.05)
        assert ward.open > 0

    def test_ways_come_back_by_class(self) -> None:
        """Half of the urgent and a tenth of the others go to the ward."""
        ways = made().services["ED"].ways
        assert ways.differ
        ward = ways.targets.tolist().index(made().log.services.index("Ward"))
        by = dict(zip(made().log.classes, ways.by[:, ward], strict=True))
        assert by["urgent"] == pytest.approx(0.5, abs=0.025)
        assert by["other"] == pytest.approx(0.1, abs=0.01)
        shares = dict(zip(made().log.classes, made().services["ED"].classes, strict=True))
        assert shares["urgent"] == pytest.approx(0.2, abs=0.01)

    def test_capacity_comes_back_where_people_wait(self) -> None:
        """Eight places in the one; of the other, that nobody ever waited, is said."""
        assert made().services["ED"].limit.number == 8
        assert made().services["Ward"].limit.number is None
        assert "nobody waits" in " ".join(made().services["Ward"].notes)

    def test_patience_comes_back_though_most_were_seen_before_they_lost_it(self) -> None:
        """Exponential of 4 hours within 6%, from one in ten who left."""
        patience = made().services["ED"].patience
        assert patience.distribution.mean == pytest.approx(4, rel=0.06)
        assert patience.open > 2 * patience.ended

    def test_the_model_can_be_written_and_read(self) -> None:
        """It begins with who is there and is the same when read again."""
        model, _ = building.model_of(made(), start=8000 // 24 * 24.0, horizon=500)
        assert any(each.node == "Ward" for each in model.inside)
        read = model_of(model_text(model))
        assert read.inside == model.inside
        assert read.arrivals == model.arrivals


class TestTrust:
    def test_what_was_held_back_lies_within_the_intervals(self) -> None:
        """Of a log that is the model's own, nearly every figure and the stated share of days."""
        assert report().inside >= 0.85
        assert 0.65 < report().coverage[80] < 0.95
        assert report().coverage[95] > 0.85

    def test_worst_comes_first(self) -> None:
        """Services are in the order of their worst figure."""
        worst = [each.worst for each in report().services]
        assert worst == sorted(worst, reverse=True)

    def test_it_is_told_in_lines_and_in_json(self) -> None:
        """Everything is there for a reader and for a page."""
        text = "\n".join(telling.lines(report(), every=True))
        assert "never saw" in text
        assert "wait, mean" in text
        plain = json.loads(json.dumps(telling.plain(report())))
        assert {each["name"] for each in plain["services"]} == {"ED", "Ward"}
        assert plain["services"][0]["checks"]


class TestUnexplained:
    def test_waits_without_a_full_house_are_told_and_not_fitted(self) -> None:
        """A delay before every start: no capacity is made up, people come when they are seen."""
        rng = np.random.default_rng(5)
        asked = np.sort(rng.uniform(0, 5000, 6000))
        begun = asked + rng.uniform(200, 400, 6000)
        found = calibrated(_log(asked, begun, begun + rng.exponential(1, 6000)))
        clinic = found.services["clinic"]
        assert clinic.limit.apart
        assert clinic.limit.number is None
        assert "does not explain" in " ".join(clinic.notes)
        assert np.isnan(found.log.asked).all()

    def test_contacts_that_nobody_ended_are_not_there_for_ever(self) -> None:
        """One that is open a hundred times longer than any other is set aside, and counted."""
        begun = np.arange(1000.0)
        ended = begun + 2
        ended[3] = np.nan
        found, forgotten = without_forgotten(_log(begun, begun, ended))
        assert forgotten == {"clinic": 1}
        assert len(found) == 999


class TestFollowers:
    def test_next_contact_within_the_time_is_what_it_led_to(self) -> None:
        """The first that begins after the end; not one too late, not another person's."""
        found = _of_people([(1, 0, 2), (1, 2, 3), (1, 9, 10), (2, 3, 4)])
        assert followers(found, 4).tolist() == [1, NONE, NONE, NONE]

    def test_who_is_visited_at_home_goes_on_from_the_home_later(self) -> None:
        """A stay with others inside it leads to what begins after it."""
        found = _of_people([(1, 0, 10), (1, 2, 3), (1, 11, 12)])
        assert followers(found, 4).tolist() == [2, NONE, NONE]


class TestTooLittle:
    def test_three_events_say_so(self) -> None:
        """What was found, and what it takes."""
        with pytest.raises(BadConfig, match=r"3 contacts.*too few.*50 or more"):
            calibrated(_log(np.zeros(3), np.zeros(3), np.ones(3)))

    def test_small_service_is_left_out_and_said(self) -> None:
        """Ten contacts are no service."""
        begun = np.arange(300.0)
        found = _log(begun, begun, begun + 1, service=(np.arange(300) < 10).astype(int))
        assert list(calibrated(found).left_out) == ["ward"]

    def test_file_without_people_says_what_is_missing(self) -> None:
        """The columns that are needed, and those that there are."""
        with pytest.raises(BadConfig, match=r"no column for person.*service, started"):
            arrow.log_of(contacts().select(["service", "started"]))


def test_by_command_from_a_file(tmp_path: Path) -> None:
    """Report and model from a file of contacts; a backtest of the same; three rows are too few."""
    file, out = tmp_path / "contacts.parquet", tmp_path / "twin.json"
    pq.write_table(contacts(), file)
    said = ["--contacts", str(file), "--replications", "3", "--out", str(out), "--json"]
    done = CliRunner().invoke(twin, ["calibrate", *said])
    assert done.exit_code == 0, done.output
    assert model_of(out.read_bytes()).nodes["ED"].servers.most == 8
    done = CliRunner().invoke(twin, ["backtest", str(file), "--replications", "3"])
    assert "Closer than seasonal-naive" in done.output
    pq.write_table(contacts().slice(0, 3), file)
    done = CliRunner().invoke(twin, ["calibrate", "--contacts", str(file)])
    assert isinstance(done.exception, BadConfig) or "too few" in done.output


def _log(asked: Any, begun: Any, ended: Any, service: Any = None) -> Log:
    from datetime import datetime

    from onesystem.twin.calibration.log import made as made_log

    return made_log(
        person=np.arange(len(begun)), kind=np.zeros(len(begun), int),
        service=np.zeros(len(begun), int) if service is None else service,
        asked=asked, begun=begun, ready=np.full(len(begun), np.nan), ended=ended,
        services=("clinic", "ward"), classes=("all",), zero=datetime(2026, 1, 5),  # noqa: DTZ001
    )  # fmt: skip


def _of_people(rows: list[tuple[int, float, float]]) -> Log:
    from datetime import datetime

    from onesystem.twin.calibration.log import made as made_log

    person, begun, ended = (np.array(column, float) for column in zip(*rows, strict=True))
    nothing = np.full(len(rows), np.nan)
    return made_log(
        person=person.astype(int), service=np.zeros(len(rows), int), kind=np.zeros(len(rows), int),
        asked=nothing, begun=begun, ready=nothing, ended=ended, services=("home",),
        classes=("all",), zero=datetime(2026, 1, 5),  # noqa: DTZ001
    )  # fmt: skip
