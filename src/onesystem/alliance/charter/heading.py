"""What every page of the alliance has in common: how it stands, my seat, where its parts are."""

from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest

from onesystem import access
from onesystem.alliance.charter import presenters, queries
from onesystem.budget.funds import reading as funds
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.said import say

TABS = (
    (say("Alliance"), ""), (say("Members"), "members/"), (say("Competences"), "competences/"),
    (say("Parties"), "parties/"), (say("Charter"), "charter/"), (say("Interests"), "interests/"),
    (say("Service alliances"), "groups/"), (say("Disagreements"), "disagreements/"),
    (say("Procurements"), "procurements/"), (say("History"), "history/"),
)  # fmt: skip
# Where the other parts of the room begin; one that has no pages yet is left out.
PARTS = (
    (
        say("Meetings"),
        "/alliance/meetings/",
        "meeting",
        say("Agenda, who is there, minutes and actions"),
    ),
    (
        say("Proposals"),
        "/alliance/proposals/",
        "meeting",
        say("What is brought, with its evidence"),
    ),
    (
        say("Decisions"),
        "/alliance/decisions/",
        "meeting",
        say("What was agreed, and what is resourced"),
    ),
    (
        say("Money"),
        "/alliance/money/",
        "commit",
        say("What was agreed and waits for money, and for whose"),
    ),
    (
        say("Reviews"),
        "/alliance/reviews/",
        "proof",
        say("Did it work, and what does the contract share"),
    ),
    (
        say("Register"),
        "/alliance/register/",
        "meeting",
        say("Every decision with its reasons, for good"),
    ),
    (
        say("Risks"),
        "/alliance/risks/",
        "learning",
        say("What may go wrong, and what is yet to be proven"),
    ),
    (say("Leadership"), "/alliance/leadership/", "learning", say("Who leads what, by profession")),
    (
        say("Readiness"),
        "/alliance/readiness/",
        "learning",
        say("What the district still lacks to start"),
    ),
    (say("Trust"), "/alliance/trust/", "learning", say("How far we trust each other, over time")),
)


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
