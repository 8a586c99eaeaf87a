"""A store that has every migration is known by their names, without loading any of them."""

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from onesystem.web import migrating

pytestmark = pytest.mark.django_db


def test_a_store_that_has_all_misses_none():
    assert not migrating.missing()


def test_an_empty_store_misses_what_the_framework_would_load(monkeypatch):
    """By their names, they are the ones that it finds by loading them."""
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda _: {})
    loaded = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    assert len(loaded) > 50
    assert set(migrating.missing()) == loaded.keys()


def test_one_that_lacks_a_migration_is_brought_up(monkeypatch):
    """And only then is anything loaded."""
    asked = []
    monkeypatch.setattr("django.core.management.call_command", lambda *a, **_: asked.append(a))
    migrating.bring_up()
    assert not asked
    MigrationRecorder.Migration.objects.order_by("-id").first().delete()
    migrating.bring_up()
    assert asked == [("migrate",)]
