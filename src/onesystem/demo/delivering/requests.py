# ruff: noqa: ISC004  what people wrote is shown as they wrote it
"""Requests of the demo's practice and what services did with them: one in each state, with clocks.

What was done days ago is done days ago: the demo's clock is set back for each act, and forward
again. The same people get the same each time; whoever has a request of these already gets none.
"""

from collections.abc import Callable
from datetime import timedelta
from fnmatch import fnmatch
from typing import Any, NamedTuple

from onesystem import access, people
from onesystem.access import Asker
from onesystem.access.models import User
from onesystem.access.quick import rows
from onesystem.care.pathways.facts import facts_of
from onesystem.care.requests import actions, prefill, queries
from onesystem.care.services import conditions
from onesystem.care.services import queries as services
from onesystem.demo.delivering.ago import ago
from onesystem.demo.delivering.mine import citizen
from onesystem.district import current, now
from onesystem.vocabulary import Code, OnesystemError, UserError


class Story(NamedTuple):
    """A request: to which service, what for, how many days ago, and what became of it.

    `then` are acts as `days ago, verb, words`; `to` of a redirect and `at` of a booking (days from
    now) stand in the words after a bar.
    """

    service: str
    kind: str
    urgency: str
    what: str
    asked: str
    days: float
    then: tuple[tuple[float, str, str], ...] = ()


STORIES = (
    Story("*-op-3", "referral", "urgent", "Changing mole", "Dark mole on the left shoulder, grown "
          "and bled since August. 9 mm, two colours. Please see soon.", 0.08),
    Story("*-op-4", "advice", "routine", "Statin and muscle pain", "Aching legs on atorvastatin 40 "
          "mg, CK normal. Would you lower the dose or change it?", 1.5),
    Story("*-op-1", "referral", "routine", "Painful knee", "Knee pain for two years, walks 200 m. "
          "Physiotherapy and weight loss tried.", 6,
          ((5, "ask", "Has an X-ray been done in the last six months? Please send the report."),)),
    Story("*-op-8", "referral", "soon", "Breathless on stairs", "Breathless for three months, "
          "smoked until 2019. Spirometry shows obstruction.", 8, ((6.5, "accept", ""),)),
    Story("*-imaging", "order", "soon", "Chest X-ray", "Cough for five weeks, ex-smoker.", 4,
          ((3, "accept", ""), (2.9, "book", "|2"))),
    Story("*-cardio", "order", "routine", "24-hour ECG", "Palpitations twice a week, lasting "
          "minutes.", 12, ((11, "accept", ""), (10, "book", "|-1"), (0.9, "missed", ""))),
    Story("*-op-5", "referral", "routine", "Hearing", "Hard of hearing on both sides.", 5,
          ((4, "return", "Not worked up: please refer to audiology first, where hearing tests are "
            "done without us. We see people whose hearing is lost on one side."),)),
    Story("*-op-2", "referral", "soon", "Cataract", "Glare at night; can no longer drive.", 10,
          ((9, "redirect", "This one is for the eye clinic nearer to where they live|jpuh-op-2"),)),
    Story("*-op-6", "advice", "routine", "Iron deficiency", "Ferritin 8, no bleeding seen. FIT 4. "
          "Does this need endoscopy?", 9,
          ((7, "answer", "With a FIT of 4 and no symptoms: replace iron, look for coeliac disease, "
            "and measure again in three months. Refer if it does not rise."),)),
    Story("*-pathology", "order", "routine", "Thyroid function", "Tired, gaining weight.", 7,
          ((6, "accept", ""), (5, "answer", "TSH 9.8 mU/l, free T4 11 pmol/l: mildly under-active. "
            "Repeat in two months before treating."))),
    Story("*-op-7", "referral", "routine", "Heavy periods", "Heavy for a year, Hb 108.", 14,
          ((12, "revoke", "Treated at the practice now; she prefers to wait."),)),
    Story("nursing-*", "referral", "soon", "Leg ulcer", "Venous ulcer on the left leg, 4 cm. "
          "Please dress twice a week and assess for compression.", 11,
          ((10, "accept", ""), (9, "book", "|-8"), (8, "start", ""),
           (1, "finish", "Healed. Stockings fitted; seen again in three months."))),
    Story("nursing-*", "referral", "urgent", "Catheter", "Blocked catheter twice this week.", 0.6,
          ((0.5, "accept", ""), (0.45, "start", ""))),
    Story("*-op-3", "referral", "routine", "Rash on both hands", "Dry, cracked hands since a new "
          "job. Emollients and steroid cream tried.", 9),
)  # fmt: skip
_FORM = {
    "allergies": "None known", "moving": "Outside", "bleeding": "no", "pregnant": "Does not apply",
    "fallen": "0", "alone": "no", "access": "Ring the bell", "wishes": "To stay at home",
    "phone": "01632 960999", "diet": "Anything", "weight": "70",
    "photo": "9 mm, two colours, uneven edge",
}  # fmt: skip


def deliver(say: Callable[[str], None]) -> None:
    """Send the practice's requests, and let services do what they did with them."""
    gp = _asker("gp")
    if gp is None or queries.sent_by("gp"):
        return
    done, whom = 0, iter([*filter(None, [citizen()]), *_enrolled(gp)])
    for story in STORIES:
        for person in whom:
            try:
                _tell(story, person, gp)
            except OnesystemError:
                continue  # who died, or shares nothing: the next one
            done += 1
            break
    say(f"{done} requests on their way or answered")


def _tell(story: Story, person: int, gp: Asker) -> None:
    service = _service(story.service)
    with ago(story.days):
        request = _sent(story, person, service, gp)
    for days, verb, words in story.then:
        with ago(days):
            _act(request, verb, words, gp, days)


def _sent(story: Story, person: int, service: str, gp: Asker) -> int:
    entry, facts = services.entry(service), facts_of(person, by=gp)
    form = {name: value for name, (value, _) in prefill.starting(entry, facts, {}).items()}
    for field in entry.form:
        if field.name == "question":
            form[field.name] = f"{story.what}: please see, or tell me what to do."
        elif field.name == "history":
            form[field.name] = story.asked
        elif field.required and not form[field.name]:
            form[field.name] = _FORM.get(field.name, "Not known")
    return actions.send(
        person=person, service=service, by=_at_now(gp), kind=story.kind, urgency=story.urgency,
        what=Code("", "", story.what), words="" if "history" in form else story.asked, form=form,
        despite="Agreed by telephone", meets=conditions.meets(entry, facts), anyway=True,
    )  # fmt: skip


def _act(request: int, verb: str, words: str, gp: Asker, days: float) -> None:
    found = queries.one(request)
    by = gp if verb == "revoke" else _worker(found.service)
    reason, _, more = words.partition("|")
    said: dict[str, Any] = {"request": request, "by": _at_now(by), "seen": found.seen}
    if verb not in {"accept", "start", "missed", "book"}:
        said["reason"] = reason
    if verb == "redirect":
        said["to"] = more if more in current().services else _service("*-op-1")
    if verb == "book":
        said["at"] = now() + timedelta(days=days + float(more))
    _VERBS[verb](**said)


_VERBS: dict[str, Callable[..., None]] = {
    "accept": actions.accept, "ask": actions.ask_back, "return": actions.return_,
    "redirect": actions.redirect, "book": actions.book, "start": actions.start,
    "finish": actions.finish, "answer": actions.answer, "revoke": actions.revoke,
    "missed": actions.missed,
}  # fmt: skip


def _service(match: str) -> str:
    """The first service of that name that somebody of the demo works for."""
    staffed = {user.organisation for user in User.objects.all()}
    found = sorted(
        s.code for s in current().services.values()
        if fnmatch(s.code, match) and s.organisation in staffed
    )  # fmt: skip
    if not found:
        raise UserError(f"no service is called {match}")
    return found[0]


def _worker(service: str) -> Asker:
    """Somebody of the demo who works where the request lies."""
    runs = current().services[service].organisation
    known = User.objects.filter(organisation=runs).order_by("username")
    for user in known:
        actor = access.Actor.of(user)
        if access.may(actor, "requests.work"):
            purpose = "care coordination" if "coordinator" in actor.roles else "direct care"
            return access.asker_of(actor, purpose)
    raise UserError(f"nobody of the demo works at {service}")


def _asker(username: str) -> Asker | None:
    user = User.objects.filter(username=username).first()
    if user is None or not user.organisation:
        return None
    return access.asker_of(access.Actor.of(user), "direct care")


def _at_now(by: Asker) -> Asker:
    return access.asker_of(by.actor, by.purpose)


def _enrolled(gp: Asker) -> list[int]:
    """Those who are enrolled with the practice, alive, in the order of their numbers."""
    here = current().organisations[gp.actor.organisation]
    codes = [here.code, here.national_code or here.code]
    found = rows(
        "SELECT DISTINCT person FROM people_identity WHERE practice IN (%s, %s) AND died = ''"
        " ORDER BY person",
        codes,
    )
    return [person for (person,) in found if people.identity_ids_of(person)][3:200:4]
