"""Figures of a case in words: rounded to what can be known, with their units. Pure."""

from onesystem.plan.case.figures import Case, Figure

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
        return f"{symbol}{whole / 1e9:.2f} billion"
    return f"{symbol}{rounded(whole / 1e6):,.0f} million"


def change(figure: Figure) -> str:
    """How it changes over all years: +21 %."""
    return f"{figure.rise:+.0%}".replace("%", " %")


def between(figure: Figure, at: int) -> str:
    """Low and high of a year."""
    return f"{plain(figure, figure.low[at])} to {plain(figure, figure.high[at])}"


def _both(figure: Figure) -> str:
    """The ends of the last year, in a sentence."""
    return f"between {plain(figure, figure.low[-1])} and {plain(figure, figure.high[-1])}"


def sentences(case: Case) -> list[str]:
    """What doing nothing leads to, in plain words for everybody."""
    first, last = case.years[0], case.years[-1]
    old, beds, homes = case.of("people-85"), case.of("beds"), case.of("care-home-places")
    doctors, cost = case.of("gps"), case.of("money")
    aged = (
        f"In {first}, about {plain(old, old.middle[0])} people in {case.area.name} are 85 or over. "
        f"In {last} there will be about {plain(old, old.middle[-1])} ({_both(old)})."
    )
    costs = (
        f"Health and social care would cost {plain(cost, cost.middle[-1])} a year in {last}, "
        f"against {plain(cost, cost.middle[0])} in {first}, at the prices of {case.prices} "
        f"({_both(cost)})."
    )
    return [
        aged,
        _more(beds, last, "hospital beds"),
        _more(doctors, last, "family doctors"),
        _more(homes, last, "places in care homes"),
        costs,
    ]


def _more(figure: Figure, year: int, things: str) -> str:
    gap = figure.middle[-1] - figure.today
    low, high = figure.low[-1] - figure.today, figure.high[-1] - figure.today
    if gap < 0:
        return f"About {plain(figure, -gap)} fewer {things} would be needed by {year} than today."
    least = f"{plain(figure, low)} more" if low >= 0 else f"{plain(figure, -low)} fewer"
    return (
        f"About {plain(figure, gap)} more {things} would be needed by {year} than there are today "
        f"({plain(figure, figure.today)}); it may be {least}, or {plain(figure, high)} more."
    )
