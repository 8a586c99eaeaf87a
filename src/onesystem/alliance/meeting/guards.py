"""The database's own refusal to change what was said, decided or registered.

It also refuses a voice on an item that is not open, an entry of the register that does not follow
from the one before, and minutes that change once they are confirmed.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from onesystem.access import held
from onesystem.access.held import Refusal, kept
from onesystem.vocabulary.said import say

_CONFIRMED = (
    "EXISTS (SELECT 1 FROM alliance_meeting m WHERE m.id = OLD.meeting_id "
    "AND m.confirmed IS NOT NULL)"
)
_CLOSED = (
    "NOT EXISTS (SELECT 1 FROM alliance_item i WHERE i.id = NEW.item_id "
    "AND i.state = 'open' AND i.version = NEW.version)"
)
_ASTRAY = (
    "NOT EXISTS (SELECT 1 FROM alliance_register_head h WHERE h.length = NEW.number - 1 "
    "AND h.digest = NEW.previous)"
)
KEPT = (
    *kept("alliance_register", say("the register is never changed or shortened")),
    *kept("alliance_voice", say("what a member said never changes: they speak again")),
    *kept("alliance_handling", say("how an interest was handled never changes")),
    *kept("alliance_meeting_step", say("what was done in a meeting never changes")),
    *kept("alliance_proposal_step", say("what was done to a proposal never changes")),
    *kept(
        "alliance_decision",
        say("a decision never changes: the alliance makes another one"),
        columns=(
            "number",
            "alliance_id",
            "group_id",
            "proposal_id",
            "version",
            "item_id",
            "title",
            "funding",
            "funds",
            "body",
            "at",
            "by",
        ),
    ),
    *kept(
        "alliance_proposal_version",
        say("a proposal that was brought never changes: write its next version"),
        columns=("proposal_id", "number", "ready", "body", "digest"),
        when="OLD.ready",
    ),
    *kept(
        "alliance_item",
        say("how an item was closed never changes"),
        columns=(
            "meeting_id",
            "proposal_id",
            "version",
            "kind",
            "state",
            "opened",
            "closed",
            "charter",
            "outcome",
            "worked",
        ),
        when="OLD.state IN ('closed', 'carried')",
    ),
    *kept(
        "alliance_attendance",
        say("who was there does not change once the minutes are confirmed"),
        columns=("meeting_id", "member_id", "came", "left"),
        when=_CONFIRMED,
    ),
    *kept(
        "alliance_meeting",
        say("confirmed minutes never change"),
        columns=(
            "alliance_id",
            "group_id",
            "title",
            "starts",
            "opened",
            "closed",
            "chair_id",
            "charter",
            "notes",
            "confirmed",
            "confirmed_by",
            "state",
        ),
        when="OLD.confirmed IS NOT NULL",
    ),
    Refusal(
        table="alliance_voice",
        verb="INSERT",
        when=_CLOSED,
        words=say("the item is not open, or is about another version"),
    ),
    Refusal(
        table="alliance_register",
        verb="INSERT",
        when=_ASTRAY,
        words=say("the entry does not follow from the one before"),
    ),
)


def raise_guards(connection: Any, without: Collection[str] = ()) -> None:
    """From now on the database refuses it; `without` columns that a later migration adds."""
    columns = ((each, [c for c in each.columns if c not in without]) for each in KEPT)
    held.refuse(connection, [replace(each, columns=tuple(kept)) for each, kept in columns])


def lower_guards(connection: Any) -> None:
    """Let the tables be changed: only `flush` and a migration backwards do this."""
    held.allow(connection, KEPT)
