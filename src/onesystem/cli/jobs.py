"""The jobs of a served district: folders, errands, measures, the watch of the board, the night."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import structlog

from onesystem.cli.tending import Job
from onesystem.district import District
from onesystem.vocabulary import Busy, UserError, to_local

Asked = Callable[[], bool]  # whether to stop
_IDLE = 2.0  # seconds between looks
_WATCH = 60.0  # and between looks at the board
_MEASURES = 5.0

_log = structlog.get_logger(__name__)


def all_jobs(district: District) -> list[Job]:
    """What is done where files are taken in as well."""
    return [
        _folders(district),
        Job("measures", _cells_wait, _bring_cells_up, every=_MEASURES),
        Job("night", Night(district), _tidy, every=_WATCH),
        Job("twin", DemoTwin(district), _calibrate, every=_MEASURES, behind=True),
        Job("forecast", Forecasts(district), _forecast, every=_WATCH, behind=True),
        *errands(),
    ]


def errands() -> list[Job]:
    """What clients and pages asked for and do not wait for; and the watch of the board."""
    return [
        Job("errands", _errands_wait, _do_errands, every=_IDLE, stays=True),
        Job("answers", _answers_wait, _answer, every=_IDLE, behind=True),
        Job("all measures", _all_cells_due, _work_all_cells_out, every=_MEASURES, behind=True),
        Job("watch", lambda: True, _watch, every=_WATCH),
        Job("waits", _waits_due, _work_waits_out, every=_WATCH, behind=True),
        Job("requests", _requests_late, _ask_louder, every=_WATCH),
        Job("reviews", _reviews_due, _remind, every=_WATCH, behind=True),
        Job("decisions", _decisions_due, _draw_decisions, every=_WATCH, behind=True),
        Job("reminders", _reminders_due, _say_reminders, every=_WATCH, behind=True),
        Job("late answers", _answers_late, _say_late, every=_WATCH, behind=True),
        Job("costs", _costs_due, _cost, every=_WATCH, behind=True),
        Job("retention", _retention_asked, _search_due, every=_IDLE, behind=True),
        Job("letters", _letters_wait, _send_letters, every=_MEASURES),
    ]


def _costs_due() -> bool:
    """Each morning, of a district that has costed its log before: by hand, or by its demo."""
    from onesystem.budget.costing import store
    from onesystem.district import current, now

    day = store.current().day
    return bool(day) and day < f"{to_local(now(), current().zone):%Y-%m-%d}" and _apart("costs")


def _cost(_stop: Asked) -> bool:
    from onesystem.access import Actor
    from onesystem.budget.costing import actions

    try:
        actions.refresh(by=Actor.job("costing"))
    except UserError as error:
        _log.warning("the log was not costed", why=str(error))
    return False


_tried: dict[str, float] = {}
_HOUR = 3600.0


def _apart(name: str) -> bool:
    """Whether it is an hour since this was tried: what failed fails again for a while."""
    if time.monotonic() - _tried.get(name, -_HOUR) < _HOUR:
        return False
    _tried[name] = time.monotonic()
    return True


def _folders(district: District) -> Job:
    from onesystem.feeds.folders import Folders

    folders = Folders(district)

    def take(stop: Asked) -> bool:
        folders.finish()
        folders.look(cancel=stop)
        return False

    return Job("folders", folders.waits, take, every=_IDLE)


class DemoTwin:
    """Whether the demo has its figures and no twin yet. A real district says when it wants one."""

    def __init__(self, district: District) -> None:
        self._path, self._tried = district.path, False

    def __call__(self) -> bool:
        """True once, as soon as the figures stand."""
        from onesystem.demo.progress import FILE
        from onesystem.flow.measures import standing
        from onesystem.twin.standing import FILE as TWIN

        if self._tried or not (self._path / FILE).exists() or (self._path / TWIN).exists():
            return False
        self._tried = standing.stands().state == "kept"
        return self._tried


def _calibrate(_stop: Asked) -> bool:
    from onesystem.cli.twin_calibrate import keep_twin
    from onesystem.demo.planning import afterwards

    keep_twin()
    afterwards()
    return False


class Forecasts:
    """Whether a forecast is due: each quarter hour of the district's clock, where it has a twin."""

    def __init__(self, district: District) -> None:
        self._path, self._tried = district.path, 0

    def __call__(self) -> bool:
        """True once in a quarter hour in which none was made, whether it can be made or not."""
        from onesystem.district import now
        from onesystem.twin.forecast import keeping
        from onesystem.twin.standing import FILE

        at = now()
        if keeping.quarter(at) == self._tried or not (self._path / FILE).is_file():
            return False
        self._tried = keeping.quarter(at)
        return keeping.due(at)


def _forecast(_stop: Asked) -> bool:
    from onesystem.district import current
    from onesystem.open import District as Opened
    from onesystem.twin.forecast import keeping

    try:
        with Opened.open(current().path) as opened:
            keeping.make(opened)
    except UserError as error:
        _log.warning("no forecast was made", why=str(error))
    return False


def _errands_wait() -> bool:
    from onesystem import record

    return bool(record.errands_wait())


def _do_errands(_stop: Asked) -> bool:
    from onesystem import record

    return bool(record.run_errands())


def _answers_wait() -> bool:
    from onesystem.flow import answers

    return answers.waits()


def _answer(_stop: Asked) -> bool:
    from onesystem.flow import answers

    return answers.work()


def _retention_asked() -> bool:
    from onesystem.record.keeping import searching

    return searching.waits()


def _search_due(_stop: Asked) -> bool:
    from onesystem.record.keeping import searching

    return searching.work()


def _letters_wait() -> bool:
    from onesystem.access.notices import mailing

    return mailing.waits()


def _send_letters(_stop: Asked) -> bool:
    from onesystem.access.notices import mailing

    mailing.send()
    return mailing.waits()


def _requests_late() -> bool:
    from onesystem.care.requests import escalating, settling

    return escalating.waits() or bool(settling.left())


def _ask_louder(stop: Asked) -> bool:
    """Ask louder of requests whose clock has run out, some at a time; settle what has ended."""
    from onesystem.care.requests import escalating, settling

    settling.settle()
    return escalating.escalate() == escalating.MOST and not stop()


def _reviews_due() -> bool:
    from onesystem.care.pathways import reminding

    return bool(reminding.waiting())


def _remind(_stop: Asked) -> bool:
    """Tell those who sign which pathways are to be looked at again."""
    from onesystem.care.pathways import reminding

    reminding.remind()
    return False


def _decisions_due() -> bool:
    from onesystem.alliance.proof import judging

    return bool(judging.due())


def _draw_decisions(_stop: Asked) -> bool:
    """Draw what decisions did whose review has come, and tell the chair and the owner."""
    from onesystem.access import Actor
    from onesystem.alliance.proof import actions

    actions.remind(by=Actor.job("reviews"))
    return False


def _reminders_due() -> bool:
    from onesystem.care import reminding

    return reminding.waits()


def _say_reminders(_stop: Asked) -> bool:
    """Tell teams, once a day, what of their lists, rotas and entries waits for them."""
    from onesystem.care import reminding

    reminding.remind()
    return False


def _answers_late() -> bool:
    from onesystem.budget.personal import reminding

    return reminding.waits()


def _say_late(stop: Asked) -> bool:
    """Tell of answers about personal budgets that are later than was promised."""
    from onesystem.budget.personal import reminding

    return reminding.remind() == reminding.MOST and not stop()


def _watch(_stop: Asked) -> bool:
    """Look at the board: raise, close and escalate alerts, and keep the pressure."""
    from onesystem.district import now
    from onesystem.flow.boards.watching import watch

    watch(now())
    return False


def _waits_due() -> bool:
    from onesystem.care.services import waits

    return waits.due()


def _work_waits_out(_stop: Asked) -> bool:
    """How long people wait for each service, for the directory."""
    from onesystem.care.services import waits

    waits.work_out()
    return False


def _all_cells_due() -> bool:
    from onesystem.flow import measures

    return measures.due()


def _work_all_cells_out(stop: Asked) -> bool:
    """Work all measures out where they never were, or were broken off: behind all that is served.

    It takes minutes of a large log. Where it fails, the pages say why, and it is due again later.
    """
    from onesystem.flow import measures

    def said(_what: str) -> None:
        if stop():
            raise measures.Stopped

    try:
        measures.compute(say=said)
    except (Busy, measures.Stopped):
        _log.info("measures are not worked out here now")
    return False


def _cells_wait() -> bool:
    from onesystem.flow import measures

    return measures.begun() and measures.pending()


def _bring_cells_up(_stop: Asked) -> bool:
    """Work out again whoever was touched, a few people at a time."""
    from onesystem.flow import measures

    try:
        return bool(measures.refresh(limit=500).left)
    except Busy:  # somebody works them all out anew, and takes this in
        return False


class Night:
    """Three in the morning by the district's clocks, when the fewest people work: once a night."""

    def __init__(self, district: District) -> None:
        self._district = district
        self._next = self._three()

    def __call__(self) -> bool:
        """Whether it has come since it was last said."""
        if datetime.now(UTC) < self._next:
            return False
        self._next = self._three()
        return True

    def _three(self) -> datetime:
        local = to_local(datetime.now(UTC), self._district.zone)
        three = local.replace(hour=3, minute=0, second=0, microsecond=0)
        return (three if three > local else three + timedelta(days=1)).astimezone(UTC)


def _tidy(_stop: Asked) -> bool:
    """Link who still waits, carry what ended long ago to the log, look over who looked."""
    from onesystem import contacts, people
    from onesystem.access import Actor
    from onesystem.access.privacy.watching import watch_all
    from onesystem.access.session_store import SessionStore
    from onesystem.care.drafts import actions as drafts
    from onesystem.care.services.publishing import publish
    from onesystem.flow import measures
    from onesystem.flow.chances import working as chances
    from onesystem.flow.coordination import working as coordination

    people.link_pending()
    contacts.compact(by=Actor.job("nightly"))
    with suppress(Busy):  # somebody works them all out anew, and takes this in
        measures.refresh()
    chances.nightly()
    coordination.nightly()
    publish(by=Actor.job("nightly"))
    drafts.forget_old()
    SessionStore.clear_expired()
    watch_all()
    return False
