"""Write docs/reference/python.md from the code (--write), or say that it is behind."""

import inspect
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

# Before the names of types; from Python 3.13 on, a path says where its code lies.
_MODULES = re.compile(r"\b(?:typing|collections\.abc|datetime|fractions|pathlib(?:\._local)?)\.")
PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "python.md"
_HEAD = """# Python

What analysts and other programs may lean on. Everything else in the package may change from one
version to the next. Made from the code by `tools/python_reference.py --write`; a test runs each
example below.
"""

# Title, why somebody comes here, and (module, its public names).
PUBLIC: tuple[tuple[str, str, tuple[tuple[str, tuple[str, ...]], ...]], ...] = (
    ("A district", "Contacts, services, costs and measures of a district folder, without a server.",
     (("onesystem.open", ("District",)),)),
    ("Words", "Identifiers, time, money and the contact, as every room speaks of them.",
     (("onesystem.vocabulary.contact", ("Contact", "contact_id")),
      ("onesystem.vocabulary.identifiers", ("Identifier", "tidy")),
      ("onesystem.vocabulary.money", ("Money",)),
      ("onesystem.vocabulary.time", ("Interval", "to_utc", "to_local")),
      ("onesystem.vocabulary.working_days", ("after",)),
      ("onesystem.vocabulary.errors", ("BadInput", "BadConfig", "UserError", "nearest")))),
    ("Signal and noise", "Charts of statistical process control.",
     (("onesystem.flow.spc.series", ("Series",)),
      ("onesystem.flow.spc.chart", ("Asked", "usual", "draw")),
      ("onesystem.flow.spc.funnel", ("funnel",)))),
    ("Did it work", "Designs that give an effect with its interval and what it leans on.",
     (("onesystem.evidence.series", ("timed",)),
      ("onesystem.evidence.its", ("its",)),
      ("onesystem.evidence.changepoint", ("changepoint",)),
      ("onesystem.evidence.panel", ("panel",)),
      ("onesystem.evidence.did", ("did", "from_means")),
      ("onesystem.evidence.staggered", ("staggered",)),
      ("onesystem.evidence.synth", ("synth",)),
      ("onesystem.evidence.steps", ("steps",)),
      ("onesystem.evidence.wedge", ("wedge",)),
      ("onesystem.evidence.discontinuity", ("rd",)),
      ("onesystem.evidence.power", ("did",)),
      ("onesystem.evidence.result", ("Result", "Effect", "Check")))),
    ("The twin", "Any network of services, run.",
     (("onesystem.twin.network.reading", ("model_of",)),
      ("onesystem.twin.network.running", ("replications",)),
      ("onesystem.twin.network.results", ("result_of", "Result")))),
    ("Money", "Settlements and charges, line by line.",
     (("onesystem.budget.terms.settling", ("settle",)),
      ("onesystem.budget.terms.numbers", ("share_of", "largest_remainder")),
      ("onesystem.budget.entitlement.england", ("charge",)))),
    ("People in twenty years", "Cohorts by age and sex.",
     (("onesystem.plan.population.projecting", ("project", "Projection")),)),
)  # fmt: skip


def public() -> list[tuple[str, Any]]:
    """Each public object with the module that it is read from."""
    return [
        (module, getattr(import_module(module), name))
        for _, _, parts in PUBLIC
        for module, names in parts
        for name in names
    ]


def text() -> str:
    """The page as the code says it."""
    parts = [_HEAD]
    for title, why, modules in PUBLIC:
        parts.append(f"## {title}\n\n{why}\n")
        for module, names in modules:
            found = import_module(module)
            parts += [_entry(module, name, getattr(found, name)) for name in names]
    return "\n".join(parts)


def _entry(module: str, name: str, what: Any) -> str:
    lines = [f"### {module}.{name}\n", f"```python\n{_signature(name, what)}\n```\n", _said(what)]
    if inspect.isclass(what):
        lines += [
            f"- **`{each}`**: {_first(member)}"
            for each, member in vars(what).items()
            if not each.startswith("_") and _is_told(member)
        ]
        lines.append("")
    return "\n".join(lines)


def _is_told(member: Any) -> bool:
    return bool(inspect.getdoc(member)) and (
        inspect.isfunction(member) or isinstance(member, (property, classmethod, staticmethod))
    )


def _signature(name: str, what: Any) -> str:
    """As it is called, without where the code of its types lies."""
    try:
        said = str(inspect.signature(what))
    except (TypeError, ValueError):
        return name
    said = re.sub(r"<factory>|<[^>]* at 0x[0-9a-f]+>", "...", said)
    said = _MODULES.sub("", said)
    said = re.sub(r"\bonesystem(?:\.\w+)+\.(\w+)", r"\1", said)
    return f"{name}{said}"


def _said(what: Any) -> str:
    """The docstring; what is an example stands as code."""
    blocks = []
    for block in re.split(r"\n\s*\n", inspect.getdoc(what) or ""):
        example = block.lstrip().startswith(">>>")
        blocks.append(f"```python\n{block}\n```" if example else block)
    return "\n\n".join(blocks) + "\n"


def _first(member: Any) -> str:
    return " ".join((inspect.getdoc(member) or "").split("\n\n")[0].split())


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(text(), encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != text():
        sys.exit("docs/reference/python.md is behind: run tools/python_reference.py --write")
