"""mypy reads every pure module strictly: which those are is worked out, never listed."""

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_SPEC = importlib.util.spec_from_file_location("pure_modules", ROOT / "tools" / "pure_modules.py")
TOOL = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(TOOL)


def test_each_pure_module_is_read():
    pure = TOOL.pure_modules()
    assert {"onesystem.vocabulary.time", "onesystem.people.clusters"} <= pure
    assert not {"onesystem.people.store", "onesystem.people.models"} & pure
    assert not TOOL._whole(TOOL.ALSO) & pure  # a name that became pure goes
    assert len(TOOL.pure_files()) == len(pure) + len(TOOL.ALSO)


def test_the_linter_asks_for_them():
    assert "mypy $$(.venv/bin/python tools/pure_modules.py)" in (ROOT / "Makefile").read_text()
