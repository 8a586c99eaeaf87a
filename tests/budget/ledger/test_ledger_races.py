"""Many who post at once, and one who dies on the way, in real processes on both engines."""

import os
import subprocess
import sys

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)

BEGIN = """
import os, sys, threading
from datetime import date
from onesystem.cli.opened import open_district
open_district()
from django.db import connection
from onesystem.access import Actor, quick
from onesystem.budget.ledger import actions, queries
from onesystem.budget.ledger.entry import Leg, Posting
BY, APRIL = Actor.job(sys.argv[1]), date(2026, 4, 1)

def fund(amount):
    legs = (Leg("budget", amount, line="ed"), Leg("contributed", -amount))
    actions.post(book="plan", month=APRIL, legs=legs, words="Opening", by=BY, key="opening")

def reserve(amount, key=""):
    return actions.reserve(line="ed", amount=amount, month=APRIL, words="Order", by=BY, key=key)

def told():
    print(queries.available("ed"), queries.many(account="reserved"), queries.verify())
"""
MANY = """
def run():
    try:
        for _ in range(40):
            try:
                reserve(7)
            except actions.TooLittle:
                pass
    finally:
        connection.close()

threads = [threading.Thread(target=run) for _ in range(2)]
[each.start() for each in threads]
[each.join() for each in threads]
"""
LAST = """
try:
    reserve(1000)
    print("mine")
except actions.TooLittle as error:
    print(error.what)
"""
BULK = """
for n in range(5):
    actions.post_many([
        Posting("actual", APRIL, (Leg("spent", 1, line="ed"), Leg("owed", -1)), "Bill",
                key=f"bill-{n}-{m}") for m in range(60)
    ], by=BY)
"""
DYING = """
order = reserve(600, key="order")
connection.close()
step = died = 0
real = quick.many
while True:
    child = os.fork()
    if child == 0:
        from django.db import connections
        left = [step]
        def many(sql, values):
            real(sql, values)
            left[0] -= 1
            if left[0] < 0:
                os._exit(9)
        quick.many = many
        actions.draw(reservation=order, amount=200, month=APRIL, words="Bill", by=BY, key="draw")
        connection.close()
        os._exit(0)
    _, how = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(how) == 0:
        break
    died += 1
    assert queries.held(order) == 600, "something was half done"
    assert queries.available("ed") == 400
    assert queries.many(book="actual") == 0
    assert queries.verify() == []
    connection.close()
    step += 1
assert died >= 4, died
again = actions.draw(reservation=order, amount=200, month=APRIL, words="Bill", by=BY, key="draw")
print(queries.held(order), queries.available("ed"), queries.many(account="spent"))
print(queries.verify())
"""


@pytest.fixture
def environment(district):
    """Where the processes find the store of this test: a file of their own, or PostgreSQL's."""
    url = ""
    if connection.vendor == "postgresql":
        at = connection.settings_dict
        url = f"postgresql://{at['USER']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    return {**os.environ, "ONESYSTEM_DISTRICT": str(district.path), "DATABASE_URL": url}


@pytest.fixture
def run(environment):
    """Run scripts at the same time; what each of them printed, line by line."""

    def runs(*scripts):
        begun = [
            subprocess.Popen([sys.executable, "-c", BEGIN + script, f"job-{n}"], env=environment,
                             stdout=subprocess.PIPE, text=True)
            for n, script in enumerate(scripts)
        ]  # fmt: skip
        said = [each.communicate()[0].splitlines() for each in begun]
        assert [each.returncode for each in begun] == [0] * len(begun)
        return said

    return runs


def test_the_line_is_never_overdrawn(run):
    """Three processes of two threads each ask for 7 eighty times: 142 times 7 is 994 of 1,000."""
    run("fund(1000)")
    run(MANY, MANY, MANY)
    [[told]] = run("told()")
    assert told == "6 142 []"


def test_the_last_pound_goes_to_one(run):
    run("fund(1000)")
    said = sorted(line for [line] in run(*[LAST] * 3))
    refused = "the line 'ed' has £0.00 left, and £10.00 was to be reserved"
    assert said == ["mine", refused, refused]


def test_the_same_bills_from_two_are_posted_once(run):
    run("fund(1000)")
    run(BULK, BULK)
    [[told]] = run("print(queries.balance(account='spent'), queries.verify())")
    assert told == "300 []"


def test_who_dies_at_any_step_of_a_draw_leaves_nothing_half_done(run):
    run("fund(1000)")
    [[held, verified]] = run(DYING)
    assert held == "400 400 1"
    assert verified == "[]"


CARRIED = """
fund(1000)
order = reserve(600)
actions.draw(reservation=order, amount=200, month=APRIL, words="Bill", by=BY)
actions.close(month=APRIL, by=BY)
from pathlib import Path
from onesystem.cli.carry import carry
from onesystem.cli.store import _connect_as
folder = Path(os.environ["ONESYSTEM_DISTRICT"]) / "copy"
folder.mkdir()
_connect_as("copy", "", folder)
carry("default", "copy")
from django.db import DatabaseError, connections
before = queries.balances(by=("book", "account", "line", "month"))
connections["default"].close()
connections.settings["default"] = connections.settings["copy"]
del connections["default"]
from onesystem.access import quick
quick._here.store = connections["default"]
assert connections["default"].vendor == "sqlite"
print(queries.balances(by=("book", "account", "line", "month")) == before, queries.verify())
try:
    quick.many("DELETE FROM budget_leg", [[]])
except DatabaseError as error:
    print(error)
"""


def test_a_copy_of_the_store_is_the_same_ledger_under_the_same_guards(run):
    [[same, refused]] = run(CARRIED)
    assert same == "True []"
    assert refused == "ledger: what was posted is never changed or removed"
