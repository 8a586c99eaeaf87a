"""Where growth goes: spend in hospital and outside this year and last, and costs against money."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from onesystem import access
from onesystem.budget.funds import books, presenters, queries
from onesystem.budget.funds import shift as rules
from onesystem.budget.funds.asked import asked
from onesystem.budget.funds.exporting import exported
from onesystem.budget.funds.pages import head
from onesystem.budget.months import Year, later
from onesystem.district import current
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say
from onesystem.vocabulary.tables import Cell, Column, Listing
from onesystem.vocabulary.typed import fraction_of, whole_or
from onesystem.vocabulary.words import NONE

_RATES = {"growth": "3", "prices": "2", "costs": "5", "uplift": "1", "years": "5", "outside": "75"}


@require_safe
@access.page(right="budget.see")
def shift(request: HttpRequest) -> HttpResponse:
    """Does money shift from hospital to community, and what if costs grow faster than money?"""
    said, currency = asked(request.GET), current().currency
    spent = _spent(said.year, said.month)
    found = rules.shift(spent)
    listing = Listing(
        caption="Spend by setting, the same months of both years", query=request.GET,
        columns=(Column("setting", "Setting"), Column("side", "Side"),
                 Column("before", said.year.before.name, right=True),
                 Column("after", said.year.name, right=True),
                 Column("growth", "Growth", right=True)),
        all_rows=[[s or "no one setting", "hospital" if s in rules.HOSPITAL else "outside",
                   presenters.cell(b, currency), presenters.cell(a, currency), _growth(b, a)]
                  for s, b, a in spent],
        empty_title="Nothing is spent yet", empty_advice="Post costs first.",
    )  # fmt: skip
    typed = {k: request.GET.get(k) or v for k, v in _RATES.items()}
    first, last = (presenters.month_words(m) for m in (said.year.first, said.month))
    defined = [
        (say("Hospital"), ", ".join(sorted(rules.HOSPITAL))),
        (
            say("Shift index"),
            say("growth of spend outside the hospital less growth of hospital spend"),
        ),
        (
            say("Months"),
            say("{first} to {last}, and the same of the year before", first=first, last=last),
        ),
    ]
    if taken := exported(request, listing, "shift", defined):
        return taken
    error, ahead = None, None
    try:
        ahead = _ahead(typed, _base(said.year, found), currency)
    except BadConfig as wrong:
        error = wrong
    context = {
        **head(request, "shift"),
        "year": said.year,
        "month_words": last,
        "month_value": f"{said.month:%Y-%m}",
        "listing": listing,
        "typed": typed,
        "error": error,
        "ahead": ahead,
        "defined": defined,
        "figures": [
            {
                "label": say("Shift index"),
                "value": _points(found.index),
                "note": say("above zero, money shifts outside"),
            },
            {
                "label": say("Hospital spend"),
                "value": _percent(found.hospital_growth),
                "note": say(
                    "{whole} this year to date", whole=presenters.whole(found.hospital[1], currency)
                ),
            },
            {
                "label": say("Spend outside"),
                "value": _percent(found.community_growth),
                "note": say(
                    "{whole} this year to date",
                    whole=presenters.whole(found.community[1], currency),
                ),
            },
            {
                "label": say("Of the growth, outside"),
                "value": _share(found.outside),
                "note": say(
                    "its share of all spend before was {share}", share=_share(found.share_before)
                ),
            },
        ],
    }
    return render(request, "budget/funds/shift.html", context, status=400 if error else 200)


def _spent(year: Year, month: date) -> list[tuple[str, int, int]]:
    settings = {each.code: each.setting for each in queries.lines()}
    now = _by_setting(books.by_line(books.ACTUAL, year.first, month), settings)
    before = _by_setting(
        books.by_line(books.ACTUAL, year.before.first, later(month, -12)), settings
    )
    return [(s, before.get(s, 0), now.get(s, 0)) for s in sorted({*now, *before})]


def _by_setting(lines: Mapping[str, int], settings: Mapping[str, str]) -> dict[str, int]:
    made: dict[str, int] = {}
    for code, amount in lines.items():
        setting = settings.get(code, "")
        made[setting] = made.get(setting, 0) + amount
    return made


def _base(year: Year, found: rules.Shift) -> tuple[int, Fraction]:
    """The plan of the year, and what part of spend was outside the hospital."""
    plan = sum(books.by_line(books.PLAN, year.first, year.last).values())
    whole = found.hospital[1] + found.community[1]
    return plan, Fraction(found.community[1], whole) if whole > 0 else Fraction(0)


def _ahead(typed: Mapping[str, str], base: tuple[int, Fraction], currency: str) -> dict[str, Any]:
    plan, part = base
    rate = {k: _rate(k, typed[k]) for k in ("growth", "prices", "costs", "uplift", "outside")}
    years, many = typed["years"], whole_or(typed["years"], 0)
    if not 1 <= many <= 20:
        raise BadConfig(say("{years} is no number of years", years=repr(years)), "Give 1 to 20.")
    made = rules.envelope(plan, [rate["growth"]] * many, [rate["prices"]] * many)
    outside, rows, cash = round(plan * part), [], plan
    hospital = plan - outside
    for each in made[1:]:
        ours, theirs = rules.split_growth(cash, each.cash, rate["outside"])
        hospital, outside, cash = hospital + ours, outside + theirs, each.cash
        rows.append((each.year, *(presenters.whole(n, currency)
                                  for n in (each.real, each.cash, hospital, outside)),
                     f"{outside / each.cash * 100:.1f} %" if each.cash else NONE))  # fmt: skip
    short = rules.pressure(plan, rate["costs"], rate["uplift"], many)
    return {
        "rows": rows, "years": many, "added": _share(short.added),
        "compounded": f"{float(short.compounded) * 100:.2f} %",
        "gap": presenters.whole(short.gap, currency), "plan": presenters.whole(plan, currency),
    }  # fmt: skip


def _rate(name: str, text: str) -> Fraction:
    try:
        rate = fraction_of(text.replace("%", "")) / 100
    except ValueError:
        raise BadConfig(
            say("{text} is no rate of {name}", text=repr(text), name=name),
            "Write it in per cent: 3.5",
        ) from None
    if not -1 < rate <= 1:
        raise BadConfig(
            say("{text} % of {name} a year is too much", text=text, name=name), "Give -99 to 100."
        )
    return rate


def _percent(rate: Fraction | None) -> str:
    return NONE if rate is None else f"{float(rate) * 100:+.1f} %"


def _points(rate: Fraction | None) -> str:
    return NONE if rate is None else say("{rate} points", rate=f"{float(rate) * 100:+.1f}")


def _share(rate: Fraction | None) -> str:
    return NONE if rate is None else f"{float(rate) * 100:.0f} %"


def _growth(before: int, after: int) -> Cell | str:
    if before <= 0:
        return ""
    rate = (after - before) / before
    return Cell(f"{rate * 100:+.1f} %", value=round(rate, 4))
