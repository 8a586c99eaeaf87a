"""What a proposal names by its code, as people call it: a page in plain words shows no codes."""

from collections.abc import Callable, Mapping

from onesystem.alliance.meeting import changes
from onesystem.alliance.meeting.proposal import Change
from onesystem.budget.contracts import queries as contracts
from onesystem.care.episodes.packages import packages
from onesystem.care.pathways import queries as pathways
from onesystem.care.services import reading
from onesystem.care.triage import queries as tables
from onesystem.district import current, now
from onesystem.flow.measures import library
from onesystem.vocabulary import NotFound, to_local


def words_of(change: Change) -> str:
    """A change in words, with the name of what it changes."""
    return changes.said(change, name_of(change))


def name_of(change: Change) -> str:
    """What is changed, by its name; by its code, where nobody knows it any more."""
    finds = _NAMES.get(change.kind)
    try:
        return (finds(change.code) if finds else "") or change.code
    except NotFound:
        return change.code


def _pathway(code: str) -> str:
    return next((each.title for each in pathways.listed() if each.slug == code), "")


def _table(code: str) -> str:
    return tables.table_of(code, tables.latest_of(code)).title


def _package(code: str) -> str:
    day = to_local(now(), current().zone).date()
    return next((p.title for p in packages(current().path).on(day) if p.name == code), "")


_NAMES: Mapping[str, Callable[[str], str]] = {
    changes.PATHWAY: _pathway,
    changes.SERVICE: lambda code: reading.entry(code).name,
    changes.AMBULANCE: _table,
    changes.PACKAGE: _package,
    changes.GOAL: lambda code: library.measure(code).title,
    changes.TERMS: lambda code: contracts.contract(code).name,
}
