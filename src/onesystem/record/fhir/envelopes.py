"""Writes as messages: what the landing keeps of a POST, PUT, PATCH or DELETE. Pure.

The first line is JSON: when, by whom, and each write with the resource that it is of, its key and
the place of its body in what follows. Then come the bytes as they were sent, and after them the
bodies that were not sent so: a resource out of a Bundle, the outcome of a patch. Whoever reads
the message again writes the same resources under the same ids.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from onesystem.vocabulary import BadInput

FORMAT = "fhir.write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One resource written. `owner` and `key` say which entry; `body` None deletes it.

    `was` is the body that a deleted resource had; `recorded` puts this version after the last.
    """

    act: str  # create, update, patch, delete
    kind: str
    owner: str
    key: str
    recorded: datetime
    body: bytes | None = None
    was: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """One request that writes. `links`: what references in it mean, as (owner, key)."""

    at: datetime
    client: str
    by: str
    method: str
    url: str
    sent: bytes
    writes: tuple[Write, ...]
    links: dict[str, tuple[str, str]]
    request: str = ""


def packed(envelope: Envelope) -> bytes:
    """The message to land."""
    rest = bytearray(envelope.sent)
    writes = [_written(each, envelope.sent, rest) for each in envelope.writes]
    head = {
        "onesystem": FORMAT,
        "version": 1,
        "at": envelope.at.isoformat(),
        "client": envelope.client,
        "by": envelope.by,
        "method": envelope.method,
        "url": envelope.url,
        "request": envelope.request,
        "sent": len(envelope.sent),
        "writes": writes,
        "links": envelope.links,
    }
    return orjson.dumps(head) + b"\n" + bytes(rest)


def _written(each: Write, sent: bytes, rest: bytearray) -> dict[str, Any]:
    return {
        "act": each.act,
        "kind": each.kind,
        "owner": each.owner,
        "key": each.key,
        "recorded": each.recorded.isoformat(),
        "body": _place(each.body, sent, rest),
        "was": _place(each.was, sent, rest),
    }


def _place(body: bytes | None, sent: bytes, rest: bytearray) -> list[int] | None:
    if body is None:
        return None
    if body == sent:
        return [0, len(sent)]
    rest += b"\n"
    begin = len(rest)
    rest += body
    return [begin, len(rest)]


def unpacked(message: bytes) -> Envelope:
    """The envelope of a landed message. Raises BadInput."""
    line, _, rest = message.partition(b"\n")
    try:
        head = orjson.loads(line)
        if head["onesystem"] != FORMAT or head["version"] != 1:
            raise ValueError("another format")  # noqa: TRY301
        return Envelope(
            at=datetime.fromisoformat(head["at"]),
            client=head["client"],
            by=head["by"],
            method=head["method"],
            url=head["url"],
            request=head["request"],
            sent=rest[: head["sent"]],
            writes=tuple(_of(each, rest) for each in head["writes"]),
            links={text: (owner, key) for text, (owner, key) in head["links"].items()},
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"this is no write of the FHIR server: {error}",
            rule="fhir.no-envelope",
            cure="Send resources to /fhir; the server puts them into envelopes itself.",
        ) from error


def _of(each: dict[str, Any], rest: bytes) -> Write:
    return Write(
        act=each["act"],
        kind=each["kind"],
        owner=each["owner"],
        key=each["key"],
        recorded=datetime.fromisoformat(each["recorded"]),
        body=_cut(each["body"], rest),
        was=_cut(each["was"], rest),
    )


def _cut(place: Sequence[int] | None, rest: bytes) -> bytes | None:
    return None if place is None else rest[place[0] : place[1]]
