"""Ideas that the demo's staff brought, and who was trained to improve."""

from collections.abc import Callable
from datetime import timedelta

from onesystem.access import Actor
from onesystem.access.models import User
from onesystem.alliance.learning.ideas import actions
from onesystem.alliance.learning.ideas.queries import today
from onesystem.alliance.learning.ideas.rows import Idea
from onesystem.alliance.learning.training import actions as training
from onesystem.alliance.learning.training.actions import Taken
from onesystem.budget import available
from onesystem.budget.funds import reading as funds
from onesystem.demo.delivering.ago import ago
from onesystem.district import current

_COURSE = "Finding what to improve, and showing that it worked"
# (profession, sector, organisation, how many)
_TRAINED = (
    ("nursing", "hospital", "nnuh", 14), ("medicine", "hospital", "nnuh", 6),
    ("nursing", "community", "nchc", 11), ("allied-health", "community", "nchc", 7),
    ("social-work", "council", "council", 5), ("paramedicine", "ambulance", "eeast", 3),
)  # fmt: skip
_SMALL = 60_000


def agree(say: Callable[[str], None]) -> None:
    """Let ideas be brought and answered, and courses be written down."""
    names = ("home.carer", "district.nurse", "paramedic", "manager", "improvement",
             "funder.health", "chair")  # fmt: skip
    who = {u.username: Actor.of(u) for u in User.objects.filter(username__in=names)}
    if len(who) < len(names) or Idea.objects.exists():
        return
    _ideas(who)
    count = _train(who["chair"])
    say(f"{Idea.objects.count()} ideas of staff, {count} people trained to improve")


def _ideas(who: dict[str, Actor]) -> None:
    with ago(120):
        keys = actions.bring(
            title="One way to find a key safe's code", sector="council", by=who["home.carer"],
            text="Carers ring the office for each door and wait. The code could stand in the "
                 "visit's plan, where only those see it who go there today.",
        )  # fmt: skip
        bags = actions.bring(
            title="A bag for each nurse with what a cannula takes", sector="community",
            by=who["district.nurse"],
            text="Half of the second visits are for something that was left at the base.",
        )  # fmt: skip
    with ago(113):
        actions.support(
            number=keys, supporter="manager", by=who["improvement"],
            permission="Try it with one round for a month, with those who agree to it",
            why="It takes ten minutes off many visits",
        )  # fmt: skip
        actions.support(
            number=bags, supporter="manager", by=who["improvement"],
            permission="Buy six bags and try them on two rounds", why="Cheap, and easy to measure",
        )  # fmt: skip
    with ago(20):
        _money(bags, who["funder.health"])
    with ago(4):
        actions.end(number=bags, state="done", by=who["district.nurse"],
                    learnt="Second visits for something forgotten nearly went away. Bags are "
                           "filled at the end of a round, not at its beginning.")  # fmt: skip
    with ago(20):
        no = actions.bring(
            title="Paramedics see a practice's appointments", sector="ambulance",
            by=who["paramedic"], text="A crew could book somebody in instead of ringing.",
        )  # fmt: skip
    with ago(12):
        actions.decline(
            number=no, by=who["manager"],
            why="Practices keep slots for crews from next month on: bring it again when you see "
                "them in the directory, and say which are missing.",
        )  # fmt: skip
    with ago(2):
        actions.bring(
            title="Physiotherapy on Saturday mornings", sector="hospital", by=who["manager"],
            text="Those who could go home on Saturday wait for the first session on Monday.",
        )  # fmt: skip


def _money(number: int, by: Actor) -> None:
    line = next((each.code for each in funds.lines() if available(each.code) > _SMALL), "")
    if line:
        actions.give(number=number, line=line, amount=_SMALL, by=by)


def _train(by: Actor) -> int:
    here, taken = current().organisations, list[Taken]()
    for profession, sector, organisation, count in _TRAINED:
        if organisation in here:
            taken += [
                Taken(who=f"{organisation}-{profession}-{n}", course=_COURSE, sector=sector,
                      profession=profession, organisation=organisation,
                      on=today() - timedelta(days=40 + 30 * n))
                for n in range(count)
            ]  # fmt: skip
    return training.train(taken=taken, by=by)
