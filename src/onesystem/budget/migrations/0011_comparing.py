"""What the comparing part of the budget room keeps."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('budget', '0010_policy'),
    ]

    operations = [
        migrations.CreateModel(
            name='Comparison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('why', models.CharField(default='', max_length=1000)),
                ('query', models.TextField()),
                ('by', models.TextField()),
                ('at', models.BigIntegerField()),
                ('gone_at', models.BigIntegerField(null=True)),
                ('gone_by', models.TextField(default='')),
            ],
            options={
                'db_table': 'budget_comparison',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('by', ''), _negated=True)), name='budget_comparison_named'), models.UniqueConstraint(condition=models.Q(('gone_at__isnull', True)), fields=('name',), name='budget_comparison_once')],
            },
        ),
    ]
