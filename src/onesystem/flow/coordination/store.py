"""The worklist in the store: written as a whole, read by statements."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from onesystem.flow.coordination.scoring import Line
from onesystem.flow.coordination.steps import Step
from onesystem.flow.measures.store import get_marks, portions, rows, set_marks

MOST_FACTS = 30  # of one line that are kept: the newest
_STEP = 's.id, s.kind, s."by", s.at, s.text, s.until, s.undoes, s.owner, s.about'
_LISTED = (
    "INSERT INTO flow_listed (person, practice, area, born, band, indices)"
    " VALUES (%s, %s, %s, %s, %s, %s)"
)
_LINE = (
    "INSERT INTO flow_listed_line (person, flag, count, points, newest, sources, facts)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s)"
)


def replace(
    listed: Iterable[tuple[Any, ...]], lines: Mapping[int, Sequence[Line]], *, at: int, plans: bool
) -> None:
    """Put a new list in the place of the old, in one step."""
    said = [_line(person, each) for person, some in lines.items() for each in some]
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("flow_listed", "flow_listed_line"):
            cursor.execute(f"DELETE FROM {table}")
        cursor.executemany(_LISTED, list(listed))
        cursor.executemany(_LINE, said)
        set_marks(worklist=at, worklist_plans=int(plans))


def _line(person: int, line: Line) -> tuple[Any, ...]:
    facts = [[f.at, f.service, f.source, f.said, f.amount] for f in line.facts[:MOST_FACTS]]
    sources = f"|{'|'.join(line.sources)}|" if line.sources else ""
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return (person, line.flag, line.count, line.points, line.newest, sources, text)


def worked() -> tuple[int, bool]:
    """When the list was worked out (microseconds; 0: never); whether care plans were there."""
    marks = get_marks()
    return marks.get("worklist", 0), bool(marks.get("worklist_plans", 0))


def steps_of(persons: Iterable[int]) -> dict[int, list[Step]]:
    """What was done about these persons, in order; steps follow merged identities."""
    found: dict[int, list[Step]] = {}
    for some in portions(sorted(set(persons))):
        marks = ", ".join(["%s"] * len(some))
        for person, *told in rows(
            f"SELECT i.person, {_STEP}"
            " FROM flow_listed_step s JOIN people_identity i ON i.id = s.identity"
            f" WHERE i.person IN ({marks}) ORDER BY s.id",
            list(some),
        ):
            found.setdefault(person, []).append(_step(told))
    return found


def every_step() -> dict[int, list[Step]]:
    """The same of everybody who is on the list."""
    found: dict[int, list[Step]] = {}
    for person, *told in rows(
        f"SELECT i.person, {_STEP}"
        " FROM flow_listed_step s JOIN people_identity i ON i.id = s.identity"
        " JOIN flow_listed l ON l.person = i.person ORDER BY s.id"
    ):
        found.setdefault(person, []).append(_step(told))
    return found


def asked_about() -> list[int]:
    """The persons of whom something was ever asked, on the list or not any more."""
    return [person for (person,) in rows(
        "SELECT DISTINCT i.person FROM flow_listed_step s JOIN people_identity i"
        " ON i.id = s.identity WHERE s.kind = 'asked' ORDER BY i.person"
    )]  # fmt: skip


def _step(told: Sequence[Any]) -> Step:
    number, kind, by, at, text, until, undoes, owner, about = told
    return Step(id=number, kind=kind, by=by, at=at, text=text, until=until, undoes=undoes,
                owner=owner, about=about)  # fmt: skip


def forget(identities: Sequence[int]) -> int:
    """Forget people for good: what was done about them, and that they were listed."""
    marks = ", ".join(["%s"] * len(identities))
    gone = 0
    with connection.cursor() as cursor:
        for table, column in (
            ("flow_listed_step", "identity"),
            ("flow_listed", "person"),
            ("flow_listed_line", "person"),
        ):
            cursor.execute(f"DELETE FROM {table} WHERE {column} IN ({marks})", list(identities))
            gone += cursor.rowcount
    return gone
