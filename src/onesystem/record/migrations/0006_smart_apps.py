"""Applications, what was granted to them, and their tokens."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Five tables."""

    dependencies = [
        ("record", "0005_client_tokens"),
    ]

    operations = [
        migrations.CreateModel(
            name="Launch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("app", models.BigIntegerField()),
                ("username", models.CharField(max_length=150)),
                ("person", models.BigIntegerField()),
                ("purpose", models.CharField(max_length=60)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("expires", models.DateTimeField()),
                ("used", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "record_smart_launch",
            },
        ),
        migrations.CreateModel(
            name="App",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("client", models.CharField(max_length=100, unique=True)),
                ("kind", models.CharField(max_length=12)),
                ("secret", models.CharField(blank=True, max_length=64)),
                ("redirects", models.TextField(blank=True)),
                ("launch", models.CharField(blank=True, max_length=500)),
                ("scopes", models.TextField()),
                ("keys", models.TextField(blank=True)),
                ("roles", models.CharField(blank=True, max_length=500)),
                ("organisation", models.CharField(blank=True, max_length=100)),
                ("purpose", models.CharField(blank=True, max_length=60)),
                ("created", models.DateTimeField()),
                ("created_by", models.CharField(max_length=150)),
                ("removed", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "record_smart_app",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("public", "confidential", "backend"))),
                        name="record_smart_app_kind",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("removed", None)),
                        fields=("name",),
                        name="record_smart_app_named_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Assertion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("app", models.BigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("expires", models.DateTimeField()),
            ],
            options={
                "db_table": "record_smart_assertion",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("app", "digest"), name="record_smart_assertion_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("app", models.BigIntegerField()),
                ("username", models.CharField(blank=True, max_length=150)),
                ("person", models.BigIntegerField(null=True)),
                ("patient", models.CharField(blank=True, max_length=64)),
                ("purpose", models.CharField(max_length=60)),
                ("scopes", models.TextField()),
                ("nonce", models.CharField(blank=True, max_length=500)),
                ("user", models.CharField(blank=True, max_length=200)),
                ("signed_in", models.DateTimeField(null=True)),
                ("created", models.DateTimeField()),
                ("expires", models.DateTimeField()),
                ("revoked", models.DateTimeField(null=True)),
                ("why", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "db_table": "record_smart_grant",
                "indexes": [models.Index(fields=["app"], name="record_smart_grant_app")],
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("kind", models.CharField(max_length=7)),
                ("grant", models.BigIntegerField()),
                ("scopes", models.TextField()),
                ("redirect", models.CharField(blank=True, max_length=500)),
                ("challenge", models.CharField(blank=True, max_length=43)),
                ("created", models.DateTimeField()),
                ("expires", models.DateTimeField()),
                ("used", models.DateTimeField(null=True)),
                ("revoked", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "record_smart_token",
                "indexes": [
                    models.Index(fields=["grant"], name="record_smart_token_grant"),
                    models.Index(fields=["expires"], name="record_smart_token_expires"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("code", "access", "refresh"))),
                        name="record_smart_token_kind",
                    )
                ],
            },
        ),
    ]
