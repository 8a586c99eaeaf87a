"""Which service of the district a place of the source is, and in which setting."""

from typing import Any

from onesystem.feeds.fhir.frame import Frame
from onesystem.vocabulary import Setting


def place_of(reference: Any, owner: str, frame: Frame) -> tuple[str, ...]:
    """The names by which the source may mean a place: its number, key and words."""
    if not isinstance(reference, dict):
        return ()
    key = frame.key_of(reference, owner)
    found = frame.find(key)
    numbers = found.get("identifier") or reference.get("identifier") or ()
    names = [
        each["value"]
        for each in (numbers if isinstance(numbers, list) else [numbers])
        if isinstance(each, dict) and each.get("value")
    ]
    names += [key, key.partition("/")[2], found.get("name", ""), reference.get("display", "")]
    return tuple(dict.fromkeys(str(name) for name in names if name))


def service_of(
    places: list[tuple[str, ...]], setting: Setting | None, frame: Frame, where: str
) -> tuple[str, Setting | None]:
    """The service that the first place that is mapped stands for, and its setting.

    A source of an organisation with one service means that one. Otherwise the service is
    `SOURCE/PLACE` and a remark lists the place, so that it can be mapped and read again.
    """
    source, district = frame.source, frame.district
    for names in places:
        for name in names:
            service = source.services.get(name) or (name if name in district.services else "")
            if service:
                return service, district.setting_of(service) or setting
    own = [s for s in district.services.values() if s.organisation == source.organisation]
    if source.organisation and len(own) == 1:
        return own[0].code, own[0].setting
    place = next((names[0] for names in places if names), str(setting or "unknown"))
    frame.remark("unmapped-place", place, where)
    return f"{source.code}/{place}", setting
