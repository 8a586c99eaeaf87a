"""Which organisation each user of the demo works for: one that runs their kind of service."""

from onesystem.district import District
from onesystem.vocabulary import Setting

_WHERE: dict[str, tuple[Setting, ...]] = {
    "ed-nurse": (Setting.ED,),
    "clinical-director": (Setting.WARD, Setting.ED),
    "finance-assessor": (Setting.HOME_CARE, Setting.CARE_HOME),
    "hospital-doctor": (Setting.WARD, Setting.ED),
    "coordinator": (Setting.WARD, Setting.ED),
    "general-practitioner": (Setting.GENERAL_PRACTICE,),
    "paramedic": (Setting.AMBULANCE,),
    "district-nurse": (Setting.COMMUNITY, Setting.HOME_CARE),
    "therapist": (Setting.REHABILITATION, Setting.COMMUNITY),
    "home-carer": (Setting.HOME_CARE,),
    "social-worker": (Setting.HOME_CARE, Setting.CARE_HOME),
}


def organisation_for(role: str, district: District) -> str:
    """The code of the first organisation that runs such a service; empty for the others."""
    for setting in _WHERE.get(role, ()):
        running = [s.organisation for s in district.services.values() if s.setting == setting]
        if running:
            return running[0]
    return ""
