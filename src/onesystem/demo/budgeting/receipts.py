"""Receipts of the demo: a small PDF of one page, made by hand."""

from datetime import date

_FONT = "/Resources<</Font<</F1 5 0 R>>>>"


def receipt(item: str, amount: int, day: date, number: str) -> bytes:
    """A receipt that says what, when and for how much."""
    said = (f"Receipt {number}", item.replace("-", " ").capitalize(), f"{day:%d %B %Y}",
            f"{amount // 100}.{amount % 100:02d}")  # fmt: skip
    shown = "".join(f"({line}) Tj 0 -22 Td " for line in said)
    text = f"BT /F1 14 Tf 30 150 Td {shown}ET"
    parts = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 260 190]/Contents 4 0 R{_FONT}>>",
        f"<</Length {len(text)}>>stream\n{text}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    body, at = "%PDF-1.4\n", []
    for place, part in enumerate(parts, 1):
        at.append(len(body))
        body += f"{place} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in at)
    end = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer<</Size {len(parts) + 1}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    return (body + end).encode("latin-1")
