"""What comes along with the results: `_include` and `_revinclude`, as far as the asker may see."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from onesystem.access.quick import filled, marks, rows
from onesystem.record.fhir.searching.asked import Include
from onesystem.record.fhir.searching.definitions import Parameter, kinds, parameters_of
from onesystem.record.fhir.searching.matching import slots_sql
from onesystem.record.fhir.searching.plan import Context
from onesystem.record.fhir.serving import Shown, columns, shown

MOST = 1000
_ROUNDS = 20  # of :iterate, should references go in circles without end


def fetch(entries: Sequence[int]) -> dict[int, Shown]:
    """Entries as they are served, by row. Only of entries that a search in the scope has found."""
    if not entries:
        return {}
    wanted = filled(entries)
    sql = f"SELECT {columns('e')}, e.id FROM record_entry e WHERE e.id IN ({marks(wanted)})"
    return {row[-1]: shown(row) for row in rows(f"{sql} AND e.status <> 'deleted'", wanted)}


def included(
    found: Sequence[Shown], asked: Sequence[Include], context: Context
) -> tuple[list[Shown], bool]:
    """What the results bring along, each once; and whether there was more than is given."""
    have = {each.entry for each in found}
    brought: list[Shown] = []
    fresh: Sequence[Shown] = found
    for turn in range(_ROUNDS):
        new: dict[int, Shown] = {}
        for each in asked:
            if turn and not each.again:
                continue
            for one in _step(fresh, each, context):
                if one.entry not in have:
                    new.setdefault(one.entry, one)
        if not new:
            break
        have |= set(new)
        fresh = sorted(new.values(), key=lambda s: s.entry)
        brought += fresh
        if len(brought) > MOST:
            return brought[:MOST], True
    return brought, False


def _step(found: Sequence[Shown], asked: Include, context: Context) -> list[Shown]:
    return _back(found, asked, context) if asked.reverse else _along(found, asked, context)


def _parameters(source: str, code: str) -> list[Parameter]:
    known = parameters_of(source)
    if code != "*":
        return [known[code]]
    return [p for p in known.values() if p.type == "reference"]


def _along(found: Sequence[Shown], asked: Include, context: Context) -> list[Shown]:
    """What the results refer to."""
    names: dict[str, set[str]] = {}
    for kind in sorted({each.kind for each in found}):
        if asked.source not in {"*", kind}:
            continue
        parameters = _parameters(kind, asked.parameter)
        only = {p.kind_of_target for p in parameters}
        wanted = asked.target or (only.pop() if len(only) == 1 else "")
        entries = [each.entry for each in found if each.kind == kind]
        for target_kind, target in _references(entries, parameters):
            if target_kind in kinds() and wanted in {"", target_kind}:
                names.setdefault(target_kind, set()).add(target)
    brought: list[Shown] = []
    for kind, targets in sorted(names.items()):
        if context.allows(kind):
            where = f"e.logical IN ({marks(targets)}) AND e.kind = %s"
            brought += _shown(where, [*sorted(targets), kind], context)
    return brought


def _references(entries: Sequence[int], parameters: Sequence[Parameter]) -> list[tuple[str, str]]:
    numbers = [slot for p in parameters for slot in p.slots]
    if not numbers or not entries:
        return []
    listed = ", ".join(str(int(entry)) for entry in entries)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT x.kind, x.target FROM record_reference x WHERE x.entry IN "
            f"(SELECT e.id FROM record_entry e WHERE e.entry IN ({listed})) "
            f"AND {slots_sql('+x', numbers)}"
        )
        return list(cursor.fetchall())


def _back(found: Sequence[Shown], asked: Include, context: Context) -> list[Shown]:
    """What refers to the results."""
    sources = sorted(kinds()) if asked.source == "*" else [asked.source]
    sources = [source for source in sources if context.allows(source)]
    brought: list[Shown] = []
    for kind in sorted({each.kind for each in found}):
        if asked.target not in {"", kind}:
            continue
        names = sorted({each.logical for each in found if each.kind == kind})
        numbers = [
            slot
            for source in sources
            for p in _parameters(source, asked.parameter)
            for slot in p.slots
            if not p.only or p.only.get(slot, kind) == kind
        ]
        if not numbers:
            continue
        where = (
            f"e.id IN (SELECT x.entry FROM record_reference x WHERE {slots_sql('x', numbers)} "
            f"AND x.target IN ({marks(names)}) AND x.kind = %s)"
        )
        brought += _shown(where, [*names, kind], context)
    return brought


def _shown(where: str, values: list[Any], context: Context) -> list[Shown]:
    sql = f"SELECT {columns('e')} FROM record_entry e WHERE {where} AND e.status <> 'deleted'"
    if context.scope is not None:
        said, more = context.scope.row_sql("e")
        sql += f" AND {said}"
        values = [*values, *more]
    return [shown(row) for row in rows(f"{sql} ORDER BY e.entry LIMIT {MOST + 1}", values)]
