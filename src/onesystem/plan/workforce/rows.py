"""What the workforce keeps: plans of staff in versions, and posts as they were counted."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from onesystem.plan.kept_rows import KINDS, KeptPlan, KeptStep


class WorkforceStep(KeptStep):
    """A step of a plan of staff."""

    class Meta:
        """How the store keeps it."""

        db_table = "plan_workforce_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "number"], name="plan_workforce_step_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="plan_workforce_step_kind"),
            models.CheckConstraint(condition=~Q(by=""), name="plan_workforce_step_by"),
        ]


class WorkforcePlanRow(KeptPlan):
    """A plan of staff as it stands."""

    class Meta:
        """How the store keeps it."""

        db_table = "plan_workforce_plan"


class PostsRow(models.Model):
    """Posts of a role at a place as they were counted on a day: hundredths of a full-time one.

    A count is never edited: the latest one of a place and role stands.
    """

    kind = models.CharField(max_length=12)
    place = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=40)
    posts = models.IntegerField()
    filled = models.IntegerField()
    counted = models.DateField()
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "plan_posts"
        indexes: ClassVar = [models.Index(fields=["kind", "place", "role"], name="plan_posts_of")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(posts__gte=0, filled__gte=0), name="plan_posts_all"),
            models.CheckConstraint(condition=~Q(by=""), name="plan_posts_by"),
        ]
