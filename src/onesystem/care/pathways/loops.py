"""Steps that lead back to themselves."""

from collections.abc import Iterable

from onesystem.care.pathways.document import Step


def loops(steps: Iterable[Step]) -> list[tuple[str, ...]]:
    """Each loop once, by the keys of its steps. A walk that keeps its own way: no recursion."""
    leads = {step.key: [link.to for link in step.next] for step in steps}
    done: set[str] = set()
    found: list[tuple[str, ...]] = []
    for start in leads:
        way: list[str] = []
        ahead = [iter([start])]
        while ahead:
            key = next(ahead[-1], None)
            if key is None:
                ahead.pop()
                if way:
                    done.add(way.pop())
            elif key in way:
                found.append(tuple(way[way.index(key) :]))
            elif key in leads and key not in done:
                way.append(key)
                ahead.append(iter(leads[key]))
    return found
