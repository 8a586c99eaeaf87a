"""What machines ask of a served district: is it alive, may it be sent people, how does it do.

/health/    200 while this process answers; asks nothing else
/ready/     200 where the store, the landing and the version of the store are as they must be
/metrics/   figures for Prometheus: for this machine itself, or with ONESYSTEM_METRICS_TOKEN

They are answered before anything else looks at the request: whoever probes may call the machine by
its address, speaks plain http behind the proxy, and has no session. Nothing in them names a person.
"""

import os
from collections.abc import Iterator
from hmac import compare_digest
from ipaddress import ip_address
from typing import Any

from django.http import HttpRequest, HttpResponse

HEALTH, READY, METRICS = "/health/", "/ready/", "/metrics/"
_PLAIN = "text/plain; charset=utf-8"
_LEAST = 256 << 20  # bytes of room without which no message should be sent here
# A proxy on this machine calls from this machine too, and says for whom.
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via")


class Probes:
    """Middleware, the first of all: answers these three addresses and passes all others on."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response
        self.answers = {HEALTH: _health, READY: _ready, METRICS: _metrics}

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102
        answer = self.answers.get(request.path)
        if answer is None:
            response: HttpResponse = self.get_response(request)
            return response
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response = answer(request)
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _health(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type=_PLAIN)


def _ready(_request: HttpRequest) -> HttpResponse:
    """What is missing is named by one word; `onesystem doctor` says more, to who may run it."""
    missing = list(_missing())
    if missing:
        text = f"not ready: {', '.join(missing)}\n"
        return HttpResponse(text, status=503, content_type=_PLAIN)
    return HttpResponse("ok\n", content_type=_PLAIN)


def _missing() -> Iterator[str]:
    from django.db import DatabaseError, connection

    from onesystem.district import folder

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _whole():
            yield "version"
    except DatabaseError:
        connection.close()
        yield "store"
    where = folder()
    if not os.access(where, os.W_OK) or _room(where) < _LEAST:
        yield "disk"


def _room(where: os.PathLike[str]) -> int:
    told = os.statvfs(where)
    return told.f_bavail * told.f_frsize


_known: list[bool] = []


def _whole() -> bool:
    """Whether the store has every step of this version. Once it has, it is not asked again."""
    if not _known:
        from django.db import connection
        from django.db.migrations.executor import MigrationExecutor

        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _known.append(True)
    return True


def _metrics(request: HttpRequest) -> HttpResponse:
    if not _may(request):
        text = "Ask from this machine, or with the token of ONESYSTEM_METRICS_TOKEN.\n"
        return HttpResponse(text, status=403, content_type=_PLAIN)
    from onesystem.web import exposition, figures

    return HttpResponse(exposition.text(figures.families()), content_type=exposition.CONTENT_TYPE)


def _may(request: HttpRequest) -> bool:
    """Whether it comes from this machine itself and not through a proxy, or has the token."""
    token = os.environ.get("ONESYSTEM_METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and compare_digest(given.encode(), token.encode()):
        return True
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:  # a socket without an address: what listens on the other side is not known
        return False
