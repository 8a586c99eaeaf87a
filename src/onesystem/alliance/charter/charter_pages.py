"""The charter: what it says, who signed, how versions differ; writing, laying out, signing it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.alliance.charter import presenters, queries, rules, signing, text
from onesystem.alliance.charter.asking import Field, Form, Said, ask, do
from onesystem.alliance.charter.editing import charter_of, raw_of
from onesystem.alliance.charter.heading import head
from onesystem.alliance.charter.standing import Standing, Version
from onesystem.alliance.charter.text import MIDWAY
from onesystem.district import current
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.said import say, say_each

PAGE = "/alliance/charter/"


@require_safe
@access.page(right="alliance.see")
def charter(request: HttpRequest) -> HttpResponse:
    """What have we promised, and who has signed it?"""
    context = head(request, "charter/")
    s: Standing = context["stands"]
    every = queries.versions(s.alliance)
    shown = _shown(request, every, s)
    if shown is None:
        return render(request, "alliance/charter/charter.html", {**context, "version": None})
    if request.GET.get("format") == "json":
        return _file(shown, s.alliance)
    before = next((v for v in every if v.number < shown.number and v.state != "withdrawn"), None)
    signed = queries.signatures(s.alliance, shown.number)
    own = {m.id for m, _, _ in signed}
    mine = context["mine"]
    is_open = shown.state in ("signing", "in force")
    context |= {
        "version": shown, "c": shown.charter, "versions": every, "signed": signed,
        "states": presenters.VERSIONS, "midway": MIDWAY[shown.charter.midway],
        "waits": signing.waited_for(s.alliance, shown.number) if is_open else (),
        "signs": mine if mine and is_open and mine.key not in own else None,
        "before": before,
        "changes": presenters.changed(before.charter, shown.charter) if before else [],
        "quorum": presenters.quorum_words(shown.charter.quorum, len(s.members)),
    }  # fmt: skip
    return render(request, "alliance/charter/charter.html", context)


def _shown(request: HttpRequest, every: list[Version], s: Standing) -> Version | None:
    """The version that is asked for; else the one to sign, the one in force, the newest."""
    asked = request.GET.get("version", "")
    if asked:
        found = [v for v in every if str(v.number) == asked]
        if not found:
            raise NotFound(
                say("the charter has no version {asked}", asked=asked), "Choose one of its versions"
            )
        return found[0]
    laid_out = [v for v in every if v.state == "signing"]
    return (laid_out or [v for v in (s.version,) if v] or every or [None])[0]


def _file(version: Version, code: str) -> HttpResponse:
    """The text exactly as it was signed: its SHA-256 is the digest that stands at signatures."""
    response = HttpResponse(text.written(version.charter), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{code}-charter-{version.number}.json"'
    response["X-Content-Digest"] = version.digest
    return response


@access.page(right="alliance.keep")
def edit(request: HttpRequest) -> HttpResponse:
    """Write the next version of the charter."""
    context = head(request, "charter/")
    s: Standing = context["stands"]
    country = "NZ" if current().currency == "NZD" else "GB"
    drafts = queries.versions(s.alliance, "draft")
    onto = drafts[0].charter if drafts else s.version.charter if s.version else (
        rules.begin_with(country)
    )  # fmt: skip
    needs = rules.needs(country)
    form = Form(
        title=say("What do we promise each other?"),
        button=say("Save the draft"),
        back=PAGE,
        draft="alliance-charter",
        seen=context["seen"],
        fields=_fields(raw_of(onto), needs),
        about=say(
            "It stays a draft until you lay it out for signing. From then on its text stands."
        ),
    )

    def act(said: Said) -> str:
        raw = {f.name: said.text(f.name) for f in form.fields}
        number = signing.write(
            alliance=s.alliance, charter=charter_of(raw, onto, needs), why=said.text("why"),
            seen=said.seen, by=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
        return f"{PAGE}?version={number}"

    return ask(
        request, form, act, say("The draft is saved. Lay it out when it is ready."), **context
    )


def _fields(raw: dict[str, str], needs: list[text.Need]) -> list[Field]:
    def of(name: str, label: str, kind: str = "text", **more: Any) -> Field:
        return Field(name, label, kind, value=raw.get(name, ""), **more)

    group = say("Quorum: who must be there to decide")
    return [
        of("name", "Name", most=200),
        of("purpose", "Purpose", "area", most=2000),
        of("test", say("The test of every decision"), most=200),
        of("principles", say("Principles, one a line: Name: words"), "area", rows=11, most=8000),
        of(
            "share",
            say("Share of those who may decide"),
            group=group,
            hint=say("Such as 1/2 or 60 %"),
        ),
        of("least", say("Never fewer than"), group=group),
        of("community", say("Community seats, one at least"), group=group),
        of(
            "funders", say("Somebody of each funder whose money is asked for"), "check", group=group
        ),
        of(
            "ladder",
            say("Ladder of disagreements, one rung a line: Name; who settles it; working days"),
            "area",
            rows=7,
            most=8000,
        ),
        of(
            "midway",
            say("A proposal that is open when the next charter comes into force"),
            "choice",
            options=[
                ("again", say("Is heard again under the new one")),
                ("finish", say("Is decided under the old one")),
            ],
        ),
        of("notice_days", say("Days of notice before a party leaves")),
        of("renew_days", say("Days after which interests are declared anew")),
        of("beside", say("Read together with"), most=200),
        *(
            of(
                f"need.{n.code}",
                n.name,
                group=say("Members wanted who do it or lead it; 0: not wanted"),
            )
            for n in needs
        ),
        Field("why", say("Why this version (for the history)"), most=1000),
    ]


@require_POST
@access.page(right="alliance.see")
def act(request: HttpRequest) -> HttpResponse:
    """Lay the draft out, sign, or withdraw."""
    s, by = queries.standing(), request.actor  # type: ignore[attr-defined]
    common: dict[str, Any] = {"alliance": s.alliance, "by": by}
    what = request.POST.get("do", "")
    words = say_each(
        {
            "lay-out": "It is laid out: every member is asked to sign.",
            "sign": "Signed.",
            "withdraw": "Withdrawn: the one in force stays.",
        }
    )

    def press(said: Said) -> None:
        if what == "lay-out":
            signing.lay_out(seen=said.seen, **common)
        elif what == "withdraw":
            signing.withdraw(why=said.text("why"), seen=said.seen, **common)
        else:
            signing.sign(digest=said.text("digest"), member=said.number("member"), **common)

    return do(request, press, words.get(what, say("Done.")), PAGE)


@require_safe
@access.page(right="alliance.see")
def lists(request: HttpRequest) -> HttpResponse:
    """Which lists do charters and declarations choose from, since when, from which source?"""
    day = presenters.day_of(queries.standing().at)
    country = "NZ" if current().currency == "NZD" else "GB"
    context = head(request, "charter/") | {
        "categories": rules.categories(day).values(),  # type: ignore[arg-type]
        "routes": rules.routes(day, country),  # type: ignore[arg-type]
        "source": rules.begin_with(country).source,
    }
    return render(request, "alliance/charter/lists.html", context)
