"""The schedule of how long records are kept, as the district goes by it."""

import csv
from datetime import date
from functools import cache
from importlib.resources import files

from onesystem.district import District
from onesystem.record.keeping.rules import Rule, adjusted
from onesystem.vocabulary import BadConfig, nearest
from onesystem.vocabulary.said import say


@cache
def shipped(country: str) -> tuple[Rule, ...]:
    """The rules of a country as they are shipped."""
    text = files("onesystem.record.keeping").joinpath("data/retention.csv").read_text("utf-8")
    return tuple(
        _rule(row) for row in csv.DictReader(text.splitlines()) if country in row["country"].split()
    )


def rules_of(district: District) -> list[Rule]:
    """The rules in force, with the district's own years. Raises BadConfig for one unknown."""
    rules = shipped("new-zealand" if district.number == "nhi" else "england")
    known = {rule.code for rule in rules}
    for code in (*district.keeping.years, *district.keeping.services.values()):
        if code not in known:
            raise BadConfig(
                say("there is no retention rule {code}", code=repr(code)), nearest(code, known)
            )
    return adjusted(rules, district.keeping.years)


def _rule(row: dict[str, str]) -> Rule:
    def number(name: str) -> int | None:
        return int(row[name]) if row[name] else None

    return Rule(
        code=row["code"], title=row["title"], applies=row["applies"], years=number("years"),
        death_years=number("death_years"), until_age=number("until_age"),
        until_age_if_17=number("until_age_if_17"), source=row["source"],
        since=date.fromisoformat(row["since"]), checked=row["checked"],
    )  # fmt: skip
