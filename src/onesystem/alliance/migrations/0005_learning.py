"""What the learning part of the alliance room keeps."""

import django.db.models.deletion
from django.db import migrations, models

from onesystem.access import held
from onesystem.access.migrating import OnStore
from onesystem.alliance.learning.guards import REGISTERS


class Migration(migrations.Migration):
    """Risks and assumptions, who leads what, networks of practices, rounds of trust."""

    dependencies = [
        ('alliance', '0004_proof'),
    ]

    operations = [
        migrations.CreateModel(
            name='TrustRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('instrument', models.CharField(max_length=40)),
                ('opens', models.DateField()),
                ('closes', models.DateField()),
                ('closed', models.BooleanField(default=False)),
                ('secret', models.CharField(default='', max_length=64)),
                ('at', models.BigIntegerField()),
                ('by', models.CharField(max_length=150)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='alliance.alliance')),
            ],
            options={
                'db_table': 'alliance_trust_round',
            },
        ),
        migrations.CreateModel(
            name='TrustReply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sector', models.CharField(max_length=60)),
                ('said', models.CharField(max_length=40)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='alliance.trustround')),
            ],
            options={
                'db_table': 'alliance_trust_reply',
            },
        ),
        migrations.CreateModel(
            name='TrustTaken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='alliance.trustround')),
            ],
            options={
                'db_table': 'alliance_trust_taken',
            },
        ),
        migrations.CreateModel(
            name='Watched',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('kind', models.CharField(max_length=10)),
                ('title', models.CharField(max_length=200)),
                ('words', models.CharField(max_length=4000)),
                ('tells', models.CharField(max_length=2000)),
                ('plan', models.CharField(default='', max_length=4000)),
                ('likelihood', models.IntegerField(default=0)),
                ('impact', models.IntegerField(default=0)),
                ('measure', models.CharField(default='', max_length=100)),
                ('decision', models.IntegerField(null=True)),
                ('review', models.DateField()),
                ('state', models.CharField(default='open', max_length=10)),
                ('steps', models.IntegerField(default=0)),
                ('at', models.BigIntegerField()),
                ('by', models.CharField(max_length=150)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='alliance.alliance')),
                ('watcher', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='alliance.member')),
            ],
            options={
                'db_table': 'alliance_watched',
            },
        ),
        migrations.CreateModel(
            name='WatchedStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.IntegerField()),
                ('kind', models.CharField(max_length=20)),
                ('words', models.CharField(max_length=2000)),
                ('at', models.BigIntegerField()),
                ('by', models.CharField(max_length=150)),
                ('watched', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='alliance.watched')),
            ],
            options={
                'db_table': 'alliance_watched_step',
            },
        ),
        migrations.CreateModel(
            name='Leads',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('what', models.CharField(max_length=200)),
                ('profession', models.CharField(max_length=60)),
                ('sector', models.CharField(max_length=60)),
                ('clinical', models.BooleanField(default=False)),
                ('since', models.DateField()),
                ('until', models.DateField(null=True)),
                ('at', models.BigIntegerField()),
                ('by', models.CharField(max_length=150)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='alliance.alliance')),
            ],
            options={
                'db_table': 'alliance_leads',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('what', ''), _negated=True), models.Q(('profession', ''), _negated=True), models.Q(('sector', ''), _negated=True), models.Q(('by', ''), _negated=True)), name='alliance_leads_said'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='alliance_leads_forward')],
            },
        ),
        migrations.CreateModel(
            name='Networked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('practice', models.CharField(max_length=60)),
                ('network', models.CharField(max_length=200)),
                ('since', models.DateField()),
                ('until', models.DateField(null=True)),
                ('at', models.BigIntegerField()),
                ('by', models.CharField(max_length=150)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='alliance.alliance')),
            ],
            options={
                'db_table': 'alliance_networked',
                'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('alliance', 'practice'), name='alliance_networked_once'), models.CheckConstraint(condition=models.Q(models.Q(('practice', ''), _negated=True), models.Q(('network', ''), _negated=True), models.Q(('by', ''), _negated=True)), name='alliance_networked_said')],
            },
        ),
        migrations.AddConstraint(
            model_name='trustround',
            constraint=models.UniqueConstraint(fields=('alliance', 'number'), name='alliance_trust_once'),
        ),
        migrations.AddConstraint(
            model_name='trustround',
            constraint=models.UniqueConstraint(condition=models.Q(('closed', False)), fields=('alliance',), name='alliance_trust_one_open'),
        ),
        migrations.AddConstraint(
            model_name='trustround',
            constraint=models.CheckConstraint(condition=models.Q(('closes__gte', models.F('opens'))), name='alliance_trust_forward'),
        ),
        migrations.AddConstraint(
            model_name='trustreply',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sector', ''), _negated=True), models.Q(('said', ''), _negated=True)), name='alliance_trust_reply_said'),
        ),
        migrations.AddConstraint(
            model_name='trusttaken',
            constraint=models.UniqueConstraint(fields=('round', 'digest'), name='alliance_trust_taken_once'),
        ),
        migrations.AddConstraint(
            model_name='watched',
            constraint=models.UniqueConstraint(fields=('alliance', 'number'), name='alliance_watched_once'),
        ),
        migrations.AddConstraint(
            model_name='watched',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('words', ''), _negated=True), models.Q(('tells', ''), _negated=True), models.Q(('by', ''), _negated=True)), name='alliance_watched_said'),
        ),
        migrations.AddConstraint(
            model_name='watched',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('impact__range', (1, 5)), ('kind', 'risk'), ('likelihood__range', (1, 5))), models.Q(('impact', 0), ('kind', 'assumption'), ('likelihood', 0)), _connector='OR'), name='alliance_watched_kind'),
        ),
        migrations.AddConstraint(
            model_name='watched',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'risk'), ('state__in', ('open', 'happened', 'closed'))), models.Q(('kind', 'assumption'), ('state__in', ('open', 'proven', 'disproven', 'closed'))), _connector='OR'), name='alliance_watched_state'),
        ),
        migrations.AddConstraint(
            model_name='watchedstep',
            constraint=models.UniqueConstraint(fields=('watched', 'step'), name='alliance_watched_step_once'),
        ),
        migrations.AddConstraint(
            model_name='watchedstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', ''), _negated=True), models.Q(('by', ''), _negated=True)), name='alliance_watched_step_by'),
        ),
        OnStore(
            lambda apps, editor: held.refuse(editor.connection, REGISTERS),  # noqa: ARG005
            lambda apps, editor: held.allow(editor.connection, REGISTERS),  # noqa: ARG005
        ),
    ]
