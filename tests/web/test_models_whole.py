"""Models, migrations and the framework's own checks agree."""

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def test_the_framework_finds_nothing_wrong(joined_up):
    call_command("check", fail_level="WARNING")


def test_migrations_say_what_models_say(joined_up):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.fixture
def joined_up(district):
    """The rooms, introduced to each other."""
    from onesystem import wiring

    wiring.connect()
