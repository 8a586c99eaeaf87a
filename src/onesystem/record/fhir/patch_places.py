"""The places in a resource that a FHIRPath leads to, so that they can be changed. Pure.

A path may be made of names, indexes, `where(...)` with any criterion that a view may have,
`first()`, `last()`, `ofType(...)` and `extension(...)`. What R4 says of the types on the way tells
a list from an element that is there once, also where it is not there yet.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from onesystem.feeds.fhir.definitions import Element, definitions
from onesystem.record.fhir.patching import Cannot
from onesystem.record.views.closures import Compiler
from onesystem.record.views.functions import Env, extension, where
from onesystem.record.views.paths import Call, Index, Literal, Member, Node, parse
from onesystem.record.views.trouble import BadView


class Place(NamedTuple):
    """One element: of an object by its key, in a list by its number. `kind` is its FHIR type."""

    owner: dict[str, Any]
    key: str
    number: int | None
    kind: str
    within: str = ""  # the type of the owner

    @property
    def value(self) -> Any:
        """What stands there."""
        held = self.owner[self.key]
        return held if self.number is None else held[self.number]

    def put(self, value: Any) -> None:
        """Let something else stand there; what was beside a primitive goes with it."""
        if self.number is None:
            self.owner[self.key] = value
            self.owner.pop(f"_{self.key}", None)
        else:
            self.owner[self.key][self.number] = value

    def take_out(self) -> None:
        """Let nothing stand there."""
        for key in (self.key, f"_{self.key}"):
            held = self.owner.get(key)
            if self.number is None:
                self.owner.pop(key, None)
            elif isinstance(held, list) and self.number < len(held):
                del held[self.number]


def places(document: dict[str, Any], path: str) -> list[Place]:
    """Where a path leads to. Raises Cannot for one that is not read here."""
    try:
        return _Walk(document).to(parse(path))
    except BadView as error:
        raise Cannot(error.what, error.cure) from error


def list_of(document: dict[str, Any], path: str) -> tuple[dict[str, Any], str, str]:
    """The object, the key and the type of the list that a path leads to, be it there yet or not."""
    try:
        node = parse(path)
        if not isinstance(node, Member) or node.left is None:
            raise Cannot(f"{path} is no list", "Name the list, without an index.")
        found = _Walk(document).to(node.left)
    except BadView as error:
        raise Cannot(error.what, error.cure) from error
    owner = only(found, path)
    element = element_of(owner.kind, node.name)
    held = owner.value.get(node.name) if isinstance(owner.value, dict) else None
    if not (isinstance(held, list) or (element and element.many)):
        raise Cannot(f"{path} is no list", "Insert and move work on elements that repeat.")
    return owner.value, node.name, element.kind if element else ""


def only(found: Sequence[Place], path: str) -> Place:
    """The one place. Raises Cannot where there is none, or several."""
    if not found:
        raise Cannot(f"there is nothing at {path}", "Check the path against the resource.")
    if len(found) > 1:
        raise Cannot(f"{path} is more than one element",
                     "Say which: [0], or where(name = 'value').")  # fmt: skip
    return found[0]


def element_of(kind: str, name: str) -> Element | None:
    """What R4 says of an element of a type."""
    held = definitions().types.get(kind)
    return held.elements.get(name) if held else None


def choice_of(kind: str, name: str) -> tuple[str, ...]:
    """The keys of a choice, such as those of `value`; empty where it is none."""
    held = definitions().types.get(kind)
    return next((names for stem, _, names in held.choices if stem == name), ()) if held else ()


def stem_of(place: Place) -> str:
    """The name of the choice that an element is one of; empty where it is none."""
    held = definitions().types.get(place.within)
    return next((stem for stem, _, names in held.choices if place.key in names), "") if held else ""


class _Walk:
    def __init__(self, document: dict[str, Any]) -> None:
        self.kind = str(document.get("resourceType"))
        self.top = Place({"": document}, "", None, self.kind)
        self.env = Env(document)

    def to(self, node: Node) -> list[Place]:
        match node:
            case Member(None, name):
                return self._begun(name)
            case Member(left, name) if left is not None:
                return [each for place in self.to(left) for each in _elements(place, name)]
            case Index(left, Literal(int(at))):
                return self.to(left)[at : at + 1]
            case Call(left, name, args) if left is not None:
                return self._chosen(self.to(left), name, args)
        raise Cannot("the path is not read here", "Use names, [number] and where(name = 'value').")

    def _begun(self, name: str) -> list[Place]:
        if name in {self.kind, "Resource", "DomainResource"}:
            return [self.top]
        if name[:1].isupper():
            raise Cannot(f"the path does not begin with {self.kind}", f"Write {self.kind}.name ...")
        return list(_elements(self.top, name))

    def _chosen(self, found: list[Place], name: str, args: tuple[Node, ...]) -> list[Place]:
        match name, args:
            case "first", ():
                return found[:1]
            case "last", ():
                return found[-1:]
            case "ofType", (Member(_, kind),):
                return [each for each in found if each.kind == kind]
            case "where", (criterion,):
                keep = where(Compiler().node(criterion).run)
                return [each for each in found if keep((each.value,), self.env)]
            case "extension", (url,):
                keep = extension(Compiler().node(url).run)
                held = [e for place in found for e in _elements(place, "extension")]
                return [e for e in held if keep(({"extension": [e.value]},), self.env)]
        raise Cannot(f"{name}() is not read in a path of a patch",
                     "Use where(...), first(), last(), ofType(...) or extension(...).")  # fmt: skip


def _elements(place: Place, name: str) -> Iterable[Place]:
    holder = place.value
    if not isinstance(holder, dict):
        # What is beside a primitive: its extensions, in an object of their own.
        holder = place.owner.get(f"_{place.key}") if place.number is None else None
        if not isinstance(holder, dict):
            return
    key = name if name in holder else _there(place.kind, name, holder)
    if key is None:
        return
    element = element_of(place.kind if holder is place.value else "Element", key)
    kind = element.kind if element else ""
    held = holder[key]
    for n, each in enumerate(held if isinstance(held, list) else [held]):
        said = each.get("resourceType") if isinstance(each, dict) else None
        number = n if isinstance(held, list) else None
        yield Place(holder, key, number, said or kind, place.kind)


def _there(kind: str, name: str, holder: dict[str, Any]) -> str | None:
    """A choice is named without its type in FHIRPath: value, not valueQuantity."""
    named = [key for key in choice_of(kind, name) if key in holder]
    return named[0] if len(named) == 1 else None
