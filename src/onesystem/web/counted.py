"""Counting what is asked for: each page by the name of its route, never by its address.

An address may hold somebody's number; a route's name holds none.
"""

import os
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from onesystem.web import counting

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NOWHERE = "(none)"
_log = structlog.get_logger(__name__)

App = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


class Counted:
    """Middleware: how long each page took and how it ended; in the log too, where asked for."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response
        self.said = os.environ.get("ONESYSTEM_LOG_PAGES") == "1"

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102
        begun = time.perf_counter()
        response: HttpResponse = self.get_response(request)
        took = time.perf_counter() - begun
        found = request.resolver_match
        route = (found.view_name if found else "") or _NOWHERE
        _count(route, request.method or "", response.status_code, took)
        if self.said:
            _log.info("page", route=route, method=request.method, status=response.status_code,
                      ms=round(1000 * took, 1))  # fmt: skip
        return response


def counted(app: App, route: str) -> App:
    """The same application of ASGI; what it is asked for is counted under one route."""

    async def counts(scope: dict[str, Any], receive: Any, send: Any) -> None:
        begun, status = time.perf_counter(), 500

        async def sends(message: dict[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await app(scope, receive, sends)
        finally:
            _count(route, scope["method"], status, time.perf_counter() - begun)

    return counts


def _count(route: str, method: str, status: int, took: float) -> None:
    counting.table().time(
        counting.PAGES,
        took,
        route=route,
        method=method if method in _METHODS else "other",
        status=str(status),
    )
