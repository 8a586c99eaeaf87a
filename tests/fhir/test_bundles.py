"""Bundles: exact bytes, references followed inside, every type read, deletions and histories."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.feeds.fhir.bundles import items
from onesystem.vocabulary import Act, BadInput, ContactEvent, Entry, PersonSeen, Remark

U1, U2 = (
    "urn:uuid:11111111-1111-4111-8111-111111111111",
    "urn:uuid:22222222-2222-4222-8222-222222222222",
)
NHS = "https://fhir.nhs.uk/Id/nhs-number"


def bundle(*entries, kind="transaction", **more):
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries), **more}


def post(resource, full_url="", **request):
    made = {"resource": resource}
    if full_url:
        made["fullUrl"] = full_url
    if request is not None:
        made["request"] = {"method": "POST", "url": resource["resourceType"], **request}
    return made


def patient(**more):
    return {"resourceType": "Patient", **more}


def weight(reference, **more):
    return {"resourceType": "Observation", "status": "final", "code": {"text": "weight"},
            "subject": reference, **more}  # fmt: skip


def entries(readings):
    return {r.key: r for r in readings if isinstance(r, Entry)}


def subjects(readings):
    return {r.subject for r in readings if isinstance(r, Entry) and r.kind == "Observation"}


def test_a_urn_leads_to_the_resource_in_the_bundle(read):
    made = read(bundle(post(patient(id="7"), U1), post(weight({"reference": U1}), U2)))
    assert subjects(made) == {"Patient/7"}


def test_a_resource_without_an_id_is_named_by_its_urn(read):
    made = read(bundle(post(patient(), U1), post(weight({"reference": U1}))))
    assert subjects(made) == {"Patient/11111111-1111-4111-8111-111111111111"}


def test_a_full_url_and_a_relative_reference_mean_the_same(read):
    base = "https://a.example/fhir"
    made = read(bundle(
        {"fullUrl": f"{base}/Patient/7", "resource": patient(id="7")},
        {"resource": weight({"reference": f"{base}/Patient/7"}, id="a")},
        {"resource": weight({"reference": "Patient/7/_history/2"}, id="b")},
        kind="collection",
    ))  # fmt: skip
    assert subjects(made) == {"Patient/7"}


def test_another_servers_patient_is_not_this_ones(read):
    made = read(weight({"reference": "https://b.example/fhir/Patient/7"}, id="a"))
    assert subjects(made) == {"https://b.example/fhir/Patient/7"}


@pytest.mark.parametrize("condition", [f"identifier={NHS}|9434765919",
                                       "identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C9434765919"])  # fmt: skip  # noqa: E501
def test_a_condition_leads_to_the_resource_with_that_number(read, condition):
    known = patient(id="7", identifier=[{"system": NHS, "value": "9434765919"}])
    made = read(bundle(post(known), post(weight({"reference": f"Patient?{condition}"}))))
    assert subjects(made) == {"Patient/7"}


def test_a_number_alone_is_a_person_with_that_number(read):
    said = weight({"identifier": {"system": NHS, "value": "943 476 5919"}}, id="w")
    seen = [r for r in read(said) if isinstance(r, PersonSeen)]
    assert [(p.identifiers[0].scheme, p.identifiers[0].value) for p in seen] == [
        ("nhs", "9434765919")
    ]
    assert subjects(read(said)) == {seen[0].subject}


def test_a_conditional_create_is_the_same_resource_again(read):
    one = read(bundle(post(patient(), U1, ifNoneExist="identifier=x|1")))
    two = read(bundle(post(patient(), U2, ifNoneExist="identifier=x|1")))
    assert entries(one).keys() == entries(two).keys() == {"Patient?identifier=x|1"}


@pytest.mark.parametrize("kind", ["transaction", "batch", "collection", "searchset", "document",
                                  "message", "history"])  # fmt: skip
def test_every_type_of_bundle_is_read(read, kind):
    assert (
        entries(read(bundle(post(patient(id="7")), kind=kind)))["Patient/7"].subject == "Patient/7"
    )


def test_a_body_is_the_bytes_that_were_sent(read):
    raw = b'{ "resourceType":"Observation", "status":"final","code":{"text":"\\u00e9"},\n "id":"w", "valueQuantity":{"value":1.50}}'  # noqa: E501
    text = b'{"resourceType":"Bundle","type":"collection","entry":[ {"resource" : ' + raw + b" } ]}"
    assert entries(read(text))["Observation/w"].body == raw


@given(st.lists(st.dictionaries(st.text(max_size=6), st.floats(allow_nan=False, allow_infinity=False)  # noqa: E501
                                | st.text(max_size=9) | st.lists(st.integers(-9, 9)), max_size=4)))  # fmt: skip  # noqa: E501
def test_the_cut_pieces_are_the_resources(held):
    """However a Bundle is written, each piece that is cut out of it parses to its resource."""
    made = bundle(*({"resource": {"resourceType": "X", "more": each}, "y": 1} for each in held))
    for text in (orjson.dumps(made), orjson.dumps(made, option=orjson.OPT_INDENT_2)):
        cut = list(items(orjson.loads(text), text))
        assert [orjson.loads(i.body)["more"] for i in cut] == held


def test_a_history_leaves_the_newest_last_and_says_what_is_gone(read):
    newest = patient(id="7", meta={"versionId": "2"}, active=False)
    oldest = patient(id="7", meta={"versionId": "1"}, active=True)
    gone = {"fullUrl": "x:y/Observation/3", "request": {"method": "DELETE", "url": "Observation/3"},
            "response": {"status": "204", "lastModified": "2026-02-01T00:00:00Z"}}  # fmt: skip
    made = [r for r in read(bundle(post(newest), post(oldest), gone, kind="history"))
            if isinstance(r, Entry)]  # fmt: skip
    assert [(r.key, r.order, r.status) for r in made] == [
        ("Patient/7", "1", ""), ("Patient/7", "2", ""), ("Observation/3", "", "deleted"),
    ]  # fmt: skip


def test_a_deleted_encounter_cancels_its_contact(read):
    stay = {"resourceType": "Encounter", "id": "e", "status": "finished", "class": {"code": "EMER"},
            "subject": {"reference": "Patient/7"}, "period": {"start": "2026-01-01T10:00:00Z"}}  # fmt: skip  # noqa: E501
    gone = {"request": {"method": "DELETE", "url": "Encounter/e"}}
    acts = [r.act for r in read(bundle(post(stay), gone, kind="history"))
            if isinstance(r, ContactEvent)]  # fmt: skip
    assert acts == [Act.STATE, Act.CANCEL]


def test_a_fault_in_an_entry_names_the_entry(read):
    with pytest.raises(BadInput) as caught:
        read(
            bundle(post(patient(id="7")), post({"resourceType": "Observation", "status": "final"}))
        )
    assert caught.value.where == "Bundle.entry[1].resource.Observation.code"


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        ({"resourceType": "Bundle", "type": "searchset", "total": 0}, "fhir.holds-nothing"),
        ({"resourceType": "OperationOutcome", "issue": [
            {"severity": "error", "code": "not-found", "diagnostics": "no match"}]}, "fhir.outcome"),  # noqa: E501
    ],
)  # fmt: skip
def test_what_holds_nobody_is_set_aside_and_says_so(read, message, rule):
    with pytest.raises(BadInput) as caught:
        read(message)
    assert caught.value.rule == rule


def test_a_code_list_is_kept_though_it_is_about_nobody(read):
    made = read({"resourceType": "ValueSet", "id": "v", "status": "active", "url": "http://x/v",
                 "name": "Wards"})  # fmt: skip
    assert [(r.key, r.subject, r.code.display) for r in made] == [("ValueSet/v", "", "Wards")]


def test_a_bundle_in_a_bundle_is_read(read):
    inner = bundle(post(patient(id="7")), kind="collection")
    assert "Patient/7" in entries(read(bundle({"resource": inner}, kind="collection")))


def test_odd_things_are_remarked(read):
    made = read(
        {"resourceType": "Encounter", "id": "e", "status": "planned", "class": {"code": "AMB"}}
    )
    assert [r.rule for r in made if isinstance(r, Remark)] == ["fhir.nobody"]
