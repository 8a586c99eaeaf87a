"""What the contracts part of the budget room keeps, and what the database refuses to change."""

from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.budget.contracts.guards import lower_guards, raise_guards


class Migration(migrations.Migration):
    dependencies = [
        ("budget", "0003_costing"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContractRow",
            fields=[
                ("slug", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("steps", models.IntegerField(default=0)),
                ("settlements", models.IntegerField(default=0)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "budget_contract",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("slug", ""), _negated=True), name="budget_contract_slug"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="budget_contract_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by", ""), _negated=True), name="budget_contract_by"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContractStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contract", models.CharField(max_length=80)),
                ("step", models.IntegerField()),
                ("number", models.IntegerField(default=0)),
                ("settlement", models.IntegerField(default=0)),
                ("kind", models.CharField(max_length=20)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("why", models.CharField(default="", max_length=1000)),
            ],
            options={
                "db_table": "budget_contract_step",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contract", "step"), name="budget_contract_step_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by", ""), _negated=True),
                        name="budget_contract_step_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SettledLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contract", models.CharField(max_length=80)),
                ("settlement", models.IntegerField()),
                ("nth", models.IntegerField()),
                ("rule", models.CharField(max_length=200)),
                ("words", models.CharField(max_length=1000)),
                ("source", models.CharField(default="", max_length=1000)),
                ("amount", models.BigIntegerField()),
                ("party", models.CharField(default="", max_length=200)),
                ("fact", models.CharField(default="", max_length=200)),
            ],
            options={
                "db_table": "budget_settled_line",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contract", "settlement", "nth"), name="budget_settled_line_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SettlementRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contract", models.CharField(max_length=80)),
                ("settlement", models.IntegerField()),
                ("version", models.IntegerField()),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("state", models.CharField(default="draft", max_length=10)),
                ("facts", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("reverses", models.IntegerField(default=0)),
                ("reversed_by", models.IntegerField(default=0)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("why", models.CharField(default="", max_length=1000)),
                ("posted", models.BigIntegerField(default=0)),
                ("postings", models.TextField(default="[]")),
            ],
            options={
                "db_table": "budget_settlement",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contract", "settlement"), name="budget_settled_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "signed"))),
                        fields=("contract",),
                        name="budget_settlement_one_open",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reversed_by", 0), ("state", "posted")),
                        fields=("contract", "since"),
                        name="budget_settlement_one_stands",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("draft", "signed", "posted", "withdrawn"))
                        ),
                        name="budget_settlement_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("since"))),
                        name="budget_settlement_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "posted"), ("posted", 0), _connector="XOR"),
                        name="budget_settlement_posted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by", ""), _negated=True), name="budget_settlement_by"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignatureRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contract", models.CharField(max_length=80)),
                ("number", models.IntegerField()),
                ("settlement", models.IntegerField(default=0)),
                ("party", models.CharField(max_length=200)),
                ("signatory", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "budget_contract_signature",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contract", "number", "settlement", "party"),
                        name="budget_signature_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", ""), _negated=True),
                            models.Q(("signatory", ""), _negated=True),
                            models.Q(("party", ""), _negated=True),
                        ),
                        name="budget_signature_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VersionRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("contract", models.CharField(max_length=80)),
                ("number", models.IntegerField()),
                ("state", models.CharField(default="draft", max_length=10)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("body", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("published", models.BigIntegerField(default=0)),
                ("override", models.CharField(default="", max_length=1000)),
                ("override_by", models.CharField(default="", max_length=150)),
            ],
            options={
                "db_table": "budget_contract_version",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contract", "number"), name="budget_version_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "signing", "signed"))),
                        fields=("contract",),
                        name="budget_version_one_open",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "published")),
                        fields=("contract", "since"),
                        name="budget_version_one_from",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("draft", "signing", "signed", "published", "withdrawn"))
                        ),
                        name="budget_version_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("until__gt", models.F("since")),
                            _connector="OR",
                        ),
                        name="budget_version_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "published"), ("published", 0), _connector="XOR"
                        ),
                        name="budget_version_published",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by", ""), _negated=True), name="budget_version_by"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("override", ""),
                            models.Q(("override_by", ""), _negated=True),
                            _connector="XOR",
                        ),
                        name="budget_version_override",
                    ),
                ],
            },
        ),
        OnStore(
            lambda apps, editor: raise_guards(editor.connection),
            lambda apps, editor: lower_guards(editor.connection),
        ),
    ]
