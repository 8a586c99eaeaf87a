# ruff: noqa: ISC004  messages and rows are shown as they are
"""Small HL7 v2 messages, written like data."""

DAY = "20260302"


def adt(
    trigger, at="0800", *, visit="V1", person="1001", ward="WARDA", number=None, more=(), **said
):
    """An ADT message; `at` is the hour and minute of 2 March 2026, in London."""
    when = f"{DAY}{at}"
    names = {"family": "HUGHES", "given": "SIAN", "nhs": "9434765919", "class": "I"} | said
    number = number or f"{trigger}{at}{visit}"
    lines = [
        f"MSH|^~\\&|PAS|RM1|ONE|D|{when}||ADT^{trigger}|{number}|P|2.4",
        f"EVN|{trigger}|{when}||||{when}",
        f"PID|1||{person}^^^RM1^MR~{names['nhs']}^^^NHS^NH||{names['family']}^{names['given']}"
        "||19500304|F|||1 MILL ROAD^^NORWICH^^NR1 1AA",
        f"PV1|1|{names['class']}|{ward}^BAY1^B2^RM1||||||||||||||||{visit}",
        *more,
    ]
    return "\r".join(lines).encode()


def merge(old, new, at="1200"):
    when = f"{DAY}{at}"
    return "\r".join(
        [
            f"MSH|^~\\&|PAS|RM1|ONE|D|{when}||ADT^A40|M{old}{new}|P|2.4",
            f"EVN|A40|{when}",
            f"PID|1||{new}^^^RM1^MR||HUGHES^SIAN||19500304|F",
            f"MRG|{old}^^^RM1^MR",
        ]
    ).encode()
