"""What to do about what was odd in a message that was read all the same, by the rule of the remark.

Pure. The remark says what is odd; this says who can mend it and how.
"""

_NOTHING = "Nothing to do; it is said so that nobody wonders."
_AT_SOURCE = "Ask the source to mend it; what it sends anew replaces this."

_CURES = {
    "bad-time": "Ask the source for times as HL7 writes them: YYYYMMDDHHMM.",
    "cut-off": "Ask the source to send the message again, whole.",
    "died-without-a-day": "Ask the source for the day of death; until then the person counts as "
    "living.",
    "ends-before-it-starts": "Kept as the source has it. " + _AT_SOURCE,
    "in-the-future": "Check the clock and the time zone of the source; if it was a slip, a "
    "corrected message replaces it.",
    "merge-with-itself": _NOTHING,
    "no-message-time": "Ask the source to fill MSH-7: without it, late messages cannot be put in "
    "their place.",
    "no-rule-for-type": "Tell the source that it need not send this type, or ask for a reader.",
    "nul": "The source writes past its texts; ask it to leave the character out.",
    "numbers-of-accounts": _NOTHING,
    "partial-birth-date": "Ask the source for the whole date; linking people needs it.",
    "unknown-charset": "Write the source's encoding in district.toml, or ask it to name one in "
    "MSH-18.",
    "unknown-segment": "It is kept and not read. Check its name with the source; a segment of "
    "one's own begins with Z.",
    "unknown-source": "Declare the source in district.toml, or mend its name in the mapping.",
    "unmapped-place": "Map the place on the page of the source, and read its messages again.",
    "wrong-charset": "Write the source's encoding in district.toml, or ask it to send what MSH-18 "
    "says.",
    "fhir.deleted-encounter": "Ask the source to send it with the status entered-in-error.",
    "fhir.died-without-date": "Ask the source for the day of death.",
    "fhir.no-time": "Ask the source to send `period`; the contact is made as soon as it does.",
    "fhir.nobody": "Ask the source to send `subject`.",
    "fhir.outcome": "An answer of a server, kept beside the records. " + _NOTHING,
    "fhir.stu3": "Ask the source for R4 where it can: only R4 is checked against its schema.",
    "fhir.unknown-profile": "It is checked as the plain resource of R4. Where the profile puts "
    "data into extensions of its own, ask the source for the plain elements too.",
    "extract.column-twice": "Ask the source to name each column once.",
    "extract.encoding": "Write `encoding` in the table `file` of the mapping if it is another one.",
    "extract.future": "Check the time zone and the format of its times in the mapping.",
    "extract.great-age": _NOTHING,
    "extract.header-only": "Ask the source whether there was nothing to send.",
    "extract.negative-stay": _AT_SOURCE,
    "extract.same-key": "Map a `key` that names a row once, or say same_key in the mapping.",
    "extract.time-left-empty": "Give its `format` in the mapping, or ask the source to mend it.",
}


def cure_of(rule: str) -> str:
    """What to do about a remark of that rule; empty where a correction of ours made it."""
    return _CURES.get(rule, "")
