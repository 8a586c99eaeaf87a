"""What peer review keeps."""

import django.db.models.deletion
from django.db import migrations, models

from onesystem.access.migrating import OnStore
from onesystem.alliance.learning.peers.guards import lower_guards, raise_guards


class Migration(migrations.Migration):
    """The learning log of peer groups."""

    dependencies = [
        ('alliance', '0007_ideas'),
    ]

    operations = [
        migrations.CreateModel(
            name='PeerEntry',
            fields=[
                ('number', models.BigAutoField(primary_key=True, serialize=False)),
                ('held', models.DateField()),
                ('looked', models.CharField(max_length=2000)),
                ('learnt', models.CharField(max_length=4000)),
                ('tries', models.CharField(max_length=2000)),
                ('again', models.DateField(null=True)),
                ('came', models.CharField(default='', max_length=2000)),
                ('came_by', models.CharField(default='', max_length=150)),
                ('gone_at', models.BigIntegerField(null=True)),
                ('gone_by', models.CharField(default='', max_length=150)),
                ('at', models.BigIntegerField()),
                ('by', models.CharField(max_length=150)),
            ],
            options={
                'db_table': 'alliance_peer_entry',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('looked', ''), _negated=True), models.Q(('learnt', ''), _negated=True), models.Q(('tries', ''), _negated=True), models.Q(('by', ''), _negated=True)), name='alliance_peer_said'), models.CheckConstraint(condition=models.Q(models.Q(('came', ''), ('came_by', '')), models.Q(models.Q(('came', ''), _negated=True), models.Q(('came_by', ''), _negated=True)), _connector='OR'), name='alliance_peer_came_by'), models.CheckConstraint(condition=models.Q(('again__isnull', True), ('again__gt', models.F('held')), _connector='OR'), name='alliance_peer_forward')],
            },
        ),
        migrations.CreateModel(
            name='PeerPresent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('practice', models.CharField(max_length=60)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='present', to='alliance.peerentry')),
            ],
            options={
                'db_table': 'alliance_peer_present',
                'constraints': [models.UniqueConstraint(fields=('entry', 'practice'), name='alliance_peer_once'), models.CheckConstraint(condition=models.Q(('practice', ''), _negated=True), name='alliance_peer_there')],
            },
        ),
        OnStore(
            lambda apps, editor: raise_guards(editor.connection),  # noqa: ARG005
            lambda apps, editor: lower_guards(editor.connection),  # noqa: ARG005
        ),
    ]
