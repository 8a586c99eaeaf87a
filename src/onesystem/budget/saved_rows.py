"""Settings that somebody saved under a name, to share them: what every table of them has."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q


class Saved(models.Model):
    """Settings under a name. Saved is saved: another setting is another row."""

    name = models.CharField(max_length=120)
    why = models.CharField(max_length=1000, default="")
    query = models.TextField()
    by = models.TextField()
    at = models.BigIntegerField()
    gone_at = models.BigIntegerField(null=True)
    gone_by = models.TextField(default="")

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        """How it lies in the database."""

        abstract = True

    def __str__(self) -> str:
        return self.name


def named_once(table: str) -> list[models.BaseConstraint]:
    """Each has a name and who saved it, and of one name there is one that was not taken away."""
    return [
        models.CheckConstraint(condition=~Q(name="") & ~Q(by=""), name=f"{table}_named"),
        models.UniqueConstraint(
            fields=["name"], condition=Q(gone_at__isnull=True), name=f"{table}_once"
        ),
    ]
