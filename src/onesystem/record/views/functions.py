"""The functions of FHIRPath that views use, as closures. Each takes its compiled arguments."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from onesystem.record.views import temporal
from onesystem.record.views.operators import single, truth
from onesystem.record.views.trouble import BadView


@dataclass(frozen=True, slots=True)
class Env:
    """What a path can see beside its focus: the resource, and the place in the nearest forEach."""

    resource: Any
    index: int = 0


Items = Sequence[Any]
Run = Callable[[Items, Env], Items]

TRUE, FALSE, NONE = (True,), (False,), ()
_TEXTS = frozenset((
    "string", "code", "id", "uri", "url", "canonical", "oid", "uuid", "markdown", "base64Binary",
    "date", "dateTime", "instant", "time", "xhtml",
))  # fmt: skip
_WHOLES = frozenset(("integer", "positiveInt", "unsignedInt", "integer64"))


def of_bool(value: bool | None) -> Items:
    """A truth as a collection."""
    return NONE if value is None else TRUE if value else FALSE


def where(inner: Run) -> Run:
    """`where(criteria)`."""

    def run(items: Items, env: Env) -> Items:
        return [i for i in items if truth(inner((i,), env), "the criterion of where()") is True]

    return run


def exists(inner: Run | None) -> Run:
    """`exists()` and `exists(criteria)`."""
    if inner is None:
        return lambda items, env: TRUE if items else FALSE  # noqa: ARG005
    kept = where(inner)
    return lambda items, env: TRUE if kept(items, env) else FALSE


def every(inner: Run) -> Run:
    """`all(criteria)`."""

    def run(items: Items, env: Env) -> Items:
        return of_bool(all(truth(inner((i,), env), "the criterion of all()") for i in items))

    return run


def select(inner: Run) -> Run:
    """`select(projection)`."""
    return lambda items, env: [each for i in items for each in inner((i,), env)]


def join(inner: Run | None) -> Run:
    """`join(separator)`, of nothing an empty text, as the published tests have it."""

    def run(items: Items, env: Env) -> Items:
        mark = single(inner(items, env), "the separator of join()") if inner else ""
        return (str(mark or "").join(str(i) for i in items),)

    return run


def extension(inner: Run) -> Run:
    """`extension(url)`."""

    def run(items: Items, env: Env) -> Items:
        url = single(inner(items, env), "the url of extension()")
        return [
            e
            for i in items
            if isinstance(i, dict)
            for e in i.get("extension") or ()
            if isinstance(e, dict) and e.get("url") == url
        ]

    return run


def reference_key(kind: str) -> Run:
    """`getReferenceKey()`: the key of the resource referred to, where it is of that type."""

    def run(items: Items, env: Env) -> Items:  # noqa: ARG001
        return [key for i in items if (key := _key(i, kind)) is not None]

    return run


def _key(item: Any, kind: str) -> str | None:
    text = item.get("reference") if isinstance(item, dict) else None
    if not isinstance(text, str) or text.startswith("#"):
        return None
    parts = text.partition("/_history/")[0].split("/")
    if len(parts) < 2 or (kind and parts[-2] != kind):
        return None
    return parts[-1]


def resource_key(items: Items, env: Env) -> Items:  # noqa: ARG001
    """`getResourceKey()`: the id that the record gives."""
    return [i["id"] for i in items if isinstance(i, dict) and i.get("id")]


def boundary(kind: str, *, high: bool) -> Run:
    """`lowBoundary()` and `highBoundary()`; `kind` is the type where the path tells it."""

    def run(items: Items, env: Env) -> Items:  # noqa: ARG001
        value = single(items, "the boundary")
        if isinstance(value, str):
            found: Any = temporal.boundary(value, kind=kind, high=high)
        elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
            found = temporal.number_boundary(number, high=high)
        else:
            found = None
        return NONE if found is None else (found,)

    return run


def negated(items: Items, env: Env) -> Items:  # noqa: ARG001
    """`not()`."""
    value = truth(items, "what not() is asked of")
    return NONE if value is None else of_bool(not value)


def is_of(value: Any, kind: str) -> bool:
    """Whether an item may be of a FHIR type, by its form: what JSON does not tell counts."""
    if isinstance(value, dict):
        said = value.get("resourceType")
        return said == kind if said else kind[:1].isupper()
    if isinstance(value, bool):
        return kind == "boolean"
    if isinstance(value, str):
        return kind in _TEXTS
    if isinstance(value, int):
        return kind in _WHOLES or kind == "decimal"
    return kind == "decimal"


def needs(name: str, count: int, least: int, most: int) -> None:
    """Raise BadView where a function has too few or too many arguments."""
    if not least <= count <= most:
        asked = str(least) if least == most else f"{least} to {most}"
        raise BadView(f"{name}() has {count} arguments and takes {asked}", "See FHIRPath.")
