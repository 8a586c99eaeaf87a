"""The store brought up to the migrations that this version has."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec


def bring_up() -> None:
    """Apply what the store does not have yet.

    To load every migration and all that it says of the models takes a quarter of a second and
    twelve megabytes; so it is first asked by their names alone whether there is anything to apply.
    """
    if missing():
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)


def missing() -> list[tuple[str, str]]:
    """The migrations that the store does not note, each by its app and its name.

    The names of files are compared with the table `django_migrations`, as Django itself would
    find them (https://docs.djangoproject.com/en/5.2/topics/migrations/, read November 2026).
    """
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    noted = MigrationRecorder(connection).applied_migrations().keys()
    return [each for app in apps.get_app_configs() for each in _of(app.label) if each not in noted]


def _of(app: str) -> Iterator[tuple[str, str]]:
    """The migrations of an app, by its label and their names."""
    from django.db.migrations.loader import MigrationLoader

    package, _ = MigrationLoader.migrations_module(app)
    if package is None or find_spec(package) is None:
        return
    for module in pkgutil.iter_modules(import_module(package).__path__):
        if not module.ispkg and module.name[0] not in "_~":
            yield app, module.name
