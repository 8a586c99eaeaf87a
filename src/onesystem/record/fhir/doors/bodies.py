"""What both doors do with a body and with origins. Pure."""

import os
import zlib

from onesystem.record.fhir.asks import Answer
from onesystem.record.fhir.outcomes import Refusal

LARGEST = 64 << 20  # bytes of one request, unpacked
EXPOSED = "ETag, Location, Content-Location, Last-Modified, X-Request-Id"
_ASKED = (
    "Authorization, Content-Type, Accept, Prefer, If-Match, If-None-Match, If-None-Exist, "
    "If-Modified-Since, X-Request-Id, X-Purpose"
)


def unpacked(body: bytes, encoding: str) -> bytes:
    """The body without its gzip. Raises Refusal where it is too large or not what it says."""
    if encoding in {"", "identity"}:
        return body
    if encoding != "gzip":
        raise Refusal(415, f"{encoding} is not unpacked here", "Send gzip, or plain.")
    unpack = zlib.decompressobj(wbits=31)
    try:
        made = unpack.decompress(body, LARGEST + 1)
    except zlib.error as error:
        raise Refusal(400, "this is not gzip", "Send it again, or plain.") from error
    if len(made) > LARGEST:
        raise too_large()
    return made


def too_large() -> Refusal:
    """More than one request may hold."""
    return Refusal(
        413,
        f"more than {LARGEST >> 20} MiB in one request",
        "Send it in parts, or hand over a file: onesystem ingest FILE --source NAME",
    )


def origins() -> frozenset[str]:
    """The origins whose pages may ask from a browser: ONESYSTEM_FHIR_ORIGINS, by commas."""
    said = os.environ.get("ONESYSTEM_FHIR_ORIGINS", "")
    return frozenset(filter(None, (each.strip().rstrip("/") for each in said.split(","))))


def shared(made: Answer, origin: str) -> Answer:
    """The answer with what a browser of an allowed origin needs; never with cookies."""
    made.headers.setdefault("X-Content-Type-Options", "nosniff")
    made.headers.setdefault("Cache-Control", "no-store")
    allowed = origins() if origin else frozenset()
    if origin and (origin in allowed or "*" in allowed):
        made.headers |= {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": EXPOSED,
            "Vary": "Origin, Accept",
        }
        if "Allow" in made.headers:
            made.headers |= {
                "Access-Control-Allow-Methods": made.headers["Allow"],
                "Access-Control-Allow-Headers": _ASKED,
                "Access-Control-Max-Age": "600",
            }
    return made
