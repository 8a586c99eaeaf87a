"""The registry of operations: what `$name` does, and at which addresses.

    operations.register(Operation("everything", everything, kinds=("Patient",), instance=True))

A room or a module registers its operations when it is wired; the CapabilityStatement lists them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from onesystem.record.fhir.asks import Answer
from onesystem.record.fhir.case import Case
from onesystem.record.fhir.outcomes import Refusal
from onesystem.record.fhir.routing import Route
from onesystem.vocabulary import nearest

Run = Callable[[Case, Route], Answer]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `kinds`: its types, `("*",)` for all; `only_instances`: those of them where it
    is not possible of the type.

    `reads`: it only reads, so that many may share one commit. `definition` is its canonical
    address; `definitions` names others by type. `listed`: the CapabilityStatement tells of it.
    """

    name: str
    run: Run
    kinds: tuple[str, ...] = ()
    only_instances: tuple[str, ...] = ()
    system: bool = False
    type: bool = False
    instance: bool = False
    methods: tuple[str, ...] = ("GET", "POST")
    definition: str = ""
    definitions: Mapping[str, str] = field(default_factory=dict)
    reads: bool = False
    listed: bool = True

    def at(self, asked: Route) -> bool:
        """Whether it is possible at that address."""
        if not asked.kind:
            return self.system
        if "*" not in self.kinds and asked.kind not in self.kinds:
            return False
        if asked.logical:
            return self.instance
        return self.type and asked.kind not in self.only_instances


_KNOWN: dict[str, Operation] = {}


def register(operation: Operation) -> None:
    """Make an operation known. Again replaces."""
    _KNOWN[operation.name] = operation


def known() -> dict[str, Operation]:
    """All operations by name."""
    return dict(sorted(_KNOWN.items()))


def only_reads(name: str) -> bool:
    """Whether an operation changes nothing."""
    found = _KNOWN.get(name)
    return found is not None and found.reads


def run(case: Case, asked: Route) -> Answer:
    """Run the operation of an ask. Raises Refusal where there is none such there."""
    found = _KNOWN.get(asked.rest)
    if found is None or not found.at(asked):
        there = [f"${name}" for name, each in _KNOWN.items() if each.at(asked)]
        raise Refusal(
            404,
            f"there is no operation ${asked.rest[:60]} at this address",
            nearest(f"${asked.rest[:60]}", there),
            code="not-supported",
        )
    if case.ask.method not in found.methods:
        able = ", ".join(found.methods)
        raise Refusal(
            405, f"${found.name} takes no {case.ask.method}", f"Use {able}.",
            headers={"Allow": able},
        )  # fmt: skip
    case.act = f"fhir.operation-{found.name}"[:60]
    case.what = "/".join(filter(None, (asked.kind, asked.logical, f"${found.name}")))
    return found.run(case, asked)
