"""Emergency admissions for conditions that earlier care may prevent, above the district's rate."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

from onesystem.flow.chances.comparing import avoidable, compared
from onesystem.flow.chances.rules import spells
from onesystem.flow.chances.rules.shape import (
    ALIKE,
    HOUR,
    WHERE,
    Ground,
    Looked,
    for_contact,
    spent,
)
from onesystem.flow.measures import days
from onesystem.flow.measures.world import plain
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say

_SENSITIVE = f"""
CREATE OR REPLACE TEMP TABLE sensitive AS
SELECT {ALIKE}, {WHERE}, c.started, s.ended, c.setting, c.born, o.condition
FROM spell AS s JOIN contact AS c USING (contact) JOIN of_condition AS o USING (reason)
WHERE c.started >= $start AND c.started < $until AND c.practice <> ''
  AND (c.mode IN (SELECT unnest($modes))
    OR len(list_filter($begins, b -> starts_with(c.mode, b))) > 0)
"""
_FOUND = f"""
SELECT {ALIKE}, c.started AS moment, {WHERE}, c.condition AS cause, '' AS other,
  CAST(round({spent("c.ended", "c.started")} * s.share) AS BIGINT) AS lost,
  CAST(round({for_contact("p", spent("c.ended", "c.started"))} * s.share) AS BIGINT) AS money,
  s.share
FROM sensitive AS c JOIN of_practice AS s USING (practice)
  LEFT JOIN price AS p ON p.setting = c.setting
"""


def find(ground: Ground, terms: Mapping[str, Any]) -> Looked:
    """Each admission of a practice above the rate counts by the part of them that is above it."""
    spells.join(ground, gap=round(terms["gap_hours"] * HOUR))
    ground.table(
        "of_condition", ("reason VARCHAR", "condition VARCHAR"), _conditions(ground, terms)
    )
    modes = [mode for mode in terms["modes"] if not mode.endswith("*")]
    begins = [mode[:-1] for mode in terms["modes"] if mode.endswith("*")]
    ground.run(_SENSITIVE, modes=modes, begins=begins)
    observed = _observed(ground)
    practices = compared(observed, _people(ground))
    found = avoidable(practices)
    shares = [(p.practice, found.share * p.excess / p.observed) for p in practices if p.excess]
    ground.table("of_practice", ("practice VARCHAR", "share DOUBLE"), shares)
    ground.keep(_FOUND)
    return Looked(
        out_of=sum(p.observed for p in practices),
        more={
            "number": found.number, "low": found.low, "high": found.high, "above": found.above,
            "by_chance": found.by_chance, "best": found.best, "best_ratio": found.best_ratio,
            "practices": {p.practice: [p.people, p.observed, p.expected] for p in practices},
        },
    )  # fmt: skip


def _conditions(ground: Ground, terms: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each reason that the wards' contacts give, and the condition of the list that it is."""
    reasons = ground.run("SELECT DISTINCT reason FROM contact WHERE setting = 'ward'").fetchall()
    of = condition_of(terms["codes"])
    return [(reason, title) for (reason,) in reasons if (title := of(reason))]


def condition_of(name: str) -> Callable[[str], str]:
    """What tells the condition of a code list that a reason is; empty where it is none."""
    groups = _groups(name)

    def of(reason: str) -> str:
        said = plain(reason)
        for title, exact, prefixes in groups:
            if said in exact or (prefixes and said.startswith(prefixes)):
                return title
        return ""

    return of


def _groups(name: str) -> list[tuple[str, frozenset[str], tuple[str, ...]]]:
    path = files("onesystem.flow.measures") / "codes" / f"{name}.toml"
    if not path.is_file():
        raise BadConfig(
            say("there is no code list {name}", name=repr(name)),
            'Write codes = "ambulatory-sensitive".',
        )
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        (
            group["title"],
            frozenset(plain(word) for word in group.get("words", [])),
            tuple(plain(code) for code in group.get("codes", [])),
        )
        for group in said["group"]
    ]


def _observed(ground: Ground) -> dict[str, Counter[int]]:
    """Admissions of each practice by the band of age on the day."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for practice, born, started in ground.run(
        "SELECT practice, born, started FROM sensitive"
    ).fetchall():
        found[practice][_band(born, started // 86_400_000)] += 1
    return found


def _people(ground: Ground) -> dict[str, Counter[int]]:
    """The people of each practice in the middle of the period, by band of age."""
    middle = days.day_of(ground.period.start) + ground.period.days // 2
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for each in ground.persons.values():
        there = (each.born is None or each.born <= middle) and (
            each.died is None or each.died > middle
        )
        if each.practice and there:
            found[each.practice][_band(each.born, middle)] += 1
    return found


def _band(born: int | None, day: int) -> int:
    return days.band_of(days.years_between(born, day))
