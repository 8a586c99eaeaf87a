"""A source's right to send over REST: a token, of which only the digest is kept."""

from typing import ClassVar

from django.db import models


class IntakeToken(models.Model):
    """One token. A revoked one stays, so that the trail can name it."""

    source = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 in hex
    created = models.DateTimeField()
    created_by = models.CharField(max_length=150)
    revoked = models.DateTimeField(null=True)
    used = models.DateTimeField(null=True)  # to the hour

    class Meta:
        """How it lies in the database."""

        app_label = "feeds"
        indexes: ClassVar = [models.Index(fields=["source"], name="feeds_token_source")]

    def __str__(self) -> str:
        return f"token {self.pk} of {self.source}"
