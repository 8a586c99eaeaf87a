"""The survey of trust: reply without a name, and see how trust goes over time."""

from collections import defaultdict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from onesystem import access
from onesystem.access import Actor
from onesystem.alliance.charter import rules
from onesystem.alliance.charter.asking import Said, do
from onesystem.alliance.charter.heading import head
from onesystem.alliance.learning.trust import actions, scoring
from onesystem.alliance.learning.trust.rows import TrustReply, TrustRound
from onesystem.alliance.learning.trust.scoring import Instrument, Result
from onesystem.budget.pooled.typed import day
from onesystem.district import current, now
from onesystem.flow.charts import svg
from onesystem.flow.charts.words import Unit, headline
from onesystem.flow.spc import Asked, Improve, Series, draw
from onesystem.vocabulary import to_local
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing

ROOT = "/alliance/trust/"
_UNIT = Unit(places=2)


@require_safe
@access.page(right="alliance.see")
def trust(request: HttpRequest) -> HttpResponse:
    """How far do we trust each other, and is that changing?"""
    context, actor = head(request, "trust/"), request.actor  # type: ignore[attr-defined]
    rounds = list(TrustRound.objects.order_by("opens"))
    shown = [(r, found) for r in rounds if r.closed and (found := _result(r))]
    listing = _listing(shown, request.GET)
    if taken := access.exported(listing, request, "trust"):
        return taken
    last = shown[-1][0] if shown else None
    waits = next((r for r in rounds if not r.closed), None)
    context |= {
        "listing": listing, "chart": _chart(shown), "last": shown[-1] if shown else None,
        "said": _said(shown), "sectors": _sectors(last) if last else [],
        "statements": _statements(shown), "waits": waits, "today": _today(),
        "replied": bool(waits and actions.has_replied(waits, actor)),
        "may_reply": access.may(actor, "ideas.bring"),
        "asked": scoring.instruments()[waits.instrument] if waits else None,
        "scale": scoring.WORDS, "every_sector": list(rules.sectors().items()),
        "least": current().suppress_below,
    }  # fmt: skip
    return render(request, "alliance/learning/trust.html", context)


def _today() -> object:
    return to_local(now(), current().zone).date()


def _result(made: TrustRound) -> Result | None:
    """What a round came to; None where too few replied to stay without a name."""
    said = list(TrustReply.objects.filter(round=made).values_list("said", flat=True))
    few = len(said) < current().suppress_below
    return None if few else scoring.result(_instrument(made), said)


def _instrument(made: TrustRound) -> Instrument:
    return scoring.instruments()[made.instrument]


Shown = list[tuple[TrustRound, Result]]


def _draw(shown: Shown) -> object:
    series = Series.of([r.opens for r, _ in shown], [found.mean for _, found in shown])
    return draw(series, Asked(improve=Improve.UP, within=(scoring.LOW, scoring.HIGH)))


def _chart(shown: Shown) -> object:
    return svg.large(_draw(shown), title=say("Trust, from 1 to 5"), unit=_UNIT) if shown else ""  # type: ignore[arg-type]


def _said(shown: Shown) -> str:
    return headline(_draw(shown), _UNIT) if shown else ""  # type: ignore[arg-type]


def _statements(shown: Shown) -> list[tuple[str, float, float | None]]:
    """Each statement with its mean in the last round, and in the round before."""
    if not shown:
        return []
    made, found = shown[-1]
    before = shown[-2][1].by_statement if len(shown) > 1 else ()
    return [
        (f"{each.words}{' (turned: 5 is trust)' if each.turned else ''}", found.by_statement[n],
         before[n] if n < len(before) else None)
        for n, each in enumerate(_instrument(made).statements)
    ]  # fmt: skip


def _sectors(made: TrustRound) -> list[tuple[str, int, float]]:
    """The means of sectors with enough replies, by name; no order of merit."""
    said = defaultdict(list)
    for sector, each in TrustReply.objects.filter(round=made).values_list("sector", "said"):
        said[sector].append(each)
    least, names = current().suppress_below, rules.sectors()
    found = ((names.get(s, s), scoring.result(_instrument(made), each)) for s, each in said.items()
             if len(each) >= least)  # fmt: skip
    return sorted((name, r.replies, r.mean) for name, r in found if r)


def _listing(shown: Shown, query: object) -> Listing:
    return Listing(
        caption="Rounds", query=dict(query.items()),  # type: ignore[attr-defined]
        columns=(Column("n", "Round", right=True), Column("opens", "From"),
                 Column("closes", "To"), Column("replies", "Replies", right=True),
                 Column("mean", "Mean, 1 to 5", right=True)),
        all_rows=[[r.number, r.opens, r.closes, found.replies,
                   Cell(f"{found.mean:.2f}", value=round(found.mean, 4))]
                  for r, found in reversed(shown)],
        empty_title="No round is closed yet",
        empty_advice="Whoever keeps the alliance opens one; it is short and without names.",
    )  # fmt: skip


@require_POST
@access.page(right="ideas.bring")
def reply(request: HttpRequest) -> HttpResponse:
    """Reply to the round that is open."""
    actor: Actor = request.actor  # type: ignore[attr-defined]

    def doing(said: Said) -> None:
        made = TrustRound.objects.filter(closed=False).first()
        asked = _instrument(made).statements if made else ()
        answers = {each.code: said.number(f"s-{each.code}") for each in asked}
        actions.reply(answers=answers, sector=said.text("sector"), by=actor)

    return do(request, doing, say("Thank you. It is kept without your name."), ROOT)


@require_POST
@access.page(right="alliance.keep")
def act(request: HttpRequest) -> HttpResponse:
    """Open a round, or close it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]

    def doing(said: Said) -> None:
        if said.text("do") == "open":
            actions.open_round(closes=day(said.text("closes")), by=actor)
        else:
            actions.close(number=said.number("round"), by=actor)

    return do(request, doing, say("Done."), ROOT)
