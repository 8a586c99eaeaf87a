"""What triage keep."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("care", "0007_episodes")]

    operations = [
        migrations.CreateModel(
            name='CrewRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(max_length=40, unique=True)),
                ('identity', models.BigIntegerField()),
                ('contact', models.BigIntegerField(null=True)),
                ('outcome', models.CharField(max_length=10)),
                ('service', models.CharField(blank=True, max_length=100)),
                ('said', models.TextField()),
                ('organisation', models.CharField(max_length=100)),
                ('by', models.CharField(max_length=150)),
                ('at', models.BigIntegerField()),
                ('message', models.BigIntegerField()),
            ],
            options={
                'db_table': 'care_crew',
                'indexes': [models.Index(models.F('identity'), name='care_crew_person'), models.Index(models.F('by'), models.F('at'), name='care_crew_by')],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ('convey', 'ring', 'leave', 'acute', 'falls'))), name='care_crew_outcome')],
            },
        ),
        migrations.CreateModel(
            name='SwitchRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60)),
                ('version', models.IntegerField()),
                ('on', models.BooleanField()),
                ('reason', models.CharField(max_length=500)),
                ('by', models.CharField(max_length=150)),
                ('at', models.BigIntegerField()),
            ],
            options={
                'db_table': 'care_table_switch',
                'indexes': [models.Index(models.F('key'), models.F('at'), name='care_table_switch_of')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='care_table_switch_why')],
            },
        ),
        migrations.CreateModel(
            name='TableRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60)),
                ('version', models.IntegerField()),
                ('text', models.TextField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.BigIntegerField()),
            ],
            options={
                'db_table': 'care_table',
                'constraints': [models.UniqueConstraint(fields=('key', 'version'), name='care_table_once'), models.CheckConstraint(condition=models.Q(('version__gt', 0)), name='care_table_counts')],
            },
        ),
    ]
