"""What leaves as a file: exactly what the page shows, and never from a cache."""

from django.http import HttpRequest, HttpResponse

from onesystem.vocabulary.tables import Listing


def exported(listing: Listing, request: HttpRequest, name: str) -> HttpResponse | None:
    """The listing as CSV where the address asks for `format=csv`; None where it does not."""
    if request.GET.get("format") != "csv" or not listing.exports:
        return None
    response = HttpResponse(listing.as_csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    return response
