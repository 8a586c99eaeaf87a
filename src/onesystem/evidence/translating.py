"""Effects in people, days and money a year, by terms that whoever asks has stated."""

from collections.abc import Sequence
from dataclasses import dataclass

from onesystem.evidence.result import Effect, Translated
from onesystem.vocabulary import BadConfig, Money
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What one unit of the outcome stands for. None: it cannot be said, and is not shown.

    people: people an event stands for; days: days (in hospital, of waiting) an event stands for;
    minor: money in whole minor units an event costs. A fall of the outcome saves them.
    """

    people: float | None = None
    days: float | None = None
    minor: int | None = None
    currency: str = "GBP"

    def __post_init__(self) -> None:
        for name in ("people", "days", "minor"):
            value = getattr(self, name)
            if value is not None and value < 0:
                raise BadConfig(
                    say("{name} an event cannot be {value}", name=name, value=f"{value:g}"),
                    "Give a number of 0 or more",
                )


def translate(
    terms: Terms, effect: Effect, *, per_year: float, events: float = 1.0, what: str = "events",
    named: bool = True,
) -> tuple[Translated, ...]:  # fmt: skip
    """The effect a year. `effect` is a difference a period; `events` turns it into events.

    named: whether the outcome itself adds up over a year. A mean or a percentage does not; what it
    stands for, if somebody has said so, does.
    """
    if not per_year:  # nobody knows how long a period is
        return ()
    scale = per_year * events
    one, two, three = effect.estimate * scale, effect.low * scale, effect.high * scale
    how = say(
        "{estimate} a period x {per_year} periods a year",
        estimate=f"{effect.estimate:,.4g}",
        per_year=f"{per_year:,.4g}",
    )
    if events != 1.0:
        how += say(" x {events} at risk a period", events=f"{events:,.4g}")
    found = []
    if named:
        found.append(
            Translated(
                what=say("{what} a year", what=what),
                estimate=one,
                low=two,
                high=three,
                unit=what,
                how=how,
            )
        )
    for name, factor in (("people", terms.people), ("days", terms.days)):
        if factor is not None:
            found.append(
                Translated(
                    what=say("{name} a year", name=name),
                    unit=name,
                    how=say(
                        "{how} x {factor} {name} each", how=how, factor=f"{factor:g}", name=name
                    ),
                    estimate=one * factor,
                    low=two * factor,
                    high=three * factor,
                )
            )
    if terms.minor is not None:
        each = Money(terms.minor, terms.currency)
        found.append(
            Translated(
                what=say("money a year"),
                unit=terms.currency,
                how=say("{how} x {each} each", how=how, each=each),
                estimate=one * terms.minor / 100,
                low=two * terms.minor / 100,
                high=three * terms.minor / 100,
            )
        )
    return tuple(found)


def said(found: Sequence[Translated]) -> list[str]:
    """Each in a few words."""
    return [
        say(
            "{estimate} {unit} a year ({low} to {high})",
            estimate=number(t.estimate),
            unit=t.unit,
            low=number(t.low),
            high=number(t.high),
        )
        for t in found
    ]


def number(value: float) -> str:
    """A figure with as many digits as a reader can use.

    >>> number(1234.5), number(0.01234), number(-3.14159)
    ('1,234', '0.0123', '-3.14')
    """
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
