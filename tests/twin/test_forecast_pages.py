"""The next days from a district's log: what is read, kept and scored, and the page of it."""

import csv
import io
import json
import os
import re
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from onesystem.district import current
from onesystem.twin import standing
from onesystem.twin.calibration.log import made
from onesystem.twin.forecast import keeping
from onesystem.twin.forecast.live import Live, notes
from onesystem.twin.models import Foreseen
from onesystem.vocabulary import BadConfig

NOW = datetime(2026, 3, 18, 10, 15, tzinfo=UTC)  # a Wednesday
ZERO = datetime(2026, 3, 2)  # noqa: DTZ001 - a log's hours are local
NAN = float("nan")
MODEL = {
    "name": "Testshire", "horizon": 8736, "starts": "2026-03-16T00:00:00+00:00",
    "classes": ["under 18", "18 to 74", "75 and more", "age not known"],
    "nodes": {
        "Emergency department": {
            "service": {"exponential": 3}, "next": {"Ward A": 0.2, "other ward": 0.1, "out": 0.7},
        },
        "Ward A": {"servers": 20, "service": {"exponential": 60}},
        "other ward": {"servers": 20, "service": {"exponential": 60}},
    },
    "arrivals": {"in": {"node": "Emergency department", "class": {"18 to 74": 1}, "rate": 2}},
}  # fmt: skip


@pytest.fixture
def model(district):
    """The district's own twin."""
    path = district.path / standing.FILE
    path.write_text(json.dumps(MODEL), encoding="utf-8")
    os.utime(path, (4e9, 4e9))  # newer than the district file
    return path


def log(services=("Emergency department", "Ward A", "Ward B", "SOURCE/X")):
    """Twenty days of people: forty an ED day, of whom some stay on a ward."""
    luck = np.random.default_rng(3)
    rows = []
    for hour in np.sort(luck.uniform(0, 400, 800)):
        over = hour + luck.exponential(3)
        rows.append((0, hour, hour, NAN, over))
        if luck.uniform() < 0.3:
            ready = over + luck.exponential(40)
            rows.append(
                (1 + (luck.uniform() < 0.3), over, over, ready, ready + luck.exponential(9))
            )
    rows.append((3, 5.0, 5.0, NAN, NAN))
    columns = np.array(rows).T
    return made(
        person=np.arange(len(rows)), service=columns[0].astype(int),
        kind=np.zeros(len(rows), int), asked=columns[1], begun=columns[2], ready=columns[3],
        ended=columns[4], services=services, classes=("all",), zero=ZERO,
    )  # fmt: skip


def live(found=None):
    """The district with its twin and this log."""
    here = current()
    return Live.of(here, standing.standing(here.path), log() if found is None else found)


class TestLive:
    """What is read of the district."""

    def test_who_is_there_by_the_services_of_the_twin(self, district, model):
        """Ward B is one of the other wards; a place that nobody knows is told."""
        found = live()
        said = found.forecast(NOW, hours=6, replications=3, levers=False)
        names = {each.name: each for each in said.services}
        at = found.hours(NOW)
        for name, each in names.items():
            assert each.here == each.past[-1] == found.inside(name, np.array([at]))[0]
        assert names["other ward"].here > 0
        assert names["Ward A"].places == (24,) * 6
        assert said.unknown == 1
        assert "One person is in a service that the twin does not have (SOURCE/X)" in said.notes[0]
        (hospital,) = said.hospitals
        assert (hospital.name, hospital.places[0]) == ("Testshire Hospital", 44)
        assert names["Ward A"].ready > 0
        assert "ward" in {each.kind for each in found.known.values()}
        assert found.delays["Ward A"].mean == pytest.approx(9, rel=0.5)

    def test_nobody_is_there(self, district, model):
        said = live(log()).forecast(NOW - timedelta(days=400), hours=3, replications=2)
        assert said.people == 0
        assert said.notes[0].startswith("Nobody is in any service now")

    def test_a_service_that_closed_since_takes_who_would_come(self, district, model):
        here = json.loads(model.read_text())
        here["nodes"]["Cottage hospital"] = {"servers": 3, "service": 5}
        here["arrivals"]["more"] = {"node": "Cottage hospital", "class": {"18 to 74": 1},
                                    "rate": 2}  # fmt: skip
        model.write_text(json.dumps(here), encoding="utf-8")
        os.utime(model, (4e9, 4e9))
        said = live().forecast(NOW, hours=12, replications=4, levers=False)
        assert any(each.startswith("Cottage hospital: closed since") for each in said.notes)
        cottage = next(each for each in said.services if each.name == "Cottage hospital")
        assert cottage.inside == cottage.need

    def test_a_twin_older_than_the_district_file_or_than_two_months(self, district, model):
        os.utime(model, (1, 1))
        held = standing.standing(district.path)
        found = notes(district, held, NOW + timedelta(days=90), [], 1, {})
        assert [each.split(".")[0] for each in found] == [
            "The twin was learnt 92 days ago; calibrate it again",
            "The district file has changed since the twin was made",
        ]

    def test_a_twin_of_somewhere_else(self, district, model):
        with pytest.raises(BadConfig, match="None of the services of the twin"):
            live(log(("A", "B", "C", "D")))


@pytest.fixture
def kept(db, district, model, monkeypatch, stop_clock):
    """Forecasts made and scored at a moment, as the job does."""
    monkeypatch.setattr(Live, "read", classmethod(lambda *_: live()))
    stop_clock(NOW)

    def makes(at=NOW):
        return keeping.make(None, at, replications=5)

    return makes


@pytest.mark.store
@pytest.mark.django_db
class TestKeeping:
    """What is kept, for how long, and what it is set beside."""

    def test_one_a_quarter_hour(self, kept):
        assert keeping.due(NOW)
        kept()
        assert not keeping.due(NOW + timedelta(minutes=14))
        assert keeping.due(NOW + timedelta(minutes=15))

    def test_the_first_time_days_before_are_made_afterwards_and_scored(self, kept):
        kept()
        assert list(Foreseen.objects.order_by("at").values_list("late", "scored")) == [
            (True, True), (True, False), (True, False), (False, False),
        ]  # fmt: skip
        scores, many, late = keeping.scores(NOW)
        assert (many, late) == (3, 3)
        assert {each.ahead for each in scores} == {(0, 6), (6, 24), (24, 72)}
        inside = [each for each in scores if each.figure == "inside"]
        assert sum(each.in90 for each in inside) > 0.6 * sum(each.many for each in inside)

    def test_older_ones_are_thinned_and_then_let_go(self, kept):
        for hours in (0, 1, 2, 3, 4, 5):
            kept(NOW - timedelta(hours=5 - hours))
        left = [row.at for row in Foreseen.objects.filter(late=False).order_by("at")]
        assert left == [NOW - timedelta(hours=n) for n in (5, 4, 1, 0)]
        kept(NOW + timedelta(days=40))
        assert not Foreseen.objects.filter(at__lt=NOW + timedelta(days=12)).exists()

    def test_a_row_that_cannot_be_read_is_said(self, kept):
        Foreseen.objects.create(at=NOW, said=b"nonsense")
        with pytest.raises(BadConfig, match="cannot be read"):
            keeping.latest(NOW)


def said(response):
    """The text of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.django_db
class TestPage:
    """The page that the board of now leads to."""

    def test_without_a_twin_it_says_what_to_do(self, sign_in, district):
        page = said(sign_in("ed-nurse").get("/twin/forecast/"))
        assert "No forecast without a twin" in page
        assert "onesystem twin calibrate --keep" in page

    def test_with_a_twin_and_no_forecast_yet(self, sign_in, model):
        assert "The first forecast is not made yet" in said(
            sign_in("ed-nurse").get("/twin/forecast/")
        )

    def test_what_is_coming(self, sign_in, kept):
        kept()
        client = sign_in("ed-nurse")
        assert 'href="/twin/forecast/"' in client.get("/").content.decode()
        page = said(client.get("/twin/forecast/"))
        assert "The chance of gridlock within 24 hours is" in page
        assert "What would help most?" in page
        assert "of what came lay in the 90% band" in page
        assert "made afterwards" in page
        page = said(client.get("/twin/forecast/?place=other+ward&figure=came"))
        assert "People who come from now on, by service" in page
        rows = client.get("/twin/forecast/?format=csv").content.decode().splitlines()
        assert rows[0].startswith("\ufeffservice,hour,places,inside 5%,inside 25%")
        assert len(rows) == 1 + 3 * 32

    def test_it_says_when_it_is_old(self, sign_in, kept, stop_clock):
        kept()
        client = sign_in("ed-nurse")
        stop_clock(NOW + timedelta(hours=2))
        assert "This forecast is old" in said(client.get("/twin/forecast/"))

    def test_few_people_are_hidden_from_who_may_not_see_people(self, sign_in, kept):
        kept()
        client = sign_in("analyst")
        rows = list(
            csv.reader(io.StringIO(client.get("/twin/forecast/?format=csv").content.decode()))
        )
        numbers = {cell for row in rows[1:] for cell in row[3:]}
        assert "<5" in numbers
        assert not numbers & {"1", "2", "3", "4"}

    def test_it_is_for_those_who_may_see_the_board(self, sign_in, district):
        assert sign_in("person").get("/twin/forecast/").status_code == 403
