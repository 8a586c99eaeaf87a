"""Conditions of pathways: FHIRPath over the facts of a person, compiled once, with its reason.

The engine is that of views (0108): closures, with the helpers of `helpers` and the pathway's own
names beside FHIRPath. What is not known is None and never false: an absent value makes `and`, `or`
and `implies` three-valued, as FHIRPath has it, and the reason names what is missing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from onesystem.care.pathways import known
from onesystem.care.pathways.document import CodeList, Pathway, Question, Value
from onesystem.care.pathways.helpers import HELPERS, Helper, Seen, Told
from onesystem.care.pathways.known import Facts
from onesystem.care.pathways.more import MORE
from onesystem.care.pathways.wording import asked_words, called, text_of
from onesystem.record.views import functions as f
from onesystem.record.views import operators as o
from onesystem.record.views.closures import DATED, FUNCTIONS, Compiler, Path
from onesystem.record.views.functions import NONE, Env, Items, Run
from onesystem.record.views.paths import Binary, Call, Literal, Node, Variable, parse
from onesystem.record.views.trouble import BadView
from onesystem.vocabulary import nearest
from onesystem.vocabulary.said import listed, say, say_each
from onesystem.vocabulary.wording import any_of

_LOGIC = {"and", "or", "implies"}
_COMPARES = {"=", "!=", "<", ">", "<=", ">="}
_TROUBLE = (BadView, ArithmeticError, ValueError, TypeError)  # what a value may do to a condition


@dataclass(frozen=True, slots=True)
class Ask(Env):
    """What a condition can see: the facts, and where the reason is asked for, what it saw."""

    facts: Facts = Facts(now=datetime.max.replace(tzinfo=UTC))  # noqa: RUF009 - it is frozen
    seen: Told = None


@dataclass(frozen=True, slots=True)
class Because:
    """One fact that decided, in words. `answer` is that of the part of the condition it is in."""

    words: str
    answer: bool | None
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a condition comes to, and why. None: not known."""

    answer: bool | None
    because: tuple[Because, ...] = ()

    @property
    def words(self) -> str:
        """The reasons in one line."""
        return listed(dict.fromkeys(each.words for each in self.because), "; ")


Explain = Callable[[Facts], Finding]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that is ready to be asked. `answers`: the keys of questions that it asks for."""

    text: str
    run: Run
    why: Explain
    answers: tuple[str, ...] = ()

    def ask(self, facts: Facts) -> bool | None:
        """True, false, or None where it is not known. Raises BadView where it is no condition."""
        return o.truth(self.run((facts.patient,), Ask(facts.patient, facts=facts)), "it")

    def decide(self, facts: Facts) -> bool | None:
        """The same; what cannot be worked out is not known."""
        try:
            return self.ask(facts)
        except _TROUBLE:
            return None

    def explain(self, facts: Facts) -> Finding:
        """The same with its reason."""
        found, answer = self.why(facts), self.decide(facts)
        # A part that cannot be worked out leaves the whole open, wherever it stands.
        return found if found.answer is answer else Finding(answer, found.because)

    def value(self, facts: Facts) -> Any:
        """What a path gives that is no condition: the first of it, or None."""
        try:
            found = self.run((facts.patient,), Ask(facts.patient, facts=facts))
        except _TROUBLE:
            return None
        return found[0] if found else None


@dataclass(slots=True)
class Names:
    """What conditions of one pathway may call by name, made once."""

    lists: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    values: dict[str, tuple[Value, Run, Explain | None]] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)
    kept: dict[str, Condition] = field(default_factory=dict)

    def condition(self, text: str) -> Condition:
        """A condition of the pathway. Raises BadConfig with the place in the text and the cure."""
        if text not in self.kept:
            compiler = _Compiler(self)
            tree = parse(text)
            run = compiler.node(tree).run
            self.kept[text] = Condition(text, run, compiler.why(tree), tuple(compiler.answers))
        return self.kept[text]

    def add(self, value: Value) -> None:
        """One more name: it may use those before it, so that none leads back to itself."""
        compiler, tree = _Compiler(self), parse(value.path)
        why = compiler.why(tree) if _is_logic(tree) else None
        self.values[value.key] = (value, compiler.node(tree).run, why)


def names_of(pathway: Pathway) -> Names:
    """The names of a pathway. Raises BadConfig."""
    names = Names(
        {each.key: _list(each) for each in pathway.lists},
        {}, {q.key: q for form in pathway.forms for q in form.questions},
    )  # fmt: skip
    for value in pathway.values:
        names.add(value)
    return names


def condition(text: str) -> Condition:
    """A condition that uses no names of a pathway."""
    return Names().condition(text)


def _list(each: CodeList) -> tuple[str, tuple[str, ...]]:
    return each.words, tuple(known.token(c.system, c.code) for c in each.codes)


_GIVEN: Mapping[str, tuple[str, Callable[[Facts], Any]]] = {
    "age": ("age", lambda facts: facts.age),
    "sex": ("sex", lambda facts: facts.patient.get("gender")),
    "patient": ("", lambda facts: facts.patient or None),
}
_KINDS = {
    "conditions": "Condition", "observations": "Observation", "medicines": "MedicationRequest",
    "allergies": "AllergyIntolerance", "alerts": "Flag", "plans": "CarePlan",
    "vaccines": "Immunization", "procedures": "Procedure", "consents": "Consent",
}  # fmt: skip


class _Compiler(Compiler):
    """The compiler of views with our names and functions beside those of FHIRPath."""

    def __init__(self, names: Names) -> None:
        super().__init__()
        self.names = names
        self.answers: dict[str, None] = {}

    def _variable(self, node: Variable) -> Path:
        name = node.name.removeprefix("%")
        if name in _GIVEN:
            return Path(_given(*_GIVEN[name]))
        if name in _KINDS:
            kind = _KINDS[name]
            return Path(lambda items, env: env.facts.resources.get(kind, ()))  # type: ignore[attr-defined]  # noqa: ARG005
        if name in self.names.lists:
            tokens = self.names.lists[name][1]
            return Path(lambda items, env: tokens)  # noqa: ARG005
        if name in self.names.values:
            return Path(_valued(*self.names.values[name]))
        if node.name.startswith("$") or name in {"resource", "context", "rootResource"}:
            return super()._variable(node)
        every = [*_GIVEN, *_KINDS, *self.names.lists, *self.names.values]
        raise BadView(say("there is no name %{name}", name=name), nearest(name, every))

    def _call(self, node: Call) -> Path:
        if node.left is None and node.name in HELPERS:
            return self._helper(node)
        if node.name in MORE:
            made, least, most = MORE[node.name]
            f.needs(node.name, len(node.args), least, most)
            return Path(made(self._left(node.left).run, [self.node(a).run for a in node.args]))
        if node.name not in FUNCTIONS:
            raise BadView(
                say("there is no function {name}()", name=node.name),
                nearest(node.name, [*HELPERS, *MORE, *FUNCTIONS]),
            )
        return super()._call(node)

    def _binary(self, node: Binary) -> Path:
        if node.sign not in _COMPARES:
            return super()._binary(node)
        left, right = self.node(node.left), self.node(node.right)
        dated = bool({left.type, right.type} & DATED)
        return Path(_compared(node.sign, left.run, right.run, dated=dated), "boolean")

    def _helper(self, node: Call) -> Path:
        helper, least, most = HELPERS[node.name]
        f.needs(node.name, len(node.args), least, most)
        args = [self.node(each).run for each in node.args]
        return Path(_helped(helper, self._label(node), args))

    def _label(self, node: Call) -> str:
        """What the first argument is called."""
        first = node.args[0] if node.args else None
        if isinstance(first, Variable) and first.name[1:] in self.names.lists:
            return self.names.lists[first.name[1:]][0]
        text = any_of(called(first))
        if node.name != "answer":
            return text
        if isinstance(first, Literal):
            self.answers[text] = None
            if self.names.questions and text not in self.names.questions:
                cure = nearest(text, self.names.questions)
                raise BadView(say("no form has the question {text}", text=repr(text)), cure)
        question = self.names.questions.get(text)
        return question.words if question else text

    def why(self, node: Node) -> Explain:
        """The reason of a tree."""
        if isinstance(node, Binary) and _is_logic(node):
            return _joined(node.sign, self.why(node.left), self.why(node.right))
        if isinstance(node, Call) and node.name == "not" and node.left is not None:
            return _turned(self.why(node.left))
        return self._leaf(node)

    def _leaf(self, node: Node) -> Explain:
        run = self.node(node).run
        asked, text = "", text_of(node)
        if isinstance(node, Binary) and node.sign in _COMPARES and _is_fact(node.left):
            asked = asked_words(node.sign, node.right)

        def why(facts: Facts) -> Finding:
            seen: list[Seen] = []
            try:
                env = Ask(facts.patient, facts=facts, seen=seen)
                answer = o.truth(run((facts.patient,), env), "it")
            except _TROUBLE as error:
                told = say(
                    "{text} cannot be worked out: {getattr}",
                    text=text,
                    getattr=getattr(error, "what", "no number"),
                )
                return Finding(None, (Because(told, None),))
            told = listed(each.words for each in seen) if seen else ""
            if asked and seen and answer is not None:
                told = say("{told} ({asked})", told=told, asked=asked)
            told = told or say("{text}: {answer}", text=text, answer=_ANSWERS[answer])
            ref = next((each.ref for each in seen if each.ref), "")
            return Finding(answer, (Because(told, answer, ref),))

        return why


def _is_logic(node: Node) -> bool:
    """Whether it is joined of parts, of which not all may decide."""
    return (isinstance(node, Binary) and node.sign in _LOGIC) or (
        isinstance(node, Call) and node.name == "not" and node.left is not None
    )


def _is_fact(node: Node) -> bool:
    """Whether it is one fact: a name, or a helper."""
    return isinstance(node, Variable) or (isinstance(node, Call) and node.name in HELPERS)


_ANSWERS = say_each({True: "yes", False: "no", None: "not known"})


def _given(label: str, value: Callable[[Facts], Any]) -> Run:
    def run(items: Items, env: Any) -> Items:  # noqa: ARG001
        found = value(env.facts)
        if label and env.seen is not None:
            said = (
                f"{label} {found}" if found is not None else say("{label} not known", label=label)
            )
            env.seen.append(Seen(said, known=found is not None))
        return NONE if found is None else (found,)

    return run


def _valued(value: Value, inner: Run, why: Explain | None) -> Run:
    """A name of the pathway: what it came to, and out of which facts."""

    def because(facts: Facts, mine: Sequence[Seen], found: Items) -> str:
        if why is not None:  # those that decided, and no others
            return why(facts).words
        told = mine if found else [each for each in mine if not each.known]
        return listed(dict.fromkeys(each.words for each in told), "; ")

    def run(items: Items, env: Any) -> Items:  # noqa: ARG001
        mine: Told = None if env.seen is None else []
        found = inner((env.facts.patient,), Ask(env.resource, facts=env.facts, seen=mine))
        if mine is not None:
            came = f"{_shown(found[0])} {value.unit}".strip() if found else say("not known")
            said = say("{name} {value}", name=value.words, value=came)
            if out_of := because(env.facts, mine, found):
                said = say("{said} ({why})", said=said, why=out_of)
            env.seen.append(Seen(said, known=bool(found)))
        return found

    return run


def _shown(value: Any) -> str:
    return say_each({True: "yes", False: "no"})[value] if isinstance(value, bool) else str(value)


_SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b, ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b,
}  # fmt: skip
_OTHER_WAY = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def _compared(sign: str, left: Run, right: Run, *, dated: bool) -> Run:
    """A comparison as FHIRPath has it, which knows limits beside."""
    ordered, turned = sign in _SIGNS, sign == "!="

    def run(items: Items, env: Env) -> Items:
        a, b = left(items, env), right(items, env)
        if _is_limit(a) or _is_limit(b):
            return f.of_bool(_beyond(sign, a, b))
        if ordered:
            return f.of_bool(o.ordered(sign, a, b, dated=dated))
        found = o.equal(a, b, dated=dated)
        return f.of_bool(None if found is None else found is not turned)

    return run


def _is_limit(items: Items) -> bool:
    return len(items) == 1 and items[0].__class__ is known.Bound


def _beyond(sign: str, a: Items, b: Items) -> bool | None:
    """`>90` is more than 60, and whether it is more than 120 is not known."""
    limit, other = (a, b) if _is_limit(a) else (b, a)
    number = other[0] if len(other) == 1 else None
    if sign not in _SIGNS or not isinstance(number, int | float | Decimal):
        return None
    asked = _SIGNS[sign if limit is a else _OTHER_WAY[sign]]
    least, most = (asked(end, float(number)) for end in limit[0].range)
    return least if least is most else None


def _helped(helper: Helper, label: str, args: Sequence[Run]) -> Run:
    def run(items: Items, env: Any) -> Items:
        return helper(env.facts, label, [each(items, env) for each in args], env.seen)

    return run


def _joined(sign: str, left: Explain, right: Explain) -> Explain:
    """Of two parts, those reasons that decided."""

    def why(facts: Facts) -> Finding:
        a, b = left(facts), right(facts)
        answer = o.logic(sign, a.answer, b.answer)
        first = a.answer
        if sign == "implies":  # the same as: not the one, or the other
            first = None if first is None else not first
        kept = [a.because] * (first is answer) + [b.because] * (b.answer is answer)
        return Finding(answer, tuple(reason for reasons in kept for reason in reasons))

    return why


def _turned(inner: Explain) -> Explain:
    def why(facts: Facts) -> Finding:
        found = inner(facts)
        answer = None if found.answer is None else not found.answer
        return Finding(answer, found.because)

    return why
