"""A sum shared by weighted populations, as New Zealand's population-based funding formula. Pure.

    share of a district = sum over groups (people x weight) x its adjusters
                          / the same over all districts

The formula says who gets which part; the sum itself is decided elsewhere. The parts sum to it, to
the penny: what rounding leaves over goes to the largest remainders.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import prod

from onesystem.budget.capitation.working import Line, Worked
from onesystem.vocabulary.errors import UserError, nearest
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.said import say

SHARES = "population shares"


def shares(
    people: Mapping[str, Mapping[str, Fraction]],
    weights: Mapping[str, Fraction],
    *,
    sum_: int,
    currency: str,
    adjusters: Mapping[str, Mapping[str, Fraction]] | None = None,
    floors: Mapping[str, int] | None = None,
    source: str = "",
) -> Worked:
    """Each district's part. `floors`: what none may fall below, such as last year's part."""
    lines: list[Line] = []
    need: dict[str, Fraction] = {}
    for district, groups in people.items():
        total = Fraction(0)
        for group, count in groups.items():
            if group not in weights:
                raise UserError(
                    say("there is no weight for {group}", group=repr(group)),
                    nearest(group, weights),
                )
            total += count * weights[group]
        lines.append(
            Line(
                rule="weighted",
                words=say("{district}: people x weight", district=district),
                value=total,
                unit="weighted",
                source=source,
            )
        )
        for name, of in (adjusters or {}).items():
            if (by := of.get(district, Fraction(1))) != 1:
                lines.append(Line(rule="adjuster", words=f"{district}: {name}", value=by,
                                  unit="share", source=source))  # fmt: skip
        need[district] = total * prod(
            (of.get(district, Fraction(1)) for of in (adjusters or {}).values()), start=Fraction(1)
        )
    parts = _parts(need, sum_, currency, floors or {})
    lines += [
        Line(
            rule="part",
            words=say("{district}: its part", district=district),
            value=Fraction(part),
            unit="minor",
            source=source,
        )
        for district, part in parts.items()
    ]
    return Worked(rule=SHARES, results={d: Fraction(p) for d, p in parts.items()}, lines=lines)


def _parts(
    need: Mapping[str, Fraction], sum_: int, currency: str, floors: Mapping[str, int]
) -> dict[str, int]:
    """The parts, those on their floor set aside until none is below."""
    if sum(floors.get(d, 0) for d in need) > sum_:
        raise UserError("the floors are more than the sum", "Raise the sum, or lower a floor")
    held: dict[str, int] = {}
    while True:
        free = [d for d in need if d not in held]
        left = sum_ - sum(held.values())
        weights = [need[d] for d in free]
        if not free or not sum(weights):
            if left:
                raise UserError("nobody is left to share what remains", "Give people, or weights")
            return {d: held[d] for d in need}
        split = Money(left, currency).split(weights)
        parts = {d: each.minor for d, each in zip(free, split, strict=True)}
        below = [d for d in free if parts[d] < floors.get(d, 0)]
        if not below:
            return {d: {**held, **parts}[d] for d in need}
        held |= {d: floors[d] for d in below}
