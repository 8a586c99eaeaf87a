"""Annotations, signed step changes and saved views."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Mark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=4)),
                ("measure", models.CharField(max_length=100)),
                ("scope", models.CharField(blank=True, max_length=500)),
                ("day", models.DateField()),
                ("text", models.CharField(max_length=1000)),
                ("by", models.CharField(max_length=150)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "flow_mark",
            },
        ),
        migrations.CreateModel(
            name="View",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("owner", models.CharField(max_length=150)),
                ("address", models.CharField(max_length=2000)),
                ("shared", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "flow_view",
            },
        ),
        migrations.CreateModel(
            name="MarkUndone",
            fields=[
                (
                    "mark",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="undone",
                        serialize=False,
                        to="flow.mark",
                    ),
                ),
                ("reason", models.CharField(max_length=1000)),
                ("by", models.CharField(max_length=150)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "flow_mark_undone",
            },
        ),
        migrations.AddIndex(
            model_name="mark",
            index=models.Index(fields=["measure", "scope"], name="flow_mark_chart"),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("note", "step"))), name="flow_mark_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="flow_mark_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.CheckConstraint(
                condition=models.Q(("by", ""), _negated=True), name="flow_mark_has_author"
            ),
        ),
        migrations.AddConstraint(
            model_name="view",
            constraint=models.UniqueConstraint(fields=("owner", "name"), name="flow_view_one_name"),
        ),
        migrations.AddConstraint(
            model_name="view",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="flow_view_has_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="view",
            constraint=models.CheckConstraint(
                condition=models.Q(("address__startswith", "/measures/")),
                name="flow_view_of_measures",
            ),
        ),
        migrations.AddConstraint(
            model_name="markundone",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="flow_mark_undone_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="markundone",
            constraint=models.CheckConstraint(
                condition=models.Q(("by", ""), _negated=True), name="flow_mark_undone_has_author"
            ),
        ),
    ]
