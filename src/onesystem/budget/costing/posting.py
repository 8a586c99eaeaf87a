"""What costs come to in the ledger: by service and its budget line, against what is posted."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from onesystem.budget.costing.cells import Cell
from onesystem.budget.costing.pools import Used
from onesystem.budget.funds import queries as funds
from onesystem.budget.ledger import queries as ledger
from onesystem.budget.ledger.entry import ACTUAL
from onesystem.district import current
from onesystem.vocabulary.said import say, say_each

CONTACTS, UNUSED = "contacts", "unused"
WORDS = say_each({CONTACTS: "what contacts cost", UNUSED: "capacity that no contact used"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A service's costs of a kind in a month, and what is posted of them."""

    kind: str
    service: str
    setting: str
    organisation: str
    line: str
    minor: int
    posted: int

    @property
    def left(self) -> int:
        """What is not posted; below nothing where more was posted than it cost."""
        return self.minor - self.posted

    @property
    def why(self) -> str:
        """Why something is left, in words."""
        if not self.left:
            return ""
        if not self.line:
            return say("no budget line pays for this service")
        return say("changed since it was posted") if self.posted else say("not posted yet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """A month's costs against the ledger."""

    month: date
    rows: tuple[Row, ...]
    closed: bool

    def _sum(self, kind: str) -> int:
        return sum(row.minor for row in self.rows if row.kind == kind)

    @property
    def contacts(self) -> int:
        """What contacts cost."""
        return self._sum(CONTACTS)

    @property
    def unused(self) -> int:
        """What pools cost beyond what contacts used of them."""
        return self._sum(UNUSED)

    @property
    def posted(self) -> int:
        """What is in the ledger."""
        return sum(row.posted for row in self.rows)

    @property
    def left(self) -> int:
        """What is left over: costs less what is posted."""
        return self.contacts + self.unused - self.posted


def cause(month: date, kind: str) -> str:
    """What the ledger's entries of a month's costs are told by."""
    return f"costing:{kind}:{month:%Y-%m}"


def reconciled(month: date, cells: Iterable[Cell], pools: Iterable[Used]) -> Reconciled:
    """A month's costs by service against what the ledger has of them."""
    here = current().services
    due: dict[tuple[str, str], int] = defaultdict(int)
    settings: dict[str, str] = {}
    for cell in cells:
        due[CONTACTS, cell.service] += cell.minor
        settings[cell.service] = cell.setting
    for pool in pools:
        for service, minor in pool.left_to().items():
            due[UNUSED, service] += minor
    posted = _posted(month)
    for kind, service, _ in posted:
        due[kind, service] += 0
    rows, payers = [], funds.Payers()
    for kind, service in sorted(due):
        known = here.get(service)
        setting = settings.get(service) or (str(known.setting) if known else "")
        run_by = known.organisation if known else ""
        line = payers.line_for(service=service, setting=setting, organisation=run_by)
        code = line.code if line else ""
        rows.append(
            Row(kind=kind, service=service, setting=setting, organisation=run_by, line=code,
                minor=due[kind, service], posted=posted.pop((kind, service, code), 0))
        )  # fmt: skip
    # What was posted to a line that no longer pays for the service is to be taken back from it.
    rows += [
        Row(kind=kind, service=service, setting=settings.get(service, ""), organisation="",
            line=line, minor=0, posted=minor)
        for (kind, service, line), minor in sorted(posted.items()) if minor
    ]  # fmt: skip
    closed = any(m.month == month and m.closed for m in ledger.months())
    return Reconciled(
        month=month, rows=tuple(r for r in rows if r.minor or r.posted), closed=closed
    )


def _posted(month: date) -> dict[tuple[str, str, str], int]:
    """What the ledger has of a month's costs, by kind, service and line."""
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for kind in (CONTACTS, UNUSED):
        for entry in ledger.entries(
            book=ACTUAL, account="spent", cause=cause(month, kind), per_page=0
        ):
            leg = entry.leg
            sums[kind, leg.service, leg.line] += leg.amount
    return sums


def many_posted(month: date, kind: str) -> int:
    """How many postings there are of a month's costs."""
    found = ledger.entries(book=ACTUAL, cause=cause(month, kind), per_page=0)
    return len({entry.posting for entry in found})
