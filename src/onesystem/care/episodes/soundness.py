"""Whether what a district says of care at home can be done there: for `onesystem doctor`."""

from collections.abc import Iterator

from onesystem.care.episodes.choosing import could
from onesystem.care.episodes.packages import packages
from onesystem.care.pathways.conditions import condition
from onesystem.district import District, now
from onesystem.vocabulary import BadConfig, to_local


def problems(district: District) -> Iterator[str]:
    """Conditions that cannot be read, services that are named and not there, teams that are none.

    Raises BadConfig where the file itself cannot be read.
    """
    said = packages(district.path)
    today = to_local(now(), district.zone).date()
    if not could(said.team, district):
        yield "no service of the district is a team for people at home"
    for kind in said.kinds_on(today).values():
        for code in kind.services:
            if code not in district.services:
                yield f"{kind.title} names the service {code!r}, which the district has not"
    for package in said.on(today):
        for each in (*package.criteria, *package.flags):
            if trouble := _unreadable(each.when):
                yield f"{package.title}, “{each.words}”: {trouble}"
        if not any(could(k, district) for k in said.kinds_on(today).values()
                   if k.name in {ask.kind for ask in package.lines}):  # fmt: skip
            yield f"{package.title}: no service of the district does any of it"


def _unreadable(when: str) -> str:
    if not when:
        return ""
    try:
        condition(when)
    except BadConfig as error:
        return str(error)
    return ""
