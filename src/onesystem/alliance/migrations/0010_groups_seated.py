"""Who sits in a service alliance alone has a member's row too: what they say is kept by it."""

import django.db.models.deletion
from django.db import migrations, models

from onesystem.access.migrating import OnStore


_ALONE = (
    'SELECT s.id, g.alliance_id, s.username, s.name, s.perspective, s.clinical, s.since, s.until, s."by" '
    'FROM alliance_service_member s JOIN alliance_service_alliance g ON g.id = s.group_id '
    'WHERE s.member_id IS NULL ORDER BY s.id'
)
_THERE = "SELECT id FROM alliance_member WHERE alliance_id = %s AND username = %s AND until IS NULL AND username <> ''"
_SEAT = (
    'INSERT INTO alliance_member (alliance_id, username, name, perspective, clinical, since, until, "by", '
    'seat, profession, sector, employer, commands, most, independence) '
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'service', '', '', '', '', 0, '') RETURNING id"
)
_SITS = 'UPDATE alliance_service_member SET member_id = %s WHERE id = %s'


def seat(apps, editor):
    """A member's row for each who had none; of an account that has one, that one."""
    with editor.connection.cursor() as cursor:
        cursor.execute(_ALONE)
        for key, *said in cursor.fetchall():
            cursor.execute(_THERE, said[:2])
            found = cursor.fetchone()
            if found is None:
                cursor.execute(_SEAT, said)
                found = cursor.fetchone()
            cursor.execute(_SITS, [found[0], key])
    if editor.connection.vendor == 'postgresql':
        # What waits for the end of the transaction would stand in the way of the next step.
        editor.execute('SET CONSTRAINTS ALL IMMEDIATE')


def stay(apps, editor):
    """Backwards nothing is lost: the migration before takes it apart."""


class Migration(migrations.Migration):
    """Every seat of a service alliance is a member's."""

    dependencies = [
        ('alliance', '0009_groups_meet'),
    ]

    operations = [
        OnStore(seat, stay),
        migrations.AlterField(
            model_name='servicemember',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='alliance.member'),
        ),
    ]
