"""Doing one thing about an episode; what was typed stays on the page where it cannot be done."""

from collections.abc import Callable, Mapping
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from onesystem.access import Asker
from onesystem.care.drafts import actions as drafts
from onesystem.care.episodes import actions, queries
from onesystem.care.episodes.actions import Chosen
from onesystem.care.episodes.pages import of_episode, show
from onesystem.care.episodes.typed import moment_of, seen_of, whole
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say, say_each


@require_POST
@of_episode
def act(request: HttpRequest, person: int, episode: int) -> HttpResponse:
    """Do one thing about an episode; what was typed stays where it cannot be done."""
    given, by = request.POST, request.asker  # type: ignore[attr-defined]
    do = given.get("do", "")
    try:
        _VERBS.get(do, _nothing)(episode, given, by)
    except UserError as error:
        return show(request, person, episode, problem=str(error), status=422)
    if do == "review":
        drafts.done(by, f"at-home-review:{episode}")
    messages.success(request, _DONE[do])
    if do == "undo" and queries.one(episode).off:
        messages.info(
            request,
            say("Orders that were called off are not sent again by themselves: order each anew."),
        )
    return HttpResponseRedirect(reverse("episodes:episode", kwargs={"episode": episode}))


_DONE = say_each(
    {
        "review": "The review is saved.",
        "visit": "The visit is in the log.",
        "escalate": "Escalated: it is a task of theirs now.",
        "settle": "Settled.",
        "extend": "Extended.",
        "end": "Ended. What was not done is taken back.",
        "undo": "Taken back.",
        "stop": "Stopped. What was not done is taken back.",
        "add": "Ordered.",
        "again": "Ordered anew.",
        "begin": "At home under care, from now on.",
        "delay": "The reason is saved, and on the board.",
    }
)
Given = Mapping[str, str]


def _nothing(_number: int, _given: Given, _by: Asker) -> None:
    raise UserError("nothing was said", "Choose what you do.")


def _add(number: int, given: Given, by: Asker) -> None:
    line = Chosen(
        kind=given.get("kind", ""), a_day=whole(given.get("a_day")), days=whole(given.get("days")),
        service=given.get("service", ""), agreed=given.get("agreed", ""),
    )  # fmt: skip
    actions.add(number=number, line=line, by=by, seen=seen_of(given),
                beyond=given.get("beyond", ""))  # fmt: skip


def _visit(number: int, given: Given, by: Asker) -> None:
    actions.visited(
        number=number, line=whole(given.get("line")), by=by, words=given.get("words", ""),
        at=moment_of(given.get("at", "")), seen=seen_of(given),
    )  # fmt: skip


def _delay(number: int, given: Given, by: Asker) -> None:
    day = given.get("day", "")
    try:
        when = date.fromisoformat(day)
    except ValueError:
        raise UserError(say("{day} is no day", day=repr(day)), "Choose one of the days.") from None
    actions.delayed(number=number, day=when, by=by, reason=given.get("reason", ""),
                    seen=seen_of(given))  # fmt: skip


_VERBS: dict[str, Callable[[int, Given, Asker], None]] = {
    "review": lambda n, g, by: actions.review(
        number=n, by=by, words=g.get("words", ""), seen=seen_of(g)
    ),
    "visit": _visit,
    "escalate": lambda n, g, by: actions.escalate(
        number=n, what=g.get("what", ""), by=by, words=g.get("words", ""),
        service=g.get("service", ""), seen=seen_of(g),
    ),
    "settle": lambda n, g, by: actions.settle(
        number=n, escalation=g.get("escalation", ""), by=by, words=g.get("words", ""),
        seen=seen_of(g),
    ),
    "extend": lambda n, g, by: actions.extend(
        number=n, days=whole(g.get("days")), by=by, reason=g.get("words", ""),
        beyond=g.get("beyond", ""), seen=seen_of(g),
    ),
    "end": lambda n, g, by: actions.end(
        number=n, outcome=g.get("outcome", ""), by=by, words=g.get("words", ""),
        at=moment_of(g.get("at", "")), seen=seen_of(g),
    ),
    "undo": lambda n, g, by: actions.undo(number=n, by=by, seen=seen_of(g)),
    "stop": lambda n, g, by: actions.stop(
        number=n, line=whole(g.get("line")), by=by, reason=g.get("words", ""), seen=seen_of(g)
    ),
    "add": _add,
    "again": lambda n, g, by: actions.again(
        number=n, line=whole(g.get("line")), by=by, seen=seen_of(g)
    ),
    "begin": lambda n, g, by: actions.begin(
        number=n, by=by, at=moment_of(g.get("at", "")), seen=seen_of(g)
    ),
    "delay": _delay,
}  # fmt: skip
