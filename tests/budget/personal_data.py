"""Who acts in the tests of personal budgets, and with what."""

from datetime import date

from onesystem.access import Actor
from onesystem.budget.personal.indication import Purse
from onesystem.budget.personal.posting import today

JOB = Actor.job("a test")
KEEPER = Actor("sol", frozenset({"social-worker"}), organisation="hospital")
OTHER = Actor("sue", frozenset({"social-worker"}), organisation="hospital")
HOLDER = Actor("maia", frozenset({"person"}))
HEALTH, SOCIAL = Purse(line="phb", kind="health"), Purse(line="asc", kind="social care")
PNG = b"\x89PNG\r\n\x1a\n" + b"a receipt"


def a_year():
    """The days of a budget that began two months ago."""
    began = today().replace(day=1)
    began = began.replace(year=began.year - (began.month <= 2), month=(began.month - 3) % 12 + 1)
    return began, date.fromordinal(began.replace(year=began.year + 1).toordinal() - 1)
