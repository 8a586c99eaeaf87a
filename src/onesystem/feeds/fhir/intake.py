"""The REST intake of FHIR: what is answered is safe on disk.

    POST /fhir               a Bundle (transaction, batch, collection ...) or NDJSON
    POST /fhir/Type          one resource
    PUT  /fhir/Type/id       one resource under its id

A message is landed and read as any other. One that cannot be read is kept in the quarantine, and
the sender is told so: status 422, the reason, the element and the cure.
"""

import zlib
from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from onesystem import access
from onesystem.feeds import Arrival, NotLanded, Outcome, take_messages
from onesystem.feeds.fhir.answers import answer, bundle_response, lines_response, outcome
from onesystem.feeds.fhir.frame import Resource, key_for
from onesystem.feeds.fhir.reading import resource_of
from onesystem.feeds.fhir.tokens import source_of
from onesystem.vocabulary import BadInput, Busy
from onesystem.vocabulary.typed import whole_or

LARGEST = 64 << 20  # bytes of one request, unpacked
_PIECE = 1 << 20
_LINES = {"application/fhir+ndjson", "application/x-ndjson", "application/ndjson"}
_TYPES = _LINES | {
    "application/fhir+json", "application/json", "application/fhir+xml", "application/xml",
    "text/xml",
}  # fmt: skip


class Refused(Exception):
    """The request is answered at once."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(response.status_code)
        self.response = response


@dataclass(frozen=True, slots=True)
class _Sender:
    source: str
    actor: access.Actor


@csrf_exempt
@require_http_methods(["POST"])
def whole(request: HttpRequest) -> HttpResponse:
    """POST /fhir: a Bundle, or NDJSON."""
    try:
        sender, body = _accept(request)
        if _type(request) in _LINES:
            return _take_lines(sender, body)
        resource, text = _parsed(body)
        if resource.get("resourceType") != "Bundle":
            return outcome(
                400,
                f"this is a {resource.get('resourceType')}, not a Bundle",
                f"Send it to /fhir/{resource.get('resourceType')}.",
            )
        taken = _take(sender, body)
        return answer(200, bundle_response(resource, text, again=taken.state == "duplicate"))
    except Refused as refused:
        return refused.response


@csrf_exempt
@require_http_methods(["POST"])
def created(request: HttpRequest, kind: str) -> HttpResponse:
    """POST /fhir/Type: one resource."""
    return _one(request, kind, "")


@csrf_exempt
@require_http_methods(["PUT"])
def updated(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """PUT /fhir/Type/id: one resource under its id."""
    return _one(request, kind, key)


def _one(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    try:
        sender, body = _accept(request)
        resource, text = _parsed(body)
        if resource.get("resourceType") != kind:
            return outcome(
                400,
                f"this is a {resource.get('resourceType')}, and the address says {kind}",
                "Send it to the address of its own type.",
            )
        if key and resource.get("id") != key:
            return outcome(
                400,
                f"the id is {resource.get('id')!r}, and the address says {key!r}",
                "Write the same id into both.",
                where=f"{kind}.id",
            )
        taken = _take(sender, body)
    except Refused as refused:
        return refused.response
    again = taken.state == "duplicate"
    said = "was here already; nothing changed" if again else "is safe and read"
    made = outcome(
        200 if key or again else 201,
        f"message {taken.message} {said}",
        code="informational",
        severity="information",
    )
    made["Location"] = f"/fhir/{quote(key_for(resource, text), safe='/?=:&')}"
    return made


def _accept(request: HttpRequest) -> tuple[_Sender, bytes]:
    """Who sends, and the bytes. Raises Refused."""
    sender = _sender(request)
    if _type(request) not in _TYPES:
        raise Refused(
            outcome(
                415,
                f"{_type(request) or 'no content type'} is not read here",
                "Send application/fhir+json, application/fhir+xml or application/fhir+ndjson.",
                code="not-supported",
            )
        )
    return sender, _body(request)


def _sender(request: HttpRequest) -> _Sender:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        source = source_of(token.strip())
        if source is None:
            raise Refused(
                outcome(
                    401,
                    "the token is unknown or was revoked",
                    "Ask the district for one: onesystem token issue --source NAME",
                    code="login",
                )
            )
        return _Sender(source, access.Actor.job(f"intake of {source}"))
    return _signed_in(request)


def _signed_in(request: HttpRequest) -> _Sender:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        refusal = outcome(
            401,
            "who sends this is not said",
            "Send the header Authorization: Bearer TOKEN.",
            code="login",
        )
        refusal["WWW-Authenticate"] = 'Bearer realm="onesystem"'
        raise Refused(refusal)
    # A page of another site may not send with the cookies of somebody who is signed in.
    if CsrfViewMiddleware(lambda _: HttpResponse()).process_view(request, _checked, (), {}):
        raise Refused(outcome(403, "the form token is missing", "Use a token of the source."))
    actor = access.Actor.of(user)
    source = request.GET.get("source", "")
    if not access.may(actor, "feeds.mend"):
        raise Refused(
            outcome(
                403,
                "your role may not send messages",
                "Ask an integration engineer.",
                code="forbidden",
            )
        )
    if not source:
        raise Refused(outcome(400, "the source is not named", "Add ?source=NAME to the address."))
    return _Sender(source, actor)


def _checked(_: HttpRequest) -> HttpResponse:
    """What the check for forged requests believes that it guards."""
    return HttpResponse()


def _type(request: HttpRequest) -> str:
    return request.content_type or ""


def _body(request: HttpRequest) -> bytes:
    """The whole body, unpacked, and never more of it in memory than is allowed."""
    if whole_or(request.headers.get("Content-Length"), 0) > LARGEST:
        raise Refused(_too_large())
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if encoding not in {"identity", "gzip"}:
        raise Refused(outcome(415, f"{encoding} is not unpacked here", "Send gzip, or plain."))
    unpack = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
    body = bytearray()
    try:
        while piece := request.read(_PIECE):
            body += unpack.decompress(piece, LARGEST + 1 - len(body)) if unpack else piece
            if len(body) > LARGEST:
                raise Refused(_too_large())
    except zlib.error as error:
        raise Refused(outcome(400, "this is not gzip", "Send it again, or plain.")) from error
    if not body.strip():
        raise Refused(outcome(400, "the body is empty", "Send a resource."))
    return bytes(body)


def _too_large() -> HttpResponse:
    return outcome(
        413,
        f"more than {LARGEST >> 20} MiB in one request",
        "Send it in parts, or hand over a file: onesystem ingest FILE --source NAME",
        code="too-long",
    )


def _parsed(body: bytes) -> tuple[Resource, bytes]:
    """What the address needs to know of the body. What is broken goes the way of all messages."""
    try:
        return resource_of(body)
    except BadInput as error:
        raise Refused(
            outcome(400, error.what, error.cure, code="structure", where=error.where)
        ) from error


def _take(sender: _Sender, body: bytes) -> Outcome:
    taken = _land(sender, [body])[0]
    if taken.state == "quarantined" or taken.rule:
        raise Refused(
            outcome(
                422,
                taken.reason,
                f"{taken.cure} It is kept as message {taken.message}.",
                code="processing",
            )
        )
    return taken


def _take_lines(sender: _Sender, body: bytes) -> HttpResponse:
    lines = [line for line in body.splitlines() if line.strip()]
    return answer(200, lines_response(_land(sender, lines)))


def _land(sender: _Sender, messages: list[bytes]) -> list[Outcome]:
    arrivals = [
        Arrival(source=sender.source, data=message, name="rest", format="fhir")
        for message in messages
    ]
    try:
        taken = take_messages(arrivals)
    except NotLanded as error:
        raise Refused(
            outcome(
                507 if error.full else 503,
                "it could not be made safe" + (": the disk is full" if error.full else ""),
                "Send it again later.",
                code="no-store",
            )
        ) from error
    except Busy as error:
        # Safe in the landing, and read as soon as the database is back.
        raise Refused(
            outcome(
                202,
                "it is safe and will be read",
                "There is nothing to do.",
                code="informational",
                severity="information",
            )
        ) from error
    access.record(
        by=sender.actor,
        act="feeds.messages-sent",
        what=sender.source,
        detail={"messages": len(taken)},
    )
    return taken
