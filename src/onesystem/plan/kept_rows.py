"""What every plan that is kept in versions keeps: its steps, and the plan as it stands.

A step is never edited: the database refuses. Times are whole microseconds since 1970 in UTC.
"""

from django.db import models

KINDS = ("kept", "undone", "closed")


class KeptStep(models.Model):
    """One step: a version kept, one taken back, or the plan closed."""

    slug = models.CharField(max_length=60)
    number = models.IntegerField()
    kind = models.CharField(max_length=10)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    why = models.CharField(max_length=1000, default="")
    body = models.TextField(default="")  # JSON of the plan

    class Meta:
        """Each room has a table of its own."""

        abstract = True


class KeptPlan(models.Model):
    """A plan as it stands: its last step, and what it says."""

    slug = models.CharField(max_length=60, unique=True)
    number = models.IntegerField()
    name = models.CharField(max_length=200)
    area = models.CharField(max_length=60, default="")
    closed = models.BooleanField(default=False)
    body = models.TextField()

    class Meta:
        """Each room has a table of its own."""

        abstract = True
