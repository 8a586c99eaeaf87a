"""An index of the entries that came without a body, by whose they are: a search by Patient asks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Small: it holds what came as HL7 v2 or an extract, and nothing that came as FHIR."""

    dependencies = [("record", "0011_protection")]

    operations = [
        migrations.AddIndex(
            model_name="entryrow",
            index=models.Index(
                models.F("identity"),
                condition=models.Q(("body__isnull", True), ("identity__gt", 0)),
                name="record_entry_composed",
            ),
        ),
    ]
