"""The demo's sign-ins: one for each kind of user, with one plainly demo password."""

from dataclasses import dataclass

PASSWORD = "demo-district-2026"  # noqa: S105 - printed by `serve --demo`, for synthetic people only


@dataclass(frozen=True)
class SignIn:
    """Who signs in, with which role, to see what."""

    username: str
    role: str
    name: str
    about: str
    more: tuple[str, ...] = ()  # roles beside the first


SIGN_INS = (
    SignIn("nurse", "ed-nurse", "Nadia Nurse", "Now board, people, timelines"),
    SignIn("doctor", "hospital-doctor", "Dora Doctor", "people, records, breaking the glass"),
    SignIn("gp", "general-practitioner", "Gita Practice", "Now board, people, timelines"),
    SignIn("paramedic", "paramedic", "Paul Paramedic", "Now board, people, timelines"),
    SignIn("district.nurse", "district-nurse", "Daisy District", "Now board, people, timelines"),
    SignIn("therapist", "therapist", "Thea Therapist", "tasks, visits, care plans"),
    SignIn("home.carer", "home-carer", "Hari Home", "today's visits, on a phone"),
    SignIn("social.worker", "social-worker", "Sol Social", "requests for social care, tasks"),
    SignIn(
        "coordinator", "coordinator", "Colin Coordinator", "inbox of requests, who waits to leave"
    ),
    SignIn("editor", "pathway-editor", "Edda Editor", "pathways: drafts, reviews, versions"),
    SignIn("lead", "clinical-lead", "Lea Lead", "pathways and tables to sign off"),
    SignIn("manager", "manager", "Mara Manager", "how pathways, requests and care at home go"),
    SignIn("records", "records-officer", "Rosa Records", "matches, merges, identities"),
    SignIn("engineer", "integration-engineer", "Ethan Engineer", "feeds, messages, mappings"),
    SignIn("analyst", "analyst", "Anna Analyst", "figures without names, exports"),
    SignIn("improvement", "improvement", "Ines Improvement", "measures, charts, step changes"),
    SignIn("planner", "planner", "Pia Planner", "what if: the twin, scenarios, what is coming"),
    SignIn("finance", "finance", "Fern Finance", "the whole budget, the ledger, months to close"),
    SignIn(
        "director",
        "clinical-director",
        "Dilip Director",
        "a specialty's budget, built up",
        ("hospital-doctor",),
    ),
    SignIn("commissioner", "commissioner", "Cora Commissioner", "payment forms beside each other"),
    SignIn("contracts", "contract-manager", "Connor Contracts", "terms, settlements, stress"),
    SignIn("better.care", "better-care-lead", "Bea Better-Care", "the pooled fund and its return"),
    SignIn("assessor", "finance-assessor", "Asa Assessor", "means, charges, letters"),
    SignIn("policy", "policy-analyst", "Polly Policy", "other rules of paying for care"),
    SignIn(
        "chair", "alliance-chair", "Ishbel Independent", "the alliance, its meetings and register"
    ),
    SignIn("member", "alliance-member", "Nuala Nursing", "proposals, consensus, actions"),
    SignIn("community", "alliance-member", "Kit Community", "proposals, for the community's seat"),
    SignIn("funder.health", "funder", "Fay Funder", "money of the health board, committed"),
    SignIn("funder.council", "funder", "Cal Council", "money of the council, committed"),
    SignIn("funder.hospital", "funder", "Hal Hospital", "money of the hospital, committed"),
    SignIn("friend", "critical-friend", "Frankie Friend", "plans to comment on and to score"),
    SignIn("national", "national-planner", "Nat National", "districts beside each other"),
    SignIn("administrator", "administrator", "Ada Administrator", "settings, users, the audit"),
    SignIn("privacy", "privacy-officer", "Peter Privacy", "who looked at whom, and why"),
    SignIn("person", "person", "", "their own record, who looked, choices"),
    SignIn("carer", "person", "Carol Carer", "the record of the person they act for"),
    SignIn("viewer", "viewer", "Vera Viewer", "the Now board only"),
)
