"""Count what the people of each practice had, by age and sex, from the contact log with DuckDB.

Runs apart from pages (see `flow.answers`). Only people who are on a list count, in what happened
and in what is expected alike. Ages are those in the middle of the time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from onesystem.alliance.learning.peers.figures import Book, book
from onesystem.contacts import operational, relation
from onesystem.contacts.log import scan
from onesystem.district import District
from onesystem.flow.chances.question import Period
from onesystem.flow.chances.rules.sensitive import condition_of
from onesystem.flow.measures import days, present, who
from onesystem.flow.measures.world import Somebody

_BACK = timedelta(days=400)  # so old may a stay be that goes on into the time
_YEAR = 365.25
_CONTACT = """
CREATE TEMP TABLE contact AS
SELECT p.person, p.practice, p.stratum, c.contact, c.setting, epoch_ms(c.started) AS started,
  epoch_ms(c.ended) AS ended, coalesce(c.mode, '') AS mode, coalesce(c.reason, '') AS reason,
  coalesce(c.outcome, '') AS outcome
FROM contacts AS c JOIN somebody AS p USING (identity)
WHERE NOT c.cancelled AND (c.ended IS NULL OR c.ended >= c.started)
  AND c.setting IN ('ED', 'ward', 'ambulance', 'outpatient', 'out of hours')
  AND c.started >= $opens AND c.started < $closes
"""
_SPELL = """
CREATE TEMP TABLE spell AS
WITH stretch AS (
  SELECT *, max(coalesce(ended, $until)) OVER (PARTITION BY person ORDER BY started, contact
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
  FROM contact WHERE setting = 'ward'
), numbered AS (
  SELECT *, sum((reach IS NULL OR started > reach + $gap)::INT) OVER (
    PARTITION BY person ORDER BY started, contact ROWS UNBOUNDED PRECEDING) AS nth
  FROM stretch
), joined AS (
  SELECT person, any_value(practice) AS practice, any_value(stratum) AS stratum,
    min(started) AS started,
    CASE WHEN bool_or(ended IS NULL) THEN NULL ELSE max(ended) END AS ended,
    arg_min(mode, (started, contact)) AS mode, arg_min(reason, (started, contact)) AS reason,
    bool_or(outcome = 'died') AS died
  FROM numbered GROUP BY person, nth
)
SELECT *, mode IN (SELECT unnest($modes))
  OR len(list_filter($begins, b -> starts_with(mode, b))) > 0 AS emergency FROM joined
"""
_HERE = "started >= $start AND started < $until"
_LEFT = "ended >= $start AND ended < $until AND NOT died"
_AGAIN = """EXISTS (SELECT 1 FROM spell AS o WHERE o.person = s.person AND o.emergency
  AND o.started > s.ended AND o.started < s.ended + $days)"""
RULES = {
    "ED": f"contact AS s WHERE setting = 'ED' AND {_HERE}",
    "conveyed": f"contact AS s WHERE setting = 'ambulance' AND outcome = 'taken to hospital'"
                f" AND {_HERE}",
    "outpatient": f"contact AS s WHERE setting = 'outpatient' AND {_HERE}",
    "out of hours": f"contact AS s WHERE setting = 'out of hours' AND {_HERE}",
    "emergency": f"spell AS s WHERE emergency AND {_HERE}",
    "sensitive": f"spell AS s WHERE emergency AND reason IN (SELECT unnest($reasons)) AND {_HERE}",
    "discharges": f"spell AS s WHERE {_LEFT}",
    "readmitted": f"spell AS s WHERE {_LEFT} AND {_AGAIN}",
}  # fmt: skip

Cells = dict[str, dict[str, float]]
Run = Callable[[Callable[[], Any], Callable[[], None]], Any]
Say = Callable[[float, str], None]


def counted(
    district: District, period: Period, *, run: Run = lambda act, _stop: act(),
    say: Say = lambda _share, _said: None,
) -> dict[str, Any]:  # fmt: skip
    """People, discharges and each figure, by practice and stratum.

    `run` calls something long, given what stops it; `say` is told how far the work is.
    """
    terms, hands = book(), days.clock(district.zone)
    say(0.05, "Reading who is on which list")
    people = who.everybody()
    first, end = days.day_of(period.start), days.day_of(period.end)
    start = hands.midnight(first)
    until = max(start, min(hands.midnight(end), present.horizon(district)))
    with scan.connect(memory="1GB") as duck:
        duck.execute("SET disabled_optimizers = 'join_filter_pushdown'")
        _somebody(duck, people, terms, (first + end) // 2)
        say(0.2, "Reading contacts")
        _contacts(duck, district, period, run)
        values = _values(duck, terms, start, until)
        say(0.7, "Counting")
        _run(duck, _SPELL, values)
        found = {rule: _cells(duck, sql, values) for rule, sql in RULES.items()}
        reach = duck.execute("SELECT max(coalesce(ended, started)) FROM contact").fetchone()[0]
        read = duck.execute("SELECT count(*) FROM contact").fetchone()[0]
    return {
        **period.as_dict(), "contacts": read, "data_to": _iso(min(reach, until)) if reach else "",
        "people": _years(people.values(), terms, first, end), "found": found,
    }  # fmt: skip


def _stratum(each: Somebody, terms: Book, middle: int) -> str:
    age = days.years_between(each.born, max(middle, each.born or middle))
    return f"{each.sex or 'not known'} {terms.band(age)}"


def _somebody(duck: Any, people: dict[int, Somebody], terms: Book, middle: int) -> None:
    import pyarrow as pa

    rows = [(i, s.person, s.practice, _stratum(s, terms, middle))
            for i, s in people.items() if s.practice]  # fmt: skip
    columns = list(zip(*rows, strict=True)) if rows else [()] * 4
    types = (pa.int64(), pa.int64(), pa.string(), pa.string())
    names = ("identity", "person", "practice", "stratum")
    arrays = [pa.array(c, t) for c, t in zip(columns, types, strict=True)]
    duck.register("somebody_in", pa.table(dict(zip(names, arrays, strict=True))))
    duck.execute("CREATE TEMP TABLE somebody AS SELECT * FROM somebody_in")
    duck.unregister("somebody_in")


def _contacts(duck: Any, district: District, period: Period, run: Run) -> None:
    opens = datetime.combine(period.start, datetime.min.time(), tzinfo=UTC) - _BACK
    closes = datetime.combine(period.end, datetime.min.time(), tzinfo=UTC) + timedelta(days=32)
    months = (f"{opens:%Y-%m}", f"{closes:%Y-%m}")
    table = relation.contacts(duck, district.path, operational.in_process(), months=months)
    table.create_view("contacts")
    run(lambda: duck.execute(_CONTACT, {"opens": opens, "closes": closes}), duck.interrupt)


def _values(duck: Any, terms: Book, start: int, until: int) -> dict[str, Any]:
    reasons = duck.execute("SELECT DISTINCT reason FROM contact WHERE setting = 'ward'").fetchall()
    of = condition_of("ambulatory-sensitive")
    return {
        "start": start, "until": until, "gap": terms.gap_hours * 3_600_000,
        "days": terms.days * days.DAY, "reasons": [r for (r,) in reasons if of(r)],
        "modes": [m for m in terms.emergency if not m.endswith("*")],
        "begins": [m[:-1] for m in terms.emergency if m.endswith("*")],
    }  # fmt: skip


def _run(duck: Any, sql: str, values: dict[str, Any]) -> Any:
    return duck.execute(sql, {k: v for k, v in values.items() if f"${k}" in sql})


def _cells(duck: Any, sql: str, values: dict[str, Any]) -> Cells:
    made: Cells = defaultdict(dict)
    sql = f"SELECT practice, stratum, count(*) FROM {sql} GROUP BY practice, stratum"
    for practice, stratum, many in _run(duck, sql, values).fetchall():
        made[practice][stratum] = many
    return made


def _years(people: Iterable[Somebody], terms: Book, first: int, end: int) -> Cells:
    """How many years people spent on each list, by stratum."""
    made: Cells = defaultdict(lambda: defaultdict(float))
    for each in {s.person: s for s in people}.values():
        since = first if each.born is None else max(first, each.born)
        until = end if each.died is None else min(end, each.died)
        if each.practice and until > since:
            made[each.practice][_stratum(each, terms, (first + end) // 2)] += (
                until - since
            ) / _YEAR
    return {practice: dict(sorted(has.items())) for practice, has in sorted(made.items())}


def _iso(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).isoformat(timespec="seconds")
