"""Writing a contract: a form that reads like the agreement, and files of it."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from onesystem import access
from onesystem.budget import drafted
from onesystem.budget.contracts import actions, codec, knowing, queries, wording
from onesystem.budget.contracts import agreement as of
from onesystem.budget.contracts.agreement import Agreement
from onesystem.budget.contracts.editing import (
    ROWS,
    USUAL,
    agreement_of,
    raw_of,
)
from onesystem.budget.contracts.keeping import Overtaken, Wrong
from onesystem.budget.contracts.pages import head, today
from onesystem.budget.contracts.scoping import Around
from onesystem.budget.months import Year
from onesystem.district import current
from onesystem.vocabulary import BadConfig, UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem, Raw, whole_or

_MOST = 2_000_000  # bytes of a file


def blank(kind: str = of.ALLIANCE) -> Agreement:
    """A contract of which nothing is said yet: of the next financial year."""
    since = Year.on(today()).after.first
    return Agreement(name="", kind=kind, since=since, until=Year(since).after.first)


@access.page(right="contracts.keep")
def new(request: HttpRequest) -> HttpResponse:
    """Write a new contract, of a kind."""
    kind = request.GET.get("kind", "")
    if kind not in of.KINDS:
        context = {**head(request), "kinds": of.KINDS.items()}
        return render(request, "budget/contracts/new.html", context)
    made = blank(kind)
    if request.method == "POST":
        return _posted(request, made, None)
    return _form(request, None, raw_of(made, knowing.around()), 0, [])


@access.page(right="contracts.keep")
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a draft, or write the next version."""
    known = queries.contract(slug)
    if known.open is not None and known.open.state != "draft":
        messages.error(
            request, say("It is being signed, so its text stands. Withdraw it to change it.")
        )
        return HttpResponseRedirect(reverse("contracts:contract", args=[slug]))
    made = known.last.agreement
    if request.method == "POST":
        return _posted(request, made, known)
    return _form(request, known, raw_of(made, knowing.around()), known.steps, [])


def _posted(
    request: HttpRequest, before: Agreement, known: queries.Contract | None
) -> HttpResponse:
    near = knowing.around()
    raw: Raw = {name: str(value)[:20_000] for name, value in request.POST.items()}
    seen = whole_or(raw.get("seen"), -1)
    if "do" in raw:
        raw = ROWS.after(raw, raw["do"])
        begun = drafted.keep_begun(
            by=request.actor, key=_key(known, raw.get("kind", "")), raw=raw,  # type: ignore[attr-defined]
            path=request.get_full_path(),
        )  # fmt: skip
        return _form(request, known, raw, seen, [], begun=begun)
    made, wrong = agreement_of(raw, before, near)
    if wrong:
        return _form(request, known, raw, seen, wrong)
    return _keep(request, known, made, raw, seen)


def _keep(
    request: HttpRequest, known: queries.Contract | None, made: Agreement, raw: Raw, seen: int
) -> HttpResponse:
    actor, why = request.actor, raw.get("why", "")  # type: ignore[attr-defined]
    try:
        if known is None:
            slug, number = actions.begin(agreement=made, by=actor, why=why), 1
        else:
            slug = known.slug
            number = actions.keep(slug=slug, agreement=made, seen=seen, by=actor, why=why)
    except Overtaken as error:
        return _form(request, known, raw, known.steps if known else 0, [], overtaken=error)
    except Wrong as error:
        return _form(request, known, raw, seen, error.problems)
    drafted.done(actor, _key(known, made.kind))
    messages.success(
        request,
        say("Version {number} is saved as a draft. The parties sign it below.", number=number),
    )
    return HttpResponseRedirect(f"{reverse('contracts:contract', args=[slug])}?version={number}")


def _key(known: queries.Contract | None, kind: str) -> str:
    return f"contract-{known.slug}" if known else f"contract-new-{kind}"


def _form(
    request: HttpRequest, known: queries.Contract | None, raw: Raw, seen: int,
    wrong: list[Problem], *, overtaken: UserError | None = None, begun: int = 0,
) -> HttpResponse:  # fmt: skip
    near, actor = knowing.around(), request.actor  # type: ignore[attr-defined]
    key = _key(known, raw.get("kind", ""))
    rows = {part: ROWS.of(raw, part) for part in ROWS.parts}
    for part, kept in rows.items():
        least = len(kept) + bool(raw.get(f"more.{part}") or (not kept and part == "parties"))
        if request.method != "POST":
            least = max(least, drafted.rows_begun(by=actor, key=key, part=part))
        while len(kept) < least:
            blank = dict.fromkeys(ROWS.parts[part], "") | dict(USUAL[part])
            kept.append(blank | _usual(part, kept, raw))
    context: dict[str, Any] = {
        **head(request), "contract": known, "raw": raw, "rows": rows, "seen": seen,
        "wrong": wrong, "at": {p.where: str(p) for p in reversed(wrong)}, "overtaken": overtaken,
        "draft": key, "begun": begun, **_choices(raw, near),
        "listed": any(name.startswith(("settings.", "organisations.")) for name in raw),
        "meanwhile": _meanwhile(known, raw, near) if overtaken and known else [],
    }  # fmt: skip
    return render(request, "budget/contracts/edit.html", context, status=422 if wrong else 200)


def _usual(part: str, kept: list[Any], raw: Raw) -> dict[str, str]:
    """The role of a new party: who pays comes first, then whoever the kind of contract has."""
    if part != "parties":
        return {}
    later = of.MEMBER if raw.get("kind") == of.ALLIANCE else of.PROVIDER
    return {"role": later if kept else of.FUNDER}


def _meanwhile(known: queries.Contract, raw: Raw, near: Around) -> list[wording.Changed]:
    """What keeping this now would change of what somebody else kept meanwhile."""
    there = known.last.agreement
    mine, _ = agreement_of(raw, there, near)
    currency = current().currency
    return wording.compared(
        wording.clauses(there, near, currency), wording.clauses(mine, near, currency)
    )


def _choices(raw: Raw, near: Around) -> dict[str, Any]:
    there = knowing.organisations_now()
    named = {row["organisation"]: near.organisations.get(row["organisation"], row["organisation"])
             for row in ROWS.of(raw, "parties")}  # fmt: skip
    parties = {code: name for code, name in named.items() if code}
    settings = sorted({each.setting for each in near.services.values()})
    return {
        "kinds": list(of.KINDS.items()), "kind": raw.get("kind", ""),
        "organisations": [("", say("Choose")), *({**there, **parties}).items()],
        "parties": [("", say("Choose")), *parties.items()],
        "roles": list(of.ROLES.items()), "ways": list(of.WAYS.items()),
        "taxes": list(of.TAXES.items()), "settings": settings,
        "runs": [(code, name) for code, name in {**there, **parties}.items()
                 if any(s.organisation == code for s in near.services.values())],
        "measures": [("", say("Choose")), *sorted(near.measures.items(), key=lambda p: p[1])],
        "goals": list(near.goals.items()),
        "goal_options": [("", say("The goals of the contract")), *near.goals.items()],
        "lines": [("", say("No line yet")), *near.lines.items()],
        "services": sorted(each.name for each in near.services.values()),
        "practices": sorted(near.practices.items(), key=lambda each: each[1]),
        "sides": [(of.UNDER, say("under the target, they gain")),
                  (of.OVER, say("over the target, they bear"))],
        "bounds": [("", say("at least")), ("1", say("at most"))],
    }  # fmt: skip


@access.page(right="contracts.keep")
def import_(request: HttpRequest) -> HttpResponse:
    """Read a contract's file into the form, or keep it at once as a new draft."""
    if request.method != "POST":
        return render(request, "budget/contracts/import.html", head(request))
    sent = request.FILES.get("file")
    text = request.POST.get("text", "")
    try:
        if sent is None and not text.strip():
            raise BadConfig("no file was chosen", "Choose one, or paste its text.")
        if sent is not None and (sent.size or 0) > _MOST:
            raise BadConfig("the file is too large", "A contract is a few pages.")
        name = str(sent.name) if sent else say("the text")
        made = codec.read(sent.read() if sent else text, name)
        slug = actions.begin(agreement=made, by=request.actor, why=f"Read from {name}"[:200])  # type: ignore[attr-defined]
    except (UserError, UnicodeDecodeError) as error:
        found = error.problems if isinstance(error, Wrong) else []
        context = {**head(request), "error": str(error), "wrong": found, "text": text}
        return render(request, "budget/contracts/import.html", context, status=422)
    with suppress(UserError):
        messages.success(
            request, say("{name} is here, as the draft of its first version.", name=made.name)
        )
    return HttpResponseRedirect(reverse("contracts:contract", args=[slug]))
