"""Putting right what a source said of one of its people, in everything that it has said.

A source repeats a person's description with every message, so what was put right must hold for
all that it said before, or the fold would bring it back. Undoing puts the old texts back.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction

from onesystem.district import folder
from onesystem.people import store
from onesystem.people.described import Description
from onesystem.people.linking import link_changed
from onesystem.people.meeting import Said, _standing, columns, describe_again
from onesystem.people.weights import scorer_for

Texts = dict[str, str]  # a description as it was said, to how it is read now


def put_right(identity: int, was: Mapping[str, str], now: Mapping[str, str], *, at: int) -> Texts:
    """Read the wrong facts as the right ones, in all that was said; gives the texts that changed.

    In the caller's transaction. The person is looked for anew: another name may be somebody else.
    """
    texts, _ = _standing([identity])[identity]
    changed = {text: made for text in texts if (made := _righted(text, was, now)) != text}
    replace_texts(identity, changed, at=at)
    return changed


def replace_texts(identity: int, changed: Mapping[str, str], *, at: int) -> None:
    """Put texts in the place of others, and look for the person anew."""
    if not changed:
        return
    with transaction.atomic(savepoint=False):
        texts, _ = _standing([identity])[identity]
        said = Said(message=_message(identity))
        for text, when in texts.items():
            said.add(changed.get(text, text), when, said.message)
        _forget(identity, at)
        describe_again({identity: said}, at=at)
        link_changed([identity], scorer=scorer_for(folder()), at=at)


def _righted(text: str, was: Mapping[str, str], now: Mapping[str, str]) -> str:
    said = Description.of_text(text)
    changed: dict[str, Any] = {
        name: value for name, value in now.items() if getattr(said, name) == was.get(name, "")
    }
    return replace(said, **changed).text() if changed else text


def _message(identity: int) -> int:
    rows = store.rows("SELECT message FROM people_identity WHERE id = %s", [identity])
    return int(rows[0][0])


def _forget(identity: int, at: int) -> None:
    """Blank what is known of the identity; its id, its person and its numbers' ledger stay."""
    blank = columns(Description(), {}, at, 0)
    names = ", ".join(f"{name} = %s" for name in store.DESCRIBED)
    store.run(f"UPDATE people_identity SET {names} WHERE id = %s", [*blank, identity])
    for table in ("people_said", "people_number", "people_alias"):
        store.run(f"DELETE FROM {table} WHERE identity = %s", [identity])
