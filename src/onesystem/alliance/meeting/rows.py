"""What is kept of meetings: proposals with their versions, who was there, voices, actions.

Times are whole microseconds since 1970 in UTC, months and days are dates, money is whole minor
units. Voices and how an interest was handled are never changed: the database refuses it (`guards`),
as it refuses a voice on what is not open.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from onesystem.alliance.charter.more_rows import ServiceAlliance
from onesystem.alliance.charter.rows import Alliance, Interest, Member
from onesystem.vocabulary.said import say

PROPOSALS = ("draft", "ready", "listed", "returned", "agreed", "withdrawn")
MEETINGS = ("planned", "open", "closed", "cancelled")
ITEMS = ("waiting", "open", "closed", "carried")
KINDS = ("decision", "review", "discussion", "information")
OUTCOMES = ("", "agreed", say("sent up"), "returned", "noted", "carried")


class Meeting(models.Model):
    """The alliance around a table; `steps` counts its acts, for those who act at once.

    With a `group`, it is that service alliance that meets: its members, its quorum, its mandate.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT)
    group = models.ForeignKey(ServiceAlliance, models.PROTECT, null=True)
    title = models.CharField(max_length=200)
    starts = models.BigIntegerField()
    place = models.CharField(max_length=200, default="")
    state = models.CharField(max_length=10, default="planned")
    opened = models.BigIntegerField(null=True)
    closed = models.BigIntegerField(null=True)
    chair = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    charter = models.IntegerField(default=0)  # the version under which it was opened
    notes = models.TextField(default="")
    confirmed = models.BigIntegerField(null=True)  # when the minutes were
    confirmed_by = models.CharField(max_length=150, default="")
    steps = models.IntegerField(default=0)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_meeting"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=MEETINGS), name="alliance_meeting_state"),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(by=""), name="alliance_meeting_named"
            ),
            models.CheckConstraint(
                condition=Q(closed__isnull=True) | Q(closed__gte=F("opened")),
                name="alliance_meeting_forward",
            ),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True) | Q(state="closed"),
                name="alliance_meeting_confirmed",
            ),
        ]


class MeetingStep(models.Model):
    """What was done to a meeting, when, by whom; `what` names the item or the member."""

    meeting = models.ForeignKey(Meeting, models.PROTECT)
    step = models.IntegerField()
    kind = models.CharField(max_length=40)
    what = models.CharField(max_length=200, default="")
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    why = models.CharField(max_length=1000, default="")

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_meeting_step"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "step"], name="alliance_meeting_step_once"),
            models.CheckConstraint(condition=~Q(by="") & ~Q(kind=""), name="alliance_step_who"),
        ]


class Attendance(models.Model):
    """That a member was in the meeting, from a moment to a moment; comes and goes are rows."""

    meeting = models.ForeignKey(Meeting, models.PROTECT)
    member = models.ForeignKey(Member, models.PROTECT)
    came = models.BigIntegerField()
    left = models.BigIntegerField(null=True)
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_attendance"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["meeting", "member"],
                condition=Q(left__isnull=True),
                name="alliance_attendance_once",
            ),
            models.CheckConstraint(
                condition=Q(left__isnull=True) | Q(left__gte=F("came")),
                name="alliance_attendance_forward",
            ),
        ]


class Apology(models.Model):
    """That a member said beforehand that they cannot come."""

    meeting = models.ForeignKey(Meeting, models.PROTECT)
    member = models.ForeignKey(Member, models.PROTECT)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_apology"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "member"], name="alliance_apology_once"),
        ]


class Proposal(models.Model):
    """What somebody brings to the alliance; its text is in its versions.

    `funds` is the number of a decision that was agreed without money, and to which this one
    attaches it; 0 where it is a proposal of its own. `group` is the service alliance that it lies
    before; one that it recommends lies before the alliance from then on.
    """

    alliance = models.ForeignKey(Alliance, models.PROTECT)
    group = models.ForeignKey(ServiceAlliance, models.PROTECT, null=True)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default="draft")
    funds = models.IntegerField(default=0)
    steps = models.IntegerField(default=0)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_proposal"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=PROPOSALS), name="alliance_proposal_state"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(by=""), name="alliance_proposal_named"
            ),
        ]


class ProposalVersion(models.Model):
    """The text of a proposal, as JSON (`proposal.Proposed`); from when it is ready, it stands."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="versions")
    number = models.IntegerField()
    ready = models.BooleanField(default=False)
    body = models.TextField()
    digest = models.CharField(max_length=64)
    why = models.CharField(max_length=1000, default="")  # what is otherwise than in the last
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_proposal_version"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal", "number"], name="alliance_proposal_version_once"
            ),
            models.CheckConstraint(
                condition=~Q(body="") & ~Q(by=""), name="alliance_proposal_version_by"
            ),
        ]


class ProposalStep(models.Model):
    """What was done to a proposal, when, by whom, why."""

    proposal = models.ForeignKey(Proposal, models.PROTECT)
    step = models.IntegerField()
    kind = models.CharField(max_length=40)
    version = models.IntegerField(default=0)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)
    why = models.CharField(max_length=4000, default="")

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_proposal_step"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["proposal", "step"], name="alliance_proposal_step_once"
            ),
            models.CheckConstraint(
                condition=~Q(by="") & ~Q(kind=""), name="alliance_proposal_step_by"
            ),
        ]


class Item(models.Model):
    """A point of the agenda; of a decision, which version of which proposal it is about."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    place = models.IntegerField()
    kind = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True)
    version = models.IntegerField(default=0)
    decision = models.IntegerField(default=0)  # that it reviews
    state = models.CharField(max_length=10, default="waiting")
    opened = models.BigIntegerField(null=True)
    closed = models.BigIntegerField(null=True)
    charter = models.IntegerField(default=0)
    outcome = models.CharField(max_length=10, default="")
    minutes = models.TextField(default="")
    worked = models.TextField(default="")  # JSON: how the outcome was worked out

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_item"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=ITEMS) & Q(kind__in=KINDS) & Q(outcome__in=OUTCOMES),
                name="alliance_item_state",
            ),
            models.CheckConstraint(
                condition=Q(kind="decision") ^ Q(proposal__isnull=True), name="alliance_item_about"
            ),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(state="open"), name="alliance_item_one_open"
            ),
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(state__in=("waiting", "open"), proposal__isnull=False),
                name="alliance_item_proposal_once",
            ),
            models.CheckConstraint(
                condition=Q(closed__isnull=True) | Q(closed__gte=F("opened")),
                name="alliance_item_forward",
            ),
        ]


class Handling(models.Model):
    """How a member's interest in an item was handled, and who said so; the last one stands."""

    item = models.ForeignKey(Item, models.PROTECT)
    member = models.ForeignKey(Member, models.PROTECT)
    interest = models.ForeignKey(Interest, models.PROTECT, null=True)  # null: told in the meeting
    handling = models.CharField(max_length=6)
    reason = models.CharField(max_length=1000)
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_handling"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(handling__in=("stay", "speak", "leave")) & ~Q(reason="") & ~Q(by=""),
                name="alliance_handling_says",
            ),
        ]


class Voice(models.Model):
    """What a member said of a proposal; who speaks again has changed their mind."""

    item = models.ForeignKey(Item, models.PROTECT)
    member = models.ForeignKey(Member, models.PROTECT)
    version = models.IntegerField()
    said = models.CharField(max_length=6)
    reason = models.CharField(max_length=2000, default="")
    way = models.CharField(max_length=7, default="room")
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_voice"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(said__in=("agree", "aside", "object"))
                & Q(way__in=("room", "written"))
                & ~Q(by=""),
                name="alliance_voice_says",
            ),
            models.CheckConstraint(
                condition=~Q(said="object") | ~Q(reason=""), name="alliance_voice_reason"
            ),
        ]


class Action(models.Model):
    """What somebody will do by a day, taken down in a meeting."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="actions")
    item = models.ForeignKey(Item, models.PROTECT, null=True)
    what = models.CharField(max_length=500)
    owner = models.ForeignKey(Member, models.PROTECT)
    due = models.DateField()
    state = models.CharField(max_length=8, default="open")
    ended = models.BigIntegerField(null=True)
    words = models.CharField(max_length=1000, default="")  # how it ended
    at = models.BigIntegerField()
    by = models.CharField(max_length=150)

    class Meta:
        """How the store keeps it."""

        db_table = "alliance_action"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=("open", "done", "dropped")), name="alliance_action_state"
            ),
            models.CheckConstraint(
                condition=Q(state="open") ^ Q(ended__isnull=False), name="alliance_action_ended"
            ),
            models.CheckConstraint(condition=~Q(what="") & ~Q(by=""), name="alliance_action_says"),
        ]
