"""What the pages of meetings have in common: the frame, their tabs, what is typed in a form."""

from typing import Any

from django.http import HttpRequest

from onesystem import access
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.meeting import presenters
from onesystem.alliance.meeting.knowing import today
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or

TABS = (
    (say("Meetings"), "/alliance/meetings/"), (say("Proposals"), "/alliance/proposals/"),
    (say("Decisions"), "/alliance/decisions/"), (say("Actions"), "/alliance/actions/"),
    (say("Register"), "/alliance/register/"),
)  # fmt: skip


def head(request: HttpRequest, here: str) -> dict[str, Any]:
    """The frame of a page. Raises NotFound where no alliance is set up."""
    actor = request.actor  # type: ignore[attr-defined]
    stands = charter.standing()
    return {
        "stands": stands, "mine": stands.of_user(actor.name), "show": presenters,
        "keeps": access.may(actor, "alliance.keep"), "day": today(),
        "proposes": access.may(actor, "alliance.propose"), "query": request.GET,
        "decides": access.may(actor, "alliance.decide"),
        "tabs": [(name, href, name == here) for name, href in TABS],
        "parties": {p.code: p.name for p in stands.parties},
    }  # fmt: skip


def whole(text: str | None) -> int:
    """A whole number of a form; 0 where it is none."""
    return whole_or(text, 0)


def seen(request: HttpRequest) -> int:
    """Which step of it the page had seen."""
    return whole_or(request.POST.get("seen"), -1)
