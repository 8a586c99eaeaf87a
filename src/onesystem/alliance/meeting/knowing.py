"""What a proposal may name, as the district and its alliance have it now."""

from datetime import date

from onesystem.alliance.charter import queries as charter
from onesystem.alliance.meeting.changes import KINDS
from onesystem.alliance.meeting.proposal import Around
from onesystem.budget.contracts import queries as contracts
from onesystem.budget.funds import queries as funds
from onesystem.district import current, now
from onesystem.flow.measures import library
from onesystem.vocabulary import to_local


def today() -> date:
    """The day it is in the district."""
    return to_local(now(), current().zone).date()


def around(alliance: str = "") -> Around:
    """Codes and their words."""
    here, standing = current(), charter.standing(alliance)
    return Around(
        funders={p.code: p.name for p in standing.parties if p.funder},
        organisations={code: each.name for code, each in here.organisations.items()},
        services={code: each.name for code, each in here.services.items()},
        lines=lines(),
        contracts={each.slug: each.name for each in contracts.contracts()},
        measures={name: each.title for name, each in library.everything().items()},
        members={m.key: f"{m.name}, {m.perspective}" for m in standing.seated},
        kinds=KINDS,
    )  # fmt: skip


def lines() -> dict[str, str]:
    """The budget's lines, by code."""
    return {each.code: each.name for each in funds.lines()}
