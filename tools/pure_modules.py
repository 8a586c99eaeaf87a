"""The pure modules of the product: those that mypy reads strictly. `make lint` asks for them.

A module is pure that imports, itself or by way of others and wherever in it, no framework of pages
and rows (Django and what is built on it), no store's driver, and no engine of other people's data
frames. What is found by name alone (the door of a room) counts too.

    python tools/pure_modules.py           # their files, one a line
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
# Whoever imports one of these is not pure, nor whoever imports them.
FRAMEWORKS = {
    "allauth", "csp", "django", "django_htmx", "django_structlog", "gunicorn", "pandas", "psycopg",
    "pyspark", "rules", "splink", "sqlite3", "uvicorn", "whitenoise",
}  # fmt: skip
# Compiled: the types of a kernel are numba's, which mypy does not know; beside it, they are pure.
COMPILED = {"numba"}

# Not pure, and read strictly all the same.
ALSO = {
    "budget.contracts.simulating", "budget.entitlement.forms", "plan.money.beginning",
    "plan.money.casing", "plan.options.figuring", "plan.options.presenters",
    "plan.options.weighing", "plan.options.winning", "plan.options.wording",
    "plan.portfolio.clash_words", "plan.portfolio.presenters", "plan.shocks.softening",
    "twin.forecast.showing", "twin.scenarios.comparing", "twin.scenarios.telling",
}  # fmt: skip


def pure_files() -> list[Path]:
    """The files of all pure modules, and those of `ALSO`."""
    files = _files()
    read = pure_modules() | _whole(ALSO)
    return [path for name, path in files.items() if name in read]


def pure_modules() -> set[str]:
    """The names of all pure modules."""
    files = _files()
    graph = {name: set(_imports(name, path, files)) for name, path in files.items()}
    wrong = {name for name, known in graph.items() if known & FRAMEWORKS}
    while more := {n for n, known in graph.items() if n not in wrong and known & wrong}:
        wrong |= more
    kernel = {name for name, known in graph.items() if known & COMPILED}
    while more := {n for n in graph.keys() - kernel if _beside(n, graph[n] & kernel)}:
        kernel |= more
    return files.keys() - wrong - kernel


def _files() -> dict[str, Path]:
    return {_name(path): path for path in sorted(SOURCE.rglob("*.py"))}


def _whole(names: set[str]) -> set[str]:
    return {f"onesystem.{name}" for name in names}


def _name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(name: str, path: Path, files: dict[str, Path]) -> Iterator[str]:
    """What a module imports: our modules by their names, others by their packages."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    unread = {id(n) for each in ast.walk(tree) if _for_types(each) for n in ast.walk(each)}
    for node in ast.walk(tree):
        if id(node) in unread:
            continue
        if isinstance(node, ast.Import):
            yield from (a.name if a.name in files else a.name.split(".")[0] for a in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            known = [f"{node.module}.{a.name}" for a in node.names]
            other = node.module if node.module in files else node.module.split(".")[0]
            yield from (each if each in files else other for each in known)
        elif path.stem == "__init__" and isinstance(node, ast.Constant):
            door = f"{name}.{node.value}"
            if door in files:
                yield door


def _beside(name: str, others: set[str]) -> bool:
    return any(each.rpartition(".")[0] == name.rpartition(".")[0] for each in others)


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


if __name__ == "__main__":
    sys.stdout.writelines(f"{path.relative_to(ROOT)}\n" for path in pure_files())
