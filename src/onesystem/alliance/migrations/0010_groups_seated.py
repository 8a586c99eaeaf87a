"""Who sits in a service alliance alone has a member's row too: what they say is kept by it."""

import django.db.models.deletion
from django.db import migrations, models


def seat(apps, editor):
    """A member's row for each who had none; of an account that has one, that one."""
    member = apps.get_model('alliance', 'Member')
    for each in apps.get_model('alliance', 'ServiceMember').objects.filter(member=None).order_by('id'):
        alliance = each.group.alliance
        sits = member.objects.filter(alliance=alliance, username=each.username, until=None).exclude(username='')
        each.member = sits.first() or member.objects.create(
            alliance=alliance, seat='service', username=each.username, name=each.name,
            perspective=each.perspective, clinical=each.clinical, since=each.since,
            until=each.until, by=each.by,
        )
        each.save(update_fields=['member'])
    if editor.connection.vendor == 'postgresql':
        # What waits for the end of the transaction would stand in the way of the next step.
        editor.execute('SET CONSTRAINTS ALL IMMEDIATE')


class Migration(migrations.Migration):
    """Every seat of a service alliance is a member's."""

    dependencies = [
        ('alliance', '0009_groups_meet'),
    ]

    operations = [
        migrations.RunPython(seat, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='servicemember',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='alliance.member'),
        ),
    ]
