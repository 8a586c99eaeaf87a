"""What happens between the purpose and the page: the decision, the trail, and the way on."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from onesystem.access import durable, glass, purposes
from onesystem.access.actor import Actor
from onesystem.access.asker import Action
from onesystem.access.asking import asker_of
from onesystem.access.audit import record
from onesystem.access.deciding import decide, persons_of
from onesystem.access.decision import Allowed, Refused, refused
from onesystem.access.purposes import Given
from onesystem.access.rights import require
from onesystem.access.volume import too_many
from onesystem.district import current, now
from onesystem.vocabulary import UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say


def stop(
    request: HttpRequest, person: int, given: Given, kind: str, action: Action
) -> HttpResponse | None:
    """The answer in the place of the page; None where it opens, with the look in the trail."""
    here = persons_of([person]).get(person)
    if here is None:
        raise Http404(f"no person {person}")
    if here != person:
        return _moved(request, here)
    asker = asker_of(request.actor, given.purpose, client="pages")  # type: ignore[attr-defined]
    found = decide(asker, person, kind, action)
    if found and too_many(asker.actor, person):
        found = refused("too-many")
    if isinstance(found, Refused):
        _look(request, "access.refused", person, given, {"why": found.reason})
        return _shut(request, person, given, found)
    _open(request, person, given, found)
    request.asker, request.allowed = asker, found  # type: ignore[attr-defined]
    return None


def _open(request: HttpRequest, person: int, given: Given, found: Allowed) -> None:
    request.purpose, request.reason = given.purpose, given.reason  # type: ignore[attr-defined]
    request.opened = given  # type: ignore[attr-defined]
    broken = found.by == {"break-glass"}
    request.glass = Broken(request, person) if broken else None  # type: ignore[attr-defined]
    _look(request, "person.looked", person, given, {"ties": sorted(found.by)})


class Broken:
    """What a page of a person says while it is open by a broken glass only."""

    def __init__(self, request: HttpRequest, person: int) -> None:
        self.person = person
        grant = glass.standing(request.user.get_username(), person)
        self.grant = grant.id if grant else 0
        self.reason = glass.REASONS.get(grant.choice, "") if grant else ""
        self.left = max(0, (grant.until or 0) - to_micros(now())) // 60_000_000 if grant else 0

    @property
    def words(self) -> str:
        """The time that is left."""
        hours, minutes = divmod(self.left, 60)
        return (
            say("{hours} h {minutes} min", hours=hours, minutes=minutes)
            if hours
            else say("{minutes} min", minutes=minutes)
        )


def _look(
    request: HttpRequest, act: str, person: int, given: Given, detail: dict[str, Any]
) -> None:
    match = request.resolver_match
    look = partial(
        record,
        by=request.actor,  # type: ignore[attr-defined]
        act=act,
        what=match.view_name if match else request.path,
        person=person,
        purpose=given.purpose,
        reason=given.reason,
        detail={**detail, "client": "pages", "from": request.META.get("REMOTE_ADDR", "")},
    )
    request.look = durable.soon(look)  # type: ignore[attr-defined]


def on_disk(request: HttpRequest) -> bool:
    """Whether the look is in the trail for good: waits for the disk."""
    look = getattr(request, "look", None)
    try:
        if look is not None:
            look.result()
    except OSError:
        return False
    return True


def _shut(request: HttpRequest, person: int, given: Given, found: Refused) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Refresh": "true"})
    to = request.get_full_path() if request.method == "GET" else "/"
    return _page(request, person, found, to, given)


def _page(
    request: HttpRequest, person: int, found: Refused, to: str, given: Given | None,
    problem: UserError | None = None,
) -> HttpResponse:  # fmt: skip
    guard = current().guard
    context = {
        "person": person, "found": found, "to": to, "given": given, "problem": problem,
        "choices": glass.REASONS, "hours": guard.break_glass_hours,
        "asks_password": guard.reauthenticate, "posted": request.POST,
    }  # fmt: skip
    return render(request, "access/shut.html", context, status=422 if problem else 403)


@require_POST
def break_glass(request: HttpRequest, person: int) -> HttpResponse:
    """Break the glass, and go on to the page that was wanted."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("account_login"))
    actor = Actor.of(request.user)
    require(actor, "person.open")
    to, given = _local(request), purposes.given(request, person)
    if given is None:
        return HttpResponseRedirect(to)
    try:
        _asked_again(request)
        glass.break_glass(
            person=person, choice=request.POST.get("choice", ""),
            words=request.POST.get("words", ""), by=actor, purpose=given.purpose,
        )  # fmt: skip
    except UserError as error:
        found = decide(asker_of(actor, given.purpose), person)
        if found:
            return HttpResponseRedirect(to)
        request.actor = actor  # type: ignore[attr-defined]
        return _page(request, person, found, to, given, error)  # type: ignore[arg-type]
    return HttpResponseRedirect(to)


def _asked_again(request: HttpRequest) -> None:
    """Where the district says so, breaking the glass takes the password once more."""
    given = request.POST.get("password", "")
    if current().guard.reauthenticate and not request.user.check_password(given):
        raise UserError("that is not your password", "Type it again")


@require_POST
def mend_glass(request: HttpRequest, grant: int) -> HttpResponse:
    """End a grant before its hours are over."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("account_login"))
    glass.mend_glass(grant=grant, by=Actor.of(request.user), reason=say("closed by hand"))
    return HttpResponseRedirect("/people/")


def unavailable() -> HttpResponse:
    """Fail closed: where the choices or the trail cannot be reached, nothing is shown."""
    found = refused("store")
    answer = HttpResponse(f"{found.words}. {found.way}.", status=503, content_type="text/plain")
    answer["Cache-Control"] = "no-store"
    return answer


def _moved(request: HttpRequest, here: int) -> HttpResponse:
    """A person who was merged into another: the old number leads on."""
    from django.contrib import messages

    messages.info(request, say("This person was merged into the one that you see now."))
    match = request.resolver_match
    assert match is not None  # noqa: S101 - a view is reached through its address
    kwargs = {**match.kwargs, "person": here}
    return HttpResponseRedirect(reverse(match.view_name, kwargs=kwargs))


def _local(request: HttpRequest) -> str:
    to = request.POST.get("to", "")
    hosts = {request.get_host()}
    secure = request.is_secure()
    return to if url_has_allowed_host_and_scheme(to, hosts, require_https=secure) else "/people/"
