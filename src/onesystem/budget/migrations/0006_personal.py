"""What the personal part of the budget room keeps."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('budget', '0005_entitlement'),
    ]

    operations = [
        migrations.CreateModel(
            name='PersonalBudget',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('identity', models.BigIntegerField()),
                ('person_key', models.TextField(unique=True)),
                ('programme', models.TextField()),
                ('cohort', models.TextField(default='')),
                ('state', models.TextField()),
                ('starts', models.DateField()),
                ('ends', models.DateField()),
                ('review', models.DateField(null=True)),
                ('currency', models.TextField()),
                ('owner', models.TextField()),
                ('organisation', models.TextField(default='')),
                ('caseload', models.BigIntegerField(null=True)),
                ('goals', models.TextField(default='')),
                ('indicative', models.BigIntegerField()),
                ('working', models.TextField(default='[]')),
                ('agreed', models.BigIntegerField(default=0)),
                ('signed_by', models.TextField(default='')),
                ('signed_at', models.BigIntegerField(null=True)),
                ('paused_on', models.DateField(null=True)),
                ('ended_on', models.DateField(null=True)),
                ('ended_why', models.TextField(default='')),
                ('steps', models.IntegerField(default=0)),
                ('created', models.BigIntegerField()),
            ],
            options={
                'db_table': 'budget_personal',
                'indexes': [models.Index(models.F('state'), models.F('ends'), name='budget_personal_now')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ('indicative', 'agreed', 'live', 'paused', 'ended'))), name='budget_personal_state'), models.CheckConstraint(condition=models.Q(('agreed__gte', 0), ('indicative__gte', 0), ('starts__lte', models.F('ends'))), name='budget_personal_sums'), models.UniqueConstraint(condition=models.Q(('state', 'ended'), _negated=True), fields=('identity',), name='budget_personal_one_open')],
            },
        ),
        migrations.CreateModel(
            name='PersonalAsk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.TextField()),
                ('kind', models.TextField()),
                ('item', models.TextField(default='')),
                ('way', models.TextField(default='')),
                ('amount', models.BigIntegerField(default=0)),
                ('words', models.TextField()),
                ('asked_by', models.TextField()),
                ('asked_at', models.BigIntegerField()),
                ('due', models.BigIntegerField()),
                ('owner', models.TextField(default='')),
                ('state', models.TextField()),
                ('reason', models.TextField(default='')),
                ('answer', models.TextField(default='')),
                ('answered_by', models.TextField(default='')),
                ('answered_at', models.BigIntegerField(null=True)),
                ('about', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='budget.personalask')),
                ('budget', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asks', to='budget.personalbudget')),
            ],
            options={
                'db_table': 'budget_personal_ask',
            },
        ),
        migrations.CreateModel(
            name='PersonalPurse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.TextField()),
                ('name', models.TextField(default='')),
                ('kind', models.TextField()),
                ('organisation', models.TextField(default='')),
                ('indicative', models.BigIntegerField(default=0)),
                ('agreed', models.BigIntegerField(default=0)),
                ('drawn', models.BigIntegerField(default=0)),
                ('released', models.BigIntegerField(default=0)),
                ('reservations', models.TextField(default='[]')),
                ('budget', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='purses', to='budget.personalbudget')),
            ],
            options={
                'db_table': 'budget_personal_purse',
            },
        ),
        migrations.CreateModel(
            name='PersonalReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.TextField()),
                ('kind', models.TextField()),
                ('size', models.IntegerField()),
                ('body', models.BinaryField()),
                ('by', models.TextField()),
                ('at', models.BigIntegerField()),
                ('budget', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='receipts', to='budget.personalbudget')),
            ],
            options={
                'db_table': 'budget_personal_receipt',
            },
        ),
        migrations.CreateModel(
            name='PersonalSpend',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.TextField()),
                ('kind', models.TextField()),
                ('item', models.TextField(default='')),
                ('way', models.TextField()),
                ('amount', models.BigIntegerField()),
                ('day', models.DateField()),
                ('words', models.TextField(default='')),
                ('parts', models.TextField(default='{}')),
                ('by', models.TextField()),
                ('at', models.BigIntegerField()),
                ('back_by', models.TextField(default='')),
                ('back_at', models.BigIntegerField(null=True)),
                ('back_why', models.TextField(default='')),
                ('ask', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='budget.personalask')),
                ('budget', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moves', to='budget.personalbudget')),
                ('receipt', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='budget.personalreceipt')),
            ],
            options={
                'db_table': 'budget_personal_spend',
            },
        ),
        migrations.CreateModel(
            name='PersonalStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.TextField()),
                ('by', models.TextField()),
                ('at', models.BigIntegerField()),
                ('said', models.TextField(default='{}')),
                ('budget', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='done', to='budget.personalbudget')),
            ],
            options={
                'db_table': 'budget_personal_step',
            },
        ),
        migrations.CreateModel(
            name='PersonalWay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.TextField()),
                ('agreed', models.BigIntegerField()),
                ('paid', models.BigIntegerField(default=0)),
                ('spent', models.BigIntegerField(default=0)),
                ('returned', models.BigIntegerField(default=0)),
                ('budget', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ways', to='budget.personalbudget')),
            ],
            options={
                'db_table': 'budget_personal_way',
            },
        ),
        migrations.AddIndex(
            model_name='personalask',
            index=models.Index(models.F('state'), models.F('due'), name='budget_personal_ask_due'),
        ),
        migrations.AddConstraint(
            model_name='personalask',
            constraint=models.UniqueConstraint(fields=('budget', 'act'), name='budget_personal_ask_once'),
        ),
        migrations.AddConstraint(
            model_name='personalask',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0), ('state__in', ('waiting', 'agreed', 'refused', 'withdrawn', 'answered', 'used')), models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(models.Q(('reason', ''), _negated=True), models.Q(('answer', ''), _negated=True)), _connector='OR')), name='budget_personal_ask_reason'),
        ),
        migrations.AddConstraint(
            model_name='personalpurse',
            constraint=models.UniqueConstraint(fields=('budget', 'line'), name='budget_personal_purse_once'),
        ),
        migrations.AddConstraint(
            model_name='personalpurse',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('health', 'social care'))), name='budget_personal_purse_kind'),
        ),
        migrations.AddConstraint(
            model_name='personalpurse',
            constraint=models.CheckConstraint(condition=models.Q(('agreed__gte', django.db.models.expressions.CombinedExpression(models.F('drawn'), '+', models.F('released'))), ('drawn__gte', 0), ('released__gte', 0)), name='budget_personal_purse_enough'),
        ),
        migrations.AddConstraint(
            model_name='personalreceipt',
            constraint=models.UniqueConstraint(fields=('budget', 'sha256'), name='budget_personal_receipt_once'),
        ),
        migrations.AddConstraint(
            model_name='personalspend',
            constraint=models.UniqueConstraint(fields=('budget', 'act'), name='budget_personal_spend_once'),
        ),
        migrations.AddConstraint(
            model_name='personalspend',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('kind__in', ('spent', 'paid', 'returned'))), name='budget_personal_spend_kind'),
        ),
        migrations.AddConstraint(
            model_name='personalstep',
            constraint=models.CheckConstraint(condition=models.Q(('by', ''), _negated=True), name='budget_personal_step_by'),
        ),
        migrations.AddConstraint(
            model_name='personalway',
            constraint=models.UniqueConstraint(fields=('budget', 'way'), name='budget_personal_way_once'),
        ),
        migrations.AddConstraint(
            model_name='personalway',
            constraint=models.CheckConstraint(condition=models.Q(('agreed__gte', django.db.models.expressions.CombinedExpression(models.F('spent'), '+', models.F('returned'))), ('paid__gte', 0), ('paid__lte', models.F('agreed')), ('returned__gte', 0), ('spent__gte', 0)), name='budget_personal_way_enough'),
        ),
    ]
