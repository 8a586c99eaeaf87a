"""The column that plays a part: by its name, or by what such a column is usually called. Pure."""

import re
from collections.abc import Iterable, Sequence

from onesystem.vocabulary import BadConfig, nearest
from onesystem.vocabulary.said import say


def plain(name: str) -> str:
    """A name without what differs from writer to writer.

    >>> plain("First_Treat"), plain("first.treat"), plain(" Month ")
    ('first treat', 'first treat', 'month')
    """
    return re.sub(r"[\s_.\-]+", " ", name).strip().lower()


def column_of(columns: Iterable[str], name: str, usual: Sequence[str]) -> str:
    """The column called `name`, or the first that is called as usual; empty where there is none.

    Raises BadConfig where a name is given that no column has.
    """
    known = list(columns)
    if name:
        if name in known:
            return name
        alike = [each for each in known if plain(each) == plain(name)]
        if len(alike) == 1:
            return alike[0]
        raise BadConfig(say("there is no column {name}", name=repr(name)), nearest(name, known))
    by_name = {plain(each): each for each in reversed(known)}
    return next((by_name[each] for each in usual if each in by_name), "")
