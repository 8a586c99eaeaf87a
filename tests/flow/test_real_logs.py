"""Real event logs through a district: mapped, taken in, and drawn as journeys from the log."""

import os
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import groupby

import pyarrow.parquet as pq
import pytest
from django.db import transaction

from onesystem import people
from onesystem.contacts import operational, relation
from onesystem.contacts.log import scan
from onesystem.feeds.extract import take_file
from onesystem.feeds.takers import register_taker, takers
from onesystem.flow.journeys.maps import process_map
from onesystem.flow.journeys.paths import paths
from onesystem.flow.journeys.question import Question
from onesystem.flow.journeys.reading import steps_of
from onesystem.flow.measures import previewing
from onesystem.vocabulary import Entry

pytestmark = pytest.mark.django_db(transaction=True)

WHOLE = bool(os.environ.get("ONESYSTEM_ALL_SERIES"))
KNOWN_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
# Each event a contact of one moment: what a process miner's log is, and no more.
STEPS = """
name = "sepsis-steps"
version = 1
[applies_to]
columns = ["case_id", "activity", "timestamp"]
[file]
zone = "Europe/Amsterdam"
[contact]
key = { row = true }
subject = "case_id"
service = "activity"
setting = { fixed = "ward" }
started = "timestamp"
ended = "timestamp"
"""


@pytest.fixture
def take(district):
    """Take a file in as the next message of a source."""
    numbers = iter(range(1, 100))

    def go(file, source):
        with transaction.atomic():
            return take_file(
                file, name=file.name, message=next(numbers), source=district.source(source),
                district=district, received=KNOWN_AT,
            )  # fmt: skip

    return go


def asked(first, last, **more):
    return Question(start=first, end=last, before=0, after=1095, level="service", **more)


def at_once_by_name(table):
    """The paths of a log where things of one moment go by name."""
    columns = (table[name].to_pylist() for name in ("case_id", "timestamp", "activity"))
    rows = sorted(zip(*columns, strict=True))
    return Counter(
        tuple(activity for _, _, activity in case) for _, case in groupby(rows, lambda r: r[0])
    )


def test_the_sepsis_log_has_its_published_size_in_a_district(district, take, data):
    """Mannhardt 2016: 1,050 cases, 15,214 events, 16 activities. Of its 846 variants, which go by
    the file's order, fewer are left where what happened at one moment has one order.
    """
    (district.path / "mappings").mkdir(exist_ok=True)
    (district.path / "mappings/sepsis-steps.toml").write_text(STEPS, encoding="utf-8")
    file = data / "journeys/sepsis.parquet"
    take(file, "steps")
    steps = steps_of(district, asked(date(2013, 11, 1), date(2015, 7, 1)))
    made = process_map(steps)
    assert (made.journeys, made.steps, len(made.nodes)) == (1050, 15214, 16)
    assert people.people_count() == 1050
    counts = {node.name.partition("/")[2]: node.steps for node in made.nodes}
    assert (counts["Leucocytes"], counts["ER Triage"], counts["Release A"]) == (3383, 1053, 671)
    expected = at_once_by_name(pq.read_table(file))
    assert paths(steps, most=1).top[0].journeys == expected.most_common(1)[0][1] == 46
    assert paths(steps).different == len(expected) == 691


def test_things_of_one_moment_go_by_name(district, take, tmp_path):
    """Blood and lactate at ten o'clock are one path, whichever line of the file came first."""
    (district.path / "mappings").mkdir(exist_ok=True)
    (district.path / "mappings/sepsis-steps.toml").write_text(STEPS, encoding="utf-8")
    file = tmp_path / "log.csv"
    rows = [("1", "Blood"), ("1", "Lactate"), ("2", "Lactate"), ("2", "Blood")]
    lines = "".join(f"{case},{what},2026-01-05 10:00:00\n" for case, what in rows)
    file.write_text(f"case_id,activity,timestamp\n{lines}", encoding="utf-8")
    take(file, "steps")
    found = paths(steps_of(district, asked(date(2026, 1, 1), date(2026, 2, 1))))
    assert (found.journeys, found.different) == (2, 1)


@pytest.fixture
def without_entries():
    """Nobody keeps clinical entries: these tests are about contacts."""
    before = takers().get(Entry)
    register_taker(Entry, lambda _items, _known_at: None)
    yield
    if before:
        register_taker(Entry, before.take, erase=before.erase)
    else:
        takers().pop(Entry)


@pytest.mark.usefixtures("without_entries")
class TestShippedMappings:
    """The whole of the openly licensed logs, where they are; each by the mapping that ships."""

    @pytest.mark.skipif(not WHOLE, reason="the whole logs take 25 s; set ONESYSTEM_ALL_SERIES")
    def test_sepsis(self, district, take, shared_data):
        """1,050 registrations and 294 returns begin an ED contact; so do the seven triages that
        stand after an admission, in the measure of attendances and on the map alike.
        """
        take(shared_data / "event_logs/sepsis/sepsis_events.parquet", "hospital-log")
        question = replace(asked(date(2013, 11, 1), date(2015, 7, 1)), level="setting")
        made = process_map(steps_of(district, question))
        assert made.journeys == people.people_count() == 1050
        assert made.node("ED").steps == ed_attendances(district) == 1050 + 294 + 7

    @pytest.mark.skipif(not WHOLE, reason="the whole logs take 25 s; set ONESYSTEM_ALL_SERIES")
    def test_gynaecology(self, district, take, shared_data):
        """1,143 patients, 150,291 events of 43 departments; each day in one is a contact."""
        file = shared_data / "event_logs/hospital_gynaecology/hospital_events.parquet"
        counts = take(file, "gynaecology")
        assert (counts.rows_read, counts.entries, counts.rows_refused) == (150291, 150291, 0)
        table = pq.read_table(file, columns=["case_id", "group", "timestamp"])
        days = set(zip(*(column.to_pylist() for column in table.columns), strict=True))
        assert counts.contacts == len(days) == 32771
        assert people.people_count() == 1143
        # Three years may be asked for: whoever came in them, with all that came after. Midnight in
        # Amsterdam is still the day before in the district.
        made = process_map(steps_of(district, asked(date(2005, 1, 1), date(2007, 12, 31))))
        early = {who for who, _, at in days if at <= datetime(2007, 12, 31)}  # noqa: DTZ001
        inside = [day for day in days if day[0] in early]
        assert (made.steps, len(made.nodes)) == (len(inside), len({d[1] for d in inside}))

    def test_moves_between_wards(self, district, take, shared_data):
        """MIMIC-III demo: 100 patients, 129 admissions, 524 moves, of which 129 are discharges."""
        file = shared_data / "event_logs/mimic_iii_demo/transfers.parquet"
        counts = take(file, "mimic")
        assert (counts.rows_read, counts.rows_refused) == (524, 0)
        assert people.people_count() == 100
        duck = scan.connect(memory="1GB")
        found = relation.contacts(duck, district.path, operational.in_process())
        stays = found.query("c", "SELECT count(*), count(ended), min(setting) FROM c").fetchone()
        duck.close()
        assert stays == (counts.contacts, counts.contacts, "ward")

    def test_stays_are_as_long_as_the_file_says(self, district, take, shared_data):
        """MIMIC-III demo: spells and their length by SQL over the raw file. Its dates are moved a
        century on, so that no bed is in use at a midnight that has been.
        """
        file = shared_data / "event_logs/mimic_iii_demo/transfers.parquet"
        take(file, "mimic")
        spells, length = by_hand(file)
        assert spells == 129
        assert measured(district, "length-of-stay") == (length, spells)
        assert measured(district, "discharged-home")[1] == 0  # the file tells no outcome
        assert measured(district, "beds-at-midnight")[0] == 0

    def test_arrivals(self, district, take, shared_data):
        """12,636 arrivals of people who were admitted later, and nobody told apart."""
        folder = shared_data / "event_logs/ed_visits_patientflow"
        assert take(folder / "inpatient_arrivals.parquet", "ed").contacts == 12636
        assert ed_attendances(district) == 12636
        if WHOLE:
            assert take(folder / "ed_visit_snapshots.parquet", "ed-2").contacts == 79713


def by_hand(file):
    """(spells, their milliseconds) of the moves in a file."""
    sql = """
    WITH stretch AS (
      SELECT subject_id AS who, timezone('America/New_York', intime) AS began,
        timezone('America/New_York', outtime) AS ended
      FROM read_parquet($file) WHERE eventtype <> 'discharge'
    ), seen AS (
      SELECT *, max(ended) OVER (PARTITION BY who ORDER BY began
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM stretch
    ), numbered AS (
      SELECT *, count(*) FILTER (WHERE before IS NULL OR began > before + INTERVAL 6 HOURS)
        OVER (PARTITION BY who ORDER BY began) AS nth FROM seen
    ), spell AS (
      SELECT min(began) AS began, max(ended) AS ended FROM numbered GROUP BY who, nth
    )
    SELECT count(*), sum(epoch_ms(ended) - epoch_ms(began)) FROM spell
    """
    duck = scan.connect(memory="1GB")
    try:
        return tuple(map(int, duck.execute(sql, {"file": str(file)}).fetchone()))
    finally:
        duck.close()


def ed_attendances(district):
    """The measure of that name over the district's own log."""
    return measured(district, "ed-attendances")[0]


def measured(district, name):
    """The sums of a measure over the district's own log, all years together."""
    duck = scan.connect(memory="1GB")
    try:
        found = relation.contacts(duck, district.path, operational.in_process())
        made = previewing.table(district, found, duck, name, every="year")
        return tuple(sum(made[part].to_pylist()) for part in ("numerator", "denominator"))
    finally:
        duck.close()
