"""The examples of the how-to run on a district with contacts of both stores."""

import re
import sqlite3
from pathlib import Path

import pytest
from django.db import connection
from stays import append, old, open_one, rows

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "analyse-contacts.md"


@pytest.mark.django_db(transaction=True)
def test_the_python_examples_run(district, monkeypatch, capsys):
    if connection.vendor != "sqlite":
        pytest.skip("the copy of the test's store is made with SQLite")
    append(rows(old(), open_one(), old("A2", service="gp", setting="general practice")))
    copy = sqlite3.connect(district.path / "store.sqlite3")
    connection.connection.backup(copy)
    copy.close()
    (district.path.parent / "norfolk").symlink_to(district.path)
    monkeypatch.chdir(district.path.parent)
    blocks = re.findall(r"```python\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)
    for block in blocks:
        exec(block, {})  # our own page
    said = capsys.readouterr().out
    assert len(blocks) == 3
    assert "'setting': 'ED', 'contacts': 2" in said
    assert "'name': 'Emergency department'" in said
    assert "{'contacts': 3}" in said
