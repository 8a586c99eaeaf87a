"""Why a row, or a whole file, is not taken, in words that say what to do next."""

import json
from collections.abc import Iterable

from onesystem.vocabulary import BadInput, Remark

_ROWS = {
    "no-key": ("there is nothing in {where}, which names the row", "Send it, or map `key` anew."),
    "no-person": (
        "there is nothing in {where}, which names the person",
        "Send the person's key; rows without one need a mapping with anonymous = true.",
    ),
    "no-time": ("no time is given", "Send at least one of its times."),
    "no-service": ("there is nothing in {where}, which says where", "Give it a `default`."),
    "bad-time": (
        "{where} says {said!r}, which is not a time that is known",
        "Give its `format` in the mapping, such as %d/%m/%Y %H:%M, or mend the row.",
    ),
    "impossible-date": (
        "{where} says {said!r}, which is still to come",
        "Mend the date; two-digit years of birth need a format with four.",
    ),
    "died-before-born": ("the person died before the birth date", "Mend one of the two dates."),
    "negative-stay": ("{where} says {said!r}, before it started", "Mend one of the two times."),
    "unknown-activity": (
        "{where} says {said!r}, which the mapping does not know",
        'Add it to `acts`, or write otherwise = "note".',
    ),
    "wrong-encoding": (
        "the row holds bytes that are not UTF-8, as other rows are",
        "The source mixes character sets; ask it for one.",
    ),
    "nul": ("the row holds a NUL byte", "The source writes past its fields; ask it to mend this."),
    "quotes": ("a quote is opened and not closed", 'Write a quote inside a value as "".'),
}
_FLAGS = {
    "future": "{count:,} rows have times that are still to come",
    "negative-stay": "{count:,} rows end before they start; kept as the source has them",
    "great-age": "{count:,} people are more than 120 years old by their birth dates; a source that"
    " hides great age does this: read such an age as over 89",
    "time-left-empty": "{count:,} rows have a date that cannot be read; it was left empty",
    "same-key": "{count:,} rows repeat the key of another row; the last one counts",
    "header-only": "the file has a header and no rows",
}


def words_of(rule: str, where: str, content: str) -> tuple[str, str]:
    """What is wrong with a row, and the cure."""
    what, cure = _ROWS[rule]
    return what.format(where=where, said=_said(where, content)), cure


def _said(where: str, content: str) -> str:
    try:
        value = json.loads(content).get(where, "")
    except (ValueError, AttributeError):
        return ""
    return str(value)[:80]


def remark_of(rule: str, count: int, first: int) -> Remark:
    """A remark on rows that were taken all the same."""
    return Remark(
        rule=f"extract.{rule}",
        what=_FLAGS[rule].format(count=count),
        where=f"first in row {first:,}" if first else "",
    )


def not_taken(file: str, columns: Iterable[str], closest: str) -> BadInput:
    """Why a file that no mapping fits is set aside. What it seems to be decides the cure."""
    names = list(columns)
    low = {each.lower() for each in names}
    for rule, what, cure, test in _KINDS:
        if test(low):
            return BadInput(what, rule=f"extract.{rule}", cure=cure, where=file)
    listed = ", ".join(names[:8]) + (" ..." if len(names) > 8 else "")
    write = "Write a mapping into the district's folder mappings/ and try it with a dry run."
    return BadInput(
        f"no mapping fits a file with the columns {listed}",
        rule="extract.no-mapping",
        cure=f"{closest} {write}".strip(),
        where=file,
    )


def _any(low: set[str], *words: str) -> bool:
    return any(word in each for each in low for word in words)


def _has_person(low: set[str]) -> bool:
    return _any(low, "subject", "patient", "person", "nhs", "nhi", "case_id", "mrn", "birth", "dob")


_KINDS = (
    (
        "dictionary",
        "a data dictionary: it describes columns and holds no people",
        "Nothing to do; keep it beside the mapping of the table that it describes.",
        lambda low: {"column name", "description"} <= low or {"variable", "description"} <= low,
    ),
    (
        "pairs",
        "pairs of records with a score: answers for a linkage test, not people",
        "Send the list of people; compare with these pairs by: onesystem people link.",
        lambda low: (
            sum(c.endswith(("_l", "_left")) for c in low) > 0
            and sum(c.endswith(("_r", "_right")) for c in low) > 0
        ),
    ),
    (
        "index",
        "a list of files, not people",
        "Nothing to do; the files that it lists are taken in by themselves.",
        lambda low: (
            bool(low & {"file", "filename", "path"})
            and bool(low & {"size", "bytes", "sha256", "rows", "licence", "license"})
        ),
    ),
    (
        "counts",
        "counts, not people: each row adds up many",
        "Ask the source for one row a contact; totals belong to measures, not to the log.",
        lambda low: (
            not _has_person(low)
            and bool(
                low
                & {
                    "count",
                    "counts",
                    "attendances",
                    "admissions",
                    "total",
                    "n",
                    "population",
                    "deaths",
                }
            )
        ),
    ),
    (
        "code-list",
        "a code list: no person column; words for codes",
        "Put it beside a mapping as CSV and name it there as `lookup`.",
        lambda low: (
            not _has_person(low)
            and _any(low, "code", "itemid", "cpt", "category")
            and _any(low, "title", "label", "display", "description", "header")
        ),
    ),
)
