"""Asks drawn from our own CapabilityStatement, most of them wrong in some way.

Drawn by a seeded generator and not by hypothesis, so that thousands cost seconds and a failing ask
is named by its seed and number alone.
"""

import json
import random

from onesystem.record.fhir.asks import Ask

_METHODS = ("GET", "GET", "GET", "GET", "POST", "POST", "PUT", "PATCH", "DELETE", "HEAD",
            "OPTIONS", "TRACE", "QUERY", "get")  # fmt: skip
_HOSTILE = (
    "", " ", "%00", "%", "%zz", "\u0000", "'", '"', "\\", "|", "||", "$", ",", "\\,", "a|b|c", "*",
    "null", "-1", "0", "1e400", "9" * 400, "NaN", "ge", "ge2020", "2020-13-45", "0000",
    "9999-12-31",
    "2020-02-30T25:61:61Z", "lt-5e-9", "5|http://unitsofmeasure.org|kg", "é", "\ud7ff", "ā" * 300,
    "Patient/", "Patient/p", "http://", "urn:uuid:x", "../..", "%2e%2e%2f", "<a>", "{}", "[1]",
    "true", "x" * 70, "1;DROP TABLE record_entry", "' OR 1=1 --", "%25", "sa2020-01-01",
)  # fmt: skip
_MODIFIERS = ("", "", "", ":exact", ":contains", ":missing", ":not", ":text", ":in", ":below",
              ":above", ":of-type", ":identifier", ":Patient", ":Patient.name", ".name",
              ":", "::", ":nonsense", ".a.b.c.d.e", ".organization.name")  # fmt: skip
_RESULTS = ("_id", "_lastUpdated", "_tag", "_profile", "_security", "_text", "_content", "_list",
            "_has", "_type", "_sort", "_count", "_include", "_revinclude", "_include:iterate",
            "_summary", "_total", "_elements", "_contained", "_containedType", "_format",
            "_pretty", "_since", "_at", "_page", "_has:Observation:patient:code", "page", "_query",
            "_filter", "_source", "_has:::", "_has:Nothing:a:b", "_cursor")  # fmt: skip
_HEADERS = {
    "accept": ("application/fhir+json", "application/fhir+xml", "text/html", "image/png", "*/*;q=x",
               ";;;", "application/fhir+json; fhirVersion=3.0", ""),
    "content-type": ("application/fhir+json", "application/fhir+xml", "application/json-patch+json",
                     "text/plain", "application/x-www-form-urlencoded", "", ";", "a/b; charset=x"),
    "if-match": ('W/"1"', '"1"', "*", "W/", 'W/"x"', ",,,"),
    "if-none-match": ('W/"1"', "*", "x"),
    "if-modified-since": ("Sat, 01 Jan 2000 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "x",
                          "", "Mon, 99 Foo 20x0"),
    "if-none-exist": ("identifier=a|b", "", "?", "nonsense=1", "_id=x", "name:exact="),
    "prefer": ("return=minimal", "return=OperationOutcome", "handling=lenient", "return=",
               "respond-async", "=;=,"),
    "x-request-id": ("one", "x" * 5000, "\x00"),
}  # fmt: skip
_DEEP = 3000


def bodies(draw):
    """One body, hostile or only wrong."""
    kind = draw.choice(("Patient", "Observation", "Bundle", "Parameters", "Encounter", "Binary"))
    ring = {"reference": "#a"}
    made = draw.choice((
        b"", b"null", b"[]", b"{}", b"1", b'"x"', b"\x00", b"\xff\xfe", b'\xef\xbb\xbf{"a":1}',
        b"{" * _DEEP, b"[" * _DEEP, b'{"resourceType":"Patient","extension":' + b"[{" * _DEEP,
        b'{"resourceType":"Patient","contained":[' * 400 + b"]}" * 400,
        (b'{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":'
        b'{"value":1e99999}}'),
        b'{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueInteger":'
        + b"9" * 5000 + b"}",
        b'{"resourceType":"Patient","name":[{"family":"a\\u0000b"}]}',
        b'{"resourceType":"Patient","name":[{"family":"\\ud800"}]}',
        b'{"resourceType":"Patient","name":[{"family":"\xff"}]}',
        b'{"resourceType":"Patient","id":"a","id":"b"}',
        b"<Patient", b'<Patient xmlns="http://hl7.org/fhir"><id value="x"/></Patient>',
        b'<!DOCTYPE a [<!ENTITY b "c">]><Patient xmlns="http://hl7.org/fhir">&b;</Patient>',
        b"<a>" * _DEEP, b"_id=p&name=%00&_count=-1", b"a=b=c&&&", b"[{}]",
        b'[{"op":"add","path":"/a/b","value":1}]', b'[{"op":"test","path":"","value":null}]',
        b'[{"op":"copy","from":"/name","path":"/name/-"}]', b'[{"op":"move"}]', b"[1,2]",
        b'[{"op":"replace","path":"/name/99999999999999999999","value":[]}]',
        {"resourceType": kind}, {"resourceType": [kind]}, {"resourceType": None, "id": 5},
        {"resourceType": kind, "id": {"a": []}, "meta": 7}, {"resourceType": kind, "meta": []},
        {"resourceType": "Patient", "id": "p", "birthDate": "2020-02-30"},
        {"resourceType": "Patient", "contained": [
            {"resourceType": "Organization", "id": "a", "partOf": ring}],
         "managingOrganization": ring},
        {"resourceType": "Patient", "link": [
            {"other": {"reference": "Patient/p"}, "type": "refer"}], "id": "p"},
        {"resourceType": "Observation", "status": "final", "code": {"text": "x"},
         "subject": {"reference": draw.choice(_HOSTILE)}},
        {"resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"},
         "subject": {"reference": "Patient/p"},
         "period": {"start": "9999-12-31", "end": "0001-01-01"}},
        {"resourceType": "Bundle", "type": draw.choice(("batch", "transaction", "x", "history")),
         "entry": [_entry(draw) for _ in range(draw.randint(0, 4))]},
        {"resourceType": "Parameters", "parameter": [
            {"name": draw.choice(("resource", "patch", "operation", "onlyCertainMatches", "x")),
             draw.choice(("valueString", "valueInteger", "resource")): draw.choice(
                 ("x", 5, {"resourceType": "Patient"}))}]},
        {"resourceType": "Patient", "name": [{"family": draw.choice(_HOSTILE)}],
         "identifier": [{"system": draw.choice(_HOSTILE), "value": draw.choice(_HOSTILE)}]},
    ))  # fmt: skip
    return made if isinstance(made, bytes) else json.dumps(made).encode("utf-8", "surrogatepass")


def _entry(draw):
    return draw.choice((
        {}, {"request": {}}, {"request": {"method": "GET", "url": draw.choice(_HOSTILE)}},
        {"request": {"method": "GET", "url": "Patient?" + draw.choice(_RESULTS) + "=1"}},
        {"request": {"method": "DELETE", "url": "Patient?identifier=nobody|x"}},
        {"request": {"method": "POST", "url": "Patient/$match"}, "resource": {}},
        {"request": {"method": "POST", "url": ""}, "resource": {"resourceType": "Bundle",
                                                               "type": "batch"}},
        {"fullUrl": draw.choice(_HOSTILE), "resource": {"resourceType": "Patient"},
         "request": {"method": "POST", "url": "Patient", "ifNoneExist": draw.choice(_HOSTILE)}},
        {"resource": {"resourceType": "Patient", "id": "p"}, "fullUrl": "urn:uuid:1",
         "request": {"method": "PUT", "url": "Patient/p", "ifMatch": draw.choice(_HOSTILE)}},
        {"resource": {"resourceType": "Binary", "contentType": "application/json-patch+json",
                      "data": draw.choice(("!", "W10=", "bnVsbA=="))},
         "request": {"method": "PATCH", "url": "Patient/p"}},
        {"resource": {"resourceType": "Patient", "link": [{"type": "seealso", "other": {
            "reference": draw.choice(("Patient?identifier=a|b", "urn:uuid:1", "Patient/p"))}}]},
         "fullUrl": "urn:uuid:1", "request": {"method": "POST", "url": "Patient"}},
    ))  # fmt: skip


class Asks:
    """Asks for a token, from the statement of capabilities. The same seed gives the same asks."""

    def __init__(self, statement, token, base, seed):
        self._draw = random.Random(seed)
        self._token, self._base = token, base
        rest = statement["rest"][0]
        self._types = {each["type"]: each for each in rest["resource"]}
        self._often = ["Patient", "Observation", "Encounter", "Condition", "Bundle", "Binary"]
        self._often = [kind for kind in self._often if kind in self._types]
        self._operations = [each["name"] for each in rest.get("operation", [])]

    def one(self):
        """One ask."""
        draw = self._draw
        kind = draw.choice(self._often if draw.random() < 0.6 else list(self._types))
        method = draw.choice(_METHODS)
        headers = {"authorization": f"Bearer {self._token}"}
        for name, values in _HEADERS.items():
            if draw.random() < 0.12:
                headers[name] = draw.choice(values)
        body = bodies(draw) if method in {"POST", "PUT", "PATCH", "QUERY"} else b""
        if body and "content-type" not in headers:
            headers["content-type"] = (
                "application/json-patch+json" if method == "PATCH" else "application/fhir+json"
            )
        return Ask(method=method, path=self._path(kind), query=self._query(kind), headers=headers,
                   body=body, base=self._base)  # fmt: skip

    def _path(self, kind):
        draw = self._draw
        id_ = draw.choice(("p", "p", "p", "o", "nobody", "x" * 64, "x" * 65, draw.choice(_HOSTILE)))
        here = [each["name"] for each in self._types[kind].get("operation", [])]
        operation = draw.choice([*here, *self._operations, "nonsense"])
        return draw.choice((
            kind, kind, kind, kind, f"{kind}/{id_}", f"{kind}/{id_}", f"{kind}/{id_}",
            f"{kind}/_search", f"{kind}/_history", f"{kind}/{id_}/_history",
            f"{kind}/{id_}/_history/{draw.choice(('1', '0', '-1', '9' * 30, 'x', chr(0xFF11)))}",
            f"{kind}/${operation}", f"{kind}/${operation}", f"{kind}/{id_}/${operation}",
            f"${operation}", "", "_search", "_history", "metadata", f"Patient/p/{kind}",
            "Patient/p/*", f"{kind}/{id_}/{draw.choice(_HOSTILE)}", draw.choice(_HOSTILE),
            f"{kind}//{id_}", ".well-known/smart-configuration",
        ))  # fmt: skip

    def _query(self, kind):
        draw = self._draw
        own = [each["name"] for each in self._types[kind].get("searchParam", [])]
        parts = []
        for _ in range(draw.choice((0, 0, 1, 1, 1, 2, 3))):
            name = draw.choice((*_RESULTS, *own)) if draw.random() < 0.95 else draw.choice(_HOSTILE)
            name += draw.choice(_MODIFIERS)
            value = draw.choice(
                (
                    *_HOSTILE,
                    "Patient:organization",
                    "Observation:subject",
                    "Observation:subject:Patient",
                    "-_lastUpdated,name",
                    "5",
                    "count",
                    "name,id",
                    "2020-01-01",
                    "eq5.4|http://unitsofmeasure.org|mg",
                )
            )
            parts.append(f"{name}={value}")
        return "&".join(parts)
