"""What the buttons of a meeting do: each reads its form, acts, and says what was done."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from onesystem.alliance.meeting import consensus, deciding, doing, holding, queries, within
from onesystem.alliance.meeting.heading import seen, whole
from onesystem.district import current, now
from onesystem.vocabulary import UserError, to_local
from onesystem.vocabulary.said import say

Act = Callable[[HttpRequest, int], str]


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "")[:20_000].replace("\r\n", "\n").strip()


def _time(request: HttpRequest) -> datetime | None:
    """A time of today that was typed; None for now."""
    said = _text(request, "at")
    if not said:
        return None
    today = to_local(now(), current().zone)
    try:
        hour, minute = (int(part) for part in said.split(":")[:2])
        return datetime(today.year, today.month, today.day, hour, minute,
                        tzinfo=ZoneInfo(current().zone))  # fmt: skip
    except ValueError:
        raise UserError(say("{said} is no time", said=repr(said)), "Write it like 10:15") from None


def _open(request: HttpRequest, key: int) -> str:
    holding.open_(meeting=key, by=request.actor)  # type: ignore[attr-defined]
    return say("The meeting is open. Say who is there.")


def _come(request: HttpRequest, key: int) -> str:
    """Those who were ticked are there; all who sit, where the button for all was pressed."""
    actor = request.actor  # type: ignore[attr-defined]
    ticked = [whole(each) for each in request.POST.getlist("member")]
    if _text(request, "all"):
        there = {p.member for p in _presences(key)}
        standing = within.standing(queries.meeting(key))
        ticked = [m.key for m in standing.seated if m.key not in there]
    for member in ticked:
        holding.come(meeting=key, member=member, by=actor, at=_time(request))
    return ""


def _presences(key: int) -> list[consensus.Presence]:
    from onesystem.alliance.meeting.sitting import presences_of

    return [p for p in presences_of(queries.meeting(key)) if p.left is None]


def _leave(request: HttpRequest, key: int) -> str:
    actor = request.actor  # type: ignore[attr-defined]
    holding.leave(meeting=key, member=whole(_text(request, "member")), by=actor, at=_time(request))
    return ""


def _unsay(request: HttpRequest, _key: int) -> str:
    holding.unsay(attendance=whole(_text(request, "attendance")), by=request.actor)  # type: ignore[attr-defined]
    return say("Taken back.")


def _apologise(request: HttpRequest, key: int) -> str:
    actor = request.actor  # type: ignore[attr-defined]
    holding.apologise(meeting=key, member=whole(_text(request, "member")), by=actor)
    return say("Apologies are saved.")


def _list(request: HttpRequest, key: int) -> str:
    proposal = whole(_text(request, "proposal"))
    if not proposal:
        raise UserError("no proposal was chosen", "Choose one that is ready.")
    holding.list_(meeting=key, proposal=proposal, by=request.actor)  # type: ignore[attr-defined]
    return say("It is on the agenda.")


def _add(request: HttpRequest, key: int) -> str:
    holding.add(
        meeting=key, title=_text(request, "title"), kind=_text(request, "kind") or "discussion",
        decision=whole(_text(request, "decision")), by=request.actor,  # type: ignore[attr-defined]
    )  # fmt: skip
    return say("It is on the agenda.")


def _write(request: HttpRequest, key: int) -> str:
    holding.write(
        meeting=key, item=whole(_text(request, "item")), text=_text(request, "text"),
        was=_text(request, "was"), by=request.actor,  # type: ignore[attr-defined]
    )  # fmt: skip
    return say("The minutes are saved.")


def _take(request: HttpRequest, key: int) -> str:
    try:
        due = date.fromisoformat(_text(request, "due"))
    except ValueError:
        raise UserError("it is not said by when", "Choose a day.") from None
    doing.take(
        meeting=key, item=whole(_text(request, "item")), what=_text(request, "what"), due=due,
        owner=whole(_text(request, "owner")), by=request.actor,  # type: ignore[attr-defined]
    )  # fmt: skip
    return say("The action is taken down.")


def _close(request: HttpRequest, key: int) -> str:
    holding.close(meeting=key, by=request.actor)  # type: ignore[attr-defined]
    return say("The meeting is closed. Its minutes can be written until they are confirmed.")


def _confirm(request: HttpRequest, key: int) -> str:
    holding.confirm(meeting=key, by=request.actor, seen=seen(request))  # type: ignore[attr-defined]
    return say("The minutes are confirmed, and stand.")


def _cancel(request: HttpRequest, key: int) -> str:
    holding.cancel(meeting=key, why=_text(request, "why"), by=request.actor, seen=seen(request))  # type: ignore[attr-defined]
    return say("The meeting is called off. What was on it waits for another.")


MEETING_ACTS: dict[str, Act] = {
    "open": _open, "come": _come, "leave": _leave, "unsay": _unsay, "apologise": _apologise,
    "list": _list, "add": _add, "write": _write, "take": _take, "close": _close,
    "confirm": _confirm, "cancel": _cancel,
}  # fmt: skip


def _open_item(request: HttpRequest, key: int) -> str:
    deciding.open_item(item=key, by=request.actor)  # type: ignore[attr-defined]
    return ""


def _handle(request: HttpRequest, key: int) -> str:
    """How the interests of some are handled: of each for whom a reason was written."""
    by = request.actor  # type: ignore[attr-defined]
    one = _text(request, "one")
    if one:
        deciding.handle(item=key, member=whole(one), handling=_text(request, "handling"),
                        reason=_text(request, "reason"), by=by)  # fmt: skip
        return say("How the interest is handled is saved.")
    told = [m for m in request.POST.getlist("member") if _text(request, f"reason.{m}")]
    if not told:
        raise UserError("no reason is written", "Say why for each that you handle.")
    for m in told:
        deciding.handle(
            item=key, member=whole(m), handling=_text(request, f"handling.{m}"),
            reason=_text(request, f"reason.{m}"), interest=whole(_text(request, f"interest.{m}")),
            by=by,
        )  # fmt: skip
    return say("How the interests are handled is saved.")


def _speak(request: HttpRequest, key: int) -> str:
    """What one or several members say, each in their own name."""
    members = [whole(each) for each in request.POST.getlist("member")]
    if not members:
        raise UserError("it is not said who speaks", "Tick who says it.")
    for member in members:
        deciding.speak(
            item=key, member=member, said=_text(request, "said"), reason=_text(request, "reason"),
            way=_text(request, "way") or consensus.ROOM, by=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
    return say("Saved.")


def _close_item(request: HttpRequest, key: int) -> str:
    outcome = deciding.close_item(item=key, by=request.actor, expects=_text(request, "expects"))  # type: ignore[attr-defined]
    if outcome is None:
        return say("It is closed.")
    if queries.item(key).outcome == deciding.SENT_UP:
        return say("Recommended to the alliance, and in the register: it is beyond the mandate.")
    if outcome.state == consensus.AGREED:
        return say("Agreed, and in the register.")
    return say("Sent back, with its reasons, and in the register.")


def _carry(request: HttpRequest, key: int) -> str:
    deciding.carry(item=key, why=_text(request, "why"), by=request.actor)  # type: ignore[attr-defined]
    return say("It waits for another meeting.")


def _move(request: HttpRequest, key: int) -> str:
    holding.move(item=key, up=_text(request, "to") == "up", by=request.actor)  # type: ignore[attr-defined]
    return ""


def _drop(request: HttpRequest, key: int) -> str:
    holding.drop(item=key, by=request.actor)  # type: ignore[attr-defined]
    return say("It is off the agenda.")


def _again(request: HttpRequest, key: int) -> str:
    deciding.hear_again(item=key, by=request.actor)  # type: ignore[attr-defined]
    return say("Everybody is asked anew, under the charter in force.")


ITEM_ACTS: dict[str, Act] = {
    "open": _open_item, "handle": _handle, "speak": _speak, "close": _close_item,
    "carry": _carry, "move": _move, "drop": _drop, "again": _again,
}  # fmt: skip
