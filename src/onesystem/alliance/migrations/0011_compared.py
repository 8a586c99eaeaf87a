"""What a decision did is compared with those that it does not name."""

from django.db import migrations, models


def beside(apps, editor):
    """Reviews that are open are compared as well, from their next drawing on."""
    judged = apps.get_model('alliance', 'Judged')
    for review in apps.get_model('alliance', 'Review').objects.filter(verdict=''):
        simple = list(judged.objects.filter(review=review).order_by('nth'))
        for nth, each in enumerate(simple, len(simple)):
            judged.objects.create(review=review, nth=nth, measure=each.measure, evaluation=0, compares=True)
    if editor.connection.vendor == 'postgresql':
        editor.execute('SET CONSTRAINTS ALL IMMEDIATE')


def alone(apps, editor):
    """What was compared goes: before, there was one drawing of each measure."""
    apps.get_model('alliance', 'Judged').objects.filter(compares=True).delete()


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
        migrations.RunPython(beside, alone),
    ]
