"""The directory out to FHIR R4 and HSDS 3 and in again: nothing of ours is lost, theirs is kept."""

import gzip
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from fhir_asking import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from service_entries import entries

from onesystem.access import Actor
from onesystem.care.services import queries, slot_actions
from onesystem.care.services.actions import confirm, keep
from onesystem.care.services.codec import packed
from onesystem.care.services.defaults import plain
from onesystem.care.services.entry import Entry, Holiday, Notice
from onesystem.care.services.exchange import fhir_in, fhir_out, hsds_in, hsds_out, taking
from onesystem.care.services.exchange.lines import places
from onesystem.care.services.exchange.told import Sessions, SlotTold
from onesystem.care.services.hours import opening_of
from onesystem.care.services.publishing import publish
from onesystem.care.services.rows import ScheduleRow, SlotRow
from onesystem.care.services.sessions import pattern_of
from onesystem.cli import main, root
from onesystem.district import parse
from onesystem.feeds.fhir.validation import check
from onesystem.vocabulary import UserError

DATA = Path(__file__).resolve().parents[1] / "data"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = date(2026, 11, 23)
HEAD = {"code": "t", "name": "Testshire", "zone": "Europe/London", "currency": "GBP"}
HERE = parse(
    {
        "district": HEAD,
        "organisations": {"hospital": {"name": "Hospital", "phone": "01632 960000"}},
        "places": {"site": {"name": "Hospital site", "postcode": "NR1 1AA"}},
        "services": {
            "chest": {"name": "Chest clinic", "setting": "outpatient", "organisation": "hospital"}
        },
    },
    path=None,
)
CHEST = plain(HERE.services["chest"], HERE)
LISTED = Entry(
    service="walks", name="Walking group", setting="", organisation="Walkers", listed=True
)
KIRI = Actor(name="kiri", roles=frozenset({"coordinator"}), organisation="hospital")
JOB = Actor.job("test")


def there_and_back(entry, form, known=None):
    """An entry as a file, read where nobody knows it but the district's file."""
    if form == "fhir":
        told = fhir_out.bundle([entry], HERE, at=NOON)
        read = fhir_in.read(orjson.dumps(told), HERE, known or {"chest": CHEST}, TODAY)
    else:
        told = hsds_out.page([entry], HERE, at=NOON)
        read = hsds_in.read(orjson.dumps(told), HERE, known or {"chest": CHEST}, TODAY)
    assert read.errors == []
    return told, read


both = pytest.mark.parametrize("form", ["fhir", "hsds"])


@both
class TestRoundTrip:
    @given(entry=st.one_of(entries(CHEST), entries(LISTED).map(lambda e: replace(e, accepts=()))))
    @settings(max_examples=60)
    def test_nothing_of_ours_is_lost(self, entry, form):
        _, read = there_and_back(entry, form)
        [come] = read.services
        assert {**packed(come.entry), "foreign": {}} == {**packed(entry), "foreign": {}}
        assert come.entry.service == entry.service

    @given(entry=entries(CHEST))
    @settings(max_examples=30)
    def test_what_is_told_a_second_time_is_the_same_file(self, entry, form):
        told, read = there_and_back(entry, form)
        again, _ = there_and_back(read.services[0].entry, form)
        assert again == told

    def test_who_confirmed_it_goes_along(self, form):
        sure = replace(CHEST, confirmed_at=NOON, confirmed_by="kiri")
        [come] = there_and_back(sure, form)[1].services
        assert (come.confirmed_at, come.confirmed_by) == (NOON, "kiri")


@given(entry=entries(CHEST))
@settings(max_examples=40)
def test_every_resource_is_r4(entry):
    told = fhir_out.bundle(
        [entry], HERE, at=NOON,
        schedules=[Sessions(service="chest", key="k", words="Clinic")],
        slots=[SlotTold(schedule="k", key="k-1", starts=NOON, ends=NOON + timedelta(hours=1),
                        state=state) for state in ("free",)],
    )  # fmt: skip
    kinds = {each["resource"]["resourceType"] for each in told["entry"]}
    assert {"HealthcareService", "Organization", "Schedule", "Slot"} <= kinds
    for each in told["entry"]:
        check(each["resource"])


class TestFhirOfOthers:
    def bundle(self, **more):
        service = {
            "resourceType": "HealthcareService", "id": "77", "active": True,
            "name": "Falls exercise", "comment": "Strength and balance",
            "providedBy": {"reference": "Organization/o"},
            "location": [{"reference": "Location/l"}],
            "program": [{"text": "Ageing well"}],
            "telecom": [{"system": "phone", "value": "01632 960123"},
                        {"system": "url", "value": "http://example.org"}],
            "availableTime": [{"daysOfWeek": ["mon", "tue"], "availableStartTime": "09:00:00",
                               "availableEndTime": "17:00:00"}], **more,
        }  # fmt: skip
        return {
            "resourceType": "Bundle", "type": "collection", "entry": [
                {"fullUrl": "http://x/HealthcareService/77", "resource": service},
                {"resource": {"resourceType": "Organization", "id": "o", "name": "Age Concern",
                              "alias": ["AC"]}},
                {"resource": {"resourceType": "Location", "id": "l", "name": "Village hall",
                              "address": {"line": ["High Street"], "postalCode": "NR2 2BB"}}},
                {"resource": {"resourceType": "Practitioner", "id": "p"}},
            ],
        }  # fmt: skip

    def read(self, told, known=None):
        return fhir_in.read(orjson.dumps(told), HERE, known or {"chest": CHEST}, TODAY)

    def test_a_foreign_service_is_listed_with_what_it_says(self):
        read = self.read(self.bundle())
        [come] = read.services
        entry = come.entry
        assert (entry.service, entry.listed, entry.organisation) == (
            "falls-exercise", True, "Age Concern",
        )  # fmt: skip
        assert entry.addresses == ("Village hall, High Street, NR2 2BB",)
        assert entry.hours == (opening_of("mon-tue 09:00-17:00"),)
        assert entry.phone == "01632 960123"
        assert come.kept == ("program", "telecom")
        assert [str(r) for r in read.remarks] == [
            "Practitioner: 1 were not taken: the directory has no place for them"
        ]

    def test_its_foreign_parts_go_out_again(self):
        [come] = self.read(self.bundle()).services
        told = fhir_out.bundle([come.entry], HERE, at=NOON)
        made = {e["resource"]["resourceType"]: e["resource"] for e in told["entry"]}
        assert made["HealthcareService"]["program"] == [{"text": "Ageing well"}]
        assert {"system": "url", "value": "http://example.org"} in (
            made["HealthcareService"]["telecom"]
        )
        assert made["Organization"]["alias"] == ["AC"]
        assert made["Location"]["address"]["line"] == ["High Street"]

    def test_it_is_known_again(self):
        [come] = self.read(self.bundle()).services
        known = {"chest": CHEST, "falls-exercise": come.entry}
        [again] = self.read(self.bundle(comment="More"), known).services
        assert (again.entry.service, again.entry.words) == ("falls-exercise", "More")

    def test_what_others_changed_on_the_way_wins_and_the_rest_stands(self):
        ours = replace(CHEST, words="Before", criteria="Cough", tags=("lung",))
        told = fhir_out.bundle([ours], HERE, at=NOON)
        service = told["entry"][-1]["resource"]
        service["comment"] = "After"
        del service["eligibility"]
        [come] = self.read(told).services
        assert (come.entry.words, come.entry.criteria, come.entry.tags) == ("After", "", ("lung",))

    def test_what_is_not_r4_is_named_with_its_line_and_the_others_are_taken(self):
        told = self.bundle(active="yes")
        told["entry"].append({"resource": {"resourceType": "HealthcareService", "name": "Meals"}})
        text = orjson.dumps(told, option=orjson.OPT_INDENT_2)
        read = fhir_in.read(text, HERE, {}, TODAY)
        assert [come.entry.name for come in read.services] == ["Meals"]
        [error] = read.errors
        assert error.where.endswith("active")
        assert error.line > 1
        assert error.cure

    def test_a_file_that_is_something_else_says_what_it_has_to_be(self):
        with pytest.raises(UserError, match="no Bundle"):
            self.read({"resourceType": "Patient"})
        with pytest.raises(UserError, match=r"line 2, column 1.*Mend that line"):
            fhir_in.read(b'{"resourceType":\n}', HERE, {}, TODAY)


def test_the_examples_of_the_standard_are_listed_and_told_again_in_their_own_words():
    kinds = {"HealthcareService", "Location", "Organization", "Schedule", "Slot"}
    with gzip.open(DATA / "fhir/hl7_r4_examples/examples.ndjson.gz") as lines:
        told = [each for each in map(orjson.loads, lines) if each.get("resourceType") in kinds]
    bundle = {"resourceType": "Bundle", "type": "collection",
              "entry": [{"resource": each} for each in told]}  # fmt: skip
    read = fhir_in.read(orjson.dumps(bundle), HERE, {}, TODAY)
    assert read.errors == []
    [come] = read.services
    assert come.entry.organisation == "Burgers University Medical Center"
    assert "9105 PZ" in come.entry.addresses[0]
    again = fhir_out.bundle([come.entry], HERE, at=NOON, worded=fhir_in.worded)
    for each in again["entry"]:
        check(each["resource"])
    made = again["entry"][-1]["resource"]
    [theirs] = [each for each in told if each["resourceType"] == "HealthcareService"]
    by_our_ids = {"id", "identifier", "location", "providedBy"}
    assert {name for name in theirs if made.get(name) != theirs[name]} <= by_our_ids
    assert theirs["identifier"][0] in made["identifier"]


def test_two_files_may_number_their_places_alike():
    def told(name, street):
        return fhir_in.read(
            orjson.dumps({"resourceType": "Bundle", "type": "collection", "entry": [
                {"resource": {"resourceType": "HealthcareService", "id": name, "name": name,
                              "location": [{"reference": "Location/1"}]}},
                {"resource": {"resourceType": "Location", "id": "1", "name": name,
                              "mode": "instance", "address": {"line": [street]}}}]}),
            HERE, {}, TODAY,
        ).services[0].entry  # fmt: skip

    both = [told("a", "Mill Road"), told("b", "Quay")]
    read = fhir_in.read(orjson.dumps(fhir_out.bundle(both, HERE, at=NOON)), HERE, {}, TODAY)
    assert [come.entry.addresses for come in read.services] == [("a, Mill Road",), ("b, Quay",)]


class TestHsdsOfOthers:
    def service(self, **more):
        return {
            "id": "ac148810-d857-441c-9679-408f346de14b", "name": "Community Counselling",
            "status": "active", "description": "By trained people", "fees_description": "Free",
            "assured_date": "2026-05-04", "alert": "Ring first",
            "organization": {"id": "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "name": "Example Org",
                             "description": "d"},
            "phones": [{"id": "1", "number": "01632 960555", "extension": 9}],
            "schedules": [{"id": "2", "freq": "WEEKLY", "byday": "TH,FR", "opens_at": "10:00",
                           "closes_at": "18:00"}],
            "service_at_locations": [{"id": "3", "location": {
                "id": "4", "location_type": "physical", "name": "Civic Center",
                "addresses": [{"id": "5", "address_1": "1 Main Street", "city": "Town",
                               "state_province": "S", "postal_code": "AB1 2CD", "country": "GB",
                               "address_type": "physical"}]}}],
            **more,
        }  # fmt: skip

    def read(self, *services, known=None):
        text = orjson.dumps({"contents": list(services)}, option=orjson.OPT_INDENT_2)
        return hsds_in.read(text, HERE, known or {}, TODAY)

    def test_a_foreign_service_is_listed_and_goes_out_again_whole(self):
        told = self.service()
        [come] = self.read(told).services
        entry = come.entry
        assert (entry.service, entry.listed, entry.phone) == (
            "community-counselling", True, "01632 960555",
        )  # fmt: skip
        assert entry.hours == (opening_of("thu-fri 10:00-18:00"),)
        assert entry.addresses == ("Civic Center, 1 Main Street, Town, AB1 2CD",)
        assert come.kept == ("fees_description",)
        assert come.confirmed_at.date() == date(2026, 5, 4)
        assert come.confirmed_by == "Example Org"
        assert [notice.words for notice in entry.notices] == ["Ring first"]
        again = hsds_in.worded(entry, hsds_out.service(entry, HERE, TODAY))
        assert {name for name in told if again.get(name) != told[name]} == {"assured_date"}

    def test_what_is_closed_elsewhere_is_closed_here(self):
        [come] = self.read(self.service(status="temporarily closed", alert="Flooded")).services
        assert come.entry.closed_on(TODAY).words == "Flooded"

    @pytest.mark.parametrize(
        ("said", "where", "what"),
        [({"name": ""}, "contents[0].name", "no name"),
         ({"status": "open"}, "contents[0].status", "no status"),
         ({"schedules": [{"id": "1", "byday": "XX", "opens_at": "9"}]},
          "contents[0].schedules[0]", "cannot be read"),
         ({"phones": "01632"}, "contents[0].phones", "no list")],
    )  # fmt: skip
    def test_what_is_broken_is_named_with_its_line_and_the_others_are_taken(
        self, said, where, what
    ):
        read = self.read(self.service(**said), self.service(id="x", name="Other"))
        [error] = read.errors
        assert (error.where, what in error.what, bool(error.cure)) == (where, True, True)
        assert error.line > 1
        assert [come.entry.name for come in read.services] == ["Other"]

    def test_a_file_that_is_none_says_so(self):
        with pytest.raises(UserError, match="no service in this file"):
            hsds_in.read(b"{}", HERE, {}, TODAY)
        with pytest.raises(UserError, match="line 1, column"):
            hsds_in.read(b'{"contents": [', HERE, {}, TODAY)


json = st.recursive(
    st.none() | st.booleans() | st.integers(0, 99) | st.text(max_size=5),
    lambda each: st.one_of(
        st.lists(each, max_size=3), st.dictionaries(st.text(max_size=4), each, max_size=3)
    ),
    max_leaves=12,
)


@given(json)
def test_every_thing_in_a_file_has_its_line(value):
    text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    lines = text.split("\n")
    for path, line in places(text).items():
        each = value
        for part in path:
            each = each[part]
        begins = orjson.dumps(each, option=orjson.OPT_INDENT_2).decode().split("\n")[0]
        assert begins in lines[line - 1]


@pytest.fixture
def written(joined):
    """A district with an entry, confirmed, with slots of which one is blocked."""
    entry = replace(
        queries.entry("ed"), words="All that cannot wait", hours=(opening_of("mon-sun"),),
        holidays=(Holiday(since=TODAY, until=TODAY, spans=((time(9), time(12)),)),),
        notices=(Notice(words="Use the other door"),), places=("site",),
    )  # fmt: skip
    confirm(service="ed", seen=keep(entry=entry, seen=0, by=KIRI, why="new"), by=KIRI)
    pattern = pattern_of(days="mon", span="09:00-11:00", minutes="60", many="1",
                         since="2031-01-06", until="2031-01-12")  # fmt: skip
    slot_actions.make_slots(service="ed", pattern=pattern, words="Review", by=KIRI)
    slot_actions.block_slot(slot=SlotRow.objects.first().pk, by=KIRI)
    return joined


def empty():
    """The store as if nobody had ever kept the directory."""
    from onesystem.care.services.rows import ServiceRow, ServiceStep, SlotStep

    for rows in (ServiceStep, ServiceRow, ScheduleRow, SlotRow, SlotStep):
        rows.objects.all().delete()


@both
def test_a_directory_comes_back_whole_in_an_empty_store(written, form):
    before = queries.entries()
    text = orjson.dumps(taking.exported(form))
    slots = list(
        SlotRow.objects.order_by("key").values_list("key", "starts", "ends", "state", "words")
    )
    empty()
    report = taking.imported(form, text, name="file.json", by=JOB)
    assert report.errors == []
    after = queries.entries()
    for code, entry in before.items():
        assert packed(after[code]) == packed(entry)
    ed = after["ed"]
    assert (ed.confirmed_by, ed.confirmed_at) == ("kiri", before["ed"].confirmed_at)
    if form == "fhir":
        assert report.slots == 2
        assert (
            list(
                SlotRow.objects.order_by("key").values_list(
                    "key", "starts", "ends", "state", "words"
                )
            )
            == slots
        )
    again = taking.imported(form, text, name="file.json", by=JOB)
    assert (again.new, again.changed, again.slots) == ([], [], 0)


def test_a_file_gives_no_slot_away_that_a_request_has(written):
    text = orjson.dumps(taking.exported("fhir"))
    from onesystem.care.services.slots import book_slot

    [free] = SlotRow.objects.filter(state="free")
    book_slot(slot=free.pk, request=7, by=KIRI)
    report = taking.imported("fhir", text, name="old.json", by=JOB)
    assert any("stays booked" in str(remark) for remark in report.remarks)
    assert SlotRow.objects.get(pk=free.pk).request == 7


def test_a_dry_run_changes_nothing(written):
    text = orjson.dumps(taking.exported("hsds")).replace(b"All that cannot wait", b"Everything")
    report = taking.imported("hsds", text, name="file.json", by=JOB, dry=True)
    assert report.changed == ["ed"]
    assert queries.entry("ed").words == "All that cannot wait"


def test_the_command_writes_and_reads(written, tmp_path):
    file = tmp_path / "directory.json"
    done = CliRunner().invoke(root, ["services", "export", "--hsds", str(file)])
    assert done.exit_code == 0, done.output
    told = orjson.loads(file.read_bytes())
    told["contents"][0]["status"] = "open"
    file.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2))
    done = CliRunner().invoke(root, ["services", "import", "--hsds", str(file)])
    assert done.exit_code == 9
    assert "refused: line" in done.output
    assert "contents[0].status: 'open' is no status. " in done.output
    with pytest.raises(SystemExit) as ended:
        main(["services", "import", "--hsds", str(tmp_path / "none")])
    assert ended.value.code == 10


def test_the_fhir_api_tells_of_services_once_they_are_published(written):
    assert publish(by=JOB)
    assert not publish(by=JOB)
    client = Client()
    found = client.get("/HealthcareService?name=emergency").json
    [service] = [each["resource"] for each in found["entry"]]
    assert service["comment"] == "All that cannot wait"
    assert client.get("/Slot").json["total"] == 0
    entry = replace(queries.entry("ed"), words="Day and night")
    keep(entry=entry, seen=queries.entry("ed").number, by=KIRI)
    assert publish(by=JOB)
    [again] = client.get("/HealthcareService?name=emergency").json["entry"]
    assert again["resource"]["comment"] == "Day and night"
