"""Who is told of what in a meeting: members that there is one, the bringer what came of theirs."""

from onesystem.access import notify
from onesystem.alliance.meeting import rows, within
from onesystem.vocabulary.said import say


def called(meeting: rows.Meeting) -> None:
    """Every member who signs in is told that a meeting is called."""
    for seat in within.standing(meeting).seated:
        if seat.username and seat.username != meeting.by:
            notify(topic="alliance.meeting", username=seat.username, words=meeting.title,
                   link=f"/alliance/meetings/{meeting.id}/")  # fmt: skip


def closed(proposal: rows.Proposal, outcome: str) -> None:
    """Whoever brought a proposal is told what came of it."""
    topic = {"agreed": "agreed", "sent up": "recommended", "returned": "returned"}.get(outcome)
    if topic:
        link = f"/alliance/proposals/{proposal.id}/"
        words = say("Proposal {id}", id=proposal.id)
        notify(topic=f"alliance.{topic}", username=proposal.by, words=words, link=link)


def taken(action: rows.Action) -> None:
    """Whoever took something on is told, where somebody else wrote it down."""
    username = action.owner.username
    if username and username != action.by:
        notify(topic="alliance.action", username=username, words=action.meeting.title,
               link="/alliance/actions/?mine=1")  # fmt: skip
