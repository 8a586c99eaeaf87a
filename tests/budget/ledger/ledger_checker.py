"""A checker of ledger texts that knows nothing of ours: it reads what Beancount's manual says.

Accounts are open before they are used, transactions sum to nothing in each currency, the balance of
an account and of all below it is as asserted at the start of its day. Written for the tests from
the published syntax.
"""

import re
from collections import Counter
from decimal import Decimal

ACCOUNT = r"(?:Assets|Liabilities|Equity|Income|Expenses)(?::[A-Z0-9][A-Za-z0-9-]*)+"
_DATED = re.compile(r"(\d{4}-\d\d-\d\d) (open|balance|\*) (.*)$")
_LEG = re.compile(rf"  ({ACCOUNT})  (-?\d+\.\d\d) ([A-Z]{{3}})$")
_META = re.compile(r" {2,4}([a-z]+): (\"(?:[^\"\\]|\\.)*\"|\d+)$")


def checked(text):  # noqa: C901 - one reader, top to bottom
    """What is wrong, line by line; and the balances."""
    wrong, opened, sums = [], {}, Counter()
    open_, legs = None, []
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if open_ is not None and not line.startswith("  "):
            total = sum(legs)
            if total or len(legs) < 2:
                wrong.append(f"line {open_}: sums to {total}")
            open_, legs = None, []
        if dated := _DATED.match(line):
            day, what, rest = dated.groups()
            if what == "open":
                name, _ = rest.rsplit(" ", 1)
                if not re.fullmatch(ACCOUNT, name) or name in opened:
                    wrong.append(f"line {number}: cannot open {name}")
                opened[name] = day
            elif what == "*":
                open_, at = number, day
            else:
                name, amount, _ = rest.split()
                below = [s for n, s in sums.items() if n == name or n.startswith(f"{name}:")]
                if sum(below) != Decimal(amount):
                    wrong.append(f"line {number}: {name} is {sum(below)}, not {amount}")
        elif leg := _LEG.match(line):
            name, amount, _ = leg.groups()
            if opened.get(name, "9999") > at:
                wrong.append(f"line {number}: {name} is not open")
            legs.append(Decimal(amount))
            sums[name] += Decimal(amount)
        elif line and not _META.match(line) and not line.startswith('option "'):
            wrong.append(f"line {number}: not understood: {line}")
    return wrong, {name: total for name, total in sums.items() if total}
