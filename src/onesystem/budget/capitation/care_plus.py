"""New Zealand's Care Plus: how many of the enrolled are eligible, and how many take it up. Pure.

eligible = the sum over 48 cells (age, sex, deprivation, ethnicity) of enrolled x per cent
residual = eligible - holders of a high-use card;  uptake = enrolled in Care Plus / residual

girls of 0-4: 608 x 1.5% + 111 x 2.2% + 216 x 2.3% + 282 x 2.6% = 23.862
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from onesystem.budget.capitation.rates import rate
from onesystem.budget.capitation.working import Line, Worked
from onesystem.vocabulary.errors import UserError, nearest
from onesystem.vocabulary.said import say

CARE_PLUS = "nz care plus"


def care_plus(
    enrolled: Mapping[str, Sequence[int]],
    day: date,
    *,
    high_use: int = 0,
    taken_up: int | None = None,
    population: int | None = None,
) -> Worked:
    """Who is eligible. `enrolled`: of each age and sex (`0-4 F`) the four groups of the table.

    The cap of five per cent is of the whole country's population, so it is worked where that is
    given, and the enrolled are then everybody's.
    """
    table = rate("care_plus", day)
    percent: Mapping[str, Sequence[str]] = table.said["percent"]
    lines, eligible = [], Fraction(0)
    for cell, counts in enrolled.items():
        if cell not in percent:
            raise UserError(say("there is no cell {cell}", cell=repr(cell)), nearest(cell, percent))
        if len(counts) != len(percent[cell]):
            raise UserError(
                say(
                    "{cell} has {counts} groups, not {percent}",
                    cell=cell,
                    counts=len(counts),
                    percent=len(percent[cell]),
                ),
                say("In this order: {groups}", groups="; ".join(table.said["groups"])),
            )
        some = sum(
            (count * Fraction(p) / 100 for count, p in zip(counts, percent[cell], strict=True)),
            Fraction(0),
        )
        parts = " + ".join(f"{n} x {p}%" for n, p in zip(counts, percent[cell], strict=True))
        lines.append(Line(rule="eligible", words=f"{cell}: {parts}", value=some, unit="people",
                          source=table.source))  # fmt: skip
        eligible += some
    results = {"eligible": eligible}
    if population is not None:
        cap = population * table.share("cap") / 100
        lines.append(
            Line(
                rule="cap",
                words=say("At most {cap}% of the population", cap=table.said["cap"]),
                value=cap,
                unit="people",
                source=table.source,
            )
        )
        results["eligible"] = eligible = min(eligible, cap)
    residual = max(Fraction(0), eligible - high_use)
    lines.append(Line(rule="residual", words=say("Eligible less holders of a high-use card"),
                      value=residual, unit="people", source=table.source))  # fmt: skip
    results["residual"] = residual
    if taken_up is not None and residual:
        results["uptake"] = taken_up / residual
        lines.append(Line(rule="uptake", words=say("Enrolled in Care Plus, of the residual"),
                          value=results["uptake"], unit="share", source=table.source))  # fmt: skip
    return Worked(rule=CARE_PLUS, results=results, lines=lines)
