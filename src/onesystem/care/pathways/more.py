"""Functions of FHIRPath that conditions use and views do not. Each is made of compiled parts."""

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from onesystem.record.views import operators as o
from onesystem.record.views.functions import NONE, Items, Run
from onesystem.vocabulary.said import say

Make = Callable[[Run, Sequence[Run]], Run]


def _iif(before: Run, args: Sequence[Run]) -> Run:
    """`iif(criterion, then, otherwise)`: what is not known is otherwise, as FHIRPath has it."""
    test, then = args[0], args[1]
    otherwise = args[2] if len(args) > 2 else None

    def run(items: Items, env: Any) -> Items:
        held = before(items, env)
        if o.truth(test(held, env), "the criterion of iif()") is True:
            return then(held, env)
        return otherwise(held, env) if otherwise else NONE

    return run


def _each(work: Callable[[Any], Any]) -> Make:
    def make(before: Run, args: Sequence[Run]) -> Run:
        del args

        def run(items: Items, env: Any) -> Items:
            return [found for i in before(items, env) if (found := work(i)) is not None]

        return run

    return make


def _text(work: Callable[[str, str], bool]) -> Make:
    def make(before: Run, args: Sequence[Run]) -> Run:
        def run(items: Items, env: Any) -> Items:
            held = o.single(before(items, env), say("the text"))
            part = o.single(args[0](items, env), say("the argument"))
            if held is None or part is None:
                return NONE
            return (work(str(held), str(part)),)

        return run

    return make


def _today(before: Run, args: Sequence[Run]) -> Run:
    del before, args
    return lambda items, env: (env.facts.now.date().isoformat(),)  # type: ignore[attr-defined]  # noqa: ARG005


def _sum(before: Run, args: Sequence[Run]) -> Run:
    del args

    def run(items: Items, env: Any) -> Items:
        found = before(items, env)
        return (sum(Decimal(str(i)) for i in found),) if found else NONE

    return run


def _whole(value: Any) -> int | None:
    if isinstance(value, bool | int):
        return int(value)
    return int(value) if isinstance(value, str) and value.lstrip("+-").isdigit() else None


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(int(value) if isinstance(value, bool) else str(value))
    except InvalidOperation:
        return None


MORE: dict[str, tuple[Make, int, int]] = {
    "iif": (_iif, 2, 3),
    "toInteger": (_each(_whole), 0, 0),
    "toDecimal": (_each(_number), 0, 0),
    "lower": (_each(lambda v: v.lower() if isinstance(v, str) else None), 0, 0),
    "upper": (_each(lambda v: v.upper() if isinstance(v, str) else None), 0, 0),
    "contains": (_text(lambda held, part: part in held), 1, 1),
    "startsWith": (_text(str.startswith), 1, 1),
    "today": (_today, 0, 0),
    "sum": (_sum, 0, 0),
}
