"""The facts behind each flag, found for everybody at once by DuckDB.

It reads three tables that `reading` makes (`contact`, `plan`, `medicine`, `request`) and never a
store, so that a test can put a table of its own in their place.

    contact   contact, person, practice, age, sex, service, setting, organisation, source,
              began, ended (timestamps, UTC), mode, reason, outcome, clinician
    plan      person: those with a care plan that stands
    medicine  person, medicine, prescriber, source, began
    request   person, service, source, began: requests that are still open

Each finder gives rows of: person, began (of the fact), service, source, said, amount.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from onesystem.flow.coordination.definitions import Flag
from onesystem.flow.coordination.scoring import Fact

Found = dict[int, list[Fact]]
EMERGENCY = "(mode IN ('from ED', 'direct admission', 'emergency') OR mode LIKE '2%')"


def find(duck: Any, flag: Flag, at: datetime, zone: str) -> Found:
    """The facts of everybody who reaches the flag's least at a moment, by person."""
    sql, values = _FINDERS[flag.finder](flag)
    known = {"at": at, "days": flag.days, "zone": zone, "least": flag.least, **values}
    asked = {name: value for name, value in known.items() if f"${name}" in sql}
    found: Found = {}
    for person, began, service, source, said, amount in _rows(duck, sql, asked):
        found.setdefault(person, []).append(Fact(began, service, source, said, int(amount)))
    return found


def _rows(duck: Any, sql: str, values: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Rows of those only whose amounts reach the least; moments in microseconds."""
    duck.execute(
        "SELECT person, coalesce(epoch_us(began), 0), coalesce(service, ''), coalesce(source, ''),"
        f" coalesce(said, ''), amount FROM ({sql}) ORDER BY person, began DESC",
        values,
    )
    while some := duck.fetchmany(10_000):
        yield from some


def _enough(inner: str, least: str = "$least") -> str:
    """Only the rows of people who have that many."""
    return f"SELECT * FROM ({inner}) QUALIFY sum(amount) OVER (PARTITION BY person) >= {least}"


_WITHIN = "began <= $at AND began > $at - to_days($days)"


def _organisations(flag: Flag) -> tuple[str, dict[str, Any]]:
    """One row an organisation, with the last contact there; nobody with a plan that stands."""
    inner = f"""
        SELECT person, max(began) AS began, arg_max(service, began) AS service,
          arg_max(source, began) AS source, organisation AS said, 1 AS amount
        FROM contact
        WHERE {_WITHIN} AND organisation <> '' AND NOT list_contains($without, setting)
          AND person NOT IN (SELECT person FROM plan)
        GROUP BY person, organisation"""
    return _enough(inner), {"without": list(flag.rest.get("without", ()))}


def _handovers(flag: Flag) -> tuple[str, dict[str, Any]]:
    """Who left a ward or an ED, was to be met by somebody in time, and was not.

    Nobody is missed who is back in a ward before the time is over, or who is with such a service
    already. A time that is not over yet is not missed.
    """
    rules = flag.rest.get("expects", ())
    rows = ", ".join(
        f"({_text(r['setting'])}, {_text(r['outcome'].lower())},"
        f" [{', '.join(_text(s) for s in r['into'])}], {int(r['within'])})"
        for r in rules
    )
    wait = int(flag.rest.get("request_days", 14))
    sql = f"""
        WITH expects(setting, outcome, into_, within_) AS (VALUES {rows}),
        gone AS (
          SELECT row_number() OVER () AS nth, c.person, c.service, c.source, c.ended, c.outcome,
            e.into_, c.ended + to_days(e.within_) AS due
          FROM contact AS c JOIN expects AS e
            ON e.setting = c.setting AND e.outcome = lower(c.outcome)
          WHERE c.ended > $at - to_days($days) AND c.ended + to_days(e.within_) <= $at
        ), met AS (
          SELECT g.nth FROM gone AS g JOIN contact AS f ON f.person = g.person
          WHERE f.began <= g.due AND (
              (f.began >= g.ended AND (list_contains(g.into_, f.setting) OR f.setting = 'ward'))
              OR (list_contains(g.into_, f.setting) AND f.began < g.ended
                  AND coalesce(f.ended, $at) > g.ended))
        ), asked AS (
          SELECT DISTINCT r.person, r.service, r.source, r.began, max(c.ended) AS ended
          FROM request AS r JOIN contact AS c ON c.person = r.person
          WHERE c.setting IN ('ward', 'ED') AND c.ended > $at - to_days($days)
            AND r.began >= c.began AND r.began <= c.ended + to_days(1)
            AND c.ended + to_days({wait}) <= $at
          GROUP BY ALL
        )
        SELECT person, ended AS began, service, source, outcome AS said, 1 AS amount
        FROM gone WHERE nth NOT IN (SELECT nth FROM met)
        UNION ALL
        SELECT person, ended, service, source, 'request not answered', 1 FROM asked AS a
        WHERE NOT EXISTS (SELECT 1 FROM contact AS f WHERE f.person = a.person
          AND f.service = a.service AND f.began >= a.began
          AND f.began <= a.ended + to_days({wait}))"""
    return _enough(sql), {}


def _tests(flag: Flag) -> tuple[str, dict[str, Any]]:
    """The same test again too soon after a result in which nothing was found."""
    own = ", ".join(
        f"({_text(name.lower())}, {int(days)})" for name, days in flag.rest.get("tests", {}).items()
    )
    normal = ", ".join(_text(each.lower()) for each in flag.rest.get("normal", ("normal",)))
    inner = f"""
        WITH own(test, within_) AS (VALUES {own or "('', 0)"}), each_ AS (
          SELECT person, began, service, source, reason,
            lag(began) OVER mine AS before, lower(lag(outcome) OVER mine) AS result
          FROM contact WHERE setting = 'diagnostics' AND reason <> '' AND began <= $at
          WINDOW mine AS (PARTITION BY person, lower(reason) ORDER BY began, contact)
        )
        SELECT person, began, service, source, reason AS said, 1 AS amount
        FROM each_ LEFT JOIN own ON own.test = lower(reason)
        WHERE {_WITHIN} AND result IN ({normal})
          AND began <= before + to_days(coalesce(within_, $within))"""
    return _enough(inner), {"within": int(flag.rest.get("within", 28))}


def _admissions(flag: Flag) -> tuple[str, dict[str, Any]]:
    """Emergency spells in wards by when they began; the first stretch says how."""
    inner = f"""
        WITH stretch AS (
          SELECT *, max(coalesce(ended, TIMESTAMPTZ '9999-01-01')) OVER (
              PARTITION BY person ORDER BY began, contact
              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
          FROM contact WHERE setting = 'ward'
        )
        SELECT person, began, service, source, reason AS said, 1 AS amount FROM stretch
        WHERE (reach IS NULL OR began > reach + to_hours($gap)) AND {EMERGENCY} AND {_WITHIN}"""
    return _enough(inner), {"gap": int(flag.rest.get("gap_hours", 6))}


def _medicines(flag: Flag) -> tuple[str, dict[str, Any]]:
    """One row a medicine, for those with several prescribers."""
    inner = f"""
        SELECT person, max(began) AS began, '' AS service, arg_max(source, began) AS source,
          medicine AS said, 1 AS amount
        FROM medicine WHERE {_WITHIN} AND person IN (
          SELECT person FROM medicine WHERE {_WITHIN}
          GROUP BY person HAVING count(DISTINCT prescriber) >= $prescribers)
        GROUP BY person, medicine"""
    return _enough(inner), {"prescribers": int(flag.rest.get("prescribers", 2))}


def _visits(flag: Flag) -> tuple[str, dict[str, Any]]:
    """Contacts of one setting: so many in one window, or in another; or of the top share."""
    rest = flag.rest
    values: dict[str, Any] = {"setting": rest.get("setting", ""), "age": rest.get("from_age", 0)}
    mine = (
        "SELECT person, began, service, source, reason AS said, 1 AS amount FROM contact"
        " WHERE setting = $setting AND coalesce(age, 0) >= $age AND began <= $at"
    )
    if "or_least" in rest:
        values |= {"or_least": rest["or_least"], "or_days": rest["or_days"]}
        return (
            f"SELECT * FROM ({mine} AND began > $at - to_days(greatest($days, $or_days)))"
            " WINDOW each_ AS (PARTITION BY person)"
            " QUALIFY sum((began > $at - to_days($days))::INT) OVER each_ >= $least"
            " OR sum((began > $at - to_days($or_days))::INT) OVER each_ >= $or_least"
        ), values
    mine += " AND began > $at - to_days($days)"
    if "top_share" in rest:
        values["share"] = 1 - float(rest["top_share"])
        mine += f" AND person IN ({_TOP})"
    return _enough(mine), values


# A tenth of each group: who had more contacts than nine in ten of its people who had any.
_TOP = """
    SELECT person FROM (
      SELECT person, count(*) AS many, any_value(practice) AS practice, any_value(sex) AS sex,
        CASE WHEN any_value(age) <= 30 THEN 0 WHEN any_value(age) <= 60 THEN 1 ELSE 2 END AS ages
      FROM contact WHERE setting = $setting AND began <= $at AND began > $at - to_days($days)
      GROUP BY person)
    QUALIFY many > quantile_cont(many, $share) OVER (PARTITION BY practice, sex, ages)"""


def _nights(flag: Flag) -> tuple[str, dict[str, Any]]:
    """Nights in places of these settings, each night once; a row a joined stay."""
    return _enough(nights_sql()), {"settings": list(flag.rest.get("settings", ()))}


def nights_sql() -> str:
    """Stays in `$settings` that overlap or touch as one, with their nights in the window.

    A night lies between two days of the district's clocks ($zone).
    """
    return """
        WITH stay AS (
          SELECT person, service, source, began, least(coalesce(ended, $at), $at) AS until_
          FROM contact WHERE list_contains($settings, setting) AND began <= $at
        ), marked AS (
          SELECT *, coalesce(began > max(until_) OVER (PARTITION BY person ORDER BY began, until_
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true) AS fresh FROM stay
        ), numbered AS (
          SELECT *, sum(fresh::INT) OVER (PARTITION BY person ORDER BY began, until_
            ROWS UNBOUNDED PRECEDING) AS island FROM marked
        ), joined AS (
          SELECT person, min(began) AS began, arg_max(service, until_) AS service,
            arg_max(source, until_) AS source, max(until_) AS until_
          FROM numbered GROUP BY person, island
        )
        SELECT person, began, service, source, '' AS said,
          timezone($zone, until_)::DATE
            - greatest(timezone($zone, began)::DATE, (timezone($zone, $at)::DATE - $days::INT))
          AS amount
        FROM joined WHERE amount > 0"""


def _text(said: str) -> str:
    """A text of a definition as SQL writes it."""
    return "'" + said.replace("'", "''") + "'"


_FINDERS: dict[str, Callable[[Flag], tuple[str, dict[str, Any]]]] = {
    "organisations": _organisations,
    "handovers": _handovers,
    "tests": _tests,
    "admissions": _admissions,
    "medicines": _medicines,
    "visits": _visits,
    "nights": _nights,
}
