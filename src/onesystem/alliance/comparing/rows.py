"""What a district keeps of what it published: each publication as it left, never edited."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Published(models.Model):
    """A publication, or that the last one was withdrawn (`body` is empty then)."""

    number = models.IntegerField(unique=True)
    audience = models.CharField(max_length=20, default="")
    body = models.TextField(default="")
    digest = models.CharField(max_length=64, default="")
    why = models.CharField(max_length=1000, default="")
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_published"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(by=""), name="alliance_published_by"),
            models.CheckConstraint(
                condition=Q(body="", digest="") | (~Q(body="") & ~Q(digest="")),
                name="alliance_published_whole",
            ),
        ]
