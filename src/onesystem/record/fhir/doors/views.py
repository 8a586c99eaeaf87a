"""The door beside the pages: /fhir on their port, one ask at a time."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from onesystem.feeds.fhir import intake
from onesystem.record.fhir.asks import Answer, Ask
from onesystem.record.fhir.callers import is_source_token
from onesystem.record.fhir.doors.bodies import LARGEST, shared, too_large, unpacked
from onesystem.record.fhir.engine import answer
from onesystem.record.fhir.outcomes import Refusal

_PIECE = 1 << 20
_SAFE = {"GET", "HEAD"}


@csrf_exempt
def fhir(request: HttpRequest, path: str = "") -> HttpResponse:
    """Anything under /fhir. A signed-in session may read; writing takes a token.

    What a source sends with its own token, or an engineer for it, is a message of the feeds.
    """
    if request.method in {"POST", "PUT"} and _is_feed(request, path):
        return _intake(request, path)
    try:
        made = answer([_ask(request, path)])[0]
    except Refusal as refusal:
        made = refusal.answer()
    return _response(shared(made, request.headers.get("Origin", "")))


def _is_feed(request: HttpRequest, path: str) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return is_source_token(token.strip())
    return "source" in request.GET and "$" not in path and "_search" not in path


def _intake(request: HttpRequest, path: str) -> HttpResponse:
    match path.strip("/").split("/"):
        case [""]:
            return intake.whole(request)
        case [kind]:
            return intake.created(request, kind)
        case [kind, key]:
            return intake.updated(request, kind, key)
    found = Refusal(403, "a source's token only hands in records", "Use the token of a client.")
    return _response(found.answer())


def _ask(request: HttpRequest, path: str) -> Ask:
    headers = {name.lower(): value for name, value in request.headers.items()}
    user = getattr(request, "user", None) if request.method in _SAFE else None
    return Ask(
        method=request.method or "GET",
        path=path,
        query=request.META.get("QUERY_STRING", ""),
        headers=headers,
        body=unpacked(_body(request), headers.get("content-encoding", "").lower()),
        base=request.build_absolute_uri("/fhir"),
        user=None if "authorization" in headers else user,
    )


def _body(request: HttpRequest) -> bytes:
    body = bytearray()
    while piece := request.read(_PIECE):
        body += piece
        if len(body) > LARGEST:
            raise too_large()
    return bytes(body)


def _response(made: Answer) -> HttpResponse:
    response = HttpResponse(made.body, status=made.status)
    del response["Content-Type"]
    for name, value in made.headers.items():
        response[name] = value.encode("latin-1", "replace").decode("latin-1")
    return response
