"""The board of care at home, and one episode with all that can be done about it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access, district, people
from onesystem.care.episodes import checking, presenters, queries
from onesystem.care.episodes import packages as packaging
from onesystem.care.episodes.delaying import days_kept
from onesystem.care.episodes.episode import HOME, OUTCOMES, PLANNED, standing, undoable
from onesystem.care.episodes.listing import SORTS, STATES, Wanted, counts, narrowed
from onesystem.care.episodes.packages import PURPOSES
from onesystem.flow.boards.layout import layout
from onesystem.flow.presenters import row_id
from onesystem.people.presenters import who_words
from onesystem.vocabulary import to_local
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Listing

_LONG = 18  # digits: a number of the store has fewer


@require_safe
@access.page(right="episodes.act")
def board(request: HttpRequest) -> HttpResponse:
    """Who is at home under care, on which day, and who needs somebody now?"""
    actor, here, at = request.actor, district.current(), district.now()  # type: ignore[attr-defined]
    wanted = Wanted.of(request.GET)
    every = queries.board(actor, at)
    rows = narrowed(every, wanted, at)
    listing = Listing(caption="Care at home", columns=presenters.COLUMNS,
                      all_rows=[presenters.csv_row(row, here, at) for row in rows])  # fmt: skip
    part = request.headers.get("HX-Request")
    if not part:  # a page that catches up is the same look still
        act = "episodes.exported" if request.GET.get("format") == "csv" else "episodes.listed"
        access.record(by=actor, act=act, what=wanted.words, purpose="direct care",
                      detail={"episodes": len(rows), "of": len(every)})  # fmt: skip
    if taken := access.exported(listing, request, "at-home"):
        return taken
    context = {
        "rows": [presenters.row_words(row, here, at) for row in rows],
        "wanted": wanted,
        "many": len(rows),
        "every": len(every),
        "states": [
            (key, say("{state} ({n})", state=words, n=counts(every, at)[key]))
            for key, words in STATES.items()
        ],
        "teams": _teams(every, here),
        "purposes": [("", say("Any kind")), *((key, key.capitalize()) for key in PURPOSES)],
        "sorts": list(SORTS.items()),
        "watch": " ".join(sorted({row_id(code) for row in every for code in row.services})),
        "at": at,
    }
    return render(request, f"care/episodes/{'_board' if part else 'board'}.html", context)


def _teams(rows: list[Any], here: district.District) -> list[tuple[str, str]]:
    some = sorted({code for row in rows for code in row.services}, key=here.service_name)
    return [("", say("Any team")), *((code, here.service_name(code)) for code in some)]


@require_safe
@access.page(right="episodes.act")
def packages(request: HttpRequest) -> HttpResponse:
    """Of what, for whom, for how long, for how much: the packages in force, with their sources."""
    here = district.current()
    today = to_local(district.now(), here.zone).date()
    said = packaging.packages(here.path)
    kinds = said.kinds_on(today)
    shown = [
        {
            "package": each,
            "cap": presenters.money(each.cap, here),
            "lines": [
                (kinds[a.kind].title, presenters.often(a.a_day, a.days, kinds[a.kind].unit),
                 presenters.money(kinds[a.kind].price * a.amount, here))
                for a in each.lines if a.amount and a.kind in kinds
            ],
        }
        for each in said.on(today)
    ]  # fmt: skip
    prices = [(kind, presenters.money(kind.price, here)) for kind in kinds.values()]
    context = {"packages": shown, "prices": prices, "purposes": PURPOSES}
    return render(request, "care/episodes/packages.html", context)


def of_episode(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about an episode: it opens the person whose episode it is, with their purpose."""
    inner = access.opens_person(view)

    @wraps(inner)
    def outer(request: HttpRequest, episode: int) -> HttpResponse:
        if not request.user.is_authenticated:
            return inner(request, person=0, episode=episode)
        access.require(access.Actor.of(request.user), "episodes.act")
        person = queries.person_of(episode)
        if person is None:
            raise Http404(f"there is no episode {episode}")
        return inner(request, person=person, episode=episode)

    return outer


@require_safe
@of_episode
def episode(request: HttpRequest, person: int, episode: int) -> HttpResponse:
    """One episode: the plan, the visits, the money, and what can be done."""
    return show(request, person, episode)


def show(
    request: HttpRequest, person: int, number: int, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """The page; with what was typed where it could not be done."""
    actor, here, at = request.actor, district.current(), district.now()  # type: ignore[attr-defined]
    shown = queries.one(number)
    found, acts = shown.held.episode, shown.acts
    reasons = {code: each.words for code, each in layout(here.path).reasons.items()}
    last = undoable(acts, actor.name)
    stand = {each.act for each in standing(acts)}
    said = packaging.packages(here.path)
    kinds = said.kinds_on(to_local(at, here.zone).date())
    _, open_days = days_kept(found, ready=queries.ready_of(found.stay), at=at, zone=here.zone)
    context = {
        "who": who_words(person, people.identities_of(person), here, at=at),
        "person": person,
        "episode": found,
        "number": number,
        "reference": shown.held.reference,
        "package": shown.held.package,
        "lead": presenters.lead(found, here, at),
        "state": presenters.state_words(found.state, found.outcome),
        "plan": presenters.plan_words(shown.working, here, shown.requests, _said_visits(shown)),
        "sums": presenters.sums(shown.working, here),
        "visits": shown.visits,
        "service_name": here.service_name,
        "history": presenters.history(
            acts,
            here,
            frozenset(a.act for a in acts if a.act not in stand),
            reasons,
            {line.number: line.title for line in found.lines},
        ),
        "raised": [presenters.escalation_words(e, here, at) for e in found.open_escalations],
        "escalations": [said.escalations[e] for e in shown.held.package.escalations],
        "teams": _helpers(here, found.service),
        "outcomes": _outcomes(found.state),
        "suggested": shown.suggested,
        "undo": last.verb if last else "",
        "kinds": [
            (k.name, f"{k.title}, {presenters.money(k.price, here)}") for k in kinds.values()
        ],
        "reasons": [("", say("Choose")), *reasons.items()],
        "delays": [(day, reasons.get(code, code)) for day, code in sorted(found.delays.items())],
        "days": [day.isoformat() for day in open_days],
        "stay": _stay(person) if found.state == PLANNED else None,
        "problem": problem,
        "typed": request.POST if problem else {},
        "now_local": f"{to_local(at, here.zone):%Y-%m-%dT%H:%M}",
    }
    return render(request, "care/episodes/episode.html", context, status=status)


def _said_visits(shown: queries.Shown) -> dict[int, int]:
    return {each.line.number: each.done for each in shown.working.lines}


def _outcomes(state: str) -> list[tuple[str, str]]:
    wrong = {PLANNED: {"stayed home"}, HOME: {"not started"}}.get(state, set())
    return [(key, words) for key, words in OUTCOMES.items() if key not in wrong]


def _helpers(here: district.District, own: str) -> list[tuple[str, str]]:
    """Services that may be asked for help: those that people can be sent to at home or nearby."""
    asked = {"general practice", "out of hours", "community", "home care", "rehabilitation", "ED"}
    some = [s for s in here.services.values() if s.setting in asked and s.code != own]
    return [(own, say("{service_name} (the team)", service_name=here.service_name(own))),
            *((s.code, s.name) for s in sorted(some, key=lambda s: s.name))]  # fmt: skip


def _stay(person: int) -> dict[str, Any] | None:
    """The stay on the ward, where it goes on: since when ready, and its page on the board."""
    ward = checking.stands(person).ward
    if ward is None:
        return None
    where = (
        "" if checking.sensitive(ward.service) else district.current().service_name(ward.service)
    )
    return {"contact": ward.contact, "ready": ward.ready, "where": where}
