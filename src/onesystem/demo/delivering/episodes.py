"""Care at home of the demo: some who are at home in the care of the teams, and one to go home.

People are taken in the order of their numbers from those whom the demo's staff look after, so that
the same ones are at home each time; each is on another day of another package.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from onesystem import access
from onesystem.access import Asker
from onesystem.access.models import User
from onesystem.access.quick import rows
from onesystem.care.episodes import actions, checking, store
from onesystem.care.episodes.allotting import options_for
from onesystem.care.episodes.packages import packages
from onesystem.care.episodes.wanting import wanted
from onesystem.care.services.reading import entries
from onesystem.district import current, now
from onesystem.vocabulary import Setting, UserError

# Who starts it, which package, how long ago, and what was done since.
_AT_HOME = (
    ("district.nurse", "cellulitis", 47, ("visit", "review")),
    ("district.nurse", "pneumonia", 26, ("visit",)),
    ("district.nurse", "dehydration", 5, ()),
    ("nurse", "copd", 70, ("visit", "review", "escalate")),
    ("nurse", "settle-in", 3, ()),
    ("district.nurse", "enablement", 120, ("visit", "visit", "review")),
    ("gp", "dvt", 20, ("visit",)),
    ("district.nurse", "pyelonephritis", 96, ("visit", "review", "end")),
)  # fmt: skip
_REVIEWS = ("Eats and drinks, slept well. Go on as planned.", "Fever gone. Walks to the kitchen.",
            "Better than yesterday. Tablets from tomorrow.")  # fmt: skip
_HOMEWARD = 2
_FROM_AGE = 50  # years
_AGREED = "The team leader, by telephone"


def deliver(say: Callable[[str], None]) -> None:
    """Start, look after and end episodes as the staff of the demo would."""
    count = sum(_episode(turn, *each) for turn, each in enumerate(_AT_HOME))
    count += _homeward()
    say(f"{count} people in care at home or on their way to it")


def _episode(turn: int, username: str, package: str, hours: int, done: Sequence[str]) -> int:
    by = _asker(username)
    if by is None:
        return 0
    for person in _looked_after(by):
        number = _started(person, package, by, now() - timedelta(hours=hours))
        if number:
            for step, verb in enumerate(done):
                _do(number, verb, by, turn + step)
            return 1
    return 0


def _started(
    person: int, package: str, by: Asker, at: datetime, planned: datetime | None = None
) -> int:
    """Start it with what can be given in this district; 0 where this person cannot have it."""
    try:
        checking.may_begin(checking.stands(person))
        return actions.start(
            person=person, package=package, by=by, lines=_lines(package, person), asked=True,
            answers=dict.fromkeys(range(9), True), reason="As seen by the team", at=at,
            planned=planned, form=_form(), agreed=_AGREED,
        )  # fmt: skip
    except UserError:
        return 0


def _lines(package: str, person: int) -> list[actions.Chosen]:
    """What the package proposes, without what no service here does; full ones were rung."""
    said, day = packages(current().path), now().date()
    kinds = said.kinds_on(day)
    asks = [ask for ask in said.package(package).lines if ask.amount]
    options = options_for([kinds[ask.kind] for ask in asks], person)
    return [
        actions.Chosen(kind=ask.kind, a_day=ask.a_day, days=ask.days,
                       agreed=_AGREED)
        for ask in asks if options[ask.kind]
    ]  # fmt: skip


def _form() -> dict[str, str]:
    """What every service wants to know, as a nurse would have answered it."""
    found = {}
    for each in wanted(entries().values(), None):
        field = each.field
        answers = {
            "choice": field.options[0] if field.options else "", "yes-no": "no", "number": "1",
            "date": "", "text": "Seen at home today; the plan is agreed.",
        }  # fmt: skip
        found[field.name] = answers.get(field.type, "As in the record")
    return found


def _do(number: int, verb: str, by: Asker, turn: int) -> None:
    episode = store.episode_of(number)
    if episode is None or not episode.live:
        return
    match verb:
        case "visit":
            began = episode.started or now()
            actions.visited(number=number, line=episode.live[0].number, by=by,
                            at=min(now(), began + timedelta(hours=2 + turn % 3)))  # fmt: skip
        case "review":
            actions.review(number=number, by=by, words=_REVIEWS[turn % len(_REVIEWS)])
        case "escalate":
            actions.escalate(number=number, what="same-day", by=by,
                             words="More breathless than yesterday, oxygen as usual.")  # fmt: skip
        case "end":
            actions.end(number=number, outcome="stayed home", by=by, words="Well again.")


def _homeward() -> int:
    """Some on wards whose package is confirmed; one of them should have gone yesterday."""
    by, count = _asker("doctor"), 0
    if by is None:
        return 0
    for person in _looked_after(by, Setting.WARD):
        planned = now() + timedelta(days=1 - count)
        count += bool(_started(person, "discharge", by, now(), planned))
        if count == _HOMEWARD:
            break
    return count


def _asker(username: str) -> Asker | None:
    user = User.objects.filter(username=username).first()
    if user is None or not user.organisation:
        return None
    return access.asker_of(access.Actor.of(user), "direct care")


def _looked_after(by: Asker, *settings: Setting) -> list[int]:
    """Whom somebody's services have now or had lately, in the order of their numbers.

    Of fifty and more: packages are for adults, and most of these are for people in later life.
    """
    here = current()
    services = [
        s.code for s in here.services.values()
        if s.organisation in by.organisations and (not settings or s.setting in settings)
    ]  # fmt: skip
    if not services:
        return []
    marks = ", ".join(["%s"] * len(services))
    still = " AND c.ended IS NULL AND c.started IS NOT NULL" if settings else ""
    found = rows(
        "SELECT DISTINCT i.person FROM contacts_contact c JOIN people_identity i"
        f" ON i.id = c.identity WHERE NOT c.cancelled{still} AND c.service IN ({marks})"
        " AND i.birth_date <> '' AND i.birth_date < %s ORDER BY i.person LIMIT 60",
        [*services, f"{now().year - _FROM_AGE}-01-01"],
    )
    return [person for (person,) in found]
