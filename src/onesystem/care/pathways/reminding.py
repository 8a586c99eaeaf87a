"""Telling those who sign that a pathway is to be looked at again: once, a month ahead."""

from onesystem.access.notices.telling import notify, told
from onesystem.access.queries import able
from onesystem.care.pathways import actions, queries
from onesystem.care.pathways.queries import Version
from onesystem.vocabulary.kept import to_micros

AHEAD = 30  # days
_TOPIC = "pathway.due"


def waiting() -> list[Version]:
    """The versions that fall due and of which nobody was told since they were last looked at."""
    return [
        each
        for each in queries.due(actions.today() + AHEAD)
        if not told(topic=_TOPIC, link=_link(each), since=_looked(each))
    ]


def remind() -> int:
    """Tell who wrote them and all who sign; gives of how many."""
    due = waiting()
    signers = {name for name, _ in able("pathways.sign")}
    for each in due:
        for name in sorted(signers | {each.author}):
            notify(topic=_TOPIC, username=name, words=each.title, link=_link(each))
    return len(due)


def _link(version: Version) -> str:
    return f"/pathways/{version.slug}/versions/"


def _looked(version: Version) -> int:
    """When it was published or looked at again, whichever was last."""
    last = [step.at for step in queries.steps(version.slug, version.number)
            if step.kind in {"published", "looked at again"}]  # fmt: skip
    return to_micros(last[-1])
