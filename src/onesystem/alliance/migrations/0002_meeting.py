"""What the meeting part of the alliance room keeps, and what the database refuses to change."""

import django.db.models.deletion
from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.alliance.meeting.guards import lower_guards, raise_guards


class Migration(migrations.Migration):
    """Meetings, attendance, proposals with their versions, voices, decisions, the register."""

    dependencies = [("alliance", "0001_charter")]

    operations = [
        migrations.CreateModel(
            name="RegisterHead",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("length", models.IntegerField()),
                ("decisions", models.IntegerField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "alliance_register_head",
            },
        ),
        migrations.CreateModel(
            name="Registered",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("kind", models.CharField(max_length=12)),
                ("alliance", models.CharField(max_length=60)),
                ("decision", models.IntegerField(default=0)),
                ("body", models.TextField()),
                ("previous", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "alliance_register",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number__gt", 0),
                            models.Q(("by", ""), _negated=True),
                            models.Q(("kind", ""), _negated=True),
                            models.Q(("body", ""), _negated=True),
                        ),
                        name="alliance_register_says",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("starts", models.BigIntegerField()),
                ("place", models.CharField(default="", max_length=200)),
                ("state", models.CharField(default="planned", max_length=10)),
                ("opened", models.BigIntegerField(null=True)),
                ("closed", models.BigIntegerField(null=True)),
                ("charter", models.IntegerField(default=0)),
                ("notes", models.TextField(default="")),
                ("confirmed", models.BigIntegerField(null=True)),
                ("confirmed_by", models.CharField(default="", max_length=150)),
                ("steps", models.IntegerField(default=0)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.alliance"
                    ),
                ),
                (
                    "chair",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="alliance.member",
                    ),
                ),
            ],
            options={
                "db_table": "alliance_meeting",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("planned", "open", "closed", "cancelled"))
                        ),
                        name="alliance_meeting_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_meeting_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed__isnull", True),
                            ("closed__gte", models.F("opened")),
                            _connector="OR",
                        ),
                        name="alliance_meeting_forward",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed__isnull", True), ("state", "closed"), _connector="OR"
                        ),
                        name="alliance_meeting_confirmed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.IntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("what", models.CharField(default="", max_length=200)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("why", models.CharField(default="", max_length=1000)),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.meeting"
                    ),
                ),
            ],
            options={
                "db_table": "alliance_meeting_step",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "step"), name="alliance_meeting_step_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", ""), _negated=True),
                            models.Q(("kind", ""), _negated=True),
                        ),
                        name="alliance_step_who",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("came", models.BigIntegerField()),
                ("left", models.BigIntegerField(null=True)),
                ("by", models.CharField(max_length=150)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.member"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.meeting"
                    ),
                ),
            ],
            options={
                "db_table": "alliance_attendance",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("left__isnull", True)),
                        fields=("meeting", "member"),
                        name="alliance_attendance_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("left__isnull", True), ("left__gte", models.F("came")), _connector="OR"
                        ),
                        name="alliance_attendance_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Apology",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.member"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.meeting"
                    ),
                ),
            ],
            options={
                "db_table": "alliance_apology",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "member"), name="alliance_apology_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("state", models.CharField(default="draft", max_length=10)),
                ("funds", models.IntegerField(default=0)),
                ("steps", models.IntegerField(default=0)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.alliance"
                    ),
                ),
            ],
            options={
                "db_table": "alliance_proposal",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ("draft", "ready", "listed", "returned", "agreed", "withdrawn"),
                            )
                        ),
                        name="alliance_proposal_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_proposal_named",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposalVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.IntegerField()),
                ("ready", models.BooleanField(default=False)),
                ("body", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("why", models.CharField(default="", max_length=1000)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="alliance.proposal",
                    ),
                ),
            ],
            options={
                "db_table": "alliance_proposal_version",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "number"), name="alliance_proposal_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_proposal_version_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProposalStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.IntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("version", models.IntegerField(default=0)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("why", models.CharField(default="", max_length=4000)),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.proposal"
                    ),
                ),
            ],
            options={
                "db_table": "alliance_proposal_step",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("proposal", "step"), name="alliance_proposal_step_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", ""), _negated=True),
                            models.Q(("kind", ""), _negated=True),
                        ),
                        name="alliance_proposal_step_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.IntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("title", models.CharField(max_length=200)),
                ("version", models.IntegerField(default=0)),
                ("decision", models.IntegerField(default=0)),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("opened", models.BigIntegerField(null=True)),
                ("closed", models.BigIntegerField(null=True)),
                ("charter", models.IntegerField(default=0)),
                ("outcome", models.CharField(default="", max_length=10)),
                ("minutes", models.TextField(default="")),
                ("worked", models.TextField(default="")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="alliance.meeting",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="alliance.proposal",
                    ),
                ),
            ],
            options={
                "db_table": "alliance_item",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("waiting", "open", "closed", "carried")),
                            ("kind__in", ("decision", "review", "discussion", "information")),
                            ("outcome__in", ("", "agreed", "returned", "noted", "carried")),
                        ),
                        name="alliance_item_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "decision"), ("proposal__isnull", True), _connector="XOR"
                        ),
                        name="alliance_item_about",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("meeting",),
                        name="alliance_item_one_open",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("proposal__isnull", False), ("state__in", ("waiting", "open"))
                        ),
                        fields=("proposal",),
                        name="alliance_item_proposal_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed__isnull", True),
                            ("closed__gte", models.F("opened")),
                            _connector="OR",
                        ),
                        name="alliance_item_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Handling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("handling", models.CharField(max_length=6)),
                ("reason", models.CharField(max_length=1000)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                (
                    "interest",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="alliance.interest",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.member"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.item"
                    ),
                ),
            ],
            options={
                "db_table": "alliance_handling",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("handling__in", ("stay", "speak", "leave")),
                            models.Q(("reason", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_handling_says",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Voice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.IntegerField()),
                ("said", models.CharField(max_length=6)),
                ("reason", models.CharField(default="", max_length=2000)),
                ("way", models.CharField(default="room", max_length=7)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.item"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.member"
                    ),
                ),
            ],
            options={
                "db_table": "alliance_voice",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("said__in", ("agree", "aside", "object")),
                            ("way__in", ("room", "written")),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_voice_says",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("said", "object"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="alliance_voice_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=500)),
                ("due", models.DateField()),
                ("state", models.CharField(default="open", max_length=8)),
                ("ended", models.BigIntegerField(null=True)),
                ("words", models.CharField(default="", max_length=1000)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.member"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="alliance.item"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="alliance.meeting",
                    ),
                ),
            ],
            options={
                "db_table": "alliance_action",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("open", "done", "dropped"))),
                        name="alliance_action_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"), ("ended__isnull", False), _connector="XOR"
                        ),
                        name="alliance_action_ended",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("what", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_action_says",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False)),
                ("version", models.IntegerField()),
                ("title", models.CharField(max_length=200)),
                ("funding", models.CharField(max_length=5)),
                ("funds", models.IntegerField(default=0)),
                ("asks", models.TextField(default="[]")),
                ("body", models.TextField()),
                ("review", models.DateField(null=True)),
                ("state", models.CharField(default="agreed", max_length=10)),
                ("steps", models.IntegerField(default=0)),
                ("at", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                (
                    "alliance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.alliance"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="alliance.item",
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="alliance.proposal"
                    ),
                ),
            ],
            options={
                "db_table": "alliance_decision",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    "agreed",
                                    "resourced",
                                    "adopted",
                                    "changed",
                                    "stopped",
                                    "withdrawn",
                                ),
                            ),
                            ("funding__in", ("asked", "later", "none")),
                        ),
                        name="alliance_decision_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number__gt", 0),
                            models.Q(("title", ""), _negated=True),
                            models.Q(("by", ""), _negated=True),
                        ),
                        name="alliance_decision_named",
                    ),
                    models.UniqueConstraint(
                        fields=("proposal", "version"), name="alliance_decision_once"
                    ),
                ],
            },
        ),
        OnStore(
            lambda apps, editor: raise_guards(editor.connection, without=('group_id',)),
            lambda apps, editor: lower_guards(editor.connection),
        ),
    ]
