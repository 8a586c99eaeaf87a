"""What can be asked about pathways: which is in force, which is written, which is meant."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from onesystem.care.pathways.document import Pathway
from onesystem.care.pathways.reading import kept_version, pathway_under, steps_of
from onesystem.care.pathways.rows import PathwayNote, PathwayOpen, PathwayVersion
from onesystem.care.pathways.search import Hit, Index, Sought, index_of, look
from onesystem.care.pathways.versions import OPEN, Step
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An urgent note on top of a version; `until` is its last day counted from 1970, 0 for none."""

    id: int
    words: str
    by: str
    at: datetime
    until: int
    ended: datetime | None = None
    ended_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version as it stands; `seen` is what an act on it has to say."""

    slug: str
    number: int
    title: str
    state: str
    digest: str
    author: str
    asked: str
    lead: str
    expert: str
    seen: int
    began: datetime
    published: datetime | None
    ended: datetime | None
    review: int

    @property
    def pathway(self) -> Pathway:
        """What it says."""
        return pathway_under(self.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A version with all that was done to it, and the notes that stood on it."""

    version: Version
    steps: tuple[Step, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A pathway in the list of those who write: what is in force, and what is being written."""

    slug: str
    title: str
    in_force: Version | None
    open: Version | None
    last: Version


def published(slug: str) -> Version:
    """The version in force. Raises NotFound."""
    there = found(slug)
    if there is None:
        raise _gone(slug)
    return there


def _gone(slug: str) -> NotFound:
    """Why none of it is in force: what was withdrawn says why."""
    ended = PathwayVersion.objects.filter(slug=slug, state="withdrawn").order_by("-number").first()
    if ended is None:
        return NotFound(
            say("no pathway {slug} is in force", slug=repr(slug)),
            "Search for it in the list of pathways.",
        )
    return NotFound(
        say("{title} was withdrawn: {words}", title=ended.title, words=steps_of(ended)[-1].words),
        "Search for the pathway that stands in for it; its page history has what it said.",
    )


def found(slug: str) -> Version | None:
    """The version in force, or None."""
    row = PathwayVersion.objects.filter(slug=slug, state="published").first()
    return _version(row) if row else None


def in_force() -> list[Version]:
    """Every version in force, by title."""
    rows = PathwayVersion.objects.filter(state="published")
    return sorted(map(_version, rows), key=lambda v: v.title.casefold())


def titles() -> dict[str, str]:
    """The titles of the pathways in force, by slug; in the order of the titles."""
    found = PathwayVersion.objects.filter(state="published").values_list("slug", "title")
    return dict(sorted(found, key=lambda each: each[1].casefold()))


def version(slug: str, number: int) -> Version:
    """A version by its number, whatever became of it. Raises NotFound."""
    return _version(kept_version(slug, number=number))


def open_version(slug: str) -> Version | None:
    """The version that is written or reviewed now."""
    row = PathwayVersion.objects.filter(slug=slug, state__in=OPEN).first()
    return _version(row) if row else None


def steps(slug: str, number: int) -> list[Step]:
    """What was done to a version, in order."""
    return steps_of(kept_version(slug, number=number))


def history(slug: str) -> list[History]:
    """The page history: versions, the newest first, with all that was done to each."""
    rows = list(PathwayVersion.objects.filter(slug=slug).order_by("-number"))
    if not rows:
        raise NotFound(
            say("there is no pathway {slug}", slug=repr(slug)),
            "Search for it in the list of pathways.",
        )
    notes = PathwayNote.objects.filter(version__in=[r.pk for r in rows]).order_by("id")
    return [
        History(
            version=_version(row), steps=tuple(steps_of(row)),
            notes=tuple(_note(note) for note in notes if note.version == row.pk),
        )
        for row in rows
    ]  # fmt: skip


def notes_on(slug: str, day: int) -> list[Note]:
    """The urgent notes that stand on the version in force on a day, the newest first."""
    row = PathwayVersion.objects.filter(slug=slug, state="published").first()
    if row is None:
        return []
    notes = PathwayNote.objects.filter(version=row.pk, ended=0).order_by("-id")
    return [_note(note) for note in notes if note.until == 0 or note.until >= day]


def listed() -> list[Listed]:
    """Every pathway there ever was, by title."""
    every: dict[str, list[Version]] = {}
    for row in PathwayVersion.objects.order_by("slug", "number"):
        every.setdefault(row.slug, []).append(_version(row))
    made = [
        Listed(
            slug=slug, title=(_one(some, "published") or some[-1]).title,
            in_force=_one(some, "published"), open=_one(some, *OPEN), last=some[-1],
        )
        for slug, some in every.items()
    ]  # fmt: skip
    return sorted(made, key=lambda each: each.title.casefold())


def due(day: int) -> list[Version]:
    """The versions in force whose review falls due up to a day, the longest due first."""
    rows = PathwayVersion.objects.filter(state="published", review__lte=day).order_by("review")
    return [_version(row) for row in rows]


def waiting_for(username: str, *, lead: bool) -> list[Version]:
    """What waits for somebody's signature."""
    rows = PathwayVersion.objects.filter(state="in review").order_by("at")
    return [
        _version(row) for row in rows
        if (row.asked == username and not row.expert) or (lead and not row.lead)
    ]  # fmt: skip


def search(text: str, limit: int = 20) -> list[Hit]:
    """The pathways in force that were meant, by title and by the words of people."""
    return look(_index(_stamp()), text, limit)


def opens(first: int, last: int) -> Counter[tuple[str, str]]:
    """How often each pathway was opened by each organisation in some days: for measures."""
    rows = PathwayOpen.objects.filter(day__gte=first, day__lte=last)
    return Counter(rows.values_list("slug", "organisation"))


def _stamp() -> tuple[tuple[str, str], ...]:
    rows = PathwayVersion.objects.filter(state="published").order_by("slug")
    return tuple(rows.values_list("slug", "digest"))


@lru_cache(maxsize=2)  # as long as nothing else is published
def _index(stamp: tuple[tuple[str, str], ...]) -> Index:
    return index_of(_sought(slug, pathway_under(digest)) for slug, digest in stamp)


def _sought(slug: str, pathway: Pathway) -> Sought:
    coded = (code.display for code in pathway.codes if code.display)
    return Sought(slug, pathway.title, (*pathway.words, *coded))


def _one(some: Iterable[Version], *states: str) -> Version | None:
    return next((each for each in some if each.state in states), None)


def _note(row: PathwayNote) -> Note:
    note = Note(id=row.pk, words=row.words, by=row.by, at=from_micros(row.at), until=row.until)
    return replace(note, ended=from_micros(row.ended), ended_by=row.ended_by) if row.ended else note


def _version(row: PathwayVersion) -> Version:
    return Version(
        slug=row.slug, number=row.number, title=row.title, state=row.state, digest=row.digest,
        author=row.author, asked=row.asked, lead=row.lead, expert=row.expert, seen=row.steps,
        began=from_micros(row.at), review=row.review,
        published=from_micros(row.published) if row.published else None,
        ended=from_micros(row.ended) if row.ended else None,
    )  # fmt: skip
