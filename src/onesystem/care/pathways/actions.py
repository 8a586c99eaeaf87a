"""What is done to versions of pathways: each act is a row with who, when and why, and in the trail.

Whoever acts says how many steps they `seen`: who comes second is told what was done meanwhile, and
nothing of theirs is written over anybody's.
"""

import hashlib
import re
from datetime import date

from django.db import IntegrityError, transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.access.notices.acting import dealt_with
from onesystem.access.notices.telling import notify
from onesystem.access.queries import able
from onesystem.care.pathways import versions
from onesystem.care.pathways.checking import require
from onesystem.care.pathways.codec import to_json
from onesystem.care.pathways.document import Pathway
from onesystem.care.pathways.reading import kept_version, pathway_under, step_of, steps_of
from onesystem.care.pathways.rows import (
    PathwayNote,
    PathwayOpen,
    PathwayStep,
    PathwayText,
    PathwayVersion,
)
from onesystem.care.pathways.versions import Standing, Step
from onesystem.district import current, now
from onesystem.vocabulary import NotFound, UserError, to_local
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

REVIEW_YEARS = 2
RESERVED = ("new", "search")  # pages of their own
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")
_EPOCH = date(1970, 1, 1).toordinal()


class Overtaken(UserError):
    """Somebody did something to it meanwhile; what one wrote is still on the page."""


@transaction.atomic
def begin(*, pathway: Pathway, by: Actor) -> int:
    """Begin a version, the first or the next; gives its number. One is open at a time."""
    access.require(by, "pathways.write")
    slug = _named(pathway)
    last = PathwayVersion.objects.filter(slug=slug).order_by("-number").first()
    number = last.number + 1 if last else 1
    try:
        with transaction.atomic():
            row = PathwayVersion.objects.create(
                slug=slug, number=number, title=pathway.title[:200], state="draft",
                digest=_keep(pathway),
                author=by.name, at=to_micros(now()),
            )  # fmt: skip
    except IntegrityError:
        raise UserError(
            "somebody is writing the next version of it already", "Open it, and go on from there."
        ) from None
    _do(row, "begun", by, digest=row.digest)
    return number


@transaction.atomic
def save(*, pathway: Pathway, seen: int, by: Actor) -> int:
    """Keep the draft as it is now written; gives how many steps it has then."""
    access.require(by, "pathways.write")
    row = _open(_named(pathway), seen)
    digest = _keep(pathway)
    if digest == row.digest and row.state == "draft":
        return row.steps  # nothing was changed
    row.title = pathway.title[:200]
    return _do(row, "saved", by, digest=digest).seen


@transaction.atomic
def send(*, slug: str, to: str, words: str, seen: int, by: Actor) -> None:
    """Send the draft to the clinical lead and a subject expert, to be read and signed."""
    access.require(by, "pathways.write")
    row = _open(slug, seen)
    if to and to not in dict(able("pathways.see")):
        raise UserError(
            say("{to} cannot open pathways", to=to), "Choose a subject expert from the list."
        )
    require(pathway_under(row.digest))  # nobody reads what cannot be worked by
    _do(row, "sent", by, to=to, words=words)
    for name in {to, *dict(able("pathways.sign"))}:
        _tell("pathway.review", name, row)


@transaction.atomic
def comment(*, slug: str, words: str, seen: int, by: Actor) -> None:
    """Say something about it to the others."""
    row = _open(slug, seen)
    _require_reviewer(row, by)
    _do(row, "commented", by, words=words)


@transaction.atomic
def send_back(*, slug: str, words: str, seen: int, by: Actor) -> None:
    """Return it to those who write it, with what is to be changed."""
    row = _open(slug, seen)
    if by.name != row.asked:
        access.require(by, "pathways.sign")
    author = row.author
    _do(row, "returned", by, words=words)
    _tell("pathway.returned", author, row)


@transaction.atomic
def take_back(*, slug: str, seen: int, by: Actor) -> None:
    """Take it out of review, to go on writing."""
    access.require(by, "pathways.write")
    _do(_open(slug, seen), say("taken back"), by)


@transaction.atomic
def sign(*, slug: str, part: str, digest: str, seen: int, by: Actor) -> None:
    """Sign the text that was read, as `lead` or as `expert`."""
    row = _open(slug, seen)
    if part != "expert":
        access.require(by, "pathways.sign")
    elif by.name != row.asked:
        raise access_refused(row)
    if _do(row, f"signed as {part}", by, digest=digest).signed:
        for name in {row.author, row.lead} - {by.name}:
            _tell("pathway.signed", name, row)


def access_refused(row: PathwayVersion) -> UserError:
    """Nobody but whom the editor asked signs as subject expert."""
    return UserError(
        say("you were not asked to sign it as subject expert"),
        say(
            "{asked} was. The editor can take it back and ask you instead.",
            asked=row.asked or "Nobody",
        ),
    )


@transaction.atomic
def publish(*, slug: str, seen: int, by: Actor) -> None:
    """Put the signed version in force; the one before is superseded, in the same moment."""
    access.require(by, "pathways.sign")
    row = _open(slug, seen)
    before = PathwayVersion.objects.filter(slug=slug, state="published").first()
    _check(row, "published", by)
    if before:
        _do(before, "superseded", by)
    row.signed, row.review = row.digest, review_day(_years(row))
    _do(row, "published", by, digest=row.digest)


@transaction.atomic
def withdraw(*, slug: str, words: str, seen: int, by: Actor) -> None:
    """Take the version in force away, with the reason; it can be read still, by its number."""
    access.require(by, "pathways.sign")
    row = kept_version(slug, state="published")
    _same(row, seen)
    _do(row, "withdrawn", by, words=words)


@transaction.atomic
def drop(*, slug: str, seen: int, by: Actor) -> None:
    """Give a draft up. Its texts stay in the history."""
    access.require(by, "pathways.write")
    _do(_open(slug, seen), "dropped", by)


@transaction.atomic
def note(*, slug: str, words: str, until: int, by: Actor) -> int:
    """Put an urgent note on top of the version in force, until a day (0: until taken off)."""
    if not access.may(by, "pathways.sign"):
        access.require(by, "pathways.write")
    if not words.strip():
        raise UserError("the note is empty", "Write what has changed, and what to do now.")
    if until and until < today():
        raise UserError("the day is over already", "Choose today or a later day.")
    row = kept_version(slug, state="published")
    made = PathwayNote.objects.create(
        version=row.pk, words=words.strip()[:1000], by=by.name, at=to_micros(now()), until=until
    )
    access.record(by=by, act="pathway.note-put", what=f"{slug} {row.number}")
    return int(made.pk)


@transaction.atomic
def end_note(*, slug: str, note: int, by: Actor) -> None:
    """Take an urgent note off. It stays in the history."""
    if not access.may(by, "pathways.sign"):
        access.require(by, "pathways.write")
    row = kept_version(slug, state="published")
    changed = PathwayNote.objects.filter(pk=note, version=row.pk, ended=0).update(
        ended=to_micros(now()), ended_by=by.name
    )
    if not changed:
        raise UserError("that note was taken off already", "Look at the page again.")
    access.record(by=by, act="pathway.note-ended", what=f"{slug} {row.number}")


@transaction.atomic
def confirm(*, slug: str, seen: int, by: Actor) -> None:
    """Say that the version in force was looked at and stays as it is, for two more years."""
    access.require(by, "pathways.sign")
    row = kept_version(slug, state="published")
    _same(row, seen)
    row.review = review_day(_years(row))
    _do(row, say("looked at again"), by)


def today() -> int:
    """The day of the district's clocks, counted from 1970."""
    return to_local(now(), current().zone).date().toordinal() - _EPOCH


def review_day(years: int = REVIEW_YEARS) -> int:
    """The day by which a version that is published now is to be looked at again."""
    here = to_local(now(), current().zone).date()
    month = 2 if (here.month, here.day) == (2, 29) else here.month
    day = 28 if (here.month, here.day) == (2, 29) else here.day
    return date(here.year + years, month, day).toordinal() - _EPOCH


def opened(*, slug: str, number: int, by: Actor, beside: bool = False) -> None:
    """Count that a pathway was opened, by whom of which organisation's; no person is kept."""
    PathwayOpen.objects.create(
        slug=slug, number=number, organisation=by.organisation, day=today(), beside=beside
    )


def _years(row: PathwayVersion) -> int:
    return min(max(pathway_under(row.digest).review, 1), 10)


def _named(pathway: Pathway) -> str:
    if pathway.key in RESERVED or not _SLUG.fullmatch(pathway.key):
        raise UserError(
            say("{key} cannot be the address of a pathway", key=repr(pathway.key)),
            "Use small letters, digits and hyphens, at most 80.",
        )
    if not pathway.title.strip():
        raise UserError("the pathway has no title", "Write one.")
    return pathway.key


def _tell(topic: str, username: str, row: PathwayVersion) -> None:
    notify(topic=topic, username=username, words=row.title, link=_review(row))


def _review(row: PathwayVersion) -> str:
    return f"/pathways/{row.slug}/review/"


def _keep(pathway: Pathway) -> str:
    body = to_json(pathway)
    digest = hashlib.sha256(body.encode()).hexdigest()
    PathwayText.objects.get_or_create(digest=digest, defaults={"body": body})
    return digest


def _open(slug: str, seen: int) -> PathwayVersion:
    row = PathwayVersion.objects.filter(slug=slug, state__in=versions.OPEN).first()
    if row is None:
        raise NotFound("nobody is writing a version of it now", "Begin the next version.")
    _same(row, seen)
    return row


def _same(row: PathwayVersion, seen: int) -> None:
    if row.steps == seen:
        return
    last = steps_of(row)[-1]
    raise Overtaken(
        say("meanwhile it was {kind} by {by}", kind=last.kind, by=last.by),
        "What you wrote is still here. Look at what changed, then do it again.",
    )


def _require_reviewer(row: PathwayVersion, by: Actor) -> None:
    if by.name != row.asked and not access.may(by, "pathways.write"):
        access.require(by, "pathways.sign")


def _check(row: PathwayVersion, kind: str, by: Actor, **said: str) -> tuple[Standing, Step]:
    step = Step(kind=kind, by=by.name, at=now(), **said)
    return versions.after(versions.stand(step_of(r) for r in _rows(row)), step), step


def _rows(row: PathwayVersion) -> list[PathwayStep]:
    return list(PathwayStep.objects.filter(version=row.pk).order_by("number"))


def _do(row: PathwayVersion, kind: str, by: Actor, **said: str) -> Standing:
    """Take a step: check it, keep it, keep how the version stands then, and write the trail."""
    standing, step = _check(row, kind, by, **said)
    try:
        with transaction.atomic():
            PathwayStep.objects.create(
                version=row.pk, number=standing.seen, kind=kind, by=by.name,
                at=to_micros(step.at), digest=step.digest, words=step.words.strip()[:2000],
                to=step.to,
            )  # fmt: skip
    except IntegrityError:
        raise Overtaken("somebody else did something to it in this moment", "Look again.") from None
    dealt_with(link=_review(row), by=by)
    row.state, row.digest, row.steps = standing.state, standing.digest, standing.seen
    row.asked, row.lead, row.expert = standing.asked, standing.lead, standing.expert
    if kind == "published":
        row.published = to_micros(step.at)
    if kind in {"superseded", "withdrawn", "dropped"}:
        row.ended = to_micros(step.at)
    row.save()
    access.record(by=by, act=f"pathway.{kind.replace(' ', '-')}", what=f"{row.slug} {row.number}")
    return standing
