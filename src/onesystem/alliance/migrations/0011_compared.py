"""What a decision did is compared with those that it does not name."""

from django.db import migrations, models

from onesystem.access.migrating import OnStore


_BESIDE = (
    "INSERT INTO alliance_judged (review_id, nth, measure, evaluation, run, trouble, compares, rule, chosen_by) "
    "SELECT j.review_id, j.nth + (SELECT COUNT(*) FROM alliance_judged k WHERE k.review_id = j.review_id), "
    "j.measure, 0, NULL, '', %s, '', '' FROM alliance_judged j JOIN alliance_review r ON r.id = j.review_id "
    "WHERE r.verdict = ''"
)


def beside(apps, editor):
    """Reviews that are open are compared as well, from their next drawing on."""
    with editor.connection.cursor() as cursor:
        cursor.execute(_BESIDE, [True])
    if editor.connection.vendor == 'postgresql':
        editor.execute('SET CONSTRAINTS ALL IMMEDIATE')


def alone(apps, editor):
    """What was compared goes: before, there was one drawing of each measure."""
    with editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM alliance_judged WHERE compares = %s", [True])
    if editor.connection.vendor == 'postgresql':
        editor.execute('SET CONSTRAINTS ALL IMMEDIATE')


class Migration(migrations.Migration):
    """A comparison beside each simple drawing."""

    dependencies = [
        ('alliance', '0010_groups_seated'),
    ]

    operations = [
        migrations.AddField(model_name='judged', name='compares', field=models.BooleanField(default=False)),
        migrations.AddField(model_name='judged', name='rule', field=models.CharField(default='', max_length=1000)),
        migrations.AddField(model_name='judged', name='chosen_by', field=models.CharField(default='', max_length=150)),
        migrations.AlterField(model_name='judged', name='evaluation', field=models.IntegerField(default=0)),
        OnStore(beside, alone),
    ]
