"""Entries, room and waits in words."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from onesystem.care.services.durations import said_hours
from onesystem.care.services.entry import Entry
from onesystem.care.services.hours import merged, said_days, said_span
from onesystem.care.services.room import Room
from onesystem.care.services.waits import Wait, Waited
from onesystem.district import District
from onesystem.vocabulary import to_local, words
from onesystem.vocabulary.said import listed, say, say_each
from onesystem.vocabulary.wording import DAY_NAMES, length
from onesystem.vocabulary.wording import day as day_words

KIND_WORDS = say_each(
    {"referral": "Referrals", "order": "Orders", "advice": "Questions for advice"}
)
FORM_TYPES = say_each({
    "line": "A few words", "text": "Several lines", "number": "A number", "date": "A day",
    "choice": "One of a list", "yes-no": "Yes or no",
})  # fmt: skip
Tag = tuple[str, str]  # words and the kind of tag


def room_words(room: Room, *, exact: bool, below: int = 5) -> Tag:
    """Whether there is room this week. Those who may not see people are not told of a few."""
    if room.free is None or room.of is None:
        return say("not known"), "quiet"
    kind = "bad" if room.full else ("warn" if room.free * 10 <= room.of else "good")
    what = "slots" if room.how == "slots" else "places"
    if room.full:
        return say("no free {what}", what=what), kind
    if not exact and room.how == "people" and 0 < room.of - room.free < below:
        return say("has room"), "good"
    return say(
        "{free} of {of} {what} free", free=f"{room.free:,}", of=f"{room.of:,}", what=what
    ), kind


def wait_words(line: Waited, *, exact: bool, below: int = 5) -> str:
    """How long people waited, and how many wait, in one line."""
    if not line.begun and not line.waiting:
        return say("nobody waited lately")
    parts = []
    if line.begun and (exact or line.begun >= below):
        parts.append(
            say(
                "half began within {long}, nine of ten {long2}",
                long=_long(line.median),
                long2=_long(line.ninth),
            )
        )
    if line.waiting and (exact or line.waiting >= below):
        parts.append(
            say(
                "{waiting} waiting, longest {long}",
                waiting=words.number(line.waiting),
                long=_long(line.waiting_longest),
            )
        )
    return listed(parts, "; ") if parts else say("too few people to say")


def short_wait(wait: Wait | None, *, exact: bool, below: int = 5) -> str:
    """Half of the people began within this; empty where too few did."""
    line = wait.all if wait else None
    if line is None or line.median is None or (not exact and line.begun < below):
        return ""
    return length(line.median)


def _long(span: timedelta | None) -> str:
    return "" if span is None else length(span)


def open_words(entry: Entry, local: datetime) -> Tag:
    """Whether somebody is there now, and until or from when."""
    today = local.date()
    if (closed := entry.closed_on(today)) is not None:
        until = say(" until {day_words}", day_words=day_words(closed.until)) if closed.until else ""
        return say("closed{until}", until=until), "bad"
    if not entry.hours and not entry.holidays:
        return say("hours not known"), "quiet"
    if entry.open_at(local):
        return _until(entry, local), "good"
    after = entry.opens_next(local)
    if after is None:
        return say("closed"), "warn"
    when = f"{after:%H:%M}"
    if after.date() != today:
        near = (after.date() - today).days < 7
        when = (
            f"{DAY_NAMES[after.weekday()]} {when}" if near else f"{day_words(after.date())} {when}"
        )
    return say("closed, opens {when}", when=when), "warn"


def _until(entry: Entry, local: datetime) -> str:
    """Until when somebody is there; where one stretch follows another, until the last ends."""
    today = local.date()
    spans = merged(
        span for ahead in (-1, 0, 1) for span in entry.spans_on(today + timedelta(days=ahead))
    )
    [till] = [last for first, last in spans if first <= local < last]
    if till - local >= timedelta(hours=24):
        return say("open all day")
    return say("open until {till}", till=f"{till:%H:%M}")


def week(entry: Entry, today: date) -> list[dict[str, Any]]:
    """The next seven days with their hours, today first."""
    made = []
    for ahead in range(7):
        day = today + timedelta(days=ahead)
        special = next((h for h in entry.holidays if h.on(day)), None)
        spans = [said_span(a.time(), b.time()) for a, b in entry.spans_on(day)]
        made.append(
            {
                "day": say("Today") if not ahead else DAY_NAMES[day.weekday()],
                "date": day,
                "hours": listed(say("all day") if s == "00:00-24:00" else s for s in spans)
                or say("closed"),
                "why": (special.words or say("other hours")) if special else "",
            }
        )
    return made


def confirmed_words(entry: Entry, today: date) -> Tag:
    """When somebody last said that the entry is right."""
    if entry.confirmed_at is None:
        return say("never confirmed"), "warn"
    if entry.stale(today):
        return say(
            "confirmed {day_words}, due again", day_words=day_words(entry.confirmed_at.date())
        ), "warn"
    return say("confirmed {day_words}", day_words=day_words(entry.confirmed_at.date())), "good"


def timers_words(entry: Entry) -> list[dict[str, str]]:
    """How soon requests are looked at and answered, by urgency."""
    return [
        {"urgency": t.urgency, "triage": said_hours(t.triage), "answer": said_hours(t.answer)}
        for t in entry.timers
    ]


def places_words(entry: Entry, here: District) -> list[dict[str, str]]:
    """Where it is: the names of places with their postcodes, and plain addresses."""
    made = [
        {"name": here.places[code].name, "postcode": here.places[code].postcode}
        for code in entry.places
        if code in here.places
    ]
    return made + [{"name": line, "postcode": ""} for line in entry.addresses]


def run_by(entry: Entry, here: District) -> str:
    """The name of who runs it."""
    known = here.organisations.get(entry.organisation)
    return known.name if known else entry.organisation


def parts(entry: Entry, here: District, names: Mapping[str, Entry]) -> list[tuple[str, list[str]]]:
    """An entry as lines of words by part: what a comparison sets side by side."""
    return [
        (say("Name"), _line(entry.name)),
        (say("What it does"), entry.words.splitlines()),
        (say("Who it is for"), entry.whom.splitlines()),
        (say("Criteria"), entry.criteria.splitlines()),
        (say("Condition"), _line(entry.condition)),
        (say("Takes"), [KIND_WORDS.get(kind, kind) for kind in entry.accepts]),
        (say("Form"), [_field_line(each) for each in entry.form]),
        (
            say("Ordered directly"),
            [f"{o.name}: {o.criteria or o.condition}".rstrip(": ") for o in entry.orders],
        ),
        (
            say("Timers"),
            [
                say(
                    "{urgency}: looked at in {triage}, answered in {answer}",
                    urgency=t["urgency"],
                    triage=t["triage"],
                    answer=t["answer"],
                )
                for t in timers_words(entry)
            ],
        ),
        (
            say("Hours"),
            [f"{said_days(o.days)} {said_span(o.opens, o.closes)}" for o in entry.hours],
        ),
        (say("Other days"), [_holiday_line(each) for each in entry.holidays]),
        (say("Takes at once"), [_amount_line(each) for each in entry.amounts]),
        (say("Phone"), _line(entry.phone)),
        (say("E-mail"), _line(entry.email)),
        (
            say("Places"),
            [f"{p['name']} {p['postcode']}".strip() for p in places_words(entry, here)],
        ),
        (say("Notices"), [_notice_line(each, names) for each in entry.notices]),
        (say("Other words"), list(entry.tags)),
        (say("Confirmed anew every"), [words.plural(entry.review_days, "day")]),
        (say("From elsewhere"), sorted(entry.foreign)),
    ]


def _line(text: str) -> list[str]:
    return [text] if text else []


def _field_line(field: Any) -> str:
    more = [FORM_TYPES.get(field.type, field.type).lower()]
    more += ["required"] if field.required else []
    more += ["; ".join(field.options)] if field.options else []
    more += [say("known from {known}", known=field.known)] if field.known else []
    return f"{field.label} ({', '.join(more)})" + (f": {field.help}" if field.help else "")


def _holiday_line(holiday: Any) -> str:
    days = day_words(holiday.since)
    if holiday.until != holiday.since:
        days += say(" to {day_words}", day_words=day_words(holiday.until))
    hours = ", ".join(said_span(*span) for span in holiday.spans) or "closed"
    return f"{days}: {hours}" + (f" ({holiday.words})" if holiday.words else "")


def _amount_line(amount: Any) -> str:
    said = f"{words.plural(amount.amount, 'person', 'people')}{_between(amount)}"
    return f"{said} ({amount.words})" if amount.words else said


def _between(dated: Any) -> str:
    since = say(" from {day_words}", day_words=day_words(dated.since)) if dated.since else ""
    return since + (f" until {day_words(dated.until)}" if dated.until else "")


def _notice_line(notice: Any, names: Mapping[str, Entry]) -> str:
    said = f"{'Closed' if notice.closed else 'Note'}{_between(notice)}: {notice.words}"
    if notice.instead:
        other = names.get(notice.instead)
        said += say(" Use instead: {if_other}.", if_other=other.name if other else notice.instead)
    return said


def compared(
    before: Entry, after: Entry, here: District, names: Mapping[str, Entry]
) -> list[dict[str, Any]]:
    """What differs between two entries: the part, the lines that went, those that came."""
    made = []
    for (name, was), (_, now) in zip(
        parts(before, here, names), parts(after, here, names), strict=True
    ):
        if was != now:
            made.append({"part": name, "was": was, "now": now, "gone": set(was) - set(now),
                         "new": set(now) - set(was)})  # fmt: skip
    return made


def local_now(at: datetime, here: District) -> datetime:
    """A moment by the district's clocks, without its zone: as hours are told."""
    return to_local(at, here.zone).replace(tzinfo=None)


def names_of(codes: Iterable[str], names: Mapping[str, Entry]) -> list[tuple[str, str]]:
    """Codes with the names of their services."""
    return [(code, names[code].name) for code in codes if code in names]
