"""The answer to a subject access request as one zip: a page to read, and files for machines."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import orjson

from onesystem import access, district
from onesystem.record.protection.gathered import PURPOSE, Gathered, gather

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #aaa;padding:.25rem .5rem;"
    "text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#eee}"
)
_ABOUT = """What is in this file

index.html         everything, to read in a browser
identities.json    who you are to each service that sends to this record
changes.json       when those were brought together or taken apart
contacts.json      each contact with a service: times are in UTC
requests.json      what was asked for on your behalf
entries.ndjson     every version of every entry of the record, as FHIR, one a line
corrections.json   what was asked to be put right, and what was decided
trail.json         who looked at your record or did something with it, when and why
"""
_IDENTITY = ("source", "subject", "family", "given", "birth_date", "sex", "address", "postcode",
             "phone", "practice")  # fmt: skip
_CONTACT = ("started", "ended", "service", "setting", "reason", "outcome", "by", "source")
_REQUEST = ("at", "what", "service", "status", "reason", "by", "source")
_ENTRY = ("kind", "known_at", "version", "status", "source", "said")
_CORRECTION = ("asked_at", "what", "wrong", "should", "state", "reason", "statement", "put_right")
_WORDS = frozenset(("display", "text", "value", "unit"))
_TRAIL = ("at", "who", "organisation", "roles", "act", "purpose", "reason")


def answer(person: int, *, by: access.Actor) -> tuple[bytes, Gathered]:
    """The zip and what went into it; audited. Raises NotFound and NotPermitted."""
    found = gather(person, by=by)
    packed = _zip(found)
    access.record(
        by=by, act="person.exported", what=f"person {person}", person=person, purpose=PURPOSE,
        detail=found.counts() | {"bytes": len(packed)},
    )  # fmt: skip
    return packed, found


def _zip(found: Gathered) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("README.txt", _ABOUT)
        file.writestr("index.html", _page(found))
        for name in ("identities", "changes", "contacts", "requests", "corrections", "trail"):
            data = orjson.dumps(getattr(found, name), option=orjson.OPT_INDENT_2)
            file.writestr(f"{name}.json", data)
        file.writestr("entries.ndjson", b"".join(orjson.dumps(e) + b"\n" for e in found.entries))
    return out.getvalue()


def _page(found: Gathered) -> str:
    here = district.current()
    entries = [each | {"said": _said(each["resource"])} for each in found.entries]
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>Your record</title>",
        f"<style>{_STYLE}</style><h1>What {escape(here.name)} holds about you</h1>",
        "<p>The other files hold the same for machines. Times are in UTC.</p>",
        _table("Who you are to each service", _IDENTITY, found.identities),
        _table("Contacts", _CONTACT, found.contacts),
        _table("Requests", _REQUEST, found.requests),
        _table("Entries of the record", _ENTRY, entries),
        _table("Corrections", _CORRECTION, found.corrections),
        _table("Who looked, and who did what", _TRAIL, found.trail),
    ]
    return "\n".join(parts)


def _table(title: str, names: Sequence[str], rows: Iterable[dict[str, Any]]) -> str:
    head = "".join(f"<th scope=col>{name.replace('_', ' ').capitalize()}" for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(_text(row.get(name)))}" for name in names) for row in rows
    )
    return f"<h2>{title}</h2>" + (f"<table><tr>{head}{body}</table>" if body else "<p>Nothing.</p>")


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _said(resource: Any) -> str:
    """The words of a resource: every text that it displays, in order, once."""
    found: dict[str, None] = {}

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for key, each in value.items():
                if key in {"display", "text", "value", "unit"} and not isinstance(
                    each, dict | list
                ):
                    found.setdefault(str(each))
                else:
                    walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    walk(resource)
    return ", ".join(found)
