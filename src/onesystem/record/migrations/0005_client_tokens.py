"""Tokens of the clients that ask the FHIR server."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("record", "0004_search_index")]

    operations = [
        migrations.CreateModel(
            "ClientToken",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client", models.CharField(max_length=100)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("scopes", models.TextField()),
                ("purpose", models.CharField(max_length=60)),
                ("username", models.CharField(max_length=150, blank=True)),
                ("roles", models.CharField(max_length=500, blank=True)),
                ("organisation", models.CharField(max_length=100, blank=True)),
                ("person", models.BigIntegerField(null=True)),
                ("created", models.DateTimeField()),
                ("created_by", models.CharField(max_length=150)),
                ("expires", models.DateTimeField(null=True)),
                ("revoked", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "record_client_token",
                "constraints": [
                    models.CheckConstraint(
                        condition=~Q(client="") & ~Q(purpose=""),
                        name="record_client_token_says_who",
                    )
                ],
            },
        ),
    ]
