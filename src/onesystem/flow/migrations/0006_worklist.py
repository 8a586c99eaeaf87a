"""The worklist of un-coordinated care: who is on it, why, and what was done."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('flow', '0005_said'),
    ]

    operations = [
        migrations.CreateModel(
            name='Listed',
            fields=[
                ('person', models.BigIntegerField(primary_key=True, serialize=False)),
                ('practice', models.TextField()),
                ('area', models.TextField()),
                ('born', models.IntegerField(null=True)),
                ('band', models.TextField()),
                ('indices', models.TextField()),
            ],
            options={
                'db_table': 'flow_listed',
            },
        ),
        migrations.CreateModel(
            name='ListedLine',
            fields=[
                ('pk', models.CompositePrimaryKey('person', 'flag', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person', models.BigIntegerField()),
                ('flag', models.CharField(max_length=60)),
                ('count', models.IntegerField()),
                ('points', models.IntegerField()),
                ('newest', models.BigIntegerField()),
                ('sources', models.TextField()),
                ('facts', models.TextField()),
            ],
            options={
                'db_table': 'flow_listed_line',
                'constraints': [models.CheckConstraint(condition=models.Q(('count__gt', 0), ('points__gte', 0)), name='flow_listed_line_counts')],
            },
        ),
        migrations.CreateModel(
            name='ListedStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('identity', models.BigIntegerField()),
                ('kind', models.CharField(max_length=12)),
                ('by', models.CharField(max_length=150)),
                ('at', models.BigIntegerField()),
                ('text', models.CharField(default='', max_length=1000)),
                ('until', models.IntegerField(default=0)),
                ('undoes', models.BigIntegerField(default=0)),
            ],
            options={
                'db_table': 'flow_listed_step',
                'indexes': [models.Index(fields=['identity', 'id'], name='flow_listed_steps')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ('taken', 'left', 'noted', 'put aside', 'done', 'undone'))), name='flow_listed_step_kind'), models.CheckConstraint(condition=models.Q(('by', ''), _negated=True), name='flow_listed_step_by'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'put aside'), _negated=True), models.Q(('until__gt', 0), models.Q(('text', ''), _negated=True)), _connector='OR'), name='flow_listed_step_aside'), models.UniqueConstraint(condition=models.Q(('undoes__gt', 0)), fields=('undoes',), name='flow_listed_step_undone_once')],
            },
        ),
    ]
