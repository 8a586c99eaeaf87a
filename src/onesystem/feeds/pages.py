"""The pages of the feeds: every source, its messages, and one message opened."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from onesystem import access, district, people
from onesystem.district import District
from onesystem.feeds import feed_queries as queries
from onesystem.feeds import presenters
from onesystem.feeds.cures import cure_of
from onesystem.feeds.forked import apart
from onesystem.feeds.landing import BLOB, landing_of
from onesystem.feeds.models import Message
from onesystem.feeds.own import is_own, source_of
from onesystem.feeds.places import source_with_places
from onesystem.feeds.readers import Explained, Reader, WholeReader, reader_of
from onesystem.vocabulary import BadInput, NotFound, to_utc
from onesystem.vocabulary.typed import whole_or
from onesystem.vocabulary.wording import ago, counted, local, safe_csv

PAGE = 100
EXPLAINED = 2000  # lines of an explanation on one page
READ_AGAIN = 4 << 20  # bytes of a message that a page reads again to say what it makes


@access.page(right="feeds.see")
def index(request: HttpRequest) -> HttpResponse:
    """Every source: how it stands, and what waits to be mended."""
    here, at = district.current(), timezone.now()
    states = queries.sources(here, by=request.actor, at=at)
    context = {
        "sources": [presenters.source_words(each, here, at=at) for each in states],
        "summary": presenters.summary(states, at=at),
        "empty": not any(each.landed for each in states),
        "at": local(at, here.zone),
        "zone": here.zone,
        "unfinished": queries.unfinished(),
        "may_mend": access.may(request.actor, "feeds.mend"),
        "folder": here.path.name,
    }
    part = request.headers.get("HX-Request")
    return render(request, "feeds/_sources.html" if part else "feeds/index.html", context)


@access.page(right="feeds.see")
def source(request: HttpRequest, code: str) -> HttpResponse:
    """One source: its figures, and its messages, newest first."""
    here, at = district.current(), timezone.now()
    states = queries.sources(here, by=request.actor, at=at)
    state = next((each for each in states if each.source.code == code), None)
    if state is None:
        raise Http404(f"no source {code}")
    asked, problems = _asked(request, code, here)
    found = queries.messages(asked, by=request.actor, limit=PAGE)
    rules = sorted({g.rule for g in queries.quarantine(by=request.actor, source=code)})
    return render(
        request,
        "feeds/source.html",
        {
            "source": presenters.source_words(state, here, at=at),
            "own": is_own(here, code),
            "sent": [_message_words(m, here, at) for m in found[:PAGE]],
            "older": _query(request, before=found[PAGE - 1].id) if len(found) > PAGE else "",
            "newest": _query(request, before="") if asked.before else "",
            "asked": request.GET,
            "problems": problems,
            "filtered": any(
                request.GET.get(k) for k in ("state", "rule", "text", "since", "until")
            ),
            "rules": rules,
            "may_open": access.may(request.actor, "feeds.message"),
            "may_mend": access.may(request.actor, "feeds.mend"),
        },
    )


def _asked(request: HttpRequest, code: str, here: District) -> tuple[queries.Asked, list[str]]:
    get = request.GET.get
    since, wrong = _day(get("since", ""), here)
    until, wrong_too = _day(get("until", ""), here)
    before = get("before", "")
    state = get("state", "")
    asked = queries.Asked(
        source=code,
        state=state if state in {Message.READ, Message.QUARANTINED} else "",
        rule=get("rule", ""),
        text=get("text", "").strip()[:100],
        since=since,
        until=until + timedelta(days=1) if until else None,
        before=whole_or(before, 0),
    )
    problems = [f"{w!r} is not a date" for w in (wrong, wrong_too) if w]
    return asked, problems


def _day(text: str, here: District) -> tuple[datetime | None, str]:
    if not text:
        return None, ""
    try:
        day = date.fromisoformat(text)
        return to_utc(datetime(day.year, day.month, day.day), here.zone), ""  # noqa: DTZ001
    except (ValueError, OverflowError):
        return None, text


def _query(request: HttpRequest, **more: object) -> str:
    kept = request.GET.copy()
    for name, value in more.items():
        kept[name] = str(value)
        if value == "":
            del kept[name]
    return kept.urlencode()


def _message_words(message: Message, here: District, at: datetime) -> dict[str, Any]:
    return {
        "id": message.id,
        "local": local(message.received, here.zone),
        "ago": ago(message.received, now=at),
        "iso": message.received.isoformat(),
        "name": message.name,
        "kind": message.kind or message.format or "unknown",
        "size": _size(message.size),
        "state": message.state,
        "reason": message.reason,
        "rule": message.rule,
        "rows_read": message.rows_read,
        "rows_refused": message.rows_refused,
        "source": message.source,
    }


def _size(size: int) -> str:
    for unit in ("bytes", "kB", "MB"):
        if size < 1000 or unit == "MB":
            return f"{size:,.0f} {unit}" if unit == "bytes" else f"{size:,.1f} {unit}"
        size = size / 1000
    return ""


@access.page(right="feeds.message")
def message(request: HttpRequest, number: int) -> HttpResponse:
    """One message: its bytes, how it was read line by line, and what it made. Audited."""
    here, at = district.current(), timezone.now()
    row = _row(request, number)
    access.record(by=request.actor, act="message.opened", what=f"message {number}")
    start = whole_or(request.GET.get("start"), 0)
    try:
        data = queries.piece(here, row, start=start, size=presenters.PIECE)
        raw, lost = presenters.raw(data, start=start, size=row.size), ""
    except NotFound as error:
        raw, lost = None, str(error)
    reader = _reader(row)
    words = [] if lost else _readings(here, row, reader)
    return render(
        request,
        "feeds/message.html",
        {
            "message": _message_words(row, here, at),
            "row": row,
            "source": source_of(here, row.source),
            "own": is_own(here, row.source),
            "raw": raw,
            "lost": lost,
            "explained": [] if lost else _explained(here, row, reader)[:EXPLAINED],
            "readings": words[:500],
            "readings_counted": presenters.readings_counted(words),
            "persons": _persons(row, words) if _opens(request) else {},
            "flags": queries.flags(number),
            "cure_of": cure_of,
            "refused": queries.refused(number, after=whole_or(request.GET.get("after"), 0)),
            "refused_by_rule": queries.refused_by_rule(number),
            "whole": isinstance(reader, WholeReader) and not isinstance(reader, Reader),
            "known": local(row.known_at, here.zone),
            "may_mend": access.may(request.actor, "feeds.mend"),
        },
    )


def _row(request: HttpRequest, number: int) -> Message:
    try:
        return queries.message(number, by=request.actor)
    except NotFound as error:
        raise Http404(str(error)) from None


def _opens(request: HttpRequest) -> bool:
    return access.may(request.actor, "person.open")


def _reader(row: Message) -> Reader | WholeReader | None:
    try:
        return reader_of(row.format) if row.format else None
    except NotFound:
        return None


def _explained(
    here: District, row: Message, reader: Reader | WholeReader | None
) -> list[Explained]:
    """How it was read, line by line; explaining never raises.

    What reads whole files takes an engine that no other page needs.
    """
    if (reader is None or row.size > READ_AGAIN) and not isinstance(reader, WholeReader):
        return []
    landing = landing_of(here.path)
    if isinstance(reader, Reader):
        return reader.explain(landing.read(row.address))
    frame = landing.frame(row.address)
    if frame.kind != BLOB:
        return []
    file, source = landing.file(frame.digest), source_with_places(here, row.source)

    def explained() -> list[Explained]:
        return reader.explain_file(file, name=row.name, source=source)

    if not settings.LEAN:
        return explained()
    connections.close_all()  # a connection never crosses a fork
    return apart(explained)  # type: ignore[no-any-return]


def _readings(
    here: District, row: Message, reader: Reader | WholeReader | None
) -> list[presenters.ReadingWords]:
    """What the message says when it is read now. A refusal gives none: the row has the reason."""
    if not isinstance(reader, Reader) or row.size > READ_AGAIN:
        return []
    data = landing_of(here.path).read(row.address)
    source = source_with_places(here, row.source)
    try:
        found = reader.read(data, source=source, district=here, received=row.received)
    except BadInput:
        return []
    return presenters.readings_words(found, here)


def _persons(row: Message, words: list[presenters.ReadingWords]) -> dict[tuple[str, str], int]:
    """The persons that the subjects of a message that was read are now, by whose and subject."""
    if row.state != Message.READ:
        return {}  # nobody was made of it, and looking must not make them
    subjects = sorted({(w.whose, w.subject) for w in words if w.subject})[:200]
    met = people.identify([(w or row.source, s) for w, s in subjects], known_at=row.known_at)
    person_of = people.person_of(list(met.values()))
    found = {known: person_of[i] for known, i in met.items() if i in person_of}
    return {(w, s): found[w or row.source, s] for w, s in subjects if (w or row.source, s) in found}


@access.page(right="feeds.message")
def refused(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The refused rows of an extract, as CSV: safe for a spreadsheet, and audited."""
    row = _row(request, number)
    access.record(by=request.actor, act="refused.exported", what=f"message {number}")
    lines = safe_csv(("row", "rule", "reason", "cure", "as it came"), _refused_rows(row.id))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-{number}.csv"'
    return response


def _refused_rows(number: int) -> Iterator[tuple[object, ...]]:
    after = 0
    while part := queries.refused(number, after=after, limit=1000):
        for each in part:
            yield each.row, each.rule, each.reason, each.cure, each.text
        after = part[-1].id


@access.page(right="feeds.message")
def download(request: HttpRequest, number: int) -> HttpResponse:
    """The message byte for byte, never shown by the browser. Audited."""
    here, row = district.current(), _row(request, number)
    access.record(by=request.actor, act="message.downloaded", what=f"message {number}")
    try:
        data = landing_of(here.path).read(row.address)
    except NotFound as error:
        raise Http404(str(error)) from None
    response = HttpResponse(data, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="message-{number}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@access.page(right="feeds.see")
def quarantine(request: HttpRequest) -> HttpResponse:
    """What was set aside, by reason: how many, why, and the cure."""
    here, at = district.current(), timezone.now()
    code = request.GET.get("source", "")
    groups = queries.quarantine(by=request.actor, source=code)
    opened = request.GET.get("rule", "")
    asked = queries.Asked(source=code, rule=opened, state=Message.QUARANTINED)
    found = queries.messages(asked, by=request.actor, limit=PAGE) if opened else []
    return render(
        request,
        "feeds/quarantine.html",
        {
            "groups": [
                {
                    "group": g,
                    "source": source_of(here, g.source).name,
                    "oldest": ago(g.oldest, now=at),
                    "newest": ago(g.newest, now=at),
                    "counted": counted(g.messages, "message"),
                }
                for g in groups
            ],
            "total": sum(g.messages for g in groups),
            "chosen_rule": opened,
            "source": code,
            "sent": [_message_words(m, here, at) for m in found[:PAGE]],
            "more": len(found) > PAGE,
            "may_mend": access.may(request.actor, "feeds.mend"),
            "may_open": access.may(request.actor, "feeds.message"),
            "at": local(datetime.now(UTC), here.zone),
        },
    )
