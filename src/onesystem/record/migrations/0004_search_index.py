"""The tables that make the record searchable."""

from typing import Any, ClassVar

from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.record.fhir.searching.tables import create, drop


def _state(name: str, table: str, key: tuple[str, ...], own: list[Any], by_entry: bool) -> Any:
    indexes = [models.Index("entry", "slot", name=f"{table}_entry")] if by_entry else []
    fields = [
        ("pk", models.CompositePrimaryKey(*key, blank=True, editable=False, primary_key=True,
                                          serialize=False)),
        ("slot", models.IntegerField()),
        ("entry", models.BigIntegerField()),
        ("part", models.SmallIntegerField()),
        *own,
    ]  # fmt: skip
    return migrations.CreateModel(
        name=name, fields=fields, options={"db_table": table, "abstract": False,
                                           "indexes": indexes}
    )  # fmt: skip


class Migration(migrations.Migration):
    """Made by hand: without row ids on SQLite, texts in the order of bytes on PostgreSQL."""

    dependencies: ClassVar = [("record", "0003_named_once")]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            database_operations=[OnStore(create, drop)],
            state_operations=[
                _state("IndexedToken", "record_token",
                       ("slot", "code", "entry", "system", "part"),
                       [("code", models.TextField()), ("system", models.BigIntegerField())], False),
                _state("IndexedString", "record_string",
                       ("slot", "plain", "entry", "exact", "part"),
                       [("plain", models.TextField()), ("exact", models.TextField())], True),
                _state("IndexedDate", "record_date", ("slot", "low", "high", "entry", "part"),
                       [("low", models.BigIntegerField()), ("high", models.BigIntegerField())],
                       True),
                _state("IndexedQuantity", "record_quantity",
                       ("slot", "low", "high", "unit", "system", "entry", "part"),
                       [("low", models.FloatField()), ("high", models.FloatField()),
                        ("unit", models.TextField()), ("system", models.BigIntegerField())], True),
                _state("IndexedReference", "record_reference",
                       ("slot", "target", "entry", "kind", "part"),
                       [("target", models.TextField()), ("kind", models.TextField())], True),
            ],
        )
    ]  # fmt: skip
