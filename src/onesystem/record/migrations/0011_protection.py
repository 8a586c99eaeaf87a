"""Corrections, legal holds, retention and local code lists: see their `rows` modules."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """What data protection keeps."""

    dependencies = [
        ("record", "0010_index_by_row"),
    ]

    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person", models.BigIntegerField()),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("rule", models.CharField(max_length=60)),
                ("reason", models.TextField()),
                ("counts", models.TextField()),
                ("todo", models.TextField(blank=True)),
                ("finished_at", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "record_certificate",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", False), ("todo", "")),
                            models.Q(
                                models.Q(("todo", ""), _negated=True), ("finished_at__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="record_certificate_finished",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CodeRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("codeset", models.BigIntegerField()),
                ("system", models.TextField()),
                ("code", models.TextField()),
                ("display", models.TextField(blank=True)),
                ("parent", models.TextField(blank=True)),
            ],
            options={
                "db_table": "record_code",
                "indexes": [
                    models.Index(models.F("system"), models.F("code"), name="record_code_of"),
                    models.Index(models.F("codeset"), models.F("parent"), name="record_code_below"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("codeset", "system", "code"), name="record_code_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CodeSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.TextField()),
                ("version", models.TextField(blank=True)),
                ("kind", models.CharField(max_length=10)),
                ("name", models.TextField(blank=True)),
                ("source", models.TextField()),
                ("licence", models.TextField(blank=True)),
                ("file", models.CharField(max_length=32)),
                ("loaded_at", models.BigIntegerField()),
                ("loaded_by", models.CharField(max_length=150)),
                ("current", models.BooleanField(default=True)),
            ],
            options={
                "db_table": "record_codeset",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("current", True)),
                        fields=("url", "kind"),
                        name="record_codeset_current",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["ValueSet", "CodeSystem"])),
                        name="record_codeset_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("about", models.CharField(max_length=7)),
                ("source", models.TextField()),
                ("kind", models.TextField(blank=True)),
                ("key", models.TextField()),
                ("target", models.BigIntegerField()),
                ("item", models.BigIntegerField()),
                ("identity", models.BigIntegerField()),
                ("what", models.TextField()),
                ("wrong", models.TextField()),
                ("should", models.TextField()),
                ("evidence", models.TextField(blank=True)),
                ("asked_at", models.BigIntegerField()),
                ("asked_by", models.CharField(max_length=150)),
                ("asked_as", models.CharField(max_length=7)),
                ("due", models.CharField(max_length=10)),
                ("state", models.CharField(default="open", max_length=9)),
                ("decided_at", models.BigIntegerField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=150)),
                ("reason", models.TextField(blank=True)),
                ("statement", models.TextField(blank=True)),
                ("was", models.TextField(default="{}")),
                ("change", models.TextField(default="{}")),
                ("before", models.TextField(default="{}")),
                ("undone_at", models.BigIntegerField(null=True)),
                ("undone_by", models.CharField(blank=True, max_length=150)),
                ("undone_reason", models.TextField(blank=True)),
                ("told_at", models.BigIntegerField(null=True)),
                ("told_by", models.CharField(blank=True, max_length=150)),
                ("again_at", models.BigIntegerField(null=True)),
                ("again_said", models.TextField(blank=True)),
                ("again_by", models.CharField(blank=True, max_length=150)),
                ("again_note", models.TextField(blank=True)),
                ("holds", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "record_correction",
                "indexes": [
                    models.Index(
                        models.F("target"),
                        condition=models.Q(("holds", True)),
                        name="record_correction_target",
                    ),
                    models.Index(models.F("item"), name="record_correction_item"),
                    models.Index(models.F("identity"), name="record_correction_whose"),
                    models.Index(
                        models.F("due"),
                        condition=models.Q(("state", "open")),
                        name="record_correction_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("about__in", ["entry", "contact", "person"])),
                        name="record_correction_about",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True), ("state__in", ["open", "withdrawn"])
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("state__in", ["accepted", "refused"]),
                                models.Q(("decided_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="record_correction_decided",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("holds", False),
                            models.Q(
                                ("state__in", ["accepted", "refused"]), ("undone_at__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="record_correction_holds",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person", models.BigIntegerField()),
                ("due", models.CharField(max_length=10)),
                ("rule", models.CharField(max_length=60)),
                ("why", models.TextField()),
                ("found_at", models.BigIntegerField()),
                ("decision", models.CharField(blank=True, max_length=9)),
                ("reason", models.TextField(blank=True)),
                ("review", models.CharField(blank=True, max_length=10)),
                ("decided_at", models.BigIntegerField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=150)),
            ],
            options={
                "db_table": "record_due",
                "indexes": [models.Index(models.F("due"), name="record_due_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decision", "")),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decision__in", ["keep", "destroyed"]),
                                models.Q(("reason", ""), _negated=True),
                                models.Q(("decided_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="record_due_decided",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("decision", "")),
                        fields=("person",),
                        name="record_due_waits_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("person", models.BigIntegerField()),
                ("reason", models.TextField()),
                ("reference", models.CharField(max_length=200)),
                ("since", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("review", models.CharField(max_length=10)),
                ("until", models.BigIntegerField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=150)),
                ("ended_reason", models.TextField(blank=True)),
            ],
            options={
                "db_table": "record_hold",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_by", ""), ("until__isnull", True)),
                            models.Q(
                                ("until__gte", models.F("since")),
                                models.Q(("ended_by", ""), _negated=True),
                                models.Q(("ended_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="record_hold_ends_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="record_hold_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HoldOn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hold", models.BigIntegerField()),
                ("identity", models.BigIntegerField()),
                ("entry", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "record_hold_on",
                "indexes": [
                    models.Index(models.F("identity"), name="record_hold_on_identity"),
                    models.Index(models.F("hold"), name="record_hold_on_hold"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tomb",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.TextField()),
                ("digest", models.CharField(max_length=32)),
                ("at", models.BigIntegerField()),
                ("certificate", models.BigIntegerField()),
            ],
            options={
                "db_table": "record_tomb",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "digest", "certificate"), name="record_tomb_once"
                    )
                ],
            },
        ),
    ]
