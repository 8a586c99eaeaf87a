"""What the district's jobs and staff do when months have passed: the same as in any night or month.

Who is who is found, figures are brought up, contacts are costed, past months are posted and closed.
"""

from collections.abc import Callable

from onesystem.access import Actor
from onesystem.demo import saying
from onesystem.vocabulary import Busy

Say = Callable[[str], None]


def catch_up(say: Say) -> None:
    """Do what the months that passed left to do."""
    from onesystem import contacts, people
    from onesystem.alliance.proof import actions as reviews
    from onesystem.flow import measures

    people.link_pending()
    contacts.compact(by=Actor.job("nightly"))
    say("Working the figures out")
    try:
        if measures.begun():
            while measures.pending() and measures.refresh().left:
                pass
    except Busy:  # the served district does it
        say("The served district works its figures out")
    saying.say()
    _money(say)
    drawn = reviews.remind(by=Actor.job("reviews"))
    if drawn:
        say(f"Drawing what decisions did: {drawn} reviews are due")


def _money(say: Say) -> None:
    from onesystem.budget.costing import store
    from onesystem.demo.budgeting import closing, costing

    if not store.current().day:
        return
    say("Costing what happened, and posting the months that are over")
    costing.bring_up()
    closing.fund(say)
