"""The tree of errors, drawn once for every room.

OnesystemError
  ├─ UserError           shown without a traceback; what was asked cannot be done as asked
  │    ├─ BadConfig        exit 10: district.toml, a mapping or an option is wrong
  │    ├─ NotFound         exit 11: no such person, source, message, service ...
  │    ├─ NotPermitted     exit 12: role, purpose or relationship does not allow it
  │    └─ Busy             exit 13: another process holds what is needed
  └─ BadInput            names what was sent, the rule it breaks and the cure; goes to quarantine
"""

from difflib import get_close_matches

from onesystem.vocabulary.said import Said, perhaps, say


class OnesystemError(Exception):
    """Everything that onesystem raises on purpose."""

    exit_code = 1


class UserError(OnesystemError):
    """What was asked cannot be done as asked. `cure` says what to do next."""

    exit_code = 9

    def __init__(self, what: str, cure: str = "") -> None:
        super().__init__(what)
        self.what, self.cure = what, cure

    def __str__(self) -> str:
        what, cure = _words(self.what), _words(self.cure)
        return say("{what}. {cure}", what=what, cure=cure) if cure else what


class BadConfig(UserError, ValueError):
    """A setting, a mapping or a command's option is wrong."""

    exit_code = 10


class NotFound(UserError, LookupError):
    """There is no such thing."""

    exit_code = 11


class NotPermitted(UserError, PermissionError):
    """The role, the purpose or the relationship does not allow it."""

    exit_code = 12


class Busy(UserError, RuntimeError):
    """Another process holds what is needed."""

    exit_code = 13


class BadInput(OnesystemError, ValueError):
    """What a source sent cannot be used.

    `rule` is a short stable slug (`hl7.no-msh`, `csv.bad-time`) that pages and tests group by;
    `where` points into the message (a segment, a path, a row).
    """

    def __init__(self, what: str, *, rule: str, cure: str, where: str = "") -> None:
        super().__init__(what)
        self.what, self.rule, self.cure, self.where = what, rule, cure, where

    def __str__(self) -> str:
        what, cure = _words(self.what), _words(self.cure)
        if self.where:
            return say("{where}: {what}. {cure}", where=self.where, what=what, cure=cure)
        return say("{what}. {cure}", what=what, cure=cure)


def _words(text: str) -> str:
    """What an error says: a literal is a message without a mark."""
    return text if isinstance(text, Said) else perhaps(text)


_MOST_NAMED = 40


def nearest(name: str, known: object) -> str:
    """The cure for a misspelt name: the nearest known one, or the list of all few.

    >>> nearest("wrad-a", ["ward-a", "ed"])
    "Did you mean 'ward-a'?"
    """
    names = sorted(str(each) for each in known)  # type: ignore[attr-defined]
    close = get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return say("Did you mean {name}?", name=repr(close[0]))
    if len(names) > _MOST_NAMED:
        return say(
            "Nothing like it is known; there are {n}, such as {names}.",
            n=len(names), names=", ".join(names[:5]),
        )  # fmt: skip
    return say("Known: {names}", names=", ".join(names)) if names else say("None is known yet")
