"""One index of births in the place of four: a live record is one range of it, and one line in it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="identity", name="people_birth_family"),
        migrations.RemoveIndex(model_name="identity", name="people_birth_given"),
        migrations.RemoveIndex(model_name="identity", name="people_postcode_birth"),
        migrations.RemoveIndex(model_name="identity", name="people_phone_birth"),
        migrations.AddIndex(
            model_name="identity",
            index=models.Index(
                fields=["birth_date", "family_key", "given_key", "postcode_key", "phone_key"],
                name="people_born",
            ),
        ),
    ]
