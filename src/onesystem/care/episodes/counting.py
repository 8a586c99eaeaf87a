"""What was done of each line: as it was said, and as the log knows it from whoever wrote it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from onesystem import contacts, people
from onesystem.care.episodes.acting import Held
from onesystem.care.episodes.episode import Episode
from onesystem.care.episodes.money import visits_of
from onesystem.care.episodes.numbers import contact_of, key_of
from onesystem.district import current, now
from onesystem.vocabulary import Contact

_MANY = 1000  # visits of one person in the recent days


def done_of(found: Held) -> dict[int, int]:
    """How many of each line were done, by its number."""
    return counted(found.episode, caused(found, met_since(found)))


def met_since(found: Held) -> list[Contact]:
    """The person's contacts since the episode was agreed.

    What ended lately is in the operational store, which is quick; only an episode that is older
    than that looks into the log.
    """
    identities = people.identity_ids_of(found.person)
    recent = now() - timedelta(days=current().recent_days)
    if found.episode.at > recent and (found.episode.started or found.episode.at) > recent:
        return contacts.newest_of(identities, visits=_MANY)
    return contacts.of_identities(identities)


def caused(found: Held, met: Iterable[Contact]) -> list[Contact]:
    """The contacts that the episode or one of its orders led to, the newest first; not itself."""
    roots = {contact_of(found.number), *(ln.request for ln in found.episode.lines if ln.request)}
    return [
        c for c in met
        if c.cause in roots and c.started and not c.cancelled and c.key != key_of(found.number)
    ]  # fmt: skip


def counted(episode: Episode, visits: Iterable[Contact]) -> dict[int, int]:
    """Visits by line: those of an order are its line's, others of the first line that has room."""
    done: dict[int, int] = visits_of(episode)
    if episode.done:
        return done
    said = {each.said.get("visit") for each in episode.visits}
    seen: dict[int, int] = {}
    for each in visits:
        if each.source == "care" and each.key in said:
            continue
        line = _line_of(
            episode, each, {n: done.get(n, 0) + seen.get(n, 0) for n in _numbers(episode)}
        )
        if line:
            seen[line] = seen.get(line, 0) + 1
    for number, many in seen.items():
        done[number] = done.get(number, 0) + many
    return done


def _line_of(episode: Episode, visit: Contact, done: Mapping[int, int]) -> int:
    own = next((ln.number for ln in episode.lines if ln.request and ln.request == visit.cause), 0)
    if own:
        return own
    some = [line for line in episode.lines if line.service == visit.service]
    room = next((line.number for line in some if done[line.number] < line.amount), 0)
    return room or (some[0].number if some else 0)


def _numbers(episode: Episode) -> list[int]:
    return [line.number for line in episode.lines]
