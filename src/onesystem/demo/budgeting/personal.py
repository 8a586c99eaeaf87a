"""The demo's personal budgets: the citizen's, one year over and one running, and a few others'.

Everything is done through the same acts as on the pages, on the days on which it would have been
done. The money is a small fund of the board and the council.
"""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import connection

from onesystem import people
from onesystem.access import Actor
from onesystem.access.models import Own, User
from onesystem.budget.funds import actions as funds
from onesystem.budget.funds import queries as asked_of
from onesystem.budget.funds.shape import Line
from onesystem.budget.personal import actions, asking, ending, spending
from onesystem.budget.personal.indication import HEALTH, SOCIAL, Need, Purse
from onesystem.budget.personal.posting import today
from onesystem.budget.personal.rows import PersonalBudget, PersonalWay
from onesystem.demo.budgeting.receipts import receipt
from onesystem.demo.delivering.ago import ago
from onesystem.district import current, now
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.kept import to_micros

FUND, NHS, COUNCIL = "personal", "personal.nhs", "personal.council"
_JOB = Actor.job("demo")
_GIVEN = 3_000_000  # pence of each purse and year
_OTHERS = 7


def fund(say: Callable[[str], None]) -> None:
    """Open the purses, and let the citizen and some others hold a budget."""
    here = current()
    board = next((c for c, o in here.organisations.items() if o.kind.startswith("integrated")), "")
    keeper = User.objects.filter(username="social.worker").first()
    if PersonalBudget.objects.exists() or keeper is None or not board:
        return
    if "council" not in here.organisations:
        return
    _purses(board)
    made = _citizen() + _others()
    say(f"Letting people hold a personal budget: {made}")


def _purses(board: str) -> None:
    """A fund of two lines, with money of this financial year and the last."""
    first = date(today().year - (today().month < 4), 4, 1)
    before = first.replace(year=first.year - 1)
    try:
        asked_of.line(NHS)
    except NotFound:
        funds.open_fund(code=FUND, name="Personal budgets", since=before, by=_JOB,
                        words="Health and social care together, held by people")  # fmt: skip
        for code, name, whose in ((NHS, "Personal budgets, NHS", board),
                                  (COUNCIL, "Personal budgets, council", "council")):  # fmt: skip
            funds.open_line(line=Line(code=code, name=name, fund=FUND, organisation=whose,
                                      programme="personal budgets"), by=_JOB)  # fmt: skip
    for month in (before, first):
        for whose in (board, "council"):
            funds.contribute(fund=FUND, organisation=whose, amount=_GIVEN, month=month, by=_JOB,
                             words="For personal budgets",
                             key=f"demo-personal:{whose}:{month}")  # fmt: skip
        funds.allot(amounts={NHS: _GIVEN, COUNCIL: _GIVEN}, month=month, by=_JOB,
                    words="For personal budgets", key=f"demo-personal:{month}")  # fmt: skip


def _citizen() -> int:
    """The demo's own citizen: a year that is settled, and one that runs."""
    own = Own.objects.filter(username="person").order_by("-pk").first()
    user = User.objects.filter(username="person").first()
    if own is None or user is None:
        return 0
    # The account is as old as the first budget: whose it is was asked on the days of the acts.
    Own.objects.filter(pk=own.pk).update(since=to_micros(now() - timedelta(days=900)))
    holder, keeper = Actor.of(user), _JOB
    days = _since(date(today().year - 1, today().month, 1))
    with ago(days + 60):
        starts = today().replace(day=1)
        last = _begin(own.identity, starts, 365, "long-term", 2_400, 1_300, keeper)
        _agree(last, keeper, {"direct": 60}, holder)
        spending.pay(budget=last, amount=min(90_000, _direct(last)), day=today(), by=keeper,
                     words="First half")  # fmt: skip
    _bought(last, holder, starts, ("assistant", 18_400), ("therapy", 21_000), ("activity", 9_650))
    if _since(starts + timedelta(days=364)) > 0:
        with ago(_since(starts + timedelta(days=366))):
            ending.end(budget=last, why="year", on=today() - timedelta(days=1), by=keeper)
    else:
        ending.end(budget=last, why="choice", on=today(), by=keeper)
    return 1 + _running(own.identity, holder, keeper)


def _direct(budget: int) -> int:
    """What of a budget is paid to the person: less for those who pay much of it themselves."""
    found = PersonalWay.objects.filter(budget=budget, way="direct").values_list("agreed", flat=True)
    return int(found[0])


def _running(identity: int, holder: Actor, keeper: Actor) -> int:
    """The year that runs: paid, bought, asked, refused, waiting."""
    with ago(55):
        starts = today().replace(day=1)
        number = _begin(identity, starts, 365, "long-term", 2_600, 1_450, keeper, charge=300)
        _agree(number, keeper, {"direct": 50, "third-party": 10}, holder)
        spending.pay(budget=number, amount=min(60_000, _direct(number)), day=today(), by=keeper,
                     words="First quarter")  # fmt: skip
        spending.spend(budget=number, item="respite", way="notional", amount=24_000, day=today(),
                       words="Three days of respite", by=keeper)  # fmt: skip
    _bought(number, holder, starts + timedelta(days=20), ("assistant", 14_250), ("activity", 3_800))
    with ago(20):
        said = {"budget": number, "kind": "spend", "by": holder}
        bed = asking.ask(**said, item="large-equipment", amount=32_000,
                         words="An electric bed rail, so that I get up by myself")  # fmt: skip
        other = asking.ask(**said, item="family-at-home", amount=40_000,
                           words="Pay my daughter, who helps me every morning")  # fmt: skip
    with ago(17):
        asking.agree(ask=bed, words="Yes, from the shop of your choice", by=keeper)
        asking.refuse(ask=other, reason="needs-more", by=keeper,
                      words="Please say which hours she works, and for what pay")  # fmt: skip
    with ago(2):
        asking.ask(budget=number, kind="spend", item="something-else", amount=12_000, by=holder,
                   words="A choir on Thursdays, with a taxi there and back")  # fmt: skip
    return 1


def _others() -> int:
    """Some more, each somewhere else on the way."""
    made = 0
    keeper = _JOB  # so that no glass is asked for
    cohorts = ("long-term", "long-term", "learning-disability", "mental-health", "long-term",
               "long-term", "long-term")  # fmt: skip
    for place, identity in enumerate(_people(_OTHERS)):
        with ago(90 - 9 * place):
            number = _begin(identity, today().replace(day=1), 365, cohorts[place],
                            1_500 + 450 * place, 900 + 310 * place, keeper)  # fmt: skip
            if place == 0:
                pass
            elif place == 1:
                _agree(number, keeper, {"direct": 100}, None)
            else:
                _agree(number, keeper, {"direct": 40 if place % 2 else 0}, keeper)
        if place > 1:
            _lived(number, place, keeper)
        made += 1
    return made


def _lived(number: int, place: int, keeper: Actor) -> None:
    with ago(25 - 2 * place):
        spending.spend(budget=number, item="personal-care", way="notional", by=keeper, day=today(),
                       amount=10_000 + 1_700 * place, words="Morning visits")  # fmt: skip
    with ago(9 if place == 3 else 3):
        if place in {3, 4}:
            asking.ask(budget=number, kind="more" if place == 3 else "question", by=keeper,
                       words="Needs have grown since the fall" if place == 3
                       else "May the money pay for a gym?")  # fmt: skip
        if place == 5:
            actions.pause(budget=number, why="hospital", by=keeper)
        if place == 6:
            ending.end(budget=number, why="moved", on=today(), by=keeper)


def _begin(
    identity: int, starts: date, days: int, cohort: str, health: int, social: int, keeper: Actor,
    charge: int | None = None,
) -> int:  # fmt: skip
    number = actions.assess(
        person=people.person_of([identity]).get(identity, identity), organisation=_team(),
        programme="integrated", cohort=cohort, starts=starts,
        ends=starts + timedelta(days=days - 1), owner="social.worker", by=keeper,
        goals="To stay at home, to get out twice a week, and to see my friends",
        purses=[Purse(line=NHS, kind=HEALTH), Purse(line=COUNCIL, kind=SOCIAL)], charge=charge,
        needs=[Need(words="Physiotherapy and a nurse who knows me", purse=NHS, a_week=health),
               Need(words="Help in the morning", purse=COUNCIL, a_week=social),
               Need(words="Getting out", purse=COUNCIL, a_week=600, weeks=40)],
    )  # fmt: skip
    return int(number)


def _agree(number: int, keeper: Actor, shares: dict[str, int], signs: Actor | None) -> None:
    """Agree what was indicated; of it so many per cent in each way, the rest is held by us."""
    row = PersonalBudget.objects.get(pk=number)
    ways = {way: row.indicative * share // 100 for way, share in shares.items()}
    ways["notional"] = row.indicative - sum(ways.values())
    actions.agree(budget=number, by=keeper, ways=ways,
                  sums={p.line: p.indicative for p in row.purses.all()})  # fmt: skip
    if signs is not None:
        actions.sign(budget=number, by=signs,
                     paper="" if signs.name == "person" else "On paper, at home")  # fmt: skip


def _bought(number: int, holder: Actor, first: date, *some: tuple[str, int]) -> None:
    """Receipts, three weeks apart."""
    for place, (item, amount) in enumerate(some):
        day = first + timedelta(days=21 * (place + 1))
        day = min(day, today())
        with ago(_since(day)):
            spending.spend(
                budget=number, item=item, way="direct", amount=amount, day=day, by=holder,
                receipt=receipt(item, amount, day, f"{number}-{place}"),
            )  # fmt: skip


def _since(day: date) -> int:
    return (today() - day).days


def _team() -> str:
    """Whose social worker keeps the budgets."""
    return str(User.objects.get(username="social.worker").organisation or "council")


def _people(many: int) -> list[int]:
    """Grown people alive with conditions, in the order of their numbers, none of them signed in."""
    taken = set(people.person_of(Own.objects.values_list("identity", flat=True)).values())
    born = today().replace(year=today().year - 25, day=1).isoformat()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.person FROM record_entry e JOIN people_identity i ON i.id = e.identity "
            "WHERE e.kind = 'Condition' AND i.died = '' AND i.family <> '' AND i.birth_date < %s "
            "GROUP BY i.person ORDER BY COUNT(*) DESC, i.person LIMIT %s",
            [born, many * 3],
        )
        found = [int(row[0]) for row in cursor.fetchall()]
    return [person for person in found if person not in taken][:many]
