"""Who takes what: the one place where rooms above `feeds` are told to it, and to each other."""

import os

from onesystem import access, care, feeds, record
from onesystem.district import District, current
from onesystem.vocabulary import CareAct, Entry, RequestSeen, StayFact


def connect() -> None:
    """Tell feeds who takes what, and access how ties are found. Safe to call again."""
    feeds.register_taker(Entry, record.take_entries, erase=record.erase)
    feeds.register_taker(RequestSeen, care.take_requests, erase=care.erase, announces=True)
    record.register_requests(care.requests_of)
    access.register(record.Gatherer())
    _connect_own()
    record.connect_fhir()
    _connect_answers()
    record.connect_protection()
    record.register_forgetter(care.forget)
    _connect_boards()
    _connect_care()
    _connect_budget()
    _connect_plan()
    _connect_alliance()


def _connect_own() -> None:
    """The sources within the product, by what pages call them."""
    from onesystem.care import message as care_acts
    from onesystem.care.services import publishing
    from onesystem.feeds import amending
    from onesystem.flow.stays import message as boards
    from onesystem.record.fhir.smart import naming

    feeds.register_own(boards.SOURCE, "Boards")
    feeds.register_own(care_acts.SOURCE, "Care")
    feeds.register_own(publishing.SOURCE, "Directory of services")
    feeds.register_own(amending.OFFICE, "Corrections and destroyed records")
    feeds.register_own(naming.SOURCE, "Users of this system")


def _connect_boards() -> None:
    """Who keeps what is said of stays on boards, and the requests that boards show."""
    from onesystem.care.requests import waiting
    from onesystem.care.requests.queries import open_requests_of
    from onesystem.flow.asked import register_requests
    from onesystem.flow.stays import message, taking

    register_requests(open_of=open_requests_of, everybodys=waiting.open_requests)

    message.connect()
    feeds.register_taker(StayFact, taking.take, erase=taking.erase, announces=True)
    record.register_forgetter(taking.forget)


def _connect_care() -> None:
    """Which part of the care room keeps which acts."""
    from onesystem.care import figures, message, parts
    from onesystem.care.drafts import actions as drafts
    from onesystem.care.episodes import store as episodes
    from onesystem.care.pathways import case_store as cases
    from onesystem.care.plans import store as plans
    from onesystem.care.practice import part as practice
    from onesystem.care.requests import store as requests
    from onesystem.care.services import slots
    from onesystem.care.tasks import store as tasks
    from onesystem.care.triage import part as crews
    from onesystem.record.mine.tabs import add_tab

    add_tab("My care", "mycare:care")
    record.register_tab("Crew", "triage:person", "triage.use")
    message.connect()
    record.register_forgetter(drafts.forget)
    parts.register(tasks.PART, tasks.part())
    parts.register(plans.PART, plans.part())
    parts.register(cases.PART, cases.part())
    record.register_tab("Care", "plans:care", "care.act")
    record.register_tab("At home", "episodes:person", "episodes.act")
    record.register_tab("Pathways", "pathways:fitting", "pathways.see")
    record.register_tab("Requests", "requests:of_person", "person.open")
    parts.register(requests.PART, parts.Part(requests.take_acts, requests.erase, lambda _: 0))
    parts.register(episodes.PART, parts.Part(episodes.take, episodes.erase, episodes.forget))
    parts.register(practice.NAME, practice.PART)
    parts.register(crews.NAME, crews.PART)
    figures.connect()
    feeds.register_taker(CareAct, parts.take, erase=parts.erase, announces=True)
    record.register_forgetter(parts.forget)
    record.register_forgetter(slots.forget)  # once requests are gone


def _connect_budget() -> None:
    """What the budget room tells the rooms below it, and its ledger of its lines."""
    from onesystem.budget import drafted, leading, months
    from onesystem.budget.costing import figures as costs
    from onesystem.budget.costing import pathways as costing
    from onesystem.budget.entitlement import store as entitlement
    from onesystem.budget.funds import closing
    from onesystem.budget.funds.reading import begins, describe
    from onesystem.budget.ledger.actions import register_lines
    from onesystem.budget.personal import forgetting as personal
    from onesystem.budget.specialty import beginning
    from onesystem.care.drafts import actions as drafts
    from onesystem.care.drafts import begun
    from onesystem.care.pathways import expected, queries
    from onesystem.record.mine.tabs import add_tab

    costs.connect()
    costing.register(
        expected.minutes_done, queries.titles, expected.minutes_of_people, expected.last_step
    )
    beginning.register(expected.minutes_by_step)
    record.register_tab("Costs", "costing:person", "personal.keep")
    add_tab("My budget", "personal:mine")
    add_tab("What I pay", "entitlement:mine")
    record.register_tab("Charges", "entitlement:person", "means.assess")
    record.register_forgetter(entitlement.forget)
    record.register_tab("Budget", "personal:person", "personal.keep")
    record.register_forgetter(personal.forget)
    register_lines(describe)
    leading.connect()
    closing.connect()
    months.register_begins(begins)
    drafted.register(drafted.Drafts(drafts.done, begun.keep_begun, begun.rows_begun))


def _connect_plan() -> None:
    """What the plan room tells the rooms below it."""


def _connect_alliance() -> None:
    """What the alliance room tells the rooms below it."""


def _connect_answers() -> None:
    """Who answers the questions that take a while; their rows need Django to be ready."""
    from onesystem.alliance.learning.peers import working as peers
    from onesystem.budget.contracts import errand as contracts
    from onesystem.flow.boards import telling as boards
    from onesystem.flow.chances import working as chances
    from onesystem.flow.coordination import store
    from onesystem.flow.coordination import working as coordination
    from onesystem.flow.journeys import working
    from onesystem.plan.options import running as options
    from onesystem.plan.portfolio import working as portfolio
    from onesystem.plan.shocks import working as shocks
    from onesystem.twin import working as twin

    boards.connect()
    working.connect()
    chances.connect()
    coordination.connect()
    twin.connect()
    contracts.connect()
    options.connect()
    portfolio.connect()
    shocks.connect()
    peers.connect()
    record.register_forgetter(store.forget)


def open_district(*, migrate: bool = True) -> District:
    """The district of this process: checked, Django set up, rooms connected, store up to date.

    Raises BadConfig where ONESYSTEM_DISTRICT names no district.
    """
    district = current()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onesystem.web.settings")
    import django

    django.setup()
    connect()
    if migrate:
        from onesystem.web import migrating

        migrating.bring_up()
    return district
