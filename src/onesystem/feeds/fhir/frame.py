"""What is known while one message is read: who sent it, and what its references mean.

A resource is named by `Type/id` within its source. One without an id is named by what is stable
about it: the condition it was created under, its own number, or else a digest of its content, so
that the same message sent again is the same resource again. References are followed inside the
message: a `fullUrl`, a `urn:uuid`, a condition (`Patient?identifier=...`), a contained resource.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from onesystem.district import District, Source
from onesystem.vocabulary import NHI, NHS, CheckState, Identifier, Reading, Remark, tidy
from onesystem.vocabulary.codes import NHI_NUMBER, NHS_NUMBER

Resource = dict[str, Any]
SCHEMES = {
    NHS_NUMBER: NHS,
    "http://fhir.nhs.net/Id/nhs-number": NHS,
    "urn:oid:2.16.840.1.113883.2.1.4.1": NHS,
    NHI_NUMBER: NHI,
    "https://standards.digital.health.nz/id/nhi": NHI,
    "urn:oid:2.16.840.1.113883.2.18.2": NHI,
}


@dataclass(slots=True, kw_only=True)
class Frame:
    """One message being read. `links` maps what a reference may say to the key that it means."""

    source: Source
    district: District
    received: datetime
    stated: datetime | None = None  # the time of the Bundle, for resources that carry none
    links: dict[str, str] = field(default_factory=dict)
    held: dict[str, Resource] = field(default_factory=dict)
    out: list[Reading] = field(default_factory=list)
    told: set[str] = field(default_factory=set)  # subjects that were described already
    profiles: set[str] = field(default_factory=set)  # unknown ones that were flagged already

    @property
    def zone(self) -> str:
        """Where times without an offset are local."""
        return self.source.zone or self.district.zone

    def remark(self, rule: str, what: str, where: str = "") -> None:
        """Flag something odd that was read all the same."""
        self.out.append(Remark(rule=rule, what=what, where=where))

    def key_of(self, reference: Any, owner: str = "") -> str:
        """The key that a Reference means; empty when it names nothing."""
        if not isinstance(reference, dict):
            return ""
        text = reference.get("reference")
        if text:
            return self.key_of_text(str(text), owner)
        identifier = reference.get("identifier")
        if isinstance(identifier, dict) and identifier.get("value"):
            kind = reference.get("type") or "Patient"
            return numbered(kind, identifier)
        return ""

    def key_of_text(self, text: str, owner: str = "") -> str:
        """The key that the text of a reference means."""
        if text.startswith("#"):
            return owner + text
        return key_of_text(text, self.links)

    def find(self, key: str) -> Resource:
        """The resource of that key in this message; empty when it is not here."""
        return self.held.get(key, {})


def key_of_text(text: str, links: Mapping[str, str]) -> str:
    """The key that the text of a reference means, in a message with these links."""
    known = links.get(text)
    if known or "?" in text:
        return known or links.get(unquote(text), unquote(text))
    if "/_history/" in text:
        return key_of_text(text.partition("/_history/")[0], links)
    base, _, rest = text.rpartition("/")
    own, _, kind = base.rpartition("/")
    # A source's own address in front of its own key adds nothing; another server's does:
    # its Patient/7 is not this source's Patient/7.
    return f"{kind}/{rest}" if own and f"{own}/" in links else text


def numbered(kind: str, identifier: dict[str, Any]) -> str:
    """A resource named by a number: `Patient?identifier=system|value`."""
    return f"{kind}?identifier={identifier.get('system', '')}|{identifier['value']}"


def key_for(resource: Resource, body: bytes, *, full_url: str = "", request: Any = None) -> str:
    """The key of a resource: see above for what it is named by."""
    kind = resource["resourceType"]
    asked = _asked_key(kind, request) if isinstance(request, dict) else ""
    if asked:
        return asked
    if resource.get("id"):
        return f"{kind}/{resource['id']}"
    if full_url.startswith("urn:uuid:"):
        return f"{kind}/{full_url[9:]}"
    return _lasting_key(resource) or f"{kind}/{hashlib.sha256(body).hexdigest()[:24]}"


def _asked_key(kind: str, request: dict[str, Any]) -> str:
    """What a transaction asks of it: an update under an id, or to be created on a condition."""
    url = str(request.get("url", ""))
    if request.get("method") == "PUT" and url.startswith(kind):
        return unquote(url) if "?" in url else "/".join(url.split("/")[:2])
    condition = request.get("ifNoneExist")
    return f"{kind}?{unquote(str(condition))}" if condition else ""


def _lasting_key(resource: Resource) -> str:
    kind = resource["resourceType"]
    first = next(iter(resource.get("identifier") or ()), None)
    if isinstance(first, dict) and first.get("value") and not _false(first):
        return numbered(kind, first)
    if kind == "List":
        # GP Connect's lists carry no id: one list of a code stands for a person at a time.
        code = (resource.get("code") or {}).get("coding") or [{}]
        subject = (resource.get("subject") or {}).get("reference", "")
        if subject and code[0].get("code"):
            return f"List/{code[0]['code']}~{subject}"
    return ""


def _false(identifier: dict[str, Any]) -> bool:
    """Whether it is a national number that fails its check: test systems give one to everybody."""
    scheme = SCHEMES.get(str(identifier.get("system", "")))
    number = str(identifier["value"])
    return scheme is not None and Identifier(scheme, tidy(scheme, number)).check is CheckState.FAILS
