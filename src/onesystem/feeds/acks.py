"""Acknowledgements: AA taken, AE kept but set aside, AR not taken at all. Original mode."""

import itertools
from datetime import UTC, datetime

from onesystem.feeds.framing import framed
from onesystem.vocabulary import BadInput

_COUNT = itertools.count(1)
_NOT_HL7 = ("hl7.no-msh", "hl7.bad-separators")


def ack(message: bytes, refusal: BadInput | None) -> bytes:
    """The acknowledgement of a message that is safe on disk."""
    if refusal is None:
        return _built(message, "AA", "")
    code = "AR" if refusal.rule in _NOT_HL7 else "AE"
    return _built(message, code, f"{refusal.rule}: {refusal.what}")


def refused(message: bytes, why: str, *, code: str = "AR") -> bytes:
    """The acknowledgement of a message that was not kept."""
    return _built(message, code, why)


def _built(message: bytes, code: str, why: str) -> bytes:
    head = message[: message.find(b"\r")] if b"\r" in message else message[:2000]
    mark = head[3:4] if head.startswith(b"MSH") and len(head) > 8 else b"|"
    if mark.isalnum():
        mark = b"|"
    fields = head.split(mark) if head.startswith(b"MSH") else []
    fields += [b""] * (18 - len(fields))
    codes = fields[1] or b"^~\\&"
    component = codes[:1]
    trigger = fields[8].split(component)
    type_ = b"ACK" + (component + trigger[1] if len(trigger) > 1 else b"")
    now = datetime.now(UTC)
    number = f"{now:%Y%m%d%H%M%S}{next(_COUNT):06d}".encode()
    msh = mark.join(
        (
            b"MSH",
            codes,
            fields[4],
            fields[5],
            fields[2],
            fields[3],
            f"{now:%Y%m%d%H%M%S}+0000".encode(),
            b"",
            type_,
            number,
            fields[10] or b"P",
            fields[11] or b"2.4",
        )
    )
    words = why.encode("ascii", "replace")[:200]
    for bad in (mark, *(codes[i : i + 1] for i in range(len(codes))), b"\r", b"\n"):
        words = words.replace(bad, b" ")
    msa = mark.join(
        (b"MSA", code.encode(), fields[9], words) if why else (b"MSA", code.encode(), fields[9])
    )
    return framed(msh + b"\r" + msa + b"\r")
