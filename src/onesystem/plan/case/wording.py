"""Figures of a case in words: rounded to what can be known, with their units. Pure."""

from onesystem.plan.case.figures import Case, Figure
from onesystem.vocabulary.said import say

_SYMBOLS = {"GBP": "£", "NZD": "$"}
_DIGITS = 3


def plain(figure: Figure, value: float) -> str:
    """A figure rounded to three digits: 1,060,000; £3.07 billion."""
    if figure.group == "money":
        return money(value, figure.unit[:3])
    return f"{rounded(value):,.0f}"


def rounded(value: float) -> float:
    """Three digits of it; what is below a hundred in full."""
    if abs(value) < 100:
        return round(value)
    size = len(f"{abs(value):.0f}") - _DIGITS
    return round(value, -size) if size > 0 else round(value)


def money(minor: float, currency: str) -> str:
    """Whole money in millions or billions."""
    symbol, whole = _SYMBOLS.get(currency, f"{currency} "), minor / 100
    if abs(whole) >= 1e9:
        return say("{symbol}{whole} billion", symbol=symbol, whole=f"{whole / 1000000000.0:.2f}")
    return say(
        "{symbol}{rounded} million", symbol=symbol, rounded=f"{rounded(whole / 1000000.0):,.0f}"
    )


def change(figure: Figure) -> str:
    """How it changes over all years: +21 %."""
    return f"{figure.rise:+.0%}".replace("%", " %")


def between(figure: Figure, at: int) -> str:
    """Low and high of a year."""
    return say(
        "{plain} to {plain2}",
        plain=plain(figure, figure.low[at]),
        plain2=plain(figure, figure.high[at]),
    )


def _both(figure: Figure) -> str:
    """The ends of the last year, in a sentence."""
    return say(
        "between {plain} and {plain2}",
        plain=plain(figure, figure.low[-1]),
        plain2=plain(figure, figure.high[-1]),
    )


def sentences(case: Case) -> list[str]:
    """What doing nothing leads to, in plain words for everybody."""
    first, last = case.years[0], case.years[-1]
    old, beds, homes = case.of("people-85"), case.of("beds"), case.of("care-home-places")
    doctors, cost = case.of("gps"), case.of("money")
    aged = say(
        "In {first}, about {plain} people in {name} are 85 or over. In {last} there "
        "will be about {plain2} ({both}).",
        first=first,
        plain=plain(old, old.middle[0]),
        name=case.area.name,
        last=last,
        plain2=plain(old, old.middle[-1]),
        both=_both(old),
    )
    costs = say(
        "Health and social care would cost {plain} a year in {last}, against {plain2} "
        "in {first}, at the prices of {prices} ({both}).",
        plain=plain(cost, cost.middle[-1]),
        last=last,
        plain2=plain(cost, cost.middle[0]),
        first=first,
        prices=case.prices,
        both=_both(cost),
    )
    return [
        aged,
        _more(beds, last, say("hospital beds")),
        _more(doctors, last, say("family doctors")),
        _more(homes, last, say("places in care homes")),
        costs,
    ]


def _more(figure: Figure, year: int, things: str) -> str:
    gap = figure.middle[-1] - figure.today
    low, high = figure.low[-1] - figure.today, figure.high[-1] - figure.today
    if gap < 0:
        return say(
            "About {plain} fewer {things} would be needed by {year} than today.",
            plain=plain(figure, -gap),
            things=things,
            year=year,
        )
    least = (
        say("{plain} more", plain=plain(figure, low))
        if low >= 0
        else say("{plain} fewer", plain=plain(figure, -low))
    )
    return say(
        "About {plain} more {things} would be needed by {year} than there are today "
        "({plain2}); it may be {least}, or {plain3} more.",
        plain=plain(figure, gap),
        things=things,
        year=year,
        plain2=plain(figure, figure.today),
        least=least,
        plain3=plain(figure, high),
    )
