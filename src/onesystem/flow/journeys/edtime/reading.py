"""Read ED stays and what general practice did on the same days, from the contact log."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from onesystem.contacts import operational, relation
from onesystem.contacts.log import scan
from onesystem.district import District
from onesystem.flow.journeys.edtime import parts
from onesystem.flow.journeys.edtime.question import Question
from onesystem.flow.journeys.steps import NOT_KNOWN
from onesystem.flow.measures import frames, who
from onesystem.flow.measures.days import clock, date_of, day_of

_MEMORY = "1GB"
_CONTACT = """
CREATE TEMP TABLE contact AS
SELECT contact, coalesce(person, identity) AS person, setting, service, cause, outcome, requested,
  started, ready, ended
FROM contacts LEFT JOIN people USING (identity)
WHERE NOT cancelled AND (
  setting IN ('ED', 'diagnostics', 'ambulance', 'ward') AND started >= $before AND started < $after
  OR setting IN ('general practice', 'out of hours', 'telephone') AND (
    requested >= $opens AND requested < $closes OR started >= $opens AND started < $closes))
"""
_STAYS = """
WITH stay AS (
  SELECT * FROM contact
  WHERE setting = 'ED' AND started >= $opens AND started < $closes
    AND ($service = '' OR service = $service)
), test AS (
  SELECT s.contact, min(t.started) AS first, max(coalesce(t.ended, t.started)) AS last
  FROM stay AS s JOIN contact AS t
    ON t.person = s.person AND t.setting = 'diagnostics' AND t.started >= s.started
    AND t.started < s.ended
  GROUP BY s.contact
), ward AS (
  SELECT cause, min(started) AS began FROM contact
  WHERE setting = 'ward' AND cause IS NOT NULL GROUP BY cause
)
SELECT epoch_us(s.started) AS started, epoch_us(s.ready) AS ready, epoch_us(s.ended) AS ended,
  epoch_us(a.ready) AS door,
  epoch_us(CASE WHEN a.ready IS NOT NULL THEN a.ended END) AS handed,
  epoch_us(t.first) AS first, epoch_us(t.last) AS last,
  epoch_us(w.began) AS ward, coalesce(s.outcome = 'admitted' OR w.began IS NOT NULL, false)
    AS admitted
FROM stay AS s LEFT JOIN test AS t USING (contact)
LEFT JOIN contact AS a ON a.contact = s.cause AND a.setting = 'ambulance'
LEFT JOIN ward AS w ON w.cause = s.contact
"""
_ASKED = """
SELECT setting, epoch_us(requested) AS requested, epoch_us(started) AS started,
  coalesce(requested >= $opens AND requested < $closes, false) AS asked,
  coalesce(started >= $opens AND started < $closes, false) AS held
FROM contact WHERE setting IN ('general practice', 'out of hours', 'telephone')
"""
_NAMES = {"general practice": "gp", "out of hours": "ooh", "telephone": "calls"}


def answer(
    district: District,
    asked: Question,
    *,
    run: Callable[[Callable[[], Any], Callable[[], None]], Any] = lambda act, _stop: act(),
    say: Callable[[float, str], None] = lambda _share, _said: None,
) -> dict[str, Any]:
    """ED stays by part and general practice's contacts, by bucket, in a form that can be kept."""
    duck = scan.connect(memory=_MEMORY)
    zone, day = ZoneInfo(district.zone), timedelta(days=1)
    opens, closes = (
        datetime.combine(each, time(), tzinfo=zone) for each in (asked.start, asked.end)
    )
    days = {"opens": opens, "closes": closes}
    try:
        say(0.05, "Reading who is who")
        duck.register("people", frames.somebody_table(who.as_rows(who.everybody())))
        say(0.2, "Reading contacts")
        # What was asked for in these days may have begun long after: the last month is open.
        months = (f"{opens - 2 * day:%Y-%m}", "9999-12")
        found = relation.contacts(duck, district.path, operational.in_process(), months=months)
        found.create_view("contacts")
        around = {"before": opens - day, "after": closes + 3 * day}
        run(lambda: duck.execute(_CONTACT, {**days, **around}), duck.interrupt)
        say(0.6, "Cutting stays into their parts")
        stays = run(
            lambda: duck.execute(_STAYS, {**days, "service": asked.service}).to_arrow_table(),
            duck.interrupt,
        )
        practice = run(lambda: duck.execute(_ASKED, days).to_arrow_table(), duck.interrupt)
        say(0.9, "Counting")
        return _answer(stays, practice, asked, district)
    finally:
        duck.close()


def _answer(stays: Any, practice: Any, asked: Question, district: District) -> dict[str, Any]:
    clocks = clock(district.zone)
    columns = {
        name: stays[name].fill_null(NOT_KNOWN).to_numpy()
        for name in ("started", "ready", "ended", "door", "handed", "first", "last", "ward")
    }
    gone = columns["ended"] != NOT_KNOWN
    ended = parts.Stays(
        **{name: column[gone] for name, column in columns.items()},
        admitted=stays["admitted"].to_numpy()[gone],
    )
    ed = parts.told(ended, parts.buckets(ended.started, asked.every, clocks))
    beside = _beside(practice, asked.every, clocks)
    first, last = day_of(asked.start), day_of(asked.end)
    return {
        "stays": len(ended),
        "open": int((~gone).sum()),
        "tested": int((ended.first != NOT_KNOWN).sum()),
        "by_ambulance": int((ended.door != NOT_KNOWN).sum()),
        "buckets": [
            {
                "key": key if asked.every == "hour" else date_of(key).isoformat(),
                "whole": asked.every != "week" or (key >= first and key + 7 <= last),
                **ed.get(key, {}),
                **{name: list(counts.get(key, (0, 0))) for name, counts in beside.items()},
            }
            for key in parts.every_bucket(first, last, asked.every)
        ],
    }


def _beside(practice: Any, every: str, clocks: Any) -> dict[str, Any]:
    """Of each kind of contact by bucket: asked for, held, and how long those held had waited."""
    setting = practice["setting"].to_numpy(zero_copy_only=False)
    requested, started = (
        practice[name].fill_null(NOT_KNOWN).to_numpy() for name in ("requested", "started")
    )
    asked, held = (practice[name].to_numpy() for name in ("asked", "held"))
    made: dict[str, Any] = {}
    for name, short in _NAMES.items():
        mine = setting == name
        wanted, began = mine & asked, mine & held
        timed = began & (requested != NOT_KNOWN)
        waits = np.maximum(started[timed] - requested[timed], 0) // 1_000_000
        made[f"{short}_asked"] = parts.counted(parts.buckets(requested[wanted], every, clocks))
        made[f"{short}_held"] = parts.counted(parts.buckets(started[began], every, clocks))
        made[f"{short}_waited"] = parts.counted(parts.buckets(started[timed], every, clocks), waits)
    return made
