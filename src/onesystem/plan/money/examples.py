"""The sources' own figures of money as worked examples, each with its arithmetic. Pure."""

from dataclasses import dataclass
from fractions import Fraction

from onesystem.budget.funds.shift import envelope
from onesystem.plan.money.labels import labels
from onesystem.plan.money.shape import Rule
from onesystem.plan.money.sharing import Shared, shared

_BASE = 100_000_000_00
_INFLATION = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One example: what a source says, and rows of words, figure and working."""

    code: str
    title: str
    source: str
    rows: tuple[tuple[str, str, str], ...]


def examples() -> tuple[Example, ...]:
    """All of them."""
    return _efficiency(), _growth(), _shared()


def _efficiency() -> Example:
    return Example(
        code="four-per-cent", title="4 per cent a year for five years",
        source="'Added these 4% challenges all together and described a 20% cost pressure over 5 "
               "years' (blog of a Norwich commissioner, 2014)",
        rows=tuple((x.name, f"{x.percent:.2f} %", x.working) for x in labels(400, 5)),
    )  # fmt: skip


def _growth() -> Example:
    rows = []
    for percent in (3, 6):
        told = envelope(_BASE, [Fraction(percent, 100)] * 5, [Fraction(_INFLATION, 10_000)] * 5)[-1]
        rows += [
            (f"100 m after five years at {percent} %, real", f"{told.real / 10**8:.2f} m",
             f"100 x 1.0{percent} ** 5"),
            ("the same in cash, with prices up 2 % a year", f"{told.cash / 10**8:.2f} m",
             f"100 x (1.0{percent} x 1.02) ** 5"),
        ]  # fmt: skip
    return Example(
        code="real-growth", title="Growth of 3 to 6 per cent in real terms",
        source="Canterbury's budget 'grew reasonably in real terms at between 3% and 6% per year' "
               "(Nuffield Trust note)",
        rows=tuple(rows),
    )  # fmt: skip


def _shared() -> Example:
    rules = (
        (Rule(kind="share", rate=7_000), "70 % of growth outside"),
        (Rule(kind="ceiling", rate=100), "the hospital at most 1 % real"),
    )
    rows = []
    for rule, words in rules:
        now, money = Shared(hospital=_BASE * 6 // 10, outside=_BASE * 4 // 10), _BASE
        for _ in range(5):
            money = round(money * Fraction(105, 100))
            now = shared(now, money, rule, _INFLATION)
        rows.append(
            (f"60 of 100 m in the hospital, five years of 5 %: {words}",
             f"{now.hospital / 10**8:.1f} of {money / 10**8:.1f} m",
             f"{float((now.share or 0) * 100):.0f} % is outside then")
        )  # fmt: skip
    return Example(
        code="outside", title="Invest the increases outside the hospital",
        source="'It allowed it to invest the increases outside the hospital while restraining the "
               "rate of growth in hospital spending' (Nuffield Trust note)",
        rows=tuple(rows),
    )  # fmt: skip
