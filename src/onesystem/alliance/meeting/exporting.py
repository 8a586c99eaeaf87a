"""The register as a file: lines that can be checked anywhere, a table, a workbook."""

import json
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpResponse

from onesystem.alliance.meeting.register import KINDS, Sealed, line_of
from onesystem.district import current
from onesystem.flow.showing import workbook as books
from onesystem.vocabulary import to_local
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.tables import csv_text

HEAD = ("entry", "when", "kind", "decision", "made by", "title", "plain words", "amount", "funding",
        "agree", "stand aside", "object", "reasons", "review", "charter", "digest")  # fmt: skip
DEFINITIONS = (
    ("entry", "The number of the entry; there are no gaps"),
    ("when", "When it was written down, in the district's own time"),
    ("kind", f"What happened: {', '.join(KINDS.values()).lower()}"),
    ("decision", "The number of the decision; empty for what was sent back"),
    ("made by", "The service alliance that decided or recommended; empty for the alliance itself"),
    ("amount", "What funders are asked for in all, in whole units of the district's currency"),
    ("funding", "asked: of funders; later: design first, money afterwards; none: needs none"),
    ("agree, stand aside, object", "How many voices counted; worked out, never typed in"),
    ("reasons", "What those who objected, or stood aside, said"),
    ("charter", "The version of the charter under which it was decided"),
    ("digest", "SHA-256 over the entry and the digest before it"),
)  # fmt: skip
TYPES = {
    "jsonl": "application/x-ndjson; charset=utf-8", "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def file(entries: Sequence[Sealed], form: str) -> HttpResponse:
    """The register in a form. Raises Http404 for one that there is not."""
    if form not in TYPES:
        raise Http404(form)
    body: bytes | str = {"jsonl": lines, "csv": table, "xlsx": workbook}[form](entries)
    response = HttpResponse(body, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="register.{form}"'
    response["Cache-Control"] = "no-store"
    return response


def lines(entries: Sequence[Sealed]) -> str:
    """One entry a line, as it was sealed."""
    return "".join(f"{line_of(each)}\n" for each in entries)


def table(entries: Sequence[Sealed]) -> str:
    """Entries as CSV."""
    return csv_text(HEAD, [row(each) for each in entries])


def row(sealed: Sealed) -> list[Any]:
    """An entry as cells."""
    entry, said = sealed.entry, json.loads(sealed.entry.body)
    voices = said.get("voices", ())
    count = {name: sum(v["said"] == name for v in voices) for name in ("agree", "aside", "object")}
    reasons = "; ".join(v["reason"] for v in voices if v["reason"]) or said.get("why", "")
    amount = said.get("amount")
    return [
        entry.number, f"{to_local(from_micros(entry.at), current().zone):%Y-%m-%d %H:%M}",
        KINDS.get(entry.kind, entry.kind), entry.decision or "",
        said.get("group", {}).get("name", ""), said.get("title", ""),
        said.get("plain", ""), amount / 100 if amount else "", said.get("funding", ""),
        *(count.values() if voices else ("", "", "")), reasons, said.get("review", ""),
        said.get("charter", ""), sealed.digest,
    ]  # fmt: skip


def workbook(entries: Sequence[Sealed]) -> bytes:
    """Entries and what each column means, as an Excel workbook."""
    return books.workbook(
        books.Sheet(name="Register", head=HEAD, rows=[row(e) for e in entries], widths=()),
        books.Sheet(
            name="Definitions", head=("Column", "What it means"), rows=DEFINITIONS, widths=(30, 90)
        ),
    )
