"""What the demo's alliance could decide next: a draft, with all but its evidence, for a first tour.

Somebody who looks at the demo attaches what the board, the journeys and the plan show, brings it to
a meeting, lets three funders commit, and lets months pass to see what it did.
"""

from collections.abc import Callable
from datetime import date

from onesystem.access import Actor
from onesystem.access.models import User
from onesystem.alliance.charter import queries as charter
from onesystem.alliance.meeting import bringing, queries
from onesystem.alliance.meeting.proposal import Ask, Change, Effect, Proposed, Risk
from onesystem.budget.contracts import queries as contracts
from onesystem.budget.funds import queries as funds
from onesystem.budget.ledger import queries as ledger
from onesystem.budget.months import later
from onesystem.care.pathways import queries as pathways
from onesystem.demo.agreeing.sharing import SLUG
from onesystem.district import current, now
from onesystem.vocabulary import to_local

TITLE = "Look after COPD at home"
PATHWAY = "copd-exacerbation"
_ASKED = (  # funder, pence of the year, lines in the order they are looked at, what for
    ("icb", 9_000_000, ("nchc-community", "nhs.unallotted"), "Nurses who visit, drugs, and a car"),
    ("council", 1_200_000, ("council-home-care",), "Carers for the first days"),
    ("nnuh", 2_500_000, ("nnuh-ward",), "A specialist on the telephone"),
)


def agree(say: Callable[[str], None]) -> None:
    """Leave the draft on the planner's desk."""
    user = User.objects.filter(username="planner").first()
    services, waits = current().services, pathways.open_version(PATHWAY)
    if user is None or not {"acute-demand", "ambulance"} <= set(services) or waits is None:
        return
    if any(each.last.proposed.title == TITLE for each in queries.proposals()):
        return
    bringing.begin(proposed=_draft(waits.number), by=Actor.of(user))
    say(f"A draft for the alliance: {TITLE}")


def _draft(version: int) -> Proposed:
    first = later(to_local(now(), current().zone).date().replace(day=1))
    known = {each.slug for each in contracts.contracts()}
    nurses = [m.key for m in charter.standing().members if m.perspective == "Community nursing"]
    return Proposed(
        title=TITLE,
        plain="Somebody whose lungs get worse is looked after at home where that is safe. A nurse "
        "visits each day for a week. The ambulance can ask for this, and so can the practice.",
        problem="In winter the beds are full, and more people come for worse COPD than for any "
        "other illness that can be looked after at home.",
        design="The pathway says who can stay. Crews decide by a table. Ten people at once are "
        "visited by the acute demand team, and ring a number at night.",
        asks=tuple(_asks(first)),
        changes=(
            Change(kind="pathway", code=PATHWAY, number=str(version)),
            Change(kind="service", code="acute-demand", number="10", since=first),
            Change(kind="ambulance", code="copd-at-home"),
            Change(kind="goal", code="ambulance-conveyed", number="at most 55"),
        ),
        touches=(("service", "acute-demand"), *((("contract", SLUG),) if SLUG in known else ())),
        effects=(
            Effect(organisation="nchc", side="gains", words="Nurses for ten people at home"),
            Effect(organisation="nnuh", side="loses", words="Income from short stays"),
        ),
        risks=(Risk(words="Somebody is too ill to stay at home, and stays",
                    answer="The table says who is conveyed; every such case is looked at"),),
        measure="ambulance-conveyed", goal="At most 55 of 100 calls end in a hospital",
        review=later(first, 6).replace(day=15), owner=nurses[0] if nurses else 0,
    )  # fmt: skip


def _asks(first: date) -> list[Ask]:
    known = {line.code for line in funds.lines()}
    found = []
    for funder, amount, lines, words in _ASKED:
        line = next((c for c in lines if c in known and ledger.available(c) >= amount), "")
        found.append(Ask(funder=funder, amount=amount, since=first, until=later(first, 11),
                         line=line, words=words))  # fmt: skip
    return found
