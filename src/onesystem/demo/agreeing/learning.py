"""What the demo's practices learnt from each other: entries of the log of peer reviews."""

from collections.abc import Callable
from datetime import timedelta

from onesystem.access import Actor
from onesystem.access.models import User
from onesystem.alliance.learning.peers import actions
from onesystem.alliance.learning.peers.actions import Entry
from onesystem.alliance.learning.peers.practices import practices
from onesystem.alliance.learning.peers.rows import PeerEntry
from onesystem.alliance.learning.risks.queries import today
from onesystem.demo.delivering.ago import ago

# So many days ago; which of the practices; looked at; learnt; will try; again after; what came.
_ENTRIES = (
    (190, slice(0, 4), "Emergency admissions, and the last ten letters of each practice",
     ("Two practices ring everybody in the first week after a stay. One found that a third had "
     "stopped a medicine because the letter did not say why it was new."),
     "The others ring too, for three months: a nurse, a list of five questions.", 90,
     ("Four in five were reached. Readmissions are too few to tell; the calls found eleven "
     "medicines to put right.")),
    (125, slice(4, 9), "ED attendances by hour and day",
     ("Lists differ less than we thought once ages are taken into account. What differs is Monday "
     "morning: where the telephone is answered by two people more, fewer go by themselves."),
     "Two practices move a receptionist from Friday to Monday for eight weeks.", 70, ""),
    (60, slice(1, 7), "Outpatient contacts, by specialty",
     ("More clinics is not worse: the practice with most sends more for diabetes, and its "
     "list is ill for its age. Dermatology is another matter: photographs would often have done."),
     "All send a photograph with each request for dermatology.", 90, ""),
    (20, slice(0, 9), "Taken to hospital by ambulance",
     "Crews ring the practice where the number is on their screen, and hardly elsewhere.",
     "Every practice gives a line that crews alone ring, and says who answers it.", 60, ""),
)  # fmt: skip


def agree(say: Callable[[str], None]) -> None:
    """Let peer groups meet; nothing where there are too few practices."""
    codes, user = list(practices()), User.objects.filter(username="improvement").first()
    if user is None or len(codes) < 2 or PeerEntry.objects.exists():
        return
    by, kept = Actor.of(user), 0
    for days, which, looked, learnt, tries, again, came in _ENTRIES:
        there = codes[which]
        if len(there) < 2:
            continue
        with ago(days):
            number = actions.write(by=by, entry=Entry(
                held=today(), practices=there, looked=looked, learnt=learnt, tries=tries,
                again=today() + timedelta(days=again),
            ))  # fmt: skip
        kept += 1
        if came:
            with ago(days - again):
                actions.tell(number=number, came=came, by=by)
    say(f"Peer review: {kept} entries in the learning log")
