"""Figures of a comparison in words: differences, intervals, the ends of the evidence. Pure."""

from collections.abc import Callable, Iterator

from onesystem.plan.options.weighing import FIGURES, Row, SetResult
from onesystem.twin.scenarios.comparing import Estimate
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say
from onesystem.vocabulary.words import NONE

HEADLINES = (
    "bed-days",
    "beds",
    "admissions",
    "attendances",
    say("ED wait"),
    say("bed wait"),
    say("planned wait"),
    say("days at home"),
    "gridlock",
    say("staff hours"),
    "cost",
    "gap",
    say("home spread"),
    "spread",
)
_MANY = 100
_SMALL = 20_00  # minor units: less than that is told to the penny
_LINES = {"contacts": ("Contacts", say("a year"), 0)}


def said(figure: str) -> tuple[str, str, int]:
    """A figure's words, its unit, and which way is better."""
    return FIGURES.get(figure) or _LINES[figure]


def number(figure: str, value: float | None, currency: str, *, signed: bool = False) -> str:
    """A value in words: money whole, shares in per cent, others with as many places as help."""
    if value is None:
        return NONE
    sign = "+" if signed and value > 0 else "-" if value < 0 else ""
    size = abs(value)
    if figure == "cost":
        return f"{sign}{_whole(size, currency)}"
    if figure in ("spread", "home spread"):
        return f"{sign}{100 * size:,.1f}%"
    places = 0 if size >= _MANY else 1 if size >= 1 else 2
    text = f"{size:,.{places}f}"
    return f"{sign if float(text.replace(',', '')) else ''}{text}"


def _whole(value: float, currency: str) -> str:
    return str(Money(round(value) * 100, currency)).removesuffix(".00")


def money_in(currency: str) -> Callable[[int], str]:
    """How minor units are written, whole where they are many."""

    def money(minor: int) -> str:
        if abs(minor) < _SMALL and minor % 100:
            return str(Money(minor, currency))
        return str(Money(round(minor / 100) * 100, currency)).removesuffix(".00")

    return money


def difference(row: Row, currency: str) -> str:
    """By how much it differs from doing nothing."""
    return number(row.figure, row.difference.mean, currency, signed=True)


def interval(row: Row, currency: str) -> str:
    """What chance leaves open."""
    return between(row.figure, row.difference, currency)


def between(figure: str, each: Estimate, currency: str) -> str:
    """An interval in words."""
    if each.low is None or each.high is None:
        return say("one replication")
    return " to ".join(number(figure, end, currency, signed=True) for end in (each.low, each.high))


def ends(row: Row, currency: str) -> str:
    """The difference at the ends of the evidence's range."""
    some = [each for each in (row.least, row.most) if each is not None]
    return " to ".join(number(row.figure, each, currency, signed=True) for each in some) or NONE


def verdict(row: Row) -> tuple[str, str]:
    """In a word and a colour: better, worse, or not told apart from chance."""
    mean, way = row.difference.mean or 0.0, said(row.figure)[2]
    if not row.sure:
        return say("not told from chance"), "quiet"
    if not way:
        return (say("more") if mean > 0 else say("less")), "info"
    word, kind = (say("better"), "good") if mean * way > 0 else (say("worse"), "bad")
    return (
        (word, kind) if row.robust else (say("{word}, by some of the evidence", word=word), "warn")
    )


def headlines(found: SetResult, currency: str) -> Iterator[tuple[str, str, str, str]]:
    """The figures of the whole: words, difference, interval, ends of the evidence."""
    for figure in HEADLINES:
        if row := found.row(figure):
            words, unit, _ = said(figure)
            if row.same:
                yield f"{words}, {unit}", "0", say("no difference"), NONE
                continue
            yield (f"{words}, {unit}", difference(row, currency), interval(row, currency),
                   ends(row, currency))  # fmt: skip
