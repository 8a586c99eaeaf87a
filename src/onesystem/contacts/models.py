"""What the room keeps in the operational store: the contacts that are open or recent.

Times are whole microseconds since 1970 in UTC, the same on SQLite and PostgreSQL, so that one SQL
serves both and nothing is parsed on the way of a live message. `contact` and `visit` are ids from
`vocabulary.contact_id`; `visit` is the id of a visit's first stretch.
"""

from django.db import models
from django.db.models import Q


class ContactWords(models.Model):
    """The columns that a contact and its earlier versions share."""

    visit = models.BigIntegerField()
    source = models.TextField()
    key = models.TextField()
    identity = models.BigIntegerField()
    service = models.TextField()
    setting = models.TextField()
    requested = models.BigIntegerField(null=True)
    started = models.BigIntegerField(null=True)
    ready = models.BigIntegerField(null=True)
    ended = models.BigIntegerField(null=True)
    planned = models.BigIntegerField(null=True)
    bed = models.TextField()
    mode = models.TextField()
    urgency = models.TextField()
    reason = models.TextField()
    outcome = models.TextField()
    by = models.TextField()
    cause = models.BigIntegerField(null=True)
    cancelled = models.BooleanField()
    version = models.IntegerField()
    known_at = models.BigIntegerField()
    message = models.BigIntegerField()

    class Meta:
        """Shared columns only."""

        abstract = True


class ContactRow(ContactWords):
    """The latest version of a contact. `logged` is its highest version in the log, 0 for none.

    `recorded` is when the source wrote the row that it came from, for a contact that came in an
    extract and has no events of its own.
    """

    contact = models.BigIntegerField(primary_key=True)
    logged = models.IntegerField(default=0)
    recorded = models.BigIntegerField(null=True)

    class Meta:
        """The table, its rules and its indexes."""

        db_table = "contacts_contact"
        constraints = [
            models.CheckConstraint(name="contacts_has_source", condition=~Q(source="")),
            models.CheckConstraint(name="contacts_has_key", condition=~Q(key="")),
            models.CheckConstraint(name="contacts_has_setting", condition=~Q(setting="")),
            models.CheckConstraint(name="contacts_counts_up", condition=Q(version__gt=0)),
            models.CheckConstraint(
                name="contacts_not_ahead", condition=Q(logged__lte=models.F("version"))
            ),
            models.CheckConstraint(
                name="contacts_has_time",
                condition=Q(requested__isnull=False)
                | Q(started__isnull=False)
                | Q(ready__isnull=False)
                | Q(ended__isnull=False),
            ),
        ]
        indexes = [
            models.Index("visit", name="contacts_visit"),
            models.Index("identity", name="contacts_identity"),
            models.Index("started", name="contacts_started"),
            models.Index("ended", name="contacts_ended"),
            models.Index(
                "service",
                "started",
                name="contacts_open",
                condition=Q(ended__isnull=True, cancelled=False),
            ),
        ]

    def __str__(self) -> str:
        return f"contact {self.contact} version {self.version}"


class VersionRow(ContactWords):
    """An earlier version of a contact, as it was until `contacts_contact` said otherwise."""

    contact = models.BigIntegerField()

    class Meta:
        """The table, its rules and its indexes."""

        db_table = "contacts_version"
        constraints = [
            models.UniqueConstraint("contact", "version", name="contacts_version_once"),
        ]

    def __str__(self) -> str:
        return f"contact {self.contact} version {self.version}"


class EventRow(models.Model):
    """One event of one visit, as JSON; a digest of it keeps the same one from counting twice."""

    visit = models.BigIntegerField()
    digest = models.BigIntegerField()
    source = models.TextField()
    identity = models.BigIntegerField()
    message = models.BigIntegerField()
    known_at = models.BigIntegerField()
    body = models.TextField()

    class Meta:
        """The table, its rules and its indexes."""

        db_table = "contacts_event"
        constraints = [models.UniqueConstraint("visit", "digest", name="contacts_event_once")]

    def __str__(self) -> str:
        return f"event of visit {self.visit}"


class ChangeRow(models.Model):
    """The outbox: what changed, for the stream to pass on. Written with the change itself."""

    at = models.BigIntegerField()
    topic = models.TextField()
    payload = models.TextField()

    class Meta:
        """The table, its rules and its indexes."""

        db_table = "contacts_change"
        indexes = [models.Index("at", name="contacts_change_at")]
        constraints = [models.CheckConstraint(name="contacts_has_topic", condition=~Q(topic=""))]

    def __str__(self) -> str:
        return str(self.topic)


class TouchedRow(models.Model):
    """An identity whose contacts changed and whose figures are not worked out again yet."""

    identity = models.BigIntegerField(primary_key=True)

    class Meta:
        """The table."""

        db_table = "contacts_touched"

    def __str__(self) -> str:
        return f"identity {self.identity}"


class PendingRow(models.Model):
    """Files written for the log that its manifest may not name yet; see `log.commit`."""

    commit = models.TextField(unique=True)
    kind = models.TextField()
    source = models.TextField()
    message = models.BigIntegerField(null=True)
    known_at = models.BigIntegerField()
    files = models.TextField()

    class Meta:
        """The table, its rules and its indexes."""

        db_table = "contacts_pending"
        constraints = [
            models.CheckConstraint(
                name="contacts_pending_kind", condition=Q(kind__in=["append", "compact", "erase"])
            )
        ]

    def __str__(self) -> str:
        return str(self.commit)
