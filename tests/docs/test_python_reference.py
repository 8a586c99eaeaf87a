"""What analysts may lean on in Python is told as it is, with examples that run."""

import doctest
import importlib.util
import inspect
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What needs a district's folder, figures too long for an example, or nothing to call.
_WITHOUT = {"District", "replications", "staggered", "synth"}


@cache
def reference():
    spec = importlib.util.spec_from_file_location("told", ROOT / "tools/python_reference.py")
    told = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(told)
    return told


def named():
    return [(module, what.__name__) for module, what in reference().public()]


def test_the_page_is_what_the_code_says():
    page = ROOT / "docs/reference/python.md"
    assert page.read_text(encoding="utf-8") == reference().text(), (
        "run tools/python_reference.py --write"
    )


@pytest.mark.parametrize(("module", "name"), named())
def test_each_name_says_what_it_is(module, name):
    said = inspect.getdoc(getattr(import_module(module), name))
    assert said, f"{module}.{name} has no docstring"
    assert not said.startswith(f"{name}("), f"{module}.{name} has the docstring that Python made"


@pytest.mark.parametrize(
    ("module", "name"),
    [each for each in named() if inspect.isfunction(getattr(import_module(each[0]), each[1]))],
)
def test_each_function_shows_an_example_that_runs(module, name):
    found = import_module(module)
    what = getattr(found, name)
    examples = doctest.DocTestFinder(recurse=False).find(what, name, globs=dict(vars(found)))
    runner = doctest.DocTestRunner(verbose=False)
    for each in examples:
        runner.run(each)
    assert runner.failures == 0
    assert runner.tries or name in _WITHOUT, f"{module}.{name} shows no example"
