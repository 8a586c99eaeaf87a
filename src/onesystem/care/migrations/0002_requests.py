"""What requests keep."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("care", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(
            model_name='requestrow',
            name='care_request_state',
        ),
        migrations.RemoveConstraint(
            model_name='steprow',
            name='care_step_state',
        ),
        migrations.AddField(
            model_name='requestrow',
            name='booked',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='requestrow',
            name='kind',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='requestrow',
            name='organisation',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='requestrow',
            name='pathway',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='requestrow',
            name='pathway_step',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='requestrow',
            name='sender',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='requestrow',
            name='since',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='steprow',
            name='act',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='steprow',
            name='said',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddIndex(
            model_name='requestrow',
            index=models.Index(models.F('sender'), models.F('since'), condition=models.Q(('sender', ''), _negated=True), name='care_request_sender'),
        ),
        migrations.AddIndex(
            model_name='requestrow',
            index=models.Index(models.F('organisation'), models.F('since'), condition=models.Q(('organisation', ''), _negated=True), name='care_request_org'),
        ),
        migrations.AddConstraint(
            model_name='requestrow',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('received', 'needs-more', 'accepted', 'redirected', 'booked', 'in-progress', 'returned', 'done', 'revoked'))), name='care_request_state'),
        ),
        migrations.AddConstraint(
            model_name='steprow',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('received', 'needs-more', 'accepted', 'redirected', 'booked', 'in-progress', 'returned', 'done', 'revoked'))), name='care_step_state'),
        ),
        migrations.RunSQL("UPDATE care_request SET since = recorded", ""),
    ]
