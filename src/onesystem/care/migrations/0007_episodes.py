"""What episodes keep."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("care", "0006_drafts")]

    operations = [
        migrations.CreateModel(
            name='EpisodeAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('episode', models.BigIntegerField()),
                ('identity', models.BigIntegerField()),
                ('verb', models.TextField()),
                ('act', models.TextField()),
                ('digest', models.TextField()),
                ('by', models.TextField()),
                ('at', models.BigIntegerField()),
                ('said', models.TextField()),
                ('message', models.BigIntegerField()),
            ],
            options={
                'db_table': 'care_episode_act',
                'indexes': [models.Index(models.F('identity'), name='care_episode_act_person')],
                'constraints': [models.UniqueConstraint(fields=('episode', 'act', 'digest'), name='care_episode_act_once'), models.CheckConstraint(condition=models.Q(('verb__in', ('proposed', 'checked', 'line', 'ordered', 'started', 'visited', 'reviewed', 'escalated', 'settled', 'extended', 'delayed', 'stopped', 'ended', 'undone')), models.Q(('by', ''), _negated=True)), name='care_episode_act_said')],
            },
        ),
        migrations.CreateModel(
            name='EpisodeRow',
            fields=[
                ('episode', models.BigIntegerField(primary_key=True, serialize=False)),
                ('identity', models.BigIntegerField()),
                ('package', models.TextField()),
                ('title', models.TextField()),
                ('purpose', models.TextField()),
                ('service', models.TextField()),
                ('services', models.TextField()),
                ('state', models.TextField()),
                ('at', models.BigIntegerField()),
                ('planned', models.BigIntegerField(null=True)),
                ('started', models.BigIntegerField(null=True)),
                ('until', models.BigIntegerField(null=True)),
                ('review', models.BigIntegerField(null=True)),
                ('ended', models.BigIntegerField(null=True)),
                ('outcome', models.TextField()),
                ('cap', models.BigIntegerField()),
                ('allowed', models.BigIntegerField()),
                ('total', models.BigIntegerField()),
                ('escalations', models.IntegerField()),
                ('stay', models.BigIntegerField(default=0)),
                ('steps', models.IntegerField()),
            ],
            options={
                'db_table': 'care_episode',
                'indexes': [models.Index(models.F('identity'), name='care_episode_person'), models.Index(models.F('state'), models.F('started'), name='care_episode_now')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('planned', 'at home', 'ended'))), name='care_episode_state'), models.CheckConstraint(condition=models.Q(models.Q(('ended__isnull', False), ('state', 'ended'), models.Q(('outcome', ''), _negated=True)), models.Q(models.Q(('state', 'ended'), _negated=True), ('ended__isnull', True)), _connector='OR'), name='care_episode_outcome')],
            },
        ),
    ]
