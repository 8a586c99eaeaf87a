"""$everything, $match and $summary: one person, whole, within what the caller may see."""

import json

import pytest
from fhir_asking import Client, events, patient, weight

pytestmark = pytest.mark.django_db
NHS = "https://fhir.nhs.uk/Id/nhs-number"


@pytest.fixture
def app(district):
    from onesystem import wiring

    wiring.connect()
    return Client()


def aroha(number="9434765919", **more):
    return patient(
        identifier=[{"system": NHS, "value": number}], birthDate="1980-03-02", gender="female",
        address=[{"line": ["1 High Street"], "postalCode": "LS1 4AP"}], **more,
    )  # fmt: skip


def names(found):
    return [f"{e['resource']['resourceType']}/{e['resource']['id']}" for e in found["entry"]]


def pages(app, path):
    found = app.get(path)
    assert found.status == 200, found.body
    yield found.json
    for link in found.json["link"]:
        if link["relation"] == "next":
            yield from pages(app, link["url"].split("/fhir/")[1])


@pytest.fixture
def known(app):
    """A person with seven weights and who measured them; and somebody else."""
    app.put("Practitioner/kiri", {"resourceType": "Practitioner", "id": "kiri"})
    app.put("Practitioner/other", {"resourceType": "Practitioner", "id": "other"})
    app.put("Patient/p", aroha(id="p"))
    app.put("Patient/q", patient(id="q", name=[{"family": "Else"}]))
    for n in range(7):
        app.put(f"Observation/o{n}", json.loads(weight(
            "Patient/p", "1", id=f"o{n}", effectiveDateTime=f"2026-0{n + 1}-15",
            performer=[{"reference": "Practitioner/kiri"}])))  # fmt: skip
    app.put("Observation/x", json.loads(weight("Patient/q", "1", id="x")))
    return app


class TestEverything:
    def test_is_theirs_and_what_it_refers_to(self, known):
        found = known.get("Patient/p/$everything").json
        assert found["total"] == 8  # what is referred to is no match
        assert names(found)[0] == "Patient/p"
        assert set(names(found)[1:8]) == {f"Observation/o{n}" for n in range(7)}
        assert names(found)[8] == "Practitioner/kiri"

    def test_each_says_its_source_and_when_it_became_known(self, known):
        for each in known.get("Patient/p/$everything").json["entry"]:
            meta = each["resource"]["meta"]
            assert meta["source"].startswith("urn:onesystem:app:app#")
            assert meta["lastUpdated"]

    @pytest.mark.parametrize("count", [1, 2, 3, 8, 9])
    def test_pages_give_each_once(self, known, count):
        whole = names(known.get("Patient/p/$everything").json)
        made = [n for page in pages(known, f"Patient/p/$everything?_count={count}")
                for n in names(page)]  # fmt: skip
        assert made == whole

    def test_what_is_written_meanwhile_moves_nothing(self, known):
        whole = names(known.get("Patient/p/$everything").json)
        walk = pages(known, "Patient/p/$everything?_count=4")
        made = names(next(walk))
        known.put("Observation/o0", json.loads(weight("Patient/p", "2", id="o0")))
        assert made + [n for page in walk for n in names(page)] == whole

    def test_is_narrowed(self, known):
        found = known.get("Patient/p/$everything?_type=Observation&start=2026-03&end=2026-04").json
        assert sorted(names(found)) == ["Observation/o2", "Observation/o3"]
        later = known.get("Patient/p/$everything?_since=2999-01-01").json
        assert later["total"] == 0

    def test_linked_identities_are_one_person(self, known):
        other = Client(name="clinic")
        other.put("Patient/p2", aroha(id="p2"))
        other.put("Observation/y", json.loads(weight("Patient/p2", "1", id="y")))
        assert {"Patient/p", "Patient/p2", "Observation/y"} <= set(
            names(known.get("Patient/p/$everything").json)
        )

    def test_whoever_is_absent_or_shut(self, known):
        assert known.get("Patient/nobody/$everything").status == 404
        nurse = Client(role="ed-nurse", purpose="direct care", name="nurse")
        assert nurse.get("Patient/p/$everything").status == 404
        assert known.get("Observation/o1/$everything").status == 404

    @pytest.mark.parametrize(
        "query", ["_type=Patent", "_count=0", "_count=x", "nonsense=1", "_page=9.1", "start=soon"]
    )
    def test_what_is_asked_wrongly(self, known, query):
        found = known.get(f"Patient/p/$everything?{query}")
        assert (found.status, found.json["resourceType"]) == (400, "OperationOutcome")

    def test_a_token_for_some_types(self, known):
        app = Client(scopes="user/Patient.rs user/Observation.rs", name="narrow")
        assert not any("Practitioner" in n for n in names(app.get("Patient/p/$everything").json))
        assert app.get("Patient/p/$everything?_type=Practitioner").status == 403

    def test_is_one_event_for_the_person(self, known):
        known.get("Patient/p/$everything")
        last = events()[-1]
        assert last.act == "fhir.operation-everything"
        assert last.person is not None
        assert json.loads(last.detail)["entries"] == 9


class TestOfGroupsAndEncounters:
    def test_a_group_is_all_of_its_members(self, known):
        known.put("Group/g", {"resourceType": "Group", "id": "g", "type": "person", "actual": True,
                              "member": [{"entity": {"reference": "Patient/q"}}]})  # fmt: skip
        assert set(names(known.get("Group/g/$everything").json)) == {"Patient/q", "Observation/x"}
        assert known.get("Group/nobody/$everything").status == 404
        assert known.get("Group/$everything").status == 404

    def test_an_encounter_is_its_compartment_and_what_that_refers_to(self, known):
        known.put("Encounter/e", {
            "resourceType": "Encounter", "id": "e", "status": "finished",
            "class": {"code": "IMP"}, "subject": {"reference": "Patient/p"}})  # fmt: skip
        known.put("Observation/in", json.loads(weight(
            "Patient/p", id="in", encounter={"reference": "Encounter/e"},
            performer=[{"reference": "Practitioner/kiri"}])))  # fmt: skip
        found = known.get("Encounter/e/$everything")
        assert set(names(found.json)) == {"Encounter/e", "Observation/in", "Patient/p",
                                          "Practitioner/kiri"}  # fmt: skip
        some = known.get("Encounter/e/$everything?_type=Observation&_count=1").json
        assert "Observation/in" in names(some)
        assert "Encounter/e" not in [f"Encounter/{e['resource']['id']}" for e in some["entry"]
                                     if e["search"]["mode"] == "match"]  # fmt: skip
        assert known.get("Encounter/nobody/$everything").status == 404


class TestMatch:
    def ask(self, app, who, **more):
        said = [{"name": "resource", "resource": who},
                *({"name": k, "valueBoolean" if isinstance(v, bool) else "valueInteger": v}
                  for k, v in more.items())]  # fmt: skip
        return app.post("Patient/$match", {"resourceType": "Parameters", "parameter": said})

    def test_the_same_number_is_certain(self, known):
        found = self.ask(known, aroha())
        assert found.status == 200, found.body
        assert names(found.json) == ["Patient/p"]
        search = found.json["entry"][0]["search"]
        assert search["extension"][0]["valueCode"] == "certain"
        assert 0.99 < search["score"] <= 1

    def test_names_and_birth_date_alone_are_less(self, known):
        who = {k: v for k, v in aroha().items() if k != "identifier"}
        found = self.ask(known, who)
        assert names(found.json) == ["Patient/p"]
        assert found.json["entry"][0]["search"]["score"] <= 1

    def test_nobody_is_alike(self, known):
        who = patient(name=[{"family": "Zq"}], birthDate="1901-01-01", identifier=[])
        del who["identifier"]
        assert self.ask(known, who).json["total"] == 0

    def test_nobody_outside_the_scope(self, known):
        nurse = Client(role="ed-nurse", purpose="direct care", name="nurse")
        assert self.ask(nurse, aroha()).json["total"] == 0

    def test_only_certain(self, known):
        assert self.ask(known, aroha(), onlyCertainMatches=True, count=1).json["total"] == 1
        who = {"resourceType": "Patient", "name": [{"family": "Rata", "given": ["Aroha"]}],
               "birthDate": "1980-03-02"}  # fmt: skip
        assert self.ask(known, who, onlyCertainMatches=True).json["total"] in {0, 1}

    def test_nothing_is_kept_and_the_question_is_an_event(self, known):
        from onesystem.people.models import Identity

        before = Identity.objects.count()
        self.ask(known, aroha(number="9434765870"))
        assert Identity.objects.count() == before
        assert events()[-1].act == "fhir.operation-match"
        assert "tā" not in events()[-1].detail

    @pytest.mark.parametrize(
        "body",
        [{"resourceType": "Parameters"}, {"resourceType": "Patient"}, [],
         {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource":
          {"resourceType": "Patient", "birthDate": "x"}}]}],
    )  # fmt: skip
    def test_what_is_asked_wrongly(self, known, body):
        assert known.post("Patient/$match", body).status == 400


class TestSummary:
    def test_is_a_document_of_the_person(self, known):
        known.put("Condition/c", {"resourceType": "Condition", "id": "c",
            "subject": {"reference": "Patient/p"}, "code": {"text": "Asthma"},
            "clinicalStatus": {"coding": [{"code": "active", "system":
            "http://terminology.hl7.org/CodeSystem/condition-clinical"}]}})  # fmt: skip
        found = known.get("Patient/p/$summary")
        assert found.status == 200, found.body
        assert found.json["type"] == "document"
        kinds = [e["resource"]["resourceType"] for e in found.json["entry"]]
        assert kinds[:2] == ["Composition", "Patient"]
        assert "Condition" in kinds
        assert events()[-1].person is not None

    def test_of_nobody_else(self, known):
        nurse = Client(role="ed-nurse", purpose="direct care", name="nurse")
        assert nurse.get("Patient/p/$summary").status == 404
        app = Client(scopes="user/Patient.rs", name="narrow")
        assert app.get("Patient/p/$summary").status == 403


def test_the_capability_statement_tells_of_them(app):
    resources = app.get("metadata").json["rest"][0]["resource"]
    said = {o["name"]: o["definition"] for r in resources if r["type"] == "Patient"
            for o in r["operation"]}  # fmt: skip
    assert said["everything"].endswith("Patient-everything")
    assert said["match"].endswith("Patient-match")
    assert said["summary"].startswith("http://hl7.org/fhir/uv/ips")


class TestEverybody:
    """Patient/$everything of all whom the caller may see."""

    def test_is_of_everybody_with_what_it_refers_to(self, known):
        found = known.get("Patient/$everything").json
        assert {"Patient/p", "Patient/q", "Observation/x", "Practitioner/kiri"} < set(names(found))
        assert "Practitioner/other" not in names(found)
        assert len(names(found)) == 11

    @pytest.mark.parametrize("count", [1, 3, 10])
    def test_pages_give_each_person_s_once(self, known, count):
        made = [n for page in pages(known, f"Patient/$everything?_count={count}")
                for n in names(page) if not n.startswith("Practitioner")]  # fmt: skip
        assert len(made) == len(set(made)) == 10

    def test_is_narrowed(self, known):
        found = names(known.get("Patient/$everything?_type=Observation&start=2026-03-01").json)
        assert found == [*(f"Observation/o{n}" for n in range(2, 7)), "Observation/x"]

    def test_is_of_nobody_outside_the_scope(self, known):
        ward = Client(name="ward", role="nurse", purpose="direct care", organisation="nowhere")
        assert known.get("Patient/$everything").json["entry"]
        assert "entry" not in ward.get("Patient/$everything").json
