"""Links to further pages: what was asked and the place, signed and bound to who asked."""

import hashlib
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from functools import lru_cache
from hmac import compare_digest

import orjson
from django.conf import settings

from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.searching.asked import Asked
from onesystem.record.fhir.searching.paging import Place

_SALT = b"onesystem.fhir.page"
_LONG = 500  # bytes from which a search is made shorter for its link
_MOST = 1 << 20  # bytes of a search, unpacked


def token(who: str, kind: str, asked: Asked, place: Place, total: int | None) -> str:
    """A link's token: the search, the place and who may use it."""
    said = orjson.dumps(
        [who, kind, asked.within, asked.understood, place.key, int(place.back), total]
    )
    mark = b"."
    if len(said) > _LONG:
        said, mark = zlib.compress(said, 1), b"~"
    held = urlsafe_b64encode(said) + mark
    return (held + _signature(held)).decode()


def opened(
    token: str, who: str, kind: str, within: tuple[str, str] | None
) -> tuple[list[tuple[str, str]], Place, int | None]:
    """The parameters, place and total of a token. Raises Refusal."""
    try:
        owner, of, in_, params, key, back, total = orjson.loads(_held(token.encode()))
    except (ValueError, Error, zlib.error) as error:
        raise Refusal(400, "The link to the page was changed or is not of this server",
                      "Follow the links of the answer as they are, or search again",
                      where="_page") from error  # fmt: skip
    if owner != who:
        raise Refusal(403, "The link to the page was given to somebody else", "Search again",
                      where="_page")  # fmt: skip
    if of != kind or tuple(in_ or ()) != (within or ()):
        raise Refusal(400, "The link to the page belongs to another search",
                      "Follow the links of the answer as they are", where="_page")  # fmt: skip
    return [(n, v) for n, v in params], Place(key=key, back=bool(back)), total


def _held(token: bytes) -> bytes:
    """What a token holds. Raises ValueError where it is none of ours."""
    end = max(token.rfind(b"."), token.rfind(b"~")) + 1
    held, signature = token[:end], token[end:]
    if not held or not compare_digest(_signature(held), signature):
        raise ValueError("not signed by us")
    said = urlsafe_b64decode(held[:-1])
    return zlib.decompressobj().decompress(said, _MOST) if held.endswith(b"~") else said


def _signature(held: bytes) -> bytes:
    # Keyed BLAKE2 is a signature by itself, and a third of the work of an HMAC.
    made = hashlib.blake2b(held, key=_key(settings.SECRET_KEY), digest_size=24).digest()
    return urlsafe_b64encode(made)


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    return hashlib.sha256(_SALT + secret.encode()).digest()
