"""Asks that schemathesis draws from the served OpenAPI, made plausible enough to get far.

Drawn values alone almost never name anything that is here, so some are replaced by what is: ids,
search values, and HL7's examples with a drawn element put in. All of it follows from the draws,
and a failing ask is printed as schemathesis prints it.
"""

import gzip
import json
import random
from functools import cache
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from requests import Request
from schemathesis.core.transport import Response

EXAMPLES = Path(__file__).parents[1] / "data/fhir/hl7_r4_examples/examples.ndjson.gz"
HIDDEN = "HIDDEN"  # an id that is here and outside the scope, or one that is nowhere
_VALUES = (
    "p", "Patient/p", HIDDEN, f"Patient/{HIDDEN}", f"urn:mrn|{HIDDEN}", f"o{HIDDEN}",
    "http://loinc.org|29463-7", "29463-7", "ge2020", "lt2030-01-01T00:00:00Z", "1.5", "gt1||kg",
    "true", "final", "Observation:subject", "Patient:organization", "*", "-_lastUpdated", "R",
    "a\\,b", "x|", "29463-7$1.5", "urn:oid:1.2", "Patient:nonsense",
)  # fmt: skip
_NAMES = (
    "_id", "identifier", "subject", "patient", "patient.identifier", "subject:Patient.family",
    "_has:Observation:patient:_id", "_has:Observation:subject:code", "_lastUpdated", "_include",
    "_revinclude", "_include:iterate", "_sort", "_total", "identifier:not", "family:missing",
    "code:text", "code:in", "_list", "_type", "_summary", "_since", "_at", "date", "_source",
)  # fmt: skip
_HEADERS = ("user-agent", "accept-encoding", "connection", "x-schemathesis-testcaseid",
            "authorization")  # fmt: skip


def described(document):
    """All operations of a served description, by their labels."""
    schema = schemathesis.openapi.from_dict(document)
    return {each.ok().label: each.ok() for each in schema.get_all_operations()}


def chosen(operations, number, count):
    """Some operations: what people ask most, and a share of all others that `number` names."""
    dice = random.Random(number)
    often = ("Patient", "Observation", "Encounter", "Condition", "Group")
    first = [label for label in operations if label.split("/")[1] in often]
    rest = [label for label in operations if label not in set(first)]
    half = min(count // 2, len(first))
    return dice.sample(first, half) + dice.sample(rest, min(count - half, len(rest)))


def each_ask(operation, number, examples, check):
    """Call `check(case, request)` on drawn asks; a request is (method, path, headers, body)."""

    @seed(number)
    @settings(max_examples=examples, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(operation.as_strategy(), st.integers(0, 2**32))
    def run(case, dice):
        check(case, _request(case, random.Random(dice)))

    run()


def _request(case, dice):
    said = case.as_transport_kwargs(base_url="http://testserver/fhir")
    url = said["url"].removeprefix("http://testserver/fhir")
    params = [
        (name, str(one))
        for name, value in (said.get("params") or {}).items()
        for one in (value if isinstance(value, list) else [value])
    ]
    if dice.random() < 0.6:
        url = _with_ids(case, url, dice)
    if case.method != "PATCH" and dice.random() < 0.6:
        params = [(n, dice.choice(_VALUES) if dice.random() < 0.6 else v) for n, v in params]
        if dice.random() < 0.5:
            params.append((dice.choice(_NAMES), dice.choice(_VALUES)))
    body = _body(case, said, dice)
    path = url + ("?" + urlencode(params, errors="replace") if params else "")
    headers = {
        name.lower(): value for name, value in said["headers"].items()
        if name.lower() not in _HEADERS
    }  # fmt: skip
    return case.method, path, headers, body


def _with_ids(case, url, dice):
    for name, value in (case.path_parameters or {}).items():
        known = ("p", "o", HIDDEN, f"o{HIDDEN}") if name == "id" else ("1", "2")
        url = url.replace(f"/{value}", f"/{dice.choice(known)}", 1)
    return url


def _body(case, said, dice):
    if "json" in said:
        held = said["json"]
        kind = case.path.strip("/").split("/")[0]
        example = _examples().get(kind)
        if example and isinstance(held, dict) and dice.random() < 0.5:
            drawn = [key for key in held if key != "resourceType"]
            keep = {dice.choice(drawn): held[dice.choice(drawn)]} if drawn else {}
            held = json.loads(json.dumps(example)) | (keep if dice.random() < 0.5 else {})
            for leaf in ("subject", "patient"):
                if leaf in held:
                    held[leaf] = {"reference": dice.choice(("Patient/p", f"Patient/{HIDDEN}"))}
        return json.dumps(held).encode("utf-8", "surrogatepass")
    data = said.get("data")
    if isinstance(data, dict):
        data = urlencode(data, errors="replace", doseq=True)
    return data.encode("utf-8", "replace") if isinstance(data, str) else data or b""


@cache
def _examples():
    """HL7's examples, one of each type."""
    lines = gzip.decompress(EXAMPLES.read_bytes()).splitlines()
    return {held["resourceType"]: held for held in map(json.loads, lines)}


def as_response(method, path, made):
    """A Django response as schemathesis judges it."""
    asked = Request(method, f"http://testserver{urlsplit(path).path}").prepare()
    return Response(
        status_code=made.status_code, request=asked, content=made.content, elapsed=0.0,
        headers={name.lower(): [value] for name, value in made.headers.items()}, verify=False,
    )  # fmt: skip
