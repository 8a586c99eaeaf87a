"""What was asked for a person by a pathway, beside the criterion that named it, and how it stands.

Whoever looks at the pathway sees that it was asked already, by whom, and follows it from there.
"""

from onesystem import district, people
from onesystem.access import Allowed, Asker
from onesystem.care.requests import presenters, queries, seeing
from onesystem.care.requests.presenters import RequestWords


def sent_by_it(
    person: int, slug: str, allowed: Allowed, by: Asker
) -> dict[str, list[RequestWords]]:
    """The requests of a pathway for a person by the key of their criterion, the newest first."""
    found = [
        each
        for each in queries.of_person(people.identity_ids_of(person))
        if each.pathway == slug and seeing.shown(each, allowed, by)
    ]
    if not found:
        return {}
    here, at = district.current(), district.now()
    clocks, staff = queries.clocks(found), seeing.staff(each.sender for each in found)
    told: dict[str, list[RequestWords]] = {}
    for each in found:
        words = presenters.request_words(each, clocks[each.request], here, at, staff)
        told.setdefault(each.pathway_step, []).append(words)
    return told
