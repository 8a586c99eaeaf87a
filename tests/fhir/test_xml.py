"""XML: the same resource as its JSON, written back the same; hostile XML is refused."""

import re
import xml.etree.ElementTree as ET

import fhirkit
import orjson
import pytest
from fhir_samples import lines, uk_core

from onesystem.feeds.fhir.definitions import definitions
from onesystem.feeds.fhir.validation import is_valid
from onesystem.feeds.fhir.xml import XHTML, to_json
from onesystem.vocabulary import BadInput

HEAD = b'<Patient xmlns="http://hl7.org/fhir">'
NAMES = sorted(uk_core())


def to_xml(resource, kind=None):
    """The other way round, by hand and by nobody else's code: the oracle of the reading."""
    node = ET.Element(resource["resourceType"] if kind is None else "x")
    kind = kind or resource["resourceType"]
    elements = definitions().types[kind].elements
    for leaf, value in resource.items():
        if leaf == "resourceType":
            continue
        if leaf in {"id", "url"} and "resourceType" not in resource and leaf not in (
            {"url"} if kind != "Extension" else set()
        ):  # fmt: skip
            node.set(leaf, value)
            continue
        _write(node, leaf, value, elements, resource)
    return node


def _write(node, leaf, value, elements, resource):
    name = leaf.removeprefix("_")
    if leaf.startswith("_") and name in resource:
        return  # written beside its value
    element = elements[name]
    values = value if isinstance(value, list) else [value]
    besides = resource.get(f"_{name}")
    besides = besides if isinstance(besides, list) else [besides]
    for i, each in enumerate(values):
        if element.kind == "ResourceList":
            ET.SubElement(node, name).append(to_xml(each))
        elif element.kind == "xhtml":
            node.append(ET.fromstring(each))
        elif element.kind in definitions().primitives:
            child = ET.SubElement(node, name)
            if not leaf.startswith("_") and each is not None:
                child.set("value", each if isinstance(each, str) else orjson.dumps(each).decode())
            beside = each if leaf.startswith("_") else besides[i] if i < len(besides) else None
            if beside:
                held = to_xml(beside, "Element")
                child.attrib.update(held.attrib)
                child.extend(held)
        else:
            made = to_xml(each, element.kind)
            made.tag = name
            node.append(made)


def shape(node):
    """A tree that two ways of writing the same XML share; order within a level is not compared."""
    tag = node.tag.rpartition("}")[2]
    if node.tag.startswith(XHTML) or tag == "div":
        return ("div", re.sub(r"\s+", " ", "".join(node.itertext())).strip())
    number = node.get("value", "")
    attributes = {k: v for k, v in node.attrib.items() if "}" not in k}
    if re.fullmatch(r"-?\d+(\.\d+)?", number):
        attributes["value"] = str(float(number))
    return (tag, tuple(sorted(attributes.items())), tuple(sorted(map(repr, map(shape, node)))))


@pytest.mark.parametrize("name", NAMES)
def test_every_example_goes_to_json_and_back(name):
    message = uk_core()[name]
    resource = orjson.loads(to_json(message))
    assert shape(to_xml(resource)) == shape(ET.fromstring(message))


def test_the_json_is_valid_and_the_oracle_agrees():
    """One UK Core example carries two values in one extension, and both refuse it."""
    refused = []
    for name, message in uk_core().items():
        resource = orjson.loads(to_json(message))
        theirs = [i for i in fhirkit.validate(resource) if str(i).startswith("error")]
        if not is_valid(resource):
            refused.append(name)
            assert theirs
    assert refused == ["Extension-UKCore-ConditionEpisode-Example.xml"]


def test_decimals_keep_their_digits():
    text = b"""<Observation xmlns="http://hl7.org/fhir"><status value="final"/>
      <code><text value="x"/></code><valueQuantity><value value="1.50"/></valueQuantity>
      </Observation>"""
    assert b'"value":1.50' in to_json(text)


def test_values_and_what_is_said_beside_them_stay_in_step():
    text = (
        HEAD
        + b"""<name><given value="Ana"/><given><extension url="http://x">
      <valueCode value="unknown"/></extension></given><given value="Kim"/></name></Patient>"""
    )
    assert orjson.loads(to_json(text))["name"] == [
        {
            "given": ["Ana", None, "Kim"],
            "_given": [None, {"extension": [{"url": "http://x", "valueCode": "unknown"}]}, None],
        }
    ]


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        (b'<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + HEAD
         + b'<id value="&x;"/></Patient>', "fhir.xml-entities"),
        (b'<!DOCTYPE p [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + HEAD + b"</Patient>",
         "fhir.xml-entities"),
        (b"<!DOCTYPE Patient>" + HEAD + b"</Patient>", "fhir.xml-entities"),
        (HEAD + b"<id", "fhir.not-xml"),
        (b"<Patient><id value='1'/></Patient>", "fhir.xml-namespace"),
        (HEAD + b'<nam value="x"/></Patient>', "fhir.unknown-element"),
        (HEAD + b'<gender value="male"/><gender value="male"/></Patient>', "fhir.cardinality"),
        (HEAD + b"<contained/></Patient>", "fhir.cardinality"),
        (HEAD + b'<extension url="x">' * 500 + b"</extension>" * 500 + b"</Patient>",
         "fhir.too-deep"),
        (HEAD.replace(b"Patient", b"Patien") + b"</Patien>", "fhir.unknown-type"),
    ],
)  # fmt: skip
def test_bad_xml_is_refused_with_a_reason(message, rule):
    with pytest.raises(BadInput) as caught:
        to_json(message)
    assert caught.value.rule == rule
    assert caught.value.cure


def stu3_xml(resource):
    """FHIR STU3 as XML, by the rules of the format alone."""
    node = ET.Element(resource["resourceType"])
    _put_all(node, resource)
    return node


def _put_all(node, held):
    for leaf, value in held.items():
        if leaf == "url" and node.tag in {"extension", "modifierExtension"}:
            node.set("url", value)
        elif leaf != "resourceType":
            _put_each(node, leaf, value)


def _put_each(node, leaf, value):
    if isinstance(value, list):
        for each in value:
            _put_each(node, leaf, each)
        return
    if leaf == "div":
        node.append(ET.fromstring(value))
        return
    child = ET.SubElement(node, leaf)
    if not isinstance(value, dict):
        child.set("value", str(value).lower() if isinstance(value, bool) else str(value))
    elif "resourceType" in value:
        child.append(stu3_xml(value))
    else:
        _put_all(child, value)


def without_narrative(held):
    if isinstance(held, dict):
        return {k: without_narrative(v) for k, v in held.items() if k != "div"}
    return [without_narrative(v) for v in held] if isinstance(held, list) else held


@pytest.mark.parametrize("number", range(3))
def test_a_stu3_record_in_xml_is_the_one_in_json(number):
    """GP Connect's own records, written as XML and read again."""
    record = orjson.loads(list(lines("gp_connect", "records.ndjson.gz"))[number])
    root = stu3_xml(record)
    root.set("xmlns", "http://hl7.org/fhir")
    read = orjson.loads(to_json(ET.tostring(root)))
    assert without_narrative(read) == without_narrative(record)


def test_stu3_says_nothing_where_it_has_nothing():
    held = b'<ProcedureRequest xmlns="http://hl7.org/fhir"><id value="1"/></ProcedureRequest>'
    assert orjson.loads(to_json(held)) == {"resourceType": "ProcedureRequest", "id": "1"}


def test_stu3_that_is_nested_too_deeply_is_refused():
    deep = b"<a>" * 150 + b"</a>" * 150
    with pytest.raises(BadInput) as refused:
        to_json(b'<ReferralRequest xmlns="http://hl7.org/fhir">' + deep + b"</ReferralRequest>")
    assert refused.value.rule == "fhir.too-deep"
