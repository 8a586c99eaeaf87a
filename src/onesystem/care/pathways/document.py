"""A pathway as data: what a district agreed to do about a condition or a presentation.

It is shaped like a FHIR PlanDefinition. Every part has a key of its own, conditions are FHIRPath
over the facts of a person (`conditions`), and everything is text and whole numbers, so that a
version can be kept, compared and carried as it is. What an empty text means is said at the field.
"""

from dataclasses import dataclass, field

from onesystem.vocabulary import Code
from onesystem.vocabulary.said import say_each

KINDS = ("condition", "presentation")
URGENCIES = ("routine", "soon", "urgent", "emergency")
ASKS = ("referral", "order", "advice")  # the kinds of a request
ACTIONS = ("do", "tell", "request", "task", "episode", "pathway")
TYPES = ("boolean", "integer", "decimal", "choice", "date", "text")  # of the answer to a question
STAFF = say_each(
    {
        "gp": "General practitioner",
        "practice-nurse": "Practice nurse",
        "district-nurse": "District nurse",
        "specialist-nurse": "Specialist nurse",
        "hospital-doctor": "Hospital doctor",
        "paramedic": "Paramedic",
        "therapist": "Therapist",
        "pharmacist": "Pharmacist",
        "social-worker": "Social worker",
        "home-carer": "Home carer",
        "assistant": "Health care assistant",
        "coordinator": "Coordinator",
    }
)
EXAMPLE = "example, to be localised and signed off"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """Codes that stand under one name: `%name` in a condition."""

    key: str
    words: str
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """Something worked out of the facts: `%name` in a condition. A score is one."""

    key: str
    words: str
    path: str
    unit: str = ""
    source: str = ""  # who published the score


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A red flag: what it is, and what to do at once."""

    key: str
    words: str
    do: str = ""
    detail: str = ""
    when: str = ""  # empty: nothing in the record tells; it is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A line of background with what may be opened below it."""

    words: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a step leads to: a step of this pathway, or another pathway as `pathway:KEY`."""

    to: str
    when: str = ""  # empty: always
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What is done on a step. `to` names the request, the pathway, the package that it is of."""

    kind: str
    words: str = ""
    to: str = ""
    when: str = ""  # empty: always


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One numbered step. Times are texts such as `4 hours`, `2 days`, `1 year`."""

    key: str
    words: str
    detail: str = ""
    when: str = ""  # empty: for everybody
    who: str = ""  # the staff group that does it
    minutes: tuple[tuple[str, int], ...] = field(default=(), metadata={"table": True})
    form: str = ""  # the questions that are answered on it
    actions: tuple[Action, ...] = ()
    next: tuple[Link, ...] = ()
    within: str = ""  # of the step that led to it, or of the start
    every: str = ""  # it is due again that long after it was done
    times: int = 0  # how often at most; 0: until the person leaves the pathway


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """When to ask which service for what. `service` is one of the district's, else any that fits.

    A service fits that is of the `setting` and has `named` in its name.
    """

    key: str
    words: str
    urgency: str = "routine"
    kind: str = "referral"
    when: str = ""  # empty: whoever judges that it is needed
    detail: str = ""
    service: str = ""
    setting: str = ""
    named: str = ""
    form: str = ""
    what: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a form. `prefill` is FHIRPath: what the record knows is not asked again."""

    key: str
    words: str
    type: str = "boolean"
    required: bool = False
    options: tuple[str, ...] = ()
    unit: str = ""
    code: Code | None = None
    prefill: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Questions of a step or of a request."""

    key: str
    title: str
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Information:
    """What to hand over or to read."""

    title: str
    words: str = ""
    url: str = ""
    audience: str = "person"  # or `professional`


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What the pathway rests on."""

    title: str
    by: str = ""
    date: str = ""
    url: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pathway:
    """The agreed way for a condition or a presentation."""

    key: str
    title: str
    kind: str = "condition"
    summary: str = ""
    mark: str = ""  # such as EXAMPLE
    notice: str = ""  # stands on top until the next review
    words: tuple[str, ...] = ()  # other words for it, those of patients too
    codes: tuple[Code, ...] = ()  # of the condition
    owner: str = ""
    review: int = 2  # years until it is looked at again
    licence: str = ""
    whom: str = ""  # FHIRPath: whom it is for; empty: anybody
    lists: tuple[CodeList, ...] = ()
    values: tuple[Value, ...] = ()
    flags: tuple[Flag, ...] = ()
    background: tuple[Passage, ...] = ()
    assessment: tuple[Step, ...] = ()
    management: tuple[Step, ...] = ()
    requests: tuple[Criterion, ...] = ()
    forms: tuple[Form, ...] = ()
    information: tuple[Information, ...] = ()
    references: tuple[Reference, ...] = ()
    kept: str = ""  # JSON: what a foreign PlanDefinition said beyond all this

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in the order of the page."""
        return self.assessment + self.management

    def criterion(self, key: str) -> Criterion | None:
        """The request criterion of that key."""
        return next((each for each in self.requests if each.key == key), None)

    def form(self, key: str) -> Form | None:
        """The form of that key."""
        return next((each for each in self.forms if each.key == key), None)

    def step(self, key: str) -> Step | None:
        """The step of that key."""
        return next((each for each in self.steps if each.key == key), None)
