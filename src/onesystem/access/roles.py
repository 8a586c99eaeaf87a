"""Which role may do what, and for which purposes it may look at a person. Dated data.

A change of what a role may do is a new line with its own dates, never an edit of an old one, so
that "what could a paramedic see last March" has an answer. The roles follow who works in a
district; the purposes follow the reasons for which UK GDPR article 9(2)(h) and the Caldicott
principles, and rule 11 of New Zealand's Health Information Privacy Code, let a record be opened.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from onesystem.vocabulary.said import say, say_each

RIGHTS: Mapping[str, str] = say_each(
    {
        "now.see": "See the Now board: figures without people",
        "now.act": "Take alerts, put facts right on boards, and hold the district call",
        "people.search": "Search for people",
        "person.open": "Open a person's record, for a stated purpose",
        "people.merge": "Merge, unmerge and keep apart",
        "feeds.see": "See the state of the feeds",
        "feeds.message": "Open a message as it was sent",
        "feeds.mend": "Mend mappings, and replay messages",
        "measures.see": "See measures and their charts: figures without people",
        "measures.sign": "Annotate charts, and sign that a process has changed",
        "twin.try": "Make scenarios of what could change, and run them",
        "contacts.export": "Export contacts",
        "settings.see": "See how the district is configured",
        "boards.set": "Set what boards show, and when they ask for somebody",
        "users.manage": "Add users and set their roles",
        "audit.see": "Read, search and export the audit trail",
        "access.review": "Resolve looks that need a second look, and keep sharing agreements",
        "record.protect": "Decide on corrections, retention and legal holds",
        "people.reidentify": "Turn a project's pseudonym back into a person, for a stated purpose",
        "requests.send": "Send requests for people, and follow them to their answer",
        "requests.work": "Work the inbox of a service: accept, return, book, answer",
        "services.keep": "Keep a service's entry in the directory: criteria, hours, "
        "capacity, slots",
        "pathways.see": "Open pathways",
        "pathways.write": "Write pathways, and send them for review",
        "pathways.sign": "Sign pathways off, and publish them",
        "care.act": "Do tasks and visits, and write notes and care plans",
        "episodes.act": "Start, review and end care at home",
        "triage.use": "Use the screen of ambulance crews and its decision tables",
        "triage.set": "Set decision tables, and switch scores on",
        "rota.keep": "Keep the rota, and who leads a person's care",
        "budget.see": "See budgets, costs, contracts and settlements: figures without people",
        "budget.move": "Move money between budgets, post entries, and close months",
        "budget.build": "Build a specialty's budget from the base up, and sign it",
        "contracts.keep": "Write the terms of contracts, and settle them",
        "pooled.keep": "Keep a pooled fund: contributions, schemes, returns",
        "means.assess": "Assess need and means, and work out what a person pays",
        "personal.keep": "Agree personal budgets, and decide what is asked of them",
        "plan.see": "See plans: the case for change, options, workforce and money by year",
        "plan.write": "Make plans and options, run them, and move a plan through its stages",
        "plan.review": "Comment on plans and score them, as a critical friend who approves nothing",
        "alliance.see": "See the alliance: its charter, members, proposals and decisions",
        "alliance.propose": "Bring proposals to the alliance, and keep their evidence",
        "alliance.decide": "Agree, stand aside or object as a member of the alliance",
        "alliance.fund": "Confirm an organisation's money for a decision, or withdraw it",
        "alliance.keep": "Keep the alliance: members, service alliances, meetings, registers",
        "ideas.bring": "Bring ideas, and see what came of them",
        "peers.see": "See how practices compare, for peer review",
        "nation.see": "See what districts publish, beside each other",
        "own.see": "See my own record and who looked, and choose what is shared",
    }
)

PURPOSES: Mapping[str, str] = say_each(
    {
        "direct care": "I am looking after this person now, or am about to",
        "care coordination": "I am arranging care or a discharge for this person",
        "records management": "I am putting a record right: identity, duplicates, errors",
        "financial assessment": "I am working out what this person pays for care, and who else",
        "privacy review": "I am checking who looked at this record, and why",
        "subject access": "The person, or someone acting for them, has asked to see their record",
        "own record": "It is my own record, or I act for the person",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One line of the table: what a role may do from a day on (inclusive) to a day (exclusive)."""

    role: str
    name: str
    about: str
    rights: frozenset[str]
    purposes: frozenset[str] = frozenset()
    since: date = date(2026, 11, 1)
    until: date | None = None

    def on(self, day: date) -> bool:
        """Whether the line is in force on that day."""
        return self.since <= day and (self.until is None or day < self.until)


_BOARD = frozenset({"now.see"})
_FIGURES = _BOARD | {"measures.see"}
_TRIES = _FIGURES | {"twin.try"}
_SIGNS = _TRIES | {"measures.sign"}
_CARE = _BOARD | {"people.search", "person.open"}
_ACTS = frozenset({"now.act"})
_READS = frozenset({"pathways.see"})
_SENDS = _READS | {"requests.send", "care.act", "episodes.act"}
_MONEY = frozenset({"budget.see"})
_PLANS = frozenset({"plan.see", "alliance.see"})
_IDEAS = frozenset({"ideas.bring"})
_WORKS = frozenset({"requests.work"})
_LOOKING_AFTER = frozenset({"direct care", "care coordination"})


def _clinician(role: str, name: str, about: str, *more: str) -> Role:
    return Role(
        role=role,
        name=name,
        about=about,
        rights=_CARE | _FIGURES | _ACTS | _SENDS | _IDEAS | {"alliance.see"} | frozenset(more),
        purposes=_LOOKING_AFTER,
    )


TABLE: tuple[Role, ...] = (
    _clinician(
        "general-practitioner",
        say("General practitioner"),
        say("Looks after enrolled people"),
        "requests.work",
        "rota.keep",
        "peers.see",
    ),
    _clinician("ed-nurse", say("ED nurse"), say("Looks after people in the emergency department")),
    _clinician(
        "paramedic",
        say("Paramedic"),
        say("Looks after people where the ambulance meets them"),
        "triage.use",
    ),
    _clinician(
        "district-nurse", say("District nurse"), say("Looks after people at home"), "requests.work"
    ),
    _clinician(
        "hospital-doctor",
        say("Hospital doctor"),
        say("Looks after people on wards and in clinics"),
        "requests.work",
    ),
    _clinician(
        "social-worker",
        say("Social worker"),
        say("Arranges and reviews social care"),
        "requests.work",
        "means.assess",
        "personal.keep",
    ),
    _clinician(
        "therapist",
        say("Therapist"),
        say("Helps people to do again what they could do"),
        "requests.work",
    ),
    Role(
        role="home-carer",
        name=say("Home carer"),
        about=say("Helps people in their homes, as their care plan says"),
        rights=_CARE | _IDEAS | {"care.act"},
        purposes=frozenset({"direct care"}),
    ),
    Role(
        role="pathway-editor",
        name=say("Pathway editor"),
        about=say("Writes the agreed ways with those who work by them"),
        rights=_FIGURES | _READS | _IDEAS | {"pathways.write", "alliance.see"},
    ),
    Role(
        role="clinical-lead",
        name=say("Clinical lead"),
        about=say("Signs pathways and decision tables off for the district"),
        rights=_FIGURES
        | _READS
        | _PLANS
        | _IDEAS
        | {"pathways.sign", "triage.set", "alliance.propose", "peers.see"},
    ),
    Role(
        role="coordinator",
        name=say("Coordinator"),
        about=say("Arranges flow, beds and discharges, and works the inbox of services"),
        rights=_CARE
        | _FIGURES
        | _ACTS
        | _SENDS
        | _WORKS
        | _IDEAS
        | {"services.keep", "rota.keep", "alliance.see"},
        purposes=frozenset({"care coordination"}),
    ),
    Role(
        role="records-officer",
        name=say("Records officer"),
        about=say("Keeps identities right"),
        rights=_CARE | _IDEAS | {"people.merge", "feeds.see", "feeds.message", "record.protect"},
        purposes=frozenset({"records management", "subject access"}),
    ),
    Role(
        role="integration-engineer",
        name=say("Integration engineer"),
        about=say("Keeps the feeds running and the mappings right"),
        rights=_BOARD | _IDEAS | {"feeds.see", "feeds.message", "feeds.mend", "settings.see"},
    ),
    Role(
        role="analyst",
        name=say("Analyst"),
        about=say("Works with contacts, not with people"),
        rights=_SIGNS | _MONEY | _PLANS | _IDEAS | {"contacts.export", "feeds.see"},
    ),
    Role(
        role="improvement",
        name=say("Improvement team"),
        about=say("Finds what to improve, and shows whether it worked"),
        rights=_SIGNS | _READS | _PLANS | _IDEAS | {"alliance.propose", "peers.see"},
    ),
    Role(
        role="manager",
        name=say("Manager"),
        about=say("Answers for services, and for what is done about their figures"),
        rights=_SIGNS
        | _ACTS
        | _READS
        | _MONEY
        | _PLANS
        | _IDEAS
        | {"services.keep", "alliance.propose", "peers.see"},
    ),
    Role(
        role="administrator",
        name=say("Administrator"),
        about=say("Looks after the district's set-up and its users"),
        rights=_BOARD | _IDEAS | {"feeds.see", "settings.see", "boards.set", "users.manage"},
    ),
    Role(
        role="privacy-officer",
        name=say("Privacy officer"),
        about=say("Watches who looks at whom"),
        rights=_CARE
        | {"settings.see", "audit.see", "access.review", "people.reidentify", "record.protect"},
        purposes=frozenset({"privacy review", "subject access"}),
    ),
    Role(
        role="planner",
        name=say("Planner"),
        about=say("Plans capacity and services"),
        rights=_TRIES
        | _READS
        | _MONEY
        | _PLANS
        | _IDEAS
        | {"plan.write", "alliance.propose", "peers.see"},
    ),
    Role(
        role="finance",
        name=say("Finance manager"),
        about=say("Looks after the money: funds, budgets, the ledger and its months"),
        rights=_FIGURES | _MONEY | _PLANS | _IDEAS | {"budget.move", "budget.build", "pooled.keep"},
    ),
    Role(
        role="clinical-director",
        name=say("Clinical director"),
        about=say("Answers for a specialty, and builds its budget"),
        rights=_TRIES | _READS | _MONEY | _PLANS | _IDEAS | {"budget.build", "alliance.propose"},
    ),
    Role(
        role="commissioner",
        name=say("Commissioner"),
        about=say("Decides what is bought for the district, and how it is paid"),
        rights=_TRIES | _READS | _MONEY | _PLANS | _IDEAS | {"pooled.keep", "alliance.propose"},
    ),
    Role(
        role="contract-manager",
        name=say("Alliance and contract manager"),
        about=say("Writes the terms of contracts, and settles them"),
        rights=_TRIES
        | _MONEY
        | _PLANS
        | _IDEAS
        | {"contracts.keep", "alliance.propose", "alliance.keep"},
    ),
    Role(
        role="better-care-lead",
        name=say("Better Care lead"),
        about=say("Keeps the pooled fund of health and social care"),
        rights=_FIGURES | _MONEY | _PLANS | _IDEAS | {"pooled.keep"},
    ),
    Role(
        role="finance-assessor",
        name=say("Finance assessor"),
        about=say("Works out what a person pays for care; sees no clinical record"),
        rights=_CARE | {"means.assess"},
        purposes=frozenset({"financial assessment"}),
    ),
    Role(
        role="policy-analyst",
        name=say("Policy analyst"),
        about=say("Works out what other rules of paying for care would cost and bring"),
        rights=_FIGURES | _MONEY | _PLANS,
    ),
    Role(
        role="alliance-member",
        name=say("Alliance member"),
        about=say("Decides with the other members of the alliance"),
        rights=_FIGURES | _MONEY | _PLANS | _IDEAS | {"alliance.propose", "alliance.decide"},
    ),
    Role(
        role="alliance-chair",
        name=say("Independent chair"),
        about=say("Chairs the alliance, for no organisation; keeps its charter and its meetings"),
        rights=_FIGURES
        | _MONEY
        | _PLANS
        | _IDEAS
        | {"alliance.propose", "alliance.decide", "alliance.keep", "peers.see"},
    ),
    Role(
        role="funder",
        name=say("Funder"),
        about=say("Commands an organisation's money, and commits it to what the alliance decides"),
        rights=_FIGURES
        | _MONEY
        | _PLANS
        | _IDEAS
        | {"alliance.propose", "alliance.decide", "alliance.fund"},
    ),
    Role(
        role="critical-friend",
        name=say("Critical friend"),
        about=say("Reads plans from outside, comments and scores them; approves nothing"),
        rights=_FIGURES | _PLANS | {"plan.review"},
    ),
    Role(
        role="national-planner",
        name=say("National planner"),
        about=say("Sees what districts publish, beside each other; nothing of one district's own"),
        rights=frozenset({"nation.see"}),
    ),
    Role(
        role="identity-checker",
        name=say("Identity checker"),
        about=say(
            "Checks who somebody is, such as a council that looks up a number; sees no record"
        ),
        rights=_CARE,
        purposes=frozenset({"records management"}),
    ),
    Role(
        role="person",
        name=say("Person"),
        about=say("Sees their own record, or that of someone they act for"),
        rights=frozenset({"own.see"}),
        purposes=frozenset({"own record"}),
    ),
    Role(
        role="application",
        name=say("Application"),
        about=say("A system that asks by itself, for the organisation that runs it"),
        rights=_CARE,
        purposes=_LOOKING_AFTER,
    ),
    Role(role="viewer", name=say("Viewer"), about=say("Sees the Now board"), rights=_BOARD),
)

ROLES: tuple[str, ...] = tuple(dict.fromkeys(line.role for line in TABLE))


def lines_on(day: date) -> dict[str, Role]:
    """The table as it is in force on a day, by role; a later line wins."""
    return {line.role: line for line in TABLE if line.on(day)}


def rights_of(roles: Iterable[str], day: date) -> frozenset[str]:
    """What someone with these roles may do on a day; an unknown role gives nothing."""
    return _rights(frozenset(roles), day)


@lru_cache(maxsize=256)  # each page asks a dozen times of the same roles
def _rights(roles: frozenset[str], day: date) -> frozenset[str]:
    table = lines_on(day)
    return frozenset[str]().union(*(table[r].rights for r in roles if r in table))


def purposes_of(roles: Iterable[str], day: date) -> tuple[str, ...]:
    """For which purposes someone with these roles may open a person, in the order of PURPOSES."""
    table = lines_on(day)
    held = frozenset[str]().union(*(table[r].purposes for r in roles if r in table))
    return tuple(p for p in PURPOSES if p in held)
