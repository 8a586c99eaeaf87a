"""What a person can change about sharing: each with what it means before it is done, and its undo.

One table, so that every change is checked on the same page and no button acts at once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection, transaction

from onesystem import access
from onesystem.access import choices
from onesystem.access.models import Proxy, Seal
from onesystem.district import District
from onesystem.vocabulary import BadConfig, NotFound
from onesystem.vocabulary.said import say
from onesystem.vocabulary.sensitive import SENSITIVE

_OPT_OUT = (
    say("Whoever looks after you will not see it, also when you are ill and cannot speak."),
    (
        say(
            "In an emergency a clinician can still open it with a reason, where your "
            "district lets them; you see that under Who looked."
        )
    ),
    say("Those who wrote it keep their own notes."),
    say("You can take this back at any time, on this page."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change as the check page shows it. `hidden` is what the button sends."""

    title: str
    means: tuple[str, ...]
    button: str
    hidden: Mapping[str, str | list[str]] = field(default_factory=dict)
    do: Callable[[access.Actor, str], None] = lambda _by, _reason: None
    done: str = say("Done.")


def change_of(
    asked: Mapping[str, str],
    items: Iterable[str],
    *,
    person: int,
    identities: list[int],
    district: District,
    names: Mapping[int, str],
) -> Change:
    """The change that somebody asks for. `names`: what the items are called. Raises UserError."""
    match asked.get("do"):
        case "stop":
            return _stop(asked, person, district)
        case "share":
            return _share(asked, identities)
        case "seal":
            return _seal(asked, items, identities, names)
        case "unseal":
            return _unseal(items, identities, names)
        case "name":
            return _name(asked, person)
        case "unname":
            return _unname(asked, identities)
    raise BadConfig("nothing was asked for", "Use one of the buttons of My choices.")


def kind_words(kind: str) -> str:
    """A sensitive kind of data in plain words."""
    words = {"restricted": say("what its sender marked as restricted")}
    return words.get(kind, kind.replace("-", " "))


def _stop(asked: Mapping[str, str], person: int, district: District) -> Change:
    kind, source = asked.get("kind", ""), asked.get("source", "")
    if kind and kind not in SENSITIVE:
        raise BadConfig("there is no such kind of data", "Choose one of the list.")
    if source and source not in district.sources:
        raise BadConfig("nobody sends under that name", "Choose one of the list.")
    what = say("what is about {kind_words}", kind_words=kind_words(kind)) if kind else ""
    what = what or (
        say("what {name} sends", name=district.source(source).name)
        if source
        else say("your record")
    )

    def do(by: access.Actor, reason: str) -> None:
        choices.opt_out(person=person, by=by, reason=reason, source=source, kind=kind)

    return Change(
        title=say("Stop sharing {what}", what=what),
        means=_OPT_OUT,
        button=say("Stop sharing"),
        hidden={"do": "stop", "kind": kind, "source": source},
        do=do,
        done=say("From now on {what} is not shared.", what=what),
    )


def _share(asked: Mapping[str, str], identities: list[int]) -> Change:
    number = _number(asked, "choice")
    _own(
        "SELECT consent FROM access_consent_on WHERE consent = %s AND identity IN ({marks})",
        number,
        identities,
    )

    def do(by: access.Actor, reason: str) -> None:
        choices.opt_in(choice=number, by=by, reason=reason)

    return Change(
        title=say("Share again"),
        means=(say("Whoever looks after you can see it again, from now on."),),
        button=say("Share again"),
        hidden={"do": "share", "choice": str(number)},
        do=do,
        done=say("It is shared again."),
    )


def _seal(
    asked: Mapping[str, str], items: Iterable[str], identities: list[int], names: Mapping[int, str]
) -> Change:
    kind = "contact" if asked.get("kind") == "contact" else "entry"
    wanted = _items(items)
    of = _of_whom(wanted, identities) if kind == "entry" else {}
    for item in wanted:
        if item not in names or (kind == "entry" and item not in of):
            raise NotFound("this is not in the record", "Choose it from My record.")
    name = names[wanted[0]]

    @transaction.atomic
    def do(by: access.Actor, reason: str) -> None:
        marked = set(
            Seal.objects.filter(item__in=wanted, until__isnull=True).values_list("item", flat=True)
        )
        for item in wanted:
            if item not in marked:
                identity = of.get(item, identities[0])
                choices.seal(item=item, kind=kind, identity=identity, by=by, reason=reason)

    return Change(
        title=say("Mark as confidential: {name}", name=name),
        means=(
            say(
                "You still see it. Those who wrote it keep their own notes; nobody else sees "
                "it here."
            ),
            (
                say(
                    "Whoever looks after you will not see it and cannot take it into account: with "
                    "a medicine, that may matter when another one is prescribed."
                )
            ),
            (
                say(
                    "In an emergency a clinician can still open it with a reason, where your "
                    "district lets them."
                )
            ),
            say("You can take the mark away at any time, under My choices."),
        ),
        button=say("Mark as confidential"),
        hidden={"do": "seal", "kind": kind, "item": [str(item) for item in wanted]},
        do=do,
        done=say("{name} is marked as confidential.", name=name),
    )


def _unseal(items: Iterable[str], identities: list[int], names: Mapping[int, str]) -> Change:
    wanted = _items(items)
    held = list(Seal.objects.filter(item__in=wanted, identity__in=identities, until__isnull=True))
    if not held:
        raise NotFound("this is not marked as confidential", "Look at My choices again.")
    name = names.get(held[0].item, say("something in your record"))

    @transaction.atomic
    def do(by: access.Actor, reason: str) -> None:
        for each in held:
            choices.unseal(seal=each.id, by=by, reason=reason)

    return Change(
        title=say("Remove the mark: {name}", name=name),
        means=(say("Whoever looks after you can see it again, from now on."),),
        button=say("Remove the mark"),
        hidden={"do": "unseal", "item": [str(each.item) for each in held]},
        do=do,
        done=say("{name} is no longer confidential.", name=name),
    )


def _name(asked: Mapping[str, str], person: int) -> Change:
    username, tie = asked.get("username", "").strip(), asked.get("tie", "").strip()
    if not username or not tie:
        raise BadConfig(
            "two things are needed: their user name, and who they are to you", "Write both."
        )

    def do(by: access.Actor, reason: str) -> None:
        choices.name_proxy(person=person, username=username, tie=tie, by=by, reason=reason)

    return Change(
        title=say("Let {username} act for you", username=username),
        means=(
            say(
                "{username} ({tie}) will see what you see here: your record, and who looked.",
                username=username,
                tie=tie,
            ),
            say("They can change what is shared, and ask questions for you."),
            say("What they do is in the trail under their own name, and you see their looks."),
            say("You can end it at any time, on this page."),
        ),
        button=say("Let them act for me"),
        hidden={"do": "name", "username": username, "tie": tie},
        do=do,
        done=say("{username} can act for you from now on.", username=username),
    )


def _unname(asked: Mapping[str, str], identities: list[int]) -> Change:
    number = _number(asked, "proxy")
    row = Proxy.objects.filter(pk=number, identity__in=identities, until__isnull=True).first()
    if row is None:
        raise NotFound("nobody acts for you under that number", "Look at My choices again.")

    def do(by: access.Actor, reason: str) -> None:
        choices.end_proxy(proxy=number, by=by, reason=reason)

    return Change(
        title=say("{username} no longer acts for you", username=row.username),
        means=(
            say("They no longer see your record, from their next click on."),
            say("What they changed stays as it is; change it back under My choices if you wish."),
        ),
        button=say("End it"),
        hidden={"do": "unname", "proxy": str(number)},
        do=do,
        done=say("{username} no longer acts for you.", username=row.username),
    )


def _number(asked: Mapping[str, str], name: str) -> int:
    text = asked.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise BadConfig("nothing was chosen", "Use one of the buttons of My choices.")
    return int(text)


def _items(items: Iterable[str]) -> list[int]:
    wanted = [int(i) for i in items if i.isascii() and i.isdigit() and len(i) < 20]
    if not wanted:
        raise BadConfig("nothing was chosen", "Choose it from My record.")
    return wanted[:200]


def _own(sql: str, number: int, identities: list[int]) -> None:
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(identities))
        cursor.execute(sql.format(marks=marks), [number, *identities])
        if cursor.fetchone() is None:
            raise NotFound("there is no such choice", "Look at My choices again.")


def _of_whom(items: list[int], identities: list[int]) -> dict[int, int]:
    """The identity of each entry, of those that are the person's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry, identity FROM record_entry WHERE entry IN "
            f"({', '.join(['%s'] * len(items))}) "
            f"AND identity IN ({', '.join(['%s'] * len(identities))})",
            [*items, *identities],
        )
        return dict(cursor.fetchall())
