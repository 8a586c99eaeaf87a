"""Choosing from a timeline: by setting, organisation, time, words, and what is still open."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from onesystem.record.timeline import Choice, Line, Stretch, Timeline, Visit
from onesystem.vocabulary import Asked, Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a choice needs to know of services: who runs one, and the words a reader may type."""

    organisation_of: Callable[[str], str]
    words_of: Callable[[str], str]


def choose(timeline: Timeline, choice: Choice, names: Names) -> list[Line]:
    """The lines that a reader asked for, in the timeline's order.

    A visit is shown whole when any of its stretches fits: half a visit would mislead.
    """
    if choice == Choice():
        return list(timeline.lines)
    return [line for line in timeline.lines if _fits(line, choice, names)]


def folded(text: str) -> str:
    """Text as it is compared: no accents, no capitals.

    >>> folded("Māia NGĀPUHI")
    'maia ngapuhi'
    """
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


def _fits(line: Line, choice: Choice, names: Names) -> bool:
    if choice.open_only and not line.open:
        return False
    if isinstance(line, Asked):
        return _request_fits(line, choice, names)
    return any(_contact_fits(s, choice, names) for s in line.stretches)


def _contact_fits(stretch: Stretch, choice: Choice, names: Names) -> bool:
    c = stretch.contact
    if choice.settings and c.setting not in choice.settings:
        return False
    if choice.organisation and names.organisation_of(c.service) != choice.organisation:
        return False
    if not _in_time(c, choice):
        return False
    return not choice.text or folded(choice.text) in folded(_text_of(c, names))


def _in_time(c: Contact, choice: Choice) -> bool:
    """Whether some of the contact lies in the time asked for."""
    begins, ends = c.moment, c.ended or c.moment
    if begins is None or ends is None:
        return choice.since is None and choice.until is None
    if choice.until and begins >= choice.until:
        return False
    still = c.ended is None and not c.cancelled
    return choice.since is None or ends >= choice.since or still


def _text_of(c: Contact, names: Names) -> str:
    parts = (
        names.words_of(c.service), c.setting, c.bed, c.mode, c.urgency, c.reason, c.outcome, c.by,
    )  # fmt: skip
    return " ".join(parts)


def _request_fits(asked: Asked, choice: Choice, names: Names) -> bool:
    if choice.settings:
        return False  # a request has no setting until a service takes it
    if choice.organisation and names.organisation_of(asked.service) != choice.organisation:
        return False
    if choice.since and (asked.at is None or asked.at < choice.since):
        return False
    if choice.until and (asked.at is None or asked.at >= choice.until):
        return False
    parts = (asked.what, names.words_of(asked.service), asked.reason, asked.by, asked.status)
    return not choice.text or folded(choice.text) in folded(" ".join(parts))


def contacts_of(lines: list[Line]) -> list[Contact]:
    """The contacts of those lines, in their order; a visit's own oldest first."""
    return [s.contact for line in lines if isinstance(line, Visit) for s in line.stretches]
