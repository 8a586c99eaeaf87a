"""What is kept of measures: their versions, and the figures that pages read.

Days are whole numbers from 1970 by the district's clocks, sums are whole numbers, and texts are
never null, so that one plain SQL serves SQLite and PostgreSQL.
"""

from django.db import models
from django.db.models import Q

from onesystem.vocabulary.said import say


class Published(models.Model):
    """A version of a measure's file, as the district published it. The latest counts."""

    name = models.TextField()
    version = models.IntegerField()
    text = models.TextField()
    at = models.BigIntegerField()
    by = models.TextField()
    withdrawn = models.BooleanField(default=False)

    class Meta:
        """The table and its rules."""

        db_table = "flow_published"
        constraints = [
            models.UniqueConstraint("name", "version", name="flow_published_once"),
            models.CheckConstraint(name="flow_published_by", condition=~Q(by="")),
        ]

    def __str__(self) -> str:
        return say("{name} version {version}", name=self.name, version=self.version)


class Kept(models.Model):
    """A measure whose cells are kept, and of which definition: the digest of all that it says."""

    name = models.TextField(unique=True)
    digest = models.TextField()

    class Meta:
        """The table."""

        db_table = "flow_kept"

    def __str__(self) -> str:
        return str(self.name)


class Cell(models.Model):
    """A sum of a measure over one period and one group. `key` is the group, as its cut says."""

    pk = models.CompositePrimaryKey("kept", "cut", "every", "period", "key")
    kept = models.IntegerField()
    cut = models.CharField(max_length=12)
    every = models.CharField(max_length=7)
    period = models.IntegerField()
    key = models.TextField()
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    people = models.IntegerField()

    class Meta:
        """The table."""

        db_table = "flow_cell"


class Who(models.Model):
    """The people of measures as the cells know them: each identity with its person's facts."""

    identity = models.BigIntegerField(primary_key=True)
    person = models.BigIntegerField()
    born = models.IntegerField(null=True)
    died = models.IntegerField(null=True)
    sex = models.TextField()
    practice = models.TextField()
    area = models.TextField()
    deprivation = models.TextField()

    class Meta:
        """The table and its index."""

        db_table = "flow_who"
        indexes = [models.Index("person", name="flow_who_person")]

    def __str__(self) -> str:
        return say("identity {identity}", identity=self.identity)


class Gave(models.Model):
    """What a person has given to all cells, so that it can be taken away again exactly."""

    person = models.BigIntegerField(primary_key=True)
    body = models.BinaryField()

    class Meta:
        """The table."""

        db_table = "flow_gave"

    def __str__(self) -> str:
        return say("person {person}", person=self.person)


class Behind(models.Model):
    """The people behind a week of a measure in a service, packed; `day` is its first."""

    pk = models.CompositePrimaryKey("kept", "day", "service")
    kept = models.IntegerField()
    day = models.IntegerField()
    service = models.TextField()
    people = models.BinaryField()

    class Meta:
        """The table."""

        db_table = "flow_behind"


class Working(models.Model):
    """Whom a refresh has taken off the list of the touched and not worked out yet."""

    identity = models.BigIntegerField(primary_key=True)

    class Meta:
        """The table."""

        db_table = "flow_working"

    def __str__(self) -> str:
        return say("identity {identity}", identity=self.identity)


class Living(models.Model):
    """How many people there were in the middle of a year, by what is known of them."""

    pk = models.CompositePrimaryKey("year", "band", "sex", "practice", "area", "deprivation")
    year = models.IntegerField()
    band = models.IntegerField()
    sex = models.TextField()
    practice = models.TextField()
    area = models.TextField()
    deprivation = models.TextField()
    people = models.IntegerField()

    class Meta:
        """The table."""

        db_table = "flow_living"


class Reached(models.Model):
    """How far the cells are: named numbers."""

    name = models.CharField(max_length=40, primary_key=True)
    value = models.BigIntegerField()

    class Meta:
        """The table."""

        db_table = "flow_reached"

    def __str__(self) -> str:
        return f"{self.name} {self.value}"
