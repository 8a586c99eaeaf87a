"""What resources are called at our server, and what references in a body mean. Pure.

A resource keeps the id that it came with where that is a FHIR id and no other source's resource of
its type has it; else it is called by its entry id in base 36. References are found in the bytes
of a body, so that nothing else of it is written anew.
"""

import re
from collections.abc import Mapping

import orjson

from onesystem.feeds.fhir.frame import key_of_text

MARK = "\x1f"  # between another source and its own key, as `vocabulary.key_elsewhere` has it
_ID = re.compile(r"[A-Za-z0-9.\-]{1,64}")
_GIVEN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_TYPE = re.compile(r"[A-Z][A-Za-z]{2,63}")
_SIMPLE = re.compile(r"([A-Z][A-Za-z]{2,63})/[A-Za-z0-9.\-]{1,64}")
_REFERENCE = re.compile(rb'("reference"\s*:\s*)"((?:[^"\\]|\\.)*)"')
_BARE = re.compile(rb'("(?!value"|system"|id"|reference")\w+"\s*:\s*)"(urn:(?:uuid|oid):[^"\\]*)"')
# Where else in a resource a Bundle's own addresses stand: elements of type uri and url, and the
# narrative. Canonical addresses are left as they are (http.html#transaction).
_ADDRESS = re.compile(rb'("(?:url|uri|\w+Ur[il])"\s*:\s*")(urn:(?:uuid|oid):[^"\\]*)(")')
_NARRATIVE = re.compile(rb"""((?:href|src)=\\?["'])(urn:(?:uuid|oid):[\w.:-]*)(\\?["'])""")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def is_id(text: str) -> bool:
    """Whether it may be the id of a resource (datatypes.html#id)."""
    return _ID.fullmatch(text) is not None


def is_given(text: str) -> bool:
    """Whether an id is of the form of those that this server gives to what is created."""
    return _GIVEN.fullmatch(text) is not None


def base36(number: int) -> str:
    """A whole number in digits and small letters."""
    made = ""
    while number:
        number, digit = divmod(number, 36)
        made = _DIGITS[digit] + made
    return made or "0"


def wished(kind: str, key: str) -> str:
    """The id that a resource came with; empty where its key is none."""
    own, slash, rest = key.partition("/")
    return rest if slash and own == kind and is_id(rest) else ""


def texts_of(body: bytes) -> set[bytes]:
    """What the references of a body say, as JSON writes it; those inside the body left out."""
    found = set()
    for rest in body.split(b'"reference"')[1:]:
        end = rest.find(b'"', 2)
        text = rest[2:end]
        if rest[:2] != b':"' or end < 0 or b"\\" in text:  # not as most write it
            found = {text for _, text in _REFERENCE.findall(body)}
            break
        found.add(text)
    return {text for text in found if text[:1] != b"#"}


def meant(text: str, links: Mapping[str, str]) -> tuple[str, str]:
    r"""The type and key that a reference means; empty where it means nothing that can be here.

    The key of another source carries that source in front: `SOURCE\x1fKEY`.
    """
    if text not in links and (simple := _SIMPLE.fullmatch(text)):
        return simple[1], text
    key = key_of_text(text, links)
    kind = re.split(r"[/?]", key.rpartition(MARK)[2], maxsplit=1)[0]
    return (kind, key) if _TYPE.fullmatch(kind) else ("", "")


def plain(written: bytes) -> str:
    """The text of a JSON string without its quotes."""
    if b"\\" in written:
        return str(orjson.loads(b'"%b"' % written))
    return written.decode()


def renamed(body: bytes, names: Mapping[bytes, str]) -> bytes:
    """The body with references by our names; `names` maps what is written to what is served."""

    def put(found: "re.Match[bytes]") -> bytes:
        name = names.get(found[2])
        return found[0] if name is None else found[1] + orjson.dumps(name)

    body = _REFERENCE.sub(put, body)
    if any(each.startswith(b"urn:") for each in names):
        body = _BARE.sub(put, body)
    return body


def addressed(body: bytes, names: Mapping[bytes, bytes]) -> bytes:
    """The body with a Bundle's own `urn:` addresses, apart from references, by our names."""

    def put(found: "re.Match[bytes]") -> bytes:
        return found[1] + names.get(found[2], found[2]) + found[3]

    return _NARRATIVE.sub(put, _ADDRESS.sub(put, body)) if names else body


def version_kept(text: str) -> str:
    """The end of a reference that names a version: `/_history/3`, or nothing."""
    base, mark, version = text.partition("/_history/")
    return mark + version if base else ""
