"""A view run over the record, within what the asker may see, and audited.

Resources are read in the order of their entries, a portion at a time, so memory stays flat however
large the record is. What the asker may not see is left out by the query, as everywhere.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import orjson
from django.db import connection, transaction

from onesystem import access, people
from onesystem.access.lines import lines_for
from onesystem.record.fhir.serving import columns, shown
from onesystem.record.views.definition import Row, View
from onesystem.vocabulary import NotPermitted

_PORTION = 1000


@dataclass(slots=True)
class Run:
    """A view being run: `rows` gives them, `done` writes the audit trail afterwards."""

    view: View
    asker: access.Asker
    resources: int = 0
    made: int = 0
    identities: set[int] = field(default_factory=set)
    mask: Callable[[dict[str, Any]], dict[str, Any]] | None = None  # for a project

    def rows(self) -> Iterator[Row]:
        """The rows. Raises NotPermitted, or BadView where a value does not fit the view."""
        _require(self.asker)
        where, values = access.scope(self.asker).row_sql("e", wide=True)
        parse = _exact if self.view.exact else orjson.loads
        for kept in _kept(self.view.resource, where, values):
            each = shown(kept)
            self.resources += 1
            resource = parse(each.body)
            found = self.view.rows(self.mask(resource) if self.mask else resource)
            if found and each.identity:
                self.identities.add(each.identity)
            self.made += len(found)
            yield from found

    def done(self, *, form: str, project: str = "") -> None:
        """Tell the audit trail of it with its counts, and of each person where a user asked."""
        detail = {
            "resource": self.view.resource, "resources": self.resources, "rows": self.made,
            "form": form, "columns": len(self.view.columns),
        } | ({"project": project} if project else {})  # fmt: skip
        by, purpose = self.asker.actor, self.asker.purpose
        what = f"view {self.view.name}"
        rows = []
        if not by.is_job and not project:
            persons = sorted(set(people.person_of(sorted(self.identities)).values()))
            rows = [
                access.Row(by=by, act="view.exported", what=what, person=p, purpose=purpose)
                for p in persons
            ]
        rows.append(access.Row(by=by, act="view.run", what=what, purpose=purpose, detail=detail))
        with transaction.atomic():
            access.record_many(rows)


def _require(asker: access.Asker) -> None:
    if asker.actor.is_job:
        return
    lines = lines_for(asker.actor.roles, asker.purpose, asker.at.date())
    if not any("export" in line.actions for line in lines):
        raise NotPermitted(
            f"{asker.actor.name} may export nothing for the purpose {asker.purpose!r}",
            "Ask for a purpose that their role exports for, or run the view as a job.",
        )


def _kept(resource: str, where: str, values: list[Any]) -> Iterator[tuple[Any, ...]]:
    after: int | None = None
    while True:
        with connection.cursor() as cursor:
            further = "" if after is None else "AND e.entry > %s "
            cursor.execute(
                f"SELECT {columns('e')} FROM record_entry e WHERE e.kind = %s {further}"
                f"AND e.status <> 'deleted' AND {where} ORDER BY e.entry LIMIT {_PORTION}",
                [resource, *([] if after is None else [after]), *values],
            )
            found = cursor.fetchall()
        yield from found
        if len(found) < _PORTION:
            return
        after = found[-1][0]


def _exact(body: bytes) -> Any:
    return json.loads(body, parse_float=Decimal)
