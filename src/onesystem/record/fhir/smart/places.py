"""Where things are, as a client sees them: issuer, endpoints, and the bases of the FHIR server.

ONESYSTEM_PAGES_URL   the address of the pages behind a proxy
ONESYSTEM_FHIR_URL    further addresses of the FHIR server behind a proxy, separated by commas
"""

import os
from urllib.parse import urlsplit


def origin_of(base: str) -> str:
    """The origin of the pages, from the base of the FHIR server that was asked (either door)."""
    if named := os.environ.get("ONESYSTEM_PAGES_URL"):
        return named.rstrip("/")
    parts = urlsplit(base)
    stream, pages = os.environ.get("ONESYSTEM_STREAM_PORT"), os.environ.get("ONESYSTEM_PAGES_PORT")
    if stream and pages and str(parts.port) == stream:
        return f"{parts.scheme}://{_host(parts.netloc)}:{pages}"
    return f"{parts.scheme}://{parts.netloc}"


def bases_of(origin: str) -> list[str]:
    """The bases of our FHIR server; the first is the one that a launch names."""
    made = [f"{origin}/fhir"]
    parts = urlsplit(origin)
    if stream := os.environ.get("ONESYSTEM_STREAM_PORT"):
        made.append(f"{parts.scheme}://{_host(parts.netloc)}:{stream}/fhir")
    named = os.environ.get("ONESYSTEM_FHIR_URL", "")
    return [*made, *filter(None, (each.strip().rstrip("/") for each in named.split(",")))]


def issuer_of(origin: str) -> str:
    """Who issues our identity tokens."""
    return f"{origin}/oauth"


def _host(netloc: str) -> str:
    host, colon, port = netloc.rpartition(":")
    return host if colon and port.isdigit() else netloc
