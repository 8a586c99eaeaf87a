"""The last headers of each page: who may keep a copy, and where its live stream is."""

from http import HTTPStatus
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from onesystem.web.frame import stream_url


def finish(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """No shared copy of anything behind a sign-in, no copy at all of a person's record."""
    signed_in = getattr(getattr(request, "user", None), "is_authenticated", False)
    if not response.has_header("Cache-Control"):
        if getattr(request, "opened", None):
            response["Cache-Control"] = "no-store"
        elif signed_in:
            response["Cache-Control"] = "private, no-cache"
    # A 304 has no content type, and its headers replace those of the copy that the browser keeps.
    unchanged = response.status_code == HTTPStatus.NOT_MODIFIED
    if unchanged or response.get("Content-Type", "").startswith("text/html"):
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        parts = urlsplit(stream_url(request))
        if signed_in and parts.netloc and parts.netloc != request.get_host():
            # The stream answers on its own port of the same host: the one other origin allowed.
            # A page may have said more of its own: where its forms lead, for one.
            own = getattr(response, "_csp_update", None) or {}
            response._csp_update = {**own, "connect-src": [f"{parts.scheme}://{parts.netloc}"]}  # type: ignore[attr-defined]  # noqa: SLF001
    response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    return response
