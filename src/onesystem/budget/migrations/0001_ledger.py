"""What the ledger part of the budget room keeps."""

from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.budget.ledger import schema


def _text(*names):
    return [(name, models.TextField()) for name in names]


_STATE = [
    migrations.CreateModel(
        name="Heading",
        fields=[
            ("id", models.BigIntegerField(primary_key=True, serialize=False)),
            *_text("book", "account", "line", "fund", "organisation", "service", "setting",
                   "contract", "decision"),
        ],
        options={"db_table": "budget_heading"},
    ),
    migrations.CreateModel(
        name="LegRow",
        fields=[
            ("pk", models.CompositePrimaryKey("posting", "number", blank=True, editable=False, primary_key=True, serialize=False)),
            ("posting", models.BigIntegerField()),
            ("number", models.IntegerField()),
            ("heading", models.BigIntegerField()),
            ("month", models.IntegerField()),
            ("amount", models.BigIntegerField()),
            *_text("person"),
        ],
        options={"db_table": "budget_leg"},
    ),
    migrations.CreateModel(
        name="PostingRow",
        fields=[
            ("id", models.BigIntegerField(primary_key=True, serialize=False)),
            ("at", models.BigIntegerField()),
            *_text("by", "kind", "book"),
            ("month", models.IntegerField()),
            *_text("currency", "words", "key", "cause"),
            ("act", models.BigIntegerField()),
            ("reverses", models.BigIntegerField(null=True)),
            ("reservation", models.BigIntegerField(null=True)),
            *_text("previous", "digest"),
        ],
        options={"db_table": "budget_posting"},
    ),
    migrations.CreateModel(
        name="Cell",
        fields=[
            ("pk", models.CompositePrimaryKey("heading", "month", blank=True, editable=False, primary_key=True, serialize=False)),
            ("heading", models.BigIntegerField()),
            ("month", models.IntegerField()),
            ("amount", models.BigIntegerField()),
            ("legs", models.BigIntegerField()),
        ],
        options={"db_table": "budget_cell"},
    ),
    migrations.CreateModel(
        name="Closing",
        fields=[
            ("month", models.IntegerField(primary_key=True, serialize=False)),
            ("at", models.BigIntegerField()),
            *_text("by", "kind"),
            ("length", models.BigIntegerField()),
            *_text("digest"),
        ],
        options={"db_table": "budget_closing"},
    ),
    migrations.CreateModel(
        name="LedgerHead",
        fields=[
            ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
            ("length", models.BigIntegerField()),
            *_text("digest", "currency"),
        ],
        options={"db_table": "budget_ledger_head"},
    ),
]


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=_STATE,
            database_operations=[
                OnStore(
                    lambda apps, editor: schema.create(editor.connection),
                    lambda apps, editor: schema.drop(editor.connection),
                ),
            ],
        ),
    ]
