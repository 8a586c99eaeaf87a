"""What an operation is given: parameters of the address, and of a Parameters resource."""

from collections.abc import Collection
from typing import Any

import orjson

from onesystem.feeds.fhir.definitions import definitions
from onesystem.feeds.fhir.xml import to_json
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.negotiating import GENERAL
from onesystem.record.fhir.outcomes import Refusal
from onesystem.vocabulary import BadInput, nearest

Given = dict[str, list[Any]]


def given(
    case: Case, known: Collection[str], *, posted: bool = True, lenient: bool = False
) -> Given:
    """All values by name: text, or a resource. Raises Refusal for a name that is not known.

    Not `posted`: the body is something else than Parameters. `lenient`: such a name is ignored.
    """
    found: Given = {}
    for name, value in [*case.ask.params(), *(_posted(case) if posted else ())]:
        if name in known:
            found.setdefault(name, []).append(value)
        elif name not in GENERAL and not lenient:
            raise Refusal(
                400,
                f"the parameter {name[:60]!r} is not known here",
                nearest(name[:60], known),
                where=name[:60],
                code="not-supported",
            )
    return found


def _posted(case: Case) -> list[tuple[str, Any]]:
    if case.ask.method != "POST" or not case.ask.body.strip():
        return []
    try:
        body = case.ask.body
        said = orjson.loads(to_json(body) if body.lstrip()[:1] == b"<" else body)
    except BadInput as error:
        raise Refusal.of(error, 400) from error
    except orjson.JSONDecodeError as error:
        raise Refusal(400, "the body is not JSON", "Send a Parameters resource.") from error
    if not isinstance(said, dict) or said.get("resourceType") != "Parameters":
        raise Refusal(400, "the body is no Parameters resource",
                      "Send what you mean in a resource of type Parameters.")  # fmt: skip
    listed = said.get("parameter") or []
    if not isinstance(listed, list):
        raise Refusal(400, "parameter is no list", "Write it as a list.", where="Parameters")
    return [pair for at, each in enumerate(listed) if (pair := _pair(each, at))]


def _pair(each: Any, at: int) -> tuple[str, Any] | None:
    where = f"Parameters.parameter[{at}]"
    if not isinstance(each, dict) or not isinstance(each.get("name"), str):
        raise Refusal(400, "a parameter has no name", "Name it.", where=where)
    values = [v for k, v in each.items() if k == "resource" or k.startswith("value")]
    if len(values) != 1:
        raise Refusal(400, f"{each['name'][:60]!r} has no one value", "Give it one value.",
                      where=where)  # fmt: skip
    value = values[0]
    if isinstance(value, bool):
        value = "true" if value else "false"
    elif isinstance(value, dict):
        if "resource" not in each and isinstance(value.get("reference"), str):
            value = value["reference"]
    else:
        value = str(value)
    return each["name"], value


def one(found: Given, name: str) -> str:
    """The one text of a parameter, or nothing. Raises Refusal where there are several."""
    values = found.get(name, [])
    if len(values) > 1 or (values and not isinstance(values[0], str)):
        raise Refusal(400, f"{name} is given once, as text", "Leave the others out.", where=name)
    return str(values[0]).strip() if values else ""


def whole(found: Given, name: str, usual: int, most: int) -> int:
    """A whole number of at least one. Raises Refusal."""
    said = one(found, name)
    if not said:
        return usual
    if not said.isascii() or not said.isdigit() or not int(said[:9]):
        raise Refusal(400, f"{name}={said[:40]!r} is no whole number above zero",
                      f"Write for example {usual}.", where=name)  # fmt: skip
    return min(int(said[:9]), most)


def flag(found: Given, name: str) -> bool:
    """True or false. Raises Refusal."""
    said = one(found, name) or "false"
    if said not in {"true", "false"}:
        raise Refusal(400, f"{name}={said[:40]!r} is neither true nor false",
                      "Write true or false.", where=name)  # fmt: skip
    return said == "true"


def kinds(found: Given, name: str = "_type") -> tuple[str, ...]:
    """Resource types, by commas or given several times. Raises Refusal for one there is not."""
    said = [k.strip() for value in found.get(name, ()) for k in str(value).split(",") if k.strip()]
    known = definitions().resources
    for each in said:
        if each not in known:
            raise Refusal(400, f"FHIR R4 has no resource {each[:60]!r}",
                          nearest(each[:60], known), where=name)  # fmt: skip
    return tuple(dict.fromkeys(said))
