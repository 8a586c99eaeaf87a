"""Holding a meeting: call it, what is on it, open it, who comes and goes, close it, minutes."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.meeting import queries, rows, telling, within
from onesystem.alliance.meeting.keeping import (
    KEEPS,
    Overtaken,
    held_meeting,
    held_proposal,
    micros,
    proposal_step,
    require_keeper,
    seat_of,
    step,
    words,
)
from onesystem.district import now
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import from_micros, to_micros
from onesystem.vocabulary.said import say

_PLAIN = ("review", "discussion", "information")


@transaction.atomic
def call(
    *, title: str, starts: datetime, by: Actor, alliance: str = "", group: str = "",
    place: str = "",
) -> int:  # fmt: skip
    """Call a meeting, of the alliance or of one of its groups; gives its number."""
    code = charter.alliance(alliance).code
    meets = within.group(code, group)
    if not within.keeps(by, meets.id if meets else None):
        access.require(by, KEEPS)
    row = rows.Meeting.objects.create(
        alliance_id=code, group=meets, title=words(title, "the title", 200),
        starts=to_micros(starts), place=place.strip()[:200], at=micros(), by=by.name,
    )  # fmt: skip
    telling.called(row)
    step(row, "called", by)
    return int(row.id)


@transaction.atomic
def change(
    *, meeting: int, title: str, starts: datetime, by: Actor, seen: int, place: str = ""
) -> int:
    """Say otherwise when, where and about what it is, while it is planned."""
    require_keeper(by, meeting=meeting)
    row = _in(held_meeting(meeting, seen=seen), "planned")
    row.title, row.starts = words(title, say("the title"), 200), to_micros(starts)
    row.place = place.strip()[:200]
    return step(row, "changed", by)


@transaction.atomic
def cancel(*, meeting: int, why: str, by: Actor, seen: int) -> int:
    """Call a meeting off; what was on it waits for another."""
    require_keeper(by, meeting=meeting)
    row = _in(held_meeting(meeting, seen=seen), "planned")
    for item in queries.items(row):
        carried(item, by)
    row.state = "cancelled"
    return step(row, "cancelled", by, why=words(why, "the reason"))


@transaction.atomic
def list_(*, meeting: int, proposal: int, by: Actor) -> int:
    """Put a proposal that is ready on the agenda; gives the item's number."""
    require_keeper(by, meeting=meeting)
    row = _in(held_meeting(meeting), "planned", "open")
    brought = held_proposal(proposal)
    if (brought.alliance_id, brought.group_id) != (row.alliance_id, row.group_id):
        raise UserError(
            say("it was brought to {brought}", brought=within.name(brought)), "List it there."
        )
    if brought.state != "ready":
        raise UserError(
            say("{title} is not ready for a meeting", title=repr(brought.title)),
            "Whoever brings it says that it is ready; what is sent back is changed first.",
        )
    version = queries.proposal(proposal).last.number
    item = _item(row, "decision", brought.title, proposal=brought, version=version)
    brought.state = "listed"
    proposal_step(brought, "listed", by, version=version)
    step(row, "listed", by, what=item.id)
    return int(item.id)


@transaction.atomic
def add(*, meeting: int, title: str, by: Actor, kind: str = "discussion", decision: int = 0) -> int:
    """Put something else on the agenda: to discuss, to be told, a decision to look at again."""
    require_keeper(by, meeting=meeting)
    row = _in(held_meeting(meeting), "planned", "open")
    if kind not in _PLAIN:
        raise UserError(
            say("there is no kind of item {kind}", kind=repr(kind)),
            say("Known: {plain}", plain=", ".join(_PLAIN)),
        )
    if kind == "review":
        made = queries.decision(decision)
        if row.group_id and made.row.group_id != row.group_id:
            raise UserError(
                say(
                    "decision {decision} was made by {row}",
                    decision=decision,
                    row=within.name(made.row),
                ),
                "Whoever made a decision looks at it again, or the alliance.",
            )
        title = title.strip() or made.title
    item = _item(row, kind, words(title, say("the title"), 200), decision=decision)
    step(row, "listed", by, what=item.id)
    return int(item.id)


def _item(row: rows.Meeting, kind: str, title: str, **more: object) -> rows.Item:
    last = rows.Item.objects.filter(meeting=row).aggregate(last=Max("place"))["last"] or 0
    return rows.Item.objects.create(meeting=row, place=last + 1, kind=kind, title=title, **more)


@transaction.atomic
def move(*, item: int, up: bool, by: Actor) -> int:
    """One place up or down on the agenda."""
    require_keeper(by, item=item)
    mine = queries.item(item)
    row = _in(held_meeting(mine.meeting_id), "planned", "open")
    order = queries.items(row)
    at = next(n for n, each in enumerate(order) if each.id == item)
    other = at - 1 if up else at + 1
    if 0 <= other < len(order):
        order[at], order[other] = order[other], order[at]
    for place, each in enumerate(order, 1):
        rows.Item.objects.filter(id=each.id).update(place=place)
    return step(row, "moved", by, what=item)


@transaction.atomic
def drop(*, item: int, by: Actor) -> int:
    """Take something off the agenda; a proposal waits for another meeting."""
    require_keeper(by, item=item)
    mine = queries.item(item)
    row = held_meeting(mine.meeting_id)
    if mine.state != "waiting":
        raise UserError("it was opened already", "Close it, or carry it over.")
    carried(mine, by)
    return step(row, "dropped", by, what=item)


def carried(item: rows.Item, by: Actor) -> None:
    """It is not decided here: its proposal is ready for another meeting."""
    item.state, item.outcome, item.closed = "carried", "carried", None
    item.save()
    if item.proposal_id:
        brought = held_proposal(item.proposal_id)
        brought.state = "ready"
        proposal_step(brought, say("carried over"), by, version=item.version)


@transaction.atomic
def open_(*, meeting: int, by: Actor) -> int:
    """Open a meeting: under the charter that is in force now."""
    require_keeper(by, meeting=meeting)
    row = _in(held_meeting(meeting), "planned")
    standing = within.standing(row, now())
    if standing.version is None:
        raise UserError("no charter is in force", "The members sign one first.")
    chair = standing.chair or standing.deputy
    row.state, row.opened, row.charter = "open", micros(), standing.version.number
    row.chair_id = chair.key if chair else None
    return step(row, "opened", by)


@transaction.atomic
def come(*, meeting: int, member: int, by: Actor, at: datetime | None = None) -> int:
    """A member is there: from now on, or from a moment of this meeting on."""
    _attends(by, member, meeting)
    row = _in(held_meeting(meeting), "open")
    seat_of(row, member)
    moment = _moment(row, at)
    try:
        with transaction.atomic():
            rows.Attendance.objects.create(meeting=row, member_id=member, came=moment, by=by.name)
    except IntegrityError:
        raise UserError("they are there already", "Say when they leave.") from None
    return step(row, "came", by, what=member)


@transaction.atomic
def leave(*, meeting: int, member: int, by: Actor, at: datetime | None = None) -> int:
    """A member leaves, for a while or for good; what they say from now on does not count."""
    _attends(by, member, meeting)
    row = _in(held_meeting(meeting), "open")
    there = rows.Attendance.objects.filter(meeting=row, member=member, left=None).first()
    if there is None:
        raise UserError("they are not there", "Say when they come.")
    there.left = max(_moment(row, at), there.came)
    there.save()
    return step(row, "left", by, what=member)


@transaction.atomic
def unsay(*, attendance: int, by: Actor) -> int:
    """Take back a coming or a leaving that was pressed by mistake."""
    there = rows.Attendance.objects.filter(id=attendance).first()
    if there is None:
        raise UserError("it is gone already", "Look at who is there now.")
    require_keeper(by, meeting=there.meeting_id)
    row = _in(held_meeting(there.meeting_id), "open")
    if there.left is None:
        there.delete()
    elif rows.Attendance.objects.filter(meeting=row, member=there.member_id, left=None).exists():
        raise UserError("they came back since", "Take that back first.")
    else:
        there.left = None
        there.save()
    return step(row, "unsaid", by, what=there.member_id)


@transaction.atomic
def apologise(*, meeting: int, member: int, by: Actor) -> int:
    """A member says that they cannot come."""
    _attends(by, member, meeting)
    row = _in(held_meeting(meeting), "planned", "open")
    rows.Apology.objects.get_or_create(
        meeting=row, member_id=member, defaults={"at": micros(), "by": by.name}
    )
    return step(row, "apologised", by, what=member)


def _attends(by: Actor, member: int, meeting: int) -> None:
    """Who takes the minutes says who is there; a member says it for themselves."""
    row = queries.meeting(meeting)
    if within.keeps(by, row.group_id):
        return
    sits = seat_of(row, member)
    if sits.username != by.name:
        access.require(by, KEEPS)


def _moment(row: rows.Meeting, at: datetime | None) -> int:
    """A moment of this meeting that is not to come. Raises UserError."""
    present = micros()
    moment = present if at is None else to_micros(at)
    first = min(row.starts, row.opened or row.starts)
    if not first <= moment <= present:
        raise UserError(
            "that is not a time of this meeting so far", "Give a time between its start and now."
        )
    return moment


@transaction.atomic
def close(*, meeting: int, by: Actor) -> int:
    """Close a meeting: what was not reached waits for another, who is there has left."""
    require_keeper(by, meeting=meeting)
    row = _in(held_meeting(meeting), "open")
    for item in queries.items(row):
        if item.state == "open":
            raise UserError(
                say("{title} is still open", title=repr(item.title)), "Close it, or carry it over."
            )
        if item.state == "waiting":
            carried(item, by)
    row.state, row.closed = "closed", micros()
    return step(row, "closed", by)


@transaction.atomic
def write(*, meeting: int, text: str, was: str, by: Actor, item: int = 0) -> int:
    """Write the minutes of a meeting, or of an item; `was` is what they said when one began."""
    require_keeper(by, meeting=meeting)
    row = held_meeting(meeting)
    held = queries.item(item) if item else row
    if item and held.meeting_id != row.id:
        raise UserError("that item is of another meeting", "Open its own page.")
    kept = held.minutes if item else row.notes
    if _plain(kept) not in (_plain(was), _plain(text)):
        raise Overtaken(
            "somebody else wrote there meanwhile", "Yours is still here: bring the two together."
        )
    if item:
        rows.Item.objects.filter(id=item).update(minutes=_plain(text)[:20_000])
    else:
        row.notes = _plain(text)[:20_000]
    return step(row, "minuted", by, what=item or "")


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


@transaction.atomic
def confirm(*, meeting: int, by: Actor, seen: int) -> int:
    """The members confirm the minutes: from now on they stand."""
    require_keeper(by, meeting=meeting)
    row = _in(held_meeting(meeting, seen=seen), "closed")
    number = step(row, "confirmed", by)  # it counts while the row may still change
    row.confirmed, row.confirmed_by = micros(), by.name
    row.save()
    return number


def _in(row: rows.Meeting, *states: str) -> rows.Meeting:
    if row.state in states:
        return row
    told = {
        "planned": (say("the meeting is not open yet"), say("Open it first.")),
        "open": (say("the meeting is open"), say("Close it first.")),
        "closed": (say("the meeting is closed"), say("What is new goes to the next one.")),
        "cancelled": (say("the meeting was called off"), say("Call another one.")),
    }
    raise UserError(*told[row.state])


def when(row: rows.Meeting) -> datetime:
    """When a meeting begins, or began."""
    return from_micros(row.opened if row.opened is not None else row.starts)
