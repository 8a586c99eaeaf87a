"""Pages about applications: for administrators, for who let one in, and to launch from a record."""

from datetime import datetime
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from onesystem import access, people
from onesystem.access.pages import tabs
from onesystem.district import current, now
from onesystem.people.presenters import who_words
from onesystem.record.fhir.smart import grants, registry
from onesystem.record.fhir.smart.doors import origin
from onesystem.record.fhir.smart.granting import Asked
from onesystem.record.fhir.smart.models import App, Grant
from onesystem.record.fhir.smart.places import bases_of
from onesystem.record.fhir.smart.wording import lines
from onesystem.vocabulary import UserError, to_local
from onesystem.vocabulary.said import say, say_each
from onesystem.vocabulary.typed import whole_or

_KINDS = say_each(
    {
        "public": "With a user, keeps no secret",
        "confidential": "With a user, keeps a secret or a key",
        "backend": "By itself, signs with a key",
    }
)


@access.page(right="users.manage")
def apps(request: HttpRequest) -> HttpResponse:
    """The applications that the district let in; one can be let out here."""
    problem = None
    if request.method == "POST":
        try:
            registry.remove(client=request.POST.get("client", ""), by=request.actor)  # type: ignore[attr-defined]
        except UserError as error:
            problem = error
        else:
            messages.success(request, say("Removed. Its tokens have ended."))
            return HttpResponseRedirect(request.path)
    context = {
        "tabs": tabs(request), "problem": problem,
        "apps": [_words(app) for app in registry.apps()],
        "base": bases_of(origin(request))[0],
    }  # fmt: skip
    return render(request, "record/smart/apps.html", context)


def _words(app: App) -> dict[str, object]:
    standing = Grant.objects.filter(app=app.pk, revoked=None, expires__gt=now())
    last = Grant.objects.filter(app=app.pk).order_by("-created").first()
    organisation = current().organisations.get(app.organisation)
    return {
        "app": app, "kind": _KINDS[app.kind], "lines": list(lines(Asked.of(app.scopes))),
        "redirects": app.redirects.split(), "since": _local(app.created),
        "standing": standing.count(), "last": _local(last.created) if last else "",
        "organisation": organisation.name if organisation else app.organisation,
    }  # fmt: skip


def mine(request: HttpRequest) -> HttpResponse:
    """The applications that the user let in, and how to end that."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    held = Grant.objects.filter(
        username=request.user.get_username(), revoked=None, expires__gt=now()
    )
    if request.method == "POST":
        found = held.filter(pk=whole_or(request.POST.get("grant"), 0)).first()
        if found and grants.end(grant=found.pk, why="ended by the user"):
            messages.success(request, say("Ended. The application has to ask you again."))
        return HttpResponseRedirect(request.path)
    names = {app.pk: app.name for app in registry.apps(removed=True)}
    shown = [
        {
            "grant": each, "name": names.get(each.app, ""), "since": _local(each.created),
            "until": _local(each.expires), "lines": list(lines(Asked.of(each.scopes))),
        }
        for each in held.order_by("-created")[:200]
    ]  # fmt: skip
    return render(request, "record/smart/mine.html", {"grants": shown})


@access.opens_person
def launch(request: HttpRequest, person: int) -> HttpResponse:
    """Launch an application from a person's record."""
    able = registry.launchable()
    if request.method == "POST":
        app = next((a for a in able if a.client == request.POST.get("client")), None)
        if app is None:
            raise Http404("no such application")
        token = grants.launch(
            app=app, person=person, purpose=request.purpose, reason=request.reason,  # type: ignore[attr-defined]
            by=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
        mark = "&" if urlsplit(app.launch).query else "?"
        said = urlencode({"iss": bases_of(origin(request))[0], "launch": token})
        answer = HttpResponse(status=302)
        answer["Location"] = f"{app.launch}{mark}{said}"
        answer["Cache-Control"] = "no-store"
        return answer
    return _menu(request, person, able)


@require_safe
def _menu(request: HttpRequest, person: int, able: list[App]) -> HttpResponse:
    answer = render(
        request,
        "record/smart/launch.html",
        {
            "person": person,
            "who": who_words(person, people.identities_of(person), current(), at=now()),
            "apps": [(app, urlsplit(app.launch).netloc) for app in able],
            "to": reverse("record:smart_launch", kwargs={"person": person}),
        },
    )
    parts = [urlsplit(app.launch) for app in able]
    answer._csp_update = {  # type: ignore[attr-defined]  # noqa: SLF001
        "form-action": sorted({f"{p.scheme}://{p.netloc}" for p in parts})
    }
    return answer


def _local(moment: datetime) -> str:
    return to_local(moment, current().zone).strftime("%-d %b %Y %H:%M")
