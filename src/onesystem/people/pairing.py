"""Two identities laid side by side: what each says, and the evidence that they are one person."""

from onesystem.access import Actor, record, require
from onesystem.district import folder
from onesystem.people import store
from onesystem.people.mapping import views
from onesystem.people.suggesting import Suggestion
from onesystem.people.weights import scorer_for
from onesystem.vocabulary import NotFound
from onesystem.vocabulary.said import say


def compare(a: int, b: int, *, by: Actor) -> Suggestion:
    """Any two identities, whether they were suggested or not. Both looks are audited.

    Raises NotFound where one of them is not there; NotPermitted.
    """
    require(by, "people.merge")
    first, second = min(a, b), max(a, b)
    seen = {view.identity: view for view in views([first, second])}
    if len(seen) < 2:
        raise NotFound(
            say("there are no two identities {a} and {b}", a=a, b=b), "Go back to the suggestions."
        )
    for person in sorted({view.person for view in seen.values()}):
        record(
            by=by,
            act="match.compared",
            what=f"identities {first} and {second}",
            person=person,
            purpose="records management",
        )
    records, scorer = store.records([first, second]), scorer_for(folder())
    left, right = records[first], records[second]
    rows = store.rows(
        "SELECT rule, state FROM people_pair WHERE a = %s AND b = %s", [first, second]
    )
    rule, state = rows[0] if rows else ("", "")
    return Suggestion(
        a=seen[first],
        b=seen[second],
        weight=scorer.weight(left, right),
        rule=rule,
        cut=state == "cut",
        evidence=tuple(scorer.evidence(left, right)),
    )
