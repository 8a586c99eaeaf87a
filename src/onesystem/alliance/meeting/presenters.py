"""Meetings in words, colours and links: lists, who is there, what each said, where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from onesystem.alliance.charter.standing import Member, Standing
from onesystem.alliance.meeting import decided_rows, queries, rows, within
from onesystem.alliance.meeting.consensus import HANDLINGS, Ground, Outcome
from onesystem.alliance.meeting.proposal import FUNDING, Ask, Proposed
from onesystem.alliance.meeting.queries import Decision, Proposal
from onesystem.district import current
from onesystem.vocabulary import Money, to_local
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import begun, say, say_date, say_each
from onesystem.vocabulary.tables import Cell, Column, Listing

STATES = {
    "draft": (say("draft"), "quiet"), "ready": (say("ready for a meeting"), "info"),
    "listed": (say("on an agenda"), "info"), "returned": (say("sent back"), "warn"),
    "agreed": (say("agreed"), "good"), "withdrawn": (say("withdrawn"), "quiet"),
}  # fmt: skip
MEETINGS = {
    "planned": (say("planned"), "info"), "open": (say("open now"), "good"),
    "closed": (say("held"), "quiet"),
    "cancelled": (say("called off"), "quiet"), "confirmed": (say("minutes confirmed"), "good"),
}  # fmt: skip
ITEMS = {
    "waiting": (say("not opened"), "quiet"), "open": (say("open"), "good"),
    "agreed": (say("agreed"), "good"), "sent up": (say("recommended to the alliance"), "info"),
    "returned": (say("sent back"), "warn"), "noted": (say("noted"), "quiet"),
    "carried": (say("carried over"), "quiet"),
}  # fmt: skip
DECIDED = {
    "agreed": (say("agreed, not resourced"), "warn"), "resourced": (say("resourced"), "good"),
    "adopted": (say("adopted"), "good"), "changed": (say("to be changed"), "warn"),
    "stopped": (say("stopped"), "bad"), "withdrawn": (say("withdrawn"), "quiet"),
}  # fmt: skip
SAID = {"agree": (say("agrees"), "good"), "aside": (say("stands aside"), "info"),
        "object": (say("objects"), "bad")}  # fmt: skip
ITEM_KINDS = say_each({
    "decision": "To decide", "review": "To look at again", "discussion": "To discuss",
    "information": "To know",
})  # fmt: skip


def money(minor: int) -> str:
    """An amount in whole units where it has no pence."""
    said = str(Money(minor, current().currency))
    return said.removesuffix(".00")


def local(micros: int | None) -> datetime | None:
    """A moment in the district's zone."""
    return None if micros is None else to_local(from_micros(micros), current().zone)


def day_words(micros: int) -> str:
    """The day of a moment: Wednesday 4 November 2026."""
    at = to_local(from_micros(micros), current().zone)
    return f"{at:%A %-d %B %Y}"


def iso_words(text: str) -> str:
    """A day of the register in words: 4 November 2026."""
    return f"{date.fromisoformat(text):%-d %B %Y}"


def month_words(text: str) -> str:
    """The month of a day of the register: November 2026."""
    return f"{date.fromisoformat(text):%B %Y}"


def state_of(decision: Decision) -> tuple[str, str]:
    """How a decision stands, in words and a colour."""
    if decision.row.funds and decision.state == "agreed":
        return say("attached to decision {funds}", funds=decision.row.funds), "good"
    if decision.funding == "none" and decision.state == "agreed":
        return say("agreed, needs no money"), "good"
    if decision.state == "agreed" and not decision.asks:
        return say("agreed, no money yet"), "warn"
    return DECIDED[decision.state]


def meeting_state(row: rows.Meeting) -> tuple[str, str]:
    """How a meeting stands."""
    return MEETINGS["confirmed" if row.confirmed is not None else row.state]


def item_state(row: rows.Item) -> tuple[str, str]:
    """How an item stands."""
    return ITEMS[row.outcome or row.state]


def meetings(found: Sequence[rows.Meeting], query: Mapping[str, str]) -> Listing:
    """Meetings as a table."""
    counts: dict[int, list[rows.Item]] = {}
    for each in rows.Item.objects.filter(meeting__in=found):
        counts.setdefault(each.meeting_id, []).append(each)
    return Listing(
        caption="Meetings", query=query, default_sort="starts", default_descending=True,
        columns=(Column("starts", "When"), Column("title", "Meeting"), Column("of", "Of"),
                 Column("state", "State"), Column("items", "On it", right=True),
                 Column("agreed", "Agreed", right=True)),
        all_rows=[_meeting(each, counts.get(each.id, [])) for each in found],
        empty_title="No meeting fits", empty_advice="Change the search, or call a meeting.",
    )  # fmt: skip


def _meeting(row: rows.Meeting, items: Sequence[rows.Item]) -> list[Any]:
    at = to_local(from_micros(row.starts), current().zone)
    words, kind = meeting_state(row)
    return [
        Cell(f"{at:%-d %b %Y, %H:%M}", value=at, href=f"/alliance/meetings/{row.id}/"),
        row.title, within.name(row), Cell(words, tag=kind), len(items),
        sum(item.outcome == "agreed" for item in items),
    ]  # fmt: skip


def proposals(found: Sequence[Proposal], query: Mapping[str, str]) -> Listing:
    """Proposals as a table."""
    return Listing(
        caption="Proposals", query=query, default_sort="number", default_descending=True,
        columns=(Column("number", "Number", right=True), Column("title", "Proposal"),
                 Column("of", "Brought to"), Column("state", "State"),
                 Column("version", "Version", right=True),
                 Column("asks", "Asks for", right=True), Column("review", "Review")),
        all_rows=[_proposal(each) for each in found],
        empty_title="No proposal fits",
        empty_advice="Change the search, or bring one with the button above.",
    )  # fmt: skip


def _proposal(each: Proposal) -> list[Any]:
    made, (words, kind) = each.last.proposed, STATES[each.state]
    return [
        each.key, Cell(made.title, href=f"/alliance/proposals/{each.key}/"),
        within.name(each.row), Cell(words, tag=kind), each.last.number,
        Cell(money(made.total) if made.total else "", value=made.total or None),
        _day(made.review),
    ]  # fmt: skip


def decisions(found: Sequence[Decision], query: Mapping[str, str]) -> Listing:
    """Decisions as a table."""
    return Listing(
        caption="Decisions", query=query, default_sort="number", default_descending=True,
        columns=(Column("number", "Number", right=True), Column("title", "Decision"),
                 Column("of", "Made by"), Column("state", "State"), Column("agreed", "Agreed"),
                 Column("asks", "Money", right=True), Column("review", "Review")),
        all_rows=[_decision(each) for each in found],
        empty_title="No decision fits", empty_advice="Change the search to see more.",
    )  # fmt: skip


def _decision(each: Decision) -> list[Any]:
    words, kind = state_of(each)
    total = sum(ask.amount for ask in each.asks)
    at = to_local(each.agreed_at, current().zone).date()
    return [
        each.number, Cell(each.title, href=f"/alliance/decisions/{each.number}/"), each.made_by,
        Cell(words, tag=kind), _day(at), Cell(money(total) if total else "", value=total or None),
        _day(each.review),
    ]  # fmt: skip


def actions(found: Sequence[rows.Action], today: date, query: Mapping[str, str]) -> Listing:
    """What members said that they would do, as a table."""
    return Listing(
        caption="Actions", query=query, default_sort="due",
        columns=(Column("what", "What"), Column("owner", "Who"), Column("due", "Due"),
                 Column("state", "State"), Column("meeting", "From")),
        all_rows=[_action(each, today) for each in found],
        empty_title="Nothing is open", empty_advice="Actions are taken down in meetings.",
    )  # fmt: skip


_ACTIONS = {
    "open": (say("open"), "warn"), "done": (say("done"), "good"),
    "dropped": (say("dropped"), "quiet"),
}  # fmt: skip


def _action(each: rows.Action, today: date) -> list[Any]:
    late = each.state == "open" and each.due < today
    words, kind = (say("late"), "bad") if late else _ACTIONS[each.state]
    return [
        each.what, each.owner.name, _day(each.due), Cell(words, tag=kind, note=each.words),
        Cell(each.meeting.title, href=f"/alliance/meetings/{each.meeting_id}/"),
    ]  # fmt: skip


def _day(day: date | None) -> Any:
    return Cell(f"{day:%-d %b %Y}", value=day) if day else ""


@dataclass(frozen=True)
class Chair:
    """A member at the table, as the page of a meeting shows them."""

    member: Member
    presence: rows.Attendance | None
    apology: bool
    handling: str
    interests: tuple[Any, ...]
    voice: Any
    silent: bool
    excluded: str

    @property
    def here(self) -> bool:
        """Whether they are in the meeting now."""
        return self.presence is not None and self.presence.left is None


def chairs(
    standing: Standing, meeting: rows.Meeting, outcome: Outcome | None = None,
    declared: Sequence[Any] = (), handled: Mapping[int, str] | None = None,
) -> list[Chair]:  # fmt: skip
    """Everybody who sits, with where they are and what they said."""
    last = {each.member_id: each
            for each in rows.Attendance.objects.filter(meeting=meeting).order_by("id")}  # fmt: skip
    sorry = set(rows.Apology.objects.filter(meeting=meeting).values_list("member_id", flat=True))
    heard = {h.voice.member: h for h in (outcome.heard if outcome else ())}
    handled = handled or {}
    return [
        Chair(
            m, last.get(m.key), m.key in sorry, HANDLINGS.get(handled.get(m.key, ""), ""),
            tuple(d for d in declared if d.member == m.key), heard.get(m.key),
            outcome is not None and m.key in outcome.silent,
            m.barred or (HANDLINGS[handled[m.key]] if handled.get(m.key) in ("speak", "leave")
                         else ""),
        )
        for m in standing.seated
    ]  # fmt: skip


def ground_words(ground: Ground, names: Mapping[int, str]) -> str:
    """A rule that spoke, in words: of whom, what, and what to do."""
    who = names.get(ground.member, "")
    what = begun(say("{who} {what}", who=who, what=ground.what) if who else ground.what)
    return say("{what}. {cure}", what=what, cure=ground.cure) if ground.cure else f"{what}."


def names_of(standing: Standing) -> dict[int, str]:
    """What members are called, by their numbers."""
    return {m.key: m.name for m in standing.seated}


def ask_words(ask: Ask, parties: Mapping[str, str], lines: Mapping[str, str]) -> str:
    """Money that is asked for, in a sentence."""
    months = (
        say("in {since}", since=say_date(ask.since, "%B %Y"))
        if ask.since == ask.until
        else say(
            "from {since} to {until}",
            since=say_date(ask.since, "%B %Y"),
            until=say_date(ask.until, "%B %Y"),
        )
    )
    line = (
        say(", from the line {line}", line=repr(lines.get(ask.line, ask.line))) if ask.line else ""
    )
    words = f": {ask.words}" if ask.words else ""
    return say(
        "{funder} gives {amount} {months}{line}{words}",
        funder=parties.get(ask.funder, ask.funder),
        amount=money(ask.amount),
        months=months,
        line=line,
        words=words,
    )


def funding_words(made: Proposed) -> str:
    """How it is funded, in words."""
    return FUNDING[made.funding]


def thing_words(kind: str, code: str) -> str:
    """What is touched, by its name."""
    here = current()
    if kind == "service":
        return here.service_name(code)
    if kind == "organisation":
        found = here.organisations.get(code)
        return found.name if found else code
    return f"{kind} {code}"


def organisation_name(code: str) -> str:
    """The name of an organisation."""
    return thing_words("organisation", code)


def register_rows(entries: Sequence[Any]) -> list[dict[str, Any]]:
    """Entries of the register for its page, the latest first."""
    import json

    from onesystem.alliance.meeting.register import KINDS

    return [
        {"number": e.entry.number, "kind": KINDS.get(e.entry.kind, e.entry.kind),
         "tag": _TAGS.get(e.entry.kind, "quiet"), "decision": e.entry.decision,
         "at": to_local(from_micros(e.entry.at), current().zone),
         "body": json.loads(e.entry.body), "digest": e.digest}
        for e in reversed(entries)
    ]  # fmt: skip


_TAGS = {"decided": "good", "recommended": "info", "returned": "warn", "resourced": "good",
         "funded": "info", "adopted": "good", "changed": "warn", "stopped": "bad",
         "corrected": "info"}  # fmt: skip


def listed_in(key: int) -> list[tuple[rows.Item, rows.Meeting]]:
    """The meetings in which a proposal was on the agenda, the latest first."""
    found = rows.Item.objects.select_related("meeting").filter(proposal=key).order_by("-id")
    return [(item, item.meeting) for item in found]


def decision_of(key: int) -> Decision | None:
    """The decision that a proposal became."""
    row = decided_rows.Decision.objects.filter(proposal=key).order_by("-number").first()
    return queries.Decision(row) if row else None
