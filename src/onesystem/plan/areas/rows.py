"""What is kept of areas: people that somebody brought, with the files as they came."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q


class OwnArea(models.Model):
    """An area of somebody's own. Other files are another row; the newest of a code counts."""

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=40)
    year = models.IntegerField()
    source = models.CharField(max_length=300)
    files = models.TextField()  # JSON: the text of each file by its name
    by = models.CharField(max_length=150)
    at = models.BigIntegerField()
    gone_at = models.BigIntegerField(null=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        """How it lies in the database."""

        db_table = "plan_own_area"
        indexes: ClassVar = [models.Index(fields=["code"], name="plan_own_area_code")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name="") & ~Q(by=""), name="plan_own_area_named"
            ),
        ]
