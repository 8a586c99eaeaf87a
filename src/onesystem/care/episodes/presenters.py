"""Episodes in words: rows of the board, the plan with its money, what was done. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from onesystem.care.episodes.episode import ENDED, HOME, OUTCOMES, PLANNED, Did, Episode, day_of
from onesystem.care.episodes.listing import needs
from onesystem.care.episodes.money import Working
from onesystem.care.episodes.row import Row
from onesystem.district import District
from onesystem.vocabulary import to_local
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import listed, say, say_each
from onesystem.vocabulary.tables import Column
from onesystem.vocabulary.wording import counted, local

COLUMNS = tuple(
    Column(key, label)
    for key, label in (
        ("reference", say("Reference")),
        ("person", say("Person")),
        ("name", say("Name")),
        ("for", say("What for")),
        ("team", say("Team")),
        ("state", say("Stands")),
        ("day", say("Day")),
        ("days", say("Of days")),
        ("started", say("Started")),
        ("review", say("Next review")),
        ("total", say("Pence used")),
        ("cap", say("Cap in pence")),
        ("needs", say("Needs")),
        ("outcome", say("Outcome")),
    )
)
_KINDS = {"escalated": "bad", "order returned": "bad",
          "review overdue": "bad", "past its last day": "warn",
          "cap nearly used": "warn", "no reason for a delay": "warn"}  # fmt: skip
_DID = say_each({
    "proposed": "Package agreed", "checked": "Criteria and red flags asked", "line": "Ordered",
    "ordered": "Request sent", "started": "At home under care", "visited": "Done",
    "reviewed": "Reviewed", "escalated": "Escalated", "settled": "Settled", "extended": "Extended",
    "delayed": "Not gone home", "stopped": "Stopped", "ended": "Ended", "undone": "Taken back",
})  # fmt: skip


def money(pence: int, here: District) -> str:
    """An amount in the district's currency."""
    return str(Money(pence, here.currency))


def row_words(row: Row, here: District, at: datetime) -> dict[str, Any]:
    """A row of the board."""
    return {
        "row": row,
        "who": row.name or say("Person {person}", person=row.person),
        "team": here.service_name(row.service),
        "day": days_words(row.started, row.until, row.ended, at),
        "expected": _when(row.planned, here),
        "kept": say("{days} of delay", days=counted(row.kept, "day")) if row.kept else "",
        "review": review_words(row.review, here, at),
        "used": money(row.total, here),
        "cap": money(row.cap, here),
        "share": row.share,
        "over": row.total > row.allowed,
        "needs": [(each, _KINDS[each]) for each in needs(row, at)],
        "outcome": OUTCOMES.get(row.outcome, row.outcome),
        "state": state_words(row.state, row.outcome),
        "ended": _when(row.ended, here),
    }


def csv_row(row: Row, here: District, at: datetime) -> list[Any]:
    """The same for a file."""
    now_, last = _days(row.started, row.until, row.ended, at)
    return [
        row.reference, row.person, row.name, row.title, here.service_name(row.service),
        row.state, now_ or "", last or "", _iso(row.started, here), _iso(row.review, here),
        row.total, row.cap, listed(needs(row, at), "; "), row.outcome,
    ]  # fmt: skip


def days_words(
    started: datetime | None, until: datetime | None, ended: datetime | None, at: datetime
) -> str:
    """Which day it is, of how many."""
    now_, last = _days(started, until, ended, at)
    return say("day {now_} of {last}", now_=now_, last=last) if now_ else ""


def review_words(review: datetime | None, here: District, at: datetime) -> tuple[str, str] | None:
    """When it has to be looked at: the words, and the kind of tag."""
    if review is None:
        return None
    if review <= at:
        return say("overdue since {review}", review=_short(review, here, at)), "bad"
    kind = "warn" if review - at < timedelta(hours=2) else "quiet"
    return say("due {review}", review=_short(review, here, at)), kind


def state_words(state: str, outcome: str) -> tuple[str, str]:
    """How it stands, and the kind of tag."""
    if state == ENDED:
        return OUTCOMES.get(outcome, outcome), "good" if outcome == "stayed home" else "quiet"
    return {HOME: (say("At home"), "info"), PLANNED: (say("Expected home"), "quiet")}[state]


def lead(episode: Episode, here: District, at: datetime) -> str:
    """One sentence: what, where it stands, what comes next."""
    team = here.service_name(episode.service)
    if episode.state == PLANNED:
        when = say(" on {planned}", planned=_when(episode.planned, here)) if episode.planned else ""
        return say(
            "{title}: the package is confirmed, to go home{when}, with {team}.",
            title=episode.title,
            when=when,
            team=team,
        )
    day, days = day_of(episode, at)
    if episode.state == ENDED:
        came = OUTCOMES.get(episode.outcome, episode.outcome)
        return say(
            "{title}: ended after {days}. {came}.",
            title=episode.title,
            days=counted(day, "day"),
            came=came,
        )
    review = review_words(episode.next_review, here, at)
    return (
        say(
            "{title}: day {day} of {days} at home with {team}. Review {review}.",
            title=episode.title,
            day=day,
            days=days,
            team=team,
            review=review[0],
        )
        if review
        else ""
    )


def plan_words(
    worked: Working, here: District, requests: Mapping[int, Any], visits: Mapping[int, int]
) -> list[dict[str, Any]]:
    """The lines of the plan, each with its money and how its order stands."""
    return [
        {
            "line": each.line,
            "often": often(each.line.a_day, each.line.days, each.line.unit),
            "service": here.service_name(each.line.service),
            "done": each.done,
            "amount": each.line.amount,
            "price": money(each.line.price, here),
            "committed": money(each.committed, here),
            "spent": money(each.spent, here),
            "total": money(each.total, here),
            "order": order_words(requests.get(each.line.number), each.line.stopped),
            "request": each.line.request,
            "gone": _gone(requests.get(each.line.number)) and not each.line.stopped,
            "can_visit": not each.line.stopped
            and visits.get(each.line.number, 0) < each.line.amount,
        }
        for each in worked.lines
    ]  # fmt: skip


def _gone(request: Any) -> bool:
    return request is not None and request.state in {"returned", "revoked"}


def order_words(request: Any, stopped: str) -> tuple[str, str]:
    """How the order of a line stands, and the kind of tag."""
    if stopped:
        return say("stopped"), "quiet"
    if request is None:
        return say("by telephone"), "warn"
    kind = {"returned": "bad", "needs-more": "warn", "revoked": "quiet", "done": "good"}
    return request.state.replace("-", " "), kind.get(request.state, "info")


def often(a_day: int, days: int, unit: str) -> str:
    """How many, how long.

    >>> often(4, 14, "visit"), often(1, 1, "scan")
    ('4 visits a day for 14 days', '1 scan')
    """
    each = counted(a_day, unit)
    if days <= 1:
        return each
    return say("{visits} a day for {days}", visits=each, days=counted(days, "day"))


def sums(worked: Working, here: District) -> dict[str, Any]:
    """The working added up."""
    return {
        "committed": money(worked.committed, here), "spent": money(worked.spent, here),
        "total": money(worked.total, here), "cap": money(worked.cap, here),
        "allowed": money(worked.allowed, here) if worked.allowed > worked.cap else "",
        "left": money(worked.left, here), "over": worked.left < 0, "share": worked.share,
    }  # fmt: skip


def history(
    acts: Sequence[Did],
    here: District,
    gone: frozenset[str],
    reasons: Mapping[str, str],
    titles: Mapping[int, str],
) -> list[dict[str, Any]]:
    """What was done, the newest first. `titles`: of the lines, by their number."""
    return [
        {
            "what": _what(each, titles),
            "words": _told(each, here, reasons),
            "by": each.by,
            "at": each.at,
            "undone": each.act in gone,
            "verb": each.verb,
        }
        for each in sorted(acts, key=lambda a: a.at, reverse=True)
        if each.verb != "ordered"
    ]


def _what(each: Did, titles: Mapping[int, str]) -> str:
    said = _DID.get(each.verb, each.verb)
    if each.verb in {"visited", "stopped"}:
        return listed([said, titles.get(each.said["line"], "")], ": ")
    return said


def escalation_words(each: Did, here: District, at: datetime) -> dict[str, Any]:
    """Something that was escalated and is not settled."""
    due = datetime.fromisoformat(each.said["due"])
    return {
        "act": each.act, "title": each.said.get("title", each.said["what"]),
        "words": each.said["words"], "to": here.service_name(each.said["to"]), "by": each.by,
        "at": each.at, "due": local(due, here.zone), "late": due < at,
    }  # fmt: skip


def _told(each: Did, here: District, reasons: Mapping[str, str]) -> str:
    if each.verb not in _TELL:
        return str(each.said.get("words", ""))
    return _TELL[each.verb](each.said, here, reasons)


def _line_told(said: Mapping[str, Any], here: District, _: Mapping[str, str]) -> str:
    more = f" ({said['reason']})" if said.get("reason") else ""
    what = often(said["a_day"], said["days"], said["unit"])
    return f"{said['title']}, {what}, {here.service_name(said['service'])}{more}"


def _ended_told(said: Mapping[str, Any], _: District, __: Mapping[str, str]) -> str:
    came = OUTCOMES.get(said["outcome"], said["outcome"])
    return listed(filter(None, (came, said.get("words", ""))), ": ")


def _checked_told(said: Mapping[str, Any], _: District, __: Mapping[str, str]) -> str:
    some = [c["words"] for c in said.get("criteria", ()) if c["met"] != "yes"]
    return say("not met: {some}", some=listed(some, "; ")) if some else say("all met, no red flag")


_TELL: Mapping[str, Callable[[Mapping[str, Any], District, Mapping[str, str]], str]] = {
    "proposed": lambda said, *_: listed(
        filter(None, (said["title"], said.get("reason", ""))), "; "
    ),
    "line": _line_told,
    "escalated": lambda said, *_: f"{said.get('title', said['what'])}: {said['words']}",
    "extended": lambda said, *_: say(
        "by {days}: {reason}", days=counted(said["days"], "day"), reason=said["reason"]
    ),
    "delayed": lambda said, _, why: f"{said['day']}: {why.get(said['reason'], said['reason'])}",
    "stopped": lambda said, *_: str(said["reason"]),
    "ended": _ended_told,
    "checked": _checked_told,
}


def _days(
    started: datetime | None, until: datetime | None, ended: datetime | None, at: datetime
) -> tuple[int, int]:
    if started is None or until is None:
        return 0, 0
    return max(1, ((ended or at) - started).days + 1), (until - started).days


def _when(moment: datetime | None, here: District) -> str:
    return f"{to_local(moment, here.zone):%a %-d %b %H:%M}" if moment else ""


def _short(moment: datetime, here: District, at: datetime) -> str:
    then, today = to_local(moment, here.zone), to_local(at, here.zone)
    return f"{then:%H:%M}" if then.date() == today.date() else f"{then:%a %-d %b %H:%M}"


def _iso(moment: datetime | None, here: District) -> str:
    return f"{to_local(moment, here.zone):%Y-%m-%d %H:%M}" if moment else ""
