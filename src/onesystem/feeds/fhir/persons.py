"""Patient into PersonSeen: who a source says that somebody is."""

from typing import Any

from onesystem.feeds.fhir.frame import SCHEMES, Frame, Resource
from onesystem.feeds.fhir.times import day, moment
from onesystem.vocabulary import NHI, NHS, Identifier, PersonSeen, tidy
from onesystem.vocabulary.written import written

# How near a name is to the one in use, when it began, its place, and itself: least is used.
_Ranked = tuple[int, list[int], int, tuple[str, str]]

_VERIFIED = "NHSNumberVerificationStatus"  # the extension of CareConnect, UK Core and PDS alike
_RESTRICTED = {"R", "V"}
_GENDERS = {"female", "male", "other"}
_NAME_ORDER = {"official": 0, "usual": 1, "": 2, "temp": 4, "nickname": 5, "anonymous": 6}
_PAST_NAMES = {"old", "maiden"}
_ADDRESS_ORDER = {"home": 0, "": 1, "temp": 2, "billing": 3, "work": 4}


def person(resource: Resource, key: str, frame: Frame) -> PersonSeen:
    """What a Patient says of a person."""
    at = recorded(resource, frame)
    family, given, others = _names(resource.get("name"), at.isoformat())
    address, postcode = _address(resource.get("address"), at.isoformat())
    return PersonSeen(
        subject=key,
        at=written(at, version_of(resource)),
        identifiers=tuple(_identifiers(resource.get("identifier"), frame)),
        family=family,
        given=given,
        other_names=others,
        birth_date=day(resource.get("birthDate")),
        sex=resource["gender"] if resource.get("gender") in _GENDERS else "",
        address=address,
        postcode=postcode,
        phone=_phone(resource.get("telecom")),
        practice=_practice(resource, key, frame),
        died=_died(resource, key, frame),
        restricted=_restricted(resource),
    )


def numbered_person(key: str, frame: Frame) -> PersonSeen | None:
    """A person of whom only a number is said: `Patient?identifier=system|value`."""
    kind, _, condition = key.partition("?identifier=")
    system, bar, value = condition.partition("|")
    if kind != "Patient" or not bar or not value or "&" in condition:
        return None
    found = tuple(_identifiers([{"system": system, "value": value}], frame))
    return PersonSeen(subject=key, at=frame.stated or frame.received, identifiers=found)


def recorded(resource: Resource, frame: Frame) -> Any:
    """When the source wrote this version: its own word, the Bundle's, or when it came."""
    meta = resource.get("meta")
    said = moment(meta.get("lastUpdated"), frame.zone) if isinstance(meta, dict) else None
    return said or frame.stated or frame.received


def version_of(resource: Resource) -> str:
    """The source's own number of this version; empty where it says none."""
    meta = resource.get("meta")
    return str(meta.get("versionId", "")) if isinstance(meta, dict) else ""


def _identifiers(listed: Any, frame: Frame) -> Any:
    for each in listed or ():
        value = each.get("value") if isinstance(each, dict) else None
        if not isinstance(value, str) or not value.strip():
            continue
        system = each.get("system", "")
        scheme = frame.source.schemes.get(system) or SCHEMES.get(system)
        if scheme is None:
            coding = ((each.get("type") or {}).get("coding") or [{}])[0]
            scheme = system or coding.get("code") or "local"
        yield Identifier(
            scheme=scheme,
            value=tidy(scheme, value),
            verified=scheme in {NHS, NHI} and _verified(each, scheme),
            superseded=each.get("use") == "old",
        )


def _verified(identifier: dict[str, Any], scheme: str) -> bool:
    # New Zealand numbers come from the index itself; there `official` is the live number.
    if scheme == NHI:
        return identifier.get("use") == "official"
    for extension in identifier.get("extension") or ():
        if _VERIFIED in str(extension.get("url", "")):
            codings = (extension.get("valueCodeableConcept") or {}).get("coding") or []
            return any(coding.get("code") == "01" for coding in codings)
    return False


def _names(listed: Any, now: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    current: list[_Ranked] = []
    past: list[_Ranked] = []
    for i, name in enumerate(n for n in listed or () if isinstance(n, dict)):
        use = name.get("use", "")
        old = use in _PAST_NAMES or _over(name, now)
        pair = _name(name)
        if pair != ("", ""):
            rank = _NAME_ORDER.get(use, 3)
            # Of two names in the same use the one that began last is the name in use.
            began = str((name.get("period") or {}).get("start", ""))
            (past if old else current).append((rank, [-ord(c) for c in began], i, pair))
    ranked = [pair for *_, pair in sorted(current)] + [pair for *_, pair in sorted(past)]
    if not ranked:
        return "", "", ()
    others = tuple(dict.fromkeys(pair for pair in ranked[1:] if pair != ranked[0]))
    return *ranked[0], others


def _name(name: dict[str, Any]) -> tuple[str, str]:
    family, given = name.get("family", ""), name.get("given") or []
    if isinstance(family, list):  # DSTU2 habit that STU3 systems still show
        family = " ".join(family)
    if not family and not given and name.get("text"):
        *first, family = name["text"].split()
        return family, " ".join(first)
    return family, " ".join(part for part in given if isinstance(part, str))


def _over(held: dict[str, Any], now: str) -> bool:
    end = (held.get("period") or {}).get("end", "")
    return bool(end) and end[:10] < now[:10]


def _address(listed: Any, now: str) -> tuple[str, str]:
    def rank(address: dict[str, Any]) -> tuple[bool, int]:
        use = address.get("use", "")
        return (use == "old" or _over(address, now), _ADDRESS_ORDER.get(use, 3))

    found = sorted((a for a in listed or () if isinstance(a, dict)), key=rank)
    if not found:
        return "", ""
    best = found[0]
    parts = [*(best.get("line") or ()), best.get("city"), best.get("district"), best.get("state")]
    written = ", ".join(part for part in parts if part) or best.get("text", "")
    return written, best.get("postalCode", "")


def _phone(listed: Any) -> str:
    order = {"mobile": 0, "home": 1, "": 2, "temp": 3, "work": 4}
    phones = [
        each
        for each in listed or ()
        if isinstance(each, dict)
        and each.get("value")
        and each.get("system") in {"phone", "sms", None}
        and each.get("use") != "old"
    ]
    best = min(phones, key=lambda each: order.get(each.get("use", ""), 3), default={})
    return str(best.get("value", ""))


def _practice(resource: Resource, key: str, frame: Frame) -> str:
    for reference in [*(resource.get("generalPractitioner") or ()),
                      resource.get("managingOrganization")]:  # fmt: skip
        code = organisation_code(reference, key, frame)
        if code:
            return code
    return ""


def organisation_code(reference: Any, key: str, frame: Frame) -> str:
    """The national code of an organisation that is referred to, when the message says it."""
    if not isinstance(reference, dict):
        return ""
    if (reference.get("identifier") or {}).get("value"):
        return str(reference["identifier"]["value"])
    found = frame.key_of(reference, key)
    if not found.startswith("Organization"):
        return ""
    for identifier in frame.find(found).get("identifier") or ():
        if identifier.get("value"):
            return str(identifier["value"])
    return found.partition("|")[2]


def _died(resource: Resource, key: str, frame: Frame) -> Any:
    if resource.get("deceasedDateTime"):
        at = moment(resource["deceasedDateTime"], frame.zone)
        return at.date() if at else None
    if resource.get("deceasedBoolean") is True:
        frame.remark("fhir.died-without-date", "the person died; the day is not said", key)
    return None


def _restricted(resource: Resource) -> bool:
    labels = (resource.get("meta") or {}).get("security") or ()
    return any(label.get("code") in _RESTRICTED for label in labels)
