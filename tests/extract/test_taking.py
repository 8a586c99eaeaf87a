"""Extracts taken in: people, contacts and entries out of whole files, through the rooms."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from onesystem import contacts, people
from onesystem.feeds.extract import ExtractReader, take_file
from onesystem.feeds.extract.dry import dry_run
from onesystem.feeds.extract.mapping import parse
from onesystem.feeds.takers import register_taker, takers
from onesystem.vocabulary import BadConfig, BadInput, Entry, Setting, contact_id

pytestmark = pytest.mark.django_db(transaction=True)

KNOWN_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def entries():
    """A room above that keeps the entries it is handed."""
    kept = []
    before = takers().get(Entry)
    register_taker(Entry, lambda items, _known_at: kept.extend(item[3] for item in items))
    yield kept
    if before:
        register_taker(Entry, before.take, erase=before.erase)
    else:
        takers().pop(Entry)


@pytest.fixture
def take(district, tmp_path, entries):
    """Take files in, each as the next message of a source."""
    numbers = iter(range(1, 1000))

    def go(file, *, source="source", name=None):
        if isinstance(file, str):
            name, file = name or "rows.csv", _written(tmp_path, file)
        with transaction.atomic():
            return take_file(
                file,
                name=name or file.name,
                message=next(numbers),
                source=district.source(source),
                district=district,
                received=KNOWN_AT,
            )

    return go


def _written(folder, text):
    file = folder / "blob"
    file.write_text(text, encoding="utf-8")
    return file


def _contacts(source, subject):
    ids = people.identify([(source, subject)], known_at=KNOWN_AT)
    return contacts.of_identities([ids[source, subject]])


VISITS = """
name = "visits"
version = 1
[applies_to]
columns = ["id", "who", "place", "in"]
[contact]
key = "id"
subject = "who"
service = "place"
setting = { fixed = "outpatient" }
started = "in"
ended = "out"
[person]
subject = "who"
family = "name"
"""
HEAD = "id,who,place,in,out,name\n"


@pytest.fixture
def visits(district):
    """A mapping of the district, of rows that hold a contact and its person."""
    (district.path / "mappings").mkdir()
    (district.path / "mappings" / "visits.toml").write_text(VISITS)


def test_a_row_becomes_a_person_and_a_contact(take, visits):
    taken = take(HEAD + "V1,7,WARDA,2026-02-01 10:00,2026-02-01 11:00,Ngata\n", source="pas")

    (found,) = _contacts("pas", "7")
    assert (taken.persons, taken.contacts, taken.rows_read) == (1, 1, 1)
    assert (found.service, found.setting) == ("ward-a", Setting.WARD)
    assert found.started == datetime(2026, 2, 1, 10, tzinfo=UTC)
    assert found.contact == contact_id("pas", "V1")


def test_a_place_that_is_not_mapped_blocks_nothing(take, visits):
    taken = take(HEAD + "V1,7,Zoo,2026-02-01 10:00,,Ngata\n", source="pas")

    (found,) = _contacts("pas", "7")
    assert (found.service, found.setting) == ("pas/Zoo", Setting.OUTPATIENT)
    assert [r.what for r in taken.remarks if r.rule == "unmapped-place"] == ["Zoo"]


def test_rows_that_are_refused_are_counted_and_kept_with_reason_and_cure(take, visits):
    text = HEAD + "V1,7,A,2026-02-01,,N\n,7,A,2026-02-01,,N\nV3,7,A,soon,,N\nV4\n"

    taken = take(text)

    refused = list(taken.refused)
    assert (taken.rows_read, taken.rows_refused) == (1, 3)
    assert [r.row for r in refused] == [2, 3, 4]
    assert all(r.reason and r.cure and r.text for r in refused)


def test_of_rows_with_one_key_the_last_counts(take, visits):
    text = HEAD + "V1,7,A,2026-02-01,,N\nV2,7,A,2026-02-02,,N\nV1,7,B,2026-02-03,,N\n"

    taken = take(text)

    assert {c.key: c.service for c in _contacts("source", "7")} == {
        "V1": "source/B",
        "V2": "source/A",
    }
    assert "extract.same-key" in [r.rule for r in taken.remarks]


def test_a_later_extract_is_a_new_version(take, visits):
    take(HEAD + "V1,7,A,2026-02-01,,N\n")
    take(HEAD + "V1,7,A,2026-02-01,2026-02-02,N\n")

    (found,) = _contacts("source", "7")
    assert (found.version, found.ended) == (2, datetime(2026, 2, 2, tzinfo=UTC))


def test_a_mapping_that_does_not_fit_sets_the_file_aside(take, visits):
    with pytest.raises(BadInput) as refusal:
        take("id,who,place,in\n1,2,3,2026-01-01\n")
    assert refusal.value.rule == "extract.bad-mapping"
    assert "'name'" in refusal.value.what


def test_mimic_in_any_order_of_its_tables(take, data, entries):
    """Admissions, moves and call-outs are three tables of one visit."""
    for table in ("callout", "transfers", "labevents", "patients", "admissions", "services"):
        taken = take(data / "extract" / "mimic" / f"{table}.parquet", source="mimic")
        assert taken.rows_refused == 0

    found = sorted(_contacts("mimic", "10006"), key=lambda c: c.started)
    assert [(c.service, c.setting, c.key) for c in found] == [
        ("mimic/ED", Setting.ED, "142345"),
        ("mimic/MICU", Setting.WARD, "142345/2"),
        ("mimic/ward 45", Setting.WARD, "142345/3"),
    ]
    assert found[-1].outcome == "HOME HEALTH CARE"
    assert all(c.ended and c.ended >= c.started for c in found)
    assert len(entries) == 120
    assert entries[0].code.display
    assert entries[0].code.system == "http://loinc.org"


def test_mimic_persons_are_three_hundred_years_old_and_flagged(take, data):
    taken = take(data / "extract" / "mimic" / "patients.parquet", source="mimic")

    assert (taken.persons, taken.rows_read) == (100, 100)
    assert {"extract.great-age", "extract.future"} <= {r.rule for r in taken.remarks}


def test_the_sepsis_log(take, data, entries):
    take(data / "extract" / "sepsis" / "sepsis_cut.parquet", source="sepsis")

    a = sorted(_contacts("sepsis", "A"), key=lambda c: c.started)
    assert [c.service for c in a] == ["sepsis/ED", "sepsis/ward"]
    assert a[0].ended == a[1].started == datetime(2014, 10, 22, 12, 13, 19, tzinfo=UTC)
    assert a[1].outcome == "release A"
    assert _contacts("sepsis", "NA"), "a case is called NA"
    assert {e.kind for e in entries} == {"Observation", "MedicationAdministration"}
    assert contacts.inside() == []


def test_a_return_to_the_ed_is_a_visit_of_its_own(take, data):
    take(data / "extract" / "sepsis" / "sepsis_cut.parquet", source="sepsis")

    found = [c for c in _contacts("sepsis", "HEA") if c.key.startswith("HEA@")]
    assert found
    assert found[0].setting is Setting.ED
    assert found[0].cause == contact_id("sepsis", "HEA")


def test_rows_without_a_person_are_contacts_of_people_who_are_not_told_apart(take, data):
    seen = take(data / "extract" / "ed" / "ed_visit_snapshots.parquet", source="ed")
    came = take(data / "extract" / "ed" / "inpatient_arrivals.parquet", source="ed")

    assert (seen.contacts, came.contacts) == (120, 60)
    assert people.people_count() == 180
    (first,) = _contacts("ed", "anonymous 1")
    assert first.started == datetime(2031, 3, 1, 0, 18, 25, tzinfo=UTC)  # 20,495 s before 06:00


def test_a_compressed_list_of_people(take, data):
    taken = take(data / "extract" / "febrl" / "febrl_cut.csv.gz", source="febrl")

    assert (taken.persons, taken.rows_refused) == (120, 0)


def test_counts_are_not_people(take, data):
    with pytest.raises(BadInput, match="counts, not people"):
        take(data / "extract" / "ed" / "ae_attendances.parquet")


def test_the_reader_says_how_a_file_is_read(district, data):
    reader = ExtractReader()
    file = data / "extract" / "mimic" / "patients.parquet"

    lines = reader.explain_file(file, name=file.name, source=district.source("mimic"))

    assert "mimic-patients, version 1" in lines[0].says
    assert ("dob", "person.birth_date") in [(each.text, each.says) for each in lines]
    assert reader.explain_file(file.parent / "x", name="x.csv", source=district.source("a"))[
        0
    ].problem


def test_the_reader_knows_its_files(data):
    reader = ExtractReader()

    assert reader.sniff("a.csv", b"")
    assert reader.sniff("a", b"PAR1....")
    assert reader.sniff("export", b"a;b\n1;2\n")
    assert reader.sniff("README.md", b"# x")
    assert not reader.sniff("a.hl7", b"MSH|^~\\&|\rPID|1\r")
    assert not reader.sniff("a.json", b'{"a": 1}')


class TestCauses:
    LED = """
name = "led"
version = 1
[contact]
key = "id"
subject = "who"
service = "ward"
setting = { fixed = "ward" }
started = "in"
planned = "due"
cause = { first = ["before", { source = "ambulance", column = "call" }] }
"""
    ROWS = (
        "id,who,ward,in,due,before,call\nV1,P1,W,2026-02-01 10:00,,,A17\n"
        "V2,P1,W,2026-02-02 10:00,2026-02-02 09:30,V1,A17\nV3,P1,W,2026-02-03 10:00,,,\n"
    )

    @pytest.fixture
    def mapped(self, district):
        folder = district.path / "mappings"
        folder.mkdir(exist_ok=True)
        (folder / "led.toml").write_text(
            self.LED.replace("[contact]", '[applies_to]\ncolumns = ["call"]\n[contact]')
        )

    def test_a_mapping_may_name_a_cause_of_another_source(self, mapped, take):
        take(self.ROWS)
        third, second, first = _contacts("source", "P1")
        assert first.cause == contact_id("ambulance", "A17")
        assert second.cause == contact_id("source", "V1")
        assert third.cause is None
        assert second.planned == datetime(2026, 2, 2, 9, 30, tzinfo=UTC)

    def test_the_dry_run_shows_it_and_flags_a_source_that_nobody_declared(self, district, tmp_path):
        done = dry_run(_written(tmp_path, self.ROWS), source="source", name="x.csv",
                       mapping=self.LED, district=district)  # fmt: skip
        assert [row.get("cause_key") for row in done.contacts] == ["A17 of ambulance", "V1", None]
        assert [r.what for r in done.remarks if r.rule == "unknown-source"] == ["ambulance"]

    def test_nothing_else_is_a_key_of_another_source(self):
        with pytest.raises(BadConfig, match=r"contact\.key\.source"):
            parse(self.LED.replace('key = "id"', 'key = { source = "a", column = "id" }'))
