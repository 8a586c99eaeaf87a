"""Binary by its own bytes and not as a resource, read and written (binary.html#rest of R4).

Only for a token: what somebody may have put there is never given to a browser by a session, where
it could act as a page of ours.
"""

import base64
import binascii
from typing import Any

import orjson

from onesystem.record.fhir.asks import JSON, Answer
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.negotiating import is_fhir, names_fhir

_PLAIN = "application/octet-stream"


def given(case: Case, made: Answer) -> Answer:
    """The content itself, unless the resource was asked for by a media type of FHIR."""
    if made.status != 200 or case.caller.session or names_fhir(case.ask):
        return made
    resource = orjson.loads(made.body)
    try:
        body = base64.b64decode(resource.get("data", ""))
    except binascii.Error:
        return made
    heads = {k: v for k, v in made.headers.items() if k != "Content-Type"}
    kind = str(resource.get("contentType") or _PLAIN)
    fine = kind.isascii() and kind.isprintable()
    return Answer(200, body, {**heads, "Content-Type": kind if fine else _PLAIN,
                              "Content-Disposition": "attachment"})  # fmt: skip


def taken(case: Case, logical: str = "") -> Case:
    """What was sent as bytes of another type, as the resource that holds them."""
    kind = case.ask.header("content-type")
    if not kind or is_fhir(kind):
        return case
    resource: dict[str, Any] = {"resourceType": "Binary"}
    resource |= {"id": logical} if logical else {}
    resource["contentType"] = kind
    if whose := case.ask.header("x-security-context"):
        resource["securityContext"] = {"reference": whose}
    if case.ask.body:
        resource["data"] = base64.b64encode(case.ask.body).decode()
    case.ask.body = orjson.dumps(resource)
    case.ask.headers = {**case.ask.headers, "content-type": JSON}
    return case
