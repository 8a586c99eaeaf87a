"""Figures of the diagnosis, kept as they are on a day with the question that gives them again.

opportunity   a kind of avoidable flow over a period (`flow.chances`), with its largest causes
measure       a measure's chart over a period: its middle, its latest point, its signals
case          what doing nothing leads to in the plan's area, in the last year of the plan
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.district import current, now
from onesystem.flow import answers, queries
from onesystem.flow.chances import cards
from onesystem.flow.chances.keeping import KIND, asked_of
from onesystem.flow.chances.question import Period
from onesystem.flow.chances.seeing import Eyes
from onesystem.flow.chances.showing import Showing
from onesystem.flow.chances.state import State as Ranked
from onesystem.flow.charts.words import headline
from onesystem.flow.measures import library
from onesystem.flow.showing import reading
from onesystem.flow.showing.state import State
from onesystem.flow.spc.telling import told
from onesystem.plan.case.queries import do_nothing
from onesystem.plan.case.wording import between, plain
from onesystem.plan.options.keeping import as_json, held, require, step
from onesystem.plan.options.rows import PlanSnapshot
from onesystem.vocabulary import NotFound, UserError, nearest, words
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say, say_date

CASE_KEYS = ("people", "people-85", "beds", "gps", "nurses", "care-home-places", "home-care-hours",
             "money")  # fmt: skip
Value = dict[str, Any]


@transaction.atomic
def keep(
    *, plan: str, kind: str, asked: Mapping[str, Any], by: Actor, seen: int | None = None
) -> int:
    """Keep a figure as it is now; gives the snapshot's number. Raises UserError."""
    require(by)
    row = held(plan, seen)
    value = value_of(kind, asked, by=by)
    made = PlanSnapshot.objects.create(
        plan=row, kind=kind, title=value["title"][:300], asked=as_json(dict(asked)),
        value=as_json(value), digest=digest_of(value), at=to_micros(now()), by=by.name,
    )  # fmt: skip
    detail = {"snapshot": made.pk, "kind": kind}
    step(row, "kept", by, body=detail, detail=detail)
    return int(made.pk)


def digest_of(value: Mapping[str, Any]) -> str:
    """What a figure says, as a short text."""
    return hashlib.sha256(as_json(dict(value)).encode()).hexdigest()


def value_of(kind: str, asked: Mapping[str, Any], *, by: Actor) -> Value:
    """A figure of the diagnosis as it is now: its title, its rows in words, where it is."""
    kinds: dict[str, Callable[..., Value]] = {
        "opportunity": _opportunity, "measure": _measure, "case": _case
    }  # fmt: skip
    if kind not in kinds:
        raise NotFound(say("a diagnosis keeps no {kind}", kind=repr(kind)), nearest(kind, kinds))
    return kinds[kind](asked, by)


def period() -> Period:
    """The twelve months before this one."""
    from onesystem.plan.options.queries import today

    return Period.usual(today())


def ranked(by: Actor, *, over: Period | None = None) -> tuple[answers.Answer, list[cards.Card]]:
    """The opportunities of a period as somebody may see them, the largest first."""
    access.require(by, "measures.see")
    span = over or period()
    answer = answers.kept(KIND, asked_of(span)) or answers.ask(KIND, asked_of(span), by=by)
    if not answer.found:
        return answer, []
    return answer, cards.cards(_showing(answer.found, span, by), sees=False)


def _showing(found: Mapping[str, Any], span: Period, by: Actor) -> Showing:
    here = current()
    chance = f"{settings.SECRET_KEY}\x1e{span.start}\x1e{span.end}"
    below = 0 if queries.sees_people(by) else here.suppress_below
    state = Ranked(period=span, said=_said(span))
    return Showing(found=found, state=state, eyes=Eyes(below=below, chance=chance), district=here)


def _said(span: Period) -> dict[str, str]:
    return {"from": span.start.isoformat(), "to": span.last.isoformat()}


def _opportunity(asked: Mapping[str, Any], by: Actor) -> Value:
    span = Period(start=_day(asked["start"]), end=_day(asked["end"]))
    answer, every = ranked(by, over=span)
    if not answer.found:
        raise UserError(
            "the opportunities of this period are being worked out",
            "Wait until /opportunities/ shows them, then keep one.",
        )
    for place, card in enumerate(every, 1):
        if card.name == asked["kind"]:
            rows = [
                [
                    say("Rank by avoidable days"),
                    say("{place} of {every}", place=place, every=len(every)),
                ],
                [say("Avoidable days"), words.number(card.sums.days)],
                ["Contacts", words.number(card.sums.contacts)],
                [say("People"), words.number(card.sums.people)],
                [say("Largest causes, by days"), "; ".join(card.causes) or say("not told")],
                [
                    say("Largest causes, by people"),
                    _commonest(_showing(answer.found, span, by), card),
                ],
                [
                    "Period",
                    say(
                        "{start} to {last}",
                        start=say_date(span.start, "%-d %b %Y"),
                        last=say_date(span.last, "%-d %b %Y"),
                    ),
                ],
            ]
            return {"title": card.title, "rows": rows, "href": card.href, "line": card.line}
    raise NotFound(
        say("there is no kind of opportunity called {kind}", kind=repr(asked["kind"])),
        nearest(asked["kind"], [card.name for card in every]),
    )


def commonest(found: Mapping[str, Any], every: list[cards.Card], by: Actor) -> dict[str, str]:
    """The causes of each opportunity that most people had, in words."""
    showing = _showing(found, Period.kept(found), by)
    return {card.name: _commonest(showing, card) for card in every}


def _commonest(showing: Showing, card: cards.Card) -> str:
    kind = next(each for each in showing.found["kinds"] if each["name"] == card.name)
    if not kind["splits"].get("cause"):
        return say("not told")
    some = [(v, showing.sums(kind, "cause", v)) for v in showing.values(kind, "cause")]
    some = sorted(
        (each for each in some if each[1].people), key=lambda pair: -(pair[1].people or 0)
    )
    return "; ".join(f"{showing.word('cause', v)} ({s.people})" for v, s in some[:3]) or say(
        "not told"
    )


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except (TypeError, ValueError):
        raise UserError(
            say("{said} is no day", said=repr(said)), "Write a date such as 2026-03-31."
        ) from None


def _measure(asked: Mapping[str, Any], by: Actor) -> Value:
    measure = library.measure(str(asked["measure"]))
    query = {k: str(asked[k]) for k in ("from", "to", "every") if asked.get(k)}
    least = reading.shortest(measure, ())
    state = State.of(query, today=reading.first_day_without(), shortest=least or "day")
    found = reading.charts(measure, state, by=by, group=False)
    if not found or not found[0][1].chart.series.dates:
        raise UserError(
            say("{title} has no figures in these months", title=measure.title),
            "Work the measures out first.",
        )
    charted = found[0][1]
    chart, unit = charted.chart, charted.unit
    said = told(chart)
    last = said["phases"][-1] if said["phases"] else {"centre": None, "points": 0}
    point = said["points"][-1] if chart.last is None else said["points"][chart.last]
    rows = [
        ["Latest", f"{unit.said(point['value'])} {charted.last}"],
        [say("Middle"), unit.said(last["centre"])],
        ["Variation", said["variation"].replace("_", " ")],
        ["Points", say("{points}, by {every}", points=len(said["points"]), every=state.every)],
        [
            "Period",
            say(
                "{start} to {end}",
                start=say_date(state.start, "%-d %b %Y"),
                end=say_date(state.end, "%-d %b %Y"),
            ),
        ],
    ]
    return {
        "title": measure.title, "rows": rows, "href": state.link(f"/measures/{measure.name}/"),
        "line": headline(chart, unit, charted.last),
    }  # fmt: skip


def measure_asked(name: str) -> dict[str, str]:
    """The question for a measure over its usual months, with its days said, so that it stays."""
    measure = library.measure(name)
    state = State.of({}, today=reading.first_day_without(),
                     shortest=reading.shortest(measure, ()) or "day")  # fmt: skip
    last = date.fromordinal(state.end.toordinal() - 1)
    return {"measure": measure.name, "from": state.start.isoformat(), "to": last.isoformat(),
            "every": state.every}  # fmt: skip


def _case(asked: Mapping[str, Any], by: Actor) -> Value:
    if not by.is_job:
        access.require(by, "plan.see")
    area, year = str(asked["area"]), int(asked["year"])
    if not area:
        raise UserError("the plan has no area", "Say which area it is for, such as QMM.")
    found = do_nothing(area)
    rows = []
    for key in CASE_KEYS:
        if key not in found.figures:
            continue
        figure, at = found.of(key), found.projection.at(year)
        then = say(
            "{plain} in {year} ({between})",
            plain=plain(figure, figure.middle[at]),
            year=year,
            between=between(figure, at),
        )
        rows.append(
            [
                figure.name,
                say("{plain} today; {then}", plain=plain(figure, figure.today), then=then),
            ]
        )
    return {
        "title": say("Doing nothing: {name} in {year}", name=found.area.name, year=year),
        "rows": rows,
        "href": f"/plan/case/?area={area}",
        "line": say("Prices of {prices}", prices=found.prices),
    }
