"""What every page of the alliance has in common: how it stands, my seat, where its parts are."""

from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest

from onesystem import access
from onesystem.alliance.charter import presenters, queries
from onesystem.budget.funds import reading as funds
from onesystem.vocabulary import NotFound

TABS = (
    ("Alliance", ""), ("Members", "members/"), ("Competences", "competences/"),
    ("Parties", "parties/"), ("Charter", "charter/"), ("Interests", "interests/"),
    ("Service alliances", "groups/"), ("Disagreements", "disagreements/"),
    ("Procurements", "procurements/"), ("History", "history/"),
)  # fmt: skip
# Where the other parts of the room begin; one that has no pages yet is left out.
PARTS = (
    ("Meetings", "/alliance/meetings/", "meeting", "Agenda, who is there, minutes and actions"),
    ("Proposals", "/alliance/proposals/", "meeting", "What is brought, with its evidence"),
    ("Decisions", "/alliance/decisions/", "meeting", "What was agreed, and what is resourced"),
    ("Money", "/alliance/money/", "commit", "What was agreed and waits for money, and for whose"),
    ("Reviews", "/alliance/reviews/", "proof", "Did it work, and what does the contract share"),
    ("Register", "/alliance/register/", "meeting", "Every decision with its reasons, for good"),
    ("Risks", "/alliance/risks/", "learning", "What may go wrong, and what is yet to be proven"),
    ("Leadership", "/alliance/leadership/", "learning", "Who leads what, by profession"),
    ("Readiness", "/alliance/readiness/", "learning", "What the district still lacks to start"),
    ("Trust", "/alliance/trust/", "learning", "How far we trust each other, over time"),
)  # fmt: skip


def head(request: HttpRequest, here: str) -> dict[str, Any]:
    """The frame of a page. Raises NotFound where no alliance is set up."""
    actor = request.actor  # type: ignore[attr-defined]
    stands = queries.standing()
    return {
        "stands": stands, "mine": stands.of_user(actor.name), "money": presenters.money,
        "keeps": access.may(actor, "alliance.keep"), "seen": queries.alliance().steps,
        "tabs": [(name, f"/alliance/{part}", part == here) for name, part in TABS],
    }  # fmt: skip


def there() -> bool:
    """Whether an alliance is set up here."""
    try:
        queries.alliance()
    except NotFound:
        return False
    return True


def parts() -> list[tuple[str, str, str]]:
    """The other parts of the room that have pages."""
    return [
        (name, href, about)
        for name, href, part, about in PARTS
        if find_spec(f"onesystem.alliance.{part}.urls")
    ]


def lines() -> dict[str, str]:
    """Names of budget lines by code."""
    return {line.code: line.name for line in funds.lines()}
