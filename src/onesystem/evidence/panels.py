"""A sheet as a panel: who was treated from when stands in a column, or is named. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from onesystem.evidence.panel import Panel, panel
from onesystem.evidence.periods import Periods, periods_of
from onesystem.evidence.reading import NO, USUAL, YES, Sheet, number
from onesystem.flow.sheets import column_of
from onesystem.vocabulary import BadConfig, BadInput, nearest
from onesystem.vocabulary.said import say

_NEVER = NO | {"inf", "nan", "none", "10000"}


def panel_of(
    data: Sheet,
    *,
    unit: str = "",
    when: str = "",
    value: str = "",
    start: str = "",
    cluster: str = "",
    treated: Sequence[str] = (),
    at: str = "",
    post: str = "",
    without: Sequence[str] = (),
    complete_only: bool = False,
    outcome: str = "",
) -> Panel:
    """The panel of a sheet. Raises BadInput, BadConfig.

    Who began when: named places and a period (`treated`, `at`); a column of first treated periods
    (`start`); or a column that says yes where a place is treated, in all its rows (then `at` or a
    column `post` says from when) or from its start on.
    """
    if wide := _wide(data, treated, when):
        data, unit, value, outcome = wide, "place", "value", outcome or value or "value"
    when = data.column(when, "date", taken=(unit,))
    name = unit_of(data, unit, when)
    cluster, data = data.named(cluster), _without(data, name, without)
    periods = read_periods(data, when)
    begins = _begins(data, name, periods, start, treated, at, post)
    flags = [c for c in data.columns if data.flagged(c)]
    value = data.column(value, "value", taken=(name, when, start, cluster, *flags))
    rows = [
        (row[name], at_, number(row[value], value, i))
        for i, (row, at_) in enumerate(zip(data.rows, periods.told, strict=True))
        if row[value] or not complete_only
    ]
    groups = {r[name]: r[cluster] for r in data.rows} if cluster else None
    return panel(rows, begins, clusters=groups, complete_only=complete_only, unit=outcome or value)


def unit_of(data: Sheet, unit: str, when: str) -> str:
    """The column of the place: of several that are called so, one that has each once a period."""
    first = data.column(unit, "unit", taken=(when,))
    named = [found for each in USUAL["unit"] if (found := column_of(data.columns, "", (each,)))]
    once = (c for c in named if len({(r[c], r[when]) for r in data.rows}) == len(data.rows))
    return first if unit else next(once, first)


def _without(data: Sheet, name: str, without: Sequence[str]) -> Sheet:
    _all_there(data, name, without)
    return Sheet(data.columns, tuple(r for r in data.rows if r[name] not in without))


def _all_there(data: Sheet, name: str, places: Sequence[str]) -> None:
    known = {row[name] for row in data.rows}
    for who in places:
        if who not in known:
            raise BadConfig(
                say("there is no {name} {who}", name=name, who=repr(who)), nearest(who, known)
            )


def read_periods(data: Sheet, when: str) -> Periods:
    """The period of each row."""
    part = when.lower() in {"month", "quarter", "week"}
    year = data.column("", "year", needed=False, taken=(when,)) if part else ""
    years = [row[year] for row in data.rows] if year else None
    return periods_of([row[when] for row in data.rows], when, years)


def _wide(data: Sheet, treated: Sequence[str], when: str) -> Sheet | None:
    """A sheet with a column a place as one with a row a place and period; None for any other."""
    if not treated or not all(t in data.columns and not data.flagged(t) for t in treated):
        return None
    first = data.column(when, "date")
    places = [c for c in data.columns if c != first]
    rows = [{first: r[first], "place": c, "value": r[c]} for c in places for r in data.rows]
    return Sheet((first, "place", "value"), tuple(rows))


def _begins(
    data: Sheet, name: str, periods: Periods, start: str, treated: Sequence[str], at: str,
    post: str,
) -> Mapping[str, Any | None]:  # fmt: skip
    flag = treated[0] if len(treated) == 1 and treated[0] in data.columns else ""
    if treated and not flag:
        return _of_named(data, name, periods, treated, at)
    column = "" if flag else data.column(start, "start", needed=False)
    if column and (start or not data.flagged(column)):
        return starts(data, name, column, periods)
    flag = flag or data.column("", "treated", needed=False)
    if not flag or not data.flagged(flag):
        raise BadConfig(
            "who was treated from when is not plain",
            say(
                "Name the column of the first treated period (--start), or of who is treated "
                "(--treated, with --at). Columns: {columns}",
                columns=", ".join(data.columns),
            ),
        )
    return _of_flags(data, name, flag, periods, at, post)


def _of_named(
    data: Sheet, name: str, periods: Periods, treated: Sequence[str], at: str
) -> Mapping[str, Any | None]:
    _all_there(data, name, treated)
    if not at:
        raise BadConfig("no start is said", "Say the first treated period: --at 1989")
    return dict.fromkeys(treated, periods.read(at))


def starts(data: Sheet, name: str, column: str, periods: Periods) -> dict[str, Any | None]:
    """The first treated period of each unit, as a column has it."""
    found: dict[str, Any | None] = {}
    for i, row in enumerate(data.rows):
        told = row[column].lower()
        begins = None if told in _NEVER else periods.read(row[column], column)
        if found.setdefault(row[name], begins) != begins:
            raise BadInput(
                say(
                    "{row} begins at {begins} here and at {found} above",
                    row=row[name],
                    begins=begins,
                    found=found[row[name]],
                ),
                rule="evidence.two-starts",
                cure="A unit has one start; write the same in each of its rows",
                where=say("row {i}", i=i + 2),
            )
    return found


def _of_flags(
    data: Sheet, name: str, flag: str, periods: Periods, at: str, post: str
) -> dict[str, Any | None]:
    """From a column that says yes in the rows of treated places: in all, or from a start on."""
    told: dict[str, list[tuple[Any, bool]]] = {}
    for period, row in zip(periods.told, data.rows, strict=True):
        told.setdefault(row[name], []).append((period, row[flag].lower() in YES))
    always = all(len({yes for _, yes in rows}) == 1 for rows in told.values())
    if always:
        first = periods.read(at) if at else _after(data, periods, post)
        return {who: first if rows[0][1] else None for who, rows in told.items()}
    return {who: _since(who, sorted(rows), flag) for who, rows in told.items()}


def _after(data: Sheet, periods: Periods, post: str) -> Any:
    """The first period in which a column says that it is after the change."""
    column = data.column(post, "post", needed=bool(post))
    if not column or not data.flagged(column):
        raise BadConfig(
            "from when on they were treated is not said",
            "Say the first treated period: --at 1989, or the column that is 1 from it on: --post",
        )
    pairs = zip(periods.told, data.rows, strict=True)
    return min(period for period, row in pairs if row[column].lower() in YES)


def _since(who: str, rows: Sequence[tuple[Any, bool]], flag: str) -> Any | None:
    first = next((period for period, yes in rows if yes), None)
    back = next((p for p, yes in rows if first is not None and p > first and not yes), None)
    if back is not None:
        raise BadInput(
            say("{who} goes back to untreated in {back}", who=who, back=back),
            rule="evidence.goes-back",
            cure=say(
                "A place that has begun stays treated: mend {flag}, or leave the place out",
                flag=flag,
            ),
        )
    return first
