"""The pages of the frame itself."""

from django.http import HttpRequest, HttpResponse


def robots(_request: HttpRequest) -> HttpResponse:
    """Nothing here is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")
