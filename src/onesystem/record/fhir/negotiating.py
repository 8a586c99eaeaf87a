"""In which form an answer is wanted: JSON or XML, pretty, a summary, the resource or nothing.

http.html#mime-type, http.html#ops (Prefer), search.html#summary of FHIR R4.
"""

import re
from dataclasses import dataclass

from onesystem.record.fhir.asks import Ask
from onesystem.record.fhir.outcomes import Refusal

_JSON = {"json", "application/json", "application/fhir+json", "text/json", "*/*", "application/*",
         "application/json+fhir", ""}  # fmt: skip
_XML = {"xml", "application/xml", "application/fhir+xml", "text/xml", "application/xml+fhir"}
_HTML = {"text/html", "html", "application/xhtml+xml", "text/*"}  # a browser: JSON will do
_ANY = {"*/*", "application/*", ""}
_VERSION = re.compile(r"fhirversion\s*=\s*\"?([^\s\";,]*)", re.IGNORECASE)
_SUMMARIES = {"true", "text", "data", "count", "false"}
# Parameters that every interaction takes (http.html#parameters).
GENERAL = frozenset({"_format", "_pretty", "_summary", "_elements"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """The form of an answer."""

    xml: bool = False
    pretty: bool = False
    summary: str = ""  # true, text, data, count, or empty
    elements: tuple[str, ...] = ()
    prefer: str = ""  # minimal, representation, OperationOutcome, or empty

    @property
    def whole(self) -> bool:
        """Whether resources are wanted whole."""
        return not self.summary and not self.elements


PLAIN = Wanted()


def wanted(ask: Ask) -> Wanted:
    """The form that an ask wants. Raises Refusal for one that there is not."""
    accept, prefer = ask.header("accept"), ask.header("prefer")
    # What is posted may be a search, with parameters of the form in its body.
    if not prefer and accept in _JSON and "_" not in ask.query and ask.method != "POST":
        return PLAIN
    check_version(accept, 406)
    params = dict(ask.params())
    summary = params.get("_summary", "")
    if summary and summary not in _SUMMARIES:
        raise Refusal(
            400, f"_summary={summary!r} is not known", "Use true, text, data, count or false."
        )
    elements = tuple(filter(None, (e.strip() for e in params.get("_elements", "").split(","))))
    if elements and summary not in {"", "false"}:
        raise Refusal(400, "_summary and _elements cannot go together", "Use one of the two.")
    return Wanted(
        xml=_is_xml(params.get("_format", ""), accept),
        pretty=params.get("_pretty") == "true",
        summary="" if summary == "false" else summary,
        elements=elements,
        prefer=_preferred(prefer),
    )


def is_fhir(said: str) -> bool:
    """Whether a media type is one that resources have."""
    return said.partition(";")[0].strip().lower() in (_JSON | _XML) - _ANY


def names_fhir(ask: Ask) -> bool:
    """Whether the resource is asked for by name, and not just anything."""
    asked = dict(ask.params()).get("_format", "").replace(" ", "+")
    return any(is_fhir(part) for part in [asked, *ask.header("accept").split(",")])


def _is_xml(format_: str, accept: str) -> bool:
    if format_:
        named = format_.replace(" ", "+").partition(";")[0].strip().lower()
        if named not in _JSON | _XML | _HTML:
            raise Refusal(
                406, f"_format={format_!r} is not served here", "Use _format=json or _format=xml."
            )
        return named in _XML
    listed = sorted(map(_weighed, accept.lower().split(",")), key=lambda each: -each[1])
    for name, weight in listed:
        if weight and name in _JSON | _HTML:
            return False
        if weight and name in _XML:
            return True
    raise Refusal(
        406,
        f"nothing here is served as {accept!r}",
        "Accept application/fhir+json or application/fhir+xml.",
    )


def check_version(said: str, status: int) -> None:
    """Raises Refusal for a media type of another version of FHIR (http.html#version-parameter)."""
    if "fhirversion" not in said.lower():
        return
    found = _VERSION.findall(said)
    if found and all(each not in {"4.0", "4.0.1"} for each in found):
        raise Refusal(
            status,
            f"FHIR {found[0][:20]} is not served here",
            "Use fhirVersion=4.0, or leave it out.",
        )


def _weighed(part: str) -> tuple[str, float]:
    name, *rest = (each.strip() for each in part.split(";"))
    for each in rest:
        if each.startswith("q="):
            try:
                return name, float(each[2:])
            except ValueError:
                return name, 0.0
    return name, 1.0


def _preferred(prefer: str) -> str:
    for part in prefer.replace(";", ",").split(","):
        name, _, value = part.strip().partition("=")
        if name.strip().lower() == "return":
            return value.strip().strip('"')
    return ""
