"""What the decision stands on: choices, proxies, agreements, duties, caseloads, broken glass.

Every row says from when and until when it holds, who wrote it and who ended it. A row is written
once and ended once; nothing else of it ever changes, and it is never removed. Times are whole
microseconds since 1970 in UTC.

What is about a person is kept by *identity*, one row of an `On` table for each identity that the
person had: when two persons are merged the choices of both hold, when one is split both keep them.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Lasting(models.Model):
    """The columns of everything that holds from a moment to a moment."""

    since = models.BigIntegerField()
    until = models.BigIntegerField(null=True)  # the moment from which it no longer holds
    by = models.CharField(max_length=150)
    reason = models.CharField(max_length=500, blank=True)
    ended_by = models.CharField(max_length=150, blank=True)
    ended_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        """Shared columns only."""

        abstract = True


def _ends(name: str) -> models.CheckConstraint:
    ok = Q(until__isnull=True) | Q(until__gte=F("since"))
    return models.CheckConstraint(condition=ok, name=f"access_{name}_ends_after")


class Consent(Lasting):
    """A person's choice not to share: everything, one source, or one kind of data."""

    person = models.BigIntegerField()  # as the map was when it was made
    what = models.CharField(max_length=6)
    source = models.CharField(max_length=100, blank=True)
    labels = models.IntegerField(default=0)

    class Meta:
        """How the store keeps it."""

        db_table = "access_consent"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(what="all", source="", labels=0)
                | (Q(what="source", labels=0) & ~Q(source=""))
                | Q(what="kind", source="", labels__gt=0),
                name="access_consent_says_what",
            ),
            _ends("consent"),
        ]


class ConsentOn(models.Model):
    """An identity of the person who made a choice."""

    consent = models.BigIntegerField()
    identity = models.BigIntegerField()

    class Meta:
        """How the store keeps it."""

        db_table = "access_consent_on"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["identity", "consent"], name="access_consent_on_once")
        ]


class Seal(Lasting):
    """One entry or contact that the person marked as confidential, by its id."""

    item = models.BigIntegerField()
    kind = models.CharField(max_length=7)  # entry, contact
    identity = models.BigIntegerField()

    class Meta:
        """How the store keeps it."""

        db_table = "access_seal"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["entry", "contact"]), name="access_seal_kind"
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(until__isnull=True), name="access_seal_standing"
            ),
            _ends("seal"),
        ]
        indexes: ClassVar = [
            models.Index("item", name="access_seal_item"),
            models.Index("identity", name="access_seal_identity"),
        ]


class Proxy(Lasting):
    """Who may act for a person: `username` signs in, `tie` says as what (parent, attorney ...)."""

    identity = models.BigIntegerField()
    username = models.CharField(max_length=150)
    tie = models.CharField(max_length=60)

    class Meta:
        """How the store keeps it."""

        db_table = "access_proxy"
        constraints: ClassVar = [_ends("proxy")]
        indexes: ClassVar = [
            models.Index("username", name="access_proxy_user"),
            models.Index("identity", name="access_proxy_identity"),
        ]


class Own(Lasting):
    """Which person a citizen's account belongs to, checked by whoever wrote it."""

    identity = models.BigIntegerField()
    username = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "access_own"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["username"], condition=Q(until__isnull=True), name="access_own_once"
            ),
            _ends("own"),
        ]


class AgreementRow(Lasting):
    """A sharing agreement. Lists are separated by `;`. See `sharing.Agreement`."""

    name = models.CharField(max_length=200)
    organisations = models.TextField()
    purposes = models.TextField()
    labels = models.IntegerField(default=0)
    basis = models.CharField(max_length=500)
    starts = models.DateField()
    ends = models.DateField(null=True)

    class Meta:
        """How the store keeps it."""

        db_table = "access_agreement"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")),
                name="access_agreement_days",
            ),
            _ends("agreement"),
        ]


class Duty(Lasting):
    """Somebody is on call for an organisation that is not their own."""

    username = models.CharField(max_length=150)
    organisation = models.CharField(max_length=100)

    class Meta:
        """How the store keeps it."""

        db_table = "access_duty"
        constraints: ClassVar = [_ends("duty")]
        indexes: ClassVar = [models.Index("username", name="access_duty_user")]


class Caseload(Lasting):
    """A person on an organisation's caseload, where no visit or referral says so."""

    identity = models.BigIntegerField()
    organisation = models.CharField(max_length=100)

    class Meta:
        """How the store keeps it."""

        db_table = "access_caseload"
        constraints: ClassVar = [_ends("caseload")]
        indexes: ClassVar = [
            models.Index("identity", name="access_caseload_identity"),
        ]


class Glass(Lasting):
    """A broken glass: one user, one person, a few hours. `choice` is the reason from the list.

    `overrides`: it passes the person's own choices about sharing too.
    """

    username = models.CharField(max_length=150)
    organisation = models.CharField(max_length=100, blank=True)
    person = models.BigIntegerField()
    choice = models.CharField(max_length=40)
    overrides = models.BooleanField(default=False)

    class Meta:
        """How the store keeps it."""

        db_table = "access_glass"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__isnull=False), name="access_glass_is_boxed"),
            _ends("glass"),
        ]
        indexes: ClassVar = [models.Index("username", "until", name="access_glass_user")]


class GlassOn(models.Model):
    """An identity of the person for whom the glass was broken."""

    glass = models.BigIntegerField()
    identity = models.BigIntegerField()

    class Meta:
        """How the store keeps it."""

        db_table = "access_glass_on"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["identity", "glass"], name="access_glass_on_once")
        ]
        indexes: ClassVar = [models.Index("glass", name="access_glass_on_glass")]


class Review(models.Model):
    """A look that needs a second look. `audit` is its row of the trail; resolved with a note."""

    at = models.BigIntegerField()
    rule = models.CharField(max_length=40)
    actor = models.CharField(max_length=150)
    person = models.BigIntegerField(null=True)
    audit = models.BigIntegerField()
    detail = models.TextField(blank=True)  # canonical JSON; never names
    resolved_at = models.BigIntegerField(null=True)
    resolved_by = models.CharField(max_length=150, blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        """How the store keeps it."""

        db_table = "access_review"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["audit", "rule"], name="access_review_once"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by="")
                | (Q(resolved_at__isnull=False) & ~Q(resolved_by="") & ~Q(note="")),
                name="access_review_has_note",
            ),
        ]
        indexes: ClassVar = [
            models.Index("at", name="access_review_open", condition=Q(resolved_at__isnull=True))
        ]


class Notice(models.Model):
    """Something that a user, or the users of an organisation, are told. It names nobody: it leads
    there. `topic` is one of `access.notices.topics`; `words` say more where a topic is not enough.
    """

    at = models.BigIntegerField()
    organisation = models.CharField(max_length=100, blank=True)
    username = models.CharField(max_length=150, blank=True)
    topic = models.CharField(max_length=40)
    words = models.CharField(max_length=200, blank=True)
    link = models.CharField(max_length=300, blank=True)
    person = models.BigIntegerField(null=True)
    audit = models.BigIntegerField(default=0)
    seen_at = models.BigIntegerField(null=True)
    seen_by = models.CharField(max_length=150, blank=True)

    class Meta:
        """How the store keeps it."""

        db_table = "access_notice"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(organisation="", username__gt="") | Q(organisation__gt="", username=""),
                name="access_notice_to_one",
            )
        ]
        indexes: ClassVar = [
            models.Index("organisation", "at", name="access_notice_to"),
            models.Index("username", "at", name="access_notice_to_user"),
        ]


class Mailing(models.Model):
    """A user who wants to be told by e-mail that there is a notice."""

    username = models.CharField(max_length=150, primary_key=True)
    since = models.BigIntegerField()

    class Meta:
        """How the store keeps it."""

        db_table = "access_mailing"


class Letter(models.Model):
    """An e-mail that is due: that there is something to read, never what it says."""

    notice = models.BigIntegerField()
    username = models.CharField(max_length=150)
    tries = models.IntegerField(default=0)
    due_at = models.BigIntegerField()
    sent_at = models.BigIntegerField(null=True)

    class Meta:
        """How the store keeps it."""

        db_table = "access_letter"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "username"], name="access_letter_once")
        ]
        indexes: ClassVar = [
            models.Index("due_at", name="access_letter_due", condition=Q(sent_at__isnull=True))
        ]


class Opened(models.Model):
    """That a user opened a person in an hour: what the limit of people an hour counts."""

    actor = models.CharField(max_length=150)
    hour = models.IntegerField()
    person = models.BigIntegerField()

    class Meta:
        """How the store keeps it."""

        db_table = "access_opened"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["actor", "hour", "person"], name="access_opened_once")
        ]
