"""A searchset put together from bytes: resources go in as they are served. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from onesystem.record.fhir.serving import Shown

MATCH, INCLUDE = (b',"search":{"mode":"%b"}}' % mode for mode in (b"match", b"include"))


def entry(base: bytes, each: Shown, body: bytes, mode: bytes) -> bytes:
    """One entry. `base` is our address, `mode` MATCH or INCLUDE."""
    return b'{"fullUrl":"%b/%b","resource":%b%b' % (base, each.name.encode(), body, mode)


def bundle(said: Mapping[str, Any], entries: Iterable[bytes]) -> bytes:
    """The Bundle: what it says of itself, and its entries."""
    head, held = orjson.dumps(said), b",".join(entries)
    return b'%b,"entry":[%b]}' % (head[:-1], held) if held else head
