"""What the frame of every page needs: the district, who signed in, where they may go."""

import os
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html

from onesystem.access import Actor, may
from onesystem.access.notices.reading import unread
from onesystem.access.rights import today
from onesystem.district import District, current
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say
from onesystem.web.language.choosing import offered
from onesystem.web.live import last_event


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation: shown where its room has pages and the actor may see them.

    One that is `beside` folds away under More for those who look after people: their day has
    places enough.
    """

    name: str
    path: str
    room: str
    rights: tuple[str, ...]
    beside: bool = False


# The day's work first, then the loop from seeing to proof, the upkeep of the district last.
PLACES = (
    Place("Now", "/", "flow", ("now.see",)),
    Place("Crew", "/crew/", "care.triage", ("triage.use",)),
    Place("Practice", "/practice/", "care.practice", ("rota.keep",)),
    Place("People", "/people/", "people", ("people.search",)),
    Place("Pathways", "/pathways/", "care.pathways", ("pathways.see",)),
    Place("Requests", "/requests/", "care.requests", ("requests.send",)),
    Place("Inbox", "/inbox/", "care.requests", ("requests.work",)),
    Place("Tasks", "/tasks/", "care.tasks", ("care.act",)),
    Place("At home", "/at-home/", "care.episodes", ("episodes.act",)),
    Place("Measures", "/measures/", "flow", ("measures.see",), beside=True),
    Place("Journeys", "/journeys/", "flow.journeys", ("measures.see",), beside=True),
    Place("Opportunities", "/opportunities/", "flow.chances", ("measures.see",), beside=True),
    Place("Coordination", "/coordination/", "flow.coordination", ("measures.see",), beside=True),
    Place(
        "Services", "/services/", "care.services", ("requests.send", "services.keep"), beside=True
    ),
    Place("Rota", "/rota/", "care.practice", ("now.act", "rota.keep"), beside=True),
    Place("Tables", "/triage/", "care.triage", ("pathways.see",), beside=True),
    Place("Budget", "/budget/", "budget.funds", ("budget.see",), beside=True),
    Place("Contracts", "/contracts/", "budget.contracts", ("budget.see",), beside=True),
    Place("Pooled funds", "/pooled/", "budget.pooled", ("budget.see",), beside=True),
    Place(
        "Charges", "/charges/", "budget.entitlement", ("means.assess", "budget.see"), beside=True
    ),
    Place(
        "Personal budgets", "/personal-budgets/", "budget.personal", ("personal.keep",), beside=True
    ),
    Place("Policy", "/policy/", "budget.policy", ("budget.see",), beside=True),
    Place("Twin", "/twin/", "twin", ("measures.see",), beside=True),
    Place("Plan", "/plan/", "plan.options", ("plan.see",), beside=True),
    Place("Alliance", "/alliance/", "alliance.charter", ("alliance.see",), beside=True),
    Place("Ideas", "/ideas/", "alliance.learning", ("ideas.bring",), beside=True),
    Place("Peer review", "/peers/", "alliance.learning", ("peers.see",), beside=True),
    Place(
        "Compare", "/compare/", "alliance.comparing", ("measures.see", "nation.see"), beside=True
    ),
    Place("Proof", "/evidence/", "evidence", ("measures.see",), beside=True),
    Place("Feeds", "/feeds/", "feeds", ("feeds.see",)),
    Place("Protection", "/protection/", "record.protection", ("record.protect",)),
    Place("Privacy", "/privacy/", "access", ("access.review",)),
    Place("My record", "/me/", "record.mine", ("own.see",)),
    Place("Settings", "/settings/", "access", ("settings.see", "users.manage", "audit.see")),
)
SHORTCUTS = (
    ("/", say("Go to the search for a person")),
    ("j  k", say("Next and previous row of a table")),
    (say("Enter"), say("Open the row")),
    ("?", say("Show these shortcuts")),
    (say("Esc"), say("Close, or leave the search")),
)


@lru_cache(maxsize=32)
def built(room: str) -> bool:
    """Whether a room has pages yet."""
    return find_spec(f"onesystem.{room}.urls") is not None


def places_for(actor: Actor | None) -> tuple[Place, ...]:
    """The navigation of an actor; nothing for someone who has not signed in."""
    return () if actor is None else _places(replace(actor, name="somebody"), today())


@lru_cache(maxsize=256)  # by roles, kind and organisation: every page asks for all of them
def _places(actor: Actor, _day: date) -> tuple[Place, ...]:
    return tuple(
        place
        for place in PLACES
        if built(place.room) and any(may(actor, right) for right in place.rights)
    )


Shown = list[tuple[Place, bool]]  # and whether one is there


def _navigation(actor: Actor | None, path: str) -> tuple[Shown, Shown]:
    """The places of an actor in two parts: those of the day, and what folds away."""
    places = [(each, _is_here(each, path)) for each in places_for(actor)]
    folds = actor is not None and may(actor, "care.act")
    more = [each for each in places if folds and each[0].beside]
    return [each for each in places if each not in more], more


def stream_url(request: HttpRequest) -> str:
    """Where the live stream is: ONESYSTEM_STREAM_URL, or the next port of the same host."""
    if url := os.environ.get("ONESYSTEM_STREAM_URL"):
        return url
    port = os.environ.get("ONESYSTEM_STREAM_PORT")
    if not port:
        return ""
    host = request.get_host()
    name = host.rsplit(":", 1)[0] if ":" in host and not host.endswith("]") else host
    return f"{request.scheme}://{name}:{port}/live/"


def district_or_none() -> District | None:
    """The district, or None where its file cannot be read: an error page needs a frame too."""
    try:
        return current()
    except (BadConfig, OSError):
        return None


def actor_of(request: HttpRequest) -> Actor | None:
    """Who signed in, if anybody did."""
    user = getattr(request, "user", None)
    return Actor.of(user) if user is not None and user.is_authenticated else None


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context that every page has."""
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        return {"actor": actor_of(request), "district": district_or_none()}  # a part, no frame
    actor = actor_of(request)
    nav, more = _navigation(actor, request.path)
    theme = request.COOKIES.get("theme", "")
    # A national planner sees what districts publish: not even when this one's feeds last spoke.
    inside = actor is not None and (may(actor, "now.see") or not may(actor, "nation.see"))
    return {
        **_tokens(request),
        "actor": actor,
        "district": district_or_none(),
        "nav": nav,
        "nav_more": more,
        "can_search": actor is not None and built("people") and may(actor, "people.search"),
        "glass": getattr(request, "glass", None),
        "unread_notices": unread(actor) if actor else 0,
        "languages": offered(request),
        "last_event": last_event() if actor and inside else None,
        "pulses": inside,
        "nonce": lambda: str(getattr(request, "csp_nonce", "")),
        "opened": getattr(request, "opened", None),
        "session_until": request.session.get("until") if actor else None,
        "shortcuts": SHORTCUTS,
        "stream": stream_url(request) if actor and inside else "",
        "theme": theme if theme in {"light", "dark"} else "",
        "wall": request.GET.get("wall") == "1",
    }


def _tokens(request: HttpRequest) -> dict[str, Any]:
    """The token of forms, drawn once for the page where it has any: a draw for each is slow."""

    @cache
    def drawn() -> str:
        return get_token(request)

    return {
        "csrf_token": SimpleLazyObject(drawn),
        "csrf_input": SimpleLazyObject(
            lambda: format_html(
                '<input type="hidden" name="csrfmiddlewaretoken" value="{}">', drawn()
            )
        ),
    }


def _is_here(place: Place, path: str) -> bool:
    return (
        path == "/" or path.startswith("/now/")
        if place.path == "/"
        else path.startswith(place.path)
    )
