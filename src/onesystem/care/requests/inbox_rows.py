"""What is kept of inboxes: filters that somebody gave a name."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class InboxFilter(models.Model):
    """A filter by its name: its owner's, or (`shared`) everybody's who works that inbox.

    `query` is the query string of the inbox's address.
    """

    service = models.TextField()
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    by = models.CharField(max_length=150)
    shared = models.BooleanField(default=False)
    at = models.BigIntegerField()

    class Meta:
        """How it lies in the database."""

        db_table = "care_inbox_filter"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(by=""), name="care_inbox_filter_named"
            ),
            models.UniqueConstraint(
                fields=["service", "name"], condition=Q(shared=True), name="care_inbox_filter_once"
            ),
            models.UniqueConstraint(
                fields=["service", "by", "name"],
                condition=Q(shared=False),
                name="care_inbox_filter_own",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}: {self.name}"
