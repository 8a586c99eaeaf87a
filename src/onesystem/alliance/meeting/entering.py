"""What the register says of a decision: all that the public may know, by seats and not by names.

Members are named by their number and by the perspective they bring: who that was can be looked up
as long as the register of members has it, and the chain holds when a name goes.
"""

from typing import Any

from onesystem.alliance.charter.standing import Member
from onesystem.alliance.meeting import rows, sitting, within
from onesystem.alliance.meeting.consensus import Outcome
from onesystem.alliance.meeting.proposal import Proposed, digest_of
from onesystem.vocabulary.kept import from_micros


def entry_of(
    row: rows.Item, meeting: rows.Meeting, made: Proposed, outcome: Outcome
) -> dict[str, Any]:
    """A decision, or what was sent back, as it is sealed."""
    version = rows.ProposalVersion.objects.get(proposal=row.proposal_id, number=row.version)
    seats = {m.key: m for m in within.standing(meeting, from_micros(row.closed)).seated}
    return {
        "title": made.title, "plain": made.plain, "problem": made.problem,
        "proposal": row.proposal_id, "version": row.version, "digest": digest_of(version.body),
        "meeting": meeting.id, "held": meeting.starts, "charter": row.charter,
        "quorate": outcome.quorate, "voices": _voices(outcome, seats),
        "interests": _interests(row, seats),
        "funding": made.funding, "amount": made.total, "funds": made.funds,
        "asks": [{"funder": a.funder, "amount": a.amount, "since": a.since.isoformat(),
                  "until": a.until.isoformat(), "line": a.line} for a in made.asks],
        "effects": [{"organisation": e.organisation, "side": e.side, "words": e.words,
                     "amount": e.amount} for e in made.effects],
        "changes": [{"kind": c.kind, "code": c.code, "words": c.words} for c in made.changes],
        "evidence": [{"title": e.title, "address": e.address, "digest": e.digest}
                     for e in made.evidence],
        "measure": made.measure, "goal": made.goal,
        "review": made.review.isoformat() if made.review else "",
        "owner": _who(made.owner, seats), "answers": made.answers, **_of(meeting),
    }  # fmt: skip


def _of(meeting: rows.Meeting) -> dict[str, Any]:
    """Which service alliance it was; nothing where the alliance itself decided."""
    return {"group": {"code": meeting.group.code, "name": meeting.group.name}} \
        if meeting.group_id else {}  # fmt: skip


def _voices(outcome: Outcome, seats: dict[int, Member]) -> list[dict[str, Any]]:
    return [
        {**_who(h.voice.member, seats), "said": h.voice.said, "reason": h.voice.reason,
         "way": h.voice.way}
        for h in outcome.heard
        if h.counts
    ]  # fmt: skip


def _interests(row: rows.Item, seats: dict[int, Member]) -> list[dict[str, Any]]:
    last = {each.member_id: each for each in rows.Handling.objects.filter(item=row).order_by("id")}
    declared: dict[int, list[str]] = {}
    for each in sitting.interests_in(sitting.proposed_of(row), row.meeting.alliance_id,
                                     from_micros(row.closed)):  # fmt: skip
        declared.setdefault(each.member, []).append(each.category)
    return [
        {**_who(member, seats), "categories": sorted(set(declared.get(member, ()))),
         "handling": each.handling, "reason": each.reason}
        for member, each in sorted(last.items())
    ]  # fmt: skip


def _who(member: int, seats: dict[int, Member]) -> dict[str, Any]:
    sits = seats.get(member)
    if not member:
        return {}
    return {"member": member, "seat": sits.seat if sits else "",
            "perspective": sits.perspective if sits else ""}  # fmt: skip
