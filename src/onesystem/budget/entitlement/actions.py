"""What is done about who pays: need, means, sign, settle, dispute, undo. Each one gesture.

    agree_need(person=7, by=asker, finding=found, starts=day, seen=0)
    say_means(person=7, by=asker, case={...}, seen=1)
    sign(person=7, by=asker, review=day, seen=2)
    settle(person=7, by=asker, weekly={"council": 70565, ...}, words="Agreed", seen=3)

Care starts when need is agreed: that needs no means, no signature and no agreement between purses.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from onesystem import access, people
from onesystem.access import Asker
from onesystem.budget.entitlement import posting, store
from onesystem.budget.entitlement.here import rates_for
from onesystem.budget.entitlement.moving import settled
from onesystem.budget.entitlement.needs import Finding
from onesystem.budget.entitlement.reading import case_of, whole
from onesystem.budget.entitlement.rule_sets import charge, rule_set
from onesystem.budget.entitlement.steps import (
    DISPUTED,
    MEANS,
    NEED,
    PURSES,
    REVIEW_AFTER,
    SETTLED,
    SIGNED,
    UNDONE,
    Standing,
    Step,
    standing,
    undoable,
)
from onesystem.district import current, now
from onesystem.vocabulary import UserError, nearest, to_local
from onesystem.vocabulary.said import say

RIGHT = "means.assess"
_LONGEST = 1000


def today() -> date:
    """The day here."""
    return to_local(now(), current().zone).date()


@transaction.atomic
def agree_need(
    *, person: int, by: Asker, finding: Finding, scheme: str, starts: date | None = None,
    words: str = "", chc: bool = False, end_of_life: bool = False, meanwhile: str = "council",
    weekly: int = 0, seen: int = 0,
) -> Standing:  # fmt: skip
    """Need is agreed, and care starts; who pays is to be settled from that day on.

    `weekly` is what the care costs, where it is known already. Nothing that somebody has is asked.
    """
    access.require(by.actor, RIGHT)
    if meanwhile not in {"council", "nhs"}:
        raise UserError(
            say("{meanwhile} cannot pay meanwhile", meanwhile=repr(meanwhile)),
            nearest(meanwhile, ("council", "nhs")),
        )
    eligible = finding.eligible or chc
    said: dict[str, Any] = {
        "scheme": scheme, "eligible": eligible, "band": finding.band, "chc": chc,
        "reasons": list(finding.reasons), "source": finding.source, "end_of_life": end_of_life,
        "words": words.strip()[:_LONGEST], "meanwhile": meanwhile,
        "weekly": whole("the weekly cost", weekly),
    }  # fmt: skip
    if eligible:
        said["starts"] = (starts or today()).isoformat()
    return _did(person, by, NEED, said, seen, detail={"scheme": scheme, "eligible": eligible})


@transaction.atomic
def say_means(*, person: int, by: Asker, case: Mapping[str, Any], seen: int) -> Standing:
    """What somebody has, as a case. Raises UserError before need, and for a bad case."""
    access.require(by.actor, RIGHT)
    stands = standing(store.steps_of(people.identity_ids_of(person)))
    if stands.need is None:
        raise UserError("need was not assessed", "Need comes first, whatever somebody has.")
    said = {**case, **of_need(stands.need)}
    case_of(said)
    return _did(person, by, MEANS, {"case": said}, seen)


@transaction.atomic
def sign(
    *, person: int, by: Asker, seen: int, review: date | None = None, rules: str = ""
) -> Standing:
    """What the person pays is decided, under the law in force; the letter holds every line."""
    access.require(by.actor, RIGHT)
    stands = standing(store.steps_of(people.identity_ids_of(person)))
    if stands.need is None or stands.means is None:
        raise UserError("need and means are not both assessed", "Assess what is missing first.")
    chosen = rule_set(rules or law())
    if chosen.status != "in force":
        raise UserError(
            say(
                "{title} is {status}, so nobody is charged by it",
                title=chosen.title,
                status=chosen.status,
            ),
            say(
                "Sign under {title}; compare under the others.", title=rule_set(law()).title.lower()
            ),
        )
    case = case_of({**stands.means.said["case"], **of_need(stands.need)})
    made = charge(case, chosen.name, rates_for(chosen, current().path))
    looks = review or today() + timedelta(days=REVIEW_AFTER)
    if looks <= today():
        raise UserError("the review would be over already", "Choose a day to come.")
    said = {"rules": chosen.name, "result": made.as_dict(), "review": looks.isoformat(),
            "need": stands.need.key, "means": stands.means.key}  # fmt: skip
    return _did(person, by, SIGNED, said, seen, detail={"rules": chosen.name})


@transaction.atomic
def settle(
    *, person: int, by: Asker, weekly: Mapping[str, int], words: str, seen: int,
    until: date | None = None,
) -> Standing:  # fmt: skip
    """Which purse pays how much; what another paid meanwhile moves by entries of the ledger."""
    access.require(by.actor, RIGHT)
    stands = standing(store.steps_of(people.identity_ids_of(person)))
    if not stands.payer_open or stands.starts is None:
        raise UserError("who pays is settled, or no care was agreed", "Dispute it first.")
    shares = {purse: whole(PURSES.get(purse, purse), amount) for purse, amount in weekly.items()}
    for purse in shares:
        if purse not in PURSES:
            raise UserError(
                say("there is no purse {purse}", purse=repr(purse)), nearest(purse, PURSES)
            )
    cost = cost_of(stands)
    if sum(shares.values()) != cost:
        words = say(
            "the purses pay {shares} pence together, and the care costs {cost}",
            shares=sum(shares.values()),
            cost=cost,
        )
        raise UserError(words, "Let them sum exactly to the cost of the week.")  # fmt: skip
    if not words.strip():
        raise UserError("nothing was said", "Write who agreed it, and on what ground.")
    end = until or today()
    moved = settled(shares, [(w.purse, w.since) for w in stands.waits], end)
    said: dict[str, Any] = {
        "weekly": shares, "from": stands.waits[0].since.isoformat(), "until": end.isoformat(),
        "words": words.strip()[:_LONGEST],
        "moved": [[m.month.isoformat(), m.meanwhile, m.purse, m.amount] for m in moved],
    }  # fmt: skip
    key = store.held(people.identity_ids_of(person)).person_key
    said["postings"] = posting.post(moved, key, seen, by=by.actor)
    return _did(person, by, SETTLED, said, seen,
                detail={"purses": len(shares), "postings": len(said["postings"])})  # fmt: skip


@transaction.atomic
def dispute(*, person: int, by: Asker, words: str, seen: int, meanwhile: str = "") -> Standing:
    """Who pays is questioned. Care goes on, and one purse pays meanwhile."""
    access.require(by.actor, RIGHT)
    stands = standing(store.steps_of(people.identity_ids_of(person)))
    if not stands.eligible:
        raise UserError("no care was agreed, so nobody pays", "Assess need first.")
    if not words.strip():
        raise UserError("nothing was said", "Write what is questioned, and by whom.")
    pays = meanwhile or stands.meanwhile
    if pays not in {"council", "nhs"}:
        raise UserError(
            say("{pays} cannot pay meanwhile", pays=repr(pays)), nearest(pays, ("council", "nhs"))
        )
    said = {"words": words.strip()[:_LONGEST], "meanwhile": pays, "starts": today().isoformat()}
    return _did(person, by, DISPUTED, said, seen)


@transaction.atomic
def undo(*, person: int, by: Asker, seen: int) -> Standing:
    """Take one's own last step back, where it moved no money."""
    access.require(by.actor, RIGHT)
    last = undoable(store.steps_of(people.identity_ids_of(person)), by.actor.name)
    if last is None:
        raise UserError(
            "there is nothing of yours to undo", "What moved money is disputed instead."
        )
    return _did(person, by, UNDONE, {"step": last.key}, seen)


def law() -> str:
    """The rule set that is law here."""
    return "nz" if current().currency == "NZD" else "law"


def cost_of(stands: Standing) -> int:
    """What the care costs a week: as signed, as said with the means, or with the need."""
    if stands.letter and not stands.stale:
        return int(stands.letter.said["result"]["cost"])
    if stands.means:
        return int(stands.means.said["case"]["cost"])
    return int(stands.need.said.get("weekly", 0)) if stands.need else 0


def of_need(need: Step) -> dict[str, Any]:
    """What of a case was found with the need, and is never said with the means."""
    said = need.said
    return {"eligible": bool(said["eligible"]), "band": said["band"], "chc": said["chc"],
            "end_of_life": said["end_of_life"]}  # fmt: skip


def _did(
    person: int, by: Asker, verb: str, said: Mapping[str, Any], seen: int,
    detail: dict[str, Any] | None = None,
) -> Standing:  # fmt: skip
    stands, _ = store.add(people.identity_ids_of(person), verb, said, by=by.actor.name, seen=seen)
    access.record(by=by.actor, act=f"charges.{verb}", what="charges", person=person,
                  purpose=by.purpose, detail=detail)  # fmt: skip
    return stands
