"""Service alliances meet: whose a meeting, a proposal and a decision is, and who sits in them."""

import django.db.models.deletion
from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.alliance.charter import guards as charter
from onesystem.alliance.meeting import guards as meeting

SEATS = ('chair', 'deputy', 'community', 'member', 'service')
OUTCOMES = ('', 'agreed', 'sent up', 'returned', 'noted', 'carried')
KINDS = ('decision', 'review', 'discussion', 'information')
ITEMS = ('waiting', 'open', 'closed', 'carried')


def lower(apps, editor):
    """Tables that are remade lose their guards in SQLite: they are lowered before, raised after."""
    charter.lower_guards(editor.connection)
    meeting.lower_guards(editor.connection)


def raise_(apps, editor):
    """From now on the database refuses again what it refused before."""
    charter.raise_guards(editor.connection)
    meeting.raise_guards(editor.connection)


def stay(apps, editor):
    """Forwards there is nothing to take apart."""


def apart(apps, editor):
    """Backwards: who sat in groups alone has left, and what was sent up was noted."""
    for sql in (
        "UPDATE alliance_service_member SET member_id = NULL "
        "WHERE member_id IN (SELECT id FROM alliance_member WHERE seat = 'service')",
        "UPDATE alliance_member SET until = since WHERE seat = 'service' AND until IS NULL",
        "UPDATE alliance_member SET seat = 'member' WHERE seat = 'service'",
        "UPDATE alliance_item SET outcome = 'noted' WHERE outcome = 'sent up'",
    ):
        editor.execute(sql)
    if editor.connection.vendor == 'postgresql':
        editor.execute('SET CONSTRAINTS ALL IMMEDIATE')


def _of():
    return models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='alliance.servicealliance')


class Migration(migrations.Migration):
    """Whose a meeting is."""

    dependencies = [
        ('alliance', '0008_peers'),
    ]

    operations = [
        OnStore(lower, raise_),
        migrations.RemoveConstraint(model_name='member', name='alliance_member_seat'),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.CheckConstraint(condition=models.Q(('seat__in', SEATS)), name='alliance_member_seat'),
        ),
        migrations.RemoveConstraint(model_name='item', name='alliance_item_state'),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ITEMS), ('kind__in', KINDS), ('outcome__in', OUTCOMES)), name='alliance_item_state'),
        ),
        migrations.AddField(model_name='servicealliance', name='least', field=models.IntegerField(default=0)),
        migrations.AddField(model_name='meeting', name='group', field=_of()),
        migrations.AddField(model_name='proposal', name='group', field=_of()),
        migrations.AddField(model_name='decision', name='group', field=_of()),
        OnStore(stay, apart),
        OnStore(raise_, lower),
    ]
