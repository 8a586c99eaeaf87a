"""Which interaction an ask is for: its method and the parts of its path. Pure."""

from dataclasses import dataclass
from urllib.parse import unquote

from onesystem.feeds.fhir.definitions import definitions
from onesystem.feeds.fhir.versions import STU3_TYPES
from onesystem.record.fhir.asks import Ask
from onesystem.record.fhir.names import is_id
from onesystem.record.fhir.outcomes import Refusal
from onesystem.vocabulary import nearest


@dataclass(frozen=True, slots=True)
class Route:
    """One interaction: `read`, `search-type`, `operation` ...; see `_TABLE`."""

    name: str
    kind: str = ""
    logical: str = ""
    rest: str = ""  # a version, the name of an operation, or the type of a compartment


# What may be asked of each form of address: {method: interaction}.
_SYSTEM = {"GET": "search-system", "POST": "bundle"}
_TYPE = {"GET": "search-type", "POST": "create", "PUT": "conditional-update",
         "PATCH": "conditional-patch", "DELETE": "conditional-delete"}  # fmt: skip
_INSTANCE = {"GET": "read", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
_ASKED = {"GET": "operation", "POST": "operation", "DELETE": "operation"}


def route(ask: Ask) -> Route:
    """The interaction of an ask. Raises Refusal: 404 for the address, 405 for the method."""
    parts = [unquote(part) for part in ask.path.split("/") if part]
    method = "GET" if ask.method == "HEAD" else ask.method
    if method == "PUT" and len(parts) == 2:
        check_id(parts[1], status=400)  # what is to be called so, and not what is looked for
    methods, made = _address(parts)
    name = methods.get(method)
    if name is None:
        able = ", ".join(
            [*(m for m in methods), *(["HEAD"] if "GET" in methods else []), "OPTIONS"]
        )
        raise Refusal(
            405, f"{ask.method} is not possible at /{ask.path}", f"Use {able}.",
            headers={"Allow": able},
        )  # fmt: skip
    return Route(name, *made)


def methods_of(ask: Ask) -> list[str]:
    """Which methods an address takes. Raises Refusal where there is none such."""
    methods, _ = _address([unquote(part) for part in ask.path.split("/") if part])
    return [*methods, *(["HEAD"] if "GET" in methods else []), "OPTIONS"]


def _address(parts: list[str]) -> tuple[dict[str, str], tuple[str, ...]]:  # noqa: PLR0911 - a table
    match parts:
        case []:
            return _SYSTEM, ()
        case ["metadata"]:
            return {"GET": "capabilities"}, ()
        case ["openapi.json"]:
            return {"GET": "openapi"}, ()
        case [".well-known", "smart-configuration"]:
            return {"GET": "smart-configuration"}, ()
        case ["_history"]:
            return {"GET": "history"}, ()
        case ["_search"]:
            return {"POST": "search-system"}, ()
        case [operation] if operation.startswith("$"):
            return _ASKED, ("", "", operation[1:])
        case [kind, *rest]:
            check_type(kind)
            return _of_type(kind, rest)
    raise _nowhere("/".join(parts))


def _of_type(kind: str, rest: list[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    match rest:
        case []:
            return _TYPE, (kind,)
        case ["_search"]:
            return {"POST": "search-type"}, (kind,)
        case ["_history"]:
            return {"GET": "history"}, (kind,)
        case [operation] if operation.startswith("$"):
            return _ASKED, (kind, "", operation[1:])
        case [logical, *more]:
            check_id(logical)
            return _of_instance(kind, logical, more)
    raise _nowhere(f"{kind}/{'/'.join(rest)}")


def _of_instance(
    kind: str, logical: str, rest: list[str]
) -> tuple[dict[str, str], tuple[str, ...]]:
    match rest:
        case []:
            return _INSTANCE, (kind, logical)
        case ["_history"]:
            return {"GET": "history"}, (kind, logical)
        case ["_history", version]:
            return {"GET": "vread"}, (kind, logical, version)
        case [operation] if operation.startswith("$"):
            return _ASKED, (kind, logical, operation[1:])
        case [inner] if inner == "*" or inner in definitions().resources:
            return {"GET": "search-compartment"}, (kind, logical, inner)
        case [inner, "_search"] if inner == "*" or inner in definitions().resources:
            return {"POST": "search-compartment"}, (kind, logical, inner)
    raise _nowhere(f"{kind}/{logical}/{'/'.join(rest)}")


def check_type(kind: str) -> None:
    """Raises Refusal for a type that there is not. Types of STU3 are kept as they came."""
    if kind not in definitions().resources and kind not in STU3_TYPES:
        raise Refusal(
            404,
            f"FHIR R4 has no resource {kind!r}",
            nearest(kind, definitions().resources)
            if len(kind) < 60
            else "See the types in /fhir/metadata.",
            code="not-supported",
        )


def check_id(logical: str, status: int = 404) -> None:
    """Raises Refusal for what cannot be an id."""
    if not is_id(logical):
        raise Refusal(
            status,
            f"{logical[:80]!r} cannot be an id",
            "An id has at most 64 letters, digits, hyphens and dots.",
        )


def _nowhere(path: str) -> Refusal:
    return Refusal(404, f"there is nothing at /{path}", "See /fhir/metadata for what there is.")
