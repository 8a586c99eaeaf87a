"""What is kept of a draft: the fields of a form as they stood when its writer last paused."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Draft(models.Model):
    """One form that somebody has begun. `identity` is whom it is about, 0 for nobody.

    `version` counts the saves: a second tab that did not see the last one is told.
    """

    owner = models.CharField(max_length=150)
    key = models.CharField(max_length=200)
    identity = models.BigIntegerField(default=0)
    path = models.CharField(max_length=500, default="")
    fields = models.TextField()  # JSON: the values of each field by its name
    version = models.IntegerField()
    saved = models.BigIntegerField()  # microseconds since 1970 UTC

    class Meta:
        """How it lies in the database."""

        db_table = "care_draft"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "key"], name="care_draft_once"),
            models.CheckConstraint(
                condition=~Q(owner="") & ~Q(key="") & Q(version__gt=0), name="care_draft_whose"
            ),
        ]
        indexes: ClassVar = [
            models.Index("identity", name="care_draft_person"),
            models.Index("saved", name="care_draft_saved"),
        ]

    def __str__(self) -> str:
        return f"{self.owner}: {self.key}"
