"""Pure words: identifiers, time, money, codes, settings, the contact, readings. No I/O."""

from onesystem.vocabulary.codes import Code
from onesystem.vocabulary.contact import (
    Contact,
    Standing,
    cause_id,
    contact_id,
    key_by_id,
    key_elsewhere,
)
from onesystem.vocabulary.errors import (
    BadConfig,
    BadInput,
    Busy,
    NotFound,
    NotPermitted,
    OnesystemError,
    UserError,
    nearest,
)
from onesystem.vocabulary.identifiers import NHI, NHS, CheckState, Identifier, tidy
from onesystem.vocabulary.money import Money
from onesystem.vocabulary.readings import (
    Act,
    CareAct,
    ContactEvent,
    Entry,
    PersonSeen,
    Reading,
    Remark,
    RequestSeen,
    StayFact,
    SubjectsMerged,
)
from onesystem.vocabulary.request import Asked
from onesystem.vocabulary.settings import Setting
from onesystem.vocabulary.time import Interval, to_local, to_utc, zone

__all__ = [
    "NHI",
    "NHS",
    "Act",
    "Asked",
    "BadConfig",
    "BadInput",
    "Busy",
    "CareAct",
    "CheckState",
    "Code",
    "Contact",
    "ContactEvent",
    "Entry",
    "Identifier",
    "Interval",
    "Money",
    "NotFound",
    "NotPermitted",
    "OnesystemError",
    "PersonSeen",
    "Reading",
    "Remark",
    "RequestSeen",
    "Setting",
    "Standing",
    "StayFact",
    "SubjectsMerged",
    "UserError",
    "cause_id",
    "contact_id",
    "key_by_id",
    "key_elsewhere",
    "nearest",
    "tidy",
    "to_local",
    "to_utc",
    "zone",
]
