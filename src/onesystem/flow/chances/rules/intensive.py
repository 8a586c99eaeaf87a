"""More intensive care than an agreed way asks for, between one stage of it and the next."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from onesystem.flow.chances.rules import spells
from onesystem.flow.chances.rules.shape import (
    ALIKE,
    DAY,
    HOUR,
    WHERE,
    Ground,
    Looked,
    for_contact,
    spent,
)
from onesystem.flow.journeys.agreed import Way
from onesystem.flow.journeys.stage import Stage

_STAYS = f"""
CREATE OR REPLACE TEMP TABLE stay AS
SELECT {ALIKE}, {WHERE}, c.setting, c.reason, c.outcome, c.started,
  least(coalesce(s.ended, c.ended, $until), $until) AS ended, r.rank
FROM contact AS c JOIN rank AS r USING (setting) LEFT JOIN spell AS s USING (contact)
WHERE c.started < $until AND (c.setting <> 'ward' OR s.contact IS NOT NULL)
"""
# Entries of a person that lie within the window of the one before are one journey.
_ENTER = """
CREATE OR REPLACE TEMP TABLE journey AS
WITH entry AS (
  SELECT person, contact, started, ended, lag(started) OVER (
    PARTITION BY person ORDER BY started, contact) AS before
  FROM stay WHERE setting IN (SELECT unnest($kinds)) AND started >= $start
    AND (len($outcomes) = 0 OR outcome IN (SELECT unnest($outcomes)))
    AND (len($reasons) = 0 OR len(list_filter($reasons, b -> starts_with(lower(reason), b))) > 0)
)
SELECT person, contact AS journey, started AS at, ended AS gone, started + $window AS closes,
  0 AS allow FROM entry WHERE before IS NULL OR started - before > $window
"""
# When each journey reached the stage: the first contact of its kinds after where it is.
_REACH = """
CREATE OR REPLACE TEMP TABLE reached AS
SELECT j.journey, arg_min(s.started, (s.started, s.contact)) AS at,
  arg_min(s.ended, (s.started, s.contact)) AS gone
FROM journey AS j JOIN stay AS s ON s.person = j.person
WHERE s.setting IN (SELECT unnest($kinds)) AND s.contact <> j.journey
  AND s.started >= j.at AND s.started < j.closes
GROUP BY j.journey
"""
_ASKED = """
INSERT INTO asked_for
SELECT j.person, j.gone, coalesce(r.at, j.closes), greatest(j.allow, $rank), $nth, $instead, $price
FROM journey AS j LEFT JOIN reached AS r USING (journey) WHERE r.at IS NOT NULL OR NOT $optional
"""
_MOVE = """
CREATE OR REPLACE TEMP TABLE journey AS
SELECT j.person, j.journey, coalesce(r.at, j.at) AS at, coalesce(r.gone, j.gone) AS gone, j.closes,
  CASE WHEN r.at IS NULL THEN greatest(j.allow, $rank) ELSE 0 END AS allow
FROM journey AS j LEFT JOIN reached AS r USING (journey) WHERE r.at IS NOT NULL OR $optional
"""
_REST = """
INSERT INTO asked_for
SELECT person, gone, closes, allow, $nth, $instead, $price FROM journey WHERE allow > 0
"""
_FOUND = f"""
SELECT {ALIKE}, c.started AS moment, {WHERE}, a.instead AS cause, c.setting AS other,
  {spent("c.ended", "c.started")} AS lost,
  greatest({for_contact("p", spent("c.ended", "c.started"))} - a.price, 0) AS money, 1.0 AS share
FROM stay AS c JOIN asked_for AS a ON a.person = c.person
  LEFT JOIN price AS p ON p.setting = c.setting
WHERE c.started >= a.since AND c.started < a.till AND c.rank > a.allow
QUALIFY row_number() OVER (PARTITION BY c.contact ORDER BY a.nth, a.since) = 1
"""
_SEGMENTS = (
    "person BIGINT", "since BIGINT", "till BIGINT", "allow INTEGER", "nth INTEGER",
    "instead VARCHAR", "price BIGINT",
)  # fmt: skip


def find(ground: Ground, terms: Mapping[str, Any]) -> Looked:
    """Contacts above all that the way asks for at that point."""
    ranks = {setting: n for n, each in enumerate(terms["order"], 1) for setting in each}
    ground.table("rank", ("setting VARCHAR", "rank INTEGER"), list(ranks.items()))
    ground.table("asked_for", _SEGMENTS, [])
    spells.join(ground, gap=round(terms["gap_hours"] * HOUR))
    ground.run(_STAYS)
    entered, unknown = 0, []
    for nth, use in enumerate(_uses(ground, terms)):
        way = ground.ways.get(use["way"])
        # Stages of an organisation are of no setting, so no rank can be given to them.
        if way is None or way.level != "setting":
            unknown.append(use["way"])
            continue
        entered += _hold(ground, way, use, ranks, nth)
    ground.keep(_FOUND)
    return Looked(out_of=entered, more={"unknown": unknown} if unknown else {})


def _uses(ground: Ground, terms: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Which ways are held against which entries: those named, or all as they are."""
    named = terms["use"] or [
        {"way": name, "outcomes": (), "reasons": (), "window_days": 0} for name in ground.ways
    ]
    for each in named:
        yield {**each, "window_days": each["window_days"] or terms["window_days"]}


def _hold(
    ground: Ground, way: Way, use: Mapping[str, Any], ranks: Mapping[str, int], nth: int
) -> int:
    """What one way asks for, journey by journey; gives how many entered it."""
    ground.run(
        _ENTER,
        kinds=sorted(way.stages[0].kinds),
        outcomes=list(use["outcomes"]),
        reasons=[each.lower() for each in use["reasons"]],
        window=round(use["window_days"] * DAY),
    )
    entered = ground.one("SELECT count(*) FROM journey")
    for place, stage in enumerate(way.stages[1:], 1):
        values = {
            "nth": nth, "instead": f"{way.title}: {stage.name}", "optional": stage.optional,
            "price": _price(ground, stage), "rank": _rank(way.stages[place:], ranks),
        }  # fmt: skip
        ground.run(_REACH, kinds=sorted(stage.kinds))
        ground.run(_ASKED, **values)
        ground.run(_MOVE, **values)
    if len(way.stages) > 1:
        ground.run(_REST, **values)
    return entered


def _rank(stages: Sequence[Stage], ranks: Mapping[str, int]) -> int:
    """The highest rank that may come next: of stages that may be passed over, and the one after."""
    highest = 0
    for stage in stages:
        highest = max([highest, *(ranks.get(kind, 0) for kind in stage.kinds)])
        if not stage.optional:
            break
    return highest


def _price(ground: Ground, stage: Stage) -> int:
    """The lowest price of a contact in a setting of the stage that has one."""
    return ground.one(
        "SELECT min(once + night) FROM price WHERE setting IN (SELECT unnest($kinds))",
        kinds=sorted(stage.kinds),
    )
