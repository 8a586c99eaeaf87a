"""The words for segments and fields, for the page that shows how a message was read."""

SEGMENTS = {
    "MSH": "Message header", "SFT": "Software", "EVN": "Event", "PID": "Person",
    "PD1": "Person, more", "NK1": "Next of kin", "PV1": "Visit", "PV2": "Visit, more",
    "MRG": "Merged numbers", "AL1": "Allergy", "IAM": "Allergy", "DG1": "Diagnosis",
    "PR1": "Procedure", "OBX": "Observation", "OBR": "Order detail", "ORC": "Order",
    "NTE": "Note", "GT1": "Guarantor", "IN1": "Insurance", "IN2": "Insurance, more",
    "IN3": "Insurance, certification", "ROL": "Role", "SCH": "Appointment",
    "RGS": "Group of resources", "AIS": "Appointment's service", "AIG": "Appointment's resource",
    "AIL": "Appointment's place", "AIP": "Appointment's staff", "TXA": "Document",
    "RF1": "Referral", "PRD": "Provider", "CTD": "Contact", "TQ1": "Timing", "SPM": "Specimen",
    "RXA": "Vaccine or medicine given", "RXE": "Medicine", "RXO": "Medicine ordered",
    "RXR": "Route", "RXC": "Component", "RXD": "Dispensed", "PRB": "Problem", "GOL": "Goal",
    "ACC": "Accident", "ARV": "Access restriction", "CON": "Consent", "DB1": "Disability",
    "FT1": "Charge", "UB1": "Billing", "UB2": "Billing", "PDA": "Death", "AUT": "Authorisation",
    "FHS": "File header", "BHS": "Batch header", "BTS": "Batch end", "FTS": "File end",
    "PRT": "Participation", "SAC": "Container", "INV": "Inventory", "CSR": "Trial",
}  # fmt: skip

# Every segment of the standard up to 2.9 (appendix A), in the order of the alphabet.
_STANDARD = (
    "ABS ACC ADD ADJ AFF AIG AIL AIP AIS AL1 APR ARQ ARV AUT BHS BLC BLG BPO BPX BTS BTX BUI CDM "
    "CDO CER CM0 CM1 CM2 CNS CON CSP CSR CSS CTD CTI CTR DB1 DEV DG1 DMI DON DPS DRG DSC DSP DST "
    "ECD ECR ED EDU EQL EQP EQU ERQ ERR EVN FAC FHS FT1 FTS GOL GP1 GP2 GT1 IAM IAR IIM ILT IN1 "
    "IN2 IN3 INV IPC IPR ISD ITM IVC IVT LAN LCC LCH LDP LOC LRL MCP MFA MFE MFI MRG MSA MSH NCK "
    "NDS NK1 NPU NSC NST NTE OBR OBX ODS ODT OH1 OH2 OH3 OH4 OM1 OM2 OM3 OM4 OM5 OM6 OM7 OMC ORC "
    "ORG OVR PAC PCE PCR PD1 PDA PDC PEO PES PID PKG PM1 PMT PR1 PRA PRB PRC PRD PRT PSG PSH PSL "
    "PSS PTH PV1 PV2 PYE QAK QID QPD QRD QRF QRI RCP RDF RDT REL RF1 RFI RGS RMI ROL RQ1 RQD RXA "
    "RXC RXD RXE RXG RXO RXR RXV SAC SCD SCH SCP SDD SFT SGH SGT SHP SID SLT SPM SPR STF STZ TCC "
    "TCD TQ1 TQ2 TXA UAC UB1 UB2 URD URS VAR VND VTQ"
)
STANDARD = frozenset(_STANDARD.split())

FIELDS = {
    ("MSH", 3): "from system", ("MSH", 4): "from organisation", ("MSH", 5): "to system",
    ("MSH", 6): "to organisation", ("MSH", 7): "written", ("MSH", 9): "type",
    ("MSH", 10): "number of the message", ("MSH", 11): "processing", ("MSH", 12): "version",
    ("MSH", 18): "character set",
    ("EVN", 1): "event", ("EVN", 2): "recorded", ("EVN", 3): "planned", ("EVN", 4): "why",
    ("EVN", 5): "by", ("EVN", 6): "happened", ("EVN", 7): "where",
    ("PID", 2): "outside number", ("PID", 3): "numbers", ("PID", 4): "other number",
    ("PID", 5): "name", ("PID", 6): "mother's name", ("PID", 7): "born", ("PID", 8): "sex",
    ("PID", 9): "other names", ("PID", 10): "ethnicity", ("PID", 11): "address",
    ("PID", 13): "phone at home", ("PID", 14): "phone at work", ("PID", 15): "language",
    ("PID", 16): "marital status", ("PID", 18): "account", ("PID", 19): "social security",
    ("PID", 29): "died", ("PID", 30): "has died", ("PID", 32): "number's state",
    ("PD1", 3): "practice", ("PD1", 4): "general practitioner", ("PD1", 12): "protected",
    ("PV1", 2): "class", ("PV1", 3): "place", ("PV1", 4): "urgency", ("PV1", 5): "pre-admission",
    ("PV1", 6): "place before", ("PV1", 7): "attending", ("PV1", 8): "referring",
    ("PV1", 9): "consulting", ("PV1", 10): "specialty", ("PV1", 14): "came from",
    ("PV1", 17): "admitting", ("PV1", 18): "kind of patient", ("PV1", 19): "visit number",
    ("PV1", 36): "went to", ("PV1", 37): "went to place", ("PV1", 44): "admitted",
    ("PV1", 45): "discharged", ("PV1", 50): "other visit number",
    ("PV2", 3): "reason", ("PV2", 8): "expected in", ("PV2", 9): "expected out",
    ("PV2", 25): "priority", ("PV2", 38): "arrived by",
    ("MRG", 1): "old number", ("MRG", 3): "old account", ("MRG", 4): "old patient id",
    ("MRG", 5): "old visit number", ("MRG", 7): "old name",
    ("SCH", 1): "number of the sender", ("SCH", 2): "number of the appointment",
    ("SCH", 6): "event reason", ("SCH", 7): "reason", ("SCH", 11): "time", ("SCH", 25): "status",
    ("AIL", 3): "place", ("AIS", 3): "service", ("AIS", 4): "starts", ("AIP", 3): "staff",
    ("OBR", 2): "number of the sender", ("OBR", 3): "number of the receiver", ("OBR", 4): "what",
    ("OBR", 5): "priority", ("OBR", 6): "requested", ("OBR", 7): "collected",
    ("OBR", 14): "specimen received", ("OBR", 16): "ordered by", ("OBR", 22): "reported",
    ("OBR", 24): "section", ("OBR", 25): "status", ("OBR", 31): "reason",
    ("ORC", 1): "control", ("ORC", 2): "number of the sender", ("ORC", 3): "number of the receiver",
    ("ORC", 5): "status", ("ORC", 9): "when", ("ORC", 12): "ordered by",
    ("OBX", 2): "kind of value", ("OBX", 3): "what", ("OBX", 5): "value", ("OBX", 6): "unit",
    ("OBX", 7): "normal range", ("OBX", 8): "flags", ("OBX", 11): "status", ("OBX", 14): "when",
    ("AL1", 2): "kind", ("AL1", 3): "to", ("AL1", 4): "severity", ("AL1", 5): "reaction",
    ("AL1", 6): "since", ("DG1", 3): "diagnosis", ("DG1", 4): "in words", ("DG1", 5): "when",
    ("DG1", 6): "kind", ("PR1", 3): "procedure", ("PR1", 5): "when",
    ("TXA", 2): "kind", ("TXA", 4): "activity", ("TXA", 12): "number", ("TXA", 17): "completion",
    ("TXA", 19): "availability", ("RF1", 1): "status", ("RF1", 2): "priority", ("RF1", 3): "kind",
    ("RF1", 6): "number", ("RF1", 7): "from", ("RF1", 10): "reason", ("PRD", 1): "role",
    ("PRD", 2): "name", ("PRD", 4): "place", ("NK1", 2): "name", ("NK1", 3): "relationship",
    ("NTE", 3): "text", ("RXA", 3): "given", ("RXA", 5): "what", ("RXA", 6): "amount",
    ("RXE", 2): "medicine", ("RXE", 3): "amount", ("PRB", 1): "action", ("PRB", 3): "problem",
    ("PRB", 4): "number", ("PRB", 7): "from",
}  # fmt: skip
