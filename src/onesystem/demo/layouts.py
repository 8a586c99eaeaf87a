"""How each source of the demo writes its extracts, and the mapping that reads them back.

The words on the left are ours (as in a mapping's [contact] and [person]); those on the right are
the source's own columns. A source without a word for something does not send it.
"""

from dataclasses import dataclass, field
from typing import Any

from onesystem.demo.frames import Frame

_WAREHOUSE = {
    "key": "visit_number", "subject": "hospital_number", "service": "place",
    "requested": "requested_at", "started": "arrived_at", "ready": "ready_at", "ended": "left_at",
    "bed": "bed", "mode": "arrival_mode", "urgency": "priority", "reason": "complaint",
    "planned": "planned_for", "outcome": "outcome", "by": "clinician", "cause": "led_to_by",
    "cancelled": "status", "incident": "ambulance_incident", "referral": "practice_referral",
    "as_of": "extracted_at",
}  # fmt: skip
_REPORT = {
    "key": "VISIT", "subject": "UNITNO", "service": "LOCATION", "requested": "REQ_DTTM",
    "started": "ARR_DTTM", "ready": "FIT_DTTM", "ended": "DIS_DTTM", "bed": "BED",
    "mode": "MODE", "urgency": "PRIORITY", "reason": "REASON", "outcome": "OUTCOME",
    "by": "CONSULTANT", "planned": "PLAN_DTTM", "cause": "FROM_VISIT", "cancelled": "STATUS",
    "incident": "INCIDENT", "referral": "GP_REFERRAL", "as_of": "EXTRACTED",
}  # fmt: skip
_LED = {"incident", "referral", "planned"}  # what only a hospital's own system keeps
# The sources whose numbers a hospital keeps of those who sent somebody, by the authority that it
# names with them, and by the column of its extracts; `:` and how these sources' keys begin.
SENDERS = {"CAD": "ambulance", "GP": "practices:Encounter/"}
_SENT_BY = {"incident": "CAD", "referral": "GP"}
_PERSON = {
    "subject": "hospital_number", "number": "nhs_number", "verified": "nhs_number_traced",
    "family": "family_name", "given": "given_names", "birth_date": "date_of_birth", "sex": "sex",
    "address": "address", "postcode": "postcode", "phone": "telephone", "practice": "gp_practice",
    "died": "date_of_death",
}  # fmt: skip
_REPORT_PERSON = {
    "subject": "UNITNO", "number": "NHSNO", "verified": "TRACED", "family": "SURNAME",
    "given": "FORENAMES", "birth_date": "DOB", "sex": "SEX", "address": "ADDR",
    "postcode": "PCODE", "phone": "TEL", "practice": "GPCODE", "died": "DOD",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One source: what it is, how it writes, and how its numbers become our keys."""

    code: str
    name: str
    organisation: str
    live: str  # hl7v2, fhir, or empty where it goes on sending extracts
    format: str = "parquet"
    encoding: str = ""
    delimiter: str = ","
    dates: str = ""
    times: str = ""
    contact: dict[str, str] = field(default_factory=dict)
    person: dict[str, str] = field(default_factory=dict)
    series: str = ""
    subject_prefix: str = ""
    key_prefix: str = ""
    silent_after: int = 0

    @property
    def authority(self) -> str:
        """Who gives its numbers, as HL7 v2 names it."""
        return self.subject_prefix.rstrip(":")


def layouts(here: Frame) -> dict[str, Layout]:
    """All sources of the district, by code, in the order of World.sources."""
    run = here.facts["district"]
    made = [_hospital(h) for h in here.hospitals]
    made += [
        Layout(
            code="practices", name="Practice system", organisation="", live="fhir", series="G",
            contact=_only(_WAREHOUSE, key="consultation", subject="patient", service="practice",
                          requested="booked_at", started="began_at", ended="ended_at",
                          by="clinician", without={"bed", "ready", "urgency", "cause", *_LED}),
            person={**_PERSON, "subject": "patient"},
            subject_prefix="Patient/", key_prefix="Encounter/", silent_after=240,
        ),
        Layout(
            code="out-of-hours", name="Out of hours and telephone advice",
            organisation=run["out_of_hours"], live="", format="csv", delimiter=",", series="CH",
            times="%Y-%m-%d %H:%M:%S", dates="%Y-%m-%d",
            contact={"key": "CaseNo", "subject": "PatientRef", "service": "ServicePoint",
                     "requested": "CallReceived", "started": "ConsultStart", "ended": "CaseClosed",
                     "mode": "CaseType", "urgency": "Priority", "reason": "Symptom",
                     "outcome": "Disposition"},
            person={"subject": "PatientRef", "number": "NHSNumber", "family": "Surname",
                    "given": "Forename", "birth_date": "DateOfBirth", "sex": "Gender",
                    "postcode": "Postcode", "phone": "CallBack"},
        ),
        Layout(
            code="ambulance", name="Ambulance dispatch", organisation=run["ambulance"], live="",
            format="csv", delimiter=",", times="%d-%b-%Y %H:%M:%S", dates="%d-%b-%Y", series="A",
            contact={"key": "incident", "subject": "patient_id", "service": "resource",
                     "requested": "call_connected", "started": "at_scene",
                     "ready": "at_hospital", "ended": "clear", "mode": "origin",
                     "urgency": "category", "reason": "chief_complaint", "outcome": "disposal"},
            person={"subject": "patient_id", "number": "nhs", "family": "last_name",
                    "given": "first_name", "birth_date": "dob", "sex": "sex",
                    "address": "location"},
        ),
        Layout(
            code="community", name="Community nursing and rehabilitation",
            organisation=run["community"], live="", series="NR",
            contact=_only(_WAREHOUSE, key="contact_id", subject="client_id", service="team",
                          started="began_at", ended="ended_at", mode="contact_type",
                          reason="need", by="staff", without={"urgency", *_LED}),
            person={**_PERSON, "subject": "client_id"}, subject_prefix="Patient/",
        ),
        Layout(
            code="council", name="Council social care", organisation=run["council"], live="",
            format="csv", encoding="cp1252", delimiter=";", series="BPL",
            times="%d/%m/%Y %H:%M", dates="%d/%m/%Y",
            contact={"key": "Service Agreement", "subject": "Person ID", "service": "Provision",
                     "requested": "Date Requested", "started": "Date Started",
                     "ready": "Date Ready", "ended": "Date Ended", "mode": "Route",
                     "reason": "Primary Need", "outcome": "End Reason"},
            person={"subject": "Person ID", "number": "NHS Number", "family": "Last Name",
                    "given": "First Name", "birth_date": "Date of Birth", "sex": "Gender",
                    "address": "Address", "postcode": "Postcode", "phone": "Telephone",
                    "died": "Date of Death"},
        ),
        Layout(
            code="pharmacies", name="Dispensing", organisation=run["pharmacy"], live="", series="X",
            contact={"key": "dispensing", "subject": "patient", "service": "pharmacy",
                     "requested": "prescribed_at", "started": "collected_at",
                     "ended": "finished_at", "mode": "kind", "outcome": "result"},
            person={k: v for k, v in {**_PERSON, "subject": "patient"}.items()
                    if k not in {"phone", "died", "practice"}},
            subject_prefix="Patient/",
        ),
        Layout(
            code="diagnostics", name="Tests and imaging", organisation=here.hospitals[0].code,
            live="hl7v2", series="D", subject_prefix="DIAG:", key_prefix="order/",
            contact=_only(_WAREHOUSE, key="order_number", subject="patient", service="section",
                          requested="ordered_at", started="done_at", ended="reported_at",
                          reason="test", urgency="priority", outcome="result",
                          without={"bed", "ready", "mode", "by", "cause", *_LED}),
            person={**_PERSON, "subject": "patient"}, silent_after=120,
        ),
    ]  # fmt: skip
    return {layout.code: layout for layout in made}


def _hospital(hospital: Any) -> Layout:
    plain = hospital.extract == "csv"
    return Layout(
        code=f"{hospital.code}-pas", name=f"{hospital.name} patient administration",
        organisation=hospital.code, live="hl7v2", format=hospital.extract,
        encoding=hospital.encoding, delimiter=",", series="ESO", silent_after=60,
        times="%d/%m/%Y %H:%M:%S" if plain else "", dates="%d/%m/%Y" if plain else "",
        contact=_REPORT if plain else _WAREHOUSE, person=_REPORT_PERSON if plain else _PERSON,
        subject_prefix=f"{hospital.short}:",
    )  # fmt: skip


def _only(base: dict[str, str], *, without: set[str], **own: str) -> dict[str, str]:
    return {k: v for k, v in {**base, **own}.items() if k not in without}


def mapping(layout: Layout, kind: str, scheme: str) -> str:
    """The mapping of a source's contacts or people, as TOML."""
    columns = layout.contact if kind == "contacts" else layout.person
    lines = [
        f'name = "{layout.code}-{kind}"',
        "version = 1",
        f'about = "{layout.name}: {kind}"',
        "",
        "[applies_to]",
        f'file = "*{kind}*"',
        "columns = [" + ", ".join(f'"{c}"' for c in _needed(columns)) + "]",
        "",
        "[file]",
        f'format = "{layout.format}"',
    ]
    if layout.format == "csv":
        lines += [f'delimiter = "{layout.delimiter}"', f'dates = ["{layout.dates}"]',
                  f'times = ["{layout.times}"]']  # fmt: skip
        lines += [f'encoding = "{layout.encoding}"'] if layout.encoding else []
    lines += ["", "[contact]" if kind == "contacts" else "[person]"]
    for ours, theirs in columns.items():
        if ours not in _SENT_BY:
            lines.append(f"{ours} = {_value(layout, ours, theirs)}")
    if kind == "people":
        lines.append(f'scheme = {{ fixed = "{scheme}" }}')
    return "\n".join(lines) + "\n"


def _sender(column: str, authority: str) -> str:
    source, _, prefix = SENDERS[authority].partition(":")
    if not prefix:
        return f'{{ source = "{source}", column = "{column}" }}'
    return f'{{ source = "{source}", concat = [{{ fixed = "{prefix}" }}, "{column}"] }}'


def _needed(columns: dict[str, str]) -> list[str]:
    return [columns["subject"], columns.get("key") or columns["birth_date"]]


def _value(layout: Layout, ours: str, theirs: str) -> str:
    if ours == "cause" and layout.contact.keys() >= _SENT_BY.keys():
        sent = ", ".join(_sender(layout.contact[ours], code) for ours, code in _SENT_BY.items())
        return f'{{ first = ["{theirs}", {sent}] }}'
    prefix = {"subject": layout.subject_prefix, "key": layout.key_prefix,
              "cause": layout.key_prefix}.get(ours, "")  # fmt: skip
    if prefix:
        return f'{{ concat = [{{ fixed = "{prefix}" }}, "{theirs}"] }}'
    if ours == "sex":
        return f'{{ column = "{theirs}", values = {{ F = "female", M = "male" }} }}'
    return f'"{theirs}"'
