"""Carrying the operational store from one database to another, table by table.

Used to move a district between SQLite and PostgreSQL, and to back one up: a backup always holds
the store as SQLite, wherever it lived, so that it can be restored anywhere.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connections, models, transaction

from onesystem.access.guards import lower_all, raise_all
from onesystem.vocabulary import UserError

_CHUNK = 5_000
# Made by `migrate` on every new database, with ids of its own.
_MADE_BY_DJANGO = {"django_content_type", "auth_permission", "django_migrations"}

Progress = Callable[[str, int], None]


def carry(source: str, target: str, *, progress: Progress = lambda _t, _n: None) -> dict[str, int]:
    """Copy every table of the database alias `source` into the empty `target`; rows by table.

    Raises UserError where the target already holds rows or the counts differ afterwards.
    """
    call_command("migrate", database=target, verbosity=0, interactive=False)
    tables = list(_tables())
    for table in tables:
        if table.objects.using(target).exists():
            raise UserError(
                f"the target already holds rows in {table._meta.db_table}",  # noqa: SLF001
                "Name an empty database.",
            )
    counts = {}
    with transaction.atomic(using=target), connections[target].constraint_checks_disabled():
        lower_all(connections[target])  # what was guarded there is not counted anew here
        for table in tables:
            name = table._meta.db_table  # noqa: SLF001
            counts[name] = _copy(table, source, target)
            progress(name, counts[name])
        _restart_sequences(tables, target)
        _settle(target)
        raise_all(connections[target])
    for table in tables:
        name = table._meta.db_table  # noqa: SLF001
        if table.objects.using(target).count() != counts[name]:
            raise UserError(f"{name} did not arrive whole", "Empty the target and try again.")
    return counts


def _tables() -> Iterator[type[models.Model]]:
    """Every table of ours in an order in which what is pointed at comes first."""
    seen: set[type[models.Model]] = set()

    def visit(model: type[models.Model]) -> Iterator[type[models.Model]]:
        if model in seen or model._meta.db_table in _MADE_BY_DJANGO:  # noqa: SLF001
            return
        seen.add(model)
        for field in model._meta.get_fields():  # noqa: SLF001
            if field.is_relation and field.concrete and not field.many_to_many:
                yield from visit(field.related_model)
        if model._meta.managed and not model._meta.proxy:  # noqa: SLF001
            yield model

    for model in apps.get_models(include_auto_created=True):
        yield from visit(model)


def _copy(model: type[models.Model], source: str, target: str) -> int:
    fields = [f for f in model._meta.concrete_fields if not f.generated]  # noqa: SLF001
    rows = (
        model._base_manager.using(source)  # noqa: SLF001
        .order_by("pk")
        .values_list(*[f.attname for f in fields])
        .iterator(chunk_size=_CHUNK)
    )
    write = _write_postgres if connections[target].vendor == "postgresql" else _write_sqlite
    return write(model._meta.db_table, fields, rows, target)  # noqa: SLF001


def _prepared(fields: list[Any], rows: Iterator[Any], target: str) -> Iterator[list[Any]]:
    connection = connections[target]
    for row in rows:
        yield [f.get_db_prep_save(v, connection) for f, v in zip(fields, row, strict=True)]


def _write_postgres(table: str, fields: list[Any], rows: Iterator[Any], target: str) -> int:
    columns = ", ".join(f'"{f.column}"' for f in fields)
    count = 0
    with (
        connections[target].cursor() as cursor,
        cursor.cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy,
    ):
        for row in _prepared(fields, rows, target):
            copy.write_row(row)
            count += 1
    return count


def _write_sqlite(table: str, fields: list[Any], rows: Iterator[Any], target: str) -> int:
    columns = ", ".join(f'"{f.column}"' for f in fields)
    marks = ", ".join(["%s"] * len(fields))
    insert = f'INSERT INTO "{table}" ({columns}) VALUES ({marks})'
    count, chunk = 0, []
    with connections[target].cursor() as cursor:
        for row in _prepared(fields, rows, target):
            chunk.append(row)
            count += 1
            if len(chunk) == _CHUNK:
                cursor.executemany(insert, chunk)
                chunk.clear()
        if chunk:
            cursor.executemany(insert, chunk)
    return count


def _settle(target: str) -> None:
    """Let PostgreSQL look at what waits for the commit: a table with such rows takes no trigger."""
    if connections[target].vendor == "postgresql":
        with connections[target].cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _restart_sequences(tables: list[type[models.Model]], target: str) -> None:
    from django.core.management.color import no_style

    connection = connections[target]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
