"""GET openapi.json: every address of the FHIR API, from the CapabilityStatement. Needs no token."""

from functools import cache
from importlib.metadata import version
from typing import Any

import orjson

from onesystem.record.fhir import operations
from onesystem.record.fhir.asks import Answer, Ask
from onesystem.record.fhir.metadata import statement
from onesystem.record.fhir.openapi import parts
from onesystem.record.fhir.openapi.schemas import schemas
from onesystem.record.fhir.routing import Route
from onesystem.record.fhir.smart.discovery import smart
from onesystem.record.fhir.smart.places import origin_of

_OPEN: list[dict[str, Any]] = []  # needs no token


def description(ask: Ask) -> Answer:
    """The description, with the address under which the caller reaches the server."""
    told = smart(origin_of(ask.base))
    made = {
        "openapi": "3.1.0",
        "info": {
            "title": "onesystem, the record of a district, over FHIR R4",
            "version": version("onesystem"),
            "description": "Made from the CapabilityStatement at /metadata.",
        },
        "servers": [{"url": ask.base}],
        "security": [{"bearer": []}, {"smart": []}],
        "paths": orjson.Fragment(_paths(tuple(operations.known()))),
        "components": {
            "schemas": orjson.Fragment(_schemas()),
            "parameters": parts.PARAMETERS,
            "headers": parts.HEADERS,
            "responses": parts.RESPONSES,
            "securitySchemes": _security(told),
        },
    }
    return Answer(200, orjson.dumps(made), {"Content-Type": "application/json"})


def _security(told: dict[str, Any]) -> dict[str, Any]:
    scopes = dict.fromkeys(told["scopes_supported"], "SMART App Launch 2.2")
    code = {"authorizationUrl": told["authorization_endpoint"],
            "tokenUrl": told["token_endpoint"], "scopes": scopes}  # fmt: skip
    services = {"tokenUrl": told["token_endpoint"], "scopes": scopes}
    return {
        "bearer": {"type": "http", "scheme": "bearer", "description": "onesystem token issue"},
        "smart": {
            "type": "oauth2",
            "flows": {"authorizationCode": code, "clientCredentials": services},
        },
    }


@cache
def _schemas() -> bytes:
    return orjson.dumps(schemas())


@cache
def _paths(known: tuple[str, ...]) -> bytes:
    rest = statement(known)["rest"][0]
    made: dict[str, Any] = {
        "/metadata": {"get": parts.read("capabilities", "CapabilityStatement") | _open()},
        "/.well-known/smart-configuration": {"get": parts.plain("smart-configuration") | _open()},
        "/openapi.json": {"get": parts.plain("openapi") | _open()},
        "/": {
            "get": parts.search("search-system", parts.EVERY_TYPE),
            "post": parts.write("bundle", "Bundle", statuses=("200",), answers="Bundle"),
        },
        "/_search": {"post": parts.search_form("search-system")},
        "/_history": {"get": parts.history("history-system")},
    }
    for each in rest.get("operation", ()):
        made[f"/${each['name']}"] = _operation(each["name"], "")
    for kind in rest["resource"]:
        made |= _of_type(kind)
    return orjson.dumps(made)


def _open() -> dict[str, Any]:
    return {"security": _OPEN}


def _of_type(kind: dict[str, Any]) -> dict[str, Any]:
    """The addresses of one resource type."""
    name = kind["type"]
    able = {each["code"] for each in kind["interaction"]}
    params = [parts.search_parameter(each) for each in kind.get("searchParam", ())]
    one = {
        "get": parts.read(f"read-{name}", name),
        "put": parts.write(f"update-{name}", name, statuses=("200", "201")),
        "patch": parts.patch(f"patch-{name}", name),
        "delete": parts.delete(f"delete-{name}"),
    }
    if "patch" not in able:
        del one["patch"]
    made: dict[str, Any] = {
        f"/{name}": {
            "get": parts.search(f"search-{name}", params),
            "post": parts.write(f"create-{name}", name, statuses=("200", "201"), create=True),
        },
        f"/{name}/_search": {"post": parts.search_form(f"search-{name}")},
        f"/{name}/_history": {"get": parts.history(f"history-{name}")},
        f"/{name}/{{id}}": {"parameters": [parts.ID], **one},
        f"/{name}/{{id}}/_history": {
            "parameters": [parts.ID], "get": parts.history(f"history-of-{name}"),
        },
        f"/{name}/{{id}}/_history/{{version}}": {
            "parameters": [parts.ID, parts.VERSION], "get": parts.read(f"vread-{name}", name),
        },
    }  # fmt: skip
    for each in kind.get("operation", ()):
        known = operations.known()[each["name"]]
        if known.at(Route("operation", name, "", known.name)):
            made[f"/{name}/${known.name}"] = _operation(known.name, name)
        if known.at(Route("operation", name, "id", known.name)):
            said = {"parameters": [parts.ID], **_operation(known.name, f"{name}-id")}
            made[f"/{name}/{{id}}/${known.name}"] = said
    return made


def _operation(name: str, of: str) -> dict[str, Any]:
    known = operations.known()[name]
    label = "-".join(filter(None, (name, of)))
    return {
        method.lower(): parts.operation(
            f"{method.lower()}-{label}", body=method == "POST", later=name == "export"
        )
        for method in known.methods
    }
