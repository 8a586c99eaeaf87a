"""What is done to plans of staff, and the counting of posts."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from onesystem import access
from onesystem.access import Actor
from onesystem.district import now
from onesystem.plan.workforce.keeping import KEPT
from onesystem.plan.workforce.roles import role
from onesystem.plan.workforce.rows import PostsRow
from onesystem.plan.workforce.vacancies import KINDS, Posts
from onesystem.vocabulary import BadConfig, UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.said import say

keep, undo, close = KEPT.keep, KEPT.undo, KEPT.close
_MOST = 1_000_000


@transaction.atomic
def count(*, posts: Sequence[Posts], by: Actor, today: date) -> int:
    """Keep what was counted: posts and who fills them. All of it or none. Raises UserError."""
    access.require(by, "plan.write")
    for each in posts:
        _sound(each, today)
    at = to_micros(now())
    PostsRow.objects.bulk_create(
        PostsRow(kind=each.kind, place=each.place, name=each.name, role=each.role,
                 posts=each.posts, filled=each.filled, counted=each.counted, at=at, by=by.name)
        for each in posts
    )  # fmt: skip
    access.record(by=by, act="plan.workforce.counted", what="posts", detail={"rows": len(posts)})
    return len(posts)


def _sound(each: Posts, today: date) -> None:
    role(each.role)
    if each.kind not in KINDS:
        raise BadConfig(
            say("there is no kind of place {kind}", kind=repr(each.kind)),
            say("Write {kinds}", kinds=", ".join(KINDS)),
        )
    if not each.place or not each.name:
        raise UserError("posts are at a place with a name", "Name the practice or department")
    if not 0 <= each.posts <= _MOST or not 0 <= each.filled <= _MOST:
        raise UserError(
            say("{name}: posts are a number from none upward", name=each.name), "Write 2.5 for 2.5"
        )
    if each.counted > today:
        raise UserError(
            say("{counted} is not here yet", counted=each.counted),
            "Write the day they were counted on",
        )
