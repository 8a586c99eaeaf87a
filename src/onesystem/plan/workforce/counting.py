"""Counts of posts as a file: `kind,place,name,role,posts,filled,counted`, a row for each. Pure."""

import csv
import io
from collections.abc import Mapping

from onesystem.budget.pooled.typed import day, figure
from onesystem.plan.workforce.roles import role
from onesystem.plan.workforce.vacancies import KINDS, Posts
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

HEAD = ("kind", "place", "name", "role", "posts", "filled", "counted")
_MOST = 20_000


def read(text: str) -> list[Posts]:
    """The rows of a file. Raises UserError, which names the row."""
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    missing = [name for name in HEAD if name not in (rows.fieldnames or ())]
    if missing:
        raise UserError(
            say("the file has no column {missing}", missing=repr(missing[0])),
            say("Its first row is {head}", head=",".join(HEAD)),
        )
    made = []
    for number, row in enumerate(rows, 2):
        try:
            made.append(one(row))
        except UserError as error:
            raise UserError(
                say("row {number}: {what}", number=number, what=error.what), error.cure
            ) from error
        if number > _MOST:
            raise UserError(
                "the file has too many rows",
                say("Send at most {most} at a time", most=f"{_MOST:,}"),
            )
    if not made:
        raise UserError("the file has no rows", "Write one for each role at each place")
    return made


def one(row: Mapping[str, str | None]) -> Posts:
    """One count out of its texts. Raises UserError."""
    said = {name: (row.get(name) or "").strip() for name in HEAD}
    if said["kind"] not in KINDS:
        raise UserError(
            say("there is no kind of place {kind}", kind=repr(said["kind"])),
            say("Write {kinds}", kinds=", ".join(KINDS)),
        )
    if not said["place"] or not said["name"]:
        raise UserError("no place is named", "Write its code and its name")
    return Posts(
        kind=said["kind"], place=said["place"][:80], name=said["name"][:200],
        role=role(said["role"]).code, posts=_hundredths(said["posts"]),
        filled=_hundredths(said["filled"]), counted=day(said["counted"]),
    )  # fmt: skip


def _hundredths(text: str) -> int:
    made = round(figure(text) * 100)
    if not 0 <= made <= 1_000_000:
        raise UserError(
            say("{text} posts are none, or too many", text=text), "Write 2.5 for two and a half"
        )
    return made
