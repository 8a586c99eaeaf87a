"""Members: who sits, one of them, and how they take a seat, change, are suspended, and leave."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.access.queries import able
from onesystem.alliance.charter import actions, presenters, queries, rules
from onesystem.alliance.charter.actions import Seat
from onesystem.alliance.charter.asking import Field, Form, Options, Said, ask, do
from onesystem.alliance.charter.heading import head, lines
from onesystem.alliance.charter.keeping import found
from onesystem.alliance.charter.rows import CharterSignature, Member, Suspension
from onesystem.alliance.charter.standing import SEAT_NAMES, SERVICE, Standing
from onesystem.budget.pooled.typed import pence, pounds
from onesystem.district import current
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say

LIST = "/alliance/members/"


@require_safe
@access.page(right="alliance.see")
def members(request: HttpRequest) -> HttpResponse:
    """Who sits here, with which seat, and who may decide?"""
    context = head(request, "members/")
    listing = presenters.members(context["stands"], request.GET)
    if taken := access.exported(listing, request, "members"):
        return taken
    left = Member.objects.filter(alliance=context["stands"].alliance, until__isnull=False)
    left = left.exclude(seat=SERVICE)
    context |= {"listing": listing, "query": request.GET,
                "left": [(m, from_micros(m.since), from_micros(m.until or 0))
                         for m in left.order_by("-until")]}  # fmt: skip
    return render(request, "alliance/charter/members.html", context)


@require_safe
@access.page(right="alliance.see")
def member(request: HttpRequest, key: int) -> HttpResponse:
    """Who are they, what do they bring, what have they declared and signed?"""
    context = head(request, "members/")
    s: Standing = context["stands"]
    row = found(Member, "member", alliance=s.alliance, id=key)
    sits, known = s.member(key), lines()
    stands = next((m for m in queries.everybody(s.alliance) if m.key == key), None)
    declared = [d for d in queries.interests(s.alliance) if d.member == key]
    signed = CharterSignature.objects.filter(member=row).select_related("version")
    suspended = Suspension.objects.filter(member=row).order_by("-since")
    parties = {p.code: p.name for p in s.parties}
    context |= {
        "row": row, "sits": sits, "known_lines": known,
        "stands_as": stands, "state": presenters.state_of(stands) if stands else None,
        "is_mine": bool(context["mine"] and context["mine"].key == key),
        "seat_name": SEAT_NAMES.get(row.seat, say("In service alliances alone")),
        "since": from_micros(row.since),
        "until": from_micros(row.until) if row.until else None,
        "party": parties.get(row.commands, row.commands),
        "profession": rules.professions().get(row.profession, row.profession),
        "sector": rules.sectors().get(row.sector, row.sector),
        "competences": _levels(row), "kinds": rules.categories(_day(s)),
        "declared": [(d, [presenters.thing_words(k, c, known) for k, c in d.touches])
                     for d in declared],
        "signed": [(x.version.number, from_micros(x.at), x.by) for x in signed.order_by("-at")],
        "suspended": [(x.why, from_micros(x.since), from_micros(x.until) if x.until else None)
                      for x in suspended],
    }  # fmt: skip
    return render(request, "alliance/charter/member.html", context)


def _day(stands: Standing) -> Any:
    return presenters.day_of(stands.at)


def _levels(row: Member) -> list[tuple[str, int]]:
    names = {n.code: n.name for n in rules.needs("NZ")}
    return [(names.get(c.code, c.code), c.level)
            for c in row.competence_set.order_by("-level", "code")]  # fmt: skip


@access.page(right="alliance.keep")
def seat(request: HttpRequest) -> HttpResponse:
    """Somebody takes a seat."""
    context = head(request, "members/")
    s: Standing = context["stands"]
    form = Form(
        title=say("Who takes a seat?"),
        button=say("Give them the seat"),
        back=LIST,
        draft="alliance-seat",
        seen=context["seen"],
        fields=_fields(s, None),
        about=say(
            "Members sit for what they bring, not for their employer. They decide once "
            "they have signed the charter in force."
        ),
    )

    def act(said: Said) -> str:
        key = actions.seat(alliance=s.alliance, seat=_seat(said), seen=said.seen,
                           by=request.actor)  # type: ignore[attr-defined]  # fmt: skip
        return f"{LIST}{key}/"

    return ask(request, form, act, say("They have the seat, and are asked to sign."), **context)


@access.page(right="alliance.keep")
def change(request: HttpRequest, key: int) -> HttpResponse:
    """Put right what is said of a member."""
    context = head(request, "members/")
    s: Standing = context["stands"]
    row = found(Member, say("member who sits"), alliance=s.alliance, id=key, until__isnull=True)
    form = Form(
        title=say("What is to be put right of {name}?", name=row.name),
        button="Save",
        back=f"{LIST}{key}/",
        draft=f"alliance-member-{key}",
        seen=context["seen"],
        fields=_fields(s, row),
        about=say("The seat, and whose money they commit, do not change while they sit."),
    )

    def act(said: Said) -> str:
        actions.change(alliance=s.alliance, member=key, seat=_seat(said), seen=said.seen,
                       by=request.actor)  # type: ignore[attr-defined]  # fmt: skip
        return f"{LIST}{key}/"

    return ask(request, form, act, say("Put right."), **context)


@require_POST
@access.page(right="alliance.see")
def member_act(request: HttpRequest, key: int) -> HttpResponse:
    """Leave, suspend, let back in."""
    s, by = queries.standing(), request.actor  # type: ignore[attr-defined]
    common: dict[str, Any] = {"alliance": s.alliance, "member": key, "by": by}

    def act(said: Said) -> None:
        what = said.text("do")
        if what == "suspend":
            actions.suspend(why=said.text("why"), seen=said.seen, **common)
        elif what == "resume":
            actions.resume(seen=said.seen, **common)
        else:
            actions.leave(why=said.text("why"), seen=said.seen, **common)

    return do(request, act, say("Saved."), f"{LIST}{key}/")


def _fields(s: Standing, row: Member | None) -> list[Field]:
    def was(name: str) -> str:
        return str(getattr(row, name, "") or "") if row else ""

    levels = {c.code: str(c.level) for c in row.competence_set.all()} if row else {}
    taken = {m.username for m in s.seated} - {was("username")}
    accounts: Options = [("", say("None: the chair writes down what they sign"))]
    accounts += [(u, f"{name} ({u})") for u, name in able("alliance.decide") if u not in taken]
    funders: Options = [("", say("Nobody's")), *((p.code, p.name) for p in s.parties if p.funder)]
    country = "NZ" if current().currency == "NZD" else "GB"
    said = [
        ("", say("None")),
        ("1", say("Knows it")),
        ("2", say("Does it")),
        ("3", say("Leads it")),
    ]
    return [
        Field("name", "Name", value=was("name"), most=200),
        Field(
            "perspective",
            say("What they bring"),
            value=was("perspective"),
            most=200,
            hint=say("Such as: rural general practice, community nursing, using services here"),
        ),
        Field(
            "seat",
            "Seat",
            "choice",
            options=list(SEAT_NAMES.items()),
            value=was("seat") or "member",
        ),
        Field(
            "username",
            say("Account they sign in with"),
            "choice",
            options=accounts,
            value=was("username"),
        ),
        Field(
            "profession",
            "Profession",
            "choice",
            value=was("profession"),
            options=[("", say("Not said")), *rules.professions().items()],
        ),
        Field(
            "sector",
            "Sector",
            "choice",
            value=was("sector"),
            options=[("", say("Not said")), *rules.sectors().items()],
        ),
        Field(
            "clinical",
            say("Looks after people"),
            "check",
            value="yes" if row and row.clinical else "",
        ),
        Field(
            "employer",
            say("Who employs them"),
            value=was("employer"),
            most=200,
            hint=say("For the register of interests: they do not sit for their employer"),
        ),
        Field(
            "commands",
            say("Whose money they may commit"),
            "choice",
            options=funders,
            value=was("commands"),
        ),
        Field(
            "most",
            say("Up to how much"),
            value=pounds(row.most) if row and row.most else "",
            hint=say("Empty: without a limit"),
        ),
        Field(
            "independence",
            say("Statement of independence (chair)"),
            "area",
            value=was("independence"),
            most=2000,
            hint=say("Whom they work for and advise, and that none of them is a party"),
        ),
        *(
            Field(
                f"level.{n.code}",
                n.name,
                "choice",
                options=said,
                value=levels.get(n.code, ""),
                group=say("What they can do"),
            )
            for n in rules.needs(country)
        ),
    ]


def _seat(said: Said) -> Seat:
    known = {n.code for n in rules.needs("NZ")}
    levels = tuple((c, int(v)) for c in sorted(known)
                   if (v := said.text(f"level.{c}")) in ("1", "2", "3"))  # fmt: skip
    return Seat(
        name=said.text("name"), perspective=said.text("perspective"), seat=said.text("seat"),
        username=said.text("username"), profession=said.text("profession"),
        sector=said.text("sector"), clinical=bool(said.text("clinical")),
        employer=said.text("employer"), commands=said.text("commands"),
        most=pence(said.text("most")) if said.text("most") else 0,
        independence=said.text("independence"), levels=levels,
    )  # fmt: skip
