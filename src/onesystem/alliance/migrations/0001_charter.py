"""What the charter part of the alliance room keeps."""

import django.db.models.deletion
from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.alliance.charter.guards import lower_guards, raise_guards


class Migration(migrations.Migration):
    """Parties, members, charter, interests, service alliances, disagreements, procurements."""

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Alliance",
            fields=[
                ("code", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("about", models.CharField(default="", max_length=2000)),
                ("steps", models.IntegerField(default=0)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "alliance_alliance",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True),
                            models.Q(("name", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_alliance_named",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AllianceStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.alliance"
                    ),
                ),
                ("step", models.IntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("what", models.CharField(default="", max_length=200)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("why", models.CharField(default="", max_length=1000)),
            ],
            options={
                "db_table": "alliance_step",
                "constraints": [
                    models.UniqueConstraint(fields=("alliance", "step"), name="alliance_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", ""), _negated=True),
                            models.Q(("kind", ""), _negated=True),
                        ),
                        name="alliance_step_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.alliance"
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("organisation", models.CharField(default="", max_length=60)),
                ("funder", models.BooleanField(default=False)),
                ("since", models.BigIntegerField()),
                ("until", models.BigIntegerField(null=True)),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "alliance_party",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("alliance", "code"),
                        name="alliance_party_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="alliance_party_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True),
                            models.Q(("name", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_party_named",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.alliance"
                    ),
                ),
                ("username", models.CharField(default="", max_length=150)),
                ("name", models.CharField(max_length=200)),
                ("perspective", models.CharField(max_length=200)),
                ("seat", models.CharField(default="member", max_length=10)),
                ("profession", models.CharField(default="", max_length=60)),
                ("sector", models.CharField(default="", max_length=60)),
                ("clinical", models.BooleanField(default=False)),
                ("employer", models.CharField(default="", max_length=200)),
                ("commands", models.CharField(default="", max_length=60)),
                ("most", models.BigIntegerField(default=0)),
                ("independence", models.CharField(default="", max_length=2000)),
                ("since", models.BigIntegerField()),
                ("until", models.BigIntegerField(null=True)),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "alliance_member",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seat__in", ("chair", "deputy", "community", "member"))
                        ),
                        name="alliance_member_seat",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("perspective", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_member_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seat", "chair"), _negated=True),
                            models.Q(
                                ("commands", ""), models.Q(("independence", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="alliance_member_chair_independent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="alliance_member_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("most__gte", 0)), name="alliance_member_most"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("until__isnull", True), models.Q(("username", ""), _negated=True)
                        ),
                        fields=("alliance", "username"),
                        name="alliance_member_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("seat", "chair"), ("until__isnull", True)),
                        fields=("alliance",),
                        name="alliance_member_one_chair",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("seat", "deputy"), ("until__isnull", True)),
                        fields=("alliance",),
                        name="alliance_member_one_deputy",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.alliance"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="alliance.member"
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="alliance.party"
                    ),
                ),
                ("since", models.BigIntegerField()),
                ("until", models.BigIntegerField(null=True)),
                ("why", models.CharField(max_length=1000)),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "alliance_suspension",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("member__isnull", True), ("party__isnull", True), _connector="XOR"
                        ),
                        name="alliance_suspension_of_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("why", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_suspension_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="alliance_suspension_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Competence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.member"
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("level", models.IntegerField()),
            ],
            options={
                "db_table": "alliance_competence",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("member", "code"), name="alliance_competence_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("level__gte", 1), ("level__lte", 3)),
                        name="alliance_competence_level",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CharterVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.alliance"
                    ),
                ),
                ("number", models.IntegerField()),
                ("state", models.CharField(default="draft", max_length=10)),
                ("since", models.BigIntegerField(null=True)),
                ("until", models.BigIntegerField(null=True)),
                ("body", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("why", models.CharField(default="", max_length=1000)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "alliance_charter",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alliance", "number"), name="alliance_charter_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ("draft", "signing", "in force", "superseded", "withdrawn"),
                            )
                        ),
                        name="alliance_charter_state",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("draft", "signing"))),
                        fields=("alliance",),
                        name="alliance_charter_one_open",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in force")),
                        fields=("alliance",),
                        name="alliance_charter_one_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("in force", "superseded")),
                            ("since__isnull", True),
                            _connector="XOR",
                        ),
                        name="alliance_charter_since",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="alliance_charter_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", ""), _negated=True),
                            models.Q(("body", ""), _negated=True),
                        ),
                        name="alliance_charter_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CharterSignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.charterversion"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.member"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "alliance_charter_signature",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "member"), name="alliance_signed_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by", ""), _negated=True), name="alliance_signed_by"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Interest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.member"
                    ),
                ),
                ("category", models.CharField(max_length=30)),
                ("words", models.CharField(max_length=1000)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "alliance_interest",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("category", ""), _negated=True),
                            models.Q(("words", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_interest_says",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="alliance_interest_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InterestIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "interest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="touches",
                        to="alliance.interest",
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=100)),
            ],
            options={
                "db_table": "alliance_interest_in",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("interest", "kind", "code"), name="alliance_interest_in_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ("organisation", "service", "line", "contract")),
                            models.Q(("code", ""), _negated=True),
                        ),
                        name="alliance_interest_in_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceAlliance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.alliance"
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("scope", models.CharField(max_length=2000)),
                ("mandate", models.CharField(max_length=2000)),
                ("most", models.BigIntegerField(default=0)),
                ("services", models.TextField(default="[]")),
                ("since", models.BigIntegerField()),
                ("until", models.BigIntegerField(null=True)),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "alliance_service_alliance",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alliance", "code"), name="alliance_service_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True),
                            models.Q(("name", ""), _negated=True),
                            models.Q(("scope", ""), _negated=True),
                            models.Q(("mandate", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_service_says",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="alliance_service_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ServiceMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.servicealliance"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="alliance.member"
                    ),
                ),
                ("username", models.CharField(default="", max_length=150)),
                ("name", models.CharField(max_length=200)),
                ("perspective", models.CharField(max_length=200)),
                ("leads", models.BooleanField(default=False)),
                ("clinical", models.BooleanField(default=False)),
                ("since", models.BigIntegerField()),
                ("until", models.BigIntegerField(null=True)),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "alliance_service_member",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("perspective", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_service_member_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="alliance_service_member_forward",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("leads", True), ("until__isnull", True)),
                        fields=("group",),
                        name="alliance_service_one_lead",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Disagreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.alliance"
                    ),
                ),
                ("number", models.IntegerField()),
                ("kind", models.CharField(default="disagreement", max_length=12)),
                ("title", models.CharField(max_length=200)),
                ("words", models.CharField(max_length=4000)),
                ("between", models.TextField(default="[]")),
                ("proposal", models.IntegerField(default=0)),
                ("charter", models.IntegerField()),
                ("rung", models.IntegerField(default=1)),
                ("due", models.BigIntegerField()),
                ("state", models.CharField(default="open", max_length=10)),
                ("steps", models.IntegerField(default=0)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "alliance_disagreement",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alliance", "number"), name="alliance_disagreement_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ("disagreement", "breach")),
                            ("state__in", ("open", "resolved", "withdrawn")),
                            ("rung__gte", 1),
                            models.Q(("title", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_disagreement_says",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DisagreementStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        db_column="of",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="alliance.disagreement",
                    ),
                ),
                ("step", models.IntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("rung", models.IntegerField()),
                ("words", models.CharField(default="", max_length=4000)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "alliance_disagreement_step",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("of", "step"), name="alliance_disagreement_step_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", ""), _negated=True),
                            models.Q(("kind", ""), _negated=True),
                        ),
                        name="alliance_disagreement_step_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Procurement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.alliance"
                    ),
                ),
                ("number", models.IntegerField()),
                ("title", models.CharField(max_length=200)),
                ("words", models.CharField(default="", max_length=4000)),
                ("law", models.CharField(max_length=60)),
                ("route", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=2000)),
                ("buyer", models.CharField(max_length=60)),
                ("services", models.TextField(default="[]")),
                ("value", models.BigIntegerField(default=0)),
                ("decision", models.IntegerField(default=0)),
                ("opened", models.DateField()),
                ("state", models.CharField(default="open", max_length=10)),
                ("steps", models.IntegerField(default=0)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "alliance_procurement",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alliance", "number"), name="alliance_procurement_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("open", "awarded", "abandoned")),
                            ("value__gte", 0),
                            models.Q(("title", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_procurement_says",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProcurementStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        db_column="of",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="alliance.procurement",
                    ),
                ),
                ("step", models.IntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("on", models.DateField()),
                ("words", models.CharField(default="", max_length=4000)),
                ("body", models.TextField(default="{}")),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
            ],
            options={
                "db_table": "alliance_procurement_step",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("of", "step"), name="alliance_procurement_step_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", ""), _negated=True),
                            models.Q(("kind", ""), _negated=True),
                        ),
                        name="alliance_procurement_step_by",
                    ),
                ],
            },
        ),
        OnStore(
            lambda apps, editor: raise_guards(editor.connection),  # noqa: ARG005
            lambda apps, editor: lower_guards(editor.connection),  # noqa: ARG005
        ),
    ]
