"""England's practices: from registered patients to a weighted list to the global sum. Pure.

    weighted list x price, less 4.75% where out-of-hours care was left to others,
    and in London 2.18 for each registered patient

    4,579.78 weighted patients x 99.70 = 456,604.07; less 4.75% = 434,915.37 in 2022/23

Rounding: once, of the sum, to a penny; each line shows its own exact figure.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from onesystem.budget.capitation.rates import rate
from onesystem.budget.capitation.working import Line, Worked, round_half_up
from onesystem.vocabulary.errors import UserError, nearest
from onesystem.vocabulary.said import say

GLOBAL_SUM, WEIGHTED = say("england global sum"), say("england weighted list")


def global_sum(
    *, weighted: Fraction, registered: Fraction, day: date, out_of_hours: bool = False,
    london: bool = False,
) -> Worked:  # fmt: skip
    """What a practice is due in a year. `out_of_hours`: it looks after its patients then too."""
    price = rate("price", day)
    whole = weighted * price.said["pence"]
    lines = [
        Line(
            rule="price",
            words=say("Weighted list x {pence}", pence=_money(price.said["pence"])),
            value=whole,
            unit="minor",
            source=price.source,
        )
    ]
    if not out_of_hours:
        left = rate("out_of_hours", day)
        taken = -whole * left.share("share")
        lines.append(
            Line(
                rule="out of hours",
                words=say("Less, for out-of-hours care left to others"),
                value=taken,
                unit="minor",
                source=left.source,
            )
        )
    if london:
        more = rate("london", day)
        lines.append(
            Line(
                rule="london",
                words=say("London: {pence} a registered patient", pence=_money(more.said["pence"])),
                value=registered * more.said["pence"],
                unit="minor",
                source=more.source,
            )
        )
    total = Fraction(round_half_up(sum((each.value for each in lines), Fraction(0))))
    return Worked(rule=GLOBAL_SUM, results={"global sum": total}, lines=lines)


def weighted_list(
    practices: Mapping[str, Mapping[str, Fraction]],
    day: date,
    *,
    joined: Mapping[str, Fraction] | None = None,
    care_home: Mapping[str, Fraction] | None = None,
) -> Worked:
    """Weighted lists by age and sex, new registrants and care homes, that sum to the registered.

    `practices`: of each, people by cell (`male 0-4`). `joined`, `care_home`: the share of the list
    that registered within a year, that lives in a care home. Each index is against the mean of all
    practices, as the formula has it, so weights move money and make none. The formula's morbidity,
    rurality and staff cost indices come from small areas that no case carries: they are left at 1.
    """
    table = rate("workload", day)
    lines: list[Line] = []
    raw: dict[str, Fraction] = {}
    for name, cells in practices.items():
        people = sum(cells.values(), Fraction(0))
        work = sum(
            (count * _weight(table.said, cell) for cell, count in cells.items()), Fraction(0)
        )
        lines.append(
            Line(
                rule="workload",
                words=say("{name}: by age and sex", name=name),
                value=work,
                unit="weighted",
                source=table.source,
            )
        )
        for words, shares, key in (
            (say("who joined within a year"), joined, "new_registrant"),
            (say("who live in a care home"), care_home, "care_home"),
        ):
            share = (shares or {}).get(name, Fraction(0))
            if share:
                work *= 1 + share * (table.share(key) - 1)
                lines.append(
                    Line(
                        rule=key,
                        words=say("{name}: and those {words}", name=name, words=words),
                        value=work,
                        unit="weighted",
                        source=table.source,
                    )
                )
        raw[name] = work if people else Fraction(0)
    people = sum((sum(cells.values(), Fraction(0)) for cells in practices.values()), Fraction(0))
    total = sum(raw.values(), Fraction(0))
    if not total:
        raise UserError("nobody is on any list", "Give people by age and sex, of one practice")
    results = {name: work * people / total for name, work in raw.items()}
    lines += [
        Line(
            rule="normalised",
            words=say("{name}: weighted list", name=name),
            value=value,
            unit="weighted",
        )
        for name, value in results.items()
    ]
    notes = [
        say("Morbidity, rurality and staff costs are left at 1: no published column carries them.")
    ]
    if not table.said["verified"]:
        notes.append(
            say("Twelve of the fourteen weights were not read in a source: check them first.")
        )
    return Worked(rule=WEIGHTED, results=results, lines=lines, notes=notes)


def _weight(said: Mapping[str, Mapping[str, str]], cell: str) -> Fraction:
    sex, _, age = cell.partition(" ")
    known = [f"{s} {a}" for s in ("male", "female") for a in said[s]]
    if cell not in known:
        raise UserError(say("there is no cell {cell}", cell=repr(cell)), nearest(cell, known))
    return Fraction(said[sex][age])


def _money(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02d}"
