"""What goes into the index: against a FHIRPath engine, over HL7's own examples."""

import gzip
import re

import fhirpathpy
import orjson
import pytest
import zstandard
from fhirpathpy.models import models

from onesystem.record.fhir.searching.coverage import covered
from onesystem.record.fhir.searching.definitions import COLUMNS, kinds, known_of, parameters_of
from onesystem.record.fhir.searching.emitters import Rows
from onesystem.record.fhir.searching.extract import extract

AS = re.compile(r"\((\S+) as (\w+)\)")
CAST = re.compile(r"\.where\(resolve\(\) is (\w+)\)")


@pytest.fixture(scope="module")
def examples(data_folder):
    with gzip.open(data_folder / "fhir/hl7_r4_examples/examples.ndjson.gz") as lines:
        return [orjson.loads(line) for line in lines]


@pytest.fixture(scope="module")
def data_folder():
    from pathlib import Path

    return Path(__file__).resolve().parent.parent / "data"


@pytest.fixture(scope="module")
def expressions(data_folder):
    """(type, code) to (type of parameter, expression of that type alone)."""
    packed = (data_folder / "fhir_search/expressions.json.zst").read_bytes()
    found = {}
    for code, bases, asked, expression in orjson.loads(zstandard.decompress(packed)):
        for kind in bases:
            own = [
                p.strip()
                for p in expression.split("|")
                if p.strip().lstrip("(").startswith(kind + ".")
            ]
            if own:
                found[kind, code] = asked, " | ".join(own)
    return found


def rows_of(resource):
    rows = Rows()
    extract(resource["resourceType"], 1, resource, rows)
    return rows


def slots_in(rows):
    lists = (rows.tokens, rows.strings, rows.dates, rows.quantities, rows.references)
    return {row[0] for held in lists for row in held}


def test_it_finds_what_fhirpath_finds(examples, expressions):
    """A parameter has rows where FHIRPath finds something that can be indexed, and only there."""
    compiled, odd, compared = {}, [], 0
    for resource in examples:
        kind = resource["resourceType"]
        slots = slots_in(rows_of(resource))
        for code, parameter in parameters_of(kind).items():
            if (kind, code) not in expressions or code == "deceased" or code in COLUMNS:
                continue
            expression = CAST.sub("", expressions[kind, code][1])
            # HL7's own `as` is of one element; FHIRPath's engine is strict about several.
            expression = AS.sub(r"\1.ofType(\2)", expression).replace(".as(", ".ofType(")
            if expression not in compiled:
                compiled[expression] = fhirpathpy.compile(expression, models["r4"])
            said = [v for v in compiled[expression](resource) if _says(v, parameter.type)]
            compared += 1
            if bool(said) != bool(slots & set(parameter.slots)):
                odd.append((kind, resource["id"], code, expression, said))
    assert odd == []
    assert compared > 1000


def _says(value, asked):
    """Whether there is anything in a value to be indexed: not every Reference has one."""
    if not isinstance(value, dict):
        return bool(str(value).strip()) and not (
            asked == "reference" and str(value).startswith("#")
        )
    if asked == "reference":
        return "identifier" in value or not value.get("reference", "#").startswith("#")
    if asked == "quantity":
        return "value" in value or "low" in value or "high" in value or "lowerLimit" in value
    if asked == "date":
        return bool({"start", "end", "event"} & set(value)) or "boundsPeriod" in value.get(
            "repeat", {}
        )
    if asked == "string":
        return bool(set(value) - {"use", "period", "id", "extension", "type"})
    return bool({"coding", "text", "code", "system", "value", "display"} & set(value))


def test_every_parameter_of_every_type_is_compiled_or_said_not_to_be(expressions):
    lost = {
        (kind, code)
        for kind, code in expressions
        if kind in kinds() and code not in known_of(kind).parameters
    }
    # They name a resource within a Bundle, which has no place of its own to be found at.
    assert lost == {("Bundle", "composition"), ("Bundle", "message")}


def test_numbers_of_slots_are_their_own():
    """One number means one thing, or several choices of one thing, in one type."""
    owners = {}
    for kind in kinds():
        for slot in known_of(kind).slots:
            assert owners.setdefault(slot.number, (kind, slot.asked)) == (kind, slot.asked)


def test_every_answered_parameter_has_a_test():
    rows = covered()
    assert len({(r.kind, r.code) for r in rows}) == len(rows) > 3000
    for row in rows:
        assert bool(row.tests) != bool(row.why), row


@pytest.mark.parametrize(
    "broken",
    [
        {"name": "Peter"},
        {"name": [None, 3, {"given": "x"}]},
        {"birthDate": 7},
        {"identifier": {}},
        {"identifier": [{"value": 9, "type": {"coding": 3}}]},
        {"meta": []},
        {"meta": {"tag": "x"}},
        {"telecom": [[]]},
        {"gender": ["male"]},
        {"managingOrganization": "Organization/1"},
        {"contact": "\ud800"},
        {"address": [{"line": [{}], "city": "\0"}]},
    ],
)
def test_what_has_the_wrong_shape_adds_nothing_and_stops_nothing(broken):
    rows = rows_of({"resourceType": "Patient", "id": "x", **broken})
    assert all(isinstance(text, str) and "\0" not in text for _, text, *_ in rows.tokens)


def test_all_examples_of_the_shared_data_are_indexed(shared_data):
    with gzip.open(shared_data / "fhir/hl7_r4_examples/hl7_r4_examples.ndjson.gz") as lines:
        found = [rows_of(orjson.loads(line)) for line in lines]
    told = [r for r in found if r.tokens or r.strings or r.dates or r.references or r.quantities]
    assert len(told) > 0.95 * len(found)  # OperationOutcome and Binary have nothing to find


def test_the_page_of_parameters_is_what_is_compiled():
    import importlib.util
    from pathlib import Path

    root = Path(__file__).resolve().parent.parent.parent
    spec = importlib.util.spec_from_file_location("page", root / "tools/fhir_search_page.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text(encoding="utf-8") == module.text()
