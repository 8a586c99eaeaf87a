"""Beds of an area by its trusts, whose codes may be from before or after a merger. Pure."""

from onesystem.plan.areas.own_rows import Row, bad, number
from onesystem.plan.areas.renaming import successors
from onesystem.vocabulary.said import say

_BEDS = ("beds", "occupied")


def hospitals(rows: list[Row]) -> dict[str, float]:
    """Beds open and in use of the area: each trust's, by the share of its patients from here.

    Raises UserError where a trust and what it became are both there: its beds would count twice.
    """
    given = [row["trust"].upper() for row in rows]
    found: dict[str, float] = {}
    for row, code in zip(rows, given, strict=True):
        twice = [each for each in successors(code) if each in given]
        if twice:
            raise bad(
                "trusts.csv",
                row,
                say(
                    "{code} has been a part of {twice} since they merged", code=code, twice=twice[0]
                ),
                "Give the trust of today, or those of before.",
            )
        if given.count(code) > 1:
            raise bad(
                "trusts.csv", row, say("{code} a second time", code=code), "Give each trust once."
            )
        share = number(row["share"], row, "trusts.csv", "share")
        if share > 1:
            raise bad(
                "trusts.csv",
                row,
                say("a share of {share}", share=f"{share:g}"),
                "Give 0 to 1, as 0.87 for 87 %.",
            )
        for name in (each for each in _BEDS if row.get(each)):
            value = share * number(row[name], row, "trusts.csv", name)
            found[name] = found.get(name, 0.0) + value
    return found
