"""Steps of pathways on one core, what a case weighs, and how soon a pathway is found.

The starter set over one person with 160 entries and every question answered halfway through. The
conditions that need no name of ours are also asked of fhirpathpy, compiled once, in the same run.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from onesystem.bench.shape import Row, register

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WANTED, WEIGHT, FOUND = 5_000, 4_096, 50
SEARCHED = 1_000
_ROUNDS = 5
_PLAIN = (  # what a helper looks up, written out
    "%conditions.where(code.coding.where(code = '13645005').exists()).exists()",
    "%observations.where(code.coding.code = '59261-8').value.value.first() > 58",
    "%observations.where(code.coding.code = '62238-1' and status = 'final').count() > 3",
)


@register("pathways", "steps of pathways evaluated, the weight of a case, and a search")
def run(*, full: bool) -> Iterable[Row]:
    """The stated size; `full` goes round more often."""
    from onesystem.care.pathways.engine import next_actions, prepare
    from onesystem.care.pathways.library import library

    rounds = _ROUNDS * (5 if full else 1)
    facts = _somebody()
    cases = [(prepare(each), _halfway(each)) for each in library().values()]
    steps = sum(len(ready.pathway.steps) for ready, _ in cases)
    spent = _cost(lambda: [next_actions(ready, facts, events) for ready, events in cases], rounds)
    yield Row(
        name=f"steps evaluated, each with its reason ({len(cases)} pathways, {steps} steps)",
        value=round(steps / spent), unit="a second", target=WANTED,
        peer="SpiffWorkflow, as measured before", peer_value=2_361,
    )  # fmt: skip
    yield from _beside(cases, facts, rounds)
    yield Row(
        name="the largest case, every step done and every question answered",
        value=max(_weight(each) for each in library().values()), unit="bytes", target=WEIGHT,
        lower_is_better=True, peer="SpiffWorkflow, as measured before", peer_value=13_000,
    )  # fmt: skip
    yield from _searched()


def _beside(cases: Any, facts: Any, rounds: int) -> Iterator[Row]:
    from onesystem.care.pathways.conditions import condition

    conditions = {
        text: made
        for ready, _ in cases
        for text, made in ready.conditions.items()
        if not set(_named(text)) - {"age", "sex"}
    }
    ours = _cost(lambda: [each.decide(facts) for each in conditions.values()], rounds)
    reasons = _cost(lambda: [each.explain(facts) for each in conditions.values()], rounds)
    peer = _peer(conditions, facts, rounds)
    many = len(conditions)
    yield Row(
        name=f"conditions decided ({many} different ones)", value=round(many / ours),
        unit="a second", peer="fhirpathpy, compiled once",
        peer_value=round(many / peer) if peer else None,
    )  # fmt: skip
    plain = {text: condition(text) for text in _PLAIN}
    slow = _peer(plain, facts, rounds)
    yield Row(
        name="conditions in FHIRPath alone, that walk the entries",
        value=round(len(plain) / _cost(lambda: [c.decide(facts) for c in plain.values()], rounds)),
        unit="a second", peer="fhirpathpy, compiled once",
        peer_value=round(len(plain) / slow) if slow else None,
    )  # fmt: skip
    yield Row(name="the different ones, each with its reason in words", value=round(many / reasons),
              unit="a second")  # fmt: skip


def _named(text: str) -> Iterator[str]:
    import re

    return (found[1] for found in re.finditer(r"%(\w+)", text))


def _peer(conditions: Any, facts: Any, rounds: int) -> float | None:
    """The same of fhirpathpy, with our helpers as its functions; None where it is not installed."""
    try:
        import fhirpathpy  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None
    from onesystem.care.pathways.helpers import HELPERS

    def called(helper: Any) -> Any:
        return lambda _inputs, *args: list(
            helper(facts, "", [a if isinstance(a, list) else [a] for a in args], None)
        )

    table = {
        name: {"fn": called(helper),
               "arity": {n: ["AnyAtRoot"] * n for n in range(least, most + 1)}}
        for name, (helper, least, most) in HELPERS.items()
    }  # fmt: skip
    context = {"age": facts.age, "sex": facts.patient["gender"],
               "conditions": facts.resources["Condition"],
               "observations": facts.resources["Observation"]}  # fmt: skip
    made = [fhirpathpy.compile(text, options={"userInvocationTable": table}) for text in conditions]
    patient = dict(facts.patient)
    return _cost(lambda: [ask(patient, dict(context)) for ask in made], rounds)


def _searched() -> Iterator[Row]:
    from onesystem.care.pathways.library import library
    from onesystem.care.pathways.search import Sought, index_of, look

    known = list(library().values())
    sought = [
        Sought(f"p{n}", f"{known[n % len(known)].title} {n}",
               tuple(f"{word} {n // len(known)}" for word in known[n % len(known)].words))
        for n in range(SEARCHED)
    ]  # fmt: skip
    index = index_of(sought)
    typed = ["c", "ce", "cellul", "red hot leg", "hinga", "mate huka", "short of breth", "stroke 9"]
    worst = max(_cost(lambda t=t: look(index, t), _ROUNDS) for t in typed)  # type: ignore[misc]
    yield Row(
        name=f"a search among {SEARCHED:,} pathways, the slowest of {len(typed)}",
        value=round(worst * 1000, 2), unit="ms of CPU", target=FOUND, lower_is_better=True,
    )  # fmt: skip


def _halfway(pathway: Any) -> list[Any]:
    from onesystem.care.pathways.steps import Event

    events = [Event(verb="started", at=NOW, act="start", version=1)]
    for n, step in enumerate(pathway.assessment):
        at = NOW + timedelta(minutes=n)
        events.append(Event(verb="done", at=at, act=f"a{n}", step=step.key, by="kiri",
                            answers=_answers(pathway, step)))  # fmt: skip
    return events


def _answers(pathway: Any, step: Any) -> dict[str, Any]:
    values = {"boolean": False, "integer": 12, "decimal": 1.5}
    form = pathway.form(step.form)
    return {q.key: values.get(q.type, "a few words") for q in (form.questions if form else ())}


def _weight(pathway: Any) -> int:
    """A case as it is kept: its events as JSON."""
    import orjson

    told = [
        {"verb": "done", "step": step.key, "at": NOW.isoformat(), "act": "a" * 32, "by": "kiri",
         "said": {"pathway": pathway.key, "step": step.key, "answers": _answers(pathway, step)}}
        for step in pathway.steps
    ]  # fmt: skip
    return len(orjson.dumps(told))


def _somebody() -> Any:
    from onesystem.care.pathways.known import Facts
    from onesystem.vocabulary.codes import LOINC, SNOMED

    def coded(system: str, code: str, words: str) -> dict[str, Any]:
        return {"coding": [{"system": system, "code": code, "display": words}], "text": words}

    held = [("13645005", "COPD"), ("44054006", "Type 2 diabetes"), ("38341003", "Hypertension"),
            ("84114007", "Heart failure"), ("49436004", "Atrial fibrillation")]  # fmt: skip
    conditions = [
        {"resourceType": "Condition", "id": code, "code": coded(SNOMED, code, words),
         "onsetDateTime": "2019-05-03"} for code, words in held
    ]  # fmt: skip
    measured = [("59261-8", "HbA1c", 62), ("62238-1", "eGFR", 48), ("2823-3", "Potassium", 4.4),
                ("8480-6", "Systolic", 148), ("9279-1", "Breaths", 22)]  # fmt: skip
    observations = [
        {"resourceType": "Observation", "id": f"{code}-{n}", "status": "final",
         "code": coded(LOINC, code, words), "valueQuantity": {"value": value + n},
         "effectiveDateTime": (NOW - timedelta(days=40 * n)).isoformat()}
        for n in range(25) for code, words, value in measured
    ]  # fmt: skip
    medicines = [
        {"resourceType": "MedicationRequest", "id": f"m{n}", "status": "active",
         "authoredOn": "2026-10-01", "medicationCodeableConcept": {"text": words}}
        for n, words in enumerate(("Apixaban 5 mg", "Metformin 500 mg", "Furosemide 40 mg") * 10)
    ]  # fmt: skip
    return Facts(
        now=NOW, patient={"resourceType": "Patient", "birthDate": "1944-05-01",
                          "gender": "female"},
        resources={"Condition": conditions, "Observation": observations,
                   "MedicationRequest": medicines},
    )  # fmt: skip


def _cost(act: Callable[[], object], rounds: int) -> float:
    """CPU seconds of one act, the best of so many."""
    act()
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        act()
        best = min(best, time.process_time() - start)
    return best
