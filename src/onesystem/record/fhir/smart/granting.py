"""What of the scopes that an application asks for it is granted. Pure.

Three things narrow them: what the application was let in for, what the role of the person behind
it may do for the purpose, and what that person leaves ticked. Nothing widens them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onesystem.access import Grain, Scopes
from onesystem.record.fhir.scopes import scopes_of
from onesystem.vocabulary import BadConfig

# Scopes that open nothing by themselves, and are known here.
WORDS = ("launch", "launch/patient", "openid", "fhirUser", "profile", "offline_access")
_LETTERS = "cruds"
# Types that are about nobody: a token bound to a person reads them all the same.
ABOUT_NOBODY = frozenset({
    "ActivityDefinition", "CodeSystem", "ConceptMap", "Endpoint", "HealthcareService", "Library",
    "Location", "Measure", "Medication", "NamingSystem", "Organization", "PlanDefinition",
    "Practitioner", "PractitionerRole", "Questionnaire", "SearchParameter", "StructureDefinition",
    "Substance", "ValueSet",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Able:
    """What a role may do for a purpose. `record` False: who people are, and nothing more."""

    acts: frozenset[str] = frozenset()
    record: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """Scopes taken apart; what is not understood is left out, and so never granted."""

    words: tuple[str, ...] = ()
    grains: tuple[Grain, ...] = ()

    @classmethod
    def of(cls, text: str) -> "Asked":
        """Take a scope string apart."""
        words = [w for w in WORDS if w in text.split()]
        grains: list[Grain] = []
        for each in text.split():
            try:
                grains += scopes_of(each).grains
            except BadConfig:
                continue
        return cls(tuple(words), _merged(grains))

    @property
    def text(self) -> str:
        """As version 2 writes them."""
        return " ".join([*self.words, *(written(g) for g in self.grains)])

    @property
    def needs_person(self) -> bool:
        """Whether there has to be a person in context."""
        return bool({"launch", "launch/patient"} & {*self.words}) or any(
            g.level == "patient" for g in self.grains
        )


def written(grain: Grain) -> str:
    """A scope in the letters of version 2, in their order."""
    return f"{grain.level}/{grain.resource}.{''.join(c for c in _LETTERS if c in grain.acts)}"


def granted(asked: Asked, *, app: Asked, able: Able, levels: Iterable[str]) -> Asked:
    """What is left of them for this application and this role."""
    held = {*levels}
    grains = [
        narrow
        for wish in asked.grains
        if wish.level in held
        for most in app.grains
        if most.level == wish.level
        for narrow in _both(wish, most, able)
    ]
    words = tuple(w for w in asked.words if w in app.words)
    return Asked(words, _bound(_merged(grains)))


def ticked(granted: Asked, chosen: Iterable[str]) -> Asked:
    """What is left of what was granted after the user took some away."""
    kept = Asked.of(" ".join(chosen))
    return Asked(
        tuple(w for w in granted.words if w in kept.words),
        tuple(g for g in granted.grains if any(_within(g, k) for k in kept.grains)),
    )


def narrower(scopes: str, wished: str) -> str | None:
    """The wished part of scopes that were granted; None where it asks for more than them."""
    held, wish = Asked.of(scopes), Asked.of(wished)
    known = len(wish.words) + len(wish.grains) > 0
    inside = all(any(_within(g, h) for h in held.grains) for g in wish.grains)
    if not known or not inside or not {*wish.words} <= {*held.words}:
        return None
    return wish.text


def held(scopes: str, person: int | None) -> Scopes:
    """The scopes of a token as the decision takes them.

    Where a person is in context and some scope is of that person alone, all are: else the
    scope of the one type would reach people by way of the other.
    """
    found = scopes_of(scopes, patient=person)
    if person is None or not any(g.level == "patient" for g in found.grains):
        return found
    return Scopes(tuple(Grain("patient", g.resource, g.acts) for g in found.grains), person)


def _both(a: Grain, b: Grain, able: Able) -> Sequence[Grain]:
    if "*" not in {a.resource, b.resource} and a.resource != b.resource:
        return ()
    resource = b.resource if a.resource == "*" else a.resource
    acts = a.acts & b.acts & able.acts
    if not able.record and resource not in ABOUT_NOBODY | {"Patient"}:
        if resource != "*":
            return ()
        resource = "Patient"
    return (Grain(a.level, resource, acts),) if acts else ()


def _bound(grains: tuple[Grain, ...]) -> tuple[Grain, ...]:
    """Beside a scope of one person, a scope of many people would open many: it is narrowed too."""
    if not any(g.level == "patient" for g in grains):
        return grains
    return _merged(
        Grain("patient", g.resource, g.acts)
        if g.level == "user" and g.resource not in ABOUT_NOBODY
        else g
        for g in grains
    )


def _within(a: Grain, b: Grain) -> bool:
    return a.level == b.level and b.resource in {"*", a.resource} and a.acts <= b.acts


def _merged(grains: Iterable[Grain]) -> tuple[Grain, ...]:
    found: dict[tuple[str, str], frozenset[str]] = {}
    for g in grains:
        key = (g.level, g.resource)
        found[key] = found.get(key, frozenset()) | g.acts
    made = [Grain(level, resource, acts) for (level, resource), acts in found.items()]  # type: ignore[arg-type]
    return tuple(g for g in made if not any(h is not g and _within(g, h) for h in made))
