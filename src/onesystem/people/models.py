"""What the room keeps. No keys into other rooms: they point at identities by plain number.

Times are whole microseconds since 1970 UTC, dates are ISO text, empty text is "not said": the hot
paths read and write these tables in bulk, the same way on SQLite and PostgreSQL.
"""

from django.db import models
from django.db.models import F, Q


class Identity(models.Model):
    """A person as one source knows them. The id is given once and never used again."""

    id = models.BigAutoField(primary_key=True)
    source = models.CharField(max_length=100)
    subject = models.CharField(max_length=300)
    person = models.BigIntegerField()  # the current map: the lowest identity id of the person
    seen_at = models.BigIntegerField(default=0)
    known_at = models.BigIntegerField(default=0)
    message = models.BigIntegerField(default=0)
    digest = models.BigIntegerField(default=0)  # of the latest description; 0: never described
    texts = models.IntegerField(default=0)  # distinct descriptions; beyond one they are kept
    family = models.TextField(default="")
    given = models.TextField(default="")
    other_names = models.TextField(default="")
    birth_date = models.CharField(max_length=10, default="")
    sex = models.CharField(max_length=20, default="")
    address = models.TextField(default="")
    postcode = models.TextField(default="")
    phone = models.TextField(default="")
    practice = models.TextField(default="")
    died = models.CharField(max_length=10, default="")
    restricted = models.SmallIntegerField(default=0)
    number = models.TextField(default="")  # the one national number that it is compared by
    family_key = models.TextField(default="")
    given_key = models.TextField(default="")
    address_key = models.TextField(default="")
    postcode_key = models.TextField(default="")
    phone_key = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "subject"], name="people_identity_subject"),
            models.CheckConstraint(condition=Q(person__lte=F("id")), name="people_founder_first"),
        ]
        indexes = [
            models.Index(fields=["person"], name="people_identity_person"),
            models.Index(
                fields=["birth_date", "family_key", "given_key", "postcode_key", "phone_key"],
                name="people_born",
            ),
            models.Index(
                fields=["family_key", "given_key", "birth_date", "postcode_key"],
                name="people_names",
            ),
            models.Index(fields=["given_key", "family_key"], name="people_given_family"),
        ]


class Number(models.Model):
    """A number that an identity has or had, with what its check digit says."""

    pk = models.CompositePrimaryKey("identity", "scheme", "value")
    identity = models.BigIntegerField()
    scheme = models.CharField(max_length=100)
    value = models.CharField(max_length=300)
    checked = models.CharField(max_length=6)  # passes, fails, none
    verified = models.SmallIntegerField(default=0)
    superseded = models.SmallIntegerField(default=0)
    current = models.SmallIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["value", "scheme"], name="people_number_value")]


class Alias(models.Model):
    """Another name to find an identity by: a former one, or a later part of a family name.

    Most identities have none. Only the search reads it: linkage compares the names themselves.
    """

    pk = models.CompositePrimaryKey("family_key", "given_key", "identity")
    family_key = models.TextField()
    given_key = models.TextField()
    identity = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["identity"], name="people_alias_identity"),
            models.Index(fields=["given_key", "family_key"], name="people_alias_given"),
        ]


class Said(models.Model):
    """A distinct description of an identity that has been described in more than one way."""

    pk = models.CompositePrimaryKey("identity", "digest")
    identity = models.BigIntegerField()
    digest = models.BigIntegerField()
    at = models.BigIntegerField()
    text = models.TextField()


class Merged(models.Model):
    """A source's word that two of its subjects are one person."""

    pk = models.CompositePrimaryKey("a", "b")
    a = models.BigIntegerField()
    b = models.BigIntegerField()
    at = models.BigIntegerField()
    message = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["b"], name="people_merged_b")]


class Pair(models.Model):
    """Two identities that were compared and found alike: linked, or left for a person to ask.

    `state`: link (evidence enough), ask (a suggestion), cut (evidence enough, but joining them
    would break a rule, so it is a suggestion too).
    """

    pk = models.CompositePrimaryKey("a", "b")
    a = models.BigIntegerField()
    b = models.BigIntegerField()
    state = models.CharField(max_length=4)
    rule = models.CharField(max_length=30)
    weight = models.FloatField()

    class Meta:
        indexes = [
            models.Index(fields=["b"], name="people_pair_b"),
            models.Index(fields=["-weight"], name="people_pair_ask", condition=~Q(state="link")),
        ]
        constraints = [models.CheckConstraint(condition=Q(a__lt=F("b")), name="people_pair_once")]


class Mapped(models.Model):
    """The ledger of the map: each change of an identity's person, in order. Never edited.

    An identity without a row was always its own person.
    """

    id = models.BigAutoField(primary_key=True)
    identity = models.BigIntegerField()
    person = models.BigIntegerField()
    was = models.BigIntegerField()
    at = models.BigIntegerField()
    why = models.CharField(max_length=30)
    evidence = models.TextField(default="")
    by = models.CharField(max_length=200, default="")

    class Meta:
        indexes = [
            models.Index(fields=["identity"], name="people_mapped_identity"),
            models.Index(fields=["person"], name="people_mapped_person"),
        ]


class Decision(models.Model):
    """An officer's decision. Undone by a later word, never removed."""

    id = models.BigAutoField(primary_key=True)
    act = models.CharField(max_length=10)  # merge, unmerge, apart
    reason = models.TextField()
    by = models.CharField(max_length=200)
    at = models.BigIntegerField()
    undone_by = models.CharField(max_length=200, default="")
    undone_at = models.BigIntegerField(default=0)
    undone_reason = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=["merge", "unmerge", "apart"]), name="people_decision_act"
            )
        ]


class Ruling(models.Model):
    """What a decision says of two identities: together or apart. The latest decision counts."""

    pk = models.CompositePrimaryKey("decision", "a", "b")
    decision = models.BigIntegerField()
    a = models.BigIntegerField()
    b = models.BigIntegerField()
    together = models.SmallIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["a"], name="people_ruling_a"),
            models.Index(fields=["b"], name="people_ruling_b"),
        ]


class Crowd(models.Model):
    """A block or a group of so many records that being in it is no evidence: see `crowds`."""

    pk = models.CompositePrimaryKey("rule", "said")
    rule = models.TextField()
    said = models.TextField()
    members = models.IntegerField()
    at = models.BigIntegerField()


class Pending(models.Model):
    """A run of identity ids that bulk linkage has not seen yet."""

    first = models.BigIntegerField()
    last = models.BigIntegerField()
