"""What a page of requests needs to know: whose they are, what they are called, what may be done."""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from onesystem import access, people
from onesystem.access import Actor, Allowed, Asker, purposes
from onesystem.access.models import User
from onesystem.access.quick import rows
from onesystem.care.requests import acting, inbox, queries
from onesystem.care.requests.queries import Request
from onesystem.district import current
from onesystem.people.mapping import views
from onesystem.people.presenters import name_of
from onesystem.record.sight import Sight
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.said import say

View = Callable[..., HttpResponse]
_SOME = 500


def of_request(view: View) -> View:
    """A page of one request: about its person, and opened for the request itself.

    Whoever sent it, or works where it lies, has said by that what they open the person for.
    """
    inner = access.opens_person(view)

    @wraps(view)
    def outer(request: HttpRequest, number: int) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        # Before it is looked for: else the answer would tell whether a request has that number.
        access.require(Actor.of(request.user), inner.right)
        try:
            found = queries.one(number)
            person = acting.person_of(found)
        except NotFound as error:
            raise Http404(str(error)) from None
        asker = inbox.asker(Actor.of(request.user))
        if acting.side_of(found, asker):
            reason = (
                say("request {key}", key=found.key)
                if found.source == "care"
                else say("a request of a feed")
            )
            purposes.carry(request, person, asker.purpose, reason)
        return inner(request, person=person, found=found)

    outer.opens_person = inner.opens_person  # type: ignore[attr-defined]
    outer.right = inner.right  # type: ignore[attr-defined]
    return outer


def names(requests: Iterable[Request]) -> dict[int, str]:
    """What the person of each request is called, by the request's identity."""
    identities = sorted({each.identity for each in requests})
    whose = people.person_of(identities)
    best: dict[int, Any] = {}
    for view in views(_identities(set(whose.values()))):
        held = best.get(view.person)
        if held is None or (not (held.family and held.given) and view.family and view.given):
            best[view.person] = view
    return {
        identity: name_of(best[person].given, best[person].family) if person in best else
        name_of("", "")
        for identity, person in whose.items()
    }  # fmt: skip


def _identities(persons: Iterable[int]) -> list[int]:
    wanted, found = sorted(persons), list[int]()
    for at in range(0, len(wanted), _SOME):
        some = wanted[at : at + _SOME]
        marks = ", ".join(["%s"] * len(some))
        sql = f"SELECT id FROM people_identity WHERE person IN ({marks})"
        found += [number for (number,) in rows(sql, some)]
    return found


def shown(found: Request, allowed: Allowed, by: Asker) -> bool:
    """Whether a request is open: to both of its sides, and to whom its service's kind is."""
    if acting.side_of(found, by):
        return True
    return Sight(allowed).opens(found.source, found.service, current())


def labels(found: Request) -> Mapping[str, str]:
    """What the fields of a request's form were called when it was sent."""
    steps = queries.steps_of(found.request)
    told = [step.said.get("labels", {}) for step in steps]
    return {name: str(label) for some in told for name, label in some.items()}


def asker(request: HttpRequest) -> Asker:
    """Who asks on a page about a person."""
    return request.asker  # type: ignore[attr-defined,no-any-return]


def staff(names: Iterable[str]) -> dict[str, str]:
    """What users are called, by their user names; a job or a source has none."""
    wanted = sorted({name for name in names if name})
    known = User.objects.filter(username__in=wanted)
    return {user.username: user.get_full_name() or user.username for user in known}
