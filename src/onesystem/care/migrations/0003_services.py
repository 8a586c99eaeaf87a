"""What services keep."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('care', '0002_requests'),
    ]

    operations = [
        migrations.CreateModel(
            name='ServiceRow',
            fields=[
                ('service', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('number', models.IntegerField()),
                ('body', models.TextField(default='')),
                ('kept_at', models.BigIntegerField(null=True)),
                ('kept_by', models.CharField(default='', max_length=150)),
                ('confirmed_at', models.BigIntegerField(null=True)),
                ('confirmed_by', models.CharField(default='', max_length=150)),
            ],
            options={
                'db_table': 'care_service',
            },
        ),
        migrations.CreateModel(
            name='WaitRow',
            fields=[
                ('pk', models.CompositePrimaryKey('service', 'urgency', blank=True, editable=False, primary_key=True, serialize=False)),
                ('service', models.CharField(max_length=200)),
                ('urgency', models.CharField(max_length=40)),
                ('begun', models.IntegerField()),
                ('median', models.BigIntegerField(null=True)),
                ('ninth', models.BigIntegerField(null=True)),
                ('waiting', models.IntegerField()),
                ('waiting_median', models.BigIntegerField(null=True)),
                ('waiting_longest', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'care_wait',
            },
        ),
        migrations.CreateModel(
            name='WaitsWorked',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.BigIntegerField()),
                ('change', models.BigIntegerField()),
                ('known_at', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'care_waits_worked',
            },
        ),
        migrations.CreateModel(
            name='ScheduleRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.CharField(max_length=200)),
                ('key', models.CharField(max_length=80, unique=True)),
                ('words', models.CharField(max_length=200)),
                ('place', models.CharField(default='', max_length=200)),
                ('pattern', models.TextField()),
                ('at', models.BigIntegerField()),
                ('by', models.CharField(max_length=150)),
            ],
            options={
                'db_table': 'care_schedule',
                'indexes': [models.Index(fields=['service'], name='care_schedule_service')],
                'constraints': [models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='care_schedule_has_key'), models.CheckConstraint(condition=models.Q(('by', ''), _negated=True), name='care_schedule_by')],
            },
        ),
        migrations.CreateModel(
            name='ServiceStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.CharField(max_length=200)),
                ('number', models.IntegerField()),
                ('kind', models.CharField(max_length=10)),
                ('at', models.BigIntegerField()),
                ('by', models.CharField(max_length=150)),
                ('why', models.CharField(default='', max_length=1000)),
                ('body', models.TextField(default='')),
                ('undoes', models.IntegerField(default=0)),
            ],
            options={
                'db_table': 'care_service_step',
                'constraints': [models.UniqueConstraint(fields=('service', 'number'), name='care_service_step_once'), models.CheckConstraint(condition=models.Q(('kind__in', ('kept', 'confirmed', 'undone'))), name='care_service_step_kind'), models.CheckConstraint(condition=models.Q(('by', ''), _negated=True), name='care_service_step_by'), models.CheckConstraint(condition=models.Q(('kind', 'kept'), ('body', ''), _connector='XOR'), name='care_service_step_body'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'undone'), ('undoes__gt', 0)), models.Q(models.Q(('kind', 'undone'), _negated=True), ('undoes', 0)), _connector='OR'), name='care_service_step_undoes'), models.UniqueConstraint(condition=models.Q(('undoes__gt', 0)), fields=('service', 'undoes'), name='care_service_step_undone_once')],
            },
        ),
        migrations.CreateModel(
            name='SlotRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('service', models.CharField(max_length=200)),
                ('key', models.CharField(max_length=80, unique=True)),
                ('schedule', models.BigIntegerField(default=0)),
                ('starts', models.BigIntegerField()),
                ('ends', models.BigIntegerField()),
                ('state', models.CharField(max_length=10)),
                ('request', models.BigIntegerField(default=0)),
                ('words', models.CharField(default='', max_length=200)),
            ],
            options={
                'db_table': 'care_slot',
                'indexes': [models.Index(fields=['service', 'starts'], name='care_slot_service'), models.Index(fields=['starts'], name='care_slot_starts'), models.Index(condition=models.Q(('request', 0), _negated=True), fields=['request'], name='care_slot_request')],
                'constraints': [models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='care_slot_has_key'), models.CheckConstraint(condition=models.Q(('state__in', ('free', 'booked', 'blocked', 'gone'))), name='care_slot_state'), models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='care_slot_forward'), models.CheckConstraint(condition=models.Q(('state', 'booked'), ('request', 0), _connector='OR'), name='care_slot_whose')],
            },
        ),
        migrations.CreateModel(
            name='SlotStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slot', models.BigIntegerField()),
                ('state', models.CharField(max_length=10)),
                ('request', models.BigIntegerField(default=0)),
                ('at', models.BigIntegerField()),
                ('by', models.CharField(max_length=150)),
                ('why', models.CharField(default='', max_length=200)),
            ],
            options={
                'db_table': 'care_slot_step',
                'indexes': [models.Index(fields=['slot'], name='care_slot_step_slot')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('free', 'booked', 'blocked', 'gone'))), name='care_slot_step_state'), models.CheckConstraint(condition=models.Q(('by', ''), _negated=True), name='care_slot_step_by')],
            },
        ),
    ]
