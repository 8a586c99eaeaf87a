"""Reading rows of pathways back into what they say."""

import hashlib
from functools import lru_cache

from onesystem.care.pathways.codec import from_json
from onesystem.care.pathways.document import Pathway
from onesystem.care.pathways.rows import PathwayStep, PathwayText, PathwayVersion
from onesystem.care.pathways.versions import Step
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say


@lru_cache(maxsize=4096)  # a text under a digest never changes
def pathway_under(digest: str) -> Pathway:
    """The pathway that was kept under a digest. Raises RuntimeError where its text was changed."""
    row = PathwayText.objects.filter(digest=digest).first()
    if row is None:
        raise NotFound("the text of this version is not kept", "Restore the store's backup.")
    if hashlib.sha256(row.body.encode()).hexdigest() != digest:
        msg = say(
            "the text of a pathway was changed in the store: {digest} is not what it says",
            digest=digest[:12],
        )
        raise RuntimeError(msg)
    return from_json(row.body)


def step_of(row: PathwayStep) -> Step:
    """The step that a row keeps."""
    return Step(
        kind=row.kind, by=row.by, at=from_micros(row.at), digest=row.digest, words=row.words,
        to=row.to,
    )  # fmt: skip


def steps_of(version: PathwayVersion) -> list[Step]:
    """What was done to a version, in order."""
    rows = PathwayStep.objects.filter(version=version.pk).order_by("number")
    return [step_of(row) for row in rows]


def kept_version(slug: str, *, state: str = "", number: int = 0) -> PathwayVersion:
    """A version by its state or its number. Raises NotFound."""
    asked = {"state": state} if state else {"number": number}
    row = PathwayVersion.objects.filter(slug=slug, **asked).first()
    if row is None:
        raise NotFound(
            say("there is no such version of the pathway {slug}", slug=repr(slug)),
            "Look in its page history.",
        )
    return row
