"""What is done about a person on the list: by somebody who may open them, kept, in the trail."""

from django.db import IntegrityError, transaction

from onesystem import access
from onesystem.access import Asker
from onesystem.district import now
from onesystem.flow.coordination import store
from onesystem.flow.coordination.rows import Listed, ListedStep
from onesystem.flow.coordination.steps import tasks, undoable
from onesystem.vocabulary import NotFound, UserError
from onesystem.vocabulary.kept import to_micros
from onesystem.vocabulary.typed import needed


@transaction.atomic
def take(*, person: int, by: Asker) -> None:
    """Say that I am looking at this; whoever looked at it before is replaced."""
    _step(person, "taken", by)


@transaction.atomic
def leave(*, person: int, by: Asker) -> None:
    """Say that nobody is looking at this any more."""
    _step(person, "left", by)


@transaction.atomic
def note(*, person: int, text: str, by: Asker) -> None:
    """Keep a note. Raises UserError where nothing was said."""
    _step(person, "noted", by, text=needed(text, "nothing was said", "Write the note."))


@transaction.atomic
def put_aside(*, person: int, until: int, today: int, reason: str, by: Asker) -> None:
    """Put aside until a day (counted from 1970), for a reason. Raises UserError."""
    if until <= today:
        raise UserError("the day is not after today", "Choose a later day to look at it again.")
    said = needed(reason, "no reason was said", "Say in a few words why it can wait.")
    _step(person, "put aside", by, text=said, until=until)


@transaction.atomic
def finish(*, person: int, text: str, by: Asker) -> None:
    """Say that it is done; the person comes back when there is something new."""
    _step(person, "done", by, text=text.strip()[:1000])


@transaction.atomic
def ask(*, person: int, text: str, owner: str, until: int, by: Asker) -> None:
    """Ask somebody for something, until a day (0: none). Raises UserError where one is missing."""
    said = needed(text, "no task was said", "Write what is to be done.")[:500]
    who = needed(owner, "nobody was named for the task", "Write who is to do it.")[:150]
    _step(person, "asked", by, text=said, until=until, owner=who)


@transaction.atomic
def did(*, person: int, task: int, text: str, by: Asker) -> None:
    """Say that a task is done, with what came of it. Raises UserError where it is none."""
    open_ = {each.id for each in tasks(store.steps_of([person]).get(person, []))}
    if task not in open_:
        raise UserError("that task is done already, or was taken back", "Look at the list again.")
    _step(person, "did", by, text=text.strip()[:1000], about=task)


@transaction.atomic
def undo(*, person: int, by: Asker) -> None:
    """Take back the last thing done, where it was one's own. Raises UserError."""
    last = undoable(store.steps_of([person]).get(person, []), by.actor.name)
    if last is None:
        raise UserError("there is nothing of yours to undo", "The history says who did what.")
    try:
        with transaction.atomic():
            _step(person, "undone", by, undoes=last.id)
    except IntegrityError:
        raise UserError("it is undone already", "Look at the list again.") from None


def _step(
    person: int, kind: str, by: Asker, *, text: str = "", until: int = 0, undoes: int = 0,
    owner: str = "", about: int = 0,
) -> None:  # fmt: skip
    # What was asked for is done, or taken back, whether or not the person is on the list still.
    if not (about or undoes) and not Listed.objects.filter(person=person).exists():
        raise NotFound("this person is not on the list any more", "Look at the list again.")
    access.require_open(by, person)
    ListedStep.objects.create(
        identity=person, kind=kind, by=by.actor.name, at=to_micros(now()),
        text=text, until=until, undoes=undoes, owner=owner, about=about,
    )  # fmt: skip
    access.record(
        by=by.actor, act=f"worklist.{kind.replace(' ', '-')}", person=person, purpose=by.purpose
    )
