# When a contact is due to start, as an appointment says.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='contactrow',
            name='planned',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='versionrow',
            name='planned',
            field=models.BigIntegerField(null=True),
        ),
    ]
