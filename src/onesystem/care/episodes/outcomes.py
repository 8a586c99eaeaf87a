"""What seems to have come of an episode, by what the log knows since it began. Pure."""

from collections.abc import Iterable

from onesystem.care.episodes.episode import Episode
from onesystem.vocabulary import Contact, Setting
from onesystem.vocabulary.said import say

_BEDS = frozenset({Setting.WARD})


def suggested(episode: Episode, met: Iterable[Contact], *, died: str = "") -> tuple[str, str]:
    """The outcome that the log speaks for, and why; somebody confirms it.

    A night in a hospital bed comes before a visit to the ED, wherever they stand in time.
    """
    if episode.started is None:
        return say("not started"), say("nobody came home under it")
    if died:
        return "died", say("the record says so ({died})", died=died[:10])
    began, over = episode.started, episode.ended
    since = sorted(
        (c for c in met if c.started and c.started > began and not c.cancelled
         and not (over and c.started > over)),
        key=lambda c: str(c.started),
    )  # fmt: skip
    for outcome, settings in (("admitted", _BEDS), ("ED", {Setting.ED})):
        found = next((c for c in since if c.setting in settings), None)
        if found:
            return outcome, say("a contact in the log since: {value}", value=found.setting.value)
    return say("stayed home"), say("no hospital contact in the log since it began")
