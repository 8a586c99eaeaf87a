"""Notices to users, and by e-mail that there is one."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns of the notice, and two tables."""

    dependencies: ClassVar = [("access", "0005_whom_a_glass_is_on")]
    operations: ClassVar = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('notice', models.BigIntegerField()),
                ('username', models.CharField(max_length=150)),
                ('tries', models.IntegerField(default=0)),
                ('due_at', models.BigIntegerField()),
                ('sent_at', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'access_letter',
            },
        ),
        migrations.CreateModel(
            name='Mailing',
            fields=[
                ('username', models.CharField(max_length=150, primary_key=True, serialize=False)),
                ('since', models.BigIntegerField()),
            ],
            options={
                'db_table': 'access_mailing',
            },
        ),
        migrations.AddField(
            model_name='notice',
            name='link',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='notice',
            name='username',
            field=models.CharField(blank=True, max_length=150),
        ),
        migrations.AddField(
            model_name='notice',
            name='words',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name='notice',
            name='audit',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='notice',
            name='organisation',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(models.F('username'), models.F('at'), name='access_notice_to_user'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation', ''), ('username__gt', '')), models.Q(('organisation__gt', ''), ('username', '')), _connector='OR'), name='access_notice_to_one'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(models.F('due_at'), condition=models.Q(('sent_at__isnull', True)), name='access_letter_due'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.UniqueConstraint(fields=('notice', 'username'), name='access_letter_once'),
        ),
    ]
