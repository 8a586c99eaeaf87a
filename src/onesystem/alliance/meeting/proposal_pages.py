"""Proposals: which there are, one to read with its evidence as it was and is, the form of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.meeting import (
    bringing,
    editing,
    linking,
    presenters,
    queries,
    rows,
    sitting,
    within,
)
from onesystem.alliance.meeting import proposal as of
from onesystem.alliance.meeting.changes import KINDS
from onesystem.alliance.meeting.heading import head, seen, whole
from onesystem.alliance.meeting.keeping import NotYet, Overtaken, Wrong
from onesystem.alliance.meeting.knowing import around, lines
from onesystem.alliance.meeting.naming import words_of
from onesystem.alliance.meeting.proposal import Evidence, Proposed
from onesystem.budget import drafted
from onesystem.district import now
from onesystem.vocabulary import NotPermitted, UserError
from onesystem.vocabulary.said import amid, say
from onesystem.vocabulary.typed import Problem, Raw

ROOT = "/alliance/proposals/"


@require_safe
@access.page(right="alliance.see")
def proposals(request: HttpRequest) -> HttpResponse:
    """What is brought to the alliance, and how far is it?"""
    context = head(request, say("Proposals"))
    text, state = request.GET.get("q", "").casefold(), request.GET.get("state", "")
    code, whose = context["stands"].alliance, request.GET.get("of", "")
    every = [each for each in queries.proposals(code) if within.fits(each.row, whose)]
    found = [
        each for each in every
        if text in each.last.proposed.title.casefold() and state in ("", each.state)
    ]  # fmt: skip
    listing = presenters.proposals(found, request.GET)
    if taken := access.exported(listing, request, "proposals"):
        return taken
    states = [("", say("Any")), *((k, w) for k, (w, _) in presenters.STATES.items())]
    context |= {"listing": listing, "every": len(every), "states": states,
                "of": [("", say("Any")), *within.choices(code)]}  # fmt: skip
    return render(request, "alliance/meeting/proposals.html", context)


@require_safe
@access.page(right="alliance.see")
def proposal(request: HttpRequest, key: int) -> HttpResponse:
    """What is proposed, who gains, who loses, on which evidence, and who has an interest?"""
    known = queries.proposal(key)
    asked = whole(request.GET.get("version"))
    version = known.version(asked) if asked else known.last
    made, actor = version.proposed, request.actor  # type: ignore[attr-defined]
    context = head(request, say("Proposals"))
    stands = charter.standing(known.row.alliance_id, now(), known.row.group_id)
    names = {m.key: m for m in (*context["stands"].seated, *stands.seated)}
    declared = sitting.interests_in(made, known.row.alliance_id, now())
    context |= {
        "proposal": known, "version": version, "made": made,
        "state": presenters.STATES[known.state], "lacks": of.missing(made),
        "evidence": [_evidence(each, actor) for each in made.evidence]
        if request.GET.get("again") else [(each, "", None) for each in made.evidence],
        "again": bool(request.GET.get("again")), "kinds": linking.KINDS,
        "reproduces": linking.REPRODUCES, "moment": presenters.local,
        "interests": [(m, d) for d in declared if (m := stands.member(d.member))],
        "whose": within.name(known.row), "beyond": within.beyond(made, known.row.group_id),
        "changes": [(KINDS.get(c.kind, c.kind), words_of(c), c) for c in made.changes],
        "measures": around(known.row.alliance_id).measures, "lines": lines(),
        "owner": names.get(made.owner),
        "steps": rows.ProposalStep.objects.filter(proposal=key).order_by("-step"),
        "listed": presenters.listed_in(key), "decision": presenters.decision_of(key),
        "long": of.long_sentences(made.plain), "own": _own(known, actor),
        "funded": queries.decision(made.funds) if made.funds else None,
    }  # fmt: skip
    return render(request, "alliance/meeting/proposal.html", context)


def _evidence(kept: Evidence, actor: Actor) -> tuple[Evidence, str, list[Any] | None]:
    """A piece of evidence as it was, why it cannot be worked out now, and what is otherwise."""
    there, why = linking.again(kept, by=actor)
    return kept, why, linking.compared(kept, there) if there else None


def _own(known: queries.Proposal, actor: Actor) -> bool:
    return known.row.by == actor.name or access.may(actor, "alliance.keep")


@access.page(right="alliance.propose")
def new(request: HttpRequest) -> HttpResponse:
    """Bring a proposal; with `funds`, money for a decision that waits for it."""
    made = Proposed(title="")
    if funds := whole(request.GET.get("funds") or request.POST.get("funds")):
        decided = queries.decision(funds)
        old = decided.proposed
        made = Proposed(
            title=say("Money for: {title}", title=decided.title)[:200],
            funds=funds,
            plain=old.plain,
            touches=old.touches,
            evidence=old.evidence,
        )
    return _form(request, None, made)


@access.page(right="alliance.propose")
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """Change a draft, or write the next version."""
    known = queries.proposal(key)
    return _form(request, known, known.last.proposed)


def _form(request: HttpRequest, known: queries.Proposal | None, before: Proposed) -> HttpResponse:
    if request.method != "POST":
        steps = known.row.steps if known else 0
        group = known.row.group if known else None
        whose = {"of": group.code if group else request.GET.get("of", "-")}
        return _shown(request, known, editing.raw_of(before) | whose, steps, [])
    actor = request.actor  # type: ignore[attr-defined]
    raw: Raw = {name: str(value)[:20_000] for name, value in request.POST.items()}
    if "do" in raw:
        raw = editing.ROWS.after(raw, raw["do"])
        begun = drafted.keep_begun(by=actor, key=_key(known), raw=raw,
                                   path=request.get_full_path())  # fmt: skip
        return _shown(request, known, raw, seen(request), [], begun=begun)

    def attach(address: str, title: str, words: str) -> Evidence:
        return linking.attached(address, by=actor, title=title, words=words)

    made, wrong = editing.proposed_of(raw, before, attach)
    if wrong:
        return _shown(request, known, raw, seen(request), wrong)
    return _keep(request, known, made, raw)


def _keep(
    request: HttpRequest, known: queries.Proposal | None, made: Proposed, raw: Raw
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    try:
        if known is None:
            key = bringing.begin(proposed=made, by=actor, group=_brought_to(raw))
        else:
            key = known.key
            bringing.keep(proposal=key, proposed=made, seen=seen(request), by=actor,
                          why=raw.get("why", ""),
                          group=_brought_to(raw) if "of" in raw else None)  # fmt: skip
    except Overtaken as error:
        steps = known.row.steps if known else 0
        return _shown(request, known, raw, steps, [], overtaken=error)
    except Wrong as error:
        return _shown(request, known, raw, seen(request), error.problems)
    except NotPermitted:
        raise
    except UserError as error:
        return _shown(request, known, raw, seen(request), [Problem("", error.what, error.cure)])
    drafted.done(actor, _key(known))
    messages.success(
        request, say("The draft is saved. Say below that it is ready once nothing lacks.")
    )
    return HttpResponseRedirect(f"{ROOT}{key}/")


def _brought_to(raw: Raw) -> str:
    of = raw.get("of", "-")
    return "" if of == "-" else of


def _key(known: queries.Proposal | None) -> str:
    return f"proposal-{known.key}" if known else "proposal-new"


def _shown(
    request: HttpRequest, known: queries.Proposal | None, raw: Raw, steps: int,
    wrong: list[Problem], *, overtaken: UserError | None = None, begun: int = 0,
) -> HttpResponse:  # fmt: skip
    actor, key = request.actor, _key(known)  # type: ignore[attr-defined]
    near = around()
    parts = {part: editing.ROWS.of(raw, part) for part in editing.ROWS.parts}
    for part, kept in parts.items():
        least = len(kept) + bool(raw.get(f"more.{part}") or not kept)
        if request.method != "POST":
            least = max(least, drafted.rows_begun(by=actor, key=key, part=part))
        while len(kept) < least:
            kept.append(dict.fromkeys(editing.ROWS.parts[part], "") | editing.USUAL.get(part, {}))
    context = head(request, "Proposals") | {
        "proposal": known, "raw": raw, "rows": parts, "seen": steps, "wrong": wrong,
        "at": {p.where: str(p) for p in reversed(wrong)}, "overtaken": overtaken, "draft": key,
        "begun": begun, "funding": list(of.FUNDING.items()), **_choices(near),
        "of": within.choices(""),
    }  # fmt: skip
    status = 422 if wrong or overtaken else 200
    return render(request, "alliance/meeting/edit.html", context, status=status)


def _choices(near: of.Around) -> dict[str, Any]:
    def sorted_(said: Any) -> list[tuple[str, str]]:
        return sorted(said.items(), key=lambda pair: str(pair[1]).casefold())

    things = [
        (f"{kind}:{code}", say("{name} ({kind})", name=name, kind=amid(of.TOUCHES[kind])))
        for kind in of.TOUCHES
        for code, name in sorted_(near.of(kind))
    ]
    return {
        "funders": [("", say("Choose")), *near.funders.items()],
        "lines": [("", say("No line yet")), *sorted_(near.lines)],
        "kinds": [("", say("Choose")), *near.kinds.items()],
        "things": [("", say("Choose")), *things],
        "organisations": [("", say("Choose")), *sorted_(near.organisations)],
        "sides": list(of.SIDES.items()), "measures": [("", say("Choose")), *sorted_(near.measures)],
        "members": [("", say("Choose")), *((k, v) for k, v in near.members.items())],
    }  # fmt: skip


@require_POST
@access.page(right="alliance.propose")
def act(request: HttpRequest, key: int, act: str) -> HttpResponse:
    """Say that it is ready, take it back, bring it back."""
    by, step = request.actor, seen(request)  # type: ignore[attr-defined]
    try:
        match act:
            case "ready":
                bringing.put(proposal=key, seen=step, by=by)
                done = say("It is ready: whoever keeps the agenda can list it.")
            case "withdraw":
                why = request.POST.get("why", "")
                bringing.withdraw(proposal=key, why=why, seen=step, by=by)
                done = say("It is withdrawn. You can bring it back.")
            case "restore":
                bringing.restore(proposal=key, seen=step, by=by)
                done = say("It is back.")
            case _:
                raise Http404(act)
    except NotPermitted:
        raise
    except NotYet as error:
        for problem in error.problems:
            messages.error(request, str(problem))
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(f"{ROOT}{key}/")
