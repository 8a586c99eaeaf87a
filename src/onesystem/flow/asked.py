"""Requests that wait for their answer, as the room above that keeps them tells of them."""

from collections.abc import Callable, Iterable, Sequence

from onesystem.vocabulary import Asked

OpenOf = Callable[[Iterable[int]], Sequence[tuple[int, Asked]]]
Everybodys = Callable[[], Sequence[tuple[int, str, str, int]]]
_open_of: list[OpenOf] = []
_everybodys: list[Everybodys] = []


def register_requests(*, open_of: OpenOf, everybodys: Everybodys) -> None:
    """Tell boards and worklists who keeps requests. Safe to call again.

    `open_of`: what is open for some identities, each with whose it is. `everybodys`: all that is
    open, as identity, service, source and the moment (microseconds since 1970 UTC) it was asked.
    """
    if open_of not in _open_of:
        _open_of.append(open_of)
        _everybodys.append(everybodys)


def open_requests_of(identities: Iterable[int]) -> list[tuple[int, Asked]]:
    """What is open for any of these identities, with whose it is."""
    whose = list(identities)
    return [each for function in _open_of for each in function(whose)]


def open_requests() -> list[tuple[int, str, str, int]]:
    """Every request that waits for its answer: identity, service, source, when it was asked."""
    return [each for function in _everybodys for each in function()]
