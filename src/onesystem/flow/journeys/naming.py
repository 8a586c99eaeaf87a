"""What a step is called on a map, by how finely the map is drawn."""

from onesystem.district import District
from onesystem.vocabulary.said import say


def called(district: District, level: str, code: str) -> str:
    """The name of a kind of step; `code` is a setting where that is the level, else a service."""
    if level == "setting":
        return code
    if level == "service":
        return district.service_name(code)
    service = district.services.get(code)
    organisation = district.organisations.get(service.organisation) if service else None
    return organisation.name if organisation else say("not mapped")
