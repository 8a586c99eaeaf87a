"""What a benchmark gives back, and the list of them."""

import resource
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib import import_module


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure. `target` is a floor, or a ceiling where `lower_is_better`."""

    name: str
    value: float
    unit: str
    target: float | None = None
    peer: str = ""
    peer_value: float | None = None
    lower_is_better: bool = False

    @property
    def ok(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        return self.value <= self.target if self.lower_is_better else self.value >= self.target

    def as_dict(self) -> dict[str, object]:
        """The row as `bench --json` prints it."""
        return {**asdict(self), "ok": self.ok}


Benchmark = Callable[..., Iterable[Row]]
_MODULES = {
    "access": "onesystem.bench.access",
    "charge": "onesystem.bench.charge",
    "cost": "onesystem.bench.cost",
    "crew": "onesystem.bench.crew",
    "inbox": "onesystem.bench.inbox",
    "ingest": "onesystem.bench.ingest",
    "extracts": "onesystem.bench.extracts",
    "fhir": "onesystem.bench.fhir",
    "fhir-server": "onesystem.bench.fhir_server",
    "ledger": "onesystem.bench.ledger",
    "log": "onesystem.bench.log",
    "linkage": "onesystem.bench.linkage",
    "now": "onesystem.bench.now",
    "pathways": "onesystem.bench.pathways",
    "plan": "onesystem.bench.plan",
    "record": "onesystem.bench.record",
    "see": "onesystem.bench.see",
    "see-pages": "onesystem.bench.see_pages",
    "serve": "onesystem.bench.serve",
    "settle": "onesystem.bench.settle",
    "start": "onesystem.bench.start",
    "twin": "onesystem.bench.twin",
}
_FOUND: dict[str, tuple[str, Benchmark]] = {}


def register(name: str, about: str) -> Callable[[Benchmark], Benchmark]:
    """Decorate the function `run(*, full: bool) -> Iterable[Row]` of a benchmark's module."""

    def keep(run: Benchmark) -> Benchmark:
        _FOUND[name] = (about, run)
        return run

    return keep


def benchmarks() -> dict[str, tuple[str, Benchmark]]:
    """All benchmarks: name to what it measures and the function that does."""
    for module in _MODULES.values():
        import_module(module)
    return dict(_FOUND)


def cpu_seconds() -> float:
    """CPU seconds, user and system, of this process and the children it has waited for."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )
