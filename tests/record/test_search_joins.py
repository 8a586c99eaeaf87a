"""Searches across resources, in order, page by page, and within what the asker may see."""

import pytest
from django.db.models import F
from searchable import (
    Only,
    bundle,
    coded,
    every,
    ids,
    in_order,
    keep,
    link,
    observation,
    patient,
    walked,
)

from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.searching import matches
from onesystem.record.models import EntryRow

pytestmark = pytest.mark.django_db


def refers(to):
    return {"reference": to}


def practitioner(key, family):
    return {"resourceType": "Practitioner", "id": key, "name": [{"family": family}]}


@pytest.fixture
def world():
    """Two people with a practice each, their observations, and who made them."""
    keep(
        {
            "resourceType": "Organization",
            "id": "mill",
            "name": "Mill Road",
            "partOf": refers("Organization/trust"),
        },
        {"resourceType": "Organization", "id": "trust", "name": "Trust"},
        patient("ann", name=[{"family": "Abel"}], managingOrganization=refers("Organization/mill")),
        patient("bob", name=[{"family": "Bell"}], gender="male"),
        practitioner("dr", "Cole"),
        observation(
            "a1",
            code=coded(("urn:c", "w")),
            subject=refers("Patient/ann"),
            performer=[refers("Practitioner/dr")],
            effectiveDateTime="2024-01-01",
            valueQuantity={"value": 70},
        ),
        observation(
            "a2",
            code=coded(("urn:c", "h")),
            subject=refers("Patient/ann"),
            effectiveDateTime="2024-03-01",
            hasMember=[refers("Observation/a1")],
        ),
        observation(
            "b1",
            code=coded(("urn:c", "w")),
            subject=refers("Patient/bob"),
            performer=[refers("Organization/mill")],
            effectiveDateTime="2024-02-01",
        ),
        observation("group", code=coded(("urn:c", "w")), subject=refers("Group/g")),
        {
            "resourceType": "Provenance",
            "id": "p",
            "recorded": "2024-01-01T00:00:00Z",
            "target": [refers("Observation/a1")],
            "agent": [{"who": refers("Practitioner/dr")}],
        },
        identities={
            "Patient/ann": 1,
            "Observation/a1": 1,
            "Observation/a2": 1,
            "Patient/bob": 2,
            "Observation/b1": 2,
        },
    )


@pytest.mark.usefixtures("world")
class TestReferences:
    """search.html#reference and #chaining."""

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("subject=Patient/ann", ["a1", "a2"]),
            ("subject=ann", ["a1", "a2"]),
            ("subject:Patient=ann", ["a1", "a2"]),
            ("subject:Group=ann", []),
            ("subject=http://here.example/fhir/Patient/ann", ["a1", "a2"]),
            ("subject=http://elsewhere.example/fhir/Patient/ann", []),
            ("patient=ann", ["a1", "a2"]),
            ("patient=g", []),
            ("subject=Group/g", ["group"]),
            ("subject=Patient/ann,Patient/bob", ["a1", "a2", "b1"]),
            ("subject=Patient/ann&code=w", ["a1"]),
            ("performer=Organization/mill", ["b1"]),
            ("performer:missing=true", ["a2", "group"]),
            ("subject:Patient.family=abel", ["a1", "a2"]),
            ("subject.family=bell", ["b1"]),
            ("patient.gender=male", ["b1"]),
            ("patient.gender:not=male", ["a1", "a2"]),
            ("patient.gender:missing=true", ["a1", "a2"]),
            ("subject:Patient.organization.name=mill", ["a1", "a2"]),
            ("subject:Patient.organization:Organization.partof.name=trust", ["a1", "a2"]),
            ("patient._id=ann", ["a1", "a2"]),
            ("performer:Practitioner.family=cole", ["a1"]),
            ("performer.name=mill", ["b1"]),
            ("has-member.code=w", ["a2"]),
            ("subject:Patient.family=abel&performer:Practitioner.family=cole", ["a1"]),
            ("patient._has:Observation:patient:code=h", ["a1", "a2"]),
        ],
    )
    def test_references_and_chains(self, query, found):
        assert ids(f"Observation?{query}") == found

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("_has:Observation:patient:code=w", ["ann", "bob"]),
            ("_has:Observation:patient:code=h", ["ann"]),
            ("_has:Observation:subject:value-quantity=gt60", ["ann"]),
            ("_has:Observation:patient:_has:Provenance:target:agent=Practitioner/dr", ["ann"]),
            ("_has:Observation:patient:performer.name=mill", ["bob"]),
            ("_has:Observation:patient:code=w&_has:Observation:patient:code=h", ["ann"]),
            ("_has:Observation:patient:code=none", []),
            ("_has:Observation:patient:code=h,w&gender=male", ["bob"]),
        ],
    )
    def test_what_refers_to_it(self, query, found):
        assert ids(f"Patient?{query}") == found

    def test_an_identifier_of_a_reference(self):
        keep(observation("x", subject={"identifier": {"system": "urn:n", "value": "9"}}))
        assert ids("Observation?subject:identifier=urn:n|9") == ["x"]
        assert ids("Observation?subject=9") == []

    def test_a_list(self):
        keep(
            {
                "resourceType": "List",
                "id": "mine",
                "status": "current",
                "mode": "working",
                "entry": [{"item": refers("Observation/a2")}, {"item": refers("Patient/bob")}],
            }
        )
        assert ids("Observation?_list=mine") == ["a2"]
        assert ids("Patient?_list=List/mine") == ["bob"]
        assert ids("Patient?_list=other") == []

    def test_a_compartment(self):
        assert ids("Patient/ann/Observation") == ["a1", "a2"]
        assert ids("Patient/ann/Observation?code=w") == ["a1"]
        assert ids("Patient/ann/*") == ["a1", "a2", "ann"]
        assert ids("Patient/nobody/Observation") == []

    def test_everything_at_once(self):
        assert ids("?_type=Patient,Practitioner") == ["ann", "bob", "dr"]
        assert ids("?_id=ann,a1") == ["a1", "ann"]
        with pytest.raises(Refusal, match="gender"):
            bundle("?gender=male")


@pytest.mark.usefixtures("world")
class TestIncludes:
    """search.html#include and #revinclude."""

    @pytest.mark.parametrize(
        ("query", "brought"),
        [
            ("Observation?_id=a1&_include=Observation:subject", ["ann"]),
            ("Observation?_id=a1&_include=Observation:subject:Group", []),
            ("Observation?_id=a1&_include=Observation:performer:Practitioner", ["dr"]),
            ("Observation?_id=a1&_include=Observation:*", ["ann", "dr"]),
            ("Observation?_id=a1&_include=*", ["ann", "dr"]),
            ("Observation?_id=a1&_include=Patient:organization", []),
            (
                "Observation?_id=a1&_include=Observation:patient&_include=Patient:organization",
                ["ann"],
            ),
            (
                "Observation?_id=a1&_include=Observation:patient&_include:iterate=Patient:organization",
                ["ann", "mill"],
            ),
            (
                "Observation?_id=a1&_include=Observation:patient&_include:iterate=*",
                ["ann", "dr", "mill", "trust"],
            ),
            ("Patient?_id=ann&_revinclude=Observation:subject", ["a1", "a2"]),
            (
                "Patient?_id=ann&_revinclude=Observation:patient&_revinclude:iterate=Provenance:target",
                ["a1", "a2", "p"],
            ),
            ("Patient?_id=ann&_revinclude=*", ["a1", "a2"]),
            ("Observation?_id=a1&_revinclude=Observation:has-member", ["a2"]),
            ("Observation?_id=a1,a2&_include=Observation:has-member", []),
        ],
    )
    def test_what_comes_along(self, query, brought):
        assert ids(query, mode="include") == brought

    def test_it_does_not_count(self):
        found = bundle("Observation?_include=Observation:subject&_count=1")
        assert found["total"] == 4
        assert [e["search"]["mode"] for e in found["entry"]].count("match") == 1


@pytest.mark.usefixtures("world")
class TestOrderAndPages:
    """search.html#sort and #count."""

    @pytest.mark.parametrize(
        ("sort", "order"),
        [
            ("date", ["a1", "b1", "a2", "group"]),
            ("-date", ["a2", "b1", "a1", "group"]),
            ("code,-date", ["a2", "b1", "a1", "group"]),
            ("-code,date", ["a1", "b1", "group", "a2"]),
            ("_id", ["a1", "a2", "b1", "group"]),
            ("-_id", ["group", "b1", "a2", "a1"]),
            ("value-quantity,_id", ["a1", "a2", "b1", "group"]),
            ("subject,date", ["a1", "a2", "b1", "group"]),
        ],
    )
    @pytest.mark.parametrize("size", [1, 2, 50])
    def test_the_order_and_what_is_missing_last(self, sort, order, size):
        assert every(walked(f"Observation?_sort={sort}&_count={size}")) == order

    @pytest.mark.parametrize(
        "query", ["_sort=-date", "_sort=date,_id", "", "_sort=code", "status=final"]
    )
    def test_pages_go_back_as_they_went(self, query):
        pages, at = [], f"Observation?{query}&_count=1"
        while at:
            found = bundle(at)
            pages.append([e["resource"]["id"] for e in found["entry"]])
            last, at = found, link(found, "next")
        back = [pages[-1]]
        while at := link(last, "previous"):
            last = bundle(at)
            back.append([e["resource"]["id"] for e in last["entry"]])
        assert back == pages[::-1]
        assert len(pages) == last["total"] == 4

    def test_what_comes_in_between_moves_nothing(self):
        first = bundle("Observation?_sort=-date&_count=2")
        keep(
            observation("new", effectiveDateTime="2025-01-01"),
            observation("old", effectiveDateTime="2020-01-01"),
        )
        assert in_order(link(first, "next")) == ["a1", "old"]
        assert first["total"] == bundle(link(first, "next"))["total"] == 4

    def test_a_link_is_for_who_was_given_it(self):
        at = link(bundle("Observation?_count=1"), "next")
        for broken in (at[:-3], at.replace("Observation", "Patient"), "Observation?_page=x"):
            with pytest.raises(Refusal, match="link"):
                bundle(broken)

    def test_counts(self):
        for query in ("_count=0", "_summary=count"):
            found = bundle(f"Observation?code=w&{query}")
            assert found["total"] == 3
            assert "entry" not in found
        assert "total" not in bundle("Observation?_count=1&_total=none")
        assert bundle("Observation?_count=1&_total=accurate")["total"] == 4

    def test_a_page_of_a_person_ends_the_walk(self):
        """In the order of the key: the total is told where all is on the page, or asked for."""
        whole = bundle("Observation?subject=Patient/ann")
        assert whole["total"] == 2
        first = bundle("Observation?subject=Patient/ann&_count=1")
        assert "total" not in first
        assert in_order(link(first, "next")) == in_order("Observation?subject=Patient/ann")[1:]
        counted = bundle("Observation?subject=Patient/ann&_count=1&_total=accurate")
        assert counted["total"] == 2
        assert bundle(link(counted, "next"))["total"] == 2
        back = bundle(link(bundle(link(first, "next")), "previous"))
        assert back["entry"] == first["entry"]

    def test_whole_values_are_joined_and_their_pages_go_back(self):
        """A person, a code and a status with their systems: each result once, in its order."""
        final = "status=http://hl7.org/fhir/observation-status|final"
        both = f"Observation?subject=Patient/ann&{final}"
        assert in_order(f"{both}&code=urn:c|w") == ["a1"]
        assert in_order(f"{both}&code=urn:d|w") == []
        first = bundle(f"{both}&_count=1")
        second = bundle(link(first, "next"))
        assert [e["resource"]["id"] for b in (first, second) for e in b["entry"]] == ["a1", "a2"]
        assert bundle(link(second, "previous"))["entry"] == first["entry"]
        assert link(second, "next") is None

    @pytest.mark.parametrize(
        "query",
        [
            "Observation?_sort=-_lastUpdated",
            "Observation?_sort=_lastUpdated&status=final",
            "Patient?_has:Observation:subject:code=w",
            "Patient?_has:Observation:subject:code=w&gender=male",
            "Patient?_has:Observation:subject:_has:Provenance:target:agent=dr",
            "Observation?subject.family=Abel&code=w,h",
        ],
    )
    @pytest.mark.parametrize("scope", [None, Only(1)])
    def test_many_are_found_in_another_way_and_are_the_same(self, query, scope, monkeypatch):
        """What is done where many meet a condition, done with few."""
        few = every(walked(f"{query}&_count=1", scope=scope))
        monkeypatch.setattr("onesystem.record.fhir.searching.starting.MANY", 1)
        monkeypatch.setattr("onesystem.record.fhir.searching.starting.ENOUGH", 1)
        many = every(walked(f"{query}&_count=1", scope=scope))
        assert sorted(many) == sorted(few)
        assert bool(few) == ("gender=male" not in query or scope is None)

    def test_the_newest_come_first_and_their_pages_go_back(self, monkeypatch):
        monkeypatch.setattr("onesystem.record.fhir.searching.starting.MANY", 1)
        newest = EntryRow.objects.filter(kind="Observation", logical="b1")
        newest.update(known_at=F("known_at") + 1)
        first = bundle("Observation?_sort=-_lastUpdated&_count=2")
        assert first["entry"][0]["resource"]["id"] == "b1"
        second = bundle(link(first, "next"))
        assert bundle(link(second, "previous"))["entry"] == first["entry"]
        monkeypatch.setattr("onesystem.record.fhir.searching.starting.MANY", 20_000)
        assert bundle(link(first, "next"))["entry"] == second["entry"]

    def test_self_says_what_was_understood(self):
        found = bundle("Observation?code=w&_count=2&_format=json")
        assert found["link"][0]["url"] == "http://here.example/fhir/Observation?code=w&_count=2"


@pytest.mark.usefixtures("world")
class TestParts:
    """search.html#summary and #elements."""

    def test_parts_are_marked(self):
        [entry] = bundle("Observation?_id=a1&_elements=code")["entry"]
        held = entry["resource"]
        assert set(held) == {"resourceType", "id", "meta", "status", "code"}
        assert held["meta"]["tag"][0]["code"] == "SUBSETTED"

    def test_summaries(self):
        keep(
            patient(
                "t",
                text={"status": "generated", "div": "<div/>"},
                contact=[{"gender": "male"}],
                gender="male",
            )
        )
        kept = {
            s: set(bundle(f"Patient?_id=t&_summary={s}")["entry"][0]["resource"])
            for s in ("true", "text", "data", "false")
        }
        always = {"resourceType", "id", "meta"}
        assert kept["true"] == always | {"gender"}
        assert kept["text"] == always | {"text"}
        assert kept["data"] == always | {"gender", "contact"}
        assert kept["false"] == always | {"gender", "contact", "text"}


@pytest.mark.usefixtures("world")
class TestScope:
    """What is outside the scope is never counted, included, chained through or hinted at."""

    ANN = Only(1)

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("Patient", ["ann"]),
            ("Observation?code=w", ["a1", "group"]),
            ("Observation?subject=Patient/bob", []),
            ("Observation?patient.gender=male", []),
            ("Organization?_has:Observation:performer:code=w", []),
            ("Observation?performer.name=mill", []),
            ("Patient/bob/Observation", []),
            ("Patient/bob/*", []),
            ("?_id=bob,b1", []),
            ("Patient?_has:Observation:patient:code=w", ["ann"]),
        ],
    )
    def test_nothing_outside_is_found_or_counted(self, query, found):
        assert ids(query, scope=self.ANN) == found
        assert bundle(query, scope=self.ANN)["total"] == len(found)
        counting = query + ("&" if "?" in query else "?") + "_summary=count"
        assert bundle(counting, scope=self.ANN)["total"] == len(found)

    def test_nothing_outside_is_included(self):
        ann = {"mode": "include", "scope": self.ANN}
        assert ids("Organization?_id=mill&_revinclude=Observation:performer", **ann) == []
        assert ids("Organization?_id=mill&_revinclude=Patient:organization", **ann) == ["ann"]
        assert ids("Observation?_revinclude=*&_include=*", **ann) == ["ann", "dr", "p"]

    def test_nothing_outside_is_listed(self):
        keep(
            {
                "resourceType": "List",
                "id": "bobs",
                "status": "current",
                "mode": "working",
                "entry": [{"item": refers("Observation/a1")}],
            },
            identities={"List/bobs": 2},
        )
        assert ids("Observation?_list=bobs", scope=self.ANN) == []
        assert ids("Observation?_list=bobs") == ["a1"]

    def test_nothing_outside_orders_or_pages(self):
        assert every(walked("Observation?_sort=-date&_count=1", scope=self.ANN)) == [
            "a2",
            "a1",
            "group",
        ]

    def test_conditional_operations_see_no_more(self):
        params = [("family", "bell")]
        assert len(matches("Patient", params, None)) == 1
        assert matches("Patient", params, self.ANN) == []
        with pytest.raises(Refusal, match="no search parameter"):
            matches("Patient", [], None)


class TestChanges:
    """The index follows the entries."""

    def test_a_new_version_replaces_the_old(self):
        keep(patient("a", gender="male", name=[{"family": "Old"}]), identities={"Patient/a": 1})
        keep(patient("a", gender="female"), identities={"Patient/a": 1}, minutes=5)
        assert ids("Patient?gender=female") == ["a"]
        assert ids("Patient?gender=male") == ids("Patient?family=old") == []

    def test_an_older_version_that_comes_late_changes_nothing(self):
        keep(patient("a", gender="male"), minutes=5)
        keep(patient("a", gender="female"))
        assert ids("Patient?gender=male") == ["a"]
        assert ids("Patient?gender=female") == []

    def test_a_rebuilt_index_is_the_same(self):
        from django.db import connection

        from onesystem.record.fhir.searching import index
        from onesystem.record.fhir.searching.tables import TABLES

        def rows():
            with connection.cursor() as cursor:
                held = {}
                for table, (columns, _) in TABLES.items():
                    cursor.execute(f"SELECT {', '.join(columns)} FROM {table}")
                    held[table] = sorted(cursor.fetchall())
            return held

        keep(
            patient("a", gender="male", birthDate="1990"),
            observation("o", valueQuantity={"value": 1}),
        )
        before = rows()
        assert index.rebuild() == 2
        assert rows() == before


def test_what_says_a_value_twice_comes_once():
    """Two parts of one entry that say the same: a key by value holds them both."""
    twice = [{"code": coded(("urn:c", "w")), "valueQuantity": {"value": n}} for n in (1, 2)]
    keep(patient("ann"), observation("o", component=twice))
    for query in ("component-code=urn:c|w", "component-code=w", "_count=1&combo-code=urn:c|w"):
        found = bundle(f"Observation?{query}")
        assert [e["resource"]["id"] for e in found["entry"]] == ["o"]
        assert found["total"] == 1


def test_a_search_that_takes_too_long_is_stopped_and_takes_nothing_with_it():
    from django.db import connection

    from onesystem.record.fhir.searching.limits import limited

    keep(patient("a"))
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) "
        "SELECT COUNT(*) FROM n"
    )
    with pytest.raises(Refusal) as refused, limited(0.05), connection.cursor() as cursor:
        cursor.execute(endless)
    assert refused.value.issues[0].code == "too-costly"
    assert refused.value.issues[0].cure
    assert ids("Patient") == ["a"]
