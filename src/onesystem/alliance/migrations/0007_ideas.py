"""What ideas and training keep."""

import django.db.models.deletion
from django.db import migrations, models

from onesystem.access import held
from onesystem.access.migrating import OnStore
from onesystem.alliance.learning.guards import IDEAS


class Migration(migrations.Migration):
    """Ideas with what was done with each, and who took which course."""

    dependencies = [
        ('alliance', '0006_comparing'),
    ]

    operations = [
        migrations.CreateModel(
            name='Idea',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('words', models.CharField(max_length=4000)),
                ('sector', models.CharField(max_length=60)),
                ('organisation', models.CharField(default='', max_length=60)),
                ('state', models.CharField(default='waits', max_length=10)),
                ('due', models.DateField()),
                ('supporter', models.CharField(default='', max_length=150)),
                ('permission', models.CharField(default='', max_length=2000)),
                ('line', models.CharField(default='', max_length=120)),
                ('amount', models.BigIntegerField(default=0)),
                ('asked_again', models.BooleanField(default=False)),
                ('answered_by', models.CharField(default='', max_length=150)),
                ('steps', models.IntegerField(default=0)),
                ('at', models.BigIntegerField()),
                ('by', models.CharField(max_length=150)),
            ],
            options={
                'db_table': 'alliance_idea',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('words', ''), _negated=True), models.Q(('by', ''), _negated=True)), name='alliance_idea_said'), models.CheckConstraint(condition=models.Q(('state__in', ('waits', 'supported', 'declined', 'done', 'stopped'))), name='alliance_idea_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'supported'), _negated=True), models.Q(models.Q(('supporter', ''), _negated=True), models.Q(('permission', ''), _negated=True)), _connector='OR'), name='alliance_idea_supported_by_name'), models.CheckConstraint(condition=models.Q(('amount', 0), models.Q(('amount__gt', 0), models.Q(('line', ''), _negated=True)), _connector='OR'), name='alliance_idea_money')],
            },
        ),
        migrations.CreateModel(
            name='Trained',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(max_length=150)),
                ('course', models.CharField(max_length=200)),
                ('profession', models.CharField(max_length=60)),
                ('sector', models.CharField(max_length=60)),
                ('organisation', models.CharField(max_length=60)),
                ('on', models.DateField()),
                ('gone_at', models.BigIntegerField(null=True)),
                ('at', models.BigIntegerField()),
                ('by', models.CharField(max_length=150)),
            ],
            options={
                'db_table': 'alliance_trained',
                'constraints': [models.UniqueConstraint(condition=models.Q(('gone_at__isnull', True)), fields=('who', 'organisation', 'course'), name='alliance_trained_once'), models.CheckConstraint(condition=models.Q(models.Q(('who', ''), _negated=True), models.Q(('course', ''), _negated=True), models.Q(('organisation', ''), _negated=True), models.Q(('by', ''), _negated=True)), name='alliance_trained_said')],
            },
        ),
        migrations.CreateModel(
            name='IdeaStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.IntegerField()),
                ('kind', models.CharField(max_length=20)),
                ('words', models.CharField(max_length=4000)),
                ('at', models.BigIntegerField()),
                ('by', models.CharField(max_length=150)),
                ('idea', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='alliance.idea')),
            ],
            options={
                'db_table': 'alliance_idea_step',
                'constraints': [models.UniqueConstraint(fields=('idea', 'step'), name='alliance_idea_step_once'), models.CheckConstraint(condition=models.Q(models.Q(('kind', ''), _negated=True), models.Q(('by', ''), _negated=True)), name='alliance_idea_step_by')],
            },
        ),
        OnStore(
            lambda apps, editor: held.refuse(editor.connection, IDEAS),  # noqa: ARG005
            lambda apps, editor: held.allow(editor.connection, IDEAS),  # noqa: ARG005
        ),
    ]
